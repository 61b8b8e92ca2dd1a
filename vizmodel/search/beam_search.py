"""Owns the beam search: the network's most probable charts among those the grammar allows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from vizmodel.design import Design
from vizmodel.grammar import Grammar, State
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.network.features import Features, make_features
from vizmodel.profile import Profile
from vizmodel.runtime import Runtime, StepRequest
from vizmodel.search.beams import Places, kept
from vizmodel.search.paths import Paths
from vizmodel.tokens import END, MAX_TOKENS, N_STATIC, START

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

#: Columns the network looks at; of wider tables it sees the most promising ones, because every
#: step compares each column with each other.
MAX_COLUMNS = 64
#: Beams that each mark keeps whatever the others' probabilities, so that several marks survive.
BEAMS_PER_MARK = 4


class Search(Struct, frozen=True):
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
    paths
        The way to the only charts that are looked at; to all that are legal where None.
    """

    grammar: Grammar
    width: int = 64
    n_best: int | None = None
    per_mark: int = BEAMS_PER_MARK
    paths: Paths | None = None


class _Beams(Struct, frozen=True):
    """The unfinished charts of some searches in one table, those of one search together.

    Parameters
    ----------
    states
        Prefixes, each of its search's grammar.
    of
        Number of the search of each.
    scores
        Log probabilities.
    tokens, parents
        The newest token of each, and the place of what it extends in the step before.
    marks, columns
        Token of the mark and first column pointed to; -1 before there is one.
    """

    states: list[State]
    of: Places
    scores: Floats
    tokens: Integers
    parents: Integers
    marks: Places
    columns: Places

    @classmethod
    def of_searches(cls, searches: Sequence[Search]) -> _Beams:
        """Return one empty prefix for each search."""
        n = len(searches)
        states = [search.grammar.start() for search in searches]
        tokens, parents = np.full(n, START, dtype=np.int32), np.zeros(n, dtype=np.int32)
        nothing = np.full(n, -1, dtype=np.int64)
        return cls(states, np.arange(n), np.zeros(n), tokens, parents, nothing, nothing)


class _Finished(Struct):
    """The finished charts of one search."""

    states: list[State] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)


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
        self.finished = _Finished()

    def settled(self, best: float) -> bool:
        """Whether no unfinished chart, at best so probable, can become one of the best.

        Log probabilities only fall.
        """
        scores = self.finished.scores
        if len(scores) < self.n_best:
            return False
        return bool(best < np.partition(np.array(scores), -self.n_best)[-self.n_best])

    def found(self) -> list[tuple[Design, float]]:
        """Return the best finished charts, best first."""
        found = self.finished
        order = np.argsort(-np.array(found.scores), kind="stable")
        if len(order) > self.n_best:
            marks, columns = np.array(found.marks)[order], np.array(found.columns)[order]
            widths, quotas = np.array([self.n_best]), np.array([self.search.per_mark])
            order = order[kept(np.zeros(len(order), int), marks, columns, widths, quotas)]
        design = self.search.grammar.design
        return [(design(found.states[i]), found.scores[i]) for i in order]


