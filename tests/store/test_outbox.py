"""Saves while no server answers: they wait here, are seen, and are delivered each once."""

from __future__ import annotations

import io
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mongod import Mongod
from msgspec.structs import replace
from proxy import Moment, Proxy
from pymongo import MongoClient

from erp_widget.chart import Chart
from erp_widget.config import settings
from erp_widget.errors import (
    ConflictError,
    NotInStoreError,
    StoreUnavailableError,
    StoreUnreachableError,
)
from erp_widget.library.history import saved
from erp_widget.library.own_data import store_info
from erp_widget.reports.report import Report
from erp_widget.store import ChartDraft, GalleryDraft, Page, ReportEntry, outbox
from erp_widget.store.mongo import MongoStore
from erp_widget.store.team_store import TeamStore
from vizmodel.design import Design, Encoding

DRAFT = ChartDraft("Sales", "bar", ("city",), {"mark": "bar"})
MOMENTS: tuple[Moment, ...] = ("before", "during", "after")
KILLS = int(os.environ.get("ERP_FAULT_ROUNDS", "2"))


@pytest.fixture
def line(line: Proxy, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """Stand there, and have what waits tried again after tenths of a second."""
    monkeypatch.setattr(outbox, "FIRST_PAUSE_S", 0.2)
    monkeypatch.setattr(outbox, "REST_S", 0.3)
    return line


@pytest.fixture
def away(line: Proxy, request: pytest.FixtureRequest) -> Iterator[TeamStore]:
    """Open the store of a server that is not there."""
    line.down()
    store = TeamStore(line.address(name_of(request)))
    yield store
    store.close()


def name_of(request: pytest.FixtureRequest) -> str:
    return f"t{abs(hash(request.node.name)) % 10**12}"


def eventually(check: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 60
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def back(line: Proxy, store: TeamStore) -> None:
    """Have the server back and wait until the store found out by itself."""
    line.up()
    eventually(lambda: store.waiting("ada") == () and store.waiting("bob") == ())


def test_a_save_without_a_server_waits_is_seen_and_is_delivered(
    line: Proxy, away: TeamStore
) -> None:
    first = away.save_chart("ada", DRAFT, "one")
    assert first.waiting
    second = away.save_chart("ada", DRAFT)
    away.save_chart("bob", DRAFT, "one")
    # Seen: one by one, in lists, and in what the store says of itself.
    assert away.chart("ada", "one") == first
    page = away.charts("ada")
    assert [chart.id for chart in page] == [second.id, "one"]
    assert "cannot be reached" in page.notice
    assert [(h.kind, h.count) for h in away.waiting("ada")] == [("charts", 2)]
    assert [event.waiting for event in away.history("ada")] == [True, True]
    back(line, away)
    page = away.charts("ada")
    assert list(page) == [replace(second, waiting=False), replace(first, waiting=False)]
    assert page.notice == ""
    assert [event.kind for event in away.history("ada")] == ["save", "save"]
    assert [chart.id for chart in away.charts("bob")] == ["one"]


def test_the_list_a_person_sees_says_what_waits(
    line: Proxy, away: TeamStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP_USER", "ada")
    away.save_chart("ada", DRAFT)
    shown = repr(saved(store=away))
    assert shown.splitlines()[0].split()[-1] == "waits"
    assert shown.splitlines()[1].endswith("yes")
    assert "only what waits here" in shown
    with pytest.raises(StoreUnreachableError):
        store_info(store=away)
    back(line, away)
    assert "waits" not in repr(saved(store=away))
    assert "waits" not in repr(store_info(store=away))


def test_the_last_chart_that_waits_is_removed(
    away: TeamStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP_USER", "ada")
    away.save_chart("ada", DRAFT, "one")
    away.save_chart("ada", DRAFT, "two")
    left = saved(store=away).remove("two")
    assert [chart.id for chart in left] == ["one"]
    none = left.remove(0)
    assert len(none) == 0
    assert "cannot be reached" in repr(none)
    assert [chart.id for chart in none.restore("one")] == ["one"]


def test_a_report_is_shown_and_grows_without_the_server(
    line: Proxy, request: pytest.FixtureRequest
) -> None:
    """As by clicks: some before the server went, one while it is away."""
    store = TeamStore(line.address(name_of(request)))
    user = settings().user
    report = Report("main", store=store)
    for id in ("a", "b"):
        report.add(store.save_chart(user, recorded(id), id))
    line.down()
    waiting = store.save_chart(user, recorded("c"), "c")
    report.add(waiting)
    assert [chart.title for chart in report.charts] == ["a", "b", "c"]
    line.up()
    eventually(lambda: store.waiting(user) == ())
    assert [chart.title for chart in Report("main", store=store).charts] == ["a", "b", "c"]
    store.close()


def recorded(title: str) -> ChartDraft:
    """Return a draft whose record is a whole chart."""
    encoding = Encoding("x", "city", "category", "nominal")
    count = Encoding("y", None, "count", "quantitative")
    design = Design("bar", (encoding, count))
    chart = Chart(title, title, title, 1.0, design, {"mark": "bar"}, {"mark": "bar"})
    return ChartDraft(title, "bar", ("city",), chart.to_record())


def test_all_that_waits_can_be_listed_page_by_page(line: Proxy, away: TeamStore) -> None:
    ids = [away.save_chart("ada", DRAFT).id for _ in range(5)]
    pages = [away.charts("ada", 2)]
    while pages[-1].cursor is not None:
        pages.append(away.charts("ada", 2, pages[-1].cursor))
    assert [chart.id for page in pages for chart in page] == ids[::-1]
    assert all(chart.waiting for page in pages for chart in page)
    assert all("cannot be reached" in str(page.notice) for page in pages)


def test_nothing_that_waits_is_no_list(away: TeamStore) -> None:
    with pytest.raises(StoreUnreachableError, match="cannot be reached"):
        away.charts("ada")
    with pytest.raises(StoreUnreachableError):
        away.chart("ada", "one")
    with pytest.raises(StoreUnreachableError):
        away.delete_chart("ada", "one")


def test_what_waits_can_be_deleted_and_brought_back(line: Proxy, away: TeamStore) -> None:
    for id in ("gone", "back"):
        away.save_chart("ada", DRAFT, id)
        away.delete_chart("ada", id)
    away.restore_chart("ada", "back")
    with pytest.raises(NotInStoreError):
        away.delete_chart("ada", "gone")
    back(line, away)
    assert [chart.id for chart in away.charts("ada")] == ["back"]
    assert away.restore_chart("ada", "gone").id == "gone"


def test_what_is_delivered_while_it_is_being_deleted_is_deleted_there(
    line: Proxy, away: TeamStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    away.save_chart("ada", DRAFT, "one")
    waits = away._outbox.waits

    def delivered_then(*record: Any) -> Any:
        found = waits(*record)
        if found is not None:
            back(line, away)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(away._outbox, "waits", delivered_then)
        away.delete_chart("ada", "one")
    assert list(away.charts("ada")) == []
    assert not away.restore_chart("ada", "one").waiting


def test_uploads_and_galleries_wait_too(line: Proxy, away: TeamStore) -> None:
    data = os.urandom(3 * 2**20)
    made = away.add_dataset(
        "ada",
        name="sales",
        columns=["a"],
        n_rows=1,
        fingerprint="f",
        content=io.BytesIO(data),
        format="csv",
    )
    gallery = away.add_gallery("ada", GalleryDraft("Sales", (), made.id), "g")
    assert made.waiting
    assert gallery.waiting
    with away.open_dataset("ada", made.id) as file:
        assert file.read() == data
    back(line, away)
    assert list(away.datasets("ada")) == [replace(made, waiting=False)]
    assert list(away.galleries("ada")) == [replace(gallery, waiting=False)]
    with away.open_dataset("ada", made.id) as file:
        assert file.read() == data
    assert {event.kind for event in away.history("ada")} == {"upload", "gallery"}


def test_one_file_that_waits_under_two_names_is_delivered_under_both(
    line: Proxy, away: TeamStore
) -> None:
    data = b"city,sales\nRome,3\n"
    about = {"columns": ["city", "sales"], "n_rows": 1, "format": "csv"}
    ids = [
        away.add_dataset("ada", name=one, fingerprint=one, content=io.BytesIO(data), **about).id
        for one in ("first", "second")
    ]
    back(line, away)
    for id in ids:
        with away.open_dataset("ada", id) as kept:
            assert kept.read() == data


def test_what_waits_survives_the_kernel(line: Proxy, request: pytest.FixtureRequest) -> None:
    address = line.address(name_of(request))
    line.down()
    store = TeamStore(address)
    store.save_chart("ada", DRAFT, "one")
    store.close()
    line.up()
    store = TeamStore(address)
    eventually(lambda: store.waiting("ada") == ())
    assert [chart.id for chart in store.charts("ada")] == ["one"]
    store.close()


class TestReports:
    def test_an_editor_goes_on_and_others_lose_nothing(
        self, mongod: Mongod, line: Proxy, request: pytest.FixtureRequest
    ) -> None:
        mine = TeamStore(line.address(name_of(request)))
        theirs = MongoStore(mongod.database(name_of(request)))
        add(mine, "a")
        add(mine, "b")
        eventually(lambda: mine.waiting("ada") == () and entries(mine) == ["a", "b"])
        line.down()
        add(mine, "c")
        remove(mine, "a")
        assert entries(mine) == ["b", "c"]
        add(theirs, "d")
        line.up()
        eventually(lambda: mine.waiting("ada") == ())
        # Somebody else changed it meanwhile: nothing is removed, all is there.
        assert entries(mine) == ["a", "b", "d", "c"]
        add(mine, "e")
        assert entries(theirs) == ["a", "b", "d", "c", "e"]
        mine.close()
        theirs.close()

    def test_an_order_made_without_the_server_is_kept(
        self, line: Proxy, request: pytest.FixtureRequest
    ) -> None:
        mine = TeamStore(line.address(name_of(request)))
        for chart in "abc":
            add(mine, chart)
        # A reply may come too late on a loaded machine; then it is delivered first.
        eventually(lambda: mine.waiting("ada") == () and entries(mine) == ["a", "b", "c"])
        line.down()
        remove(mine, "b")
        record = mine.get_report("ada", "main")
        mine.put_report("ada", replace(record, entries=record.entries[::-1]), record.revision)
        with pytest.raises(ConflictError):
            mine.put_report("ada", record, record.revision)
        line.up()
        eventually(lambda: mine.waiting("ada") == ())
        assert entries(mine) == ["c", "a"]
        with pytest.raises(ConflictError):
            mine.put_report("ada", record, record.revision)
        mine.close()

    def test_one_that_is_deleted_without_the_server_is_told_once(
        self, line: Proxy, request: pytest.FixtureRequest
    ) -> None:
        mine = TeamStore(line.address(name_of(request)))
        add(mine, "a")
        add(mine, "b")
        eventually(lambda: mine.waiting("ada") == () and entries(mine) == ["a", "b"])
        mine.restore_report("ada", "main")  # nothing was deleted before; now that is known here
        line.down()
        mine.delete_report("ada", "main")
        assert entries(mine) == []
        line.up()
        eventually(lambda: mine.waiting("ada") == ())
        assert entries(mine) == []
        assert [e.kind for e in mine.history("ada") if e.subject_id == "report:main"] == ["delete"]
        mine.restore_report("ada", "main")
        assert entries(mine) == ["a", "b"]
        mine.close()

    def test_a_report_that_was_not_seen_is_not_made_up(self, away: TeamStore) -> None:
        with pytest.raises(StoreUnreachableError):
            away.get_report("ada", "main")

    def test_one_that_was_not_seen_grows_here_and_is_joined_with_what_the_server_has(
        self, line: Proxy, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A kernel that starts while the server is away: clicks and notes go into the report."""
        monkeypatch.setenv("ERP_USER", "ada")
        before = TeamStore(line.address(name_of(request)))
        Report("main", store=before).add(before.save_chart("ada", recorded("a"), "a"))
        Report("main", store=before).add_section("There")
        eventually(lambda: before.waiting("ada") == () and len(entries(before)) == 2)
        before.close()
        line.down()
        store = TeamStore(line.address(name_of(request)))
        waiting = store.save_chart("ada", recorded("b"), "b")
        report = Report("main", store=store).add(waiting).add_note("Here.")
        assert [chart.title for chart in report.charts] == ["b"]
        assert "other parts of this report may be there" in repr(report)
        report.undo().redo()
        assert len(report.parts) == 2
        new = Report("new", notebook="new.ipynb", store=store).add_note("A new one.")
        line.up()
        eventually(lambda: store.waiting("ada") == ())
        said = repr(report)
        assert [line.split()[1] for line in said.splitlines()[1:]] == [
            "a",
            "[section]",
            "b",
            "[note]",
        ]
        assert "may be there" not in said
        assert len(new.parts) == 1
        report.add_note("After.").undo()
        assert len(report.parts) == 4
        store.close()


def add(store: TeamStore | MongoStore, chart: str) -> None:
    record = store.get_report("ada", "main")
    changed = replace(record, entries=(*record.entries, ReportEntry(chart)))
    store.put_report("ada", changed, record.revision)


def remove(store: TeamStore, chart: str) -> None:
    record = store.get_report("ada", "main")
    left = tuple(entry for entry in record.entries if entry.id != chart)
    store.put_report("ada", replace(record, entries=left), record.revision)


def entries(store: TeamStore | MongoStore) -> list[str]:
    return [entry.id for entry in store.get_report("ada", "main").entries]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("times", [1, 9])
def test_a_cut_connection_neither_loses_nor_doubles_a_save(
    line: Proxy, request: pytest.FixtureRequest, moment: Moment, times: int
) -> None:
    """Once: the driver tries again. Nine times: the save waits, and is delivered later."""
    store = TeamStore(line.address(name_of(request)))
    store.charts("ada")
    data = os.urandom(600_000)
    saves: list[str] = []
    for n in range(2):
        line.cut(moment, times)
        chart = store.save_chart("ada", replace(DRAFT, title=str(n)), f"c{n}")
        dataset = store.add_dataset(
            "ada",
            name=str(n),
            columns=[],
            n_rows=1,
            fingerprint=str(n),
            content=io.BytesIO(data),
            format="csv",
        )
        assert line.done >= 1
        saves += [chart.id, dataset.id]
        line.cut(moment, 0)
        eventually(lambda: store.waiting("ada") == ())
    charts, datasets = list(store.charts("ada")), list(store.datasets("ada"))
    assert sorted(c.id for c in (*charts, *datasets)) == sorted(saves)
    events = [event.kind for event in store.history("ada")]
    # An upload whose reply was lost, and which then waited, may be told twice, never lost.
    assert events.count("save") == 2
    assert events.count("upload") >= 2
    for made in datasets:
        with store.open_dataset("ada", made.id) as file:
            assert file.read() == data
    store.close()


def test_two_kernels_deliver_one_outbox_once(line: Proxy, request: pytest.FixtureRequest) -> None:
    address = line.address(name_of(request))
    line.down()
    stores = [TeamStore(address) for _ in range(3)]
    ids = [store.save_chart("ada", DRAFT).id for store in stores for _ in range(20)]
    line.up()
    threads = [threading.Thread(target=store.deliver) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eventually(lambda: all(store.waiting("ada") == () for store in stores))
    assert sorted(chart.id for chart in stores[0].charts("ada", 1000)) == sorted(ids)
    assert len(stores[0].history("ada", 1000)) == len(ids)
    for store in stores:
        store.close()


def test_a_killed_delivery_goes_on_and_doubles_nothing(
    line: Proxy, request: pytest.FixtureRequest
) -> None:
    address = line.address(name_of(request))
    chance = random.Random(3)
    ids: list[str] = []
    for _ in range(KILLS):
        line.down()
        store = TeamStore(address)
        ids += [store.save_chart("ada", DRAFT).id for _ in range(30)]
        store.close()
        line.up()
        courier = subprocess.Popen(
            [sys.executable, "-c", COURIER, address], stdout=subprocess.PIPE, text=True
        )
        assert courier.stdout is not None
        courier.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.15))
        courier.kill()
        courier.communicate()
    store = TeamStore(address)
    eventually(lambda: store.waiting("ada") == ())
    found, events = every(store.charts), every(store.history)
    lost, doubled = set(ids) - set(found), len(found) + len(events) - 2 * len(set(found))
    sys.stdout.write(
        f"\n{KILLS} killed deliveries: {len(ids):,} saves, {len(lost)} lost, {doubled} doubled\n"
    )
    assert (lost, doubled) == (set(), 0)
    assert set(found) == set(ids)
    assert sorted(events) == sorted(f"save:{id}" for id in ids)
    assert store.problems("ada") == []
    store.close()


def every(listed: Callable[..., Page[Any]]) -> list[str]:
    """Return the ids on all pages."""
    ids: list[str] = []
    cursor = None
    while True:
        page = listed("ada", 1000, cursor)
        ids += [record.id for record in page]
        cursor = page.cursor
        if cursor is None:
            return ids


COURIER = """
import sys
from erp_widget.store.team_store import TeamStore
store = TeamStore(sys.argv[1])
print("delivering", flush=True)
store.deliver()
"""


def test_what_comes_while_a_delivery_is_under_way_is_delivered_too(
    line: Proxy, request: pytest.FixtureRequest
) -> None:
    store = TeamStore(line.address(name_of(request)))
    ids: list[str] = []
    for _ in range(8):
        line.down()
        ids += [store.save_chart("ada", DRAFT).id for _ in range(2)]
        line.up()
        # Some of these meet the courier at work, or just before its end.
        for _ in range(10):
            store._outbox._rests_until = time.monotonic() + 1
            ids.append(store.save_chart("ada", DRAFT).id)
            time.sleep(0.03)
    eventually(lambda: store.waiting("ada") == ())
    assert sorted(chart.id for chart in store.charts("ada", 1000)) == sorted(ids)
    store.close()


def test_what_cannot_be_delivered_stays_and_is_named(
    mongod: Mongod, line: Proxy, away: TeamStore, request: pytest.FixtureRequest
) -> None:
    away.save_chart("ada", DRAFT, "one")
    away.save_chart("ada", DRAFT, "two")
    theirs = MongoStore(mongod.database(name_of(request)))
    theirs.save_chart("ada", replace(DRAFT, title="Another"), "one")
    line.up()
    eventually(lambda: away.deliver() == 0)
    assert [h.count for h in away.waiting("ada")] == [1]
    assert any("another chart was saved as 'one'" in problem for problem in away.problems("ada"))
    assert {chart.id for chart in theirs.charts("ada")} == {"one", "two"}
    theirs.close()


def test_what_was_refused_and_forgotten_keeps_no_later_save_waiting(
    mongod: Mongod,
    line: Proxy,
    away: TeamStore,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away.save_chart("ada", DRAFT, "one")
    theirs = MongoStore(mongod.database(name_of(request)))
    theirs.save_chart("ada", replace(DRAFT, title="Another"), "one")
    theirs.close()
    line.up()
    eventually(lambda: away._outbox.refusals("ada") != [])
    away.forget("ada")
    assert away.problems("ada") == []
    line.down()
    tries: list[bool] = []
    deliver = away._outbox.deliver

    def counted() -> int:
        tries.append(True)
        return deliver()

    monkeypatch.setattr(away._outbox, "deliver", counted)
    away.save_chart("ada", DRAFT, "two")
    eventually(lambda: len(tries) > 1)
    back(line, away)


def test_a_damaged_upload_keeps_nothing_else_from_being_delivered(
    line: Proxy, away: TeamStore
) -> None:
    """What comes after it in every order goes; it stays here, and is named."""
    upload = away.add_dataset(
        "ada",
        name="sales",
        columns=("city",),
        n_rows=1,
        fingerprint="f",
        content=io.BytesIO(b"city"),
        format="csv",
    )
    away.save_chart("ada", DRAFT, "one")
    (file,) = Path(os.environ["ERP_OUTBOX"]).glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as local, local:
        assert local.execute("UPDATE contents SET bytes = x'00'").rowcount == 1
    line.up()
    eventually(lambda: [h.kind for h in away.waiting("ada")] == ["datasets", "contents"])
    assert [chart.id for chart in away.charts("ada")] == ["one"]
    assert not away.chart("ada", "one").waiting
    assert away.dataset("ada", upload.id).waiting
    assert any("damaged" in problem for problem in away.problems("ada"))


def test_what_is_on_its_way_while_all_is_forgotten_is_forgotten_too(
    line: Proxy, away: TeamStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way, go_on = threading.Event(), threading.Event()
    deliver = away._outbox._import

    def slowly(*record: Any) -> None:
        under_way.set()
        go_on.wait(60)
        deliver(*record)

    monkeypatch.setattr(away._outbox, "_import", slowly)
    away.save_chart("ada", DRAFT, "one")
    line.up()
    assert under_way.wait(60)
    forgetting = threading.Thread(target=away.forget, args=("ada",))
    forgetting.start()
    forgetting.join(1.0)
    go_on.set()
    forgetting.join(60)
    eventually(lambda: not away._outbox._delivering.locked())
    assert list(away.charts("ada")) == []
    assert away.waiting("ada") == ()


def test_forgetting_reaches_what_waits(line: Proxy, away: TeamStore) -> None:
    away.save_chart("ada", DRAFT, "one")
    with pytest.raises(StoreUnreachableError):
        away.forget("ada")
    assert [h.count for h in away.waiting("ada")] == [1]
    line.up()
    time.sleep(outbox.REST_S)
    away.forget("ada")
    assert away.waiting("ada") == ()
    files = list(Path(os.environ["ERP_OUTBOX"]).iterdir())
    assert files
    assert not any(b"Sales" in file.read_bytes() for file in files)


def test_a_wrong_password_is_an_error_and_nothing_waits(
    line: Proxy, request: pytest.FixtureRequest
) -> None:
    wrong = f"mongodb://ada:geheim@127.0.0.1:{line.port}/{name_of(request)}?directConnection=true"
    store = TeamStore(wrong)
    with pytest.raises(StoreUnavailableError, match="password") as caught:
        store.save_chart("ada", DRAFT)
    assert not isinstance(caught.value, StoreUnreachableError)
    assert store.waiting("ada") == ()
    store.close()


def test_with_its_own_patience_a_store_waits_once_and_then_not_at_all(
    request: pytest.FixtureRequest,
) -> None:
    store = TeamStore(f"mongodb://127.0.0.1:1/{name_of(request)}")
    began = time.monotonic()
    assert store.save_chart("ada", DRAFT).waiting
    first_s = time.monotonic() - began
    began = time.monotonic()
    for _ in range(20):
        assert store.save_chart("ada", DRAFT).waiting
    assert first_s < 6
    assert time.monotonic() - began < 2
    store.close()


def test_the_outbox_holds_no_password(away: TeamStore, line: Proxy) -> None:
    store = TeamStore(f"mongodb://ada:geheim@127.0.0.1:{line.port}/x?directConnection=true")
    store.save_chart("ada", DRAFT)
    store.close()
    files = list(Path(os.environ["ERP_OUTBOX"]).iterdir())
    assert files
    for file in files:
        assert "geheim" not in file.name
        assert b"geheim" not in file.read_bytes()


def test_a_database_that_is_gone_is_no_lost_save(
    line: Proxy, request: pytest.FixtureRequest
) -> None:
    name = name_of(request)
    store = TeamStore(line.address(name))
    store.save_chart("ada", DRAFT, "one")
    with MongoClient(line.address(name)) as client:
        client.drop_database(name)
    assert store.save_chart("ada", DRAFT, "two").id == "two"
    assert [chart.id for chart in store.charts("ada")] == ["two"]
    store.close()
