"""Owns the way from a table's rows to its profile: what each step finds, the next one may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa
from msgspec.structs import replace

from vizmodel.design import Fold
from vizmodel.profile.axes import with_axes
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.cumulative import with_cumulative
from vizmodel.profile.layouts.clusters import find_clusters
from vizmodel.profile.layouts.counted import cell_weights, find_counted, with_weights
from vizmodel.profile.layouts.crossed import Crossed
from vizmodel.profile.layouts.curves import with_curves
from vizmodel.profile.layouts.factors import with_factors
from vizmodel.profile.layouts.fold import find_folds
from vizmodel.profile.layouts.folding import with_fold, with_measures_of_one
from vizmodel.profile.layouts.given import with_given
from vizmodel.profile.layouts.links import with_links
from vizmodel.profile.layouts.matrices import with_matrix
from vizmodel.profile.layouts.measures import Part, measure_parts
from vizmodel.profile.layouts.mixtures import with_mixtures
from vizmodel.profile.layouts.naming import find_names, with_courses
from vizmodel.profile.layouts.ratings import with_ratings
from vizmodel.profile.layouts.scores import with_scores
from vizmodel.profile.layouts.slices import find_slices
from vizmodel.profile.layouts.subjects import with_subjects
from vizmodel.profile.layouts.trials import with_trials
from vizmodel.profile.layouts.wholes import part_without
from vizmodel.profile.orders.geometric import with_geometric
from vizmodel.profile.orders.listed import with_listed
from vizmodel.profile.orders.sort_columns import with_sort_columns
from vizmodel.profile.places import with_places
from vizmodel.profile.reading.casts import Cast
from vizmodel.profile.reading.told import as_read
from vizmodel.profile.reading.values import ColumnValues, column_values
from vizmodel.profile.relations.companions import with_companions
from vizmodel.profile.relations.computed import with_computed
from vizmodel.profile.relations.copies import find_copies
from vizmodel.profile.relations.cycles import find_cycles
from vizmodel.profile.relations.derived import find_derived, find_levels, with_dummies
from vizmodel.profile.relations.exclusive import find_exclusive
from vizmodel.profile.relations.facing import with_facing
from vizmodel.profile.relations.keys import find_keys
from vizmodel.profile.relations.lone import find_lone
from vizmodel.profile.relations.near_keys import find_near_keys
from vizmodel.profile.relations.pairs import pair_statistics
from vizmodel.profile.relations.parts import find_parts
from vizmodel.profile.relations.prices import Prices, with_prices
from vizmodel.profile.relations.ranges import MAX_RANGES, Range, find_ranges
from vizmodel.profile.relations.reckoned import find_reckoned
from vizmodel.profile.relations.restless import with_restless
from vizmodel.profile.relations.row_numbers import with_row_numbers
from vizmodel.profile.relations.tautologies import find_tautologies
from vizmodel.profile.relations.triples import find_triples
from vizmodel.profile.relations.twins import with_twins
from vizmodel.profile.statistics import profile_column
from vizmodel.profile.table import Profile
from vizmodel.threads import one_thread

#: Most rows that statistics of pairs look at.
MAX_SAMPLE_ROWS = 10_000


# Sums and distances of the largest numbers are infinite; nobody needs to hear of it.
@np.errstate(over="ignore", invalid="ignore")
def profile_table(
    typed: pa.Table,
    n_rows: int | None = None,
    casts: Sequence[Cast] = (),
    crossed: Sequence[Crossed] = (),
) -> Profile:
    """Profile a typed table or a sample of one.

    Parameters
    ----------
    typed
        Columns as `apply_casts` makes them; rows beyond 10,000 are not looked at.
    n_rows
        Rows of the whole table, where `typed` is a sample of it.
    casts
        How its columns were read: what the user told of them, how their times are written.
    crossed
        What the table's maker says of its headers, what is likelier first.

    Returns
    -------
    Profile
        `approximate` where the table has more rows than were looked at.

    Examples
    --------
    >>> profile_table(pa.table({"a": [1, 2, 3]})).n_rows
    3
    """
    total = typed.num_rows if n_rows is None else n_rows
    sample = typed.slice(0, MAX_SAMPLE_ROWS)
    with one_thread():
        values = [column_values(column) for column in sample.columns]
        whole = _profiled(sample, values, total, casts, crossed=crossed)
        share = total / max(sample.num_rows, 1)
        found = list(measure_parts(sample, whole.own_columns, values))
        if not (found or whole.folds):
            found = [*filter(None, [part_without(sample, whole.own_columns, values)])]
        parts = tuple(replace(_part(part, share, casts), within=part.held) for part in found)
        return replace(whole, measures=parts) if parts else whole


def _part(part: Part, share: float, casts: Sequence[Cast]) -> Profile:
    values = [column_values(column) for column in part.rows.columns]
    total = round(share * part.rows.num_rows)
    return _profiled(part.rows, values, total, casts, part.called)


def _profiled(
    sample: pa.Table,
    values: Sequence[ColumnValues],
    total: int,
    casts: Sequence[Cast],
    called: Mapping[str, str] | None = None,
    crossed: Sequence[Crossed] = (),
) -> Profile:
    guessed = _guessed(sample, values, casts, called or {})
    columns = _meant(guessed, values)
    exact = find_keys(columns, values)
    keys = exact or find_near_keys(columns, values)
    columns = with_facing(with_cumulative(columns, values, keys), values, keys)
    cells = find_counted(columns, values)
    weights = cell_weights(cells, values)
    columns = with_listed(with_weights(columns, values, weights), values, cells)
    pairs = pair_statistics(columns, values, keys, weights=weights)
    levels = find_levels(columns, values, pairs)
    derived = find_derived(columns, values, levels)
    columns = with_twins(with_dummies(columns, levels), values, pairs)
    columns, prices = with_prices(columns, values)
    columns, matrix = with_matrix(with_computed(columns, values, pairs, prices), values)
    triples, ranges = find_triples(columns, values, pairs), _ranges(columns, values, prices)
    slices = find_slices(columns, values, keys)
    cycles = () if cells else find_cycles(columns, values)
    copies = _not_by_clusters(derived | _copies(columns, values, matrix, prices), columns)
    # A chart keeps to some rows or gathers columns, not both.
    parts = find_parts(columns, values) if called is None else ()
    evidence = (ranges, matrix, parts, crossed, prices)
    folds = () if called is not None else find_folds(columns, keys, *evidence)
    ranges, named = _apart(ranges, folds if crossed else ()), find_names(guessed, values, total)
    told = (slices, triples, ranges, copies, frozenset(columns[i].name for i in cells))
    for fold in folds:
        columns, pairs = with_fold(fold, columns, values, pairs, keys, parts)
    columns = with_courses(columns, folds, named)
    pairs = with_measures_of_one(folds, columns, pairs)
    known = Profile(columns, total, pairs, keys, total > sample.num_rows, folds, *told)
    known = replace(known, cycles=cycles, prices=prices)
    return replace(known, twice=bool(keys) and not exact, named=named)


def _ranges(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues], prices: Sequence[Prices]
) -> tuple[Range, ...]:
    """Return the ranges that names tell, and those of prices, whatever they are called.

    Of the prices of more things than ranges are kept there are none: some would have one only.
    """
    told = {one.range.columns: one.range for one in prices}
    found = {one.columns: one for one in find_ranges(columns, values)}
    if len(told) > MAX_RANGES:
        return tuple(one for columns, one in found.items() if columns not in told)
    return tuple({**told, **found}.values())[:MAX_RANGES]


def _apart(ranges: tuple[Range, ...], folds: Sequence[Fold]) -> tuple[Range, ...]:
    """Return the ranges whose ends are not gathered: women and men of each trade are no range."""
    return tuple(one for one in ranges if not any(one.columns <= {*f.columns} for f in folds))


def _meant(
    columns: Sequence[ColumnProfile], values: Sequence[ColumnValues]
) -> Sequence[ColumnProfile]:
    """Return the columns with what each means among the others."""
    sorted_by = with_sort_columns(columns, values)
    along = with_axes(with_places(sorted_by), values)
    placed = with_subjects(with_row_numbers(along), values)
    columns = with_links(with_companions(with_ratings(placed), values), values)
    columns = with_factors(with_mixtures(with_scores(columns), values), values)
    columns = with_trials(columns)
    columns = with_given(with_curves(columns, values), values)
    return with_restless(with_geometric(columns, values), values)


def _copies(
    columns: Sequence[ColumnProfile],
    values: Sequence[ColumnValues],
    matrix: Sequence[str],
    prices: Sequence[Prices],
) -> frozenset[frozenset[str]]:
    """Return the pairs of columns of which one says what the other does by its making."""
    like = [matrix, *(one.levels for one in prices)]
    made = {frozenset(pair) for names in like for pair in combinations(names, 2)}
    told = find_exclusive(columns, values) | find_lone(columns, values)
    told |= frozenset(map(frozenset, find_reckoned(columns)))
    return find_copies(columns, values) | told | find_tautologies(columns, values) | made


def _not_by_clusters(
    copies: frozenset[frozenset[str]], columns: Sequence[ColumnProfile]
) -> frozenset[frozenset[str]]:
    """Return copies without those of clusters: that a measure tells them apart is a finding."""
    clusters = find_clusters(columns)
    return copies if clusters is None else frozenset(p for p in copies if clusters.label not in p)


def _guessed(
    sample: pa.Table,
    values: Sequence[ColumnValues],
    casts: Sequence[Cast],
    called: Mapping[str, str],
) -> list[ColumnProfile]:
    """Profile each column by itself; what numbers are called says what they mean."""
    read = {cast.column: cast for cast in casts}
    found = []
    for position, name in enumerate(sample.column_names):
        column = sample.column(position)
        guess = profile_column(called.get(name, name), position, column, values[position])
        if name in called:
            # What the numbers are travels as what follows of it: a level is a cell.
            guess = replace(guess, name=name, rate=guess.is_size and guess.intensive)
        found.append(as_read(guess, read.get(name)))
    return found
