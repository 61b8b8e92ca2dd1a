"""Owns what the network and people's choices say of each chart, also of those they never met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vizmodel.candidates.kind import EVERY, OPINIONS, ChartKind
from vizmodel.candidates.kinds import KINDS
from vizmodel.design import Design
from vizmodel.form.bounds import has_bounds
from vizmodel.profile import Profile
from vizmodel.ranking.borrowed import STEPS, as_the_best
from vizmodel.ranking.variety import Floats
from vizmodel.worth.taste import Opinions

#: Forms that charts of any kind may have, which searches find: figures with bounds, and ranges.
FORMS = (
    ChartKind("bounds", lambda _: (), EVERY, has_bounds),
    ChartKind("ranges", lambda _: (), frozenset({"kept"}), lambda d, _: d.ends is not None),
)
STRANGE = tuple(kind for kind in (*KINDS, *FORMS) if kind.unknown_to)


class Said(NamedTuple):
    """What is said of each of some charts: float64 [n_designs].

    `network` is in nats; `chosen`, `kept` and `wanted` are logits of being drawn, kept and named.
    """

    network: Floats
    chosen: Floats
    kept: Floats
    wanted: Floats


def said_of(designs: Sequence[Design], network: Floats, said: Opinions, profile: Profile) -> Said:
    """Return what is said of charts, those that an opinion knows nothing of beside the others.

    Hardly a table that people's charts or names are of is an experiment or a log of events, or has
    the parts of a whole or the ages of cohorts side by side, or prices that make candlesticks,
    hardly any verdict is about ranges, and neither box plots in time, names of many rows nor bounds
    of estimates were learned.

    Parameters
    ----------
    designs, profile
        The charts and their table.
    network
        What the network says, as far as it counts [n_designs].
    said
        What people's choices say.
    """
    heard = np.stack([network, said.chosen, said.kept, said.wanted])
    unknown = np.zeros(heard.shape, dtype=bool)
    for kind in STRANGE:
        told = [kind.is_unknown(design, profile) for design in designs]
        unknown[[opinion in kind.unknown_to for opinion in OPINIONS]] |= np.array(told, dtype=bool)
    for at, strange in enumerate(unknown):
        heard[[at]] = as_the_best(heard[[at]], strange)
    for opinions, step in STEPS:
        rows = [OPINIONS.index(opinion) for opinion in opinions]
        heard[rows] = step(heard[rows], designs, profile)
    return Said(*heard)
