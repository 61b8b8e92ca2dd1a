"""Random walks through a grammar: what a network without any knowledge would draw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vizmodel import tokens
from vizmodel.design import Design
from vizmodel.grammar import Grammar
from vizmodel.profile import Profile


def walk(grammar: Grammar, rng: np.random.Generator) -> Design | None:
    """Follow random allowed tokens to a finished chart; None at a dead end."""
    state = grammar.start()
    while not state.done:
        allowed = np.flatnonzero(grammar.allowed(state))
        if not len(allowed):
            return None
        state = grammar.advance(state, int(rng.choice(allowed)))
    return grammar.design(state)


def walks(grammar: Grammar, n: int, seed: int = 0) -> Iterator[Design]:
    """Yield the charts of n walks, dead ends left out."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        design = walk(grammar, rng)
        if design is not None:
            yield design


def accepts(grammar: Grammar, design: Design, profile: Profile) -> bool:
    """Whether each token of a design is allowed in its turn."""
    state = grammar.start()
    for token in tokens.encode(design, profile)[1:]:
        if not grammar.allowed(state)[token]:
            return False
        state = grammar.advance(state, token)
    return state.done
