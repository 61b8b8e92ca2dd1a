"""Owns how long a save and a list take on each store, beside one bare insert of the same bytes."""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from benchmarks.figure import Figure
from benchmarks.processes import ROOT
from erp_widget.store import ChartDraft, Search, Store
from erp_widget.store.kinds import COLUMNS
from erp_widget.store.rows import chart_row
from erp_widget.store.sqlite import SqliteStore
from erp_widget.store.team_store import TeamStore

USER = "ada"
SAVES = 400
LISTED = 50_000
LISTS = 100
#: As large as a chart with twenty aggregated rows.
RECORD = {"design": {"mark": "bar"}, "drawn": {"values": [{"city": f"c{n}"} for n in range(150)]}}


def figures() -> Iterator[Figure]:
    """Measure both; the bare inserts take turns with the saves, so that both meet the same load."""
    yield from _sqlite()
    yield from _mongodb()


def _sqlite() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "bare.sqlite3")
        bare = sqlite3.connect(path, isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE charts (id TEXT PRIMARY KEY, record TEXT)")

        def insert(n: int, text: str) -> None:
            bare.execute("INSERT INTO charts VALUES (?, ?)", (str(n), text))

        store = SqliteStore(str(Path(folder) / "store.sqlite3"))
        yield from _saves("SQLite", store, insert, 3)
        fill = [dict(row) for row in _rows()]
        names = COLUMNS["charts"]
        for row in fill:
            row["search_columns"] = json.dumps(row["search_columns"])
            row["search_marks"] = json.dumps(row["search_marks"])
        with store._writing():
            store._connection.executemany(
                f"INSERT INTO charts ({', '.join(names)}) "
                f"VALUES ({', '.join(f':{name}' for name in names)})",
                fill,
            )
        yield from _lists("SQLite", store)
        store.close()
        bare.close()


def _mongodb() -> Iterator[Figure]:
    # The server comes from the tests: one binary, checked by its hash.
    sys.path.append(str(ROOT / "tests" / "store"))
    from mongod import Mongod  # type: ignore[import-not-found]

    server = Mongod()
    try:
        server.start()
        client: MongoClient[dict[str, Any]] = MongoClient(server.address, directConnection=True)
        majority = WriteConcern("majority", j=True)
        bare = client["bare"].get_collection("charts", write_concern=majority)

        def insert(n: int, text: str) -> None:
            bare.insert_one({"_id": str(n), "record": text})

        store = TeamStore(server.database("erp"))
        yield from _saves("MongoDB", store, insert, 2)
        charts = client["erp"]["charts"]
        charts.insert_many(
            [{"_id": json.dumps([USER, row["id"]]), **row} for row in _rows()], ordered=False
        )
        yield from _lists("MongoDB", store)
        store.close()
        client.close()
    finally:
        server.remove()


def _saves(
    name: str, store: Store, insert: Callable[[int, str], None], goal: float
) -> Iterator[Figure]:
    text = json.dumps(RECORD)
    taken: dict[str, list[float]] = {"bare": [], "save": []}
    for n in range(SAVES):
        draft = ChartDraft(f"Chart {n}", "bar", ("city", "price"), RECORD, None, "sales")
        taken["bare"].append(_ms(lambda: insert(n, text)))  # noqa: B023  # called at once
        taken["save"].append(_ms(lambda: store.save_chart(USER, draft, f"save-{n}")))  # noqa: B023
    bare, save = statistics.median(taken["bare"]), statistics.median(taken["save"])
    detail = f"  (p50 {save:.2f} over {bare:.2f} ms)"
    what = f"{name}: save of a chart / one bare durable insert"
    yield Figure.at_most(what, save / bare, goal, "x", detail)
    yield Figure(f"{name}: save of a chart, p50 and p99", _percentiles(taken["save"]))


def _lists(name: str, store: Store) -> Iterator[Figure]:
    lists: Mapping[str, Callable[[], object]] = {
        f"list of 20 of {LISTED:,} charts": lambda: store.charts(USER),
        f"the same of those of one column ({LISTED // 100:,})": lambda: store.charts(
            USER, search=Search(column="column 7")
        ),
        "history of 20": lambda: store.history(USER),
    }
    for what, call in lists.items():
        call()
        taken = [_ms(call) for _ in range(LISTS)]
        yield Figure(f"{name}: {what}, p50 and p99", _percentiles(taken))


def _rows() -> Iterator[dict[str, Any]]:
    """Return charts as they are stored; writing each by its own commit would take minutes."""
    for n in range(LISTED):
        draft = ChartDraft(f"Chart {n}", "bar", (f"column {n % 100}",), RECORD, None, "sales")
        yield chart_row(USER, f"old-{n}", draft)


def _ms(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def _percentiles(taken: list[float]) -> str:
    ordered = sorted(taken)
    return f"{statistics.median(ordered):.2f} and {ordered[int(len(ordered) * 0.99)]:.2f} ms"
