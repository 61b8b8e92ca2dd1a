"""Owns how many charts a list has at least, by what its table tells of, and what fills it up."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.grammar.gathering import answered_items
from vizmodel.profile import Profile
from vizmodel.ranking.weights import LEAST_CHANCE
from vizmodel.ranking.worn import Flags
from vizmodel.worth.answering import about_answering
from vizmodel.worth.asides import asides

#: What says nothing new fills up lists of tables with so many columns to so many charts; those of
#: wider ones, which have more to say, to as many as are asked for.
FEW_COLUMNS, LEAST_CHARTS = 4, 6
#: What a chart adds, in nats, below which it only repeats what a list has shown; the logit of the
#: chance of being kept before which a list may end.
REPEATED, LEAST_LOGIT = -19.0, math.log(LEAST_CHANCE / (1.0 - LEAST_CHANCE))
Floats = npt.NDArray[np.float64]


def least_charts(profile: Profile, k: int) -> int:
    """Return how many charts a list is filled up to, of `k` that are asked for."""
    return LEAST_CHARTS if n_telling(profile) <= FEW_COLUMNS else k


def n_telling(profile: Profile) -> int:
    """Return of how many things a table tells: many gathered columns, such as years, are one.

    What is beside the point is none.
    """
    left = asides(profile)
    left |= about_answering(profile) if answered_items(profile) else frozenset()
    # Who asks about one of many gathered columns wants to see that one.
    folds = [
        fold for fold in profile.folds if len(fold.columns) > FEW_COLUMNS and not profile.asked
    ]
    gathered = {name: fold.value for fold in folds for name in fold.columns}
    own = (c.name for c in profile.own_columns if c.name not in left)
    names = {gathered.get(name, name) for name in own}
    return len(names | {fold.key for fold in folds if not names.isdisjoint(fold.pair)})


class Filling(Struct, frozen=True):
    """What a list leaves out, and with what it is filled up where nothing else is left.

    Parameters
    ----------
    idle
        Which charts say nothing [n].
    asked
        Which are asked for, however seldom such are kept [n].
    least
        How many charts the list is filled up to.
    patient
        Whether it is filled with other forms of what it has shown; otherwise it ends.
    """

    idle: Flags
    asked: Flags
    least: int
    patient: bool

    def left_out(
        self, worn: Flags, added: Floats, logits: Floats | None, n_chosen: int
    ) -> list[Flags]:
        """Return which charts are left out; more than once where a list takes what is left.

        Parameters
        ----------
        worn
            Which charts show again what was shown [n].
        added
            What each adds to the list, in nats [n].
        logits
            Of how probably each is kept [n]; None where that is not asked yet.
        n_chosen
            How many charts the list has.
        """
        told = worn
        if n_chosen >= LEAST_CHARTS and not self.patient:
            told = told | (added < REPEATED)
        silent = self.idle | told
        if logits is not None and n_chosen >= self.least and not self.patient:
            silent |= (logits < LEAST_LOGIT) & ~self.asked
        # It is filled with what says little, and then with what it has told.
        filled = n_chosen < self.least
        return [silent, told, np.zeros_like(told)] if filled else [silent]


def next_place(scores: Floats, left_out: Sequence[Flags]) -> int | None:
    """Return the place of the best chart that is not left out, by the first flags that leave one.

    Examples
    --------
    >>> scores, dull = np.array([3.0, 1.0]), np.array([True, False])
    >>> next_place(scores, [dull]), next_place(scores, [~(dull & False)]), next_place(scores, [])
    (1, None, None)
    """
    for flags in left_out:
        rest = np.where(flags, -np.inf, scores)
        if np.isfinite(rest).any():
            return int(np.argmax(rest))
    return None
