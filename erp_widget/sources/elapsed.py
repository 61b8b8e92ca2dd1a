"""Owns rows with more columns: how long it is from one of a row's times to another."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct
from msgspec.structs import replace

from erp_widget.sources.counted_rows import MAX_ROWS
from erp_widget.sources.made_columns import MadeRows, with_made
from erp_widget.sources.relation import DuckRelation, Duration, IbisRelation, Relation
from erp_widget.sources.rows import MemoryRows, Rows
from erp_widget.sources.table import SAMPLE_ROWS, Seen
from vizmodel.patterns import late_pattern
from vizmodel.profile import Cast, Elapsed, apply_casts, find_elapsed, infer_casts
from vizmodel.profile.reading.casts import TEXTS, unwrapped
from vizmodel.profile.reading.durations import span_unit
from vizmodel.profile.reading.elapsed import MIN_COLUMNS

#: The first rows, by which texts that may be times are known.
FIRST_ROWS = 200
_MAY_BE_TIME = late_pattern(r"[^\d]{0,12}\d{1,4}[^\d]{1,5}\d{1,2}.*|[^\d]*\d{8}")


class Timed(Struct, frozen=True):
    """What the times of a table's rows tell of how long something took.

    Parameters
    ----------
    rows
        With more columns at the end.
    elapsed
        Those columns.
    seen
        The rows that were looked at, with those columns; None where nobody looked.
    """

    rows: Rows
    elapsed: tuple[Elapsed, ...] = ()
    seen: Seen | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user to read."""
        return tuple(
            "“{}” is computed from {} and {}".format(one.name, *one.between) for one in self.elapsed
        )


def timed(rows: Rows, sample: pa.Table | None) -> Timed:
    """Return rows with a column for each duration that their times tell and no column holds.

    Times in memory are subtracted at once, others as they are read.

    Parameters
    ----------
    rows
        Anywhere.
    sample
        As many of them as the profile looks at, where they were read already.

    Examples
    --------
    >>> timed(MemoryRows(pa.table({"n": [1, 2]})), None).elapsed
    ()
    """
    seen = None if sample is None else Seen(sample)
    if len(rows.schema.names) < MIN_COLUMNS or sum(map(_may_hold_times, rows.schema.types)) < 2:
        return Timed(rows, seen=seen)
    raw = rows.sample(SAMPLE_ROWS) if sample is None else sample
    if sum(map(_may_be_times, raw.columns)) < 2:
        return Timed(rows, seen=Seen(raw))
    casts = infer_casts(raw, dated_numbers=not rows.is_elsewhere)
    typed = apply_casts(raw, casts)
    elapsed = tuple(one for one in find_elapsed(typed, casts) if _have_one_clock(raw, one))
    if not elapsed:
        return Timed(rows, seen=Seen(raw, casts, typed))
    seen = _with_durations(Seen(raw, casts, typed), elapsed)
    if isinstance(rows, MemoryRows) and rows.n_rows <= MAX_ROWS and _are_times(rows, elapsed):
        more = MemoryRows(with_made(rows.table, elapsed), rows.is_settled, owner=rows)
        return Timed(more, elapsed, seen)
    return Timed(ElapsedRows(rows, elapsed), elapsed, seen)


def _have_one_clock(raw: pa.Table, one: Elapsed) -> bool:
    """Whether both times are of one zone: charts show each by its own clock."""
    kinds = [raw.schema.field(name).type for name in one.between]
    start, end = (kind.tz if pa.types.is_timestamp(kind) else None for kind in kinds)
    return bool(start == end)


def _with_durations(seen: Seen, elapsed: Sequence[Elapsed]) -> Seen:
    """Return rows with their durations, read as those of any table are."""
    typed: pa.Table = seen.typed
    durations = pa.table({one.name: one.of(typed) for one in elapsed})
    casts = [
        replace(cast, between=one.between)
        for cast, one in zip(infer_casts(durations), elapsed, strict=True)
    ]
    return Seen(
        _beside(seen.raw, durations),
        (*seen.casts, *casts),
        _beside(typed, apply_casts(durations, casts)),
    )


def _beside(table: pa.Table, more: pa.Table) -> pa.Table:
    for name, column in zip(more.column_names, more.columns, strict=True):
        table = table.append_column(name, column)
    return table


def _may_hold_times(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return _is_time(kind) or any(is_text(kind) for is_text in TEXTS)


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def _may_be_times(column: pa.ChunkedArray) -> bool:
    """Whether the first values of a column look like times."""
    kind = column.type
    if not _may_hold_times(kind) or _is_time(kind):
        return _is_time(kind)
    texts = pc.unique(unwrapped(column.slice(0, FIRST_ROWS)).drop_null()).to_pylist()
    return bool(texts) and sum(map(bool, map(_MAY_BE_TIME.match, texts))) > len(texts) / 2


def _are_times(rows: Rows, elapsed: Sequence[Elapsed]) -> bool:
    """Whether times are stored as such: texts would be read twice."""
    return all(_is_time(rows.schema.field(n).type) for one in elapsed for n in one.between)


class ElapsedRows(MadeRows[Elapsed]):
    """Rows with durations at the end, which are computed wherever the rows lie as they are read.

    Parameters
    ----------
    rows
        Anywhere.
    made
        What is computed of their times.
    """

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether some column must be parsed before `relation` can read it."""
        return self._rows.must_be_parsed(casts[: len(self._rows.schema)])

    def relation(self, casts: Sequence[Cast]) -> Relation:
        """Return the cast columns, called c0, c1, ...; nothing is computed."""
        names = self._rows.schema.names
        found = self._rows.relation(casts[: len(names)])
        made: list[Duration] = []
        for at, (one, cast) in enumerate(zip(self._made, casts[len(names) :], strict=True)):
            if cast.to != "drop":
                start, end = (f"c{names.index(name)}" for name in one.between)
                made.append((f"c{len(names) + at}", start, end, span_unit(cast.format)))
        assert isinstance(found, DuckRelation | IbisRelation)
        return found.with_elapsed(made) if made else found
