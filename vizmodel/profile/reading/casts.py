"""Owns the reading of raw columns: which texts are numbers or dates, what cannot be charted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct
from msgspec.structs import replace

from vizmodel.design import FieldType
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.reading.arrays import (
    finite,
    from_numbers,
    from_texts,
    from_values,
    nothing,
    scalar,
)
from vizmodel.profile.reading.clocks import (
    CLOCKS,
    DURATIONS,
    HHMM,
    clock_form,
    clock_reader,
    number_clock,
    number_duration,
    short_clocks,
    text_clock,
    times_of_day,
)
from vizmodel.profile.reading.counted_times import FIRST_YEARS, are_first_years, counted_reader
from vizmodel.profile.reading.durations import (
    DURATIONS_ARE_CLOCKS,
    duration_form,
    seconds_of,
    span_unit,
)
from vizmodel.profile.reading.missing import MISSING_NUMBERS, stand_ins, without
from vizmodel.profile.reading.number_times import number_time
from vizmodel.profile.reading.numerals import (
    CODE,
    NUMBER,
    decimal_commas,
    number_style,
    read_written,
    unit_of,
    with_digits,
)
from vizmodel.profile.reading.times import ISO, parse_time, time_format

CastTarget = Literal["keep", "number", "time", "text", "boolean", "drop"]

#: Texts that stand for a missing value.
NULL_TEXTS = frozenset({"", "NA", "NaN", "nan", "null"})
#: Whole numbers up to this are the same as floats.
EXACT = scalar(2.0**53)
#: The years 1 to 9999 in microseconds, first and last.
CALENDAR_US = np.array([datetime.min, datetime.max], dtype="datetime64[us]").view(np.int64)


#: What stands for a column of objects that cannot be written, and for one of complex numbers.
UNTOLD = pa.struct([])
COMPLEX = pa.struct([("real", pa.float64()), ("imag", pa.float64())])
BYTES = (
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_fixed_size_binary,
    pa.types.is_binary_view,
)
TEXTS = (pa.types.is_string, pa.types.is_large_string)
#: Why numbers become times, and why some become nulls; notes look for their beginnings.
NUMBERS_ARE_DATES = "numbers that write dates"
CLOCKS_ARE_NUMBERS = "clocks, on a scale of hours or minutes"
TEXTS_ARE_NUMBERS = "text that holds numbers"
PADDED_TEXT = "text with blanks around some labels"
NUMBERS_ARE_MISSING = "numbers of which some stand for missing values"
ENDLESS_ARE_MISSING = "numbers of which some are infinite"
TEXTS_ARE_MISSING = "numbers among texts that stand for missing values"
PLAIN = (
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_date,
    pa.types.is_timestamp,
)


class Cast(Struct, frozen=True):
    """How one raw column is read.

    Parameters
    ----------
    column
        Its name.
    to
        The kind of value it becomes; "keep" where it already is one, "drop" where no chart can
        show it.
    format
        For what holds times: `iso`, `years`, another name of `times`, or a format of
        `times.time_format`;
        for clocks: one of `clocks.CLOCKS`; for text that holds numbers: what
        `numerals.number_style` says of it; for numbers that hold missing values: `without ` and
        these; for times that become text: how they are written.
    reason
        Why, in words a user can read; empty for "keep".
    told
        The type that the user gave the column; None where it is guessed.
    unit
        Unit or sign of money that the texts of numbers bear.
    between
        Of a computed duration: the columns of the times that it lies between.

    Examples
    --------
    >>> Cast("sold", "time", "%d/%m/%Y", "text that holds dates").to
    'time'
    """

    column: str
    to: CastTarget
    format: str | None = None
    reason: str = ""
    told: FieldType | None = None
    unit: str = ""
    between: tuple[str, str] | None = None


def infer_casts(sample: pa.Table, dated_numbers: bool = True) -> tuple[Cast, ...]:
    """Decide how each column of a raw sample is read.

    Parameters
    ----------
    sample
        Up to about 10,000 raw rows; column names are unique.
    dated_numbers
        Whether numbers may be times, such as 20190131, or stand for nothing, such as -999.

    Returns
    -------
    tuple of Cast
        One per column, in the table's order.

    Examples
    --------
    >>> infer_casts(pa.table({"n": ["1", "2", "NA"]}))[0].to
    'number'
    """
    casts = tuple(
        _infer(name, column, dated_numbers)
        for name, column in zip(sample.column_names, sample.columns, strict=True)
    )
    written = {cast.column: cast.format for cast in casts if cast.reason == TEXTS_ARE_NUMBERS}
    commas = decimal_commas(written, lambda name: distinct_texts(unwrapped(sample.column(name))))
    return tuple(replace(cast, format=commas.get(cast.column, cast.format)) for cast in casts)


def apply_casts(table: pa.Table, casts: Iterable[Cast]) -> pa.Table:
    """Return the columns that can be charted, as float64, int64, bool, string or timestamp[us].

    Infinities become nulls: no axis can show them. Times keep the clock of their own zone.

    Examples
    --------
    >>> raw = pa.table({"n": ["1", "2"]})
    >>> apply_casts(raw, infer_casts(raw)).schema.field("n").type
    DataType(int64)
    """
    kept = [cast for cast in casts if cast.to != "drop"]
    columns = [_apply(table.column(cast.column), cast) for cast in kept]
    return pa.table(columns, names=[cast.column for cast in kept])


def _infer(name: str, column: pa.ChunkedArray, dated_numbers: bool) -> Cast:
    column = unwrapped(column)
    kind = column.type
    if column.null_count == len(column) or _is_never_a_number(column):
        return Cast(name, "drop", reason="it holds no values")
    if kind == COMPLEX:
        return Cast(name, "drop", reason="it holds complex numbers: pass their real part or size")
    if kind == UNTOLD:
        return Cast(name, "drop", reason="it holds objects that do not say what they are")
    if pa.types.is_nested(kind):
        return Cast(name, "drop", reason="it holds nested values (lists or records)")
    if any(is_bytes(kind) for is_bytes in BYTES):
        return Cast(name, "drop", reason="it holds bytes")
    if any(is_text(kind) for is_text in TEXTS):
        return _infer_text(name, column)
    if pa.types.is_duration(kind):
        form, reason, unit = duration_form(column)
        return Cast(name, "number", form, reason, unit=unit)
    if pa.types.is_time(kind):
        times = times_of_day(column)
        form = text_clock(times, MAX_CATEGORIES)
        if form is not None:
            return Cast(name, "number", form, CLOCKS_ARE_NUMBERS)
        return Cast(name, "text", clock_form(times), "times of day are read as text")
    if not any(is_plain(kind) for is_plain in PLAIN):
        return Cast(name, "drop", reason=f"it holds values that no chart shows ({kind})")
    return _infer_number(name, column) if dated_numbers else _kept(name, column)


def _kept(name: str, column: pa.ChunkedArray) -> Cast:
    endless = pa.types.is_floating(column.type) and pc.any(pc.is_inf(column)).as_py()
    return Cast(name, "keep", reason=ENDLESS_ARE_MISSING if endless else "")


def _infer_number(name: str, column: pa.ChunkedArray) -> Cast:
    given = column
    if pa.types.is_floating(column.type):
        column = finite(pc.cast(column, pa.float64()))
    form = number_time(name, column)
    if form is not None:
        return Cast(name, "time", form, NUMBERS_ARE_DATES)
    if number_clock(name, column):
        return Cast(name, "number", HHMM, CLOCKS_ARE_NUMBERS)
    duration = number_duration(name, column)
    if duration is not None:
        return Cast(name, "number", duration, DURATIONS_ARE_CLOCKS)
    missing = " ".join(f"{number:g}" for number in stand_ins(name, column))
    if missing:
        return Cast(name, "number", MISSING_NUMBERS + missing, NUMBERS_ARE_MISSING)
    return _kept(name, given)


def _is_never_a_number(column: pa.ChunkedArray) -> bool:
    """Whether floats are all NaN or null, which is all the same here."""
    if not pa.types.is_floating(column.type):
        return False
    return bool(pc.all(pc.is_null(column, nan_is_null=True)).as_py())


def unwrapped(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Undo encodings that change how values are stored and not what they are."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array(
            [chunk.storage for chunk in column.chunks], type=column.type.storage_type
        )
    if pa.types.is_run_end_encoded(column.type):
        column = pc.run_end_decode(column)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if pa.types.is_string_view(column.type):
        column = pc.cast(column, pa.string())
    return column


def _infer_text(name: str, column: pa.ChunkedArray) -> Cast:
    values = distinct_texts(column)
    if not values:
        return Cast(name, "drop", reason="it holds no values")
    if all(NUMBER.fullmatch(value) for value in values):
        form = number_time(
            name, pa.chunked_array([from_numbers(np.array(values, dtype=np.float64))])
        )
        if form is not None:
            return Cast(name, "time", form, NUMBERS_ARE_DATES)
        return Cast(name, "number", reason=TEXTS_ARE_NUMBERS)
    dated = with_digits(values)
    form = time_format(dated) if dated else None
    if form is None and dated and len(dated) > MAX_CATEGORIES and are_first_years(dated):
        form = FIRST_YEARS
    if form is not None:
        return Cast(name, "time", form, "text that holds dates")
    form = text_clock(values, MAX_CATEGORIES)
    if form is not None:
        return Cast(name, "number", form, CLOCKS_ARE_NUMBERS)
    style = number_style(values, repeat=len(column) > 2 * len(values))
    if style is not None:
        unit = unit_of(values, style)
        return Cast(name, "number", style, TEXTS_ARE_NUMBERS, unit=unit)
    return Cast(name, "text", reason=PADDED_TEXT if _is_padded(column) else "")


def _is_padded(column: pa.ChunkedArray) -> bool:
    """Whether some texts have blanks around them, which are left out."""
    return any(text != text.strip() for text in pc.unique(column).to_pylist() if text)


def distinct_texts(column: pa.ChunkedArray) -> list[str]:
    """Distinct stripped texts that are not a null's stand-in."""
    distinct = (str(value).strip() for value in pc.unique(column).to_pylist() if value is not None)
    return [value for value in distinct if value not in NULL_TEXTS]


