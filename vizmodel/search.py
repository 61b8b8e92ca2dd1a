"""Owns the beam search: the network's most probable charts among those the grammar allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from vizmodel.design import Design
from vizmodel.features import Features, make_features
from vizmodel.grammar import Grammar, State
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.profile import Profile
from vizmodel.runtime import Runtime, StepRequest
from vizmodel.tokens import END, MAX_TOKENS, N_STATIC, START

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

#: Columns the network looks at; of wider tables it sees the most promising ones, because every
#: step compares each column with each other.
MAX_COLUMNS = 64
#: Beams that each mark keeps whatever the others' probabilities, so that several marks survive.
BEAMS_PER_MARK = 4
#: Share of the width in which each column keeps its best chart, so that most columns are shown.
COLUMN_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Search:
    """What to search: the charts that a grammar allows, and how many of them.

    Parameters
    ----------
    grammar
        Of a table; it also carries what the user already knows.
    width
        Unfinished charts kept at each step.
    n_best
        Finished charts returned; `width` where None.
    per_mark
        Unfinished charts that each mark keeps at least, and finished charts that it returns at
        least, where it has as many; 0 also stops keeping the best chart that begins with each
        column, and leaves the plain beam.
    """

    grammar: Grammar
    width: int = 64
    n_best: int | None = None
    per_mark: int = BEAMS_PER_MARK


@dataclass
class _Beams:
    """The unfinished charts: one grammar state, log probability and newest token each."""

    states: list[State]
    scores: Floats
    tokens: Integers
    parents: Integers


@dataclass
class _Finished:
    """The finished charts."""

    states: list[State] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)


def beam_search(
    runtime: Runtime,
    profile: Profile,
    grammar: Grammar,
    width: int = 64,
    n_best: int | None = None,
    per_mark: int = BEAMS_PER_MARK,
) -> list[tuple[Design, float]]:
    """Find the most probable charts of a table.

    Probabilities are those of the network given that the chart is legal: each step's softmax runs
    over the tokens that the grammar allows.

    Parameters
    ----------
    runtime
        Who runs the network.
    profile
        Of the table.
    grammar, width, n_best, per_mark
        As in `Search`; the grammar is of the same profile.

    Returns
    -------
    list of (Design, float)
        Distinct legal charts with their log probabilities, best first.

    Examples
    --------
    >>> designs = beam_search(open_runtime(), profile, Grammar(profile))  # doctest: +SKIP
    """
    assert grammar.profile is profile
    return beam_searches(runtime, [Search(grammar, width, n_best, per_mark)])[0]


def beam_searches(runtime: Runtime, searches: Sequence[Search]) -> list[list[tuple[Design, float]]]:
    """Run searches side by side: each step calls the network once for all of them.

    Searches of the same table share one reading of it, and their beams stand in one batch.

    Parameters
    ----------
    runtime
        Who runs the network.
    searches
        Of one table or of many.

    Returns
    -------
    list of list of (Design, float)
        For each search what `beam_search` returns.
    """
    running = [_Running(search) for search in searches]
    tables = _by_table(runtime, [one for one in running if not one.search.grammar.empty])
    for _ in range(MAX_TOKENS - 1):
        tables = [table for table in tables if table.active]
        if not tables:
            break
        logits = runtime.step_many([table.request() for table in tables])
        for table, scored in zip(tables, logits, strict=True):
            table.receive(scored)
    return [one.found() for one in running]


class _Running:
    """One search on its way."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.n_best = search.width if search.n_best is None else search.n_best
        one = np.zeros(1)
        self.beams = _Beams(
            [search.grammar.start()], one, one.astype(np.int32) + START, one.astype(np.int32)
        )
        self.done = False
        self._finished = _Finished()

    def receive(self, logits: Floats) -> None:
        """Go one step on by the logits [n_beams, n_tokens] of the newest tokens' successors."""
        search = self.search
        scores = _next_scores(logits, search.grammar, self.beams)
        _finish(search.grammar, self.beams, scores[:, END], self._finished)
        self.beams = _extend(search.grammar, self.beams, scores, search.width, search.per_mark)
        self.done = not self.beams.states or _settled(self.beams, self._finished, self.n_best)

    def found(self) -> list[tuple[Design, float]]:
        """Return the best finished charts, best first."""
        finished, per_mark = self._finished, self.search.per_mark
        if not finished.states:
            return []
        order = np.argsort(-np.array(finished.scores), kind="stable")
        ranked = [finished.states[i] for i in order]
        order = order[_kept(_marks(ranked), _columns(ranked), self.n_best, per_mark)]
        design = self.search.grammar.design
        return [(design(finished.states[i]), finished.scores[i]) for i in order]


