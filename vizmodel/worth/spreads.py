"""Owns which numbers say how uncertain or how spread another is, and which of them are margins.

A standard error, a deviation or a margin of error has the unit of its figure: it is drawn on either
side of it. Variances and other spreads are seen nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from vizmodel.grammar.remembered import once_per_profile
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.words import split_name

#: Names of how uncertain a figure is or how far its values spread, of no other number; and others.
_SURE = (
    r"uncertainty|uncertainties|standard error|std ?err(or)?|stderr|standard deviation|std ?dev"
    r"|stdev|stddev|margin of error|moe|error bars?|standardfehler|standardabweichung|unsicherheit"
    r"|incertitude|erreur type|[ée]cart type|incertidumbre|error est[aá]ndar"
    r"|desviaci[oó]n est[aá]ndar"
)
_SPREAD = late_pattern(
    rf"\b({_SURE}|unc|s ?e|sem|s ?d|std|err(ors?)?|sigma|variance|var|cv|iqr|mad|margin|ci|fehler"
    r"|streuung|erreur|error)\b"
)
#: Spreads in another unit than their figure, or not about it on either side.
_OTHER_UNIT = late_pattern(r"\b(variance|var|cv|iqr|mad)\b")
#: Letters of codes.
SHORT = 2
#: Short names that follow the figure they are of: accuracy, std.
_BESIDE = late_pattern(rf"({_SURE}|s ?e|sem|s ?d|std|unc|ci)( ?(of )?(the )?mean)?")
#: How far earnings vary is set against them, not drawn around them.
_EARNED = late_pattern(r"\b(returns?|yields?|rendite|performance)\b")
#: Names of what a spread is of that say how it was worked out, and further words of spreads.
MIDDLE = late_pattern(
    r"\b(mean|avg|average|median|estimate|est|value|mu|beta|coef(ficient)?|mid|central|point"
    r"|mittelwert|moyenne|media)\b"
)
_FURTHER = late_pattern(r"\b(\d+|ci|pct|percent|of|the|for|in)\b|%")
_DEVIATION = late_pattern(r"\b(s ?d|std|std ?dev|stdev|stddev|sigma)\b|devi|abweich|[ée]cart")


@once_per_profile
def spreads(profile: Profile) -> Mapping[str, str | None]:
    """Return the numbers that say how uncertain or how spread another is: name -> figure.

    None stands for a figure that several columns may be.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"model": ["a", "b"], "accuracy": [0.71, 0.83], "std": [0.02, 0.05]}
    >>> dict(spreads(profile_table(pa.table(table))))
    {'std': 'accuracy'}
    """
    sizes = [column for column in profile.own_columns if column.usable and column.is_size]
    # Of several keys the first has what names the rows; figures may tell them apart as well.
    key = min(profile.keys, key=lambda places: (len(places), places), default=())
    named = [profile.columns[at].name for at in key]
    gathered = [name for fold in profile.folds for name in fold.columns]
    return dict(_spreads(sizes, frozenset((*named, *gathered))))


@once_per_profile
def margins(profile: Profile) -> Mapping[str, str]:
    """Return the figures whose margin a table gives, each with its column.

    Errors of means come before deviations of values: they say how sure the figure is.
    """
    found: dict[str, list[str]] = {}
    for name, figure in spreads(profile).items():
        if figure is not None and not _OTHER_UNIT.search(split_name(name)):
            found.setdefault(figure, []).append(name)
    return {figure: min(names, key=_is_deviation) for figure, names in found.items()}


def _is_deviation(name: str) -> bool:
    return _DEVIATION.search(split_name(name)) is not None


def _spreads(
    sizes: Sequence[ColumnProfile], apart: Collection[str]
) -> Iterator[tuple[str, str | None]]:
    """Yield spreads and their figures: what shares the rest of a name, or stands before it.

    Columns `apart` name the rows or are gathered: whatever stands beside them, they are no figures.
    """
    others = [c for c in sizes if not _SPREAD.search(split_name(c.name))]
    called = {c.name: _called(split_name(c.name)) for c in others}
    alone = {c.position: c for c in sizes if c.name not in apart}
    for column in sizes:
        name = split_name(column.name)
        if not _SPREAD.search(name) or not others or column.share_negative > 0:
            continue
        rest = without(_FURTHER, _SPREAD.sub(" ", name, count=1))
        named = [c for c in others if rest in called[c.name]]
        beside = None if rest or named or column.name in apart else _before(column, alone)
        if named or beside or (not rest and re.search(_SURE, name)):
            figure = named[0] if len(named) == 1 else beside
            yield column.name, figure.name if figure and _is_around(column, figure) else None


def _called(name: str) -> frozenset[str]:
    """Return what the spread of a figure is called after: its name, what it is of, its initials."""
    return frozenset((name, without(MIDDLE, name), "".join(word[0] for word in name.split())))


def _before(column: ColumnProfile, columns: Mapping[int, ColumnProfile]) -> ColumnProfile | None:
    """Return the one figure in the numbers before a spread of short name, counts left out."""
    if not _BESIDE.fullmatch(split_name(column.name)):
        return None
    found: list[ColumnProfile] = []
    for place in range(column.position - 1, -1, -1):
        one = columns.get(place)
        spread = one is not None and _SPREAD.search(split_name(one.name)) is not None
        if one is None or (spread and found):
            break  # what stands before belongs to others
        if not (spread or one.adds_up):
            found.append(one)
    # Two letters beside two others are codes: ND, SD.
    if len(found) != 1 or len(found[0].name) <= SHORT:
        return None
    return None if _EARNED.search(split_name(found[0].name)) else found[0]


def _is_around(spread: ColumnProfile, figure: ColumnProfile) -> bool:
    """Whether numbers may lie on either side of a figure: they are no larger, or its range is."""
    most = max(abs(figure.quantiles[2]), figure.maximum - figure.minimum)
    return spread.quantiles[2] <= most


def without(said: re.Pattern[str], words: str) -> str:
    """Return words but those that a pattern finds, with one blank between each."""
    return " ".join(said.sub(" ", words).split())
