"""Owns the order that labels have by what they say: steps of a scale, months, quarters, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from vizmodel.profile.words import scale_of

Place: TypeAlias = tuple[float, ...]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    rf"^(?:(\d{{4}})[ /-]+)?({'|'.join(_MONTHS)})[a-z]*\.?(?:[ ,/'-]+(\d{{2,4}}))?$"
)
_QUARTER = re.compile(r"^(?:(\d{4})[ /:-]*)?q([1-4])(?:[ /:-]*(\d{4}))?$")
_NUMBERED = re.compile(r"^(\D{0,20}?)[ _-]?(\d{1,9}(?:\.\d+)?)(\D{0,20})$")
#: Words before a number that say it is a step; others, such as "store 7", are names.
_STEP_WORDS = re.compile(
    r"^(\W*|[a-z]|day|week|month|year|quarter|age|grade|step|stage|level|phase|round|wave|visit"
    r"|period|dose|time|trial|generation|week no|size)\.?$"
)
MIN_NUMBERED = 3


def in_steps(labels: Sequence[Any]) -> list[Any] | None:
    """Return labels in the order of the steps that they name; None where they are mere names.

    Examples
    --------
    >>> in_steps(["High", "Low"]), in_steps(["8m", "2m", "12m"]), in_steps(["Rome", "Oslo"])
    (['Low', 'High'], ['2m', '8m', '12m'], None)
    >>> in_steps(["Oct 2020", "Apr 2021", "Apr 2020"])
    ['Apr 2020', 'Oct 2020', 'Apr 2021']
    >>> in_steps(["Q3", "Q10", "Q1"]), in_steps(["store 3", "store 10", "store 1"])
    (['Q1', 'Q3', 'Q10'], None)
    """
    if len(labels) < 2 or not all(isinstance(label, str) for label in labels):
        return None
    lowered = {label: label.strip().lower() for label in labels}
    scale = scale_of(list(labels))
    if scale is not None:
        return sorted(labels, key=lambda label: scale.index(lowered[label]))
    for read in (_month, _quarter, _numbered):
        places = {label: read(lowered[label]) for label in labels}
        if all(place is not None for place in places.values()) and _alike(places, lowered, read):
            return sorted(labels, key=lambda label: places[label] or ())
    return None


def _month(text: str) -> Place | None:
    found = _MONTH.match(text)
    return found and (float(found[1] or found[3] or 0), float(_MONTHS.index(found[2])))


def _quarter(text: str) -> Place | None:
    found = _QUARTER.match(text)
    return found and (float(found[1] or found[3] or 0), float(found[2]))


def _numbered(text: str) -> Place | None:
    found = _NUMBERED.match(text)
    if found is None or not (found[1] or found[3]) or not _STEP_WORDS.match(found[1].strip()):
        return None
    return (float(found[2]),)


def _alike(
    places: dict[str, Place | None], lowered: dict[str, str], read: Callable[[str], Place | None]
) -> bool:
    """Whether labels say the same thing of different numbers."""
    if len(set(places.values())) < len(places):
        return False
    if read is not _numbered:
        return True
    around = {_NUMBERED.sub(r"\1|\3", lowered[label]) for label in places}
    return len(around) == 1 and len(places) >= MIN_NUMBERED


def natural(label: str) -> list[tuple[bool, float, str]]:
    """Return what sorts "group 2" before "group 10", and "<18" before "18 to 25".

    Examples
    --------
    >>> sorted(["group 10", "group 2", "18 to 25", "<18"], key=natural)
    ['<18', '18 to 25', 'group 2', 'group 10']
    """
    bound = re.match(r"([<>≤≥]?)\s*(\d{1,15}(?:\.\d+)?)", label)
    if bound:
        side = {"<": -0.5, "≤": -0.5, ">": 0.5, "≥": 0.25}.get(bound[1], 0.0)
        return [(False, float(bound[2]) + side, ""), (True, 0, label)]
    parts = re.split(r"(\d{1,15})", label.casefold())
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
