"""Owns which of two numbers explains the other by what it is: age, doses and riches run along x."""

from __future__ import annotations

from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile
from vizmodel.profile.words import split_name

#: Names of what nothing else brings about, but of an age at which something came or ended.
_AGE = late_pattern(
    r"^(?!.*\b(at|of|under|over|since|mean|avg|average|median)\b).*"
    r"\b(ages?|alter|âge|edad|età|idade|leeftijd|wiek|ålder|alder)\b|\bdos(e|es|is|age)\b|\bdosi\b"
)
#: Names of what much else follows from: riches of places, schooling, heat, how far, how strong.
_CAUSE = late_pattern(
    r"^(gdp|gnp|bip|pib|pil)$"
    r"|\b(gdp|gnp|bip|pib|pil|income)\b.*\b(capita|cap|head|person|kopf|habitant|habitante|abitante)\b"
    r"|\b(education|schooling|educ|experience|temp|temperature|temperatur|température|temperatura"
    r"|distance|horsepower|hp|displacement)\b"
)
#: Names of what follows from how a thing was built.
_EFFECT = late_pattern(r"\b(mpg|miles per gallon|mileage|fuel (economy|consumption))\b")


def precedence(column: ColumnProfile) -> int:
    """Return how far a number comes before others that it may explain; 0 for most.

    Parameters
    ----------
    column
        Of two that are drawn against each other, the one that comes first is on x.

    Examples
    --------
    >>> names = "age", "gdp_per_capita", "life_expectancy", "mpg"
    >>> [precedence(ColumnProfile(n, 0, "number", "measure", "", 9, 9, 9)) for n in names]
    [2, 1, 0, -1]
    """
    if column.axis or column.is_time:
        return 3
    name = split_name(column.name)
    if _AGE.search(name):
        return 2
    if _EFFECT.search(name):
        return -1
    return 1 if _CAUSE.search(name) else 0
