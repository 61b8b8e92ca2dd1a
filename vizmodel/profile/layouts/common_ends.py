"""Owns what names of like columns begin and end with: whole parts of them, which are told once."""

from __future__ import annotations

from collections.abc import Sequence

from vizmodel.patterns import late_pattern

#: Parts of a name: numbers, acronyms, and words that a change of case or a sign ends.
PART = late_pattern(r"\d+(?:\.\d+)?|[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]")
#: Numbers of quarters.
QUARTERS = frozenset("1234")


def shared_ends(group: Sequence[str]) -> tuple[str, str]:
    """Return what all names begin and end with, whole parts and the signs beside them only.

    Parameters
    ----------
    group
        The names.

    Examples
    --------
    >>> shared_ends(["score_math (2019)", "score_art (2019)"])
    ('score_', ' (2019)')
    """
    prefix = _common_start(group)
    reversed_ = [name[len(prefix) :] for name in group]
    return prefix, _common_end(reversed_)


def ends_around_quarters(prefix: str, suffix: str, group: Sequence[str]) -> tuple[str, str]:
    """Return what names begin and end with, of quarters of something without their letter.

    Parameters
    ----------
    prefix, suffix
        As `shared_ends` finds them.
    group
        The names.

    Examples
    --------
    >>> ends_around_quarters("Q", " sales", ("Q1 sales", "Q2 sales", "Q3 sales"))
    ('', ' sales')
    >>> ends_around_quarters("Q", "", ("Q1", "Q2", "Q3"))
    ('Q', '')
    """
    numbers = {name[len(prefix) : len(name) - len(suffix)] for name in group}
    measured = prefix[:-1] or suffix.strip(" _-.")
    quarters = prefix[-1:].lower() == "q" and numbers <= QUARTERS and measured
    return (prefix[:-1] if quarters else prefix), suffix


def _common_start(group: Sequence[str]) -> str:
    first = min(group, key=len)
    best = ""
    for match in PART.finditer(first):
        end = match.end()
        while end < len(first) and not first[end].isalnum():
            end += 1
        if end == len(first) or not all(name.startswith(first[:end]) for name in group):
            break
        if all(PART.match(name, end) for name in group) and _ends_part(group, match.end()):
            best = first[:end]
    return best


def _ends_part(group: Sequence[str], end: int) -> bool:
    """Whether a part of each name ends at this place."""
    return all(end in {m.end() for m in PART.finditer(name)} for name in group)


def _common_end(group: Sequence[str]) -> str:
    first = min(group, key=len)
    best = ""
    for match in reversed(list(PART.finditer(first))):
        start = match.start()
        while start > 0 and not first[start - 1].isalnum():
            start -= 1
        ending = first[start:]
        if start == 0 or not all(name.endswith(ending) for name in group):
            break
        bare = len(first) - match.start()
        if all(len(n) - bare in {m.start() for m in PART.finditer(n)} for n in group):
            best = ending
    return best
