"""Numbers that count the rows are an axis where they are called so, or curves run along them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import profile_table
from vizmodel.profile.axes import run_on

RNG = np.random.default_rng(31)
N = 60
STEPS = np.arange(1, N + 1)
MIXED = RNG.normal(size=N)
CURVE = np.sin(STEPS / 9) + RNG.normal(0, 0.02, N)


def meaning(name: str, measure: np.ndarray, steps: np.ndarray = STEPS) -> str:
    return (
        profile_table(pa.table({name: steps, "measure": measure, "other": MIXED}))
        .column(name)
        .semantic
    )


@pytest.mark.parametrize(
    "name", ["age", "Age", "depth", "depth_cm", "dose", "distance", "week", "t"]
)
def test_names_of_axes(name: str) -> None:
    assert meaning(name, MIXED) == "sequence"


@pytest.mark.parametrize("name", ["rank", "id", "row", "no", "page", "image"])
def test_names_of_rows(name: str) -> None:
    assert meaning(name, CURVE) == "identifier"


def test_a_curve_tells_of_an_x() -> None:
    assert meaning("x", CURVE) == "sequence"
    order = RNG.permutation(N)
    assert meaning("x", CURVE[order], STEPS[order]) == "sequence"
    assert meaning("x", MIXED) == "identifier"
    assert meaning("x", np.sort(MIXED)) == "identifier"  # what a table is sorted by
    assert meaning("X", CURVE) == "identifier"  # what R calls an index


def test_years_of_old_are_years_where_they_are_called_so() -> None:
    deaths = {f"year{year}": RNG.integers(2, 90, N) for year in (1687, 1688, 1689, 1690)}
    fold = profile_table(pa.table({"age": STEPS, **deaths})).fold
    assert fold is not None
    assert (fold.key, fold.value, fold.kind) == ("year", "value", "integer")
    plots = {name.replace("year", "plot"): numbers for name, numbers in deaths.items()}
    fold = profile_table(pa.table({"age": STEPS, **plots})).fold
    assert fold is None or fold.key != "year"


@pytest.mark.parametrize(
    ("columns", "goes_on"),
    [
        ({"reading": CURVE}, True),
        ({"temp": np.cumsum(MIXED), "humidity": 50 + np.cumsum(RNG.normal(size=N))}, True),
        ({"pression": np.round(4 * CURVE)}, True),  # a coarse sensor comes back to its numbers
        ({"price": np.sort(MIXED)}, False),
        ({"mass": np.sort(MIXED) + 0.001 * (STEPS == 30), "period": CURVE}, False),
        ({"masse": -np.sort(MIXED)[[1, 0, *range(2, N)]], "dauer": MIXED}, False),
        ({"x": np.cumsum(MIXED), "y": CURVE}, False),  # a way, or an outline
        ({"Longitude": np.cumsum(MIXED), "Latitude": CURVE, "speed": MIXED}, False),
        ({"days": MIXED, "gdp": np.repeat(RNG.normal(size=10), 6)}, False),  # by year
    ],
    ids=str,
)
def test_rows_that_go_on_and_rows_that_were_sorted(
    columns: dict[str, np.ndarray], goes_on: bool
) -> None:
    assert run_on([np.asarray(one, dtype=float) for one in columns.values()], [*columns]) == goes_on
