"""Owns files of separated values that hold more than a table: a copy has the table alone.

A copy has one kind of line end and no mark at its beginning. DuckDB needs that too where a name has
a line break.
"""

from __future__ import annotations

import csv
import gzip
import os
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from erp_widget.sources.footnotes import notes_below
from erp_widget.sources.separators import BEGINNING_BYTES, Row, rows_of, separators
from erp_widget.sources.surroundings import (
    LOOKED_AT,
    Surroundings,
    column_names,
    rows_above,
    rows_below,
)
from erp_widget.sources.text_file import opened
from erp_widget.sources.total_rows import rows_after

#: As much of a file's end as is looked at.
END_BYTES = 2**14
#: Share of the last rows that are as wide as the header where they are read as they are meant.
AS_WIDE = 0.7


@contextmanager
def trimmed(
    path: Path, gzipped: bool, separator: str | None
) -> Iterator[tuple[Path, bool, list[str]]]:
    """Give a file without what stands around its table: itself where nothing needs a copy.

    Parameters
    ----------
    path
        Text in UTF-8.
    gzipped
        Whether it is packed.
    separator
        What parts its cells, where that is known.

    Yields
    ------
    tuple
        The path, whether it is packed, and what was left out, in sentences.
    """
    found = _surroundings(path, gzipped, separator)
    if found is None:
        yield path, gzipped, []
        return
    around, delimiter, left_out, n_last = found
    handle, copy = tempfile.mkstemp(prefix="erp-", suffix=".txt")
    try:
        with (
            os.fdopen(handle, "w", encoding="utf-8", newline="") as target,
            _lines(path, gzipped) as source,
        ):
            if around.names:
                csv.writer(target, delimiter=delimiter, lineterminator="\n").writerow(around.names)
            _copy(source, target, left_out, n_last)
        yield Path(copy), False, around.said()
    finally:
        os.unlink(copy)


def _lines(path: Path, gzipped: bool) -> TextIO:
    codec, errors = "utf-8-sig", "replace"
    if gzipped:
        return gzip.open(path, "rt", encoding=codec, errors=errors)
    return path.open(encoding=codec, errors=errors)


def _copy(source: TextIO, target: TextIO, left_out: frozenset[int], n_last: int) -> None:
    """Copy all lines but some of the first, by their numbers from 1, and the last."""
    held: deque[str] = deque()
    for number, line in enumerate(source, start=1):
        if number in left_out:
            continue
        held.append(line)
        if len(held) > n_last:
            target.write(held.popleft())


def _surroundings(
    path: Path, gzipped: bool, separator: str | None
) -> tuple[Surroundings, str, frozenset[int], int] | None:
    """Return what stands around a table, the lines of its beginning, and how many at its end."""
    start, end = _ends(path, gzipped)
    for delimiter in separator or separators(start):
        rows = rows_of(start, delimiter, LOOKED_AT)
        above = rows_above([row.cells for row in rows])
        if above is None:
            continue
        header, body = rows[above], rows[above + 1 :]
        below = rows_below([row.cells for row in body])
        totals, notes, n_last = _at_end(end or start, delimiter, header, None if end else below)
        names = column_names([row.cells for row in rows], above, below)
        n_above = sum(any(row.cells) for row in rows[:above])
        around = Surroundings(n_above, below, totals, notes, names)
        lines = [*range(1, (header.end if names else header.start) + 1)]
        lines += [line for row in body[:below] for line in range(row.start + 1, row.end + 1)]
        breaks = header.end > header.start + 1
        return (around, delimiter, frozenset(lines), n_last) if around or breaks else None
    return None


def _ends(path: Path, gzipped: bool) -> tuple[str, str]:
    """Return the beginning of a text and its end; no end where the beginning is all of it."""
    with opened(path, gzipped) as stream:
        start: bytes = stream.read(BEGINNING_BYTES)
        end = b""
        if len(start) == BEGINNING_BYTES:
            start = start[: start.rfind(b"\n") + 1]
            if not gzipped:  # a packed file would have to be unpacked whole
                stream.seek(max(path.stat().st_size - END_BYTES, len(start)))
                end = stream.read()
                end = end[end.find(b"\n") + 1 :]
    return start.decode("utf-8-sig", "replace"), end.decode("utf-8", "replace")


def _at_end(text: str, delimiter: str, header: Row, below: int | None) -> tuple[int, int, int]:
    """Return how many of the last rows are totals and notes, and how many lines they take.

    `below` says how many rows below the header are no data where the text is all there is.
    """
    rows, width = rows_of(text, delimiter), len(header.cells)
    n_lines = rows[-1].end if rows else 0
    if below is not None:
        rows = [row for row in rows if row.start >= header.end]
    rows = [row for row in rows if row.cells][below:]
    gaps = [at for at in range(1, len(rows)) if rows[at].start > rows[at - 1].end]
    below_it = notes_below([row.cells for row in rows], gaps, width)
    table = rows[: len(rows) - below_it]
    totals, notes = _in_table(table, width, whole=below is not None)
    n_last = totals + notes + below_it
    return totals, notes + below_it, n_lines - rows[-n_last].start if n_last else 0


def _in_table(rows: Sequence[Row], width: int, whole: bool) -> tuple[int, int]:
    """Return how many of the last rows of a table are totals, and notes as wide as it is."""
    wide = sum(len(row.cells) == width for row in rows)
    if wide < AS_WIDE * len(rows) or any(len(row.cells) > width for row in rows):
        return 0, 0
    return rows_after([[*row.cells, *[""] * (width - len(row.cells))] for row in rows], whole)
