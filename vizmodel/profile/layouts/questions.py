"""Owns the questions of a survey that have a column for each of their answers or items.

Statements that are true or not, the answers to a question of which one may give several, and items
that are answered on one scale are each gathered: one chart tells what all people said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from vizmodel.design import Fold
from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.common_ends import shared_ends
from vizmodel.profile.layouts.ratings import answer_groups, rating_groups
from vizmodel.profile.words import GROUP_NAME, split_name
from vizmodel.seen_rows import free_name, plain_name

#: Fewest columns of a question, most columns of yes and no, and most questions of a table.
MIN_MEMBERS, MAX_FLAGS, MAX_QUESTIONS = 3, 30, 3
#: Evenness of two groups that are of one size.
EVEN = 0.9999
#: What all items of a questionnaire may begin or end with, and is left out.
WORD = late_pattern(r"[^\W\d_]{3}")
#: What stands before an answer of which one may give several, in the name of its column.
QUESTION = late_pattern(r".{3,}?: ")
#: What ends the number or the name of a question: q3_a, channel-tv.
_SIGN = late_pattern(r"[\W_]+")
#: A question and the letter of an answer: q3a.
_LETTERED = late_pattern(r"(?=[^\W\d])\w{0,4}\d+(?=[a-z]$)")
#: What names of statements begin with that are no answers to one question.
_VERB = late_pattern(
    r"(is|are|was|were|has|have|had|does|did|do|can|could|will|would|any|no|not|ever|never|flag|ind"
    r"|dummy|bin|binary|bool)",
    re.IGNORECASE,
)


def questions(columns: Sequence[ColumnProfile], taken: Set[str]) -> Iterator[Fold]:
    """Yield what the questions of a survey are gathered as, what is answered on a scale first.

    Parameters
    ----------
    columns
        Of the table.
    taken
        Names that the gathered columns cannot have.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> rows = {f"q{n}_{a}": [int(i * step % 11 < n) for i in range(40)]
    ...         for n, names in ((3, "abc"), (7, "abcd")) for step, a in enumerate(names, 2)}
    >>> columns = profile_table(pa.table(rows)).own_columns
    >>> [(fold.key, fold.value, fold.labels) for fold in questions(columns, set())]
    [('q7', 'yes', ('a', 'b', 'c', 'd')), ('q3', 'yes (gathered)', ('a', 'b', 'c'))]
    """
    known = set(taken)
    for called, said, names, prefix in _groups(columns):
        fold = _gathered(names, called, said, known, prefix)
        known.update(fold.pair)
        yield fold


#: What a question and its answers are called, the columns, and what all their names begin with.
Group = tuple[str, str, tuple[str, ...], str]


def _groups(columns: Sequence[ColumnProfile]) -> Iterator[Group]:
    for said, groups in (("rating", rating_groups(columns)), ("answer", answer_groups(columns))):
        for names in groups:
            parts = by_question(names)
            # Items of one scale are one list, unless each of them is one of a question.
            if len(parts) > 1 and sum(map(len, parts.values())) == len(names):
                yield from ((_called(p), said, tuple(parts[p]), p) for p in _largest_first(parts))
            else:
                yield "item", said, names, ""
    flags = [column for column in columns if is_flag(column)]
    # Sexes are no yes, and what an experiment gave to one half has a share that says nothing; but
    # as one of several answers to a question both may be.
    unlike = {column.name for column in flags if column.entropy >= EVEN or _is_group(column)}
    found = by_question([column.name for column in flags])
    parts = {prefix: names for prefix, names in found.items() if not unlike.issuperset(names)}
    for prefix in _largest_first(parts):
        if len(parts[prefix]) <= MAX_FLAGS:
            yield _called(prefix), "yes", tuple(parts[prefix]), prefix
    asked = unlike.union(*parts.values())
    statements = tuple(column.name for column in flags if column.name not in asked)
    if MIN_MEMBERS <= len(statements) <= MAX_FLAGS:
        yield "statement", "yes", statements, ""


def _largest_first(parts: dict[str, list[str]]) -> list[str]:
    return sorted(parts, key=lambda prefix: -len(parts[prefix]))


def _called(prefix: str) -> str:
    return re.sub(r"[^\w…]+$|_+$", "", prefix)


def by_question(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the names that begin alike, as those of the answers to one question do.

    Examples
    --------
    >>> by_question(["q3_a", "q3_b", "q3_c", "q7_1", "q7_2", "q12a", "q12b", "q12c", "smoker"])
    {'q3_': ['q3_a', 'q3_b', 'q3_c'], 'q12': ['q12a', 'q12b', 'q12c']}
    >>> by_question(["has_car", "has_dog", "has_boat"])
    {}
    """
    begun: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for prefix in _beginnings(name):
            begun[prefix].append(name)
    shared = {prefix for prefix, found in begun.items() if len(found) >= MIN_MEMBERS}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        longest = max(shared.intersection(_beginnings(name)), key=len, default=None)
        if longest is not None:
            groups[longest].append(name)
    return {prefix: found for prefix, found in groups.items() if len(found) >= MIN_MEMBERS}


def _beginnings(name: str) -> list[str]:
    """Return what of a name may be that of its question; of a whole sentence the sentence."""
    asked = QUESTION.match(name)
    if asked is not None:
        return [asked[0]]
    ends = [found.end() for found in _SIGN.finditer(name) if found.start() > 0]
    lettered = _LETTERED.match(name)
    found = [name[:end] for end in ends if end < len(name)]
    found += [] if lettered is None else [lettered[0]]
    return [prefix for prefix in found if not _VERB.fullmatch(_called(prefix))]


def is_question(fold: Fold) -> bool:
    """Whether gathered columns are called after one question.

    Examples
    --------
    >>> is_question(Fold(("q3_a", "q3_b", "q3_c"), "q3", "yes"))
    True
    >>> is_question(Fold(("fever", "rash", "cough"), "statement", "yes"))
    False
    """
    return all(name.startswith(plain_name(fold.key)) for name in fold.columns)


def _gathered(names: tuple[str, ...], called: str, said: str, taken: Set[str], prefix: str) -> Fold:
    """Gather the columns of one question: how each was answered is one chart."""
    suffix = ""
    if not prefix:
        prefix, suffix = (end if WORD.search(end) else "" for end in shared_ends(names))
        labels = [name[len(prefix) : len(name) - len(suffix)].strip() for name in names]
        if not all(labels) or len(set(labels)) < len(names):
            prefix = suffix = ""
    key, value = free_name(called, taken), free_name(said, taken)
    return Fold(names, key=key, value=value, prefix=prefix, suffix=suffix)


def is_flag(column: ColumnProfile) -> bool:
    """Whether a column has two codes, 1 and 0."""
    two = column.kind in ("boolean", "number") and column.semantic == "category"
    return two and column.zero_one and column.told is None


def _is_group(column: ColumnProfile) -> bool:
    """Whether a column is called after groups, such as sexes."""
    return GROUP_NAME.search(split_name(column.name)) is not None
