"""Charts named before any is drawn are learned from as the search would draw them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vizmodel.profile import profile_table
from vizmodel.search.decoder import LocalDecoder
from vizmodel.tokens import PAD, decode
from vizmodel.training.corpus import read_table
from vizmodel.training.wanted import wanted_table
from vizmodel.training.wanted_examples import (
    chart_shares,
    is_watched,
    label_wanted,
    wanted_work,
    with_unfound,
)

#: A table that `wanted.jsonl` names; this one has made-up rows.
NAME = "raw/plotly_datasets/2952bcad_gapminder2007.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a table of lands."""
    rng = np.random.default_rng(1)
    n = 120
    income = rng.lognormal(8, 1, n).round(1)
    lands = pd.DataFrame(
        {
            "country": [f"land {i}" for i in range(n)],
            "pop": rng.lognormal(15, 1, n).round(),
            "continent": rng.choice(["Asia", "Africa", "Europe", "Oceania"], n),
            "lifeExp": (20 + 6 * np.log(income) + rng.normal(0, 2, n)).round(2),
            "gdpPercap": income,
        }
    )
    path = tmp_path_factory.mktemp("tables") / NAME
    path.parent.mkdir(parents=True)
    lands.to_csv(path, index=False)
    return path.parents[2]


def test_tables_that_are_found_are_work_and_those_watched_keep_their_form(folder: Path) -> None:
    ((root, name, seeds),) = wanted_work([folder / "nowhere", folder], 3)
    assert (root, name) == (str(folder), NAME)
    assert seeds == ([0] if is_watched(NAME) else [0, 1, 2])


def test_a_plain_example_draws_what_was_named(folder: Path) -> None:
    (example,) = label_wanted(str(folder), NAME, [0])
    assert (example.kind, example.family) == ("wanted", f"wanted {Path(NAME).name}")
    profile = profile_table(read_table(folder / NAME))
    designs = [decode([t for t in chart if t != PAD], profile) for chart in example.tokens.tolist()]
    named = {frozenset(design.fields) for design in designs}
    assert frozenset({"gdpPercap", "lifeExp", "continent"}) in named
    assert named <= {
        frozenset(columns)
        for columns in (
            ["gdpPercap", "lifeExp", "continent"],
            ["continent", "lifeExp"],
            ["continent", "gdpPercap"],
            ["lifeExp"],
            ["continent", "pop"],
            ["country", "lifeExp"],
            ["gdpPercap"],
        )
    }


def test_variants_are_harder_forms_with_the_same_kind_of_charts(folder: Path) -> None:
    examples = label_wanted(str(folder), NAME, range(8))
    assert len(examples) >= 6
    assert len({len(e.columns) for e in examples} | {e.tokens.tobytes() for e in examples}) > 4
    assert label_wanted(str(folder), NAME, [3])[0].tokens.tobytes() in {
        e.tokens.tobytes() for e in examples
    }


def test_charts_named_first_and_likelier_candidates_are_drawn_more_often() -> None:
    matches = np.array([[3, 0], [3, 0], [0, 2], [1, 1], [0, 0]])
    shares = chart_shares(matches, np.log(np.array([0.3, 0.1, 0.2, 0.2, 0.2])))
    np.testing.assert_allclose(shares, [[0.75, 0.25, 0, 0, 0], [0, 0, 0.85, 0, 0]])
    # Of a chart whose columns alone are found nothing is learned.
    assert not len(chart_shares(np.array([[1], [1]]), np.zeros(2)))


def test_what_no_candidate_is_of_is_asked_for(folder: Path) -> None:
    profile, decoder = profile_table(read_table(folder / NAME)), LocalDecoder()
    box = [["continent", "lifeExp"], "lifeExp", "box"]
    record = {"table": NAME, "outcomes": [], "wanted": [box, [["gdpPercap"], None, "histogram"]]}
    found = wanted_table(record, profile, decoder)
    assert found is not None
    others = [i for i, (d, _) in enumerate(found.candidates) if set(d.fields) != set(box[0])]
    assert 0 < len(others) < len(found.candidates)
    kept = [found.candidates[i] for i in others]
    without = replace(found, candidates=kept, matches=found.matches[others])
    more = with_unfound(without, record, decoder)
    assert more.candidates[: len(kept)] == kept
    assert {frozenset(d.fields) for d, _ in more.candidates[len(kept) :]} == {frozenset(box[0])}
    assert more.matches[: len(kept), 0].max() < 2 <= more.matches[len(kept) :, 0].min()
    assert with_unfound(found, record, decoder).candidates == found.candidates


def test_columns_that_are_gathered_are_learned_from_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, years = np.random.default_rng(2), [str(year) for year in range(2012, 2024)]
    lands = pd.DataFrame({"country": [f"land {i}" for i in range(9)]})
    rises = rng.normal(0, 2, (9, len(years))).cumsum(axis=1) + rng.uniform(40, 90, (9, 1))
    wide = lands.join(pd.DataFrame(rises.round(2), columns=years))
    wide.to_csv(tmp_path / "kinds.csv", index=False)
    profile = profile_table(read_table(tmp_path / "kinds.csv"))
    assert profile.fold is not None
    gathered = [column.name for column in profile.columns[-2:]]
    record = {"table": "kinds.csv", "outcomes": [], "wanted": [[gathered, gathered[1], "line"]]}
    monkeypatch.setattr("vizmodel.training.wanted_examples._records", lambda: {"kinds.csv": record})
    assert len(label_wanted(str(tmp_path), "kinds.csv", range(3))) == 3
