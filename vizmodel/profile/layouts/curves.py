"""Owns which numbers are the axis of curves: the rows of each thing go on along them.

Rates of false alarms of several models, wavelengths of several samples, steps of several runs: no
name says that these are no measures. The rows do, which for each model are in their order, and what
was measured goes on from one to the next; or each run has the same steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from vizmodel.profile.axes import rank_jumps
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.subjects import is_unbroken, stands_in_blocks
from vizmodel.profile.reading.arrays import Codes
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.keys import is_key
from vizmodel.profile.words import SIZE_NAME, split_name

#: Fewest points of a curve as a rule, and of curves along the same numbers; most curves, and most
#: columns that tell them apart.
MIN_POINTS, LEAST_POINTS, MAX_CURVES, MAX_TELLING = 5, 4, 60, 6
#: Most curves that are told apart by numbers.
MAX_NUMBERED = 12
#: Fewest points of a curve that is the only one, and longest of its steps over the shortest.
MIN_SINGLE, EVEN = 8, 1.5
#: Share of rising steps of a column in the table's order from which, and up to which, it may be in
#: the order of its groups.
RISING, FALLING = 0.7, 0.3
#: Mean square of the steps of ranks along a curve, over what it is where they are mixed.
SMOOTH = 0.1
#: Most different numbers, over the points of a curve, of curves that have the same ones.
SHARED = 1.2


class _Axis(Struct, frozen=True):
    """A column along which curves run, what tells these apart, and whether all have its numbers."""

    at: int
    told: tuple[int, ...]
    shared: bool

    @property
    def place(self) -> tuple[bool, int]:
        """What comes first among several: what all share, then as the table has it."""
        return not self.shared, self.at


class _Points(Struct, frozen=True, eq=False):
    """The rows as points of curves: the curve of each, the rows curve by curve, steps within one.

    int64 [n_rows] twice, and bool [n_rows - 1] in the order of the rows curve by curve.
    """

    joint: Codes
    order: Codes
    same: npt.NDArray[np.bool_]


def with_curves(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[ColumnProfile, ...]:
    """Take numbers that curves run along for their axis.

    Parameters
    ----------
    columns, values
        Of the sample, whose rows are in the table's order.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> waves = [400.0 + 2.5 * i for i in range(40)]
    >>> seen = [[np.exp(-(((wave - top) / 20) ** 2)) for wave in waves] for top in (430, 470)]
    >>> table = {"nm": waves * 2, "seen": seen[0] + seen[1], "of": ["a"] * 40 + ["b"] * 40}
    >>> profile_table(pa.table(table)).column("nm").evidence
    'runs on within each “of”'
    """
    found = sorted(_axes(columns, values), key=lambda one: one.place)
    if not found:
        return tuple(columns)
    best, curved = found[0], list(columns)
    each = " and ".join(f"“{columns[i].name}”" for i in best.told)
    said = f"runs on within each {each}" if each else "runs on evenly, and a measure along it"
    curved[best.at] = replace(columns[best.at], semantic="sequence", evidence=said, axis=True)
    for at in best.told:
        if columns[at].semantic == "measure":
            said = f"tells what “{columns[best.at].name}” runs for"
            curved[at] = replace(columns[at], semantic="category", evidence=said)
    return tuple(curved)


def _axes(columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> Iterator[_Axis]:
    likely = [at for at, column in enumerate(columns) if _may_run(column)]
    if not likely:
        return
    yield from (_Axis(at, (), True) for at in likely if _runs_alone(at, columns, values))
    telling = [at for at, c in enumerate(columns) if _may_tell(c, values[at])][:MAX_TELLING]
    for told in chain(combinations(telling, 1), combinations(telling, 2)):
        joint = _joint([values[i].codes for i in told])
        n_curves = int(joint.max(initial=-1)) + 1
        if LEAST_POINTS * n_curves > len(joint) or n_curves > MAX_CURVES:
            continue
        points = _points(joint)
        for at in likely:
            shared = columns[at].n_distinct * n_curves <= SHARED * len(joint)
            many = shared or MIN_POINTS * n_curves <= len(joint)
            if at not in told and many and _runs(at, points, shared, columns, values):
                yield _Axis(at, told, shared)


def _may_run(column: ColumnProfile) -> bool:
    sized = column.kind == "number" and column.semantic in ("measure", "percent", "sequence")
    ordered = not FALLING < column.monotonic < RISING
    whole = column.n_present == column.n_rows and column.told in (None, "quantitative")
    return sized and ordered and whole and column.n_distinct >= LEAST_POINTS


def _may_tell(column: ColumnProfile, values: ColumnValues) -> bool:
    groups = column.kind in ("text", "boolean") or column.semantic == "category"
    whole = column.n_present == column.n_rows
    few = 2 <= column.n_distinct <= MAX_CURVES
    return column.usable and whole and few and (groups or _numbers_blocks(column, values))


def _numbers_blocks(column: ColumnProfile, values: ColumnValues) -> bool:
    """Whether whole numbers without a gap each stand in rows that follow each other."""
    unbroken = column.integer and is_unbroken(column)
    few = column.n_distinct <= MAX_NUMBERED
    sized = SIZE_NAME.search(split_name(column.name)) is not None
    if not (unbroken and few) or sized or column.semantic != "measure" or column.told is not None:
        return False
    return stands_in_blocks(column, values.codes)


def _runs_alone(at: int, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]) -> bool:
    """Whether a table is one curve along a column, whose numbers go on evenly."""
    column = columns[at]
    if column.n_distinct < max(MIN_SINGLE, column.n_rows) or 0.0 < column.monotonic < 1.0:
        return False
    steps, one = np.abs(np.diff(values[at].sizes)), np.zeros(column.n_rows, dtype=np.int64)
    if steps.max() > EVEN * steps.min() or _are_things(at, one, columns, values):
        return False
    points = _points(one)
    others = (i for i, other in enumerate(columns) if i != at and _is_measured(other))
    return any(_goes_on(values[i], points) for i in others)


def _joint(codes: Sequence[Codes]) -> Codes:
    """Return the rank of each row's combination of values."""
    joint = codes[0]
    for column in codes[1:]:
        joint = joint * (int(column.max(initial=0)) + 1) + column
    ranks: Codes = np.unique(joint, return_inverse=True)[1]
    return ranks


