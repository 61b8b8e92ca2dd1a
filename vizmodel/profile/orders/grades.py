"""Owns the order of marks written in letters: grades of school, of credit, of what uses energy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vizmodel.patterns import late_pattern

#: A letter with signs: A+, B-, A+++; the more the better, and none is in between.
_MARK = late_pattern(r"([a-f])(\+{0,3}|[-−–])")
#: Grades of school without a sign, where the E that none gives is missing.
SCHOOL, MIN_SCHOOL = frozenset("abcdf"), 4
#: Ratings of debtors, best first.
_DEBTOR = late_pattern(r"(aaa|aa|a|bbb|bb|b|ccc|cc|c|d)([+-]?)")
_DEBTORS = ("aaa", "aa", "a", "bbb", "bb", "b", "ccc", "cc", "c", "d")
_MOODY = late_pattern(r"(aaa|aa|a|baa|ba|b|caa|ca|c)([1-3]?)")
_MOODYS = ("aaa", "aa", "a", "baa", "ba", "b", "caa", "ca", "c")
_SIGNS = {"": 0, "+": -1, "-": 1, "−": 1, "–": 1}  # signs that tables write
#: Fewest letters one after the other that stand for steps, and fewest grades.
MIN_RUN, MIN_GRADES = 5, 3
#: Columns whose letters are marks, with a number behind them where there are finer ones.
_GRADE_NAME = late_pattern(
    r"\b(sub ?)?(grades?|ratings?|bands?|tier|class|level|rank|quality|deck|score|note|notes"
    r"|energy|epc|energie\w*|effizienz\w*|dpe)\b"
)
_LETTER = late_pattern(r"[a-z][1-9]?")


def grade_order(labels: Sequence[str]) -> list[str] | None:
    """Return marks from the best to the worst; None for labels that are none.

    Parameters
    ----------
    labels
        All different.

    Examples
    --------
    >>> grade_order(["B", "A-", "A+", "F"]), grade_order(["BB+", "AAA", "A-"])
    (['A+', 'A-', 'B', 'F'], ['AAA', 'A-', 'BB+'])
    >>> grade_order(["A", "B", "C"]) is None
    True
    """
    lowered = {label: label.strip().lower() for label in labels}
    places = _marks(lowered) or _rated(lowered, _DEBTOR, _DEBTORS, "bbb")
    places = places or _rated(lowered, _MOODY, _MOODYS, "baa")
    if len(labels) < MIN_GRADES or not places or len(set(places.values())) < len(labels):
        return None
    return sorted(labels, key=lambda label: places[label])


def is_mark(text: str) -> bool:
    """Whether a text in small letters is a letter that may be a grade, with or without signs.

    Examples
    --------
    >>> is_mark("b+"), is_mark("w")
    (True, False)
    """
    return _MARK.fullmatch(text) is not None


def _marks(lowered: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Return the places of grades that have signs, or that only a school gives."""
    found = {label: _MARK.fullmatch(text) for label, text in lowered.items()}
    read = {label: one for label, one in found.items() if one is not None}
    if len(read) < len(lowered):
        return {}
    signed = any(one[2] for one in read.values())
    letters = {one[1] for one in read.values()}
    school = letters <= SCHOOL and len(letters) >= MIN_SCHOOL and {"a", "f"} <= letters
    signs = {one[2][:1] for one in read.values() if one[2]}
    if not school and not (signed and (len(letters) > 1 or len(signs) > 1)):
        return {}
    return {label: (ord(one[1]), _SIGNS.get(one[2], -len(one[2]))) for label, one in read.items()}


def _rated(
    lowered: dict[str, str], form: re.Pattern[str], steps: tuple[str, ...], told: str
) -> dict[str, tuple[int, int]]:
    """Return the places of ratings, among which are some of three letters."""
    found = {label: form.fullmatch(text) for label, text in lowered.items()}
    read = {label: one for label, one in found.items() if one is not None}
    if len(read) < len(lowered) or not {one[1] for one in read.values()} & {"aaa", "aa", told}:
        return {}
    return {
        label: (steps.index(one[1]), int(one[2]) if one[2].isdigit() else _SIGNS[one[2]])
        for label, one in read.items()
    }


def lettered_order(name: str, labels: Sequence[str]) -> list[str] | None:
    """Return letters that stand for steps by the alphabet; None where they are mere names.

    They do where their column is called a grade, and where they follow each other from another
    letter than the first.

    Parameters
    ----------
    name
        Of the column, in words of small letters.
    labels
        All different.

    Examples
    --------
    >>> lettered_order("grade", ["C", "A", "B"]), lettered_order("site", ["C", "A", "B"])
    (['A', 'B', 'C'], None)
    >>> lettered_order("color", ["J", "D", "E", "F", "I", "G", "H"])
    ['D', 'E', 'F', 'G', 'H', 'I', 'J']
    """
    lowered = [label.strip().lower() for label in labels]
    if len(labels) < MIN_GRADES or not all(map(_LETTER.fullmatch, lowered)):
        return None
    codes = sorted(map(ord, (text for text in lowered if len(text) == 1)))
    run = len(codes) == len(labels) >= MIN_RUN and codes[-1] - codes[0] == len(codes) - 1
    if not _GRADE_NAME.search(name) and not (run and lowered and min(lowered) != "a"):
        return None
    return sorted(labels, key=lambda label: label.strip().lower())
