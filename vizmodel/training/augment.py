"""Owns what makes a table harder without changing what a person charted in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

#: Most columns that the network is trained on.
MAX_COLUMNS = 24


def harden(
    table: pa.Table,
    used: Collection[str],
    distractors: Sequence[pa.Table],
    rng: np.random.Generator,
) -> tuple[pa.Table, dict[str, str]]:
    """Add foreign columns, drop unused ones, shuffle and rename columns.

    Parameters
    ----------
    table
        Typed.
    used
        Names of the columns that the person's chart shows; they stay.
    distractors
        Typed tables that foreign columns come from.
    rng
        Decides.

    Returns
    -------
    pa.Table, dict
        The harder table, and new name -> by old name of the used columns.
    """
    table = _without_some(table, used, rng)
    if distractors and rng.random() < 0.6:
        table = _with_foreign(table, distractors, rng)
    if rng.random() < 0.5:
        order = rng.permutation(table.num_columns)
        table = table.select([table.column_names[i] for i in order])
    table = _at_most(table, used, MAX_COLUMNS)
    renames = {name: name for name in table.column_names}
    if rng.random() < 0.25:
        renames = {name: _blank_name(i, rng) for i, name in enumerate(table.column_names)}
    elif rng.random() < 0.3:
        renames = {name: _restyled(name, rng) for name in table.column_names}
    if len(set(renames.values())) < len(renames):
        renames = {name: name for name in table.column_names}
    table = table.rename_columns([renames[name] for name in table.column_names])
    return table, {name: renames[name] for name in used}


def some_rows(table: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Return a random share of the rows in their order; small tables stay whole."""
    if table.num_rows < 60 or rng.random() < 0.5:
        return table
    size = int(table.num_rows * rng.uniform(0.3, 1.0))
    return table.take(np.sort(rng.choice(table.num_rows, size=size, replace=False)))


def some_columns(table: pa.Table, rng: np.random.Generator, low: int = 2) -> pa.Table:
    """Return a random set of columns in their order."""
    high = min(table.num_columns, MAX_COLUMNS)
    size = high if high <= low or rng.random() < 0.3 else int(rng.integers(low, high + 1))
    chosen = np.sort(rng.choice(table.num_columns, size=size, replace=False))
    return table.select([table.column_names[i] for i in chosen])


def _without_some(table: pa.Table, used: Collection[str], rng: np.random.Generator) -> pa.Table:
    if rng.random() < 0.6:
        return table
    keep = rng.uniform(0.3, 1.0)
    return table.select([n for n in table.column_names if n in used or rng.random() < keep])


def _with_foreign(
    table: pa.Table, distractors: Sequence[pa.Table], rng: np.random.Generator
) -> pa.Table:
    for _ in range(int(rng.integers(1, 4))):
        other = distractors[int(rng.integers(len(distractors)))]
        for index in rng.permutation(other.num_columns)[: int(rng.integers(1, 5))]:
            name = other.column_names[int(index)]
            if name in table.column_names or not other.num_rows:
                continue
            rows = rng.integers(0, other.num_rows, table.num_rows)
            rows = np.sort(rows) if rng.random() < 0.5 else rows
            place = int(rng.integers(0, table.num_columns + 1))
            table = table.add_column(place, name, other.column(int(index)).take(rows))
    return table


def _at_most(table: pa.Table, used: Collection[str], limit: int) -> pa.Table:
    spare = max(0, limit - len(used))
    kept = []
    for name in table.column_names:
        if name in used:
            kept.append(name)
        elif spare:
            kept.append(name)
            spare -= 1
    return table.select(kept)


def _blank_name(position: int, rng: np.random.Generator) -> str:
    return f"{rng.choice(['col', 'v', 'field', 'c', 'q'])}{position}"


def _restyled(name: str, rng: np.random.Generator) -> str:
    return [name.upper(), name.lower(), name.replace(" ", "_"), name.title()][int(rng.integers(4))]
