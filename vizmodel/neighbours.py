"""Owns the charts that are like a given one: its columns once more, its mark beside one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from msgspec.structs import replace

from vizmodel.design import Design, Intent
from vizmodel.grammar import IntentError
from vizmodel.profile import Profile
from vizmodel.ranking.rank import rank
from vizmodel.ranking.ranked import RankedDesign
from vizmodel.ranking.told_shares import as_bars, untold
from vizmodel.ranking.weights import WEIGHTS
from vizmodel.recommend import beside, in_style
from vizmodel.runtime import newest_weights
from vizmodel.search.decoder import Ask, Candidate, Decoder, LocalDecoder
from vizmodel.worth.taste import read_taste

#: Unfinished charts of each of the searches around a chart.
WIDTH = 32
#: What a chart gains that is as near as can be, in nats.
CLOSENESS = 6.0
#: Who asks for more of the same is not charged for columns and marks that come again.
LIKE_WEIGHTS = replace(
    WEIGHTS, new_column=0.0, same_columns=0.0, near_twin=0.0, same_mark=0.3, same_column=0.0
)


def neighbours(
    design: Design,
    profile: Profile,
    k: int = 15,
    intent: Intent | None = None,
    decoder: Decoder | None = None,
    shown: Sequence[Design] = (),
) -> list[RankedDesign]:
    """Return charts like one that the person likes, nearest and best first.

    Each search is constrained: to all columns of the chart, to all but one of them, and to its
    mark with one of its columns.

    Parameters
    ----------
    design
        The chart liked; styled or not.
    profile
        Of its table.
    k
        Number of charts; fewer come back where the grammar allows fewer.
    intent
        What every chart must show, and what none may; what contradicts the chart gives way to it.
    decoder
        Who finds the candidates; the shipped weights in this process where None.
    shown
        Charts that the person has seen; none of them comes again, nor does `design`.

    Returns
    -------
    list of RankedDesign
        Styled designs; empty where nothing is like it.

    Examples
    --------
    >>> neighbours(chart.design, profile, k=5)  # doctest: +SKIP
    """
    like = design.upright()
    seen = (*shown, like)
    around = _around(like, beside(intent or Intent(), seen))
    asks = [Ask(profile, narrowed, WIDTH) for narrowed in around]
    found: dict[Design, Candidate] = {}
    for decoded in (decoder or LocalDecoder()).decode(asks):
        if not isinstance(decoded, IntentError):
            found = {**decoded, **found}
    new = untold(list(found), profile, seen)
    candidates = [(one, found[one].log_probability) for one in new]
    ranked = rank(
        candidates,
        profile,
        k,
        LIKE_WEIGHTS,
        read_taste(newest_weights()),
        shown=seen,
        nearness=lambda other: CLOSENESS * closeness(other, like),
    )
    ranked = as_bars(ranked, list(found), profile)
    return in_style(ranked, found, profile, intent or Intent())


def _around(design: Design, intent: Intent) -> Iterator[Intent]:
    """Return what the searches around a chart are constrained to."""
    fields = design.fields
    yield _with_columns(intent, fields)
    if len(fields) > 2:
        for left_out in fields:
            yield _with_columns(intent, tuple(name for name in fields if name != left_out))
    if intent.mark in (None, design.mark):
        for name in fields or intent.columns[:1]:
            yield replace(_with_columns(intent, (name,)), mark=design.mark)


def _with_columns(intent: Intent, names: tuple[str, ...]) -> Intent:
    return replace(intent, columns=tuple(dict.fromkeys((*intent.columns, *names))))


def closeness(design: Design, other: Design) -> float:
    """Return how near two charts are, 0..1: columns most, then the story, then the mark.

    Examples
    --------
    >>> bars = Design("bar", ())
    >>> closeness(bars, bars)
    1.0
    """
    columns = _overlap(frozenset(design.fields), frozenset(other.fields))
    stories = _overlap(design.story(), other.story())
    return 0.5 * columns + 0.3 * stories + 0.2 * (design.mark == other.mark)


def _overlap(first: Set[object], second: Set[object]) -> float:
    either = first | second
    return len(first & second) / len(either) if either else 1.0
