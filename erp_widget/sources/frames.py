"""Owns the reading of tables that are already in memory: frames, Arrow streams, records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import takewhile
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, field
from msgspec.structs import replace

from erp_widget.errors import InputError
from erp_widget.sources.columns import as_chunked, column_array, unique_names
from erp_widget.sources.own_frame import OF_OBJECTS, OwnFrame, pandas_frame
from erp_widget.sources.rows import MemoryRows, Rows
from erp_widget.sources.surroundings import LOOKED_AT, MIN_INTERRUPTED, Surroundings, rows_below
from erp_widget.sources.total_rows import is_total, rows_after
from vizmodel.profile.axes import MAX_WALKS, ROWS, run_on
from vizmodel.profile.reading.arrays import from_numbers
from vizmodel.profile.words import STEP_NAME, split_name

ACCEPTED = (
    "pass a pandas, polars, pyarrow, DuckDB or ibis table, a dict of columns, a list of "
    "records, or the path of a csv, tsv, json, jsonl, parquet or xlsx file"
)
#: Types of pandas for times without a zone -> their unit.
PLAIN_TIMES = {f"datetime64[{unit}]": unit for unit in ("s", "ms", "us", "ns")}
#: What pandas calls the margins of a cross table, and rows of which none is a total.
MARGIN, MIN_ABOVE = "All", 2
#: What a report of a classifier tells of all classes, below these, and most such rows.
REPORT, MAX_REPORT = re.compile(r"accuracy|(macro|micro|weighted|samples) avg"), 3
#: Rows of which it is looked whether they follow each other.
LOOKED_ALONG = 10_000
#: Part of the name of what is often passed in place of a table -> what to do.
WAYS = {
    "GroupBy": "pass the table itself, or a summary of its groups, such as .mean().reset_index()",
    "Styler": "pass its .data",
    "generator": "put what it yields into a list",
    "type": "pass a table of this type, not the type itself",
}
#: What to do with several tables.
SEVERAL = "pass several tables to recommend_many({name: table, ...}), or join them first"


class Frame(Struct, frozen=True):
    """A table as it was read, with unique names.

    Parameters
    ----------
    rows
        All columns, in their given order and with nothing left out yet.
    notes
        Sentences for what had to change, for the user to read.
    own
        What the person's frame is like, for code that draws from it.
    reader
        Python by which pandas reads the same of a file, whose path is `{}` in it; empty where that
        would read something else.
    """

    rows: Rows
    notes: tuple[str, ...] = ()
    own: OwnFrame = field(default_factory=OwnFrame)
    reader: str = ""


def read_frame(data: Any) -> Frame:
    """Read any table that is in memory.

    Raises
    ------
    InputError
        `data` is no table; the message says what to pass.
    """
    return _above_totals(_below_words(_as_given(data)))


def _below_words(frame: Frame) -> Frame:
    """Leave out units, or what else stands between the names and the data, where that is sure."""
    rows = frame.rows
    if not isinstance(rows, MemoryRows):
        return frame
    first = rows.table.slice(0, LOOKED_AT)
    texts = (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) for kind in first.schema.types
    )
    if sum(texts) < MIN_INTERRUPTED:
        return frame
    below = rows_below(list(zip(*map(_texts, first.columns), strict=True)))
    if not below:
        return frame
    said = Surroundings(below=below).said()
    kept = MemoryRows(rows.table.slice(below), rows.is_settled, owner=rows)
    return Frame(kept, (*frame.notes, *said), frame.own.without_first(below))


def _above_totals(frame: Frame) -> Frame:
    """Leave out the totals of all rows that stand below them, as of a cross table with margins."""
    rows = frame.rows
    if not isinstance(rows, MemoryRows) or rows.n_rows <= MIN_ABOVE:
        return frame
    last = rows.table.slice(max(0, rows.n_rows - LOOKED_AT))
    totals = _totals(last, whole=last.num_rows == rows.n_rows)
    # Of two rows and two columns hardly a chart would be left.
    least = MIN_ABOVE if rows.table.num_columns > MIN_ABOVE else MIN_ABOVE + 1
    if not totals or rows.n_rows - totals < least:
        return frame
    said = Surroundings(totals=totals).said()
    kept = MemoryRows(rows.table.slice(0, rows.n_rows - totals), rows.is_settled, owner=rows)
    return Frame(kept, (*frame.notes, *said), replace(frame.own, totals=totals))


def _totals(last: pa.Table, whole: bool) -> int:
    """Return how many of the last rows tell of all others together; `whole` where these are all."""
    labels = [_labels(last.slice(at, 1)) for at in range(last.num_rows - MAX_REPORT, last.num_rows)]
    if {"precision", "support"} <= {*last.schema.names}:
        of_all = takewhile(lambda texts: any(map(REPORT.fullmatch, texts)), reversed(labels))
        return sum(1 for _ in of_all)
    if not any(is_total(label) or label == MARGIN for label in labels[-1]):
        return 0
    others = any(MARGIN in texts for texts in labels[:-1])
    if MARGIN in labels[-1] and last.schema.names[-1] == MARGIN and not others:
        return 1
    cells = [list(row) for row in zip(*map(_texts, last.columns), strict=True)]
    cells[-1] = ["Total" if cell == MARGIN else cell for cell in cells[-1]]
    return rows_after(cells, whole)[0]


def _labels(row: pa.Table) -> list[str]:
    """Return the texts of a row."""
    kinds = (pa.types.is_string, pa.types.is_large_string)
    return [_texts(c)[0] for c in row.columns if any(is_text(c.type) for is_text in kinds)]


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Return values as texts; what Arrow cannot write, such as lists, as dots."""
    try:
        texts = pc.cast(column, pa.string()).to_pylist()
    except pa.ArrowException:
        return ["..."] * len(column)
    return ["" if text in (None, "NaN", "nan") else text.strip() for text in texts]


