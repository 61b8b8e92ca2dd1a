"""Owns how a person's own frame is brought to the columns that charts name, in code.

A frame can have names that no chart can speak (pairs, numbers, repeats, none), and columns in its
index, where Altair does not look: it would draw nothing, without a word.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from erp_widget.sources.apart import Part

#: What a column holds, as a profile and as a person says it.
KINDS = {"time": "dates", "number": "numbers"}


@dataclass(frozen=True, slots=True)
class OwnFrame:
    """What code has to do to a frame before it can be charted.

    Parameters
    ----------
    names
        Names of all columns as charts have them, those of the index first.
    n_levels
        How many of them are in the index.
    is_series
        Whether it is a column by itself, without a table.
    is_renamed
        Whether a column of it has another name, or one that is no text.
    is_twice
        Whether the index has the name of a column, or one name twice.
    below
        Rows under its names that hold no data.
    file
        Name of the file that was read in place of a frame.
    zoned
        Columns of times with a zone, whose clock charts show; Altair would write other clocks.
    parts
        Columns that are made of cells that hold several things.
    is_polars, is_relation
        Whether it is a frame of polars, or no frame but a relation of DuckDB.
    """

    names: tuple[str, ...] = ()
    n_levels: int = 0
    is_series: bool = False
    is_renamed: bool = False
    is_twice: bool = False
    below: int = 0
    file: str = ""
    zoned: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    is_polars: bool = False
    is_relation: bool = False

    def without_first(self, n_rows: int) -> OwnFrame:
        """Return the same with rows under its names that hold no data."""
        return replace(self, below=n_rows)

    def source(self, shown: Collection[str], frame: str = "df") -> str:
        """Return Python that makes the columns of a chart of a frame; mostly the frame as it is.

        Examples
        --------
        >>> OwnFrame(("day", "price"), n_levels=1).source(["day", "price"])
        'df.reset_index()'
        >>> OwnFrame(("day", "price"), n_levels=1).source(["price"])
        'df'
        """
        parts = [part for part in self.parts if part.name in shown]
        shown = {*shown, *(part.of for part in parts)}
        found = f"{frame}[{self.below}:]" if self.below else frame
        if self.is_relation and parts:
            found += ".df()"
        if self.is_series:
            found += ".to_frame()"
        first = self.n_levels
        # Altair refuses an index of several levels, shown or not.
        if first > 1 or not set(self.names[:first]).isdisjoint(shown):
            first = 0
            found += f".reset_index({'allow_duplicates=True' if self.is_twice else ''})"
        if self.is_renamed:
            placed = [(at, name) for at, name in enumerate(self.names[first:]) if name in shown]
            places, names = [at for at, _ in placed], [name for _, name in placed]
            found += f".iloc[:, {places}].set_axis({names!r}, axis=1)"
        for name in self.zoned:
            if name in shown:
                clock = f"lambda data: data[{name!r}].dt.tz_localize(None)"
                found += f".assign(**{{{name!r}: {clock}}})"
        for part in parts:
            values = f"{{{part.name!r}: {part.code('data', self.is_polars)}}}"
            add = "with_columns" if self.is_polars else "assign"
            found += f".pipe(lambda data: data.{add}(**{values}))"
        return found

    def needs(self, shown: Mapping[str, str]) -> str:
        """Return what a person's frame has to hold where a file was read; nothing of a frame.

        A day of a file such as 01.02.2025 is text to other readers, and a month to a chart.

        Parameters
        ----------
        shown
            Column -> what it holds: time, number, text, ...

        Examples
        --------
        >>> OwnFrame(file="sales.csv").needs({"day": "time", "city": "text", "sales": "number"})
        'df: the table of sales.csv, with dates in day and numbers in sales'
        """
        if not self.file:
            return ""
        held = [
            f"{said} in {', '.join(_line(name) for name, kind in shown.items() if kind == told)}"
            for told, said in KINDS.items()
            if told in shown.values()
        ]
        return f"df: the table of {_line(self.file)}{', with ' * bool(held)}{' and '.join(held)}"


def _line(name: str) -> str:
    """Return a name as a comment can hold it."""
    return "".join(sign if sign.isprintable() else " " for sign in name)


def pandas_frame(levels: Sequence[Any], columns: Sequence[Any], names: Sequence[str]) -> OwnFrame:
    """Return what a pandas frame needs.

    Parameters
    ----------
    levels, columns
        Names of its index as far as that holds data, and of its columns.
    names
        What charts call all of them.
    """
    given = [*levels, *columns]
    pairs = zip(given, names, strict=True)
    is_renamed = any(not isinstance(was, str) or was != now for was, now in pairs)
    named = [level for level in levels if isinstance(level, str)]
    is_twice = len({*named}) < len(named) or any(level in columns for level in named)
    return OwnFrame(tuple(names), len(levels), is_renamed=is_renamed, is_twice=is_twice)
