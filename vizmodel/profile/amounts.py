"""Owns which numbers are amounts, which add up: their names say so, or how far they are apart."""

from __future__ import annotations

from vizmodel.patterns import late_pattern
from vizmodel.profile import words
from vizmodel.profile.columns import ColumnProfile

#: Spread (deviation over mean) and values from which whole numbers of any name pass as amounts.
MIN_AMOUNT_SPREAD, MIN_AMOUNTS = 1.0, 13
#: Names of amounts of which records have no total: how they grow, how high they may be, what one
#: costs, numbers of papers; and of what is held, at other times as well.
_NO_TOTAL_NAME = late_pattern(
    r"\b(growth|change[sd]?|delta|diff(erence)?s?|variance|yoy|mom|qoq|limits?|ceiling|quota|ids?"
    r"|(unit|standard|list) (costs?|values?)|stückkosten|cost[eo] unitario|coût unitaire"
    r"|wachstum|veränderung|limite|croissance|variation|crecimiento|variación|crescita)\b"
)
#: Names of how long each thing took, or somebody waited for it: the usual one is asked, no total.
_TAKEN_NAME = late_pattern(
    r"\b(resolution|resolve|(first )?(response|reply|answer)|reaction|wait(ing|ed)?|lead|cycle"
    r"|turn ?around|transit|delivery|shipping|fulfil\w*|recovery|survival|commute|time to \w+)"
    r"\b.*\b(times?|durations?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)\b"
    r"|\b(warte|reaktions|antwort|lösungs|durchlauf|liefer)(zeit|dauer|tage|stunden|minuten)"
    r"|\b(temps|délai|durée) d[e'’] ?(attente|réponse|livraison|résolution)"
    r"|\btiempo de (espera|respuesta|entrega|resolución)"
)
_HELD_NAME = late_pattern(
    r"\b((inventory|stock|portfolio|market|asset|book|home|house|property|fair) values?|on hand"
    r"|in stock|capacity|market cap|bestand(swert)?|lagerwert)\b"
)


def is_amount(column: ColumnProfile) -> bool:
    """Whether the name says amounts, or whole numbers are far apart as counts are."""
    name = words.split_name(column.name)
    if column.rate or words.WORTH_NAME.search(name) or _TAKEN_NAME.search(name):
        return False
    if is_named_amount(column):
        return True
    if words.DURATION_NAME.search(name) or words.NUMBERED_NAME.match(name):
        return False
    return is_spread_as_counts(column)


def is_spread_as_counts(column: ColumnProfile) -> bool:
    """Whether whole numbers are far apart, as counts are and grades are not."""
    spread = bool(column.std >= MIN_AMOUNT_SPREAD * abs(column.mean))
    return column.integer and spread and column.n_distinct >= MIN_AMOUNTS


def is_named_amount(column: ColumnProfile) -> bool:
    """Whether the name says amounts; the lucky number, or that of a house, is none."""
    name = words.split_name(column.name)
    if column.semantic == "currency" or column.adds_up:
        return True
    said = words.AMOUNT_NAME.search(name) or words.COUNTED_NAME.search(name)
    return said is not None and not words.NUMBERED_NAME.match(name)


def is_flow(column: ColumnProfile) -> bool:
    """Whether each event in time brings or takes so much: rain, a distance, energy, minutes."""
    name = words.split_name(column.name)
    said = column.additive and words.FLOW_NAME.search(name)
    return bool(said) and not (words.NO_FLOW_NAME.search(name) or _TAKEN_NAME.search(name))


def has_no_total(column: ColumnProfile) -> bool:
    """Whether records have no total of an amount: of how it grows, or how high it may be."""
    return _NO_TOTAL_NAME.search(words.split_name(column.name)) is not None


def is_held(column: ColumnProfile) -> bool:
    """Whether an amount is what is held at a time, such as the value of a stock."""
    return _HELD_NAME.search(words.split_name(column.name)) is not None