class _Table:
    """The runtime's view of one table and the searches in it, which go on step by step together.

    Hides the choice of columns of a very wide table, and where each search's beams stand.
    """

    def __init__(self, memory: Any, chosen: Sequence[int], running: list[_Running]) -> None:
        grammar = running[0].search.grammar
        self._running = running
        searches = [one.search for one in running]
        self._beams = _Beams.of_searches(searches)
        self._widths = np.array([search.width for search in searches])
        self._quotas = np.array([search.per_mark for search in searches])
        #: full token number of each of the network's tokens, and the way back
        self._tokens = np.concatenate([np.arange(N_STATIC), N_STATIC + np.array(chosen, int)])
        self._places = np.zeros(grammar.n_tokens, dtype=np.int32)
        self._places[self._tokens] = np.arange(len(self._tokens))
        self._memory, self._cache = memory
        #: the network's row of each beam of the step before
        self._rows = np.zeros(1, dtype=np.int64)

    @property
    def active(self) -> bool:
        """Whether some search is not done."""
        return bool(self._beams.states)

    def request(self) -> StepRequest:
        """Return what the network is to do next: the newest tokens of all searches' beams.

        Beams of several searches that are one so far are one row of the network.
        """
        beams = self._beams
        tokens, parents = beams.tokens, self._rows[beams.parents]
        firsts = self._rows = np.arange(len(tokens))
        if len(self._running) > 1:
            same = parents.astype(np.int64) * len(self._places) + tokens
            _, firsts, self._rows = np.unique(same, return_index=True, return_inverse=True)
        newest, before = self._places[tokens[firsts]], parents[firsts].astype(np.int32)
        return StepRequest(self._memory, self._cache, newest, before)

    def receive(self, logits: npt.NDArray[np.float32]) -> None:
        """Go one step on by the logits [n_rows, n_tokens] of the newest tokens' successors."""
        scores = self._next_scores(self._full(logits[self._rows]))
        self._finish(scores[:, END])
        scores[:, END] = -np.inf
        self._extend(scores)

    def _full(self, logits: npt.NDArray[np.float32]) -> Floats:
        """Return logits of all tokens; -inf for columns that the network does not look at."""
        if len(self._tokens) == len(self._places):
            return logits.astype(np.float64)
        full = np.full((len(logits), len(self._places)), -np.inf)
        full[:, self._tokens] = logits
        return full

    def _next_scores(self, logits: Floats) -> Floats:
        """Return log probabilities of all one-token extensions; -inf if illegal."""
        following = [one.search.grammar.following for one in self._running]
        beams = zip(self._beams.states, self._beams.of.tolist(), strict=True)
        tokens = [following[search](state) for state, search in beams]
        rows = np.repeat(np.arange(len(tokens)), list(map(len, tokens)))
        places = rows, np.fromiter(chain.from_iterable(tokens), dtype=np.int64, count=len(rows))
        legal = np.full_like(logits, -np.inf)
        legal[places] = logits[places]
        logits = legal
        peak = logits.max(axis=1, keepdims=True)
        peak = np.where(np.isfinite(peak), peak, 0.0)  # a dead end has no allowed token
        total = np.exp(logits - peak).sum(axis=1, keepdims=True)
        logits -= peak + np.log(np.where(total > 0, total, 1.0))
        return self._on_paths(logits + self._beams.scores[:, None])

    def _on_paths(self, scores: Floats) -> Floats:
        """Leave the extensions that lead to no chart which their search looks at, -inf."""
        paths = [one.search.paths for one in self._running]
        if any(paths):
            for row, of in enumerate(self._beams.of.tolist()):
                if (way := paths[of]) is not None:
                    scores[row, ~way.after(self._beams.states[row])] = -np.inf
        return scores

    def _finish(self, scores: Floats) -> None:
        """Keep every chart that may end here."""
        beams = self._beams
        for place in np.flatnonzero(np.isfinite(scores)).tolist():
            one = self._running[beams.of[place]]
            one.finished.states.append(beams.states[place])
            one.finished.scores.append(float(scores[place]))
            one.finished.marks.append(int(beams.marks[place]))
            one.finished.columns.append(int(beams.columns[place]))

    def _extend(self, scores: Floats) -> None:
        """Keep the best one-token extensions that do not end, of the searches that are not done."""
        beams, flat = self._beams, scores.ravel()
        legal = np.flatnonzero(np.isfinite(flat))
        of = beams.of[legal // scores.shape[1]]
        best_first = np.lexsort((-flat[legal], of))
        order, of = legal[best_first], of[best_first]
        parents, tokens = np.divmod(order, scores.shape[1])
        # The first token is the mark; later ones belong to their parent's.
        marks, columns = beams.marks[parents], beams.columns[parents]
        marks = np.where(marks < 0, tokens, marks)
        columns = np.where((columns < 0) & (tokens >= N_STATIC), tokens - N_STATIC, columns)
        left = kept(of, marks, columns, self._widths, self._quotas)
        left = left[self._going_on(of[left], flat[order[left]])]
        order, of, parents, tokens = order[left], of[left], parents[left], tokens[left]
        states = [
            self._running[search].search.grammar.advance(beams.states[parent], token)
            for search, parent, token in zip(
                of.tolist(), parents.tolist(), tokens.tolist(), strict=True
            )
        ]
        newest, before = tokens.astype(np.int32), parents.astype(np.int32)
        self._beams = _Beams(states, of, flat[order], newest, before, marks[left], columns[left])

    def _going_on(self, of: Places, scores: Floats) -> npt.NDArray[np.bool_]:
        """Return which extensions, best first within each search, are of one that is not done."""
        going = np.zeros(len(self._running), dtype=bool)
        for first in np.flatnonzero(np.diff(of, prepend=-1)).tolist():
            going[of[first]] = not self._running[of[first]].settled(float(scores[first]))
        return going[of]


#: What the network reads of a table is made once, for all searches that follow each other.
_features = once_per_profile(make_features)


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
    wanted: list[Features] = []
    for (_, chosen), members in groups.items():
        features = _features(members[0].search.grammar.profile)
        wanted.append(features if len(chosen) == features.n_columns else features.take(chosen))
    memories = runtime.encode_many(wanted)
    return [
        _Table((memory, runtime.start(memory)), chosen, members)
        for memory, ((_, chosen), members) in zip(memories, groups.items(), strict=True)
    ]


def promising_columns(profile: Profile, grammar: Grammar, limit: int) -> list[int]:
    """Choose the columns of a very wide table that the network looks at.

    First those the user asks for, then those a chart can be about: many that are gathered are shown
    together, and stand behind the others. Of each the fullest ones with the strongest relation to
    another column come first, then the first ones.

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
    together = {name for fold in profile.folds for name in fold.columns}
    merit = [
        (c.usable, c.name not in together, round(float(related[i]) - 2.0 * c.null_share, 2), -i)
        for i, c in enumerate(profile.columns)
    ]
    return sorted(range(len(merit)), key=lambda i: merit[i], reverse=True)
