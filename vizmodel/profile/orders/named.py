"""Owns the order of labels that are no steps, and yet are listed in one order everywhere.

Roman numerals, no before yes, and the three pairs of two genes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from vizmodel.patterns import late_pattern
from vizmodel.profile.answers import ANSWERS
from vizmodel.profile.orders.processes import process_order

#: Before a label that says what is not so.
_NOT = late_pattern(r"^(not|non|no|without|kein(e|en)?|nicht|ohne|sans|pas de|sin|senza)[ _-]+")
TWO = 2
_ROMAN = late_pattern(r"(x{0,3})(ix|iv|v?i{0,3})([a-c]?)")
_UNITS = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
#: Fewest Roman numerals that are no mere letters, those one of which must be there, and fewest
#: beside which one other label may stand: it comes first.
MIN_ROMAN, TOLD_ROMAN, MANY_ROMAN = 3, frozenset({2, 3}), 6
#: Words before a Roman numeral that say it is a step.
_STEP = late_pattern(
    r"stage|grade|phase|class|type|level|period|step|wave|round|asa|quarter|quartal|trimestre|term",
    re.IGNORECASE,
)


def named_order(
    labels: Sequence[str],
) -> tuple[Literal["steps", "named"], list[str]] | None:
    """Return labels in the order in which they are listed everywhere, and whether they are steps.

    Parameters
    ----------
    labels
        All different.

    Returns
    -------
    tuple or None
        None for others.

    Examples
    --------
    >>> named_order(["Yes", "No"]), named_order(["IX", "V", "II"])
    (('named', ['No', 'Yes']), ('named', ['II', 'V', 'IX']))
    >>> named_order(["stage III", "stage I", "stage II"])
    ('steps', ['stage I', 'stage II', 'stage III'])
    >>> named_order(["MN", "MM", "NN"]), named_order(["Rome", "Oslo"])
    (('named', ['MM', 'MN', 'NN']), None)
    """
    lowered = {label: label.strip().lower() for label in labels}
    for answers in ANSWERS:
        if len(labels) > 1 and set(lowered.values()).issubset(answers):
            return "named", sorted(labels, key=lambda label: answers.index(lowered[label]))
    if len(lowered) == TWO:
        # A thing that is told by another's name: no mismatch, mismatch.
        first, second = sorted(lowered, key=lambda label: -len(label))
        if _NOT.sub("", lowered[first]) == lowered[second]:
            return "named", [first, second]
    states = process_order(lowered)
    if states is not None:
        return "named", states
    pairs = _gene_order(labels)
    return _roman_order(labels) if pairs is None else ("named", pairs)


def _gene_order(labels: Sequence[str]) -> list[str] | None:
    """Return the pairs of two genes, the mixed one in the middle."""
    if len(labels) != 3 or not all(len(label) == 2 and label.isalpha() for label in labels):
        return None
    pure = sorted(label for label in labels if label[0] == label[1])
    mixed = [label for label in labels if label not in pure]
    if len(pure) != 2 or {*mixed[0]} != {pure[0][0], pure[1][0]}:
        return None
    return [pure[0], mixed[0], pure[1]]


def _roman_order(labels: Sequence[str]) -> tuple[Literal["steps", "named"], list[str]] | None:
    read = {label: _roman(label) for label in labels}
    places = {label: place for label, place in read.items() if place is not None}
    others = [label for label in labels if label not in places]
    if len(others) > (1 if len(places) >= MANY_ROMAN else 0) or len(places) < MIN_ROMAN:
        return None
    numbers = {place[1] for place in places.values()}
    before = {place[0] for place in places.values()}
    if len(set(places.values())) < len(places) or len(before) != 1 or not numbers & TOLD_ROMAN:
        return None
    steps = not others and _STEP.fullmatch(before.pop()) is not None
    return ("steps" if steps else "named"), [*others, *sorted(places, key=lambda one: places[one])]


def _roman(label: str) -> tuple[str, int, str] | None:
    """Return the word before a Roman numeral, its number, and a letter behind it."""
    before, _, last = label.strip().rpartition(" ")
    first, _, after = label.strip().partition(" ")
    if first.isupper() and after.islower() and _ROMAN.fullmatch(first.lower()):
        before, last = after, first  # II trimestre
    if last == "0":
        return before, 0, ""
    found = _ROMAN.fullmatch(last.lower())
    if found is None or not (found[1] or found[2]) or len({last, last.upper(), last.lower()}) == 3:
        return None
    return before, 10 * len(found[1]) + _UNITS[found[2]], found[3]
