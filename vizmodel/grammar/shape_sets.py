"""Owns sets of shapes, as bits: which have a mark, a role somewhere, room for more columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

from vizmodel.design import CHANNELS, Channel, Mark
from vizmodel.grammar.roles import Role
from vizmodel.grammar.shapes import Shape, all_shapes

#: Where a channel stands in canonical order.
PLACE_OF = {channel: place for place, channel in enumerate(CHANNELS)}


class ShapeSets:
    """Sets of shapes that no table changes; bit i is the i-th of `all_shapes`.

    Attributes
    ----------
    every
        All shapes.
    of_mark
        Mark -> shapes of it.
    standing
        Channel, role -> shapes that have this role there.
    placed
        Mark, channel, role -> those of one mark.
    following
        Place of a channel, -1 for none; channel -> shapes in which the second comes next.
    going_on
        Place of a channel -> shapes that have another one after it.
    ending
        Place of a channel -> shapes whose last one it is.
    """

    def __init__(self) -> None:
        self.every = shapes_that(lambda shape: True)
        self.of_mark: dict[Mark, int] = defaultdict(int)
        self.standing: dict[tuple[Channel, Role], int] = defaultdict(int)
        self.placed: dict[tuple[Mark, Channel, Role], int] = defaultdict(int)
        self.following: dict[tuple[int, Channel], int] = defaultdict(int)
        self.going_on: dict[int, int] = defaultdict(int)
        self.ending: dict[int, int] = defaultdict(int)
        for i, shape in enumerate(all_shapes()):
            self._add(shape, 1 << i)

    def _add(self, shape: Shape, bit: int) -> None:
        self.of_mark[shape.mark] |= bit
        last = -1
        for channel, role in shape.roles:
            self.standing[channel, role] |= bit
            self.placed[shape.mark, channel, role] |= bit
            self.following[last, channel] |= bit
            self.going_on[last] |= bit
            last = PLACE_OF[channel]
        self.ending[last] |= bit


@cache
def shape_sets() -> ShapeSets:
    """Return the sets of shapes, made once."""
    return ShapeSets()


def shapes_that(hold: Callable[[Shape], bool]) -> int:
    """Return the shapes of which something holds."""
    return sum(1 << i for i, shape in enumerate(all_shapes()) if hold(shape))


@cache
def with_columns(count: int) -> int:
    """Return the shapes that need at least so many columns."""
    return shapes_that(lambda shape: shape.n_columns >= count)


@cache
def with_room(last: int, count: int) -> int:
    """Return the shapes that have places for so many columns after the place of a channel."""
    return shapes_that(lambda shape: _columns_after(shape, last) >= count)


@cache
def with_column_on(channel: Channel) -> int:
    """Return the shapes that show a column on a channel."""
    return shapes_that(lambda shape: dict(shape.roles).get(channel, "count") != "count")


@cache
def drawing_rows(marks: tuple[Mark, ...]) -> int:
    """Return the shapes of some marks that draw rows as they are."""
    return shapes_that(lambda shape: shape.mark in marks and shape.draws_rows)


def members(shapes: int) -> Iterable[tuple[int, Shape]]:
    """Yield the shapes of a set, each with its bit."""
    known = all_shapes()
    while shapes:
        bit = shapes & -shapes
        yield bit, known[bit.bit_length() - 1]
        shapes ^= bit


def _columns_after(shape: Shape, last: int) -> int:
    return sum(PLACE_OF[channel] > last and role != "count" for channel, role in shape.roles)
