"""Owns columns that face each other: the same things, once for what is and once for what meets it.

Such are what was and what it was taken for, where a journey began and ended, each variable and each
other: a cell for each two shows at once what bars of one tell of one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import MAX_CATEGORIES, ColumnProfile
from vizmodel.profile.reading.values import ColumnValues
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
#: Each such word -> those that it meets.
_MEETS: dict[str, tuple[str, ...]] = {
    word: tuple(met.split())
    for ends in _WORDS
    for words, met in (ends, ends[::-1])
    for word in words.split()
}
#: Names that differ in their end only: var1 and var2, rater a and rater b.
_NUMBERED = late_pattern(r"(.*[^\W\d_]) ?([12ab])")
#: The second end -> the first.
_FIRST_ENDS = {"2": "1", "b": "a"}
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
    groups = {at: c.name for at, c in enumerate(columns) if c.usable and _names_things(c)}
    called = called_facing(groups)
    alone = {
        (key[0], key[1])
        for key in keys
        if len(key) == 2 and set(key) <= set(groups) and columns[key[0]].n_distinct >= MIN_THINGS
    }
    for one, other in sorted(called | alone):
        least = MIN_CALLED_SHARE if (one, other) in called else MIN_SHARE
        met = found[one].faces is not None or found[other].faces is not None
        if not met and _share(values[one], values[other]) >= least:
            found[other] = replace(columns[other], faces=columns[one].name)
    return tuple(found)


def _names_things(column: ColumnProfile) -> bool:
    return column.kind == "text" and 2 <= column.n_distinct <= MAX_CATEGORIES


def called_facing(names: Mapping[int, str]) -> set[tuple[int, int]]:
    """Return the places of columns whose names say that they face each other, the first before.

    Examples
    --------
    >>> called_facing(dict(enumerate(["y_true", "y_pred", "sex", "q1", "q2"])))
    {(0, 1), (3, 4)}
    >>> called_facing({3: "origin_airport", 7: "dest_airport", 9: "var2"})
    {(3, 7)}
    """
    found: set[tuple[int, int]] = set()
    before: dict[tuple[str, ...], list[int]] = defaultdict(list)
    numbered: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, name in names.items():
        said = split_name(name)
        words = tuple(said.split())
        for place, word in enumerate(words):
            for met in _MEETS.get(word, ()):
                facing = (*words[:place], met, *words[place + 1 :])
                found.update((one, at) for one in before.get(facing, ()))
        before[words].append(at)
        ends = _NUMBERED.fullmatch(said)
        if ends is not None:
            stem, end = ends.groups()
            found.update((one, at) for one in numbered.get((stem, _FIRST_ENDS.get(end, "")), ()))
            numbered[stem, end].append(at)
    return found


def _share(one: ColumnValues, other: ColumnValues) -> float:
    """Return the share of the things of either column that both have, at least."""
    shared = len({*one.labels} & {*other.labels})
    return shared / max(len(one.labels), len(other.labels), 1)
