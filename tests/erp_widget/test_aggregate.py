"""The rows of each kind of chart equal what pandas computes on its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_charts import chart_of, design_of, rows_of
from msgspec.structs import replace

import erp_widget as erp
from erp_widget.aggregate import rows
from erp_widget.aggregate.bins import log_bins, nice_bins
from erp_widget.aggregate.gaps import with_zeros
from erp_widget.aggregate.plain import MAX_EXACT_ROWS, SAMPLED_ROWS
from erp_widget.aggregate.result import ChartRows
from erp_widget.sources import open_table
from vizmodel.design import Design, Encoding, Style

N = 600


@pytest.fixture(scope="module")
def sales() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    hours = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 3 * 365 * 24, N), "h")
    frame = pd.DataFrame(
        {
            "city": rng.choice(["Rome", "Oslo", "Lima"], N),
            "kind": rng.choice(["tea", "cake"], N),
            "when": hours,
            "price": rng.lognormal(2, 1, N),
            "units": rng.integers(1, 30, N),
            "paid": rng.random(N) < 0.7,
            "note": [f"note {i % 40}" for i in range(N)],
        }
    )
    frame.loc[rng.random(N) < 0.1, "price"] = None
    frame.loc[rng.random(N) < 0.05, "city"] = None
    return frame


def found(data: Any, mark: str, *encodings: str, keys: tuple[str, ...], value: str) -> dict:
    """Return what is drawn as {key or keys: value}."""
    records = rows_of(data, mark, *encodings).records
    by = {tuple(r[k] for k in keys) if len(keys) > 1 else r[keys[0]]: r[value] for r in records}
    assert len(by) == len(records), "each group is drawn once"
    return by


#: Of bars, for `found`.
BY_X: dict[str, Any] = {"keys": ("x",), "value": "y"}


def same(drawn: dict, wanted: dict) -> None:
    """Compare, with the six digits that the browser gets."""
    assert set(drawn) == set(wanted)
    for key, value in wanted.items():
        assert drawn[key] == pytest.approx(value, rel=1e-5), key


SUMMARIES = {
    "mean": lambda s: s.mean(),
    "median": lambda s: s.median(),
    "sum": lambda s: s.sum(),
    "min": lambda s: s.min(),
    "max": lambda s: s.max(),
    "distinct": lambda s: s.nunique(),
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_summaries(sales: pd.DataFrame, name: str) -> None:
    field = "note" if name == "distinct" else "price"
    drawn = found(sales, "bar", "x=category city", f"y={name} {field}", keys=("x",), value="y")
    groups = sales.groupby(sales["city"].fillna("(missing)"))[field]
    same(drawn, {city: SUMMARIES[name](values) for city, values in groups})


def test_records_are_counted_and_missing_labels_keep_their_place(sales: pd.DataFrame) -> None:
    drawn = found(sales, "bar", "x=category city", "y=count", keys=("x",), value="y")
    same(drawn, sales["city"].fillna("(missing)").value_counts().to_dict())
    assert sum(drawn.values()) == N


def test_two_keys(sales: pd.DataFrame) -> None:
    drawn = found(
        sales,
        "bar",
        "x=category city",
        "y=sum units",
        "color=category kind",
        keys=("x", "color"),
        value="y",
    )
    grouped = sales.fillna({"city": "(missing)"}).groupby(["city", "kind"])["units"].sum()
    same(drawn, grouped.to_dict())


def test_a_mean_of_flags_is_a_share(sales: pd.DataFrame) -> None:
    drawn = found(sales, "bar", "x=category kind", "y=mean paid", keys=("x",), value="y")
    same(drawn, sales.groupby("kind")["paid"].mean().to_dict())


UNITS = {
    "year": lambda t: t.dt.strftime("%Y-01-01"),
    "yearmonth": lambda t: t.dt.strftime("%Y-%m-01"),
    "yearmonthdate": lambda t: t.dt.strftime("%Y-%m-%d"),
    "quarter": lambda t: "Q" + t.dt.quarter.astype(str),
    "month": lambda t: t.dt.strftime("%b"),
    "day": lambda t: t.dt.strftime("%a"),
    "hours": lambda t: t.dt.hour,
}


@pytest.mark.parametrize("unit", UNITS)
def test_time_units(sales: pd.DataFrame, unit: str) -> None:
    drawn = found(sales, "line", f"x={unit} when", "y=count", keys=("x",), value="y")
    same(drawn, UNITS[unit](sales["when"]).value_counts().to_dict())


def test_days_on_which_nothing_was_counted_are_zeros_where_most_days_are_there() -> None:
    days = pd.to_datetime([f"2024-03-{day:02d}" for day in (1, 2, 2, 3, 5, 6, 9)])
    frame = pd.DataFrame({"when": days, "n": range(7)})
    drawn = found(frame, "line", "x=yearmonthdate when", "y=count", keys=("x",), value="y")
    assert list(drawn.values()) == [1, 2, 1, 0, 1, 1, 0, 0, 1]


def test_parts_of_a_cycle_keep_their_order(sales: pd.DataFrame) -> None:
    shown = rows_of(sales, "bar", "x=day when", "y=count")
    assert shown.orders["x"] == ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def test_bars_over_years_have_a_place_for_years_without_rows() -> None:
    dates = pd.to_datetime(["2019-05-01", "2019-06-01", "2022-05-01"])
    shown = rows_of(pd.DataFrame({"when": dates, "n": [1, 2, 3]}), "bar", "x=year when", "y=count")
    assert shown.records == [{"x": 2019, "y": 2}, {"x": 2022, "y": 1}]
    assert shown.orders["x"] == (2019, 2020, 2021, 2022)


def test_histogram(sales: pd.DataFrame) -> None:
    records = rows_of(sales, "bar", "x=bin price", "y=count").records
    price = sales["price"].dropna()
    edges = sorted({r["x"] for r in records} | {r["x2"] for r in records})
    for record in records:
        last = record["x2"] == edges[-1]
        inside = price[(price >= record["x"]) & ((price < record["x2"]) | last)]
        assert record["y"] == len(inside)
    assert sum(r["y"] for r in records) == len(price)


def test_heat_map_of_bins(sales: pd.DataFrame) -> None:
    records = rows_of(sales, "rect", "x=bin price", "y=bin units", "color=mean price").records
    for r in records:
        inside = sales[
            sales["price"].between(r["x"], r["x2"], inclusive="left")
            & sales["units"].between(r["y"], r["y2"], inclusive="left")
        ]
        assert r["rows"] == len(inside)
        assert r["color"] == pytest.approx(inside["price"].mean(), rel=1e-5)


@pytest.mark.parametrize(
    ("low", "high", "whole"),
    [(0, 97, False), (1, 12, True), (-3.7, 1e-3, False), (5, 5, True), (1e12, 1.5e12, True)],
)
def test_bins_are_round_and_cover_everything(low: float, high: float, whole: bool) -> None:
    bins = nice_bins(low, high, 24, 1.0 if whole else 0.0)
    assert bins.count <= 24
    assert bins.edge(0) <= low
    assert bins.edge(bins.count) >= high
    assert f"{bins.step:e}"[0] in "125"


@pytest.mark.parametrize(
    ("values", "width", "n_bins"),
    [
        # Half steps between whole numbers, which gaps among them made real, would be empty.
        ([*np.repeat(np.arange(1.0, 9.0), 30), None], 1, 8),
        (np.repeat(np.arange(-6, 7) / 10, 20), 0.1, 13),
        (np.repeat([17.5, 22, 27, 32, 37, 42], 40), 5, 6),
        (np.repeat(np.arange(2, 43, 3), 30), 3, 14),
        (np.repeat([0, 0.1, 0.15, 0.2, 0.3, 0.32, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8], 90), 0.1, 8),
        # Few rows.
        (np.linspace(1400, 3600, 16) ** 1.1, 2000, 4),
    ],
)
def test_bins_are_no_finer_than_the_data(values: Any, width: float, n_bins: int) -> None:
    records = rows_of(pd.DataFrame({"v": values}), "bar", "x=bin v", "y=count").records
    assert len(records) == n_bins  # none is empty
    assert all(r["x2"] - r["x"] == pytest.approx(width) for r in records)


def test_a_value_on_an_edge_is_in_the_bin_above() -> None:
    tenths = np.arange(100) / 10
    records = rows_of({"v": tenths}, "bar", "x=bin v", "y=count").records
    assert {r["y"] for r in records} == {10}


@pytest.mark.parametrize("chart", [("x=value n",), ("x=category g", "y=value n")])
@pytest.mark.parametrize("n_rows", [2, 7, 30_000])
def test_boxes_of_values_and_of_piles_are_the_same(
    chart: tuple[str, ...], n_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(n_rows)
    drawn = {
        "skewed": rng.lognormal(3, 1.5, n_rows),
        "zeros": np.floor(rng.lognormal(3, 3, n_rows)),
        "steps": rng.integers(0, 9, n_rows).astype(float),
        "huge": rng.uniform(-1, 1, n_rows) * 9.9e299,
    }
    for values in drawn.values():
        values[rng.random(n_rows) < 0.05] = np.nan
        frame = pd.DataFrame({"n": values, "g": np.resize(["a", "b", None], n_rows)})
        monkeypatch.undo()
        monkeypatch.setattr("erp_widget.sources.relation.LISTED_ROWS", 2_048)  # several pieces
        held = rows_of(frame, "boxplot", *chart)
        monkeypatch.setattr("erp_widget.aggregate.boxes.MAX_HELD_ROWS", 0)
        assert rows_of(frame, "boxplot", *chart) == held


def test_boxes_keep_to_the_memory_that_is_set(
    sales: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = ("boxplot", "x=category kind", "y=value price")
    table = open_table(sales)
    design = design_of(table, *chart)[0]
    held = rows(table, design)
    assert table.n_scans == 1
    monkeypatch.setattr("erp_widget.aggregate.boxes.memory_bytes", lambda: 64)
    assert rows(table, design) == held
    assert table.n_scans > 2


@pytest.mark.parametrize("column", ["price", "units"])
def test_box_plots(sales: pd.DataFrame, column: str) -> None:
    found = rows_of(sales, "boxplot", "x=category kind", f"y=value {column}")
    records = found.records
    assert {r["x"] for r in records} == {"tea", "cake"}
    # On its log axis a box of prices is as long as its logarithms are apart.
    there, back = (np.log, np.exp) if column == "price" else (pd.Series, float)
    for r in records:
        values = sales.loc[sales["kind"] == r["x"], column].dropna()
        q1, q3 = values.quantile(0.25), values.quantile(0.75)
        start, end = there(values).quantile(0.25), there(values).quantile(0.75)
        reach = 1.5 * (end - start)
        inside = values[values.between(back(start - reach), back(end + reach))]
        wanted = {
            "q1": q1,
            "median": values.median(),
            "q3": q3,
            "low": inside.min(),
            "high": inside.max(),
            "minimum": values.min(),
            "maximum": values.max(),
            "rows": len(values),
        }
        for part, value in wanted.items():
            assert r[part] == pytest.approx(value, rel=1e-5), part
        assert r.get("above", 0) + r.get("below", 0) == len(values) - len(inside)


@pytest.mark.parametrize("held", [True, False])
def test_no_whisker_ends_within_its_box(held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not held:
        monkeypatch.setattr("erp_widget.aggregate.boxes.MAX_HELD_ROWS", 0)
    rng = np.random.default_rng(8)
    # One of four countries is far smaller than the others.
    people = np.concatenate([rng.normal(size, 0.2, 6) for size in (9, 60, 67, 83)])
    (record,) = rows_of({"people": people}, "boxplot", "x=value people").records
    assert record["minimum"] < record["q1"] == record["low"] < record["high"]
    assert record["below"] == 6
    # Of two rows none is beyond, whatever the scale.
    sizes = np.concatenate([rng.lognormal(-4, 2, 40), [0.0002, 5.7]])
    frame = pd.DataFrame({"size": sizes, "kind": ["many"] * 40 + ["two"] * 2})
    assert design_of(open_table(frame), "boxplot", "x=category kind", "y=value size")[0].style.log
    found = rows_of(frame, "boxplot", "x=category kind", "y=value size").records
    two = next(record for record in found if record["x"] == "two")
    assert (two["low"], two["high"]) == (two["minimum"], two["maximum"]) == (0.0002, 5.7)
    assert two["low"] < two["q1"] < two["q3"] < two["high"]


def test_rows_as_they_are(sales: pd.DataFrame) -> None:
    shown = rows_of(sales, "point", "x=value units", "y=value price")
    present = sales.dropna(subset="price")
    assert len(shown.records) == shown.n_shown == len(present)
    assert [r["x"] for r in shown.records] == present["units"].tolist()
    np.testing.assert_allclose([r["y"] for r in shown.records], present["price"], rtol=1e-5)
    assert shown.note is not None
    assert f"not shown: {N - len(present)} of {N} rows without price" in str(shown.note)


def test_above_the_limit_a_sample_says_so() -> None:
    n = MAX_EXACT_ROWS + 1
    frame = pd.DataFrame({"a": np.arange(n) / 7, "b": np.arange(n) % 91 / 3})
    shown = rows_of(frame, "point", "x=value a", "y=value b")
    assert len(shown.records) == SAMPLED_ROWS
    assert shown.note == f"sample of 1,000 of the {n:,} rows, spread evenly over them"
    assert shown.records == rows_of(frame, "point", "x=value a", "y=value b").records
    exact = rows_of(frame[:-1], "point", "x=value a", "y=value b")
    assert len(exact.records) == MAX_EXACT_ROWS


def test_summaries_count_every_row_of_a_large_table() -> None:
    n = 60_000
    frame = pd.DataFrame({"group": np.arange(n) % 3, "value": np.arange(n, dtype=float)})
    drawn = found(frame, "bar", "x=category group", "y=sum value", keys=("x",), value="y")
    same(drawn, frame.groupby("group")["value"].sum().to_dict())


def test_too_many_values_keep_the_largest_and_say_so() -> None:
    frame = pd.DataFrame({"name": [f"n{i:03d}" for i in range(90) for _ in range(i + 1)]})
    shown = rows_of(frame, "point", "x=category name", "y=count")
    assert len(shown.records) == 60
    assert min(r.get("y") if isinstance(r.get("y"), int) else r["x"] for r in shown.records) == 31
    assert shown.note == "the 60 largest of 90 values of name"


def test_cells_have_a_column_for_each_of_many_years() -> None:
    frame = pd.DataFrame({"year": np.repeat(np.arange(1928, 2004), 2), "state": ["a", "b"] * 76})
    shown = rows_of(frame, "rect", "x=category year", "y=category state", "color=count")
    assert (len({record["x"] for record in shown.records}), shown.note) == (76, None)


@pytest.mark.parametrize("summary", ["count", "mean value", "median value"])
def test_the_others_of_more_groups_than_are_fetched_are_all_counted(summary: str) -> None:
    """No row is said to lack a value since its group is one of thousands."""
    n, n_groups = 60_000, 9_000
    frame = pd.DataFrame({"name": [f"n{i % n_groups}" for i in range(n)], "value": np.arange(n)})
    table = open_table(frame)
    design, _ = design_of(table, "bar", "y=category name", f"x={summary}")
    drawn = rows(table, replace(design, style=Style(top=20)))
    told = "the 20 largest of 9,000 values of name; the other 8,980 together"
    assert (drawn.note, drawn.n_shown) == (told, n)
    *_, others = drawn.records
    assert (others["y"], others["others"]) == ("other (8,980 more)", 8_980)
    ranked = frame.groupby("name")["value"].agg(summary.split(maxsplit=1)[0])
    largest = sorted(ranked.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    rest = frame[~frame["name"].isin([name for name, _ in largest])]["value"]
    assert others["x"] == pytest.approx(rest.agg(summary.split(maxsplit=1)[0]))


def test_labels_of_numbers_beyond_what_a_browser_tells_apart_are_texts() -> None:
    first = 900_719_925_474_099_301
    drawn = found({"id": [first, first + 1, 7]}, "bar", "x=category id", "y=count", **BY_X)
    assert set(drawn) == {str(first), str(first + 1), "7"}


def test_labels_of_times_within_a_minute_differ() -> None:
    times = pd.Timestamp("2024-05-01 10:00") + pd.to_timedelta([0, 30, 30.5], "s")
    drawn = found({"t": times}, "bar", "x=category t", "y=count", **BY_X)
    assert list(drawn) == [
        "2024-05-01 10:00",
        "2024-05-01 10:00:30",
        "2024-05-01 10:00:30.500000",
    ]


@pytest.mark.parametrize(
    "chart",
    [
        ("rect", "x=category kind", "y=category code", "color=count"),
        ("rect", "x=bin price", "y=category code", "color=sum price"),
        ("rect", "x=category kind", "y=category code", "color=mean price"),
        ("tick", "x=value price", "y=category code"),
    ],
    ids=str,
)
def test_codes_are_left_out_by_how_many_they_are_not_by_their_number(
    chart: tuple[str, ...],
) -> None:
    n_codes, shown = 140, 120  # an axis of numbers holds more than one of names
    codes = [1000 + i for i in range(n_codes) for _ in range(38 if i < shown else 10)]
    frame = pd.DataFrame({"code": codes, "kind": "a", "price": np.arange(len(codes)) % 7 + 1.0})
    drawn = rows_of(frame, *chart)
    assert drawn.note == "the 120 largest of 140 values of code"
    assert {record["y"] for record in drawn.records} == set(range(1000, 1000 + shown))


def test_groups_that_are_left_out_are_told() -> None:
    frame = pd.DataFrame({"step": np.arange(6_000) / 4, "n": 1})
    shown = rows_of(frame, "line", "x=value step", "y=sum n")
    assert len(shown.records) == 5_000
    assert shown.note == "only the first 5,000 groups are shown"


def test_numbers_and_missing_become_one_kind_of_label() -> None:
    frame = pd.DataFrame({"step": [1, 2, None, 10, 2, 1] * 5})
    shown = rows_of(frame, "bar", "x=category step", "y=count")
    assert {r["x"]: r["y"] for r in shown.records} == {"1": 10, "2": 10, "10": 5, "(missing)": 5}
    assert shown.orders["x"] == ("1", "2", "10", "(missing)")


def test_a_file_that_stays_on_disk_gives_the_same_rows(
    sales: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sales.parquet"
    sales.to_parquet(path)
    monkeypatch.setattr("erp_widget.sources.files.MAX_BYTES_IN_MEMORY", 80)
    assert type(open_table(path)._rows).__name__ == "ParquetRows"
    for chart in (
        ("bar", "x=category city", "y=mean price"),
        ("line", "x=yearmonth when", "y=count"),
        ("boxplot", "x=category kind", "y=value price"),
        ("bar", "x=bin price", "y=count"),
    ):
        assert rows_of(path, *chart).records == rows_of(sales, *chart).records


def test_a_histogram_of_decades_has_bins_of_equal_width_on_its_log_axis() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"n": rng.lognormal(5, 1.8, 2_000)})
    records = rows_of(frame, "bar", "x=bin n", "y=count").records
    widths = [np.log10(r["x2"] / r["x"]) for r in records]
    assert max(widths) == pytest.approx(min(widths), rel=1e-4) and len(records) > 12
    assert sum(r["y"] for r in records) == len(frame)
    zeros = rows_of(pd.concat([frame, pd.DataFrame({"n": [0.0]})]), "bar", "x=bin n", "y=count")
    assert sum(r["y"] for r in zeros.records) == len(frame) + 1
    assert zeros.note == "the first bin goes on down to 0"
    below = rows_of(pd.concat([frame, pd.DataFrame({"n": [-9.0]})]), "bar", "x=bin n", "y=count")
    assert len({round(r["x2"] - r["x"], 6) for r in below.records}) == 1


def test_bins_end_before_a_giant_and_the_last_one_holds_it() -> None:
    frame = pd.DataFrame({"n": [*np.random.default_rng(4).normal(50, 9, 900), 1e6]})
    found = rows_of(frame, "bar", "x=bin n", "y=count")
    assert len(found.records) > 8 and max(r["x2"] for r in found.records) < 120
    assert sum(r["y"] for r in found.records) == len(frame)
    assert found.note == "the last bin goes on up to 1,000,000"


@pytest.mark.parametrize("steps", [[], [1, 2, 3, 4, 5, 10**15]])
def test_no_step_is_added_far_from_all_others(steps: list[int]) -> None:
    line = Design(
        "line",
        (Encoding("x", "n", "value", "quantitative"), Encoding("y", None, "count", "quantitative")),
    )
    records = [{"x": step, "y": 1} for step in steps]
    assert with_zeros(ChartRows(records, len(steps)), line).records == records


def test_bins_of_the_largest_numbers_have_edges() -> None:
    bins = log_bins(1.0, 1e305, 24)
    assert 1e305 <= bins.edge(bins.count) < float("inf")


@pytest.mark.parametrize("low", [1e-310, 5e-324])
def test_bins_of_the_smallest_numbers_begin_above_zero(low: float) -> None:
    assert log_bins(low, 1.0, 10).edge(0) > 0
    frame = pd.DataFrame({"n": [0.0, low, *np.logspace(-200, 0, 60)]})
    found = rows_of(frame, "bar", "x=bin n", "y=count")
    assert found.note == "the first bin goes on down to 0"
    assert sum(r["y"] for r in found.records) == len(frame)


def test_a_few_far_values_do_not_put_all_others_into_two_bins() -> None:
    usual = np.random.default_rng(5).normal(0, 0.2, 120)
    records = rows_of({"n": [*usual, -1.5, 1.5]}, "bar", "x=bin n", "y=count").records
    # No finer than what so many values can tell, and none is left out.
    assert max(r["y"] for r in records) < 40 and sum(r["y"] for r in records) == 122
    assert {round(r["x2"] - r["x"], 9) for r in records} == {0.1}


def test_bins_of_one_value_each_are_around_it() -> None:
    size = np.repeat(np.arange(1, 9), 30)
    found = rows_of({"size": size}, "bar", "x=bin size", "y=count").records
    assert [(r["x"], r["x2"], r["x_only"]) for r in found][:2] == [(0.5, 1.5, 1), (1.5, 2.5, 2)]
    made = chart_of({"size": size, "n": size * 2.0}, "bar", "x=bin size", "y=mean n")
    assert "Highest: 8 (16); lowest: 1 (2)" in made.description
    axis = made.drawn["encoding"]["x"]["axis"]
    assert made.drawn["encoding"]["x"]["bin"] == "binned" and axis["tickMinStep"] == 1
    assert made.drawn["encoding"]["tooltip"][0]["field"] == "x_only"


def test_a_year_without_one_region_is_no_low() -> None:
    wide = pd.DataFrame({"region": list("ABCDEFGHI")})
    for year in range(2005, 2025):
        wide[str(year)] = [(i + 1) * 100.0 + year - 2005 for i in range(9)]
    wide.loc[8, "2011"] = None
    noted = [
        c
        for c in erp.recommend(wide, store=":memory:")
        if "of 8 values, the others of 9" in str(c.note)
    ]
    assert [c.mark for c in noted] == ["line"] * len(noted)
    assert noted
    assert not any("2011" in c.reason for c in noted)


def test_totals_below_zero_are_ordered_and_nothing_of_no_reason_is_left_out() -> None:
    reasons = ["late", "damaged", "too big", "too small"]
    costs = dict(zip(reasons, (-9.0, -40.0, -3.0, -20.0), strict=True))
    given = [reasons[n % 4] if n % 3 == 0 else None for n in range(240)]
    refunds = pd.DataFrame(
        {
            "reason": given,
            "refund": [costs[reason] - n % 2 if reason else 0.0 for n, reason in enumerate(given)],
        }
    )
    chart = chart_of(refunds, "bar", "x=category reason", "y=sum refund")
    assert chart.drawn["encoding"]["x"]["sort"] == ["too big", "late", "too small", "damaged"]
    assert "(missing)" not in {row["x"] for row in chart.drawn["data"]["values"]}
    assert "without reason" in str(chart.note)
