"""Owns tables that are matrices: each row says of one thing what it has to do with each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.reading.values import ColumnValues

#: Fewest and most things; fewer where the rows are called as the columns are.
MIN_SIZE, MAX_SIZE, MIN_CALLED = 4, 60, 3
#: What symmetric cells may differ by, over the largest.
SLACK = 1e-6
#: How much each thing has to do with itself where that is a correlation.
WITH_ITSELF = 1.0


def find_matrix(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[str, ...]:
    """Find the columns of a table of correlations, distances or links of things with each other.

    Parameters
    ----------
    columns, values
        Of the sample.

    Returns
    -------
    tuple of str
        Names of the columns, one for each row, in the order of the rows; none where the table is
        no such matrix. Its rows are called as its columns are (how often a cat was taken for a
        dog), or its cells are symmetric, and all the same on the diagonal.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = pa.table({a: [abs(i - j) * 1.5 for j in range(5)] for i, a in enumerate("abcde")})
    >>> len(profile_table(table).copies)
    10
    """
    numbers = [at for at, c in enumerate(columns) if c.kind == "number"]
    if (
        columns and len(numbers) != columns[0].n_rows
    ):  # what is linked with none may be a column of nought
        numbers = [at for at in numbers if columns[at].n_distinct > 1]
    size = len(numbers)
    if size >= MIN_CALLED and _are_called_alike(columns, values, numbers):
        return tuple(columns[at].name for at in numbers)
    if not MIN_SIZE <= size <= MAX_SIZE or len(values[numbers[0]].codes) != size:
        return ()
    if len(columns) > size + 1:
        return ()
    cells = np.stack([values[at].sizes for at in numbers])
    scale = float(np.nanmax(np.abs(cells), initial=0.0))
    diagonal, mirrored = np.diag(cells), cells.T
    known = np.isfinite(cells) & np.isfinite(mirrored)
    one_half = (
        not np.isfinite(cells[np.triu_indices(size, 1)]).any()
        or not np.isfinite(cells[np.tril_indices(size, -1)]).any()
    )
    same = bool((np.abs(diagonal - diagonal[0]) <= SLACK * scale).all())
    symmetric = bool((np.abs(cells - mirrored)[known] <= SLACK * scale).all())
    if same and symmetric and (one_half or bool(known.all())):
        return tuple(columns[at].name for at in numbers)
    return ()


def with_matrix(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> tuple[tuple[ColumnProfile, ...], tuple[str, ...]]:
    """Take correlations for what nobody adds up, and return the names of a matrix' columns.

    Nought and one are no groups there, but say which things are linked.
    """
    matrix = find_matrix(columns, values)
    cells = [column for column in columns if column.name in matrix]
    if tell_links(cells):
        columns = [_as_cells(c) if c in cells else _as_names(c) for c in columns]
        return tuple(columns), matrix
    shares = all(c.maximum == WITH_ITSELF and c.minimum >= -WITH_ITSELF for c in cells)
    if not shares or all(column.integer for column in cells):
        return tuple(columns), matrix
    rates = (replace(c, rate=True) if c.name in matrix else c for c in columns)
    return tuple(rates), matrix


def tell_links(cells: Sequence[ColumnProfile]) -> bool:
    """Whether cells of nought and one say which things are linked."""
    return bool(cells) and all(
        cell.integer and 0 <= cell.minimum <= cell.maximum <= 1 for cell in cells
    )


def _as_cells(column: ColumnProfile) -> ColumnProfile:
    told = "says what each has to do with another"
    return column if column.constant else replace(column, semantic="measure", evidence=told)


def _as_names(column: ColumnProfile) -> ColumnProfile:
    """Return names of what is linked, which are no steps, however they are numbered."""
    ordered = column.semantic == "ordinal" and column.told is None
    return replace(column, semantic="category", listed=()) if ordered else column


def _are_called_alike(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues], numbers: Sequence[int]
) -> bool:
    """Whether a column of texts, the only one beside the numbers, has their names, each once."""
    texts = [at for at in range(len(columns)) if at not in numbers]
    if len(texts) != 1 or columns[texts[0]].kind != "text":
        return False
    labels = values[texts[0]].labels
    once = len(labels) == len(values[texts[0]].codes) == len(numbers)
    return once and set(labels) == {columns[at].name for at in numbers}
