"""Owns what is said of embeddings: by which groups rows lie apart, never how axes go together."""

from __future__ import annotations

from erp_widget.telling.percents import percent
from erp_widget.words import called, listed, name_of
from vizmodel.design import Design
from vizmodel.grammar.embedded import shown_embedding
from vizmodel.profile import Profile

#: Share of the places that groups explain from which they lie apart, and up to which they do not.
APART, MIXED = 0.5, 0.1
#: Fewest rows of a group as a rule.
MIN_EACH = 2


def embedding_finding(design: Design, profile: Profile) -> str | None:
    """Return how far groups lie apart on the axes of an embedding; None for any other chart.

    Where no groups are shown, it is told how many rows have a place; where each row is a group of
    its own, nothing.
    """
    axes = shown_embedding(design, profile)
    if axes is None or design.style.where:
        return None
    groups = [e for e in design.encodings if e.discrete and e.field]
    if not groups:
        placed = min(profile.column(axis).n_present for axis in axes)
        first, second = (called(axis, profile) for axis in axes)
        return f"{placed:,} rows have a place by {first} and {second}"
    column = profile.column(str(groups[0].field))
    if column.n_present < MIN_EACH * column.n_distinct:
        return None
    shares = {axis: profile.pair(str(groups[0].field), axis, "eta_squared") for axis in axes}
    told = [f"{percent(share)} of {called(axis, profile)}" for axis, share in shares.items()]
    most = max(shares.values())
    lie = "lie apart" if most >= APART else "are mixed" if most <= MIXED else "overlap"
    return f"groups of {name_of(groups[0], profile)} {lie}: they explain {listed(told)}"
