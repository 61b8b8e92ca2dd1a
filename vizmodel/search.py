"""Owns the beam search: the network's most probable charts among those the grammar allows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vizmodel.design import Design
from vizmodel.features import make_features
from vizmodel.grammar import Grammar, State
from vizmodel.profile import Profile
from vizmodel.runtime import Runtime
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
    grammar
        Of the same profile; it also carries what the user already knows.
    width
        Unfinished charts kept at each step.
    n_best
        Finished charts returned; `width` where None.
    per_mark
        Unfinished charts that each mark keeps at least, and finished charts that it returns at
        least, where it has as many; 0 also stops keeping the best chart that begins with each
        column, and leaves the plain beam.

    Returns
    -------
    list of (Design, float)
        Distinct legal charts with their log probabilities, best first.

    Examples
    --------
    >>> designs = beam_search(open_runtime(), profile, Grammar(profile))  # doctest: +SKIP
    """
    n_best = width if n_best is None else n_best
    if grammar.empty:
        return []
    network = _Network(runtime, profile, grammar)
    finished = _Finished()
    one = np.zeros(1)
    beams = _Beams([grammar.start()], one, one.astype(np.int32) + START, one.astype(np.int32))
    for _ in range(MAX_TOKENS - 1):
        scores = _next_scores(network, grammar, beams)
        _finish(grammar, beams, scores[:, END], finished)
        beams = _extend(grammar, beams, scores, width, per_mark)
        if not beams.states or _settled(beams, finished, n_best):
            break
    order = np.argsort(-np.array(finished.scores), kind="stable")
    ranked = [finished.states[i] for i in order]
    order = order[_kept(_marks(ranked), _columns(ranked), n_best, per_mark)]
    return [(grammar.design(finished.states[i]), finished.scores[i]) for i in order]


class _Network:
    """The runtime's view of one table; hides the choice of columns of a very wide one."""

    def __init__(self, runtime: Runtime, profile: Profile, grammar: Grammar) -> None:
        features = make_features(profile)
        chosen = promising_columns(profile, grammar, MAX_COLUMNS)
        if len(chosen) < len(profile.columns):
            features = features.take(chosen)
        self._runtime = runtime
        #: full token number of each of the network's tokens, and the way back
        self._tokens = np.concatenate([np.arange(N_STATIC), N_STATIC + np.array(chosen, int)])
        self._places = np.zeros(grammar.n_tokens, dtype=np.int32)
        self._places[self._tokens] = np.arange(len(self._tokens))
        self._memory = runtime.encode(features)
        self._cache = runtime.start(self._memory)

    def step(self, tokens: Integers, parents: Integers) -> Floats:
        """Return logits [n_beams, n_tokens]; -inf for columns the network does not look at."""
        logits = self._runtime.step(self._memory, self._cache, self._places[tokens], parents)
        if len(self._tokens) == len(self._places):
            return logits.astype(np.float64)
        full = np.full((len(tokens), len(self._places)), -np.inf)
        full[:, self._tokens] = logits
        return full


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
    asked = {*grammar.intent.columns, *(name for _, name in grammar.intent.encoding)}
    strength = np.abs(profile.pairs[:, :, :4]).max(axis=2)
    np.fill_diagonal(strength, 0.0)
    related = strength.max(axis=0) + strength.max(axis=1)
    merit = [
        (c.name in asked, c.usable, round(float(related[i]) - 2.0 * c.null_share, 2), -i)
        for i, c in enumerate(profile.columns)
    ]
    ranked = sorted(range(size), key=lambda i: merit[i], reverse=True)
    return sorted(ranked[: max(limit, len(asked))])


def _next_scores(network: _Network, grammar: Grammar, beams: _Beams) -> Floats:
    """Return log probabilities [n_beams, n_tokens] of all one-token extensions; -inf if illegal."""
    logits = network.step(beams.tokens, beams.parents)
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
    order = np.argsort(-flat, kind="stable")[: int(np.isfinite(flat).sum())]
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
    places = [np.flatnonzero(labels == label)[:quota] for label in np.unique(labels)]
    return np.sort(np.concatenate(places)).astype(np.int64)


def _settled(beams: _Beams, finished: _Finished, n_best: int) -> bool:
    """Whether no unfinished chart can become one of the best: log probabilities only fall."""
    if len(finished.scores) < n_best:
        return False
    worst = np.partition(np.array(finished.scores), -n_best)[-n_best]
    return bool(beams.scores.max() < worst)
