"""Owns the taste: what people draw of a table, and what those who look at its charts keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vizmodel.design import Design
from vizmodel.profile import Profile
from vizmodel.traits import Traits
from vizmodel.trees import Trees, read_trees

CHOSEN_FILE, KEPT_FILE = "taste.npz", "kept.npz"
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Taste:
    """Two learned opinions of charts.

    Parameters
    ----------
    chosen
        Logit of being drawn by a person among all charts of the table.
    kept
        Logit of being kept by a person who looks at it, whatever the list showed before; no
        opinion where None.
    """

    chosen: Trees
    kept: Trees | None = None

    def opinions(self, designs: Sequence[Design], profile: Profile) -> tuple[Doubles, Doubles]:
        """Return both opinions of charts of one table, in nats: float64 [n_designs] each.

        The first is comparable within a table only; its best is 0. The second is 0 where as many
        are kept as not.
        """
        if not designs:
            return np.zeros(0), np.zeros(0)
        traits = Traits(profile)
        rows = np.stack([traits.of(design) for design in designs])
        chosen = self.chosen.sum(rows)
        kept = np.zeros(len(rows)) if self.kept is None else self.kept.sum(rows)
        return np.asarray(chosen - chosen.max()), kept


@lru_cache(maxsize=4)
def read_taste(folder: Path) -> Taste | None:
    """Read the taste that travels with a network's weights; None where there is none.

    Raises
    ------
    TraitMismatchError
        Where a file's traits are not those of this package; names the difference.
    """
    chosen = read_trees(folder / CHOSEN_FILE)
    return None if chosen is None else Taste(chosen, read_trees(folder / KEPT_FILE))
