"""One table through every door is the same Table."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import warnings
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import erp_widget as erp
from erp_widget.errors import InputError, SourceError
from erp_widget.sources import Table, open_table
from erp_widget.sources.frames import read_frame
from erp_widget.sources.sampling import spread_positions

ROWS: list[dict[str, Any]] = [
    {"city": "Rome", "price": 3.5, "units": 4, "open": True, "day": dt.datetime(2024, 1, 5)},
    {"city": "Oslo", "price": None, "units": 7, "open": False, "day": dt.datetime(2024, 2, 6)},
    {"city": None, "price": 1e6, "units": 0, "open": True, "day": None},
    {"city": "Rome, north", "price": -0.25, "units": 12, "open": False, "day": None},
]  # fmt: skip
COLUMNS = ("city", "price", "units", "open", "day")
TYPES = {
    "city": pa.string(),
    "price": pa.float64(),
    "units": pa.int64(),
    "open": pa.bool_(),
    "day": pa.timestamp("us"),
}


def columns() -> dict[str, list[Any]]:
    return {name: [row[name] for row in ROWS] for name in COLUMNS}


def arrow() -> pa.Table:
    return pa.table(columns(), schema=pa.schema(list(TYPES.items())))


IN_MEMORY = {
    "pandas": lambda: pd.DataFrame(columns()),
    "pandas on Arrow": lambda: arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "pandas, nullable": lambda: pd.DataFrame(columns()).convert_dtypes(),
    "polars": lambda: pl.DataFrame(columns()),
    "polars, lazy": lambda: pl.DataFrame(columns()).lazy(),
    "Arrow": arrow,
    "Arrow, one batch": lambda: arrow().to_batches()[0],
    "Arrow, a stream": lambda: Streamed(arrow()),
    "DuckDB": lambda: duckdb.from_arrow(arrow()),
    "columns": columns,
    "columns of arrays": lambda: {n: pa.array(v, TYPES[n]) for n, v in columns().items()},
    "columns of series": lambda: {n: pd.Series(v) for n, v in columns().items()},
    "records": lambda: ROWS,
}


class Streamed:
    """Any object that speaks Arrow's C stream interface."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def check(table: Any) -> None:
    """The table holds the rows, typed."""
    assert table.columns == COLUMNS
    assert table.n_rows == len(ROWS)
    assert table.left_out == ()
    sample = table.sample()
    assert {field.name: field.type for field in sample.schema} == TYPES
    assert sample.to_pylist() == ROWS


@pytest.mark.parametrize("door", IN_MEMORY)
def test_in_memory(door: str) -> None:
    check(open_table(IN_MEMORY[door]()))


