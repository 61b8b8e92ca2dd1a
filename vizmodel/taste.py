"""Owns the taste: how much people like a chart among those of its table, by learned trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vizmodel.design import Design
from vizmodel.profile import Profile
from vizmodel.traits import TRAITS, Floats, Traits

FILE_NAME = "taste.npz"


class TasteMismatchError(ValueError):
    """A taste was fitted to other traits than this version of the package makes."""


@dataclass(frozen=True, eq=False)
class Taste:
    """Regression trees whose sum is an opinion in nats: the logit of being chosen.

    Each array is [n_trees, n_nodes]. A leaf leads to itself on both sides.

    Parameters
    ----------
    trait
        Number of the trait that a node looks at.
    threshold
        Values up to it go left, larger ones right.
    left, right
        Numbers of the nodes below.
    value
        What a leaf adds.
    depth
        Steps from a root to the deepest leaf.
    """

    trait: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    value: npt.NDArray[np.float32]
    depth: int

    def opinions(self, designs: Sequence[Design], profile: Profile) -> npt.NDArray[np.float64]:
        """Return how much people like charts of one table, in nats: float64 [n_designs].

        Opinions are comparable within a table; the best is 0.
        """
        if not designs:
            return np.zeros(0)
        traits = Traits(profile)
        found = self.sum(np.stack([traits.of(design) for design in designs]))
        return np.asarray(found - found.max())

    def sum(self, rows: Floats) -> npt.NDArray[np.float64]:
        """Return the sum of the trees' values for rows of traits [n, n_traits]: float64 [n]."""
        trees = np.arange(len(self.trait))
        node = np.zeros((len(rows), len(trees)), dtype=np.int16)
        for _ in range(self.depth):
            seen = np.take_along_axis(rows, self.trait[trees, node].astype(np.int64), axis=1)
            goes_left = seen <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        return np.asarray(self.value[trees, node].sum(axis=1, dtype=np.float64))

    def save(self, folder: Path) -> None:
        """Write the trees and the names of their traits beside a network's weights."""
        arrays = {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}
        arrays["traits"] = np.array(TRAITS)
        np.savez_compressed(folder / FILE_NAME, **arrays)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def read_taste(folder: Path) -> Taste | None:
    """Read the taste that travels with a network's weights; None where there is none.

    Raises
    ------
    TasteMismatchError
        Where the file's traits are not those of this package; names the difference.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    with np.load(path) as found:
        if tuple(found["traits"]) != TRAITS:
            differ = sorted(set(found["traits"].tolist()) ^ set(TRAITS))
            msg = f"{path} does not fit this vizmodel: traits differ ({differ or 'in their order'})"
            raise TasteMismatchError(msg)
        arrays = {field.name: found[field.name] for field in fields(Taste)}
    return Taste(**{**arrays, "depth": int(arrays["depth"])})
