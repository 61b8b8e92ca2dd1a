"""Made-up tables hold the relations that were planted, and the mess that real tables have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.training.synthetic import DOMAINS, PLANTS, SyntheticTable, make_table

N_TABLES = 150
N_ROWS = 500
#: What real tables carry and no chart should be about, beside what a domain has.
DECOYS = r"id|source|name|zip|flag|latitude|longitude|year|date|var_\d+"

MEASURES = {name for names, _, _ in DOMAINS.values() for name in names}

Floats = npt.NDArray[np.float64]


def _explained(parts: list[Floats], measure: Floats) -> float:
    """Share of a measure's variance that least squares on the parts explains."""
    design = np.column_stack([np.ones(len(measure)), *parts])
    rest = measure - design @ np.linalg.lstsq(design, measure, rcond=None)[0]
    return float(1 - rest.var() / measure.var())


def _indicators(labels: npt.NDArray[np.generic]) -> list[Floats]:
    return [(labels == label).astype(float) for label in np.unique(labels)[1:]]


def _slope(table: dict[str, Floats], before: Floats, after: Floats) -> float:
    return _explained([table["other"]], after) - _explained([table["other"]], before)


def _step(table: dict[str, Floats], before: Floats, after: Floats) -> float:
    groups = _indicators(table["group"])
    return _explained(groups, after) - _explained(groups, before)


def _wave(table: dict[str, Floats], before: Floats, after: Floats) -> float:
    place = table["place"]
    waves = [np.sin(2 * np.pi * place * turns) for turns in (1, 2, 3)]
    return _explained([place, *waves], after) - _explained([place, *waves], before)


def _slopes(table: dict[str, Floats], before: Floats, after: Floats) -> float:
    """What slopes by group add to one slope for all."""
    groups, other = _indicators(table["group"]), table["other"]
    apart = [group * other for group in groups]
    return _explained([*groups, other, *apart], after) - _explained([*groups, other], after)


Plant = Callable[..., tuple[Floats, tuple[str, ...]]]

#: Plant -> the columns it draws on, and how much more they explain than before.
FINDERS: dict[str, tuple[set[str], Callable[[dict[str, Floats], Floats, Floats], float]]] = {
    "_plant_correlation": ({"other"}, _slope),
    "_plant_group_difference": ({"group"}, _step),
    "_plant_trend": ({"time"}, _wave),
    "_plant_interaction": ({"group", "other"}, _slopes),
    "_plant_nothing": (set(), lambda table, before, after: float((before != after).mean())),
}


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.__name__ for plant in PLANTS])
def test_each_kind_of_relation_is_found_where_it_was_planted(plant: Plant) -> None:
    expected, finder = FINDERS[plant.__name__]
    found = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        place = np.sort(rng.random(N_ROWS))
        table = {
            "other": rng.normal(size=N_ROWS),
            "group": rng.choice(np.array(["a", "b", "c", "d"], dtype=object), N_ROWS),
            "place": place,
        }
        times = [datetime(2021, 1, 1) + timedelta(days=365 * float(at)) for at in place]
        before = rng.normal(size=N_ROWS)
        after, drawn_on = plant(
            rng,
            "measure",
            {"measure": before, "other": table["other"]},
            {"group": table["group"], "time": times},
        )
        assert set(drawn_on) == expected
        found.append(finder(table, before, after))
    if expected:
        # A slope near zero is drawn now and then; most relations are plain to see.
        assert np.median(found) > 0.3
        assert np.mean(np.array(found) > 0.05) >= 0.8
    else:
        assert not any(found)


def test_each_plant_has_a_finder() -> None:
    assert {plant.__name__ for plant in PLANTS} == set(FINDERS)


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.__name__ for plant in PLANTS])
def test_a_table_that_offers_nothing_is_left_alone(plant: Plant) -> None:
    before = np.arange(5.0)
    after, drawn_on = plant(np.random.default_rng(0), "measure", {"measure": before}, {})
    np.testing.assert_array_equal(after, before)
    assert drawn_on == ()


@cache
def _tables() -> list[SyntheticTable]:
    return [make_table(seed) for seed in range(N_TABLES)]


@cache
def _profiles() -> list[Profile]:
    tables = (made.table for made in _tables())
    return [profile_table(apply_casts(table, infer_casts(table))) for table in tables]


