"""Owns which columns tell of many effects at once: how large each is, and how sure it is."""

from __future__ import annotations

import re
from typing import NamedTuple

from vizmodel.grammar.remembered import once_per_profile
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.relations.computed import CHANCE_NAME
from vizmodel.profile.words import split_name

#: Fewest effects of which a cloud tells more than their names; most levels of what sorts them.
MIN_EFFECTS, MAX_SORTS = 40, 6
#: Names of effects, and of how much there was of each.
_EFFECT_NAME = late_pattern(
    r"\b(log ?2? ?(fold ?change|fc|ratio)|log ?2fc|lfc|fold ?change|effect( size)?|beta|estimate"
    r"|coef(ficient)?|(mean ?)?diff(erence)?|slope|log ?odds|log ?or)\b"
)
_AMOUNT_NAME = late_pattern(r"\b(base ?mean|ave ?expr|log ?cpm|mean expression|a ?value)\b")
#: How sure one is, on a logarithmic scale.
_SURE_NAME = late_pattern(
    r"\b[nm]?log( ?10)?\b.*\b(p|q|fdr|padj|pval\w*|qval\w*)\b|log ?10 ?p|[nm]?log ?p\b"
)


class Effects(NamedTuple):
    """Names of the columns that tell of effects.

    `effect` says how large each is, `sure` how sure one can be, by powers of ten; `amounts` how
    much there was of each, `sorts` which of them are sure, `chances` what `sure` was made of.
    """

    effect: str
    sure: str
    amounts: tuple[str, ...]
    sorts: tuple[str, ...]
    chances: tuple[str, ...]


@once_per_profile
def find_effects(profile: Profile) -> Effects | None:
    """Return what tells of many effects; None of any other table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> sizes = [(n * 37 % 101 - 50) / 25 for n in range(80)]
    >>> sure = [abs(size) * 3 + n % 7 / 5 for n, size in enumerate(sizes)]
    >>> find_effects(profile_table(pa.table({"log2FC": sizes, "neg_log10_p": sure}))).effect
    'log2FC'
    """
    sizes = [c for c in profile.own_columns if c.is_size and c.usable]
    sure = _named(sizes, _SURE_NAME)
    effects = [name for name in _named(sizes, _EFFECT_NAME) if name not in sure]
    if profile.n_rows < MIN_EFFECTS or not effects or not sure:
        return None
    kinds = (c for c in profile.own_columns if c.kind in ("text", "boolean") and c.usable)
    sorts = tuple(c.name for c in kinds if 2 <= c.n_distinct <= MAX_SORTS)
    # What was adjusted comes last, and is meant.
    sure.sort(key=lambda name: "adj" in name.lower())
    others = tuple(_named(sizes, _AMOUNT_NAME)), sorts, tuple(_named(sizes, CHANCE_NAME))
    return Effects(effects[0], sure[-1], *others)


def _named(sizes: list[ColumnProfile], pattern: re.Pattern[str]) -> list[str]:
    return [c.name for c in sizes if pattern.search(split_name(c.name))]
