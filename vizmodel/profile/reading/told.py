"""Owns the types that a user gives to columns: how each is then read, and what it then means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import replace

from vizmodel.design import FIELD_TYPES, FieldType
from vizmodel.profile.columns import ColumnProfile, Semantic
from vizmodel.profile.reading.casts import (
    NULL_TEXTS,
    NUMBERS_ARE_DATES,
    NUMBERS_ARE_MISSING,
    PADDED_TEXT,
    TEXTS_ARE_MISSING,
    Cast,
    apply_casts,
    distinct_texts,
    unwrapped,
)
from vizmodel.profile.reading.clocks import CLOCKS, DURATIONS, HHMM, NUMBERS
from vizmodel.profile.reading.counted_times import YEARS, read_year
from vizmodel.profile.reading.mixed import mixed_numbers
from vizmodel.profile.reading.number_times import number_time
from vizmodel.profile.reading.numerals import CODE, NUMBER
from vizmodel.profile.reading.times import ISO, parse_time, time_format

#: Meanings that agree with each type; another guess gives way to the first.
MEANINGS: dict[FieldType, tuple[Semantic, ...]] = {
    "nominal": ("category", "country"),
    "ordinal": ("ordinal", "weekday", "month"),
    "quantitative": ("measure", "percent", "currency", "latitude", "longitude", "sequence"),
    "temporal": ("time",),
}
#: What numbers mean that are written with signs.
SIGNS: dict[str, tuple[Semantic, str]] = {
    "percent": ("percent", "written with a %"),
    "currency": ("currency", "written with a sign of money"),
}
MAX_SHOWN = 40


class TypeOverrideError(ValueError):
    """A column cannot be read as the type that the user gave it."""


def told_casts(
    sample: pa.Table, casts: Sequence[Cast], types: Mapping[str, FieldType]
) -> tuple[Cast, ...]:
    """Return how each column is read once the user has given the types of some.

    Parameters
    ----------
    sample
        The raw sample from which `casts` were inferred.
    casts
        From `infer_casts`.
    types
        Column -> nominal, ordinal, quantitative or temporal.

    Raises
    ------
    TypeOverrideError
        For an unknown column or type, and for values that cannot be read as the type; the message
        names the fix.

    Examples
    --------
    >>> from vizmodel.profile import infer_casts
    >>> raw = pa.table({"zip": [10115, 20095, 10115]})
    >>> told_casts(raw, infer_casts(raw), {"zip": "nominal"})[0].told
    'nominal'
    """
    names = [cast.column for cast in casts]
    for name, told in types.items():
        if name not in names:
            raise TypeOverrideError(f"no column {name!r} to give a type to{_nearest(name, names)}")
        if told not in FIELD_TYPES:
            near = _nearest(told, FIELD_TYPES) or f"; use one of {', '.join(FIELD_TYPES)}"
            raise TypeOverrideError(f"column {name!r}: there is no type {told!r}{near}")
    return tuple(
        _told_cast(sample.column(cast.column), cast, types[cast.column])
        if cast.column in types
        else cast
        for cast in casts
    )


def _nearest(wanted: object, known: Sequence[str]) -> str:
    close = get_close_matches(str(wanted), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _told_cast(column: pa.ChunkedArray, cast: Cast, told: FieldType) -> Cast:
    if cast.to == "drop":
        raise TypeOverrideError(
            f"column {cast.column!r} cannot be {told}, since {cast.reason}: leave it out of types"
        )
    column = unwrapped(column)
    if cast.format in CLOCKS and cast.format not in NUMBERS and told in ("nominal", "ordinal"):
        return Cast(cast.column, "text", told=told)
    if (
        (cast.reason == NUMBERS_ARE_DATES and told != "temporal")
        or (cast.reason == NUMBERS_ARE_MISSING and told == "quantitative")
        or cast.format in NUMBERS
    ):
        # Numbers that could be dates, clocks or nothing are the numbers that they are.
        cast = Cast(cast.column, "number" if _is_text(column.type) else "keep")
    typed = apply_casts(pa.table([column], names=[cast.column]), [cast]).column(0)
    if told == "temporal":
        return _temporal(column, typed, cast)
    if told == "quantitative":
        return _quantitative(column, typed, cast)
    if pa.types.is_timestamp(typed.type):
        # Points in time become groups by being written out; text stays as it is written.
        form = None if _is_text(column.type) else _written(typed)
        return Cast(cast.column, "text", form, told=told)
    if told == "nominal" and _is_text(column.type):
        padded = cast.reason if cast.reason == PADDED_TEXT else ""
        return Cast(cast.column, "text", reason=padded, told=told)
    return replace(cast, told=told)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _written(times: pa.ChunkedArray) -> str:
    """Return how to write times, no finer than they are."""
    seconds = pc.cast(pc.cast(times.drop_null(), pa.int64()), pa.float64(), safe=False)
    whole_days = pc.all(
        pc.equal(pc.floor(pc.divide(seconds, 86_400e6)), pc.divide(seconds, 86_400e6))
    )
    return "%Y-%m-%d" if whole_days.as_py() else "%Y-%m-%d %H:%M:%S"


def _quantitative(column: pa.ChunkedArray, typed: pa.ChunkedArray, cast: Cast) -> Cast:
    if pa.types.is_timestamp(typed.type):
        raise TypeOverrideError(
            f"column {cast.column!r} holds dates, which are no amounts: "
            "use temporal, ordinal or nominal"
        )
    if pa.types.is_boolean(typed.type):
        return Cast(cast.column, "number", told="quantitative")
    if pa.types.is_string(typed.type):
        texts = distinct_texts(column)
        odd = [t for t in texts if not NUMBER.fullmatch(t) and not CODE.fullmatch(t)]
        if not odd:
            return Cast(cast.column, "number", told="quantitative")
        mixed = mixed_numbers(typed, NULL_TEXTS)
        if mixed is None:
            raise _unreadable(cast, odd[0], "numbers", "nominal or ordinal")
        if mixed.units:
            raise TypeOverrideError(
                f"column {cast.column!r} holds numbers in several units "
                f"({', '.join(mixed.units)}): convert them to one first, or use nominal or ordinal"
            )
        return Cast(cast.column, "number", mixed.style, TEXTS_ARE_MISSING, told="quantitative")
    return replace(cast, told="quantitative")


def _temporal(column: pa.ChunkedArray, typed: pa.ChunkedArray, cast: Cast) -> Cast:
    if pa.types.is_timestamp(typed.type):
        return replace(cast, told="temporal")
    if pa.types.is_boolean(typed.type):
        raise TypeOverrideError(
            f"column {cast.column!r} holds true and false, which are no dates: use nominal"
        )
    if cast.reason == NUMBERS_ARE_MISSING:
        column = typed
    texts = distinct_texts(pc.cast(column, pa.string()))
    odd = next((text for text in texts if read_year(text) is None), None)
    if odd is None:
        return Cast(cast.column, "time", YEARS, told="temporal")
    form = number_time("date", typed)
    if form is not None:
        return Cast(cast.column, "time", form, told="temporal")
    if pa.types.is_string(typed.type):
        form = time_format(texts)
        if form is not None:
            return Cast(cast.column, "time", form, told="temporal")
        odd = next((text for text in texts if not _any_time(text)), odd)
    fix = "convert it first, such as with pandas.to_datetime, or use nominal or ordinal"
    raise _unreadable(cast, odd, "dates or years", fix, use="")


def _any_time(text: str) -> datetime | None:
    form = time_format([text])
    return None if form is None else parse_time(text, form)


def _unreadable(
    cast: Cast, value: str, what: str, fix: str, use: str = "use "
) -> TypeOverrideError:
    short = value if len(value) <= MAX_SHOWN else value[: MAX_SHOWN - 1] + "…"
    return TypeOverrideError(
        f"column {cast.column!r} cannot be read as {what} ({short!r} is not one): {use}{fix}"
    )


def as_read(column: ColumnProfile, cast: Cast | None) -> ColumnProfile:
    """Return a column's profile with what its cast knows: the user's type, how times are written.

    Parameters
    ----------
    column
        As guessed from the values that `cast` made.
    cast
        How it was read; None where that is not known.
    """
    if cast is None:
        return column
    if cast.unit and cast.to == "number":
        column = replace(column, unit=cast.unit)
    if cast.between is not None:
        said = "computed from {} and {}".format(*cast.between)
        column = replace(column, between=cast.between, semantic="measure", evidence=said)
    if cast.format is not None and cast.to == "time" and cast.format != ISO:
        column = replace(column, written="%Y" if cast.format == YEARS else cast.format)
    if cast.reason == PADDED_TEXT:
        column = replace(column, written=PADDED_TEXT)
    if cast.format is not None and cast.to == "number":
        column = _with_signs(replace(column, written=cast.format), cast.format)
        if cast.format in CLOCKS and not column.constant:
            said = f"clocks or durations, written {cast.format}"
            if cast.between is not None:
                said = column.evidence
            elif cast.format in DURATIONS:
                said = f"durations in {cast.format.replace(', as', ', told in')}"
            column = replace(column, semantic="measure", evidence=said, rate=cast.format == HHMM)
    if cast.told is None:
        return column
    told = replace(column, told=cast.told)
    if column.constant:
        return told
    agreeing = MEANINGS[cast.told]
    if column.semantic in agreeing:
        return replace(told, evidence=f"you said {cast.told}; {column.evidence}")
    guess = f"guessed as {column.semantic}: {column.evidence}"
    return replace(told, semantic=agreeing[0], evidence=f"you said {cast.told}; {guess}")


def _with_signs(column: ColumnProfile, style: str) -> ColumnProfile:
    """Return the profile of numbers whose own signs say that they are percentages or money."""
    meant = SIGNS.get(style.partition(" ")[0])
    if meant is None or column.semantic not in ("measure", "currency", "sequence"):
        return column
    return replace(column, semantic=meant[0], evidence=meant[1])
