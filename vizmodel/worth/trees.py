"""Owns learned opinions of a chart on its table: sums of regression trees over traits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.worth.traits import TRAITS, Floats

Places = npt.NDArray[np.intp]

#: Rows that go down all trees together.
PIECE_ROWS = 32


class TraitMismatchError(ValueError):
    """Trees were fitted to other traits than this version of the package makes."""


class Trees(Struct, frozen=True, eq=False):
    """Regression trees whose sum is an opinion in nats.

    The nodes of all trees stand in one row; each array is [n_nodes]. Places are numbers as numpy
    looks up by; files have them in half the room.

    Parameters
    ----------
    roots
        Place of each tree's first node [n_trees].
    trait
        Number of the trait that a node looks at.
    threshold
        Values up to it go left, larger ones right; endless in a leaf.
    left
        Place of the node on the left; that on the right stands after it. A leaf leads to itself.
    value
        What a leaf adds; what those below a node add on average.
    depth
        Steps from a root to the deepest leaf.
    """

    roots: Places
    trait: Places
    threshold: npt.NDArray[np.float32]
    left: Places
    value: npt.NDArray[np.float32]
    depth: int

    def sum(self, rows: Floats) -> npt.NDArray[np.float64]:
        """Return the sum of the trees' values for rows of traits [n, n_traits]: float64 [n]."""
        return np.concatenate([self._sum(part) for part in _pieces(rows)])

    def _sum(self, rows: Floats) -> npt.NDArray[np.float64]:
        *_, leaves = self._walk(rows)
        return np.asarray(self.value.take(leaves).sum(axis=1, dtype=np.float64))

    def _walk(self, rows: Floats) -> Iterator[Places]:
        """Yield the nodes at which rows are, from the roots to the leaves: [n, n_trees] each."""
        node = np.repeat(self.roots[None, :], len(rows), axis=0)
        yield node
        # Flat places: one look at a long row is quicker than one at rows and columns.
        flat, starts = rows.ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        for _ in range(self.depth):
            # All places are some: nothing is clipped, but numpy would take longer to check it.
            seen = self.trait.take(node, mode="clip")
            seen += starts
            right = flat.take(seen, mode="clip") > self.threshold.take(node, mode="clip")
            node = self.left.take(node, mode="clip")
            node += right
            yield node

    def parts(
        self, rows: Floats, groups: npt.NDArray[np.int64], n_groups: int
    ) -> npt.NDArray[np.float64]:
        """Return what each group of traits adds to the sum, but for what the roots say.

        The change of value along a tree's path is due to the traits its nodes look at (Saabas 2014,
        "Interpreting random forests").

        Parameters
        ----------
        rows
            Of traits [n, n_traits].
        groups
            Number of the group that each trait belongs to [n_traits].
        n_groups
            How many there are.

        Returns
        -------
        float64 [n, n_groups]
            In nats. The rows' sums differ by what their parts do.
        """
        of_node = groups.take(self.trait)
        return np.concatenate([self._parts(part, of_node, n_groups) for part in _pieces(rows)])

    def _parts(
        self, rows: Floats, of_node: npt.NDArray[np.int64], n_groups: int
    ) -> npt.NDArray[np.float64]:
        starts = np.arange(len(rows))[:, None] * n_groups
        found = np.zeros(len(rows) * n_groups)
        for node, after in pairwise(self._walk(rows)):
            change = self.value.take(after) - self.value.take(node)
            places = starts + of_node.take(node)
            found += np.bincount(places.ravel(), change.ravel(), len(found))
        return found.reshape(len(rows), n_groups)

    def save(self, path: Path, traits: Sequence[str] = TRAITS) -> None:
        """Write the trees and the names of their traits."""
        arrays = {name: np.asarray(getattr(self, name)) for name in self.__struct_fields__}
        arrays |= {n: a.astype(np.int32) for n, a in arrays.items() if a.dtype == np.intp}
        arrays["traits"] = np.array(traits)
        # Not compressed: a fresh process would unpack them for each first list.
        np.savez(path, **arrays)  # type: ignore[arg-type]


def _pieces(rows: Floats) -> Iterator[Floats]:
    """Yield rows, so few at a time that what is known of them on the way stays in the cache."""
    for start in range(0, max(len(rows), 1), PIECE_ROWS):
        yield rows[start : start + PIECE_ROWS]


def read_trees(path: Path, traits: Sequence[str] = TRAITS) -> Trees | None:
    """Read trees over some traits from a file; None where there is none.

    Raises
    ------
    TraitMismatchError
        Where the file's traits are not those of this package; names the difference.
    """
    if not path.is_file():
        return None
    with np.load(path) as found:
        if tuple(found["traits"]) != tuple(traits):
            differ = sorted(set(found["traits"].tolist()) ^ set(traits))
            msg = f"{path} does not fit this vizmodel: traits differ ({differ or 'in their order'})"
            raise TraitMismatchError(msg)
        arrays = {name: found[name] for name in Trees.__struct_fields__}
    arrays |= {n: a.astype(np.intp) for n, a in arrays.items() if a.dtype == np.int32}
    return Trees(**{**arrays, "depth": int(arrays["depth"])})