class _Table:
    """The runtime's view of one table and the searches in it.

    Hides the choice of columns of a very wide table, and where each search's beams stand.
    """

    def __init__(self, memory: Any, chosen: Sequence[int], running: list[_Running]) -> None:
        grammar = running[0].search.grammar
        self._running = running
        self._starts = [0] * len(running)
        #: full token number of each of the network's tokens, and the way back
        self._tokens = np.concatenate([np.arange(N_STATIC), N_STATIC + np.array(chosen, int)])
        self._places = np.zeros(grammar.n_tokens, dtype=np.int32)
        self._places[self._tokens] = np.arange(len(self._tokens))
        self._memory, self._cache = memory

    @property
    def active(self) -> bool:
        """Whether some search is not done."""
        return bool(self._running)

    def request(self) -> StepRequest:
        """Return what the network is to do next: the newest tokens of all searches' beams."""
        beams = [one.beams for one in self._running]
        tokens = np.concatenate([beam.tokens for beam in beams])
        parents = [beam.parents + start for beam, start in zip(beams, self._starts, strict=True)]
        joined = np.concatenate(parents).astype(np.int32)
        return StepRequest(self._memory, self._cache, self._places[tokens], joined)

    def receive(self, logits: npt.NDArray[np.float32]) -> None:
        """Hand each search the logits of its beams; those that are done leave."""
        sizes = [len(one.beams.states) for one in self._running]
        ends = np.cumsum(sizes)
        for one, end, size in zip(self._running, ends, sizes, strict=True):
            one.receive(self._full(logits[end - size : end]))
        going = [i for i, one in enumerate(self._running) if not one.done]
        self._starts = [int(ends[i] - sizes[i]) for i in going]
        self._running = [self._running[i] for i in going]

    def _full(self, logits: npt.NDArray[np.float32]) -> Floats:
        """Return logits of all tokens; -inf for columns that the network does not look at."""
        if len(self._tokens) == len(self._places):
            return logits.astype(np.float64)
        full = np.full((len(logits), len(self._places)), -np.inf)
        full[:, self._tokens] = logits
        return full


def _by_table(runtime: Runtime, running: Sequence[_Running]) -> list[_Table]:
    """Put searches of the same table, and of the same columns of it, together."""
    if not running:
        return []
    groups: dict[tuple[int, tuple[int, ...]], list[_Running]] = {}
    for one in running:
        grammar = one.search.grammar
        chosen = tuple(promising_columns(grammar.profile, grammar, MAX_COLUMNS))
        grammar.look_at(chosen)
        groups.setdefault((id(grammar.profile), chosen), []).append(one)
    read: dict[int, Features] = {}
    wanted: list[Features] = []
    for (place, chosen), members in groups.items():
        profile = members[0].search.grammar.profile
        features = read[place] if place in read else read.setdefault(place, make_features(profile))
        wanted.append(features if len(chosen) == features.n_columns else features.take(chosen))
    memories = runtime.encode_many(wanted)
    return [
        _Table((memory, runtime.start(memory)), chosen, members)
        for memory, ((_, chosen), members) in zip(memories, groups.items(), strict=True)
    ]


def promising_columns(profile: Profile, grammar: Grammar, limit: int) -> list[int]:
    """Choose the columns of a very wide table that the network looks at.

    First those the user asks for, then those a chart can be about, then the fullest ones with the
    strongest relation to another column, then the first ones.

    Returns
    -------
    list of int
        At most `limit` positions (more only where the user asks for more), ascending.
    """
    size = len(profile.columns)
    if size <= limit:
        return list(range(size))
    names = {*grammar.intent.columns, *(name for _, name in grammar.intent.encoding)}
    asked = set(map(profile.index, names))
    ranked = [*sorted(asked), *(at for at in _by_merit(profile) if at not in asked)]
    return sorted(ranked[: max(limit, len(asked))])


