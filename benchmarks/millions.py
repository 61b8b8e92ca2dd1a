"""Owns what charts of many rows cost beside SQL that a person writes for the same charts."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

import erp_widget as erp
from benchmarks.figure import Figure
from benchmarks.memory import MADE
from benchmarks.tables import sales
from erp_widget.aggregate.bins import table_bins
from erp_widget.gallery.gallery import Gallery
from erp_widget.sources import Table
from erp_widget.sources.connection import thread_count
from vizmodel.design import Design, Encoding

N_ROWS, MOST_ROWS = 10_000_000, 100_000_000
REPEATS = 3
#: Disk and memory of the largest table.
NEEDED_BYTES, MEMORY = 8 * 10**9, "2 GB"
PART_ROWS = 10_000_000
#: What a person asks a connection.
Statement: TypeAlias = Callable[[duckdb.DuckDBPyConnection], None]


def figures() -> Iterator[Figure]:
    """Measure processor time; ours and the written SQL take turns in one process."""
    with tempfile.TemporaryDirectory() as folder:
        small = _made(Path(folder) / "small", N_ROWS)
        source = f"'{small}/*.parquet'"
        ten = yield from _beside(f"{N_ROWS:,} rows x 10, Parquet", f"{small}/*.parquet", source)
        frame = sales(N_ROWS)
        yield from _beside(f"{N_ROWS:,} rows x 10, pandas", frame, "frame", frame)
        del frame
        if shutil.disk_usage(folder).free < NEEDED_BYTES:
            yield Figure.missing(f"15 charts of {MOST_ROWS:,} rows", "no room on disk")
            return
        large = _made(Path(folder) / "large", MOST_ROWS)
        erp.configure(memory=MEMORY)
        try:
            spent, gallery = _ours(f"{large}/*.parquet")
        finally:
            erp.configure(memory=None)
        ratio = spent / ten / (MOST_ROWS / N_ROWS)
        what = f"15 charts of {MOST_ROWS:,} rows x 10, Parquet, at most {MEMORY} for queries"
        yield Figure(what, f"{spent:.1f} CPU-s, {_table(gallery).n_scans} scans")
        yield Figure.at_most("the same, for each row beside 10 M rows", ratio, 1.2, "x")


def _made(folder: Path, n_rows: int) -> Path:
    """Write a table of sales as Parquet files and return their folder."""
    folder.mkdir()
    own = duckdb.connect(config={"threads": thread_count()})
    for start in range(0, n_rows, PART_ROWS):
        rows = f"range({start}, {min(start + PART_ROWS, n_rows)})"
        own.execute(f"COPY ({MADE} FROM {rows}) TO '{folder}/part-{start:09}.parquet'")
    return folder


def _beside(what: str, data: Any, source: str, frame: Any = None) -> Generator[Figure, None, float]:
    """Compare medians; what is found first is not counted."""
    _, gallery = _ours(data)
    queries = written(gallery)
    ours, theirs = [], []
    for _ in range(REPEATS):
        spent, gallery = _ours(data)
        ours.append(spent)
        theirs.append(_theirs(queries, source, frame))
    median, other = statistics.median(ours), statistics.median(theirs)
    detail = f"  ({median:.2f} beside {other:.2f} CPU-s, {_table(gallery).n_scans} scans)"
    name = f"warm, {what}: 15 charts and profile / {len(queries)} written statements"
    yield Figure.at_most(name, median / other, 1.3, "x", detail)
    return median


def _ours(data: Any) -> tuple[float, Gallery]:
    began = time.process_time()
    gallery = erp.recommend(data, store=":memory:")
    assert len(gallery)
    return time.process_time() - began, gallery


def _theirs(queries: Sequence[Statement], source: str, frame: Any) -> float:
    own = duckdb.connect(config={"threads": thread_count()})
    own.execute("SET enable_progress_bar = false")
    if frame is not None:
        own.register("frame", frame)
    own.execute(f"CREATE VIEW sales AS FROM {source}")
    began = time.process_time()
    for query in queries:
        query(own)
    return time.process_time() - began


def _table(gallery: Gallery) -> Table:
    assert gallery.question is not None
    return gallery.question.table


def written(gallery: Gallery) -> list[Statement]:
    """Return what a person who knows the bins writes for the same charts, and a small profile."""
    table = _table(gallery)
    profile = "SUMMARIZE (FROM sales LIMIT 10000)"
    return [_plain(profile), *(_statement(one.design, table) for one in gallery.designs)]


def _plain(text: str) -> Statement:
    def run(own: duckdb.DuckDBPyConnection) -> None:
        own.execute(text).fetchall()

    return run


def _statement(design: Design, table: Table) -> Statement:
    keys = [_key(e, design, table) for e in design.encodings if e.is_key and e.transform != "value"]
    if design.mark == "boxplot":
        return _box(design, keys)
    if not design.summarised:
        names = ", ".join(f'"{name}"' for name in design.fields)
        return _plain(f"SELECT {names} FROM sales LIMIT 1000")
    keys = [_key(e, design, table) for e in design.encodings if e.is_key]
    measures = [_measure(e) for e in design.encodings if not e.is_key]
    grouped = ", ".join(str(at + 1) for at in range(len(keys)))
    text = f"SELECT {', '.join([*keys, *measures])} FROM sales"
    return _plain(f"{text} GROUP BY {grouped} ORDER BY {grouped} LIMIT 5000" if keys else text)


def _key(encoding: Encoding, design: Design, table: Table) -> str:
    column = f'"{encoding.field}"'
    if encoding.bin:
        bins = table_bins(table, encoding, design)
        return f"floor(({column} - {bins.start}) / {bins.step})"
    units = {"year": "year", "yearmonth": "month", "yearmonthdate": "day"}
    if encoding.time_unit in units:
        return f"date_trunc('{units[encoding.time_unit]}', {column})"
    parts = {"quarter": "quarter", "month": "month", "hours": "hour", "day": "dayofweek"}
    return f"{parts[encoding.time_unit]}({column})" if encoding.time_unit else column


def _measure(encoding: Encoding) -> str:
    if encoding.field is None:
        return "count(*)"
    column = f'"{encoding.field}"'
    summaries = {"mean": "avg", "distinct": "count(DISTINCT "}
    name = summaries.get(str(encoding.aggregate), str(encoding.aggregate))
    return f"{name}({column})" if "(" not in name else f"{name}{column})"


def _box(design: Design, keys: Sequence[str]) -> Statement:
    """Ask for quartiles, and then, with the fences known, for where the whiskers end."""
    value = next(f'"{e.field}"' for e in design.encodings if e.transform == "value")
    key = keys[0] if keys else "1"
    quarters = f"quantile_cont({value}, [0.25, 0.5, 0.75])"

    def run(own: duckdb.DuckDBPyConnection) -> None:
        text = (
            f"SELECT {key} AS k, {quarters} AS q, min({value}), max({value}) FROM sales GROUP BY 1"
        )
        own.execute(f"CREATE OR REPLACE TEMP TABLE fences AS {text}")
        low, high = "q[1] - 1.5 * (q[3] - q[1])", "q[3] + 1.5 * (q[3] - q[1])"
        inside = f"{value} BETWEEN {low} AND {high}"
        own.execute(
            f"SELECT k, min({value}) FILTER ({inside}), max({value}) FILTER ({inside}), "
            f"count(*) FILTER (NOT {inside}) FROM sales JOIN fences ON k = {key} GROUP BY 1"
        ).fetchall()

    return run
