"""Tables of a Postgres server: the charts of DuckDB on the same rows, and errors with their fix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import ibis
import pandas as pd
import psycopg
import pytest
from engine_charts import FEW, check_every_chart, check_summaries
from postgres_server import Postgres
from test_shared_rows import long_table

import erp_widget as erp
from erp_widget.errors import SourceError
from erp_widget.sources import Table, open_table

MANY = 30_000


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    found = Postgres()
    try:
        found.start()
        yield found
    finally:
        found.remove()


@pytest.fixture(scope="module")
def connected(server: Postgres) -> Any:
    """A connection to a server that has a table of many rows, a view of it, and odd types."""
    found = server.connect()
    frame = long_table(n_rows=MANY)
    found.create_table("sales", frame)
    for statement in (
        "CREATE VIEW seen AS SELECT * FROM sales WHERE units > 0",
        "CREATE TYPE mood AS ENUM ('sad', 'calm', 'happy')",
        """CREATE TABLE odd AS SELECT city, price, "when" AT TIME ZONE 'UTC' AS moment,
             (ARRAY['sad', 'calm', 'happy'])[1 + units % 3]::mood AS mood,
             round((price * units)::numeric, 2) AS amount, gen_random_uuid() AS id,
             '10.0.0.1'::inet AS host,
             point(units, 1) AS place, int4range(1, 5) AS span, '{"a": 1}'::jsonb AS more,
             ARRAY[1, 2] AS list, 'x'::bytea AS content, "when"::date AS day
           FROM sales""",
    ):
        found.raw_sql(statement).close()
    found.con.commit()
    return found


def in_duckdb(frame: pd.DataFrame) -> Table:
    """Return the rows where they would be asked for, too, were they a database's."""
    opened = duckdb.connect()
    opened.register("frame", frame)
    opened.execute("CREATE TABLE sales AS SELECT * FROM frame")
    return open_table(opened.table("sales"))


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of rows that came from the server, answer by answer."""
    found: list[int] = []
    fetchmany = psycopg.ServerCursor.fetchmany

    def counted(self: Any, size: int = 0) -> Any:
        rows = fetchmany(self, size)
        found.append(len(rows))
        return rows

    monkeypatch.setattr(psycopg.ServerCursor, "fetchmany", counted)
    return found


def test_every_chart_has_the_rows_that_duckdb_gives(
    connected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = long_table(n_rows=FEW)
    few = connected.create_table("few", frame)
    check_every_chart(open_table(few), in_duckdb(frame), monkeypatch)


def test_only_a_sample_and_groups_come_to_the_kernel(connected: Any, fetched: list[int]) -> None:
    gallery = erp.recommend(connected.table("sales"), k=6, name="far", store=":memory:")
    assert len(gallery) == 6
    sample, *groups = sorted(fetched, reverse=True)
    assert sample <= 2 * 13_000
    assert len(groups) > 3
    assert sum(groups) < 5_000
    question = gallery.question
    assert question is not None
    here = in_duckdb(long_table(n_rows=MANY))
    check_summaries(question.table, here, [chart.design for chart in gallery])


def test_no_type_of_postgres_fails_the_others(connected: Any, fetched: list[int]) -> None:
    odd = connected.table("odd")
    gallery = erp.recommend(odd, k=15, store=":memory:")
    assert len(gallery) >= 6
    shown = {name for chart in gallery for name in chart.fields}
    assert {"moment", "mood", "amount", "city"} <= shown
    assert not shown & {"list", "content"}
    # Times with a zone are told by the server: no answer has all rows.
    assert max(fetched) < MANY / 2
    for chart in gallery:
        assert chart.to_vegalite()["data"]["values"]


def test_views_and_expressions_are_sampled(connected: Any) -> None:
    sales = connected.table("sales")
    cities = sales.limit(50).select("city").distinct()
    for found in (
        connected.table("seen"),
        sales.filter(ibis._.price > 2),
        sales.join(cities, "city"),
    ):
        table = open_table(found)
        assert MANY / 2 < table.n_rows <= MANY
        assert table.sample().num_rows == 10_000
        assert len(erp.recommend(found, k=2, store=":memory:")) == 2


def test_who_may_not_read_is_told_what_to_ask_for(server: Postgres, connected: Any) -> None:
    connected.raw_sql("CREATE ROLE guest LOGIN PASSWORD 'guest'").close()
    connected.con.commit()
    theirs = server.connect("guest", "guest").table("sales")
    with pytest.raises(SourceError, match=r"permission denied for table sales.*GRANT SELECT"):
        erp.recommend(theirs, store=":memory:")


def test_a_table_that_is_gone_is_named(connected: Any) -> None:
    gone = connected.create_table("gone", pd.DataFrame({"a": [1, 2]}))
    connected.raw_sql("DROP TABLE gone").close()
    connected.con.commit()
    with pytest.raises(SourceError, match=r"gone.*pass one that is there"):
        erp.recommend(gone, store=":memory:")
    assert open_table(connected.table("sales")).n_rows == MANY  # the connection goes on


def test_a_server_that_stops_leaves_a_clear_word() -> None:
    short = Postgres()
    try:
        short.start()
        sales = short.connect().create_table("sales", pd.DataFrame({"a": [1, 2]}))
        assert open_table(sales).n_rows == 2
        short.stop()
        with pytest.raises(SourceError, match=r"postgres gave no rows .*connect again"):
            erp.recommend(sales, store=":memory:")
    finally:
        short.remove()
