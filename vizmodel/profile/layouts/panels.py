"""Owns whether a table is a panel: readings of several things at the same times, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from vizmodel.profile.columns import ColumnProfile

#: Fewest times, and least share of all things at all times that have a row.
MIN_TIMES, MIN_FULL = 5, 0.5
#: Least share of even steps of what is read again and again; events come as they like.
MIN_EVEN = 0.8


class Panel(Struct, frozen=True):
    """What the rows of a panel are told apart by.

    Parameters
    ----------
    time
        Name of what runs: a time, or steps that are counted.
    group
        Name of what was read at each; None where it is one thing.
    """

    time: str
    group: str | None


def find_panel(columns: Sequence[ColumnProfile], keys: Collection[tuple[int, ...]]) -> Panel | None:
    """Find the time and the things that together tell the rows of a table apart.

    Parameters
    ----------
    columns
        Of the table, without those that stand for gathered ones.
    keys
        Sets of positions that identify its rows.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> run, epoch = [r for r in "abc" for _ in range(20)], [*range(20)] * 3
    >>> loss = [1 / (e + 2 + len(r)) for r, e in zip(run, epoch)]
    >>> profile_table(pa.table({"run": run, "epoch": epoch, "loss": loss})).panel
    Panel(time='epoch', group='run')
    """
    found = sorted(_panels(columns, keys), key=lambda one: (one[1] is not None, one))
    for time, group in found:
        return Panel(columns[time].name, None if group is None else columns[group].name)
    return None


def _panels(
    columns: Sequence[ColumnProfile], keys: Collection[tuple[int, ...]]
) -> Iterator[tuple[int, int | None]]:
    for key in keys:
        for time in key:
            others = [at for at in key if at != time]
            if not _runs(columns[time]) or len(others) > 1:
                continue
            if not others and (columns[time].even >= MIN_EVEN or columns[time].axis):
                yield time, None
            if others and _is_read(columns[others[0]], columns[time]):
                yield time, others[0]


def _runs(column: ColumnProfile) -> bool:
    counted = column.semantic == "sequence" and (column.integer or column.axis)
    return (column.is_time or counted) and column.n_distinct >= MIN_TIMES


def _is_read(thing: ColumnProfile, time: ColumnProfile) -> bool:
    """Whether there is a row of most things at most times, or a curve of each along the numbers."""
    labels = thing.kind in ("text", "boolean") or thing.semantic == "category"
    crossed = thing.n_distinct * time.n_distinct
    full = thing.n_rows >= MIN_FULL * crossed
    return labels and thing.usable and (full or time.axis)
