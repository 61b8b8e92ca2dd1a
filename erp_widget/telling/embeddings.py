"""Owns what is said of embeddings: by which groups rows lie apart, never how axes go together."""

from __future__ import annotations

from erp_widget.telling.percents import percent
from erp_widget.words import called, listed, name_of
from vizmodel.design import Design
from vizmodel.grammar.embedded import shown_embedding
from vizmodel.profile import Profile

#: Share of the places that groups explain from which they lie apart, and up to which they do not.
APART, MIXED = 0.5, 0.1


def embedding_finding(design: Design, profile: Profile) -> str | None:
    """Return how far groups lie apart on the axes of an embedding; None for any other chart.

    Where no groups are shown, it is told how many rows lie where like ones are close.
    """
    axes = shown_embedding(design, profile)
    if axes is None or design.style.where:
        return None
    groups = [e for e in design.encodings if e.discrete and e.field]
    if not groups:
        return f"{profile.n_rows:,} rows, like ones close to each other"
    shares = {axis: profile.pair(str(groups[0].field), axis, "eta_squared") for axis in axes}
    told = [f"{percent(share)} of {called(axis, profile)}" for axis, share in shares.items()]
    most = max(shares.values())
    lie = "lie apart" if most >= APART else "are mixed" if most <= MIXED else "overlap"
    return f"groups of {name_of(groups[0], profile)} {lie}: they explain {listed(told)}"