def text(separator: str) -> str:
    def cell(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            return f"{value:%Y-%m-%d}"
        said = str(value).lower() if isinstance(value, bool) else str(value)
        return f'"{said}"' if separator in said else said

    lines = [separator.join(COLUMNS)]
    lines += [separator.join(cell(row[name]) for name in COLUMNS) for row in ROWS]
    return "\n".join(lines) + "\n"


def records() -> list[dict[str, Any]]:
    return [row | {"day": row["day"] and f"{row['day']:%Y-%m-%d}"} for row in ROWS]


def write(folder: Path, name: str) -> Path:
    """Write the rows in the format of a file's name."""
    path = folder / name
    kind = name.split(".")[1]
    if kind == "parquet":
        pq.write_table(arrow(), path)
        content = path.read_bytes()
    else:
        content = {
            "csv": lambda: text(","),
            "tsv": lambda: text("\t"),
            "json": lambda: json.dumps(records()),
            "jsonl": lambda: "\n".join(json.dumps(record) for record in records()),
        }[kind]().encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.mark.parametrize("n_files", [1, 2])
def test_columns_of_parquet_with_one_name_get_names_of_their_own(
    tmp_path: Path, n_files: int
) -> None:
    columns = [pa.array([1, 2]), pa.array(["p", "q"]), pa.array([3, 4])]
    for at in range(n_files):
        pq.write_table(pa.table(columns, ["n", "g", "n"]), tmp_path / f"{at}.parquet")
    table = open_table(str(tmp_path / "*.parquet") if n_files > 1 else tmp_path / "0.parquet")
    assert table.sample().to_pydict() == {
        "n": [1, 2] * n_files,
        "g": ["p", "q"] * n_files,
        "n.1": [3, 4] * n_files,
    }
    assert table.notes == ("the second column called 'n' is shown as 'n.1'",)


@pytest.mark.parametrize("zipped", ["", ".gz"])
@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "jsonl", "parquet"])
def test_files(tmp_path: Path, kind: str, zipped: str) -> None:
    path = write(tmp_path, f"sales.{kind}{zipped}")
    table = open_table(path)
    check(table)
    assert table.name == "sales"
    check(open_table(str(path)))
    assert open_table(path, "last year").name == "last year"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("a;b\n1,5;x\n2,5;y\n", {"a": [1.5, 2.5], "b": ["x", "y"]}),
        ("\ufeffa,b\n1,x\n2,y\n", {"a": [1, 2], "b": ["x", "y"]}),
        ("a,a\n1,2\n3,4\n", {"a": [1, 3], "a.1": [2, 4]}),
        ("a,A\n1,2\n3,4\n", {"a": [1, 3], "A": [2, 4]}),
        ("a,b\n1,2\n3\n5,6\n", {"a": [1, 3, 5], "b": [2, None, 6]}),
        ("a,b\nNA,x\n2,N/A\n", {"a": [None, 2], "b": ["x", None]}),
        ("zip,n\n007,1\n010,2\n", {"zip": ["007", "010"], "n": [1, 2]}),
        (
            "at,n\n2024-03-30T00:15:00+01:00,1\n2024-06-30T00:15:00+02:00,2\n",
            {"at": [dt.datetime(2024, 3, 30, 0, 15), dt.datetime(2024, 6, 30, 0, 15)], "n": [1, 2]},
        ),
        (
            "at,n\n2024-03-30T00:15:00Z,1\n2024-06-30T00:15:00Z,2\n",
            {"at": [dt.datetime(2024, 3, 30, 0, 15), dt.datetime(2024, 6, 30, 0, 15)], "n": [1, 2]},
        ),
        (
            "a;b\n14.03.24;1\n02.12.23;2\n",
            {"a": [dt.datetime(2024, 3, 14), dt.datetime(2023, 12, 2)], "b": [1, 2]},
        ),
        ('a,b\n"line\nbreak",1\nx,2\n', {"a": ["line\nbreak", "x"], "b": [1, 2]}),
    ],
)
def test_csv_as_people_write_it(tmp_path: Path, content: str, wanted: dict[str, Any]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    assert open_table(path).sample().to_pydict() == wanted


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Stadt,Größe\nKöln,3\nZürich,4\n", encoding=encoding)
    assert open_table(path).sample().to_pydict() == {
        "Stadt": ["Köln", "Zürich"],
        "Größe": [3, 4],
    }


@pytest.mark.parametrize(
    "content",
    [
        [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],
        {"a": [1, 2], "b": ["x", "y"]},
        {"data": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]},
        {"count": 2, "next": None, "errors": [], "data": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]},
        {"a": {"0": 1, "1": 2}, "b": {"1": "y", "0": "x"}},
    ],
    ids=["records", "columns", "one key", "among others", "columns of rows"],
)
def test_json_in_any_shape(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(content))
    assert open_table(path).sample().to_pydict() == {"a": [1, 2], "b": ["x", "y"]}


def test_records_in_records_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    rows = [{"id": 1, "at": {"city": "Rome", "place": {"lat": 41.9}}}, {"id": 2, "at": None}]
    path.write_text(json.dumps(rows))
    assert open_table(path).sample().to_pydict() == {
        "id": [1, 2],
        "at.city": ["Rome", None],
        "at.place.lat": [41.9, None],
    }


def test_a_late_odd_cell_does_not_sink_a_column(tmp_path: Path) -> None:
    lines = ["n,m", *(f"{n},{n}" for n in range(30_000)), "odd,7"]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines))
    table = open_table(path)
    assert table.n_rows == 30_001
    assert "m" in table.columns
    assert table.sample().column("m").type == pa.int64()