def _as_given(data: Any) -> Frame:
    library = type(data).__module__.partition(".")[0]
    if _is_pandas(data):
        return _read_pandas(data)
    if library == "polars":
        return _read_polars(data)
    if isinstance(data, pa.Table | pa.RecordBatch):
        return _read_arrow(data)
    if isinstance(data, Mapping):
        return _read_columns(data)
    if library == "numpy":
        return _read_numpy(data)
    if isinstance(data, Sequence) and not isinstance(data, str | bytes | bytearray):
        return _read_records(data)
    name = type(data).__name__
    way = next((said for part, said in WAYS.items() if part in name), ACCEPTED)
    raise InputError(f"cannot read a table from {name}: {way}")


def _frame(names: Iterable[Any], columns: Iterable[pa.ChunkedArray], *notes: str) -> Frame:
    unique, renamed = unique_names(names)
    return Frame(MemoryRows(pa.table(list(columns), names=unique)), (*notes, *renamed))


def _is_pandas(data: Any) -> bool:
    # By name: another thread may be half through importing pandas.
    return any(
        kind.__module__.partition(".")[0] == "pandas" and kind.__name__ in ("DataFrame", "Series")
        for kind in type(data).__mro__
    )


def _read_pandas(data: Any) -> Frame:
    if data.ndim == 1:
        name = "value" if data.name is None else data.name
        found = _read_pandas(data.to_frame(name=name))
        is_renamed = found.own.is_renamed or data.name is None
        return replace(found, own=replace(found.own, is_series=True, is_renamed=is_renamed))
    names: list[Any] = []
    columns: list[pa.ChunkedArray] = []
    for name, values in _index_levels(data):
        names.append(name)
        columns.append(_pandas_column(values.to_series()))
    own_names, n_levels = list(data.columns), len(names)
    for name, series in data.items():
        names.append(name)
        columns.append(_pandas_column(series))
    unique, renamed = unique_names(names)
    # Since pandas 3, whoever writes into a frame writes into a copy while another one shares it.
    is_settled = int(import_module("pandas").__version__.partition(".")[0]) >= 3
    own = pandas_frame(names[:n_levels], own_names, unique, data.columns.names)
    rows = MemoryRows(pa.table(columns, names=unique), is_settled, data.copy(deep=False))
    return Frame(rows, tuple(renamed), own)


