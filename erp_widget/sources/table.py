"""Owns the Table: what was given, which of its columns can be charted, and where its rows are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from msgspec import Struct

from erp_widget.errors import InputError, UnknownColumnError
from erp_widget.sources import counted_rows
from erp_widget.sources.extents import Extent, asked_extents, sampled_extents
from erp_widget.sources.few_rows import few_rows
from erp_widget.sources.gathering import readable
from erp_widget.sources.own_frame import OwnFrame
from erp_widget.sources.relation import Relation
from erp_widget.sources.rows import MemoryRows, Rows
from vizmodel.design import FieldType
from vizmodel.profile import Cast, TypeOverrideError, apply_casts, infer_casts, told_casts
from vizmodel.profile.reading.casts import NULL_TEXTS, distinct_texts, unwrapped
from vizmodel.profile.reading.clocks import CLOCKS
from vizmodel.profile.reading.elapsed import without_their_times
from vizmodel.profile.reading.mixed import Mixed, mixed_numbers

#: Rows that the profile looks at.
SAMPLE_ROWS = 10_000


class LeftOut(Struct, frozen=True):
    """A column that no chart can show, and why."""

    name: str
    reason: str


class Seen(Struct, frozen=True):
    """What was read of a table before there was one.

    Parameters
    ----------
    raw
        As many rows as the profile looks at, as they are stored.
    casts, typed
        How its columns are read where no person says more, and what that makes of these rows;
        None where nobody looked.
    """

    raw: pa.Table
    casts: tuple[Cast, ...] = ()
    typed: pa.Table | None = None


class Table:
    """A table that charts can be drawn from, wherever its rows are.

    Parameters
    ----------
    name
        What to call it in titles and in the history.
    rows
        Its rows, with unique column names.
    notes
        Sentences on what was changed while reading it.
    types
        Column -> type that the user gave it: nominal, ordinal, quantitative or temporal.
    own
        What code has to do to the person's own frame before it draws from it.
    seen
        What was read of it already: as many rows as the profile looks at.

    Raises
    ------
    InputError
        There are no columns or no rows.
    """

    def __init__(
        self,
        name: str,
        rows: Rows,
        notes: tuple[str, ...] = (),
        types: Mapping[str, FieldType] = MappingProxyType({}),
        own: OwnFrame | None = None,
        seen: Seen | None = None,
    ) -> None:
        if not rows.schema.names:
            raise InputError(f"{name} has no columns: pass a table with at least one")
        if not rows.n_rows:
            raise InputError(f"{name} has no rows: pass a table with at least one")
        self.name = name
        self.notes = notes
        self.types = dict(types)
        self.own = OwnFrame() if own is None else own
        self.n_rows = rows.n_rows
        self._rows = rows
        if seen is not None:
            self._take(seen)
        self._extents: dict[str, Extent] = {}
        self._positions = {column: at for at, column in enumerate(rows.schema.names)}

    def _take(self, seen: Seen) -> None:
        """Take what was read already."""
        self._raw_sample = seen.raw
        if seen.typed is not None:
            self._guessed_casts = seen.casts
            if self.casts == seen.casts:
                self._typed_sample = seen.typed

    def __repr__(self) -> str:
        """Show the name and the size."""
        return f"<Table {self.name}: {self.n_rows:,} rows, {len(self.columns)} columns>"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns as given, those left out included."""
        return tuple(self._positions)

    @cached_property
    def casts(self) -> tuple[Cast, ...]:
        """How each column is read; one per column, in order."""
        casts = self._guessed_casts
        if self.types:
            told = told_casts(self._raw_sample, casts, self.types)
            casts = tuple(without_their_times(told))
        # What cells hold several of is shown in their place, unless a person wants it as it is.
        apart = {part.of: part.reason for part in self.own.parts if part.of not in self.types}
        if not apart:
            return casts
        return tuple(
            Cast(cast.column, "drop", reason=apart[cast.column]) if cast.column in apart else cast
            for cast in casts
        )

    def with_types(self, types: Mapping[str, FieldType]) -> Table:
        """Return the same rows with other types given to its columns.

        Raises
        ------
        InputError
            The values of a column cannot be read as its type; the message names the fix.
        """
        table = Table(self.name, self._rows, self.notes, types, self.own)
        # The rows are the same, whatever they are read as.
        table._raw_sample, table._guessed_casts = self._raw_sample, self._guessed_casts
        try:
            _ = table.casts
        except TypeOverrideError as error:
            raise InputError(str(error)) from None
        return table

    @cached_property
    def _guessed_casts(self) -> tuple[Cast, ...]:
        # Numbers that write dates are dates where no engine must send all rows for that.
        return infer_casts(self._raw_sample, dated_numbers=not self._rows.is_elsewhere)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Columns that no chart can show."""
        return tuple(LeftOut(cast.column, cast.reason) for cast in self.casts if cast.to == "drop")

    @property
    def clocks(self) -> frozenset[str]:
        """Columns of numbers that are hours or minutes, written as a clock shows them."""
        return frozenset(cast.column for cast in self.casts if cast.format in CLOCKS)

    @cached_property
    def _raw_sample(self) -> pa.Table:
        return self._rows.sample(SAMPLE_ROWS)

    @cached_property
    def _typed_sample(self) -> pa.Table:
        return apply_casts(self._raw_sample, self.casts)

    def sample(self, max_rows: int = SAMPLE_ROWS) -> pa.Table:
        """Return all rows of a small table, or the same spread-out choice of a large one.

        Returns
        -------
        pa.Table
            Columns under their own names as float64, int64, bool, string or timestamp[us].
        """
        if max_rows >= SAMPLE_ROWS or self.n_rows <= max_rows:
            return self._typed_sample
        return self._typed_sample.slice(0, max_rows)

    def texts(self, name: str) -> list[str]:
        """Return the different texts of a column of the sample as they are written."""
        return distinct_texts(unwrapped(self._raw_sample.column(name)))

    def mixed(self, name: str) -> Mixed | None:
        """Return what a column of texts of the sample is as numbers; None where it is none."""
        read = apply_casts(self._raw_sample.select([name]), [Cast(name, "text")])
        return mixed_numbers(read.column(0), NULL_TEXTS)

    def sampled(self) -> Table:
        """Return the sample as a table of its own, whose columns are read as those of this one."""
        rows = MemoryRows(self._raw_sample)
        table = Table(self.name, rows, self.notes, self.types, self.own)
        table._raw_sample, table._guessed_casts = self._raw_sample, self._guessed_casts
        return table

    @property
    def is_settled(self) -> bool:
        """Whether its rows stay as they are while other cells run; a sample of all of them does."""
        return self._rows.is_settled or self.is_sampled_whole

    @property
    def has_changed(self) -> bool:
        """Whether somebody has written into its memory, as far as the sampled rows tell."""
        if self.is_settled or self._rows.is_elsewhere:
            return False
        now = apply_casts(self._rows.sample(SAMPLE_ROWS), self._own_casts)
        return self._digest(now) != self.fingerprint

    @property
    def described(self) -> dict[str, Any]:
        """What a store keeps of a table beside its rows, as `Store.add_dataset` takes it."""
        return {
            "name": self.name,
            "columns": self.columns,
            "n_rows": self.n_rows,
            "fingerprint": self.fingerprint,
        }

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the names, the number of rows and the sampled values.

        Types that the user gives change nothing: it is the same table.
        """
        typed = apply_casts(self._raw_sample, self._own_casts) if self.types else self._typed_sample
        return self._digest(typed)

    @property
    def _own_casts(self) -> tuple[Cast, ...]:
        """How the columns are read where no user gives types."""
        return self._guessed_casts if self.types else self.casts

    def _digest(self, sample: pa.Table) -> str:
        # What is computed says nothing of its own.
        sample = sample.drop_columns([one.name for one in self.own.elapsed])
        digest = hashlib.sha256(f"{self.n_rows}\n".encode())
        for part in _definite(sample.combine_chunks()):
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, part.schema) as writer:
                writer.write_table(part)
            digest.update(sink.getvalue())
        return digest.hexdigest()

    @cached_property
    def relation(self) -> Relation:
        """The rows, with columns c0, c1, ..., ready for queries; nothing is computed yet."""
        if self.is_sampled_whole:
            return few_rows(self._typed_sample, self.internal)
        self._readable, casts = readable(self._rows, self.casts)
        if isinstance(self._readable, MemoryRows) and self.n_rows <= counted_rows.MAX_ROWS:
            return self._readable.counted(casts)
        return self._readable.relation(casts)

    @property
    def n_scans(self) -> int:
        """How often the rows were read for charts by now; the sample is not counted."""
        return self.relation.scans.count if "relation" in self.__dict__ else 0

    @property
    def n_spilled(self) -> int:
        """How many of them went on on disk."""
        return self.relation.scans.n_spilled if "relation" in self.__dict__ else 0

    @property
    def is_sampled_whole(self) -> bool:
        """Whether the sample has all rows."""
        return self.n_rows <= SAMPLE_ROWS

    def extent(self, name: str) -> Extent:
        """Return a number column's smallest and largest value, and whether all are integers."""
        self.prepare_extents([name])
        return self._extents[name]

    def prepare_extents(self, names: Iterable[str]) -> None:
        """Read the ends of number columns at once, so that `extent` knows them."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._extents]
        if self.is_sampled_whole:
            self._extents |= sampled_extents(self._typed_sample, wanted)
        elif wanted:
            columns = {name: self.internal(name) for name in wanted}
            self._extents |= asked_extents(self.relation, columns)

    def internal(self, name: str) -> str:
        """Return what a column is called in `relation`.

        Raises
        ------
        UnknownColumnError
            The table has no such column.
        """
        if name not in self._positions:
            raise UnknownColumnError(name, self.columns)
        return f"c{self._positions[name]}"


def _definite(sample: pa.Table) -> Iterator[pa.Table]:
    """Split a sample so that its bytes are the same each time: Arrow leaves gaps as they come."""
    gaps = [
        at
        for at, column in enumerate(sample.columns)
        if column.null_count and pa.types.is_primitive(column.type)
    ]
    whole = sample
    for at in gaps:
        whole = whole.set_column(at, sample.field(at).name, sample.column(at).is_valid())
    yield whole
    for at in gaps:
        yield pa.table({"values": sample.column(at).drop_null().combine_chunks()})
