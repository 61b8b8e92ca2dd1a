"""Owns the way to some charts through a grammar: which tokens lead to one of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from vizmodel.design import Design
from vizmodel.grammar import Grammar, State
from vizmodel.tokens import encode


class Paths:
    """The tokens that lead from each prefix to one of some charts.

    Parameters
    ----------
    grammar
        Of the table.
    charts
        In canonical orientation; those that are not legal have no way.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.design import Encoding
    >>> from vizmodel.profile import profile_table
    >>> grammar = Grammar(profile_table(pa.table({"a": [1.5, 2.5, 4.0]})))
    >>> strip = Design("tick", (Encoding("x", "a", "value", "quantitative"),))
    >>> int(Paths(grammar, [strip]).after(grammar.start()).sum())
    1
    """

    def __init__(self, grammar: Grammar, charts: Iterable[Design]) -> None:
        self._n_tokens = grammar.n_tokens
        self._after: dict[State, list[int]] = {}
        self.n = sum(self._add(grammar, encode(chart, grammar.profile)) for chart in charts)

    def _add(self, grammar: Grammar, tokens: list[int]) -> bool:
        """Walk to one chart; return whether it is legal."""
        state, steps = grammar.start(), []
        for token in tokens[1:]:
            if token not in grammar.following(state):
                return False
            steps.append((state, token))
            state = grammar.advance(state, token)
        for before, token in steps:
            self._after.setdefault(before, []).append(token)
        return True

    def after(self, state: State) -> npt.NDArray[np.bool_]:
        """Return which tokens lead on to one of the charts: bool [n_tokens]."""
        mask = np.zeros(self._n_tokens, dtype=np.bool_)
        mask[self._after.get(state, [])] = True
        return mask
