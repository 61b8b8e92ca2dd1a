"""Owns the way from a profile to ranked designs: decode under the grammar, rank, style."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.design import Design, Intent, Without
from vizmodel.form.style import styled
from vizmodel.grammar import Grammar, IntentError
from vizmodel.profile import Profile
from vizmodel.ranking.rank import rank
from vizmodel.ranking.ranked import RankedDesign
from vizmodel.ranking.told_shares import as_bars, untold
from vizmodel.ranking.turns import by_measure, in_turn
from vizmodel.runtime import newest_weights
from vizmodel.search.decoder import ANYTHING, Ask, Candidate, Decoded, Decoder, LocalDecoder
from vizmodel.worth.outcomes import upright
from vizmodel.worth.taste import read_taste


def recommend(
    profile: Profile,
    k: int = 15,
    intent: Intent | None = None,
    decoder: Decoder | None = None,
    shown: Sequence[Design] = (),
) -> list[RankedDesign]:
    """Recommend charts for a table, best first.

    Parameters
    ----------
    profile
        Of the table.
    k
        Number of charts; fewer come back where the grammar allows fewer.
    intent
        What every chart must show, and what none may.
    decoder
        Who finds the candidates; the shipped weights in this process where None.
    shown
        Charts that the person has seen; the list goes on after them and has none of them.

    Returns
    -------
    list of RankedDesign
        Styled designs with their scores; empty where nothing can be charted, or nothing new.

    Raises
    ------
    IntentError
        Where the intent names an unknown column or asks for what no legal chart can show.
    ValueError
        Where k is not a positive number.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({"city": ["Rome", "Oslo"] * 10, "sales": list(range(20))})
    >>> recommend(profile_table(table), k=1)[0].design.mark in ("bar", "boxplot", "point", "tick")
    True
    """
    (found,) = recommend_many([Request(profile, k, intent or Intent(), tuple(shown))], decoder)
    if isinstance(found, IntentError):
        raise found
    return found


class Request(Struct, frozen=True):
    """What `recommend` takes, for one of many tables."""

    profile: Profile
    k: int = 15
    intent: Intent = ANYTHING
    shown: tuple[Design, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an empty list."""
        if self.k < 1:
            msg = f"k must be at least 1, not {self.k}"
            raise ValueError(msg)


def recommend_many(
    requests: Sequence[Request], decoder: Decoder | None = None
) -> list[list[RankedDesign] | IntentError]:
    """Recommend charts for many tables; the network reads them together.

    Parameters
    ----------
    requests
        One for each table.
    decoder
        As in `recommend`.

    Returns
    -------
    list
        For each request what `recommend` returns, or the error that it raises.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = profile_table(pa.table({"city": ["Rome", "Oslo"] * 10, "sales": range(20)}))
    >>> len(recommend_many([Request(table), Request(table, 1)]))
    2
    """
    # 1. Decode: each orientation that the intents leave open, each measure of a long table.
    several = [[*by_measure(request), request] for request in requests]
    asks = [Ask(r.profile, beside(r.intent, r.shown)) for parts in several for r in parts]
    found = iter((decoder or LocalDecoder()).decode(asks))
    chosen = ([_chosen(part, next(found)) for part in parts] for parts in several)
    return [
        in_turn(parts, whole, request.profile, request.k)
        for (*parts, whole), request in zip(chosen, requests, strict=True)
    ]


def _chosen(request: Request, found: Decoded | IntentError) -> list[RankedDesign] | IntentError:
    if isinstance(found, IntentError):
        return found
    profile, intent, shown = request.profile, request.intent, request.shown
    if not found and not shown and intent != ANYTHING:
        return Grammar(profile, intent).contradiction()
    if not intent.encoding:
        found = _upright(found, profile)
    # 2. Rank, then spread over columns, relations and marks.
    new = untold(list(found), profile, shown)
    candidates = [(design, found[design].log_probability) for design in new]
    taste = read_taste(newest_weights())
    # Who asks for a column or a mark wants all its forms; who asks for charts, what they say.
    patient = replace(intent, without=ANYTHING.without) != ANYTHING or bool(shown)
    ranked = rank(candidates, profile, request.k, taste=taste, shown=shown, patient=patient)
    ranked = as_bars(ranked, list(found), profile)
    # 3. Style: orientation, order, stacking, scales.
    return in_style(ranked, found, profile, intent)


def _as_asked(ranked: RankedDesign, intent: Intent) -> RankedDesign:
    """Return a chart whose share stays bars where a person asks for bars, or for no line."""
    style = ranked.design.style
    free = intent.mark is None and "line" not in intent.without.marks
    if free or not style.course:
        return ranked
    return replace(ranked, design=ranked.design.with_style(replace(style, course=False)))


def _upright(found: Decoded, profile: Profile) -> Decoded:
    """Return charts with what the table asks about on y; of two that are one then, the likelier."""
    best: dict[Design, Candidate] = {}
    for design, one in found.items():
        stands = upright(design, profile, found)
        if stands not in best or one.log_probability > best[stands].log_probability:
            best[stands] = one
    return best


def beside(intent: Intent, shown: Sequence[Design]) -> Intent:
    """Return the intent that also rules out charts that were shown."""
    identities = tuple(design.identity() for design in shown)
    return replace(intent, without=intent.without | Without(charts=identities))


def in_style(
    ranked: Sequence[RankedDesign], found: Decoded, profile: Profile, intent: Intent
) -> list[RankedDesign]:
    """Return ranked designs as they are drawn."""
    drawn = (replace(r, design=styled(r.design, profile, found[r.design].turned)) for r in ranked)
    return [_as_asked(one, intent) for one in drawn]
