"""A nameless index that only counts a few rows: what is drawn of the others, and when it stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend


def saved(start: int = 1, **columns: Any) -> Profile:
    """Return the profile of a frame that was written to a file with its index."""
    n_rows = len(next(iter(columns.values())))
    return profile_table(pa.table({"Unnamed: 0": range(start, start + n_rows), **columns}))


SALT = [1.5, 0.4, 2.2, 3.1, 0.9, 2.7]
POINT = [-0.9, -0.2, -1.4, -1.9, -0.6, -1.6]


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize(
    "columns",
    [
        {"salt": SALT, "freezing": POINT},
        {"salt": SALT, "freezing": POINT, "hours": [3, 9, 4, 8, 2, 7]},
        {"stadt": ["Ulm", "Bonn", "Kiel", "Jena", "Trier", "Hof"], "umsatz": SALT, "gewinn": POINT},
    ],
    ids=["two measures", "three measures", "named rows"],
)
def test_nothing_is_drawn_by_the_number_of_a_row(columns: dict[str, Any], start: int) -> None:
    profile = saved(start, **columns)
    assert profile.columns[0].identifier
    found = recommend(profile)
    assert found and not any("Unnamed: 0" in one.design.fields for one in found)


def test_two_measures_are_set_against_each_other() -> None:
    """A table of two measures was made to compare them, however close they are."""
    n = 17
    heat = [20.5 + 0.37 * i for i in range(n)]
    length = [81.0 + 0.92 * h + (i % 3) / 50 for i, h in enumerate(heat)]
    order = [(5 * i) % n for i in range(n)]
    profile = saved(heat=[heat[i] for i in order], length=[length[i] for i in order])
    first = recommend(profile)[0]
    assert first.design.mark == "point"
    assert [e.transform for e in first.design.encodings] == ["value", "value"]
    assert dict(first.terms)["copied"] == 0


def test_the_rows_of_a_histogram_for_each_group_are_no_steps_of_it() -> None:
    """Of each field, how often so many were counted: the numbers of the rows are not the steps."""
    seen = {"north": [9, 14, 7, 3, 1], "south": [4, 8, 12, 9, 5, 2]}
    rows = [(field, n, often) for field in seen for n, often in enumerate(seen[field])]
    fields, counts, often = zip(*rows, strict=True)
    found = recommend(saved(field=fields, count=counts, freq=often))
    assert any({"field", "count", "freq"} == set(one.design.fields) for one in found[:3])


@pytest.mark.parametrize("names", [("a", "b"), ("loss", "val_loss")])
def test_curves_run_along_the_index(names: tuple[str, str]) -> None:
    rng = np.random.default_rng(6)
    walks = np.cumsum(rng.normal(size=(2, 60)), axis=1)
    profile = saved(**dict(zip(names, walks, strict=True)))
    assert profile.columns[0].semantic == "sequence"
    first = recommend(profile)[0].design
    assert first.mark == "line" and "Unnamed: 0" in first.fields


def test_one_measure_and_years_and_squares_keep_the_index() -> None:
    assert not saved(salt=SALT).columns[0].identifier
    years = saved(start=1998, salt=SALT, freezing=POINT)
    assert years.columns[0].semantic == "year"
    moves = saved(**{str(i): [i * j % 7 + 1 for j in range(6)] for i in range(1, 7)})
    assert not moves.columns[0].identifier
