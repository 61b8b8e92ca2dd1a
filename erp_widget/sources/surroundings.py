"""Owns what stands around the rows of a sheet: titles above, and units below the header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.numerals import MISSING, NUMBER, read_written
from vizmodel.profile.reading.time_forms import may_be_time

Cells = Sequence[str]

#: Rows of a sheet's beginning and end that are looked at.
LOOKED_AT = 60
#: Share of the widest row's cells that a header has at least; titles are narrower.
HEADER_SHARE = 0.6
#: Share of the first rows that are as wide as their header.
AS_WIDE = 0.7
#: Most rows between a header and its data, and fewest rows of data that show that they are none.
MAX_BELOW, MIN_ROWS = 2, 5
#: Fewest years side by side that are names of columns.
MIN_YEARS = 3
#: Fewest columns of numbers that a row of words interrupts where it is no row of data.
MIN_INTERRUPTED = 2
#: Thousands that points part, with or without money.
_CONTINENTAL = late_pattern(r"\s*[€£]?\s?[+-]?\d{1,3}(\.\d{3})+(,\d+)?\s?[€£]?\s*")
_UNNAMED = late_pattern(r"unnamed: ?\d+", re.IGNORECASE)
_YEAR = late_pattern(r"(1[89]|20|21)\d\d")
#: What a note begins with.
_NOTED = late_pattern(
    r"\*|((data )?sources?|notes?|(daten)?quellen?|anmerkung(en)?|hinweise?|fu(ß|ss)noten?"
    r"|remarques?|fuentes?|notas?|font[ei]|not[ae]|bron(nen)?|opmerking(en)?|forrás|megjegyzés"
    r"|источники?|примечани[ея])\s*:",
    re.IGNORECASE,
)


class Surroundings(Struct, frozen=True):
    """How many rows of a sheet are no rows of its table, and where.

    Parameters
    ----------
    above
        Before the header: titles and comments.
    below
        Between the header and the data: units, or the header in other words.
    totals, notes
        At the end; rows of nothing are counted with the notes.
    names
        What the columns are called where it takes two rows to tell, as under joined cells.
    """

    above: int = 0
    below: int = 0
    totals: int = 0
    notes: int = 0
    names: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return self != Surroundings()

    def said(self) -> list[str]:
        """Return what was left out, in sentences for the user."""
        places = {
            "above the header": self.above,
            "below the header": self.below,
            "of totals at the end": self.totals,
            "of notes or of nothing at the end": self.notes,
        }
        found = [(n, "row" if n == 1 else "rows", where) for where, n in places.items() if n]
        return [f"left out {n} {rows} {where}" for n, rows, where in found]


def rows_above(rows: Sequence[Cells]) -> int | None:
    """Return how many rows stand above the header; None where no row is one.

    Parameters
    ----------
    rows
        The first rows of a sheet, as texts.

    Examples
    --------
    >>> rows_above([["Sales of 2023"], [], ["city", "sales"], ["Rome", "3"], ["Oslo", "4"]])
    2
    """
    comments = _comments(rows)
    at = first_wide(rows[comments:])
    if at is None or not at + comments:
        return at
    at += comments
    header, following = rows[at], [row for row in rows[at + 1 :] if any(row)][:10]
    titles = [row for row in rows[:at] if any(row)]
    if not all(row[0] or sum(map(bool, row)) > 1 for row in titles):
        return 0  # names of which the first is empty, as of an index
    named = not any(is_value(cell) and not _YEAR.fullmatch(cell) for cell in header)
    alike = sum(len(row) == len(header) for row in following) >= AS_WIDE * max(1, len(following))
    return at if named and following and alike else None


def _comments(rows: Sequence[Cells]) -> int:
    """Return how many of the first rows are comments that begin with #, or titles beside such.

    Names may begin with # themselves: then what follows are values, or looks like what follows it.
    """
    wide = (n for n, row in enumerate(rows) if sum(map(bool, row)) > 1 and row[0][:1] != "#")
    n = next(wide, 0)
    above = [row for row in rows[:n] if row and row[0].startswith("#")]
    if not above or any(map(is_value, rows[n])):
        return 0
    below = rows[n + 1] if n + 1 < len(rows) else []
    wider = any(len(row) != len(rows[n]) for row in above)
    return n if wider or any(map(is_value, below)) else 0


def names_years(row: Cells, following: Cells = ()) -> bool:
    """Whether a row of cells is made of different years, but for the names of a few columns.

    Parameters
    ----------
    row
        The first one.
    following
        The next one: two years name columns where no years stand below them.

    Examples
    --------
    >>> names_years(["country", "1990", "1991", "1992"]), names_years(["Rome", "3", "4", "5"])
    (True, False)
    >>> names_years(["city", "2024", "2025"], ["Rome", "17", "35"])
    True
    """
    at = [place for place, cell in enumerate(row) if _YEAR.fullmatch(cell)]
    years, others = (
        [row[place] for place in at],
        [cell for cell in row if not _YEAR.fullmatch(cell)],
    )
    if len(set(years)) < max(len(years), 2) or any(map(is_value, others)):
        return False
    if len(years) >= MIN_YEARS and len(others) < len(years):
        return True
    below = [following[place] for place in at if place < len(following)]
    return len(below) == len(at) and all(others) and not any(map(_YEAR.fullmatch, below))


def names_columns(row: Cells, line: str, following: str) -> bool:
    """Whether a first row whose first cell is blank names the columns beside an index.

    Parameters
    ----------
    row
        Its cells.
    line, following
        The row and the next one as the file has them: names are quoted where numbers are not.

    Examples
    --------
    >>> names_columns(["", "a", "b"], ",a,b", "1,x,y")
    True
    >>> names_columns(["", "1", "2"], '"","1","2"', '"1",50,19')
    True
    >>> names_columns(["", "1", "2"], ",1,2", ",5,7")
    False
    """
    names = row[1:]
    if not names or row[0] or not all(names) or len({*names}) < len(names):
        return False
    quoted = line.count('"') == 2 * len(row) > following.count('"')
    return quoted or not any(map(is_value, names))


def first_wide(rows: Sequence[Cells]) -> int | None:
    """Return which row is the first that is nearly as wide as any; None where none has two cells.

    Examples
    --------
    >>> first_wide([["Title", ""], ["a", "b"]])
    1
    """
    filled = [sum(map(bool, row)) for row in rows]
    # Separators in a note make it look wide.
    most = max((n for n, row in zip(filled, rows, strict=True) if not says_note(row)), default=0)
    wide = max(2, HEADER_SHARE * most)
    return next((n for n, width in enumerate(filled) if width >= wide), None)


def says_note(row: Cells) -> bool:
    """Whether a row begins as a note does: with its source, or with an asterisk."""
    return bool(row) and _NOTED.match(row[0]) is not None


def joined_names(first: Cells, second: Cells) -> tuple[str, ...] | None:
    """Return the names of columns of which two rows tell a part each; None where one is enough.

    The first row names groups of columns, each over the first of them, the second the columns.

    Examples
    --------
    >>> joined_names(["", "2023", ""], ["shop", "sales", "profit"])
    >>> joined_names(["", "2023", "", "2024", ""], ["shop", "sales", "costs", "sales", "costs"])
    ('shop', '2023 sales', '2023 costs', '2024 sales', '2024 costs')
    >>> joined_names(["2023", "", "2024", "", ""], ["sales", "costs", "sales", "costs", "note"])
    ('2023 sales', '2023 costs', '2024 sales', '2024 costs', 'note')
    """
    groups = ["" if _UNNAMED.match(cell) else cell for cell in first]
    groups += [""] * (len(second) - len(groups))
    named = [name for name in second if name]
    if len(named) < HEADER_SHARE * len(second) or all(groups) or sum(map(bool, groups)) < 2:
        return None
    if len(set(named)) == len(named):
        return None
    starts = [at for at, over in enumerate(groups) if over]
    ends = [*starts[1:], _end_of_last(starts, second)]
    found = list(second)
    for start, end in zip(starts, ends, strict=True):
        found[start:end] = [f"{groups[start]} {name}".strip() for name in second[start:end]]
    return tuple(found)


def _end_of_last(starts: Sequence[int], names: Cells) -> int:
    """Return where the last group ends: what follows the names of the first is in no group."""
    first, last = names[starts[0] : starts[1]], names[starts[-1] :]
    return starts[-1] + len(first) if list(last[: len(first)]) == list(first) else len(names)


def column_names(rows: Sequence[Cells], above: int, below: int) -> tuple[str, ...] | None:
    """Return the names that the row above a header, or below it, makes complete; else None.

    Parameters
    ----------
    rows
        The first rows of a sheet.
    above, below
        From `rows_above` and `rows_below`.
    """
    header = rows[above]
    over = joined_names(rows[above - 1], header) if above else None
    if over is not None or not below:
        return over
    second = rows[above + 1]
    missing = [at for at, cell in enumerate(header) if not cell or _UNNAMED.match(cell)]
    complete = all(second) and len(missing) > (1 - HEADER_SHARE) * len(header)
    return joined_names(header, second) or (tuple(second) if complete else None)


def rows_below(rows: Sequence[Cells]) -> int:
    """Return how many of the first rows below a header are words over columns of numbers.

    Such are units, or what else the columns are called. All columns of numbers are without any
    there, and no such text comes again.

    Examples
    --------
    >>> rows_below([["", "°C", "mm"], *[["a", "1.5", str(n)] for n in range(6)]])
    1
    """
    return next((n for n in range(1, MAX_BELOW + 1) if _are_no_data(rows[:n], rows[n:])), 0)


def _are_no_data(first: Sequence[Cells], rest: Sequence[Cells]) -> bool:
    if len(rest) < MIN_ROWS or not all(_may_interrupt(row, rest[0]) for row in first):
        return False
    columns = columns_of(rest, max(map(len, [*first, *rest])))
    numbers = [len(values) >= MIN_ROWS - 1 and all(map(is_value, values)) for values in columns]
    for row in first:
        interrupted = 0
        for cell, values, are_numbers in zip(row, columns, numbers, strict=False):
            data = are_numbers and (is_value(cell) or MISSING.fullmatch(cell))
            if cell and (data or cell in values):
                return False
            interrupted += bool(cell) and are_numbers
        if interrupted < max(MIN_INTERRUPTED, sum(numbers) / 2):
            return False
    return True


def _may_interrupt(row: Cells, after: Cells) -> bool:
    """Whether a row has words over numbers, and no number over one: most rows are told by that."""
    n_over = 0
    for cell, below in zip(row, after, strict=False):
        if cell and is_value(below):
            if is_value(cell):
                return False
            n_over += 1
    return n_over >= MIN_INTERRUPTED


def columns_of(rows: Sequence[Cells], width: int) -> list[list[str]]:
    """Return the filled cells of each column."""
    return [[row[at] for row in rows if at < len(row) and row[at]] for at in range(width)]


def is_value(text: str) -> bool:
    """Whether a text is a number or a date, with signs and units or without."""
    if not any(map(str.isdigit, text)):
        return False
    plain = text.strip().replace(",", ".")
    return (
        NUMBER.fullmatch(plain) is not None
        or read_written(text) is not None
        or _CONTINENTAL.fullmatch(text) is not None
        or may_be_time(text)
    )
