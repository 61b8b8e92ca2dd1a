"""Owns which columns are answers on one scale, such as 1 to 5, or from disagree to agree.

One column of numbers may be a number of rooms. Several that keep to the same ends, all of whose
steps are used, are the items of a questionnaire: sums mean nothing, they are read side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set

from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.headers import SUMMARIES
from vizmodel.profile.words import split_name

#: Ends of the scales that are asked for, and the fewest items that share one.
SCALES, MIN_ITEMS = frozenset({(1, 4), (1, 5), (1, 6), (1, 7), (0, 10), (1, 10), (1, 9)}), 3
#: Fewest answers to each item, and fewest and most steps of a scale in words.
MIN_ANSWERS, MIN_STEPS, MAX_STEPS = 30, 3, 7
#: Most columns among items that are items as well, and a name that is numbered.
MAX_AMONG, _NUMBERED = 3, late_pattern(r"(.*\D)\d{1,3}")
#: Meanings of numbers that may be answers.
_SIZES = ("measure", "currency", "percent", "sequence")
#: Names of what is counted and may keep to the same ends, such as the rooms of a house.
_COUNTED = late_pattern(
    r"\b((bed|bath|guest|living) ?rooms?|rooms|beds?|baths?|floors?|stor(e?ys?|ies)|garages?"
    r"|parking|cars?|doors|gears|seats|cylinders|children|kids|adults|guests|size|nights|number|num|n|qty"
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
    scales = sorted((_of_one_scale(group) for group in groups.values()), key=lambda one: -len(one))
    scales = [group for group in scales if len(group) >= MIN_ITEMS]
    found: list[tuple[str, ...]] = []
    for group in scales:
        taken = {name for names in found for name in names}
        left = [column for column in group if column.name not in taken]
        if len(left) >= MIN_ITEMS:
            others = {c.name for one in scales if _are_apart(one, left) for c in one}
            items = _block(left, columns, others) - taken
            found.append(tuple(c.name for c in columns if c.name in items))
    return sorted(found, key=lambda names: -len(names))


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
    if not _are_answers(column, _SIZES):
        return False
    used = column.minimum >= 0 and column.n_distinct >= column.maximum - 1 >= 3
    # Rooms and visits are mostly as few as there can be.
    return used and column.quantiles[2] > column.minimum


def _are_answers(column: ColumnProfile, meanings: Sequence[str]) -> bool:
    """Whether a column may hold answers: whole numbers, which are no counts by their name."""
    name = split_name(column.name)
    numbers = column.kind == "number" and column.integer and column.told is None
    named = not _COUNTED.search(name) and not SUMMARIES.search(name)
    return numbers and named and column.semantic in meanings and column.n_present >= MIN_ANSWERS


def _of_one_scale(group: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Return the columns of one upper end if their ends are those of a scale.

    The lowest answer to an item may be one that nobody gave.
    """
    ends = min(column.minimum for column in group), group[0].maximum
    return list(group) if ends in SCALES else []


def _block(
    items: Sequence[ColumnProfile], columns: Sequence[ColumnProfile], others: Set[str]
) -> set[str]:
    """Return the items of one scale with those to which nobody gave all of its answers.

    They stand among the items, or are numbered with them and are on no scale of their own.
    """
    ends = min(column.minimum for column in items), items[0].maximum
    found = {column.name for column in items}
    stems = {one[1] for name in found if (one := _NUMBERED.fullmatch(name)) is not None}
    passed: list[ColumnProfile] | None = None
    for column in columns:
        if column.name not in found:
            numbered = _NUMBERED.fullmatch(column.name)
            sibling = numbered is not None and numbered[1] in stems and column.name not in others
            if sibling and _keeps_to(column, *ends):
                found.add(column.name)
                continue
            passed = None if passed is None else [*passed, column]
            continue
        few = passed is not None and len(passed) <= MAX_AMONG
        if passed and few and all(_keeps_to(one, *ends) for one in passed):
            found |= {one.name for one in passed}
        passed = []
    return found


def _are_apart(items: Sequence[ColumnProfile], others: Sequence[ColumnProfile]) -> bool:
    """Whether no item stands among the others: those of two scales do not take turns."""
    places = [column.position for column in others]
    return not any(min(places) < column.position < max(places) for column in items)


def _keeps_to(column: ColumnProfile, lowest: float, highest: float) -> bool:
    """Whether a column may be answers on a scale of which it has some steps only."""
    answers = _are_answers(column, (*_SIZES, "category", "ordinal"))
    some = column.n_distinct >= MIN_STEPS and not column.zero_one
    return answers and some and lowest <= column.minimum and column.maximum <= highest