@once_per_profile
def _by_merit(profile: Profile) -> list[int]:
    """Return the positions of all columns, the most promising first."""
    strength = np.abs(profile.pairs[:, :, :4]).max(axis=2)
    np.fill_diagonal(strength, 0.0)
    related = strength.max(axis=0) + strength.max(axis=1)
    merit = [
        (c.usable, round(float(related[i]) - 2.0 * c.null_share, 2), -i)
        for i, c in enumerate(profile.columns)
    ]
    return sorted(range(len(merit)), key=lambda i: merit[i], reverse=True)


def _next_scores(logits: Floats, grammar: Grammar, beams: _Beams) -> Floats:
    """Return log probabilities [n_beams, n_tokens] of all one-token extensions; -inf if illegal."""
    allowed = np.stack([grammar.allowed(state) for state in beams.states])
    logits = np.where(allowed, logits, -np.inf)
    peak = logits.max(axis=1, keepdims=True)
    peak = np.where(np.isfinite(peak), peak, 0.0)  # a dead end has no allowed token
    total = np.exp(logits - peak).sum(axis=1, keepdims=True)
    logits -= peak + np.log(np.where(total > 0, total, 1.0))
    return np.asarray(logits + beams.scores[:, None])


def _finish(grammar: Grammar, beams: _Beams, scores: Floats, finished: _Finished) -> None:
    """Keep every chart that may end here."""
    for beam in np.flatnonzero(np.isfinite(scores)):
        finished.states.append(grammar.advance(beams.states[beam], END))
        finished.scores.append(float(scores[beam]))


def _extend(grammar: Grammar, beams: _Beams, scores: Floats, width: int, per_mark: int) -> _Beams:
    """Return the best one-token extensions that do not end."""
    scores[:, END] = -np.inf
    flat = scores.ravel()
    legal = np.flatnonzero(np.isfinite(flat))
    order = legal[np.argsort(-flat[legal], kind="stable")]
    parents, tokens = np.divmod(order, scores.shape[1])
    # The first token is the mark; later ones belong to their parent's.
    marks = _marks(beams.states)[parents] if beams.states[0].mark else tokens
    columns = _columns(beams.states)[parents]
    columns = np.where((columns < 0) & (tokens >= N_STATIC), tokens - N_STATIC, columns)
    kept = _kept(marks, columns, width, per_mark)
    order, parents, tokens = order[kept], parents[kept], tokens[kept]
    states = [
        grammar.advance(beams.states[parent], int(token))
        for parent, token in zip(parents, tokens, strict=True)
    ]
    return _Beams(states, flat[order], tokens.astype(np.int32), parents.astype(np.int32))


def _marks(states: list[State]) -> npt.NDArray[np.int64]:
    """Give equal marks of prefixes equal numbers: int [n]."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(s.mark, len(numbers)) for s in states], dtype=np.int64)


def _columns(states: list[State]) -> npt.NDArray[np.int64]:
    """Return the first column that each prefix points to, -1 where none: int [n]."""
    return np.array([_first_column(state) for state in states], dtype=np.int64)


def _first_column(state: State) -> int:
    shown = (*(column for _, column, _ in state.encodings), state.column)
    return next((column for column in shown if column is not None), -1)


def _kept(
    marks: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], width: int, per_mark: int
) -> npt.NDArray[np.int64]:
    """Return which of the candidates (best first) to keep: int [at most width], ascending.

    The best `per_mark` of each mark stay and the best that begins with each column, then the best
    of all.
    """
    if len(marks) <= width:
        return np.arange(len(marks))
    first = _first_of_each(marks, per_mark)
    if per_mark:
        leaders = _first_of_each(columns, 1)
        first = np.union1d(first, leaders[columns[leaders] >= 0][: int(width * COLUMN_SHARE)])
    first = first[:width]
    rest = np.setdiff1d(np.arange(len(marks)), first)[: width - len(first)]
    return np.sort(np.concatenate([first, rest])).astype(np.int64)


def _first_of_each(labels: npt.NDArray[np.int64], quota: int) -> npt.NDArray[np.int64]:
    """Return the places of the first `quota` of each label, ascending."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=labels[order[0]] - 1))
    sizes = np.diff(starts, append=len(order))
    place = np.arange(len(order)) - np.repeat(starts, sizes)  # of each among those of its label
    return np.sort(order[place < quota])


def _settled(beams: _Beams, finished: _Finished, n_best: int) -> bool:
    """Whether no unfinished chart can become one of the best: log probabilities only fall."""
    if len(finished.scores) < n_best:
        return False
    worst = np.partition(np.array(finished.scores), -n_best)[-n_best]
    return bool(beams.scores.max() < worst)
