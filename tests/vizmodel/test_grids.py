"""Tables in which each combination of settings was tried out are seen in cells."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.candidates.grid_charts import grid_charts
from vizmodel.design import Design
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

RATES, SIZES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), (16, 32, 64, 128, 256)
OPTIMIZERS = ("adam", "sgd", "rmsprop")


def _tried(*factors: tuple[object, ...], names: tuple[str, ...], drop: int = 0) -> Profile:
    """Return the profile of a score of each combination of some factors, but for the last few."""
    rows = list(product(*factors))
    rows = rows[: len(rows) - drop]
    drawn = np.random.default_rng(3)
    table = dict(zip(names, zip(*rows, strict=True), strict=True))
    places = [[one.index(level) for one, level in zip(factors, row, strict=True)] for row in rows]
    score = [90 - (sum(place) - 4) ** 2 + drawn.normal() for place in places]
    return profile_table(pa.table({name: list(col) for name, col in table.items()} | {"f1": score}))


def _sweep() -> Profile:
    return _tried(OPTIMIZERS, RATES, SIZES, names=("optimizer", "learning_rate", "batch_size"))


def _cells(profile: Profile) -> list[Design]:
    return [design for design, _ in grid_charts(profile)]


def test_three_settings_are_cells_in_panels_of_what_has_no_order() -> None:
    profile = _sweep()
    (cells,) = _cells(profile)
    assert not violations(cells, profile)
    shown = {e.channel: e.field for e in cells.encodings}
    assert shown["column"] == "optimizer"
    assert {shown["x"], shown["y"]} == {"learning_rate", "batch_size"}
    assert cells in [one.design.upright() for one in recommend(profile)[:4]]


def test_two_settings_of_a_narrow_table_begin_with_their_cells() -> None:
    profile = _tried((0.1, 1.0, 10.0, 100.0), (0.001, 0.01, 0.1, 1.0), names=("C", "gamma"))
    first = recommend(profile)[0].design
    assert first.mark == "rect" and set(first.fields) == {"C", "gamma", "f1"}


@pytest.mark.parametrize(("factors", "names"), [
    ((("a", "b", "c"), ("x", "y", "z"), ("p", "q")), ("region", "product", "channel")),
    ((tuple(range(2010, 2020)), ("Rome", "Oslo", "Cairo")), ("year", "city")),
    (((1, 2), (3.5, 4.5)), ("depth", "eta")),  # no axis of three levels
])  # fmt: skip
def test_what_nobody_set_is_no_grid(
    factors: tuple[tuple[object, ...], ...], names: tuple[str, ...]
) -> None:
    assert not _cells(_tried(*factors, names=names))


@pytest.mark.parametrize(("drop", "n_charts"), [(0, 1), (5, 1), (12, 0)])
def test_most_combinations_are_there(drop: int, n_charts: int) -> None:
    factors = (("linear", "tree"), SIZES, (2, 4, 6, 8))
    profile = _tried(*factors, names=("model", "size", "layers"), drop=drop)
    assert len(_cells(profile)) == n_charts


def test_a_rate_that_was_set_is_a_level_of_a_design() -> None:
    """What is crossed with all else has no spread of its own, whatever it is called."""
    profile = _sweep()
    assert profile.column("learning_rate").semantic == "ordinal"
    told = [one.design for one in recommend(profile)]
    assert all("f1" in design.fields for design in told)


def test_what_takes_ten_times_as_long_is_not_the_size_of_its_input() -> None:
    """Times of sizes that lie far apart do not overlap, and are no copy of these sizes."""
    rows = list(product(("merge", "quick", "heap"), (1_000, 10_000, 100_000), (1, 2, 4, 8)))
    drawn = np.random.default_rng(5)
    table = {
        "method": [method for method, _, _ in rows],
        "n": [n for _, n, _ in rows],
        "threads": [threads for _, _, threads in rows],
        "seconds": [n / 1e4 * drawn.uniform(1, 3) for _, n, _ in rows],
    }
    profile = profile_table(pa.table(table))
    assert frozenset(("n", "seconds")) not in profile.copies


def test_along_sizes_that_grow_by_factors_runs_a_line_for_each_name() -> None:
    rng = np.random.default_rng(2)
    rows = [
        {"algorithm": name, "n": size, "input": how, "time_ms": size * rng.uniform(1, 2) / 900}
        for name in ("quick", "merge", "heap")
        for size in (1_000, 10_000, 100_000, 1_000_000)
        for how in ("random", "sorted")
    ]
    profile = profile_table(pa.Table.from_pylist(rows))
    drawn = {design.mark: worth for design, worth in grid_charts(profile)}
    assert drawn["line"] > drawn["rect"]
    assert all(not violations(design, profile) for design, _ in grid_charts(profile))
    first = recommend(profile, 1)[0].design
    assert first.mark == "line" and {"n", "algorithm", "time_ms"} <= set(first.fields)
