"""Owns which columns are answers on one scale, such as 1 to 5, or from disagree to agree.

One column of numbers may be a number of rooms. Several that keep to the same ends, all of whose
steps are used, are the items of a questionnaire: sums mean nothing, they are read side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.headers import SUMMARIES
from vizmodel.profile.words import split_name

#: Ends of the scales that are asked for, and the fewest items that share one.
SCALES, MIN_ITEMS = frozenset({(1, 4), (1, 5), (1, 6), (1, 7), (0, 10), (1, 10), (1, 9)}), 3
#: Fewest answers to each item, and fewest and most steps of a scale in words.
MIN_ANSWERS, MIN_STEPS, MAX_STEPS = 30, 3, 7
#: Names of what is counted and may keep to the same ends, such as the rooms of a house.
_COUNTED = late_pattern(
    r"\b((bed|bath|guest|living) ?rooms?|beds?|baths?|floors?|stor(e?ys?|ies)|garages?|parking"
    r"|cars?|doors|gears|seats|cylinders|children|kids|adults|guests|size|nights|number|num|n|qty"
    r"|quantity|orders|years?|months?|weeks?|days?|hours?|quarter|age)\b"
)


def rating_items(columns: Sequence[ColumnProfile]) -> frozenset[str]:
    """Return the items of all groups of columns that are answers on one scale."""
    return frozenset(name for group in rating_groups(columns) for name in group)


def rating_groups(columns: Sequence[ColumnProfile]) -> list[tuple[str, ...]]:
    """Return the items of each group of columns that are answers on one scale, the largest first.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {name: [1, 2, 3, 4, 5, 5, 4] * (5 + at) for at, name in enumerate(("food",))}
    >>> table |= {"room": table["food"][::-1], "staff": table["food"][3:] + [1, 2, 3]}
    >>> rating_groups(profile_table(pa.table(table)).own_columns)
    [('food', 'room', 'staff')]
    """
    groups: dict[float, list[ColumnProfile]] = defaultdict(list)
    for column in columns:
        if _may_rate(column):
            groups[column.maximum].append(column)
    found = sorted((_of_one_scale(group) for group in groups.values()), key=lambda one: -len(one))
    return [tuple(c.name for c in group) for group in found if len(group) >= MIN_ITEMS]


def answer_groups(columns: Sequence[ColumnProfile]) -> list[tuple[str, ...]]:
    """Return the items of each group of columns answered in the same words, the largest first.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> words = ["never", "often", "always", "often", "never", "sometimes", "always"]
    >>> table = {name: [words[i * step % 7] for i in range(35)] for name, step in
    ...          (("walks", 1), ("runs", 2), ("swims", 3))}
    >>> answer_groups(profile_table(pa.table(table | {"n": [*range(35)]})).own_columns)
    [('walks', 'runs', 'swims')]
    """
    scales = [c for c in columns if c.kind == "text" and c.semantic == "ordinal" and c.listed]
    scales = [c for c in scales if MIN_STEPS <= c.n_distinct <= MAX_STEPS]
    found: list[tuple[str, ...]] = []
    while len(scales) >= MIN_ITEMS:
        groups = ([c for c in scales if set(c.listed) <= set(one.listed)] for one in scales)
        largest = max(groups, key=len)
        if len(largest) < MIN_ITEMS:
            break
        found.append(tuple(c.name for c in largest))
        scales = [c for c in scales if c not in largest]
    return found


def with_ratings(columns: Sequence[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """Tell of the items of a questionnaire that they do not add up, whatever they are called."""
    items = rating_items(columns)
    if not items:
        return tuple(columns)
    said = "answers on one scale, as those of other columns"
    return tuple(
        replace(c, rate=True, semantic="measure", evidence=f"{said} from {c.minimum:.0f} on")
        if c.name in items
        else c
        for c in columns
    )


def _may_rate(column: ColumnProfile) -> bool:
    numbers = column.kind == "number" and column.integer and column.told is None
    if not numbers or column.semantic not in ("measure", "currency", "percent", "sequence"):
        return False
    name = split_name(column.name)
    if _COUNTED.search(name) or SUMMARIES.search(name) or column.n_present < MIN_ANSWERS:
        return False
    used = column.minimum >= 0 and column.n_distinct >= column.maximum - 1 >= 3
    # Rooms and visits are mostly as few as there can be.
    return used and column.quantiles[2] > column.minimum


def _of_one_scale(group: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Return the columns of one upper end if their ends are those of a scale.

    The lowest answer to an item may be one that nobody gave.
    """
    ends = min(column.minimum for column in group), group[0].maximum
    return list(group) if ends in SCALES else []