def _apply(column: pa.ChunkedArray, cast: Cast) -> pa.ChunkedArray:
    column = unwrapped(column)
    if cast.to == "time":
        return _map_texts(_whole(column), _time_reader(cast.format or ISO), pa.timestamp("us"))
    if cast.to == "number" and pa.types.is_boolean(column.type):
        return pc.cast(column, pa.int64())
    if cast.to == "number" and pa.types.is_duration(column.type):
        return pc.divide(seconds_of(column), span_unit(cast.format))
    if cast.to == "number" and cast.format in DURATIONS:
        return pc.divide(finite(pc.cast(column, pa.float64())), DURATIONS[cast.format])
    if cast.to == "number" and cast.format in CLOCKS:
        return _map_texts(_whole(column), clock_reader(cast.format), pa.float64())
    if cast.to == "number" and (cast.format or "").startswith(MISSING_NUMBERS):
        return _plain(without(column, cast.format or ""))
    if cast.to == "number":
        read = partial(read_written, style=cast.format) if cast.format else _read_number
        return _narrow(_map_texts(column, read, pa.float64()))
    if cast.to == "text" and pa.types.is_time(column.type):
        return short_clocks(column, cast.format)
    if cast.to == "text" and cast.format:
        return pc.strftime(pc.cast(_plain(column), pa.timestamp("s"), safe=False), cast.format)
    if cast.to == "text":
        return _tidied(column)
    if pa.types.is_duration(column.type):
        return seconds_of(column)
    return _plain(column)