def _index_levels(data: Any) -> list[tuple[Any, Any]]:
    """Levels of an index that hold data; row numbers only where they are an axis of curves."""
    index = data.index
    if index.nlevels > 1:
        levels = [(name, index.get_level_values(at)) for at, name in enumerate(index.names)]
        return [(name or f"level_{at}", values) for at, (name, values) in enumerate(levels)]
    if type(index).__name__ == "RangeIndex":
        if index.name is None:
            return [(ROWS, index)] if _runs_along_rows(data) else []
        steps = index.start not in (0, 1) or STEP_NAME.search(split_name(str(index.name)))
        return [(index.name, index)] if steps else []
    if index.name is None and index.dtype.kind in "iu":
        return []
    if index.name is None and not len(index):
        return []
    return [("index" if index.name is None else index.name, index)]


def _runs_along_rows(data: Any) -> bool:
    """Whether all that a frame holds are numbers that go on from row to row."""
    if not 1 <= data.shape[1] <= MAX_WALKS or ROWS in data.columns:
        return False
    first = data.iloc[:LOOKED_ALONG]
    if any(getattr(kind, "kind", "O") not in "iuf" for kind in first.dtypes):
        return False
    curves = [first.iloc[:, at].to_numpy("float64") for at in range(first.shape[1])]
    return run_on(curves, [str(name) for name in data.columns])


def _pandas_column(series: Any) -> pa.ChunkedArray:
    kind = str(series.dtype)
    if kind == "category":
        kind = str(series.cat.categories.dtype)
        if not kind.startswith(("interval", "period", "object")):
            return as_chunked(pa.array(series.array, from_pandas=True))
        series = series.astype(object)
    if kind.startswith("period"):
        series = series.astype(kind).dt.to_timestamp()
    elif kind.startswith("interval"):
        series = series.astype(str).where(series.notna())
    elif kind.startswith("Sparse"):
        series = series.sparse.to_dense()
    elif kind in ("float32", "float64"):
        return as_chunked(pa.array(series.to_numpy()))  # NaN is read as missing later, at no cost
    elif kind in PLAIN_TIMES and not series.hasnans:
        # Arrow looks for gaps in thrice the time.
        whole = from_numbers(series.to_numpy().view(np.int64))
        return as_chunked(whole.view(pa.timestamp(PLAIN_TIMES[kind])))
    try:
        return as_chunked(pa.array(series, from_pandas=True))
    except (
        pa.ArrowException,
        TypeError,
        ValueError,
        NotImplementedError,
        OverflowError,
    ):
        return column_array(series.astype(object).to_numpy())


def _read_polars(data: Any) -> Frame:
    opened = "{}"
    if type(data).__name__ == "Series":
        data, opened = data.to_frame(), "{}.to_frame()"
    if type(data).__name__ != "DataFrame":
        raise InputError(f"cannot read a table from polars' {type(data).__name__}: {ACCEPTED}")
    found = _frame(data.columns, polars_columns(data))
    return replace(found, own=OwnFrame(opened=opened, library="polars"))


def polars_columns(data: Any) -> Iterator[pa.ChunkedArray]:
    """Return the columns of a polars frame."""
    return map(_polars_column, data.get_columns())


def _polars_column(series: Any) -> pa.ChunkedArray:
    if str(series.dtype) == "Object":  # of which polars gives Arrow the addresses, as bytes
        return column_array(series.to_list())
    try:
        # The name is told elsewhere, and polars panics at one with a NUL in it.
        return as_chunked(series.alias("").to_arrow())
    except BaseException as error:  # a panic, as for Python objects, is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        return column_array(series.to_list())


def _read_arrow(data: pa.Table | pa.RecordBatch) -> Frame:
    found = _frame(data.schema.names, (as_chunked(column) for column in data.columns))
    if isinstance(data, pa.RecordBatch):  # of which Altair cannot tell the kinds of columns
        return replace(found, own=OwnFrame(opened="{}.to_pandas()"))
    return replace(found, own=OwnFrame(library="pyarrow"))


