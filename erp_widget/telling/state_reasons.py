"""Owns what is said of one measure in two states: which is higher, how often, and where most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.aggregate import ChartRows
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.figures import at_place, briefs, named_place
from erp_widget.telling.gathered_names import PLAIN_VALUES, says_little
from erp_widget.words import phrase
from vizmodel.design import Design, Encoding, Fold
from vizmodel.grammar.gathering import compares_states
from vizmodel.profile import Profile

#: Fewest places of which it is told how often one state is higher.
MIN_PLACES = 3
Record = Mapping[str, Any]
#: What a chart shows of each state of one place, in the order of the states.
Both = tuple[Record, Record]


def states_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return in how many places one state is higher, and where the two are most apart.

    Parameters
    ----------
    design, profile
        The chart, which has both states in each place of an axis, and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where it shows other things, or there are few places.
    """
    measure, state = measure_of(design), design.encoding("color")
    if rows is None or measure is None or state is None or not compares_states(design, profile):
        return None
    fold, keys = profile.gathered[str(state.field)], _keys(design, measure, state)
    places = _places(rows.records, fold, measure, keys)
    ways = [two[measure.channel] - one[measure.channel] for one, two in places]
    up, down = sum(way > 0 for way in ways), sum(way < 0 for way in ways)
    if len(places) < MIN_PLACES or up == down:
        return None
    # What comes later is compared with what was; of others the one that is higher more often.
    turned = down > up and not profile.column(fold.key).ordered
    way = "lower" if down > up and not turned else "higher"
    most = max(places, key=lambda both: abs(both[1][measure.channel] - both[0][measure.channel]))
    told, than = most[:: 1 if turned else -1]
    plain = measure.aggregate is None and says_little(fold.value, PLAIN_VALUES)
    name = named_place if plain else at_place
    one, other = (name(record, [state], profile) for record in (told, than))
    said = f"{one} is {way} than {other}"
    if not plain:
        said = f"{phrase(measure, profile)} is {way} {one} than {other}"
    often = f"all {len(ways)}" if max(up, down) == len(ways) else f"{max(up, down)} of {len(ways)}"
    figures = briefs([told[measure.channel], than[measure.channel]], measure, profile)
    where = at_place(most[0], keys, profile)
    return f"{said} in {often} cases; they differ most {where} ({figures[0]} and {figures[1]})"


def _keys(design: Design, measure: Encoding, state: Encoding) -> list[Encoding]:
    return [e for e in design.encodings if e is not measure and e.field != state.field]


def _places(
    records: Sequence[Record], fold: Fold, measure: Encoding, keys: Sequence[Encoding]
) -> list[Both]:
    """Return both records of each place that has a value of both states."""
    found: dict[tuple[Any, ...], dict[str, Record]] = {}
    for record in records:
        if isinstance(record.get(measure.channel), int | float):
            at = tuple(record.get(key.channel) for key in keys)
            found.setdefault(at, {})[str(record["color"])] = record
    first, second = fold.labels if fold.kind == "text" else sorted(fold.labels, key=int)
    both = [one for one in found.values() if one.keys() == {first, second}]
    return [(one[first], one[second]) for one in both]
