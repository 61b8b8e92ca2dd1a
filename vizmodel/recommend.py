"""Owns the way from a profile to ranked designs: decode under the grammar, rank, style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vizmodel.design import Channel, Design, Intent, RankedDesign, Without
from vizmodel.grammar import Grammar, IntentError
from vizmodel.profile import Profile
from vizmodel.rank import rank
from vizmodel.runtime import Runtime, newest_weights, open_runtime
from vizmodel.search import beam_search
from vizmodel.style import styled
from vizmodel.taste import read_taste

#: Columns that no candidate shows get a search of their own, up to this many.
MAX_EXTRA_SEARCHES = 6
#: Candidates of a table; a narrow one allows so few charts that the ranking can see most of them.
WIDTH, NARROW_WIDTH = 64, 192
#: Most unfinished charts of a search, however much is ruled out.
MAX_WIDTH = 256


def recommend(
    profile: Profile,
    k: int = 15,
    intent: Intent | None = None,
    runtime: Runtime | None = None,
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
    runtime
        Who runs the network; the shipped weights on the fastest runtime here where None.
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
    if k < 1:
        msg = f"k must be at least 1, not {k}"
        raise ValueError(msg)
    runtime = runtime or open_runtime()
    intent = intent or Intent()
    # 1. Decode: each orientation that the intent leaves open.
    found = decode(profile, beside(intent, shown), runtime)
    if not found and not shown and intent != Intent():
        raise Grammar(profile, intent).contradiction()
    # 2. Rank, then spread over columns, relations and marks.
    candidates = [(design, one.log_probability) for design, one in found.items()]
    ranked = rank(candidates, profile, k, taste=read_taste(newest_weights()), shown=shown)
    # 3. Style: orientation, order, stacking, scales.
    return in_style(ranked, found, profile)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a search says of a design.

    Parameters
    ----------
    log_probability
        In nats, by the network.
    turned
        Whether x and y change places; None: as the labels want.
    """

    log_probability: float
    turned: bool | None = None


def beside(intent: Intent, shown: Sequence[Design]) -> Intent:
    """Return the intent that also rules out charts that were shown."""
    identities = tuple(design.identity() for design in shown)
    return replace(intent, without=intent.without | Without(charts=identities))


def in_style(
    ranked: Sequence[RankedDesign], found: Mapping[Design, Decoded], profile: Profile
) -> list[RankedDesign]:
    """Return ranked designs as they are drawn."""
    return [replace(r, design=styled(r.design, profile, found[r.design].turned)) for r in ranked]


def decode(
    profile: Profile, intent: Intent, runtime: Runtime, width: int | None = None
) -> dict[Design, Decoded]:
    """Return candidates, in each orientation that the intent leaves open.

    Parameters
    ----------
    profile, intent, runtime
        As in `recommend`.
    width
        Unfinished charts that a search keeps; fitted to the table where None.

    Raises
    ------
    IntentError
        Where the intent leaves no shape of a chart.
    """
    positional = any(channel in ("x", "y") for channel, _ in intent.encoding)
    if not positional:
        return {d: Decoded(p) for d, p in _search(profile, intent, runtime, width)}
    best: dict[Design, Decoded] = {}
    failure: IntentError | None = None
    for turn, oriented in ((False, intent), (True, _swapped(intent))):
        try:
            found = _search(profile, oriented, runtime, width)
        except IntentError as error:
            # The first orientation speaks the user's own words.
            failure = failure or error
            continue
        for design, log_probability in found:
            if design not in best and not (turn and _reads_both_ways(design)):
                best[design] = Decoded(log_probability, turn)
    if not best and failure is not None:
        raise failure
    return best


def _reads_both_ways(design: Design) -> bool:
    """Whether x and y play the same part, so that the first orientation had this chart too."""
    x, y = design.encoding("x"), design.encoding("y")
    return (
        design.mark in ("point", "rect")
        and x is not None
        and y is not None
        and (x.transform == y.transform)
    )


def _swapped(intent: Intent) -> Intent:
    other: dict[Channel, Channel] = {"x": "y", "y": "x"}
    return replace(intent, encoding=tuple((other.get(c, c), name) for c, name in intent.encoding))


def _search(
    profile: Profile, intent: Intent, runtime: Runtime, width: int | None = None
) -> list[tuple[Design, float]]:
    grammar = Grammar(profile, intent)
    if grammar.empty:
        return []
    if width is None:
        width = NARROW_WIDTH if profile.shaped else WIDTH
        # Beams that can only end in charts that are ruled out must not leave the others no room.
        width = min(width + len(intent.without.charts) + len(intent.without.stories), MAX_WIDTH)
    found = dict(beam_search(runtime, profile, grammar, width=width))
    if not intent.columns and not intent.encoding:
        for name in _unseen(profile, intent, list(found))[:MAX_EXTRA_SEARCHES]:
            try:
                narrow = Grammar(profile, replace(intent, columns=(name,)))
            except IntentError:
                continue
            for design, log_probability in beam_search(runtime, profile, narrow, width=8, n_best=4):
                found.setdefault(design, log_probability)
    return list(found.items())


def _unseen(profile: Profile, intent: Intent, designs: Sequence[Design]) -> list[str]:
    shown = {name for design in designs for name in design.fields} | set(intent.without.columns)
    return [c.name for c in profile.columns if c.usable and c.name not in shown]
