"""Owns rows with more columns, which are made of those that they have as these are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

import pyarrow as pa

from erp_widget.sources.rows import Rows


class Made(Protocol):
    """A column that is made of others."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the columns that it is made of."""

    @property
    def kind(self) -> pa.DataType:
        """What it holds."""

    def made(self, raw: pa.Table) -> pa.ChunkedArray:
        """Return its values, of rows as they are stored."""


One = TypeVar("One", bound=Made)


class MadeRows(Generic[One]):
    """Rows with made columns at their end; how these are asked for is up to each kind.

    Parameters
    ----------
    rows
        Anywhere.
    made
        What is made of their columns.
    """

    def __init__(self, rows: Rows, made: Sequence[One]) -> None:
        self._rows, self._made = rows, tuple(made)
        self.n_rows, self.is_settled = rows.n_rows, rows.is_settled
        self.is_elsewhere = rows.is_elsewhere
        more = [pa.field(one.name, one.kind) for one in made]
        self.schema = pa.schema([*rows.schema, *more])

    def sample(self, max_rows: int) -> pa.Table:
        """Return all rows, or a spread-out, repeatable choice in row order."""
        return with_made(self._rows.sample(max_rows), self._made)

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Return all rows, of some columns or all, a few at a time and in order."""
        wanted = self.schema.names if columns is None else list(columns)
        made = [one for one in self._made if one.name in wanted]
        read = {name: None for name in wanted if name in self._rows.schema.names}
        read |= {name: None for one in made for name in one.sources}
        for piece in self._rows.pieces(list(read)):
            yield with_made(piece, made).select(wanted)


def with_made(raw: pa.Table, made: Sequence[Made]) -> pa.Table:
    """Return a table with made columns at its end."""
    for one in made:
        raw = raw.append_column(one.name, one.made(raw))
    return raw
