"""Owns how the terms of a score are weighed where a table is raw.

Weights that were chosen on people's charts of narrow tables order the charts of raw, wide ones
worse. There trees weigh the terms once more, which learned from charts named for tables that
neither the network nor any opinion has seen (`training/weighed.py`). A score stays a sum of named
terms: each gains what the trees say at the nodes that look at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vizmodel.profile import Profile
from vizmodel.worth.taste import RECORDED_TRAITS, TERMS, WANTED_TRAITS, WEIGHED_TRAITS, Doubles
from vizmodel.worth.traits import Floats
from vizmodel.worth.trees import Trees

Terms = Mapping[str, float]


def term_of(trait: str) -> str:
    """Return the term that is credited with what trees say of a trait."""
    if trait.startswith("term:"):
        return trait.removeprefix("term:")
    if trait in ("nats", "place"):
        return "network"
    signs = (*RECORDED_TRAITS[len(WANTED_TRAITS) :], "recorded")
    return "records" if trait in signs else "wanted"


#: Place in TERMS of the term that each trait belongs to.
_GROUPS = np.array([TERMS.index(term_of(trait)) for trait in WEIGHED_TRAITS])


def weighed_rows(terms: Sequence[Terms], nats: Doubles, seen: Floats, profile: Profile) -> Floats:
    """Return what the weighing rests on: float32 [n_designs, len(WEIGHED_TRAITS)].

    Parameters
    ----------
    terms
        Of each design's score, as they are added up.
    nats
        Log-probabilities by the network [n_designs].
    seen
        As in `Opinions`.
    profile
        Of the table.
    """
    places = np.argsort(np.argsort(-nats, kind="stable"), kind="stable")
    values = np.array([[one[name] for name in TERMS] for one in terms])
    recorded = np.full(len(terms), profile.recorded)
    rows = np.column_stack([seen, nats - nats.max(), places, values, recorded])
    return rows.astype(np.float32)


def weighed(
    terms: Sequence[Terms], rows: Floats, trees: Trees, weight: float
) -> list[dict[str, float]]:
    """Return terms to which trees have added what they make of them.

    Parameters
    ----------
    terms, rows
        As in `weighed_rows`, and what it returns.
    trees
        That weigh.
    weight
        How much a nat of theirs counts.
    """
    gained = weight * trees.parts(rows, _GROUPS, len(TERMS))
    return [
        {**one, **{name: one[name] + more for name, more in zip(TERMS, row, strict=True)}}
        for one, row in zip(terms, gained.tolist(), strict=True)
    ]
