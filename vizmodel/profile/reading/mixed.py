"""Owns numbers among which some cells hold texts, such as "see note": what they are as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from vizmodel.profile.reading.numerals import (
    COMMAS,
    NUMBER,
    number_style,
    read_written,
    several_units,
)

#: Most of the cells that may be texts, and how many of these are told.
MAX_TEXTS, MAX_TOLD = 1 / 3, 2
#: Middle of whole numbers from which they may be numbers of tickets.
LONG = 10_000
#: How most numbers begin: looked at first, since prose is read for long.
_BEGINS = r"^[\s<>≤≥~$€£¥₹()+−-]*[0-9.]"


class Mixed(Struct, frozen=True):
    """Numbers of a column with texts among them.

    Parameters
    ----------
    style
        How the numbers are written, as in `Cast.format`; None for plain ones.
    n_cells, n_texts
        Cells that are not empty, and those of them that are no numbers.
    texts
        The commonest of these.
    coded
        Whether the numbers may be those of tickets: long, and none with a fraction.
    units
        Their units or signs of money where all cells are numbers of several.

    Examples
    --------
    >>> Mixed(None, 90, 10, ("see note",)).coded
    False
    """

    style: str | None
    n_cells: int
    n_texts: int
    texts: tuple[str, ...]
    coded: bool = False
    units: tuple[str, ...] = ()


def mixed_numbers(column: pa.ChunkedArray, nothing: frozenset[str]) -> Mixed | None:
    """Return what a column of texts is as numbers; None where more than a third are none.

    Parameters
    ----------
    column
        Strings.
    nothing
        Texts that stand for a missing value everywhere.

    Examples
    --------
    >>> cells = pa.chunked_array([["1.5", "2", "see note", "7", "", "12"]])
    >>> mixed_numbers(cells, frozenset(("",)))
    Mixed(style=None, n_cells=5, n_texts=1, texts=('see note',), coded=False, units=())
    """
    begins = pc.sum(pc.match_substring_regex(column, _BEGINS)).as_py() or 0
    stripped = pc.utf8_trim_whitespace(column)
    counted = [
        (str(one["values"]), int(one["counts"]))
        for one in pc.value_counts(stripped.drop_null()).to_pylist()
        if one["values"] not in nothing
    ]
    n_cells = sum(n for _, n in counted)
    least = (1 - MAX_TEXTS) * n_cells
    if not n_cells or begins < least:
        return None
    units = several_units([text for text, _ in counted])
    if units:
        return Mixed(None, n_cells, 0, (), units=units)
    for style in _styles([text for text, _ in counted]):
        texts = [(n, text) for text, n in counted if _number(text, style) is None]
        n_texts = sum(n for n, _ in texts)
        if n_cells - n_texts >= least:
            told = sorted(texts, key=lambda one: -one[0])[:MAX_TOLD]
            told_texts = tuple(text for _, text in told)
            return Mixed(style, n_cells, n_texts, told_texts, _coded(counted, style))
    return None


def _styles(texts: Sequence[str]) -> list[str | None]:
    """Return how the numbers among texts may be written, plainly first."""
    found: list[str | None] = [None]
    for style in ("written", "written" + COMMAS):
        read = [text for text in texts if read_written(text, style) is not None]
        own = number_style(read) if read else None
        # Some of the numbers may be written in another way than all of them.
        found.append(own if own and own.endswith(COMMAS) == style.endswith(COMMAS) else None)
    return list(dict.fromkeys(found))


def _coded(counted: Sequence[tuple[str, int]], style: str | None) -> bool:
    numbers = [number for text, _ in counted if (number := _number(text, style)) is not None]
    return all(map(float.is_integer, numbers)) and median(map(abs, numbers)) >= LONG


def _number(text: str, style: str | None) -> float | None:
    if style is None:
        return float(text) if NUMBER.fullmatch(text) else None
    return read_written(text, style)