def _time_reader(form: str) -> Callable[[str], datetime | None]:
    return counted_reader(form) or partial(parse_time, form=form)


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whole numbers that are stored with a fraction of nothing as such: 20190101.0."""
    floats = pa.types.is_floating(column.type)
    return _narrow(pc.cast(column, pa.float64())) if floats else column


def _read_number(text: str) -> float | None:
    """Read a number; None for a text that the sample did not foretell."""
    return float(text) if NUMBER.fullmatch(text) or CODE.fullmatch(text) else None


def _map_texts(
    column: pa.ChunkedArray, read: Callable[[str], float | datetime | None], kind: pa.DataType
) -> pa.ChunkedArray:
    """Read each distinct text once; columns repeat few texts many times."""
    encoded = pc.dictionary_encode(pc.cast(column, pa.string())).combine_chunks()
    texts = stripped(encoded.dictionary.to_pylist())
    values = from_values([None if text is None else read(text) for text in texts], kind)
    return pa.chunked_array([values.take(encoded.indices)], type=kind)


def _tidied(column: pa.ChunkedArray) -> pa.ChunkedArray:
    encoded = pc.dictionary_encode(pc.cast(column, pa.string())).combine_chunks()
    texts = from_texts(stripped(encoded.dictionary.to_pylist()))
    return pa.chunked_array([texts.take(encoded.indices)], type=pa.string())


def stripped(texts: Sequence[str | None]) -> list[str | None]:
    """Return texts without the space around them; None for those that stand for nothing.

    Examples
    --------
    >>> stripped([" a", "NA "])
    ['a', None]
    """
    found = (None if text is None else text.strip() for text in texts)
    return [None if text in NULL_TEXTS else text for text in found]


def _narrow(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    """Integers where every number is one that a float holds exactly."""
    known = finite(numbers)
    is_whole, is_exact = pc.equal(known, pc.floor(known)), pc.less(pc.abs(known), EXACT)
    return pc.cast(known, pa.int64()) if pc.all(pc.and_(is_whole, is_exact)).as_py() else known


def _local_times(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.local_timestamp(column)
    except pa.ArrowInvalid:
        # A zone that this machine does not know: its times are shown in UTC.
        return pc.cast(column, pa.timestamp(column.type.unit))


def _within_calendar(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Make nulls of times outside the years 1 to 9999, which no axis writes."""
    kind = times.type
    first, last = from_numbers(CALENDAR_US).cast(pa.timestamp("us")).cast(kind)
    known = pc.and_(pc.greater_equal(times, first), pc.less_equal(times, last))
    return pc.if_else(known, times, nothing(kind))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_boolean(kind):
        return column
    if pa.types.is_timestamp(kind):
        local = column if kind.tz is None else _local_times(column)
        return _within_calendar(pc.cast(local, pa.timestamp("us"), safe=False))
    if pa.types.is_date(kind):
        times = pc.cast(column, pa.timestamp("ms"), safe=False)
        return _within_calendar(pc.cast(times, pa.timestamp("us"), safe=False))
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return pc.cast(column, pa.int64())
    return finite(pc.cast(column, pa.float64(), safe=False))
