"""Owns the way from a profile to ranked designs: decode under the grammar, rank, style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vizmodel.design import Channel, Design, Intent, RankedDesign
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


def recommend(
    profile: Profile,
    k: int = 15,
    intent: Intent | None = None,
    runtime: Runtime | None = None,
) -> list[RankedDesign]:
    """Recommend charts for a table, best first.

    Parameters
    ----------
    profile
        Of the table.
    k
        Number of charts; fewer come back where the grammar allows fewer.
    intent
        What every chart must show.
    runtime
        Who runs the network; the shipped weights on the fastest runtime here where None.

    Returns
    -------
    list of RankedDesign
        Styled designs with their scores; empty where nothing can be charted.

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
    candidates, turns = _decode(profile, intent, runtime)
    if not candidates and intent != Intent():
        raise Grammar(profile, intent).contradiction()
    # 2. Rank, then spread over columns, relations and marks.
    ranked = rank(candidates, profile, k, taste=read_taste(newest_weights()))
    # 3. Style: orientation, order, stacking, scales.
    return [replace(r, design=styled(r.design, profile, turns[r.design])) for r in ranked]


def _decode(
    profile: Profile, intent: Intent, runtime: Runtime
) -> tuple[list[tuple[Design, float]], dict[Design, bool | None]]:
    """Return candidates and, by design, whether x and y change places (None: as labels want)."""
    positional = any(channel in ("x", "y") for channel, _ in intent.encoding)
    if not positional:
        found = _search(profile, intent, runtime)
        return found, {design: None for design, _ in found}
    best: dict[Design, float] = {}
    turns: dict[Design, bool | None] = {}
    failure: IntentError | None = None
    for turn, oriented in ((False, intent), (True, _swapped(intent))):
        try:
            found = _search(profile, oriented, runtime)
        except IntentError as error:
            # The first orientation speaks the user's own words.
            failure = failure or error
            continue
        for design, log_probability in found:
            if design not in best and not (turn and _reads_both_ways(design)):
                best[design], turns[design] = log_probability, turn
    if not best and failure is not None:
        raise failure
    return list(best.items()), turns


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


def _search(profile: Profile, intent: Intent, runtime: Runtime) -> list[tuple[Design, float]]:
    grammar = Grammar(profile, intent)
    if grammar.empty:
        return []
    width = NARROW_WIDTH if profile.shaped else WIDTH
    found = dict(beam_search(runtime, profile, grammar, width=width))
    if not intent.columns and not intent.encoding:
        for name in _unseen(profile, list(found))[:MAX_EXTRA_SEARCHES]:
            try:
                narrow = Grammar(profile, replace(intent, columns=(name,)))
            except IntentError:
                continue
            for design, log_probability in beam_search(runtime, profile, narrow, width=8, n_best=4):
                found.setdefault(design, log_probability)
    return list(found.items())


def _unseen(profile: Profile, designs: Sequence[Design]) -> list[str]:
    shown = {name for design in designs for name in design.fields}
    return [c.name for c in profile.columns if c.usable and c.name not in shown]
