"""Made-up tables for measuring: of the width asked for, apart from training's, planted or not."""

from __future__ import annotations

import numpy as np
import pytest

from vizmodel.profile import apply_casts, infer_casts, profile_table
from vizmodel.training.planted import FIRST_SEED, planted_tables
from vizmodel.training.synthetic import make_table


@pytest.mark.parametrize("n_columns", [6, 10, 40])
def test_each_table_has_the_width_and_all_that_was_planted(n_columns: int) -> None:
    tables = list(planted_tables(n_columns, 6))
    assert len(tables) == 6
    for made in tables:
        assert made.table.num_columns == n_columns
        assert len(set(made.table.column_names)) == n_columns
        assert made.table.num_rows >= 60
        assert made.planted
        assert frozenset().union(*made.planted) <= set(made.table.column_names)


def test_the_same_tables_come_in_every_run() -> None:
    first, again = (list(planted_tables(12, 3)) for _ in range(2))
    assert [m.planted for m in first] == [m.planted for m in again]
    assert all(ours.table.equals(theirs.table) for ours, theirs in zip(first, again, strict=True))


def test_they_are_none_of_training_s() -> None:
    # Training makes its tables from the seeds 0 to 2,999.
    assert FIRST_SEED > 2_999
    (made,) = planted_tables(4, 1)
    columns = set(made.table.column_names)
    assert not any(set(make_table(seed).table.column_names) == columns
                   and make_table(seed).table.num_rows == made.table.num_rows
                   for seed in range(60))  # fmt: skip


def test_added_columns_have_nothing_to_do_with_the_rest() -> None:
    (made,) = planted_tables(40, 1)
    profile = profile_table(apply_casts(made.table, infer_casts(made.table)))
    involved = frozenset().union(*made.planted)
    names = [c.name for c in profile.columns if c.kind == "number" and not c.constant]
    apart = [name for name in names if name not in involved]
    found = [profile.pair(a, b, "abs_spearman") for a in apart for b in apart if a < b]
    assert len(found) > 100
    assert np.median(found) < 0.1
