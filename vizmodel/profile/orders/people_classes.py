"""Owns the order of classes of people: by sex, then by age, as races and surveys write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vizmodel.patterns import late_pattern

#: Words and letters that say of which sex a class is; one class may leave it out.
_SEX = late_pattern(
    r"(female|male|women|woman|men|man|boys?|girls?|mixed|männlich|weiblich|männer|frauen|mann|frau"
    r"|herren|damen|hommes?|femmes?|hombres?|mujeres?|uomini|donne|mannen|vrouwen|[mfwdxh])"
    r"[ ,_:/-]*(\S.*)"
)
#: Ages of such a class: a number, a range, one with a bound, or a word.
_AGE = late_pattern(
    r"(?:ages? ?|aged ?|ak ?)?([<>≤≥u]|under |over |unter |über )?([1-9]\d{0,2})"
    r"(?: ?(?:-|–|to|bis|/) ?(\d{1,3}))?( ?\+| and over| or over| u\. älter)?"
    r"(?: ?(?:years?|yrs?|jahre?|ans|años))?"
)
_WORDS = {"jun": 19.0, "junior": 19.0, "juniors": 19.0, "jugend": 19.0, "open": 20.0}
_WORDS |= {"sen": 20.0, "senior": 20.0, "seniors": 20.0, "hk": 20.0, "elite": 20.0, "pro": 20.0}
_WORDS |= {"vet": 35.0, "masters": 35.0}
#: Fewest classes that tell a scheme, and fewest of them with a number.
MIN_CLASSES, MIN_NUMBERED = 3, 2


def class_order(labels: Sequence[str]) -> list[str] | None:
    """Return classes of people of two sexes by sex, then by age; None for other labels.

    Parameters
    ----------
    labels
        All different.

    Examples
    --------
    >>> class_order(["M25-29", "W35-39", "M20-24"])
    ['M20-24', 'M25-29', 'W35-39']
    >>> class_order(["Women 18-34", "Men 35+", "Men 18-34"])
    ['Men 18-34', 'Men 35+', 'Women 18-34']
    >>> class_order(["M1", "M2", "X"]) is None
    True
    """
    read = {label: _class(" ".join(label.lower().split())) for label in labels}
    places = {label: place for label, place in read.items() if place is not None}
    sexes = {sex for sex, _, _ in places.values()}
    aged = sum(re.search(r"\d\d", label) is not None for label in labels)
    if len(places) < max(len(labels), MIN_CLASSES) or len(set(places.values())) < len(labels):
        return None
    if len(sexes) < 2 or aged < max(MIN_NUMBERED, len(labels) / 2):
        return None
    return sorted(labels, key=lambda label: places[label])


def _class(text: str) -> tuple[str, float, float] | None:
    """Return the sex and the ages that a class in small letters is of."""
    found = _SEX.fullmatch(text)
    if found is None:
        return None
    if found[2] in _WORDS:
        return found[1], _WORDS[found[2]], 0.0
    age = _AGE.fullmatch(found[2])
    if age is None:
        return None
    under = age[1] is not None and age[1].strip() in ("<", "≤", "u", "under", "unter")
    return found[1], float(age[2]) - 0.5 * under, float(age[3] or (999 if age[4] else 0))
