"""Whatever the logits, a search gives distinct legal charts, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from vizmodel.design import Design, Intent
from vizmodel.grammar import Grammar, IntentError, violations
from vizmodel.network.features import Features
from vizmodel.profile import Profile
from vizmodel.runtime import StepRequest
from vizmodel.search.beam_search import MAX_COLUMNS, beam_search, promising_columns
from vizmodel.tokens import MARK_TOKENS, N_STATIC


class RandomRuntime:
    """A network that knows nothing: random logits, and sometimes absurd ones.

    Parameters
    ----------
    seed
        Of the logits.
    scale
        Their standard deviation.
    bias
        Added to the logits of single tokens.
    """

    name = "random"

    def __init__(self, seed: int, scale: float = 3.0, bias: dict[int, float] | None = None) -> None:
        self._rng = np.random.default_rng(seed)
        self._scale, self._bias = scale, bias or {}
        self.n_columns = 0

    def encode(self, features: Features) -> int:
        """Remember the number of columns."""
        self.n_columns = features.n_columns
        return features.n_columns

    def start(self, memory: int) -> None:
        """Keep nothing."""

    def step(
        self, memory: int, cache: None, tokens: np.ndarray[Any, Any], parents: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        """Return random logits."""
        logits = self._rng.normal(0, self._scale, (len(tokens), N_STATIC + memory))
        for token, value in self._bias.items():
            logits[:, token] += value
        return logits.astype(np.float32)

    def warm_up(self, tables: int = 1) -> None:
        """Prepare nothing."""

    def encode_many(self, features: Sequence[Features]) -> list[int]:
        """Read one table after the other."""
        return [self.encode(one) for one in features]

    def step_many(self, requests: Sequence[StepRequest]) -> list[np.ndarray[Any, Any]]:
        """Do one table's step after the other."""
        return [self.step(*request) for request in requests]


#: Random tables have 1, 2, 5, 40 or 300 rows.
FEW_ROWS = 40


@pytest.mark.parametrize("seed", range(60))
def test_random_logits_give_legal_charts(random_profile: Callable[..., Profile], seed: int) -> None:
    profile = random_profile(seed)
    runtime = RandomRuntime(seed, scale=[0.1, 3.0, 100.0][seed % 3])
    width = [1, 7, 64][seed % 3]
    found = beam_search(runtime, profile, Grammar(profile), width=width)
    # Hardly anything can be drawn of a few rows, and a single path may end nowhere.
    assert found or profile.n_rows < FEW_ROWS or width == 1
    designs = [design for design, _ in found]
    assert len(set(designs)) == len(designs)
    for design in designs:
        assert not violations(design, profile)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(score <= 1e-9 for score in scores)


@pytest.mark.parametrize("seed", range(20))
def test_intent_is_honoured(random_profile: Callable[..., Profile], seed: int) -> None:
    profile = random_profile(seed, 6)
    n_found = 0
    for column in profile.columns:
        try:
            grammar = Grammar(profile, Intent(columns=(column.name,)))
        except IntentError:
            continue
        for design, _ in beam_search(RandomRuntime(seed), profile, grammar, width=8):
            n_found += 1
            assert column.name in design.fields
            assert not violations(design, profile)
    assert n_found > 0 or profile.n_rows < FEW_ROWS


def test_probabilities_are_at_most_one(random_profile: Callable[..., Profile]) -> None:
    profile = random_profile(8, 4)
    found = beam_search(RandomRuntime(1), profile, Grammar(profile), width=400, n_best=10_000)
    assert 0.0 < sum(np.exp(score) for _, score in found) <= 1.0 + 1e-6


def test_several_marks_survive(random_profile: Callable[..., Profile]) -> None:
    profile = random_profile(2, 9)
    bias = {MARK_TOKENS["tick"]: 30.0}
    grammar = Grammar(profile)
    first = {token for token in MARK_TOKENS.values() if grammar.allowed(grammar.start())[token]}
    alone = beam_search(RandomRuntime(1, bias=bias), profile, grammar, width=24, per_mark=0)
    spread = beam_search(RandomRuntime(1, bias=bias), profile, grammar, width=24, per_mark=3)
    assert len(first) > 2
    assert len({d.mark for d, _ in spread}) >= len({d.mark for d, _ in alone})
    assert len({d.mark for d, _ in spread}) > 2


def test_most_columns_are_shown(random_profile: Callable[..., Profile]) -> None:
    profile = random_profile(2, 9)
    bias = {N_STATIC: 30.0}
    alone = beam_search(RandomRuntime(1, bias=bias), profile, Grammar(profile), per_mark=0)
    spread = beam_search(RandomRuntime(1, bias=bias), profile, Grammar(profile))

    def shown(found: list[tuple[Design, float]]) -> set[str]:
        return {name for design, _ in found for name in design.fields}

    # A latitude is only shown beside a longitude.
    places = ("latitude", "longitude")
    usable = {c.name for c in profile.columns if c.usable and c.semantic not in places}
    assert len(shown(spread)) >= len(shown(alone))
    assert len(shown(spread) & usable) >= len(usable) - 1


def test_at_most_n_best(random_profile: Callable[..., Profile]) -> None:
    profile = random_profile(2, 9)
    assert len(beam_search(RandomRuntime(1), profile, Grammar(profile), n_best=5, per_mark=0)) == 5


def test_a_table_without_charts_gives_none() -> None:
    import pyarrow as pa

    from vizmodel.profile import profile_table

    profile = profile_table(pa.table({}))
    assert beam_search(RandomRuntime(0), profile, Grammar(profile)) == []


def test_very_wide_tables_show_the_asked_column(random_profile: Callable[..., Profile]) -> None:
    profile = random_profile(4, MAX_COLUMNS + 30)
    runtime = RandomRuntime(0)
    found = beam_search(runtime, profile, Grammar(profile), width=8)
    assert runtime.n_columns == MAX_COLUMNS
    assert found
    left_out = set(range(len(profile.columns))) - set(
        promising_columns(profile, Grammar(profile), MAX_COLUMNS)
    )
    for position in left_out:
        name = profile.columns[position].name
        try:
            grammar = Grammar(profile, Intent(columns=(name,)))
        except IntentError:
            continue
        assert position in promising_columns(profile, grammar, MAX_COLUMNS)
        found = beam_search(RandomRuntime(0), profile, grammar, width=8)
        if found:  # of a few paths all may end nowhere
            break
    assert found
    assert all(name in design.fields for design, _ in found)
