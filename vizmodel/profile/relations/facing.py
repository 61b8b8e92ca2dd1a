"""Owns columns that face each other: the same things, once for what is and once for what meets it.

Such are what was and what it was taken for, where a journey began and ended, each variable and each
other: a cell for each two shows at once what bars of one tell of one after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
from vizmodel.profile.relations.ranges import differ_by
from vizmodel.profile.words import split_name

#: Words of the names of columns that face each other: what is, and what meets it.
_WORDS = (
    ("actual true truth label observed real expected", "predicted pred prediction classified"),
    (
        "from source origin start old previous von de",
        "to target dest destination end new next nach",
    ),
    ("sender exporter reporter giver lender", "receiver recipient importer partner taker borrower"),
    ("row x i var variable feature", "col column y j other with against"),
)
_MEETING = frozenset(
    (first, second)
    for some, others in _WORDS
    for first in some.split()
    for second in others.split()
)
#: Names that differ in their end only: var1 and var2, rater a and rater b.
_NUMBERED = late_pattern(r"(.*[^\W\d_]) ?([12ab])")
#: Least share of the things of either column that the other has as well: of columns that are called
#: so, and of others; and fewest things of others.
MIN_CALLED_SHARE, MIN_SHARE, MIN_THINGS = 0.5, 0.8, 3


def with_facing(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    keys: Collection[tuple[int, ...]],
) -> tuple[ColumnProfile, ...]:
    """Tell the columns that hold the same things as another, with which they are crossed.

    Their names say so, or each two things have a row of their own: answers to two questions that
    share a scale are the same words and face nothing.

    Parameters
    ----------
    columns, values
        Of the sample.
    keys
        As `find_keys` finds them.

    Returns
    -------
    tuple of ColumnProfile
        With `faces` of the second of each two.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> was, taken = [*"aabb"], [*"abab"]
    >>> table = pa.table({"actual": was, "predicted": taken, "n": [9, 2, 1, 7]})
    >>> profile_table(table).column("predicted").faces
    'actual'
    """
    found = list(columns)
    groups = [at for at, c in enumerate(columns) if c.usable and _names_things(c)]
    for one, other in combinations(groups, 2):
        if found[one].faces is None and found[other].faces is None:
            called = are_called_facing(columns[one].name, columns[other].name)
            alone = (one, other) in keys and columns[one].n_distinct >= MIN_THINGS
            least = MIN_CALLED_SHARE if called else MIN_SHARE
            if (called or alone) and _share(values[one], values[other]) >= least:
                found[other] = replace(columns[other], faces=columns[one].name)
    return tuple(found)


def _names_things(column: ColumnProfile) -> bool:
    return column.kind == "text" and 2 <= column.n_distinct <= MAX_CATEGORIES


def are_called_facing(one: str, other: str) -> bool:
    """Whether the names of two columns say that these face each other.

    Examples
    --------
    >>> are_called_facing("y_true", "y_pred"), are_called_facing("var1", "var2")
    (True, True)
    >>> are_called_facing("origin_airport", "dest_airport"), are_called_facing("q1", "q2")
    (True, True)
    >>> are_called_facing("sex", "smoker")
    False
    """
    names = [split_name(one), split_name(other)]
    numbered = [_NUMBERED.fullmatch(name) for name in names]
    if numbered[0] and numbered[1] and numbered[0][1] == numbered[1][1]:
        return numbered[0][2] + numbered[1][2] in ("12", "ab")
    return differ_by(names[0].split(), names[1].split(), _MEETING)


def _share(one: ColumnValues, other: ColumnValues) -> float:
    """Return the share of the things of either column that both have, at least."""
    shared = len({*one.labels} & {*other.labels})
    return shared / max(len(one.labels), len(other.labels), 1)
