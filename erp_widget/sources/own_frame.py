"""Owns how a person's own frame is brought to the columns that charts name, in code.

A frame can have names that no chart can speak (pairs, numbers, repeats, none), and columns in its
index, where Altair does not look: it would draw nothing, without a word.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from erp_widget.sources.crossed_headers import crossed_headers
from vizmodel.profile import Crossed

if TYPE_CHECKING:
    from erp_widget.sources.apart import Part
    from vizmodel.profile import Elapsed

#: What a column holds, as a profile and as a person says it.
KINDS = {"time": "dates", "number": "numbers"}
#: Makes a frame of Python's own lists and dicts, and of an array, which Altair does not take.
OF_OBJECTS = "pd.DataFrame({})"


class OwnFrame(Struct, frozen=True):
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
    below, totals
        Rows under its names that hold no data, and rows of totals at its end.
    file
        Name of the file that was read in place of a frame.
    zoned
        Columns of times with a zone, whose clock charts show; Altair would write other clocks.
    parts
        Columns that are made of cells that hold several things.
    elapsed
        Columns that charts compute of two times.
    opened
        What makes a frame that Altair takes of the person's object, which is `{}` in it.
    library
        Whose frame that is then: pandas, polars, or another's that has `to_pandas`.
    crossed
        What the frame says of its headers, as a pivot table does, what is likelier first.
    """

    names: tuple[str, ...] = ()
    n_levels: int = 0
    is_series: bool = False
    is_renamed: bool = False
    is_twice: bool = False
    below: int = 0
    totals: int = 0
    file: str = ""
    zoned: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    elapsed: tuple[Elapsed, ...] = ()
    opened: str = "{}"
    library: str = "pandas"
    crossed: tuple[Crossed, ...] = ()

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
        >>> OwnFrame(opened=OF_OBJECTS).source(["price"])
        'pd.DataFrame(df)'
        """
        parts = [part for part in self.parts if part.name in shown]
        times = (one.between for one in self.elapsed if one.name in shown)
        shown = {*shown, *(part.of for part in parts), *chain.from_iterable(times)}
        zoned = [name for name in self.zoned if name in shown]
        found = self.opened.replace("{}", frame)
        if self.below or self.totals:
            found += f"[{self.below or ''}:{-self.totals or ''}]"
        if self.library not in ("pandas", "polars") and (parts or zoned):
            found += ".to_pandas()"
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
        clocks = {name: f"data[{name!r}].dt.{self._clock}" for name in zoned}
        cells = {part.name: part.code("data", self._is_polars) for part in parts}
        for values in (clocks, cells):
            for name, value in values.items():
                add = "with_columns" if self._is_polars else "assign"
                found += f".pipe(lambda data: data.{add}(**{{{name!r}: {value}}}))"
        return found

    @property
    def _is_polars(self) -> bool:
        return self.library == "polars"

    @property
    def _clock(self) -> str:
        """Return what makes times that a clock shows of times with a zone."""
        return "replace_time_zone(None)" if self._is_polars else "tz_localize(None)"

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


def pandas_frame(
    levels: Sequence[Any], columns: Sequence[Any], names: Sequence[str], headers: Sequence[Any] = ()
) -> OwnFrame:
    """Return what a pandas frame needs.

    Parameters
    ----------
    levels, columns
        Names of its index as far as that holds data, and of its columns.
    names
        What charts call all of them.
    headers
        What each level of the columns is called.
    """
    given = [*levels, *columns]
    pairs = zip(given, names, strict=True)
    is_renamed = any(not isinstance(was, str) or was != now for was, now in pairs)
    named = [level for level in levels if isinstance(level, str)]
    is_twice = len({*named}) < len(named) or any(level in columns for level in named)
    shown = names[len(levels) :]
    return OwnFrame(
        tuple(names),
        len(levels),
        is_renamed=is_renamed,
        is_twice=is_twice,
        crossed=crossed_headers(columns, shown, headers),
    )
