"""Owns which columns are the axes of an embedding: places that a method gave to rows by likeness.

Such are those of UMAP, t-SNE or principal components. Like rows lie close, and one axis alone says
nothing; nor do two of them say anything of each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.words import split_name

_METHODS = (
    r"umap|t ?sne|fit ?sne|pca|pcoa|pco|n?mds|phate|tri ?map|pac ?map|isomap|lle|diff ?map|som|rda"
    r"|cca|svd|lsi|ica|nmf|tsvd|draw graph (fa|fr)|force ?atlas ?2?|spectral embedding"
)
#: The same by names that other numbers have as well: their axes lie about nought.
_VAGUE = (
    r"pcs?|prin(cipal)? ?comp(onents?)?|principal coordinates?|comp(onent)?s?|dims?|dimensions?"
    r"|ld|ca|dc|fa|factor|latent|emb(edding)?s?"
)
_NUMBER = r"(2 ?d |3 ?d )?(?P<axis>\d{1,3}|one|two|three|[xyz])"
_AXIS = late_pattern(
    rf"^(x )?((?P<method>{_METHODS})|(?P<vague>{_VAGUE}))( coord(inate)?s?)? ?{_NUMBER}$"
)
_ORDER = {"one": 1, "two": 2, "three": 3, "x": 1, "y": 2, "z": 3}


def find_embeddings(columns: Sequence[ColumnProfile]) -> tuple[tuple[str, ...], ...]:
    """Return the names of the axes of each embedding, in their order.

    Parameters
    ----------
    columns
        Of the table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> places = {f"umap_{axis}": [n * axis * 7 % 23 / 4 for n in range(40)] for axis in (1, 2)}
    >>> find_embeddings(profile_table(pa.table(places)).columns)
    (('umap_1', 'umap_2'),)
    """
    found: dict[str, dict[int, ColumnProfile]] = {}
    for column in columns:
        told = _AXIS.match(split_name(column.name)) if _may_be_axis(column) else None
        if told is not None:
            axis = _ORDER.get(told["axis"]) or int(told["axis"])
            found.setdefault(told["method"] or told["vague"], {})[axis] = column
    several = (axes for method, axes in found.items() if _are_axes(method, axes))
    return tuple(tuple(axes[at].name for at in sorted(axes)) for axes in several)


def _may_be_axis(column: ColumnProfile) -> bool:
    return column.is_size and not column.integer and not column.constant and column.told is None


def _are_axes(method: str, axes: Mapping[int, ColumnProfile]) -> bool:
    """Whether there are several axes, the first among them, and no sizes go by such a name."""
    named = re.fullmatch(_METHODS, method) or any(c.share_negative > 0 for c in axes.values())
    return len(axes) > 1 and min(axes) in (0, 1) and bool(named)