def _points(joint: Codes) -> _Points:
    order = np.argsort(joint, kind="stable")
    return _Points(joint, order, joint[order][1:] == joint[order][:-1])


def _runs(
    at: int,
    points: _Points,
    shared: bool,
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
) -> bool:
    """Whether a column goes on from row to row of each curve, and a measure along it."""
    steps = np.diff(values[at].codes[points.order])[points.same]
    one_way = (steps > 0).all() or (steps < 0).all()
    if not one_way or _are_things(at, points.joint, columns, values):
        return False
    others = [i for i, column in enumerate(columns) if i != at and _is_measured(column)]
    # The rows of a table that is sorted as a whole are in its order within whatever groups.
    apart = 0.0 < columns[at].monotonic < 1.0
    goes_on = shared or (apart and any(_goes_on(values[i], points) for i in others))
    return bool(others) and goes_on


def _are_things(
    at: int, joint: Codes, columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> bool:
    """Whether the rows of each are named, or follow each other in time: no points of a curve."""
    for i, column in enumerate(columns):
        named = column.kind == "text" or column.is_time or column.semantic == "sequence"
        if named and i != at and is_key([joint, values[i].codes]):
            return True
    return False


def _is_measured(column: ColumnProfile) -> bool:
    return column.is_size and column.n_distinct >= MIN_POINTS


def _goes_on(values: ColumnValues, points: _Points) -> bool:
    """Whether a measure goes from point to point without jumps."""
    ranks = values.codes[points.order].astype(np.float64)
    return rank_jumps(ranks, points.same) <= SMOOTH
