"""Owns exact quantiles in little memory: values in piles, of which only some are looked into.

A pile is some values of a group that lie side by side: its smallest value, its largest, and how
many there are. Quartiles and whiskers lie in a few piles; only those are asked for again, finer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
from msgspec import Struct
from msgspec.structs import replace

from erp_widget.sources.query import Key, Query
from vizmodel.profile.reading.arrays import Codes, as_floats, as_integers, from_numbers

if TYPE_CHECKING:
    from erp_widget.sources.relation import Relation

#: Whiskers reach so many boxes (Tukey 1977).
WHISKER = 1.5
QUARTERS = (0.25, 0.5, 0.75)
#: Most piles of one group, and of all groups together.
MAX_PILES, MAX_ALL_PILES = 2_048, 32_768
#: They reach from so many boxes below the box to as many above.
REACH = 3.0
#: So many values are looked at one by one; of more, finer piles are made, so many of each.
MAX_VALUES, FINER = 250_000, 64
#: Values that no finer piles tell apart are looked at one by one after so many turns.
MAX_TURNS = 3

#: No float is larger than this power of e.
MAX_EXPONENT = 709.0

Group: TypeAlias = tuple[Any, ...]
#: From one number to another, where something lies.
Between: TypeAlias = tuple[float, float]


def between(low: float, high: float, part: float, *, is_log: bool = False) -> float:
    """Return a number between two; their difference may be more than a float holds.

    Examples
    --------
    >>> between(1.0, 100.0, 0.5), between(1.0, 100.0, 0.5, is_log=True)
    (50.5, 10.0)
    """
    low, high = float(low), float(high)
    if is_log and 0 < low < high:
        return float(low ** (1 - part) * high**part)
    step = high - low
    return low + step * part if math.isfinite(step) else low * (1 - part) + high * part


def fence(end: float, other: float, *, is_log: bool) -> float:
    """Return how far beyond one end of a box its whisker may reach: by so many boxes.

    Parameters
    ----------
    end, other
        The two ends of the box; it goes on from the first.
    is_log
        Whether lengths are told by logarithms, as a log axis shows them. A box that reaches down to
        zero has none there.

    Examples
    --------
    >>> fence(3.0, 1.0, is_log=False), round(fence(100.0, 1.0, is_log=True))
    (6.0, 100000)
    """
    if not is_log or min(end, other) <= 0:
        return end + WHISKER * (end - other)
    further = WHISKER * (math.log(end) - math.log(other))
    return end * (math.exp(further) if further < MAX_EXPONENT else math.inf)


class Piles(Struct, frozen=True):
    """The piles of one group, from the lowest to the highest.

    Parameters
    ----------
    low, high
        Smallest and largest value of each.
    count
        How many values it has.
    name
        The number by which it is asked for.
    """

    low: np.ndarray
    high: np.ndarray
    count: np.ndarray
    name: np.ndarray

    @property
    def solid(self) -> np.ndarray:
        """Whether all values of a pile are one."""
        same: np.ndarray = self.low == self.high
        return same

    def quarters(self, *, is_log: bool = False) -> list[Between]:
        """Return where the quartiles lie: at one place each, once it is known.

        Between two values they lie as everywhere; where whiskers are told by logarithms, so is
        what these start from. Else a box of two rows would have whiskers that reach neither.
        """
        ends = self.count.cumsum()
        found = []
        for share in QUARTERS:
            place = share * (ends[-1] - 1)
            at, after = np.searchsorted(ends, (np.floor(place), np.ceil(place)), side="right")
            part = float(place - np.floor(place))
            pairs = ((side[at], side[after]) for side in (self.low, self.high))
            found.append(tuple(between(*pair, part, is_log=is_log) for pair in pairs))
        return [(low, high) for low, high in found]

    def fences(self, *, is_log: bool) -> tuple[Between, Between]:
        """Return where the ends of what lies within reach of the box are."""
        q1, _, q3 = self.quarters(is_log=is_log)
        # Where a quartile is not known yet, the box is between its narrowest and its widest.
        lows, highs = (
            [fence(end, other, is_log=is_log) for end in ends for other in others]
            for ends, others in ((q1, q3), (q3, q1))
        )
        if is_log and q1[0] <= 0 < q1[1]:
            highs.append(math.inf)
        return (min(lows), max(lows)), (min(highs), max(highs))

    def open(self, *, is_log: bool) -> np.ndarray:
        """Return the names of piles that must be looked into."""
        ends = self.count.cumsum()
        places = [share * (ends[-1] - 1) for share in QUARTERS]
        ranks = [side(place) for place in places for side in (np.floor, np.ceil)]
        wanted = np.zeros(len(ends), dtype=bool)
        wanted[np.searchsorted(ends, ranks, side="right")] = True
        for low, high in self.fences(is_log=is_log):
            wanted |= (self.high >= low) & (self.low <= high)
        names: np.ndarray = self.name[wanted & ~self.solid]
        return names

    def without(self, names: np.ndarray) -> Piles:
        """Return the piles that have none of some names; they need not be asked for again."""
        kept = ~np.isin(self.name, names)
        asked_no_more = np.full(int(kept.sum()), -1)
        return Piles(self.low[kept], self.high[kept], self.count[kept], asked_no_more)

    def with_finer(self, finer: Piles | None) -> Piles:
        """Return these piles and finer ones."""
        if finer is None:
            return self
        parts = [
            np.concatenate([getattr(self, part), getattr(finer, part)])
            for part in ("low", "high", "count", "name")
        ]
        order = np.lexsort((parts[1], parts[0]))
        return Piles(*(part[order] for part in parts))


def coarse(column: str, sample: pa.ChunkedArray, n_groups: int) -> Key:
    """Return piles of a column's values that are as wide as its box in a sample suggests."""
    n_piles = max(2, min(MAX_PILES, MAX_ALL_PILES // max(n_groups, 1)))
    values = as_floats(sample.drop_null())
    values = values[np.isfinite(values)]
    if not len(values):
        return Key(column, "bin")
    # As numbers of Python: what is more than they hold is infinite, without a warning.
    lowest, q1, q3, highest = np.quantile(values, (0, 0.25, 0.75, 1)).tolist()
    low, high = max(lowest, q1 - REACH * (q3 - q1)), min(highest, q3 + REACH * (q3 - q1))
    if not low < high:
        low, high = lowest, highest
    step = high / n_piles - low / n_piles
    return Key(column, "bin", low, step, n_piles) if step > 0 else Key(column, "bin")


def piles_of(relation: Relation, query: Query) -> dict[Group, Piles]:
    """Ask for the piles of each group, in the order of the groups; the last key is the pile.

    They come as columns: rows of Python would take as long as the query.
    """
    table = relation.table(query)
    keys = [table.column(name) for name, _ in query.keys[:-1]]
    # The groups come in their order, so that each begins where some key changes.
    begins = np.zeros(table.num_rows, dtype=bool)
    begins[:1] = True
    for codes in map(_codes, keys):
        begins[1:] |= codes[1:] != codes[:-1]
    starts = np.flatnonzero(begins)
    groups = zip(*(key.take(from_numbers(starts)).to_pylist() for key in keys), strict=True)
    low, high, name = (as_floats(table.column(part)) for part in ("low", "high", "pile"))
    count = as_integers(table.column("rows"))
    slices = map(slice, starts, [*starts[1:], table.num_rows])
    parts = [Piles(low[at], high[at], count[at], name[at]) for at in slices]
    return dict(zip(groups if keys else [()] * len(parts), parts, strict=True))


def _codes(column: pa.ChunkedArray) -> Codes:
    """Return equal numbers for equal values that stand beside each other, -1 for a null."""
    encoded = column.dictionary_encode()
    return as_integers(pa.chunked_array([c.indices for c in encoded.chunks], type=pa.int32()))


def exact(
    relation: Relation, query: Query, groups: dict[Group, Piles], *, is_log: bool
) -> dict[Group, Piles]:
    """Look into piles until it is known where the quartiles and the whiskers of each group end.

    Parameters
    ----------
    relation
        Where the rows are.
    query
        What the piles are the answer of.
    groups
        From `piles_of`.
    is_log
        Whether whiskers are as long as a log axis shows them.
    """
    keys = dict(query.keys)
    pile = keys.pop("pile")
    for turn in range(MAX_TURNS + 1):
        wanted = (piles.open(is_log=is_log) for piles in groups.values())
        names = np.unique(np.concatenate([*wanted, np.array([])]))
        if not len(names):
            break
        n_values = sum(int(p.count[np.isin(p.name, names)].sum()) for p in groups.values())
        last = n_values <= MAX_VALUES or turn == MAX_TURNS
        finer = Key(pile.column) if last else _finer(pile)
        asked = Query(
            {**keys, "pile": finer},
            dict(query.measures),
            present=query.present,
            among=(pile, tuple(int(name) for name in names)),
        )
        found = piles_of(relation, asked)
        groups = {
            group: piles.without(names).with_finer(found.get(group))
            for group, piles in groups.items()
        }
        pile = finer
    return groups


def _finer(pile: Key) -> Key:
    return replace(pile, step=pile.step / FINER, count=pile.count * FINER)
