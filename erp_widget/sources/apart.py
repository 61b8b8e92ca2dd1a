"""Owns rows with more columns, made of cells that hold several things, wherever the rows lie."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct
from msgspec.structs import replace

from erp_widget.sources import sql
from erp_widget.sources.made_columns import MadeRows
from erp_widget.sources.query import Kind
from erp_widget.sources.relation import DuckRelation, Relation
from erp_widget.sources.rows import must_be_parsed
from vizmodel.profile import Cast
from vizmodel.profile.reading.arrays import from_texts, nothing
from vizmodel.profile.reading.casts import NULL_TEXTS, unwrapped

#: The only group of a pattern that finds a number.
NUMBER = "(?P<number>"


class Part(Struct, frozen=True):
    """A column that is made of the cells of another one.

    Parameters
    ----------
    name, of
        What it is called, and what it is made of.
    pattern
        What is looked for in each cell.
    is_number
        Whether the number that the pattern's group finds is kept, and not whether it is found.
    """

    name: str
    of: str
    pattern: str
    is_number: bool = False

    @property
    def reason(self) -> str:
        """Why no chart shows the column that it is made of."""
        if self.is_number:
            return "its latitude and its longitude have a column each"
        return "each of its answers has a column of its own"

    @property
    def kind(self) -> pa.DataType:
        """What it holds."""
        return pa.float64() if self.is_number else pa.bool_()

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the columns that it is made of."""
        return (self.of,)

    def made(self, raw: pa.Table) -> pa.ChunkedArray:
        """Return its values, of rows as they are stored."""
        texts = as_texts(raw.column(self.of))
        if not self.is_number:
            return pc.match_substring_regex(texts, self.pattern)
        found = pc.struct_field(pc.extract_regex(texts, self.pattern), "number")
        return pc.cast(found, pa.float64())

    def code(self, frame: str, is_polars: bool) -> str:
        """Return Python that makes it of a frame's column."""
        column = f"{frame}[{self.of!r}].str"
        if not self.is_number:
            found = f"{column}.contains({self.pattern!r})"
            # Newer pandas says of what is missing that nothing is found in it.
            return found if is_polars else f"{found}.where({frame}[{self.of!r}].notna())"
        # pandas returns a frame for a group, unless it is told not to.
        pattern = self.pattern.replace(NUMBER, "(")
        alone = "" if is_polars else ", expand=False"
        return f"{column}.extract({pattern!r}{alone}).{'cast' if is_polars else 'astype'}(float)"


def as_texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts, and nothing where a cell stands for nothing."""
    texts = pc.cast(unwrapped(column), pa.string())
    stripped = pc.utf8_trim_whitespace(texts)
    stands_for_none = pc.is_in(stripped, value_set=from_texts(sorted(NULL_TEXTS)))
    return pc.if_else(stands_for_none, nothing(pa.string()), texts)


class ApartRows(MadeRows[Part]):
    """Rows with more columns at the end, which DuckDB makes as it reads them.

    Parameters
    ----------
    rows
        In memory, in Parquet files or of a DuckDB relation.
    made
        What their cells are taken apart into.
    """

    def must_be_parsed(self, casts: Sequence[Cast]) -> bool:
        """Return whether some column must be parsed before `relation` can read it."""
        n_own = len(self._rows.schema)
        kinds = (part.kind for part in self._made)
        made = any(map(must_be_parsed, kinds, casts[n_own:]))
        return made or self._rows.must_be_parsed(casts[:n_own])

    def relation(self, casts: Sequence[Cast]) -> Relation:
        """Return the cast columns, called c0, c1, ...; nothing is computed."""
        names = self._rows.schema.names
        made = [
            (f"c{at}", part)
            for at, part in enumerate(self._made, len(names))
            if casts[at].to != "drop"
        ]
        read = {part.of for _, part in made}
        own = [
            Cast(cast.column, "text") if cast.column in read and cast.to == "drop" else cast
            for cast in casts[: len(names)]
        ]
        found = self._rows.relation(own)
        assert isinstance(found, DuckRelation)
        columns = [
            (name, f"c{names.index(part.of)}", part.pattern, part.is_number) for name, part in made
        ]
        kinds: dict[str, Kind] = {n: "real" if part.is_number else "truth" for n, part in made}
        source = sql.taken_apart(found.source, columns)
        return replace(found, source=source, kinds={**found.kinds, **kinds})
