"""Charts of a small table ask for figures of the same groups at once, and list its rows as here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from made_charts import CHARTS, encoding, sales_table

from erp_widget.aggregate import SharedRows, rows
from erp_widget.aggregate.same_groups import asked_at_once, of_same_groups
from erp_widget.sources import Table, open_table
from erp_widget.sources.query import Key, Measure, Query
from erp_widget.sources.relation import DuckRelation
from vizmodel.design import Design, canonical
from vizmodel.profile import profile_table
from vizmodel.style import styled

COUNTS = Query({"x": Key("c0")}, {"rows": Measure("rows")}, limit=9)
SUMS = Query({"y": Key("c0")}, {"rows": Measure("rows"), "x": Measure("sum", "c1")}, limit=9)


def table_with_gaps() -> Table:
    """Return a small table of every kind of column, some of whose values are missing."""
    frame, rng = sales_table(), np.random.default_rng(3)
    for name in ("price", "city"):
        frame.loc[rng.random(len(frame)) < 0.05, name] = None
    frame.loc[rng.random(len(frame)) < 0.01, "change"] = np.inf
    return open_table(frame)


def test_every_chart_has_the_rows_that_it_has_alone() -> None:
    table = table_with_gaps()
    profile = profile_table(table.sample(), table.n_rows)
    designs = []
    for mark, *encodings in CHARTS:
        of = canonical(encoding(text, profile) for text in encodings)
        designs.append(styled(Design(mark, of), profile))
    shared = SharedRows(table, designs)
    drawn = [shared.rows(design) for design in designs]
    n_shared = table.n_scans
    assert drawn == [rows(table, design) for design in designs]
    assert n_shared < table.n_scans - n_shared


def test_what_asks_for_other_groups_is_asked_by_itself() -> None:
    largest = replace_query(SUMS, largest="x")
    present = replace_query(COUNTS, present=("c1",))
    listed = Query({"x": Key("c0")}, {"values": Measure("values", "c1")}, limit=9)
    asked = [COUNTS, largest, present, listed, SUMS, COUNTS]
    assert of_same_groups(asked) == [[COUNTS, SUMS], [largest], [present], [listed]]


def test_each_has_its_own_names() -> None:
    relation = open_table({"city": ["b", "a", None, "a"], "n": [1, 2, 3, None]}).relation
    found = asked_at_once(relation, [COUNTS, SUMS])
    assert found == {COUNTS: relation.ask(COUNTS), SUMS: relation.ask(SUMS)}
    assert found[SUMS][0] == {"y": "a", "rows": 2, "x": 2.0}


def test_rows_that_are_here_are_listed_as_a_query_lists_them() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "city": rng.choice(np.array(["a", "b", None], dtype=object), 90),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 99, 90), "D"),
            "large": rng.integers(2**53, 2**60, 90),
        }
    )
    frame.loc[3, "large"] = None
    here = open_table(frame).relation
    assert isinstance(here, DuckRelation)
    asked = replace(here, held=None)
    for key in ("c0", "c1"):
        query = Query({"x": Key(key)}, {"values": Measure("values", "c2")}, present=("c2",))
        (listed,) = here.pieces(query)
        (read,) = asked.pieces(query)
        assert listed.equals(read)


def replace_query(query: Query, largest: str | None = None, present: tuple[str, ...] = ()) -> Query:
    """Return a query with other groups."""
    return Query(
        dict(query.keys), dict(query.measures), present=present, largest=largest, limit=query.limit
    )
