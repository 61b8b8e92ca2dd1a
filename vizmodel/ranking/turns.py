"""Owns lists of long tables: charts of each measure by itself, the measures in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import zip_longest
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vizmodel.design import Design, Intent
from vizmodel.grammar import IntentError
from vizmodel.profile import Profile
from vizmodel.ranking.ranked import RankedDesign

if TYPE_CHECKING:
    from vizmodel.recommend import Request

Chosen = list[RankedDesign] | IntentError


def by_measure(request: Request) -> Iterator[Request]:
    """Yield what is asked of each measure that has all columns that charts must show.

    What a person asks about first is to be among them: kinds of measures are compared by all rows.
    """
    asked = _asked(request.intent).union((request.profile.asked or ())[:1])
    for part in request.profile.measures:
        if asked <= {column.name for column in part.columns}:
            shown = tuple(one for one in request.shown if set(part.within) <= set(one.style.where))
            yield replace(request, profile=part, shown=shown)


def _asked(intent: Intent) -> set[str]:
    return {*intent.columns, *(name for _, name in intent.encoding)}


def in_turn(parts: Sequence[Chosen], whole: Chosen, profile: Profile, k: int) -> Chosen:
    """Return the best chart of each measure, then the second best of each, and so on.

    Of the charts of all rows those come in their turn that have a panel for each measure; of a
    table of three columns all do.

    Parameters
    ----------
    parts
        What was chosen of each measure.
    whole
        What was chosen of the table.
    profile
        Of the table.
    k
        Number of charts.
    """
    if not parts:
        return whole
    told = {h.column for part in profile.measures for h in part.within if not h.but}
    over = [] if isinstance(whole, IntentError) or not told else whole
    lists = [one for one in parts if not isinstance(one, IntentError)]
    if profile.shaped and told:  # somebody made it to be drawn as it is
        lists.insert(0, over)
    else:
        lists.append([one for one in over if told.intersection(_panels(one.design))])
    found = [one for turn in zip_longest(*lists) for one in turn if one is not None]
    return _forms_last(found, told)[:k] or whole


def _panels(design: Design) -> set[str | None]:
    """Return the columns that have a panel for each of their values."""
    return {e.field for e in design.encodings if e.channel in ("row", "column")}


def _forms_last(ranked: Sequence[RankedDesign], kinds: Set[str]) -> list[RankedDesign]:
    """Return charts with those last that show once more what an earlier one does."""
    seen: set[object] = set()
    first: list[RankedDesign] = []
    again: list[RankedDesign] = []
    for one in ranked:
        held = frozenset(held for held in one.design.style.where if held.column in kinds)
        told = held, one.design.story()
        (again if told in seen else first).append(one)
        seen.add(told)
    return first + again
