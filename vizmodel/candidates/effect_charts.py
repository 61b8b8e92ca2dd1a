"""Owns charts of many effects at once: how large each is, beside how sure one can be of it.

Of thousands of genes or tests points of effects by the logarithm of their p-values are drawn (a
volcano plot), and of effects by how much there was of each.
"""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.candidates.kind import ChartKind, Told
from vizmodel.profile import Profile
from vizmodel.tokens import Part, make_design
from vizmodel.worth.effects import find_effects

#: What effects by their amounts count.
SECOND = 0.5


def effect_charts(profile: Profile) -> Iterator[Told]:
    """Yield points of effects by how sure they are, and by how much there was of each.

    Yields
    ------
    (design, worth)
        In canonical orientation, 0 to 1 for how much it is worth; which need not be legal.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> sizes = [(n * 37 % 101 - 50) / 25 for n in range(80)]
    >>> sure = [abs(size) * 3 + n % 7 / 5 for n, size in enumerate(sizes)]
    >>> profile = profile_table(pa.table({"log2FC": sizes, "neg_log10_p": sure}))
    >>> [design.fields for design, _ in effect_charts(profile)]
    [('log2FC', 'neg_log10_p')]
    """
    found = find_effects(profile)
    if found is None:
        return
    sorts: list[Part] = [("color", name, "category") for name in found.sorts[:1]]
    places: list[Part] = [("x", found.effect, "value"), ("y", found.sure, "value")]
    yield make_design("point", profile, *places, *sorts), 1.0
    for amount in found.amounts:
        places = [("x", amount, "value"), ("y", found.effect, "value")]
        yield make_design("point", profile, *places, *sorts), SECOND


EFFECTS = ChartKind("effects", effect_charts)
