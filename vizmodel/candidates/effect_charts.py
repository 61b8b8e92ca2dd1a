"""Owns charts of many effects at once: how large each is, beside how sure one can be of it.

Of thousands of genes or tests points of effects by the logarithm of their p-values are drawn (a
volcano plot), and of effects by how much there was of each.
"""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.design import Design
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.words import split_name
from vizmodel.tokens import Part, make_design

#: Fewest effects of which a cloud tells more than their names, and what the second chart counts.
MIN_EFFECTS, SECOND = 40, 0.5
#: Names of effects, and of how much there was of each.
_EFFECT_NAME = late_pattern(
    r"\b(log ?2? ?(fold ?change|fc|ratio)|log ?2fc|lfc|fold ?change|effect( size)?|beta|estimate"
    r"|coef(ficient)?|(mean ?)?diff(erence)?|slope|log ?odds|log ?or)\b"
)
_AMOUNT_NAME = late_pattern(r"\b(base ?mean|ave ?expr|log ?cpm|mean expression|a ?value)\b")
#: How sure one is, on a logarithmic scale.
SURE_NAME = late_pattern(
    r"\b[nm]?log( ?10)?\b.*\b(p|q|fdr|padj|pval\w*|qval\w*)\b|log ?10 ?p|[nm]?log ?p\b"
)
#: Most levels of what says which of the effects are sure.
MAX_SORTS = 6


def effect_charts(profile: Profile) -> Iterator[tuple[Design, float]]:
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
    if profile.n_rows < MIN_EFFECTS:
        return
    sizes = [c for c in profile.own_columns if c.is_size and c.usable]
    sure = _sure(sizes)
    effects = [c for c in sizes if _EFFECT_NAME.search(split_name(c.name)) and c not in sure]
    if not effects or not sure:
        return
    effect: Part = ("x", effects[0].name, "value")
    sorts: list[Part] = [("color", c.name, "category") for c in _sorts(profile)[:1]]
    yield make_design("point", profile, effect, ("y", sure[-1].name, "value"), *sorts), 1.0
    for amount in (c for c in sizes if _AMOUNT_NAME.search(split_name(c.name))):
        places: list[Part] = [("x", amount.name, "value"), ("y", effects[0].name, "value")]
        yield make_design("point", profile, *places, *sorts), SECOND


def _sure(sizes: list[ColumnProfile]) -> list[ColumnProfile]:
    """Return what says how sure effects are; what was adjusted comes last."""
    found = [c for c in sizes if SURE_NAME.search(split_name(c.name))]
    return sorted(found, key=lambda c: "adj" in c.name.lower())


def _sorts(profile: Profile) -> list[ColumnProfile]:
    """Return what says which effects are sure, if anything does."""
    kinds = (c for c in profile.own_columns if c.kind in ("text", "boolean") and c.usable)
    return [c for c in kinds if 2 <= c.n_distinct <= min(MAX_SORTS, MAX_CATEGORIES)]
