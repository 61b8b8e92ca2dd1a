"""Owns made-up tables of a given width on which a network is measured, apart from training's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from vizmodel.training.synthetic import SyntheticTable, make_table

#: Training makes its tables from the seeds below this.
FIRST_SEED = 1_000_000


def planted_tables(n_columns: int, count: int) -> Iterator[SyntheticTable]:
    """Yield made-up tables with planted relations, widened or narrowed to a number of columns.

    Parameters
    ----------
    n_columns
        Of each table.
    count
        Of tables; the same ones in every run.

    Yields
    ------
    SyntheticTable
        At least 60 rows; columns of other made-up tables, at random rows, stand between its own.
    """
    seed = FIRST_SEED
    while count:
        made = make_table(seed)
        involved = frozenset().union(*made.planted)
        if involved and made.table.num_rows >= 60 and len(involved) < n_columns:
            yield _of_width(made, n_columns, np.random.default_rng(seed))
            count -= 1
        seed += 1


def _of_width(made: SyntheticTable, n_columns: int, rng: np.random.Generator) -> SyntheticTable:
    table = _narrowed(made, n_columns, rng)
    while table.num_columns < n_columns:
        other = make_table(FIRST_SEED * 2 + int(rng.integers(FIRST_SEED))).table
        for name in other.column_names[: n_columns - table.num_columns]:
            # Rows at random: what these columns had to do with each other is gone.
            values = other.column(name).take(rng.integers(0, other.num_rows, table.num_rows))
            place = int(rng.integers(0, table.num_columns + 1))
            table = table.add_column(place, _free(name, table.column_names), values)
    return SyntheticTable(table, made.planted)


def _narrowed(made: SyntheticTable, n_columns: int, rng: np.random.Generator) -> pa.Table:
    """Drop columns that take no part in anything planted, at random, where there are too many."""
    involved = frozenset().union(*made.planted)
    spare = [name for name in made.table.column_names if name not in involved]
    kept = set(rng.permutation(np.array(spare, dtype=object))[: n_columns - len(involved)])
    return made.table.select([n for n in made.table.column_names if n in involved or n in kept])


def _free(name: str, taken: list[str]) -> str:
    number = 2
    while name in taken:
        name, number = f"{name.rstrip('0123456789 ')} {number}", number + 1
    return name
