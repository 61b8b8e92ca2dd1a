"""Tables with a row for each step of a scale: histograms worked out before, years, polls."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.grammar import violations
from vizmodel.grammar.steps import MAX_STEPS, are_steps
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

_RNG = np.random.default_rng(3)


def _counted(n: int) -> Profile:
    """Return how often each number of heads came, from none to n - 1."""
    heads = list(range(n))
    ways = [int(1_000 * np.exp(-(((2 * i - n) / n * 3) ** 2))) + i % 3 for i in heads]
    return profile_table(pa.table({"heads": heads, "ways": ways}))


def _broken(chart: str, profile: Profile) -> tuple[str, ...]:
    return violations(design_of(chart, profile), profile)


@pytest.mark.parametrize(
    ("numbers", "steps"),
    [
        ([609.5 + 1_199 * i for i in range(10)], True),  # middles of bins
        (list(range(1928, 2004)), True),
        ([1, 2, 3, 5, 6, 8, 9, 10], True),  # few are left out
        ([1, 2, 4, 8, 16, 32, 64, 128], False),
        ([0.5, 1.0, 1.5, 1.5, 2.0], False),  # one comes again
        ([3.5, 0.2, 9.1, 4.0], False),
        ([512, 601], False),  # two are always even
        (["a", "b", "c"], False),
    ],
)
def test_steps_follow_each_other_evenly(numbers: list[object], steps: bool) -> None:
    (column,) = profile_table(pa.table({"at": numbers})).columns
    assert are_steps(column) is steps


@pytest.mark.parametrize("n", [12, 41, 53])
def test_a_histogram_worked_out_before_is_among_the_first_two(n: int) -> None:
    found = [one.design for one in recommend(_counted(n), 2)]
    (bars,) = (design for design in found if design.mark == "bar")
    assert bars.fields == ("heads", "ways")
    assert not bars.summarised
    assert not bars.style.horizontal


@pytest.mark.parametrize(
    ("numbers", "ordered"),
    [
        ([412, 130, 877, 655, 301, 540, 298, 719], False),  # visitors of eight days
        ([14.5, 15.1, 15.1, 13.9, 16.2, 14.8, 15.3, 15.0], False),  # what was measured
        ([3, 1, 2, 5, 4, 6, 8, 7], True),  # few whole numbers are left out
        ([10, 40, 10, 40, 90, 10, 90, 40], True),  # each comes again
        ([0.1, 0.4, 1.2, 1.9, 2.8, 4.1, 5.5, 7.3], True),  # the rows are in their order
        ([2.1, 3.8, 8.4], False),  # three may be so by chance
        ([2.0, 3.5, 5.0], True),  # and these are even
    ],
)
@pytest.mark.parametrize("along", ["value", "category"])
def test_lines_of_a_narrow_table_run_along_what_has_an_order(
    numbers: list[float], ordered: bool, along: str
) -> None:
    height = _RNG.normal(size=len(numbers)).round(3)
    profile = profile_table(pa.table({"height": height, "along": numbers}))
    assert ("line_has_order" not in _broken(f"line x=along:{along} y=height:value", profile)) == (
        ordered
    )


def test_a_line_runs_along_the_first_column_however_few_rows_are_in_its_order() -> None:
    profile = profile_table(pa.table({"at": [1961.2, 1988.7, 2018.9], "share": [0.3, 0.5, 0.4]}))
    assert not _broken("line x=at:value y=share:value", profile)
    assert "line_has_order" in _broken("line x=share:value y=at:value", profile)


@pytest.mark.parametrize(("n", "boxes"), [(12, True), (9, False)])
def test_boxes_of_a_narrow_table_are_of_four_rows_at_least(n: int, boxes: bool) -> None:
    sizes = _RNG.normal(size=n)
    profile = profile_table(pa.table({"kind": [f"k{i % 3}" for i in range(n)], "size": sizes}))
    broken = _broken("boxplot x=kind:category y=size:value", profile)
    assert ("box_has_rows" not in broken) == boxes


def test_there_are_not_more_steps_than_bars_can_be_seen() -> None:
    bars = "bar x=heads:category y=ways:value"
    assert not _broken(bars, _counted(MAX_STEPS))
    assert "axis_has_room" in _broken(bars, _counted(MAX_STEPS + 1))


def test_bars_stand_over_middles_of_bins_and_not_over_measurements() -> None:
    n, counts = 20, [70, *[1] * 19]
    middles = pa.table({"at": [2.25 + 0.5 * i for i in range(n)], "count": counts})
    measured = pa.table({"at": np.sort(_RNG.lognormal(2, 1, n)), "count": counts})
    bars = "bar x=at:category y=count:value"
    assert not _broken(bars, profile_table(middles))
    assert "rows_are_told_apart" in _broken(bars, profile_table(measured))
    wide = middles.append_column("depth", [_RNG.uniform(1, 9, n)])
    wide = wide.append_column("weight", [_RNG.uniform(1, 9, n)])
    assert "rows_are_told_apart" in _broken(bars, profile_table(wide))


def test_cells_hold_a_row_for_each_state_and_a_column_for_each_of_many_years() -> None:
    rows = list(product([f"state {i}" for i in range(50)], range(1928, 2004)))
    table = pa.table(
        {
            "state": [state for state, _ in rows],
            "year": [year for _, year in rows],
            "cases": _RNG.lognormal(3, 1, len(rows)),
        }
    )
    found = [one.design for one in recommend(profile_table(table), 5)]
    assert any(d.mark == "rect" and set(d.fields) == {"state", "year", "cases"} for d in found)


@pytest.mark.parametrize(("n_again", "legal"), [(12, True), (60, False)])
def test_a_line_of_polls_goes_on_where_two_are_of_one_day(n_again: int, legal: bool) -> None:
    steps = np.cumsum(_RNG.integers(1, 30, 120 - n_again)).tolist()
    days = sorted(steps + steps[:n_again])
    table = pa.table(
        {
            "date": [datetime(2016, 6, 25) + timedelta(days=day) for day in days],
            "yes": _RNG.normal(48, 3, 120),
        }
    )
    found = _broken("line x=date:value y=yes:value", profile_table(table))
    assert ("rows_are_told_apart" not in found) is legal


def test_counts_of_towns_are_no_steps_however_they_follow_each_other() -> None:
    profile = profile_table(pa.table({"city": ["Rome", "Oslo"] * 9, "n": range(18)}))
    assert len(recommend(profile)) > 3


def _four(name: str, rows: int) -> Profile:
    groups = [f"{'ABCDEFGHIJKL'[i % 12]} town" for i in range(rows)]
    columns = {
        "town": groups,
        "year": [2000 + i // 12 for i in range(rows)],
        "order_id": [f"Z-{i:05d}" for i in range(rows)],
        "sold": _RNG.lognormal(3, 1, rows),
        "cost": _RNG.lognormal(3, 1, rows),
    }
    named = {"keyed": ("town", "year"), "numbered": ("order_id", "town")}[name]
    return profile_table(pa.table({n: columns[n] for n in (*named, "sold", "cost")}))


def test_charts_of_four_columns_may_show_many_groups_where_groups_name_the_rows() -> None:
    assert _four("keyed", 120).roomy
    assert not _four("keyed", 120).shaped
    assert not _four("numbered", 120).roomy
