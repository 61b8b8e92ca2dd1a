"""Owns the few shapes in which tables are computed together, so that each is prepared but once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.tokens import MAX_TOKENS


class Shape(Struct, frozen=True):
    """One shape of a step: tables, columns and unfinished charts of each, tokens of each chart."""

    tables: int
    columns: int
    beams: int
    tokens: int


class Buckets(Struct, frozen=True):
    """Sizes to which tables are filled up.

    Parameters
    ----------
    tables, columns, beams, tokens
        Sizes, ascending. More tables than the last are computed in several calls; what is wider,
        or has more unfinished charts, takes a multiple of the last.

    Examples
    --------
    >>> Buckets().shape(tables=3, columns=10, beams=64, tokens=5)
    Shape(tables=4, columns=16, beams=64, tokens=8)
    """

    tables: tuple[int, ...] = (1, 4, 16)
    columns: tuple[int, ...] = (4, 8, 16, 32, 64)
    beams: tuple[int, ...] = (16, 64, 256)
    tokens: tuple[int, ...] = (8, MAX_TOKENS - 1)

    def shape(self, tables: int, columns: int, beams: int = 1, tokens: int = 1) -> Shape:
        """Return the smallest shape that has room."""
        return Shape(
            _filled(tables, self.tables),
            self.width(columns),
            _filled(beams, self.beams),
            _filled(tokens, self.tokens),
        )

    def width(self, columns: int) -> int:
        """Return how many columns a table is filled up to."""
        return _filled(columns, self.columns)

    def together(self, columns: Sequence[int]) -> Iterator[list[int]]:
        """Yield the places of tables that are computed together: those of one width, in order.

        A narrow table beside a wide one would cost as much as the wide one.
        """
        groups: dict[int, list[int]] = {}
        for place, size in enumerate(columns):
            groups.setdefault(self.width(size), []).append(place)
        most = self.tables[-1]
        for places in groups.values():
            yield from (places[start : start + most] for start in range(0, len(places), most))

    def shapes(self) -> list[Shape]:
        """Return all shapes."""
        sizes = product(self.tables, self.columns, self.beams, self.tokens)
        return [Shape(*one) for one in sizes]

    def followed(self) -> set[tuple[Shape, Shape]]:
        """Return from which shapes of beams to which a step goes; columns are of no account."""
        last = self.columns[-1]
        sizes = [Shape(t, last, b, n) for t, b, n in product(self.tables, self.beams, self.tokens)]
        follows = (
            (before, after)
            for before, after in product(sizes, sizes)
            if after.tables <= before.tables and after.tokens >= before.tokens
        )
        rows = {
            (a.tables * a.beams, b.tables * b.beams, a.tokens, b.tokens): (a, b) for a, b in follows
        }
        return set(rows.values())

    def up_to(self, tables: int) -> Buckets:
        """Return those that so many tables at once need."""
        most = _filled(tables, self.tables)
        return replace(self, tables=tuple(size for size in self.tables if size <= most))


def _filled(size: int, sizes: Sequence[int]) -> int:
    """Return the first of the sizes that is large enough, or a multiple of the last."""
    last = sizes[-1]
    return next((one for one in sizes if one >= size), -(-size // last) * last)
