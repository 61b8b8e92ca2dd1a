"""Owns which column says to which cluster a method gave each row, and what rows are alike in.

Clusters are no traits of the world: whoever has them asks what they are, how large, and how well
they lie apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.words import split_name

#: Most clusters, fewest rows of each on average, and fewest measures.
MAX_CLUSTERS, MIN_EACH, MIN_MEASURES = 20, 5, 2
_NAME = late_pattern(
    r"((\w+ )?clusters?|k ?means|(h?db|opt)scan|gmm|agglomerative|hierarchical|birch|spectral"
    r"|leiden|louvain|mean ?shift)( (id|no|nr|number|labels?|name|group|\d+))?"
    r"|(predicted )?segments?( (id|label|name))?"
    r"|cluster(nummer|gruppe)|segmento|grappe"
)
#: Of what is called so whole numbers are, one after the other; and names of labels as any are.
_LABELS = late_pattern(r"labels?|(pred(icted)? )?(labels?|groups?|class(es)?)")
#: How sure a method was of a row, which says nothing of what rows are alike in; and its place.
_BESIDE = late_pattern(r"\b(prob(abilit(y|ies))?|silhouette|distance|outlier score|index|id)\b")


class Clusters(Struct, frozen=True):
    """Names of columns: which cluster each row is in, and what clusters may differ in."""

    label: str
    measures: tuple[str, ...]


def find_clusters(columns: Sequence[ColumnProfile]) -> Clusters | None:
    """Return the labels of clusters and the measures beside them; None where there are none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"size": [n * 7 % 30 / 3 for n in range(60)], "cluster": [n % 3 for n in range(60)]}
    >>> table |= {"speed": [n * 11 % 60 / 7 + n % 3 for n in range(60)]}
    >>> find_clusters(profile_table(pa.table(table)).columns).measures
    ('size', 'speed')
    """
    label = next((column for column in columns if _is_label(column)), None)
    if label is None:
        return None
    measures = tuple(c.name for c in columns if c is not label and _is_measure(c))
    return Clusters(label.name, measures) if len(measures) >= MIN_MEASURES else None


def _is_label(column: ColumnProfile) -> bool:
    few = 2 <= column.n_distinct <= min(MAX_CLUSTERS, column.n_present / MIN_EACH)
    if not few or column.is_time or column.told is not None:
        return False
    name = split_name(column.name)
    coded = column.kind == "number" and column.integer
    if coded and _LABELS.fullmatch(name):
        counted = column.maximum - column.minimum + 1 == column.n_distinct
        return counted and -1 <= column.minimum <= 1 and column.n_distinct > 2
    return _NAME.fullmatch(name) is not None and (coded or column.kind == "text")


def _is_measure(column: ColumnProfile) -> bool:
    told = column.is_size and column.usable and not column.zero_one
    return told and _BESIDE.search(split_name(column.name)) is None
