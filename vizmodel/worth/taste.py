"""Owns the taste: what people draw of a table, what its readers keep, what is asked of it first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from vizmodel.design import Design
from vizmodel.profile import Profile
from vizmodel.worth.asked import ASKED_TRAITS, asked_rows
from vizmodel.worth.record_traits import RECORD_TRAITS, record_rows
from vizmodel.worth.traits import TRAITS, Floats, Traits
from vizmodel.worth.trees import Trees, read_trees

CHOSEN_FILE, KEPT_FILE, WANTED_FILE = "taste.npz", "kept.npz", "wanted.npz"
RECORDED_FILE, WEIGHED_FILE = "recorded.npz", "weighed.npz"
#: What the third opinion rests on.
WANTED_TRAITS = (*TRAITS, *ASKED_TRAITS)
#: The same of tables of records.
RECORDED_TRAITS = (*WANTED_TRAITS, *RECORD_TRAITS)
#: Terms of a score that are weighed anew where a table is raw.
TERMS = (
    "network",
    "taste",
    "worth",
    "wanted",
    "interest",
    "simplicity",
    "told",
    "outcome",
    "form",
    "faint",
    "lopsided",
    "copied",
    "striped",
    "summarised",
    "mixed",
    "partial",
    "headline",
    "records",
    "given",
    "layout",
    "answering",
    "gathered",
)
#: What their weighing rests on: the same, what the network says and its place there, the terms.
WEIGHED_TRAITS = (
    *RECORDED_TRAITS,
    "nats",
    "place",
    *(f"term:{name}" for name in TERMS),
    "recorded",
)
Doubles = npt.NDArray[np.float64]


class Opinions(Struct, frozen=True, eq=False):
    """What is thought of the charts of one table, in nats: float64 [n_designs] each.

    `chosen` and `wanted` are comparable within a table only; the best is 0. `kept` is 0 where as
    many are kept as not. `seen` is what they rest on: float32 [n_designs, len(RECORDED_TRAITS)].
    """

    chosen: Doubles
    kept: Doubles
    wanted: Doubles
    seen: Floats


class Taste(Struct, frozen=True, eq=False):
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
    recorded
        The same of a table of records; as of any other where None.
    weighed
        How the terms of a score are weighed where a table is raw; they are added up where None.
    """

    chosen: Trees
    kept: Trees | None = None
    wanted: Trees | None = None
    recorded: Trees | None = None
    weighed: Trees | None = None

    def opinions(self, designs: Sequence[Design], profile: Profile) -> Opinions:
        """Return the opinions of charts of one table."""
        if not designs:
            return no_opinions(0)
        traits = Traits(profile)
        rows = np.stack([traits.of(design) for design in designs])
        seen = np.hstack([rows, asked_rows(designs, profile), record_rows(designs, profile)])
        chosen, wanted = self.chosen.sum(rows), self._wanted(seen, profile)
        kept = np.zeros(len(rows)) if self.kept is None else self.kept.sum(rows)
        return Opinions(chosen - chosen.max(), kept, wanted - wanted.max(), seen)

    def _wanted(self, seen: Floats, profile: Profile) -> Doubles:
        if self.wanted is None:
            return np.zeros(len(seen))
        if self.recorded is None or not profile.recorded:
            return self.wanted.sum(seen[:, : len(WANTED_TRAITS)])
        return self.recorded.sum(seen)


def no_opinions(n_designs: int) -> Opinions:
    """Return what is thought of charts where nothing was learned."""
    nothing = np.zeros(n_designs)
    seen = np.zeros((n_designs, len(RECORDED_TRAITS)), np.float32)
    return Opinions(nothing, nothing, nothing, seen)


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
    recorded = read_trees(folder / RECORDED_FILE, RECORDED_TRAITS)
    weighed = read_trees(folder / WEIGHED_FILE, WEIGHED_TRAITS)
    return Taste(chosen, read_trees(folder / KEPT_FILE), wanted, recorded, weighed)
