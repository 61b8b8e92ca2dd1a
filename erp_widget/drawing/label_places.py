"""Owns where names stand beside points: in the first free place around each, or nowhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from erp_widget.drawing.point_places import Floats, Points

#: Pixels between a point and a name beside it or above it; half the height of a name.
GAP, GAP_ABOVE, HALF = 4.0, 3.0, 6.0
#: How much nearer to a point than its edge a name is that stands towards a corner.
CORNER = 0.7
#: Pixels around a point that names leave free.
CLEAR = 1.5
Align = Literal["left", "right", "center"]
#: Share of a name that is left of what is told of it.
BEFORE: dict[Align, float] = {"left": 0.0, "right": 1.0, "center": 0.5}
#: Pixels of a cell: what is taken is a bit for each, all in one number.
CELL = 2.0


class Place(NamedTuple):
    """Where a name stands beside its point, and the narrowest plot that has room for it.

    Parameters
    ----------
    align
        Which of its ends or its middle is told: left, right or center.
    dx, dy
        Pixels of it from the point, rightwards and downwards.
    least
        Pixels of the width of the plot.
    """

    align: Align
    dx: int
    dy: int
    least: int = 0


class Taken:
    """What of a plot is taken by points and names.

    Parameters
    ----------
    points
        That are drawn.
    widths
        Of their names, in pixels.
    size
        Width and height of the plot.
    """

    def __init__(
        self, points: Points, widths: Mapping[int, float], size: tuple[float, float]
    ) -> None:
        x, y = points.at(*size)
        self._x, self._y, self._radius = x.tolist(), y.tolist(), points.radius.tolist()
        self._widths, self._size = widths, size
        # Discs at the edge reach beyond it.
        self._margin = int((max(self._radius, default=0.0) + CLEAR) / CELL) + 2
        self._stride = int(size[0] / CELL) + 2 * self._margin + 1
        self._bits = _discs(self._radius, x, y, self._stride, self._margin)

    def first_free(self, at: int) -> Place | None:
        """Return the first free place of a point's name, and take it; None where none is free."""
        return self._first(at, _around(round(self._radius[at], 1)))

    def take(self, at: int, place: Place) -> bool:
        """Take the place of a point's name if it is free, and say whether it was."""
        return self._first(at, (place,)) is not None

    def _first(self, at: int, places: Iterable[Place]) -> Place | None:
        x, y, width = self._x[at], self._y[at], self._widths[at]
        right, bottom = self._size[0] - width, self._size[1] - 2 * HALF
        for place in places:
            left = x + place.dx - BEFORE[place.align] * width
            top = y + place.dy - HALF
            if not (0 <= left <= right and 0 <= top <= bottom):
                continue
            first = int(left / CELL)
            box = _box(int((left + width) / CELL) - first + 1, self._stride)
            mask = box << (int(top / CELL) + self._margin) * self._stride + first + self._margin
            if not self._bits & mask:
                self._bits |= mask
                return place
        return None


def label_places(
    points: Points,
    widths: Mapping[int, float],
    order: Sequence[int],
    sizes: Sequence[tuple[float, float]],
    usual: int = 0,
    most: int | None = None,
) -> dict[int, Place]:
    """Return places of names that touch neither each other, nor other points, nor the plot's edge.

    In a narrower plot than the usual one some have no room; in a wider one more have.

    Parameters
    ----------
    points
        All that are drawn.
    widths
        Of their names, in pixels.
    order
        Which points are named, the most telling first.
    sizes
        Widths and heights of the plot, the narrowest first.
    usual
        Which of the sizes the plot mostly has.
    most
        Most names; all that have room if None.

    Examples
    --------
    >>> import numpy as np
    >>> ones = Points(np.array([0.1, 0.5]), np.array([0.5, 0.5]), np.array([3.0, 3.0]))
    >>> label_places(ones, {0: 60.0, 1: 60.0}, [0, 1], [(100, 15), (200, 15)], 1)
    {0: Place(align='left', dx=7, dy=0, least=200), 1: Place(align='left', dx=7, dy=0, least=200)}
    """
    found: dict[int, Place] = {}
    for size in sizes[usual:]:
        rest = [at for at in order if at not in found]
        if not rest or len(found) == most:
            break
        taken = Taken(points, widths, size)
        for at, place in found.items():
            taken.take(at, place)
        for at in rest:
            free = taken.first_free(at)
            if free is not None:
                found[at] = free._replace(least=int(size[0]))
                if len(found) == most:
                    break
    return found | _narrowed(points, widths, found, sizes[: usual + 1])


def _narrowed(
    points: Points,
    widths: Mapping[int, float],
    found: dict[int, Place],
    sizes: Sequence[tuple[float, float]],
) -> dict[int, Place]:
    """Return the names that have room at their places in a narrower plot than the last one."""
    *narrower, usual = sizes
    kept = {at: place for at, place in found.items() if place.least == int(usual[0])}
    narrow = dict(kept)
    for size in reversed(narrower):
        taken = Taken(points, widths, size)
        kept = {at: one for at, one in kept.items() if taken.take(at, one)}
        narrow |= {at: one._replace(least=int(size[0])) for at, one in kept.items()}
    return narrow


def _discs(radii: Sequence[float], x: Floats, y: Floats, stride: int, margin: int) -> int:
    """Return the bits of all points."""
    rows, columns = (y / CELL).astype(int) + margin, (x / CELL).astype(int) + margin
    bits = 0
    for radius, at in zip(radii, (rows * stride + columns).tolist(), strict=True):
        pattern, before = _disc(radius, stride)
        bits |= pattern << at - before
    return bits


@lru_cache(maxsize=256)
def _around(radius: float) -> tuple[Place, ...]:
    """Return the places around a point of some radius, best first."""
    beside, above = round(radius + GAP), round(radius + GAP_ABOVE + HALF)
    near, higher = round(CORNER * radius + GAP), round(CORNER * radius + GAP_ABOVE + HALF)
    edge = round(radius)
    return (
        Place("left", beside, 0),
        Place("right", -beside, 0),
        Place("center", 0, -above),
        Place("center", 0, above),
        Place("left", near, -higher),
        Place("left", near, higher),
        Place("right", -near, -higher),
        Place("right", -near, higher),
        Place("left", -edge, -above),
        Place("right", edge, -above),
        Place("left", -edge, above),
        Place("right", edge, above),
    )


@lru_cache(maxsize=512)
def _disc(radius: float, stride: int) -> tuple[int, int]:
    """Return the bits of a point, and how many bits its middle is from its first one."""
    radius = round(radius, 1) + CLEAR
    reach = math.ceil(radius / CELL)
    rows = []
    for row in range(-reach, reach + 1):
        inside = radius**2 - max(0.0, abs(row) - 0.5) ** 2 * CELL**2
        half = int(math.sqrt(inside) / CELL + 0.5) if inside > 0 else -1
        rows.append(((1 << 2 * half + 1) - 1) << (reach - half) if half >= 0 else 0)
    return _stacked(rows, stride), reach * (stride + 1)


@lru_cache(maxsize=512)
def _box(columns: int, stride: int) -> int:
    """Return the bits of a name."""
    return _stacked([(1 << columns) - 1] * int(2 * HALF / CELL), stride)


def _stacked(rows: Iterable[int], stride: int) -> int:
    return sum(row << at * stride for at, row in enumerate(rows))