@pytest.mark.parametrize("early", [None, "1"])
def test_numbers_in_text_may_get_fractions_or_begin_late(early: str | None, tmp_path: Path) -> None:
    # More rows than are read at once.
    texts = pa.table({"n": pa.array([early] * 2**16 + ["1", "2.5"] * 2**13)})
    pq.write_table(texts, tmp_path / "t.parquet")
    for data in (texts, tmp_path / "t.parquet"):
        assert open_table(data).extent("n")[:2] == (1.0, 2.5)


def test_times_keep_the_clock_of_their_zone() -> None:
    stamps = pd.to_datetime(["2024-07-01 23:30", "2024-12-31 00:15"]).tz_localize("Asia/Kolkata")
    sample = open_table(pd.DataFrame({"when": stamps})).sample()
    assert sample.column("when").to_pylist() == [
        dt.datetime(2024, 7, 1, 23, 30),
        dt.datetime(2024, 12, 31, 0, 15),
    ]


def test_infinities_are_no_values_and_the_frame_stays_as_it_was() -> None:
    frame = pd.DataFrame({"n": [np.inf, 1.0, -np.inf, np.nan]})
    before = frame.copy()
    assert open_table(frame).sample().column("n").to_pylist() == [None, 1.0, None, None]
    pd.testing.assert_frame_equal(frame, before)


def test_numbers_without_end_are_no_values_wherever_the_rows_are() -> None:
    numbers = pa.table({"n": [1e308, 1.5, -1e305, 2.5]})
    for data in (numbers, numbers.to_pandas(), duckdb.from_arrow(numbers)):
        table = open_table(data)
        assert table.sample().column("n").to_pylist() == [None, 1.5, None, 2.5]
        assert table.extent("n")[:2] == (1.5, 2.5)
        kept = table.relation.rows(["c0"])
        assert [row["c0"] for row in kept] == [None, 1.5, None, 2.5]


def test_charts_of_numbers_without_end_tell_none_of_them() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gallery = erp.recommend({"v": [1e308, 5.0, -1e308, 7.5] * 9, "g": list("abcd") * 9})
        for chart in gallery:
            assert "None" not in chart.description
            assert "NaN" not in chart.to_svg()


def test_a_calendars_span_is_told_in_days_as_a_duration_is() -> None:
    spans = duckdb.sql(
        "SELECT to_minutes(5 + i) + to_months(i % 2) AS took, i AS n FROM range(40) t(i)"
    )
    days = [(5 + n) / 1_440 + n % 2 * 30 for n in range(40)]
    for data in (spans, spans.to_arrow_table(), spans.df()):
        table = open_table(data)
        assert table.sample().column("took").to_pylist() == pytest.approx(days)
        assert [row["c0"] for row in table.relation.rows(["c0"])] == pytest.approx(days)
        assert table.casts[0].unit == "days"
        assert "Read as days: took." in erp.recommend(data).notes


def test_an_index_that_says_something_is_a_column() -> None:
    days = pd.date_range("2024-01-01", periods=3, name="day")
    assert open_table(pd.DataFrame({"n": [1, 2, 3]}, index=days)).columns == ("day", "n")
    assert open_table(pd.DataFrame({"n": [1, 2, 3]}, index=[7, 8, 9])).columns == ("n",)


def test_a_sample_is_spread_and_repeatable() -> None:
    n = 25_000
    table = open_table({"n": np.arange(n)})
    sample = table.sample().column("n").to_pylist()
    assert len(sample) == 10_000
    assert sample == sorted(set(sample))
    assert sample == open_table({"n": np.arange(n)}).sample().column("n").to_pylist()
    gaps = np.diff(spread_positions(n, 10_000))
    assert gaps.max() < 6
    assert len(set(gaps)) > 1, "a fixed step would meet only one weekday"


