"""Each kind of chart is told by what it proposes, and counts as the best where nothing is known."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.vizmodel.raw_tables import profile_of
from vizmodel import candidates
from vizmodel.candidates.about import ABOUT
from vizmodel.candidates.kind import OPINIONS, ChartKind
from vizmodel.candidates.kinds import KINDS, charts_by_name
from vizmodel.design import Design
from vizmodel.grammar import violations
from vizmodel.profile import Profile
from vizmodel.ranking.borrowed import STEPS
from vizmodel.ranking.opinions import FORMS, Said, said_of
from vizmodel.tokens import make_design
from vizmodel.worth.taste import Opinions, no_opinions

RNG = np.random.default_rng(11)
DAYS = pd.date_range("2024-01-01", periods=60)
CLOSE = 90 + np.cumsum(RNG.normal(0, 1, 60))
YEARS = {str(year): RNG.gamma(9, 9, 12) for year in range(2010, 2018)}
BEGUN = [(month, age) for month in range(12) for age in range(12 - month)]
N = 240


def _levels(*names: str) -> list[str]:
    return RNG.choice(names, N).tolist()


#: Kind -> a table of it.
TABLES: dict[str, dict[str, Any]] = {
    "records": {
        "ordered": pd.date_range("2023-01-01", periods=N, freq="37h"),
        "country": _levels("Peru", "Mali", "Laos"),
        "channel": _levels("web", "shop"),
        "status": _levels("paid", "paid", "returned"),
        "revenue": RNG.lognormal(3, 1, N).round(2),
        "units": RNG.integers(1, 30, N),
    },
    "calendar": {
        "day": pd.date_range("2021-01-01", periods=1000),
        "warm": 9 * np.cos(np.arange(1000) / 58.1) + RNG.normal(0, 1, 1000),
    },
    "experiments": {
        "arm": ["drug", "placebo"] * 120,
        "ward": _levels("a", "b", "c"),
        "age": RNG.integers(20, 70, N),
        "pain": RNG.normal(9, 2, N) + np.tile([0, 3], 120),
    },
    "prices": {
        "day": DAYS,
        "open": CLOSE + 0.5,
        "high": CLOSE + 2,
        "low": CLOSE - 2,
        "close": CLOSE,
        "volume": RNG.integers(900, 9_000, 60),
    },
    "like columns": {"shop": list("abcdefghijkl"), **YEARS},
    "panels": {
        "run": np.repeat(["wide", "deep", "tiny"], 60),
        "epoch": np.tile(np.arange(1, 61), 3),
        "loss": np.tile(np.exp(-np.arange(60) / 9), 3) + RNG.normal(0, 0.01, 180),
        "seconds": RNG.normal(60, 2, 180),
    },
    "cohorts": {
        "begun": [DAYS[0] + pd.DateOffset(months=month) for month, _ in BEGUN],
        "age": [age for _, age in BEGUN],
        "left": [99 * 0.8**age for _, age in BEGUN],
    },
    "slices": {
        "town": np.repeat(["Rome", "Oslo", "Bern", "Graz"], 45),
        "sex": np.tile(np.repeat(["Total", "Men", "Women"], 15), 4),
        "year": np.tile(np.arange(2005, 2020), 12),
        "share": np.tile(np.repeat([40.0, 18.0, 22.0], 15), 4) + RNG.normal(0, 1, 180).round(2),
    },
    "maps": {
        "lat": RNG.normal(51.7, 0.02, N),
        "lon": RNG.normal(-1.2, 0.02, N),
        "species": _levels("oak", "ash", "lime"),
        "ward": _levels("a", "b", "c", "d"),
        "height": RNG.gamma(9, 2, N),
    },
    "embeddings": {
        "umap_1": RNG.normal(0, 1, N),
        "umap_2": RNG.normal(0, 1, N),
        "cell": _levels("T", "B", "NK"),
        "batch": _levels("a", "b"),
        "genes": RNG.integers(500, 4_000, N),
    },
    "leaders": {
        "town": [a + b for a in "BDFGKLM" for b in ("ona", "ellen", "erg", "orf", "u")],
        "people": sorted(n**3 for n in range(35)),
        **{name: RNG.normal(9, 2, 35) for name in ("rain", "rent", "noise", "green")},
    },
    "effects": {
        "gene": [f"G{n}" for n in range(N)],
        "log2FC": RNG.normal(0, 1, N),
        "neg_log10_p": RNG.gamma(2, 1, N),
        "baseMean": RNG.lognormal(5, 1, N),
    },
    "seasons": {
        "year": np.repeat([2021, 2022, 2023], 12),
        "month": [*range(1, 13)] * 3,
        "cases": RNG.integers(3, 90, 36),
    },
    "facing columns": {
        "actual": np.repeat(["cat", "dog", "fox"], 3),
        "predicted": ["cat", "dog", "fox"] * 3,
        "pictures": [81, 7, 5, 9, 77, 5, 3, 7, 90],
    },
}


@pytest.fixture(scope="module")
def tables() -> dict[str, Profile]:
    return {name: profile_of(pd.DataFrame(table)) for name, table in TABLES.items()}


def _made() -> list[ChartKind]:
    """Return all kinds that some module of candidates makes."""
    modules = [
        import_module(f"{candidates.__name__}.{m.name}") for m in iter_modules(candidates.__path__)
    ]
    return [
        one for module in modules for one in vars(module).values() if isinstance(one, ChartKind)
    ]


def test_all_kinds_are_listed_once() -> None:
    assert set(_made()) <= {*KINDS, ABOUT}
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_the_opinions_that_kinds_and_steps_name_exist() -> None:
    assert Said._fields == OPINIONS
    named = [kind.unknown_to for kind in (*KINDS, *FORMS)] + [opinions for opinions, _ in STEPS]
    assert all(set(opinions) <= set(OPINIONS) for opinions in named)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_proposes_charts_of_its_tables_and_tells_them(
    kind: ChartKind, tables: dict[str, Profile]
) -> None:
    assert any(
        not violations(design, tables[kind.name]) for design in kind.charts(tables[kind.name])
    )
    for table in tables.values():
        assert set(kind.charts(table)) <= set(charts_by_name(table))
        for design, worth in kind.proposed(table):
            assert kind.tells(design, table) > 0 or worth == 0


def _strips(table: Profile) -> list[Design]:
    """Return charts that no kind proposes."""
    numbers = [c.name for c in table.own_columns if c.kind == "number"]
    return [make_design("tick", table, ("x", name, "value")) for name in numbers]


def test_other_charts_are_of_no_kind(tables: dict[str, Profile]) -> None:
    for table in tables.values():
        for kind in KINDS:
            assert not any(kind.tells(strip, table) for strip in _strips(table))
            assert not any(kind.is_unknown(strip, table) for strip in _strips(table))


@pytest.mark.parametrize("name", ["prices", "cohorts", "experiments"])
def test_what_an_opinion_knows_nothing_of_counts_as_the_best(
    name: str, tables: dict[str, Profile]
) -> None:
    table, kind = tables[name], next(kind for kind in KINDS if kind.name == name)
    ours = [one for one in kind.charts(table) if not violations(one, table)]
    designs = [*_strips(table), *ours]
    least = np.where(np.arange(len(designs)) < len(designs) - len(ours), 1.0, -5.0)
    nothing = no_opinions(len(designs))
    heard = said_of(designs, least, Opinions(least, least, least, nothing.seen), table)
    for opinion, said in zip(OPINIONS, heard, strict=True):
        assert said[-len(ours) :].min() == (1.0 if opinion in kind.unknown_to else -5.0)
