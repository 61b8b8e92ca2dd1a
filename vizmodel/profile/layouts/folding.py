"""Owns the two columns that stand for gathered ones: their headers, and their values row by row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec.structs import replace

from vizmodel.design import Fold
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.matrices import tell_links
from vizmodel.profile.layouts.piles import are_parts
from vizmodel.profile.layouts.questions import is_flag
from vizmodel.profile.layouts.states import are_foreseen
from vizmodel.profile.reading.arrays import from_numbers, from_texts
from vizmodel.profile.reading.times import ISO, parse_time
from vizmodel.profile.reading.values import ColumnValues, column_values
from vizmodel.profile.relations.gathered import gathered_statistics
from vizmodel.profile.relations.pairs import PAIR_STATISTICS
from vizmodel.profile.statistics import profile_column

#: Gathered rows that statistics look at, and other columns that they compare with.
MAX_FOLDED_ROWS, MAX_COMPARED = 10_000, 40

Pairs = npt.NDArray[np.float32]


def with_fold(
    fold: Fold,
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    pairs: Pairs,
    keys: frozenset[tuple[int, ...]],
    wholes: Sequence[frozenset[str]] = (),
) -> tuple[tuple[ColumnProfile, ...], Pairs]:
    """Add the gathered pair to a table's columns and statistics.

    Parameters
    ----------
    fold
        From `find_folds`.
    columns, values, pairs, keys
        Of the table; columns and pairs with those that stand for what was gathered before.
    wholes
        Names of the columns that are the parts of each whole.

    Returns
    -------
    (columns, pairs)
        With the gathered headers and the gathered values as the last two columns; their statistics
        are those of the gathered table.
    """
    members = [i for i, c in enumerate(columns) if c.name in fold.columns]
    others = [i for i in range(len(values)) if i not in members][:MAX_COMPARED]
    width, n_rows = len(members), len(values[0].codes)
    n_taken = min(n_rows, max(1, MAX_FOLDED_ROWS // width))
    taken = np.linspace(0, n_rows - 1, n_taken).astype(np.int64)
    added = _gathered_columns(fold, columns, values, members, taken, wholes)
    profiles = [p for p, _ in added]
    # Those that identify the rows identify the gathered ones with the headers.
    named = [key[0] for key in keys if len(key) == 1]
    found = gathered_statistics(
        [columns[i] for i in others],
        [_at(values[i], taken) for i in others],
        profiles,
        [arrays for _, arrays in added],
        frozenset(at for at, position in enumerate(others) if position in named),
    )
    size = len(columns)
    whole = np.zeros((size + 2, size + 2, len(PAIR_STATISTICS)), dtype=np.float32)
    whole[:size, :size] = pairs
    at = [*others, size, size + 1]
    for new in (size, size + 1):
        whole[new, at] = found[new - size - 2]
        whole[at, new] = found[:, new - size - 2]
    return (*columns, *profiles), whole


def with_measures_of_one(
    folds: Sequence[Fold], columns: Sequence[ColumnProfile], pairs: Pairs
) -> Pairs:
    """Return statistics that also tell how two measures of the same things are related.

    Opening and closing prices are near copies of each other as they are for each share.

    Parameters
    ----------
    folds
        What is gathered.
    columns, pairs
        With those that stand for what is gathered.
    """
    places = {column.name: at for at, column in enumerate(columns)}
    found = pairs.copy() if len(folds) > 1 else pairs
    for one, other in combinations(folds, 2):
        if one.labels == other.labels:
            members = zip(one.columns, other.columns, strict=True)
            told = np.stack([pairs[places[a], places[b]] for a, b in members])
            first, second = places[one.value], places[other.value]
            found[first, second] = found[second, first] = told.min(axis=0)
    return found


def _gathered_columns(
    fold: Fold,
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    members: Sequence[int],
    taken: npt.NDArray[np.int64],
    wholes: Sequence[frozenset[str]],
) -> list[tuple[ColumnProfile, ColumnValues]]:
    """Return profile and arrays of the headers and of the values, row by row."""
    position = len(columns)
    headers = pa.chunked_array([_tiled(fold_labels(fold), len(taken))])
    measured = pa.chunked_array([_row_by_row([values[i] for i in members], taken)])
    found: list[tuple[ColumnProfile, ColumnValues]] = []
    for name, column in ((fold.key, headers), (fold.value, measured)):
        arrays = column_values(column)
        found.append((profile_column(name, position + len(found), column, arrays), arrays))
    key, value = found[0], found[1]
    evidence = f"{len(members)} columns that are gathered"
    semantic = columns[members[0]].semantic
    semantic = semantic if semantic in ("currency", "percent") else "measure"
    if columns[members[0]].kind == "text":
        listed = max((columns[i].listed for i in members), key=len)
        answers = replace(value[0], semantic="ordinal", evidence=evidence, listed=listed)
        return [(replace(key[0], evidence=f"headers of {evidence}"), key[1]), (answers, value[1])]
    if all(is_flag(columns[i]) for i in members):
        semantic = "category"
        if fold.kind == "text":  # answers that are numbered have no order
            key = replace(key[0], semantic="category", listed=()), key[1]
    elif tell_links([columns[i] for i in members]):
        key = replace(key[0], semantic="category", listed=()), key[1]
    elif are_foreseen(fold.columns):  # a budget stands before what came of it
        key = replace(key[0], listed=fold.labels), key[1]
    if not value[0].constant:
        told = replace(value[0], semantic=semantic, evidence=evidence)
        value = _of_members(fold, [columns[i] for i in members], told, wholes), value[1]
    return [(replace(key[0], evidence=f"headers of {evidence}"), key[1]), value]


def _of_members(
    fold: Fold,
    members: Sequence[ColumnProfile],
    value: ColumnProfile,
    wholes: Sequence[frozenset[str]],
) -> ColumnProfile:
    """Return gathered values with what is said of all columns that they are from."""
    units, within = {c.unit for c in members}, {c.within for c in members}
    value = replace(
        value,
        rate=all(c.rate for c in members),
        unit=units.pop() if len(units) == 1 else "",
        within=within.pop() if len(within) == 1 else None,
    )
    return replace(value, parts=are_parts(fold, members, value, wholes))


def _row_by_row(members: Sequence[ColumnValues], taken: npt.NDArray[np.int64]) -> pa.Array:
    """Return the values of some columns in one: numbers, or the words of answers."""
    if members[0].numbers is not None:
        return from_numbers(np.stack([one.sizes[taken] for one in members], axis=1).ravel())
    labels = [np.array([*one.labels, None], dtype=object)[one.codes[taken]] for one in members]
    return from_texts(np.stack(labels, axis=1).ravel().tolist())


def fold_labels(fold: Fold) -> pa.Array:
    """Return the headers of the gathered columns as what they are: texts, whole numbers or times.

    Examples
    --------
    >>> fold_labels(Fold(("2019", "2020"), "year", "value", "integer")).to_pylist()
    [2019, 2020]
    """
    if fold.kind == "integer":
        return from_numbers(np.array([int(label) for label in fold.labels], dtype=np.int64))
    if fold.kind == "time":
        times = [parse_time(label, fold.format or ISO) for label in fold.labels]
        ticks = np.array(times, dtype="datetime64[us]").view(np.int64)
        return from_numbers(ticks).cast(pa.timestamp("us"))
    return from_texts(fold.labels)


def _tiled(labels: pa.Array, times: int) -> pa.Array:
    return labels.take(from_numbers(np.tile(np.arange(len(labels)), times)))


def _at(values: ColumnValues, rows: npt.NDArray[np.int64]) -> ColumnValues:
    numbers = None if values.numbers is None else values.numbers[rows]
    return ColumnValues(values.codes[rows], numbers, values.labels)