def test_a_fingerprint_is_not_of_what_stands_in_the_place_of_a_missing_value() -> None:
    """Arrow leaves there what was in memory before."""

    def table(left_over: float, third: float | None = None) -> Table:
        memory = np.array([1.5, left_over, 2.5 if third is None else third])
        buffers = [pa.py_buffer(bytes([0b101])), pa.py_buffer(memory)]
        numbers = pa.Array.from_buffers(pa.float64(), 3, buffers)
        assert numbers.null_count == 1
        return open_table(pa.table({"name": ["a", "b", "c"], "n": numbers}))

    assert table(7.0).fingerprint == table(-3.25).fingerprint
    assert table(7.0).fingerprint != table(7.0, third=4.0).fingerprint
    moved = open_table(pa.table({"name": ["a", "b", "c"], "n": [None, 1.5, 2.5]}))
    assert table(7.0).fingerprint != moved.fingerprint


def test_a_fingerprint_is_of_the_content() -> None:
    first = open_table(columns()).fingerprint
    assert first == open_table(pl.DataFrame(columns())).fingerprint
    changed = columns()
    changed["units"][0] = 5
    assert first != open_table(changed).fingerprint


def test_a_stored_dataset_is_read_from_the_store_it_is_in(tmp_path: Path) -> None:
    from erp_widget.library.uploads import upload

    path = write(tmp_path, "sales.csv")
    elsewhere = tmp_path / "elsewhere.sqlite3"
    dataset = upload(path, store=elsewhere)
    path.unlink()
    check(open_table(dataset, store=elsewhere))


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "frame.pkl"
    pd.DataFrame(columns()).to_pickle(path)
    with pytest.raises(SourceError, match="save it as one of csv"):
        open_table(path)
    path.rename(tmp_path / "frame.parquet")
    with pytest.raises(SourceError, match="complete"):
        open_table(tmp_path / "frame.parquet")


@pytest.mark.parametrize("data", [object(), {1, 2}, "", pl.Series("n", [[1]]).dtype])
def test_no_table(data: Any) -> None:
    with pytest.raises(InputError) as caught:
        open_table(data)
    assert len(str(caught.value).splitlines()) == 1


def test_what_is_written_into_a_frame_later_changes_no_chart() -> None:
    frame = pd.DataFrame({"a": np.arange(20_000.0), "b": np.arange(20_000)})
    table = open_table(frame)
    assert table.is_settled
    frame.loc[:, ["a", "b"]] = 7
    frame.iloc[5, 0] = -1e9
    assert (table.extent("a"), table.extent("b")) == ((0, 19_999, False), (0, 19_999, True))
    assert not open_table({"a": np.arange(20_000)}).is_settled
    few = np.arange(5)
    copied = open_table({"a": few})
    assert copied.is_settled, "its sample has all rows"
    few[:] = 7
    assert copied.extent("a") == (0, 4, True)


@pytest.mark.parametrize("group_rows", [2_000, 20])
def test_a_sample_of_a_large_file_reads_a_little_of_all_its_parts(
    group_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from erp_widget.sources import rows

    for name, value in {"ROWS": 1_000, "GROUPS": 4, "STARTS": 4_000}.items():
        monkeypatch.setattr(rows, f"MAX_SCANNED_{name}", value)
    table = pa.table({"n": range(40_000)})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=group_rows)
    file = rows.ParquetRows(tmp_path / "t.parquet")
    read: list[int] = []
    start = file._start
    monkeypatch.setattr(file, "_start", lambda *a: (read.append(a[1]), start(*a))[1])
    sample = file.sample(500).column("n").to_pylist()
    assert len(sample) == 500
    assert sample == sorted(set(sample))
    assert (min(sample) < 10_000, max(sample) > 30_000) == (True, True)
    assert sum(read) <= 4_000
    assert file.sample(500).column("n").to_pylist() == sample


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_a_frame_are_read_from_its_memory(unit: str) -> None:
    times = pd.Series(pd.date_range("2020-02-28", periods=6, freq="D", unit=unit))
    frame = pd.DataFrame({"when": times, "gaps": times.where(times.index != 2)})
    for name, column in zip(frame, read_frame(frame).rows.table.columns, strict=True):
        assert column.equals(pa.chunked_array([pa.array(frame[name], from_pandas=True)]))
        assert column.chunk(0).buffers()[1].address == frame[name].to_numpy().ctypes.data