def _codes(made: SyntheticTable, name: str) -> npt.NDArray[np.int64]:
    """Return a column as at most five groups: its labels, or fifths of its numbers or times."""
    values = made.table.column(name).to_pandas()
    if values.dtype == object or values.nunique() <= 5:
        return np.asarray(values.factorize()[0])
    numbers = values.astype("int64") if values.dtype.kind == "M" else values
    return np.asarray((numbers.rank(pct=True) * 4.99).fillna(-1).astype(int))


def _depends(made: SyntheticTable, names: list[str], measure: str) -> bool:
    """Whether groups of rows differ in a measure more than in each of 49 shuffles of it."""
    joint = np.unique(np.stack([_codes(made, name) for name in names]), axis=1, return_inverse=True)
    groups = np.asarray(joint[1]).ravel()
    ranks = made.table.column(measure).to_pandas().rank().fillna(0.0).to_numpy()
    rng = np.random.default_rng(0)

    def between(values: Floats) -> float:
        sums = np.bincount(groups, values - values.mean())
        return float((sums**2 / np.maximum(np.bincount(groups), 1)).sum())

    return between(ranks) > max(between(rng.permutation(ranks)) for _ in range(49))


def _found(made: SyntheticTable, planted: frozenset[str]) -> bool:
    """Whether a measure of a planted set depends on the rest, together or one by one.

    Which of the measures was changed is not told. In a table of one row per group and time, all
    together tell the rows apart, and nothing is left to compare.
    """
    for measure in planted & MEASURES:
        rest = sorted(planted - {measure})
        if any(_depends(made, names, measure) for names in (rest, *([name] for name in rest))):
            return True
    return False


def test_most_planted_relations_survive_in_the_table() -> None:
    assert all(p <= set(made.table.column_names) for made in _tables() for p in made.planted)
    # A handful of rows shows a relation to the eye and proves nothing.
    large = [made for made in _tables() if made.table.num_rows >= 60]
    planted = [(made, names) for made in large for names in made.planted]
    assert len(planted) > 100
    assert np.mean([_found(made, names) for made, names in planted]) > 0.9
    # The same look at columns between which nothing was planted sees little.
    apart = [
        (made, frozenset({measure, decoy}))
        for made in large
        for measure in sorted(MEASURES & set(made.table.column_names))
        for decoy in ("zip", "flag", "latitude")
        if decoy in made.table.column_names
    ]
    assert len(apart) > 50
    assert np.mean([_found(made, names) for made, names in apart]) < 0.15


def test_names_come_from_one_domain() -> None:
    known = [
        "|".join((*measures, *groups, time, DECOYS)) for measures, groups, time in DOMAINS.values()
    ]
    seen: Counter[int] = Counter()
    for made in _tables():
        fits = [
            place
            for place, names in enumerate(known)
            if all(re.fullmatch(names, name) for name in made.table.column_names)
        ]
        assert fits, made.table.column_names
        seen.update(fits)
    assert set(seen) == set(range(len(DOMAINS)))


def test_tables_hold_what_real_ones_do() -> None:
    semantics = Counter(column.semantic for profile in _profiles() for column in profile.columns)
    assert {
        "measure", "category", "ordinal", "identifier", "year", "time", "constant", "latitude",
        "longitude", "sequence", "currency",
    } <= set(semantics)  # fmt: skip
    columns = [column for profile in _profiles() for column in profile.columns]
    assert any(0.02 < column.null_share < 0.6 for column in columns)
    names = Counter(name for made in _tables() for name in made.table.column_names)
    for decoy in ("id", "source", "name", "zip", "flag", "latitude", "longitude", "year", "var_0"):
        assert 0 < names[decoy] < N_TABLES / 2
    widths = [len(profile.columns) for profile in _profiles()]
    assert min(widths) <= 3
    assert max(widths) >= 25
    raw, tidy = (
        sum(bool(profile.keys) == keyed for profile in _profiles()) for keyed in (False, True)
    )
    assert raw > 20
    assert tidy > 20


def test_decoys_take_no_part_in_what_was_planted() -> None:
    decoys = {"id", "source", "name", "zip", "flag", "latitude", "longitude"}
    assert not any(decoys & planted for made in _tables() for planted in made.planted)


def test_the_same_seed_gives_the_same_table() -> None:
    for seed in range(20):
        again = make_table(seed)
        assert again.table.equals(_tables()[seed].table)
        assert again.planted == _tables()[seed].planted
    assert not make_table(1).table.equals(make_table(2).table)
