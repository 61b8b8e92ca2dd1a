"""Owns the taste: what people draw of a table, what its readers keep, what is asked of it first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vizmodel.asked import ASKED_TRAITS, asked_rows
from vizmodel.design import Design
from vizmodel.profile import Profile
from vizmodel.records import RECORD_TRAITS, record_rows
from vizmodel.traits import TRAITS, Traits
from vizmodel.trees import Trees, read_trees

CHOSEN_FILE, KEPT_FILE, WANTED_FILE = "taste.npz", "kept.npz", "wanted.npz"
#: What the third opinion rests on.
WANTED_TRAITS = (*TRAITS, *ASKED_TRAITS, *RECORD_TRAITS)
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Opinions:
    """What is thought of the charts of one table, in nats: float64 [n_designs] each.

    `chosen` and `wanted` are comparable within a table only; the best is 0. `kept` is 0 where as
    many are kept as not.
    """

    chosen: Doubles
    kept: Doubles
    wanted: Doubles


@dataclass(frozen=True, eq=False)
class Taste:
    """Three learned opinions of charts.

    Parameters
    ----------
    chosen
        Logit of being drawn by a person among all charts of the table.
    kept
        Logit of being kept by a person who looks at it, whatever the list showed before; no
        opinion where None.
    wanted
        Logit of being what an analyst draws first of the table; no opinion where None.
    """

    chosen: Trees
    kept: Trees | None = None
    wanted: Trees | None = None

    def opinions(self, designs: Sequence[Design], profile: Profile) -> Opinions:
        """Return the opinions of charts of one table."""
        if not designs:
            return Opinions(np.zeros(0), np.zeros(0), np.zeros(0))
        traits = Traits(profile)
        rows = np.stack([traits.of(design) for design in designs])
        chosen, wanted = self.chosen.sum(rows), np.zeros(len(rows))
        kept = np.zeros(len(rows)) if self.kept is None else self.kept.sum(rows)
        if self.wanted is not None:
            more = (asked_rows(designs, profile), record_rows(designs, profile))
            wanted = self.wanted.sum(np.hstack([rows, *more]))
        return Opinions(chosen - chosen.max(), kept, wanted - wanted.max())


@lru_cache(maxsize=4)
def read_taste(folder: Path) -> Taste | None:
    """Read the taste that travels with a network's weights; None where there is none.

    Raises
    ------
    TraitMismatchError
        Where a file's traits are not those of this package; names the difference.
    """
    chosen = read_trees(folder / CHOSEN_FILE)
    if chosen is None:
        return None
    wanted = read_trees(folder / WANTED_FILE, WANTED_TRAITS)
    return Taste(chosen, read_trees(folder / KEPT_FILE), wanted)