def _read_columns(data: Mapping[Any, Any]) -> Frame:
    if data and all(isinstance(values, Mapping) for values in data.values()):
        # pandas' to_json writes {column: {row label: value}}.
        labels = dict.fromkeys(label for values in data.values() for label in values)
        data = {name: [values.get(at) for at in labels] for name, values in data.items()}
    scalars = [name for name, values in data.items() if not _is_sequence(values)]
    if scalars:
        raise InputError(
            f"a dict must map column names to equally long lists, but {scalars[0]!r} holds "
            f"{type(data[scalars[0]]).__name__}: put single values into lists"
        )
    columns = [_any_column(values) for values in data.values()]
    lengths = {str(name): len(column) for name, column in zip(data, columns, strict=True)}
    if len(set(lengths.values())) > 1:
        short, long = (
            min(lengths, key=lengths.__getitem__),
            max(lengths, key=lengths.__getitem__),
        )
        raise InputError(
            f"columns differ in length ({short!r} has {lengths[short]}, {long!r} {lengths[long]} "
            "values): give every column one value per row"
        )
    unique, renamed = unique_names(data)
    # Arrow shares the memory of arrays, and these can be written to.
    is_settled = not any(hasattr(values, "__array__") for values in data.values())
    rows = MemoryRows(pa.table(columns, names=unique), is_settled)
    return Frame(rows, tuple(renamed), _of_objects(data, unique))


def _of_objects(names: Iterable[Any], unique: Sequence[str]) -> OwnFrame:
    """Return what Python's own objects need, which pandas makes a frame of."""
    return replace(pandas_frame([], list(names), unique), opened=OF_OBJECTS)


def _is_sequence(values: Any) -> bool:
    return hasattr(values, "__len__") and not isinstance(values, str | bytes | Mapping)


def _any_column(values: Any) -> pa.ChunkedArray:
    if _is_pandas(values):
        return _pandas_column(values)
    if type(values).__module__.partition(".")[0] == "polars":
        return _polars_column(values)
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return as_chunked(values)
    return column_array(values)


def _read_numpy(data: Any) -> Frame:
    if getattr(data, "dtype", None) is not None and data.dtype.names:
        found = _frame(data.dtype.names, (column_array(data[name]) for name in data.dtype.names))
        return replace(found, own=OwnFrame(opened=OF_OBJECTS))
    if getattr(data, "ndim", 0) == 2:
        names = [f"column {position + 1}" for position in range(data.shape[1])]
        columns = [column_array(data[:, at]) for at in range(data.shape[1])]
        own = _of_objects(range(len(names)), names)
        return Frame(MemoryRows(pa.table(columns, names=names), is_settled=False), own=own)
    raise InputError(f"a numpy array needs two dimensions, this one has {data.ndim}: {ACCEPTED}")


def _read_records(records: Sequence[Any]) -> Frame:
    as_dict = _record_reader(records)
    rows = [as_dict(record) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    found = _frame(names, (column_array([row.get(name) for row in rows]) for name in names))
    return replace(found, own=_of_objects(names, found.rows.schema.names))


def _record_reader(records: Sequence[Any]) -> Callable[[Any], Mapping[Any, Any]]:
    """Return how to see one record as a dict: dicts, named tuples and dataclasses work."""
    if all(isinstance(record, Mapping) for record in records):
        return lambda record: record
    if all(hasattr(record, "_asdict") for record in records):
        return lambda record: record._asdict()
    if all(hasattr(record, "__dataclass_fields__") for record in records):
        return lambda record: {name: getattr(record, name) for name in record.__dataclass_fields__}
    odd = next(r for r in records if not isinstance(r, Mapping))
    raise InputError(
        f"a list must hold records (dicts with column names), but one is {type(odd).__name__}: "
        f"{SEVERAL if hasattr(odd, 'columns') else ACCEPTED}"
    )
