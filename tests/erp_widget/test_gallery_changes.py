"""What a person changes of a gallery by clicks: charts come, go, and come back by undo."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from gallery_wire import WAIT_S, Page
from msgspec.structs import replace

import erp_widget as erp
from benchmarks.processes import ROOT
from erp_widget.aggregate import SharedRows
from erp_widget.gallery import changes
from erp_widget.gallery.gallery import Gallery
from erp_widget.gallery.refining import Refining
from erp_widget.gallery.work import Job, Workshop

N_ROWS = 240
TABLE = {
    "city": ["Rome", "Oslo", "Kyiv"] * (N_ROWS // 3),
    "shop": [f"shop {n % 5}" for n in range(N_ROWS)],
    "sales": [float(n * 7 % 31) for n in range(N_ROWS)],
    "costs": [float(n * 11 % 37) + 0.5 for n in range(N_ROWS)],
    "grade": [n * 5 % 4 for n in range(N_ROWS)],
}


#: Ten million million products.
LONG = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(1000000) b"


pytestmark = pytest.mark.usefixtures("wires")


@pytest.fixture
def page() -> Iterator[Page]:
    """Open a gallery of six charts."""
    shown = Page(erp.recommend(TABLE, k=6, name="shops", store=":memory:"))
    yield shown
    assert shown.widget.workshop.wait(WAIT_S)


def titles_by_id(page: Page) -> dict[str, str]:
    """Return the titles of all charts that the browser has."""
    return {chart["id"]: chart["title"] for chart in page.widget.charts}


def titles(page: Page) -> dict[str, str]:
    """Return the titles of the charts shown, by id, in order."""
    by_id = titles_by_id(page)
    return {id: by_id[id] for id in page.widget.order}


def stories(page: Page) -> dict[str, object]:
    """Return what the charts shown tell, by id: one column has several charts of one title."""
    return {chart.id: chart.design.story() for chart in page.widget._changes.view.charts}


def test_it_tells_what_may_be_changed_and_what_is_shown(page: Page) -> None:
    assert page.widget.changeable
    assert page.widget.undo is None
    columns = {column["name"]: column for column in page.widget.columns}
    assert columns["sales"]["type"] == "quantitative"
    assert columns["sales"]["evidence"]
    assert page.widget.coverage["columns_total"] == 5
    assert page.widget.order == [chart["id"] for chart in page.widget.charts]
    terms = page.widget.charts[0]["terms"]
    assert "network" in {name for name, _ in terms}


def test_every_ground_of_a_place_has_words() -> None:
    source = (ROOT / "js" / "gallery" / "why.ts").read_text(encoding="utf-8")
    told = set(re.findall(r"^  (\w+):\s+\"", source, re.MULTILINE))
    question = erp.recommend(TABLE, k=1, store=":memory:").question
    ranked = [*question.designs(5), *question.like(question.designs(1)[0].design, 3)]
    assert {name for one in ranked for name, _ in one.terms} <= told


def test_more_like_this_comes_right_after_it_and_goes_by_undo(page: Page) -> None:
    before = page.widget.order
    reply = page.ask("more_like", before[1])
    assert reply["ok"], reply
    assert "new chart" in reply["said"]
    new = [id for id in page.widget.order if id not in before]
    assert 1 <= len(new) <= 3
    assert page.widget.order == [*before[:2], *new, *before[2:]]
    assert page.widget.undo["ids"] == new == [chart["id"] for chart in page.came()]
    kinds = [one["kind"] for one in page.custom]
    assert kinds[0] == "accepted", "a person is told that it takes a while"
    assert page.ask("undo")["said"].startswith("Undone: More like")
    assert page.widget.order == before
    assert page.widget.undo is None


def test_not_this_is_replaced_where_it_was_and_never_comes_again(page: Page) -> None:
    before = page.widget.order
    gone = before[2]
    told = stories(page)[gone]
    assert page.ask("without", gone)["ok"]
    after = page.widget.order
    assert gone not in after
    assert after[:2] == before[:2]
    page.ask("next")
    assert told not in stories(page).values()
    page.ask("undo")
    page.ask("undo")
    assert page.widget.order == before


def test_next_brings_charts_that_were_not_shown(page: Page) -> None:
    seen = list(titles(page).values())
    assert page.ask("next")["ok"]
    shown = list(titles(page).values())
    assert shown[: len(seen)] == seen
    assert len(shown) == len(seen) + 15 == len(set(page.widget.order))


def test_next_ends_where_every_chart_is_shown() -> None:
    table = {name: TABLE[name] for name in ("city", "sales")}
    narrow = Page(erp.recommend(table, k=6, name="narrow", store=":memory:"))
    said = [narrow.ask("next")["said"] for _ in range(4)]
    assert said[-1] == "Every chart that fits this table is shown."
    undo = narrow.widget.undo
    assert undo is None or undo["act"] == "Next charts", "nothing came, so nothing is to be undone"
    assert len(set(narrow.widget.order)) == len(narrow.widget.order)


def test_a_column_of_another_type_gives_the_list_anew(page: Page) -> None:
    before = page.widget.order
    assert page.ask("retype", column="grade", type="nominal")["ok"]
    columns = {column["name"]: column for column in page.widget.columns}
    assert (columns["grade"]["type"], columns["grade"]["told"]) == ("nominal", True)
    assert not set(page.widget.order) & set(before)
    page.ask("undo")
    assert page.widget.order == before
    assert {c["name"]: c["told"] for c in page.widget.columns}["grade"] is False


def test_only_charts_that_can_be_shown_again_or_are_saved_are_held(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MAX_UNDO", 2)
    saved = page.widget.order[0]
    page.ask("save", saved)
    columns = ["sales", "costs", "grade", "city", "sales", "costs"]
    orders = []
    for column in columns:
        assert page.ask("about", columns=[column])["ok"]
        orders.append(list(page.widget.order))
    held = {id for order in orders[-3:] for id in order}
    assert {chart["id"] for chart in page.widget.charts} == held | {saved}
    assert set(page.widget._saves._charts) == held | {saved}
    for order in reversed(orders[-3:-1]):
        assert page.ask("undo")["ok"]
        assert list(titles(page)) == order
    assert page.widget.undo is None
    assert page.ask("remove", saved)["ok"]


def test_a_list_longer_than_any_that_is_recommended_can_be_changed() -> None:
    wide = {f"n{at}": [float(n * (at + 3) % 31) for n in range(60)] for at in range(8)}
    wide |= {f"c{at}": ["abcd"[n * (at + 1) % 4] for n in range(60)] for at in range(6)}
    long = Page(erp.recommend(wide, k=100, name="wide", store=":memory:"))
    assert len(long.widget.order) == 100
    assert long.ask("next")["ok"]
    assert len(long.widget.order) > 100
    assert long.ask("retype", column="n0", type="nominal")["ok"]
    assert len(long.widget.order) == 100


def test_a_chart_is_edited_in_its_place_and_saved_as_any_other(page: Page) -> None:
    before = page.widget.order
    for id in before:
        groups = {g["label"]: g["options"] for g in page.ask("edits", id)["groups"]}
        other = [option for option in groups.get("Mark", []) if not option["checked"]]
        if other:
            break
    else:
        pytest.fail("no chart has another mark")
    assert page.ask("edit", id, key=other[0]["key"])["ok"]
    (edited,) = page.came()
    assert page.widget.order == [edited["id"] if one == id else one for one in before]
    assert page.ask("code", edited["id"])["code"].startswith("import altair")
    assert page.ask("save", edited["id"])["ok"]
    assert page.widget.saved == [edited["id"]]
    page.ask("undo")
    assert page.widget.order == before


@pytest.mark.parametrize(
    ("command", "more", "said"),
    [
        ("more_like", {"chart": "nobody"}, "not shown any more"),
        ("without", {"chart": None}, "not shown any more"),
        ("edit", {"key": "mark:cloud"}, "cannot be changed so"),
        ("retype", {"column": "nobody", "type": "nominal"}, "nobody"),
        ("retype", {"column": "city", "type": "quantitative"}, "city"),
        ("retype", {"column": "city", "type": 7}, "which column"),
        ("undo", {}, "nothing to undo"),
    ],
)
def test_what_is_impossible_is_said_and_changes_nothing(
    page: Page, command: str, more: dict[str, Any], said: str
) -> None:
    before = page.widget.order
    request = {"chart": before[0]} | more
    reply = page.ask(command, **request)  # type: ignore[arg-type]
    assert not reply["ok"]
    assert said in reply["error"]
    assert page.widget.order == before
    assert page.widget.work is None


def test_a_gallery_without_its_table_can_be_looked_at_only(page: Page) -> None:
    charts = erp.recommend(TABLE, k=2, name="shops", store=":memory:")
    lost = Page(Gallery(charts, title="lost"))
    assert not lost.widget.changeable
    assert {column["name"] for column in lost.widget.columns} <= set(TABLE)
    reply = lost.ask("next")
    assert "not at hand" in reply["error"]


# --- long work


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let every third chart wait until the event is set."""
    go = threading.Event()
    rows, asked = SharedRows.rows, []

    def waiting(*args: Any) -> Any:
        asked.append(args)
        if len(asked) == 3:
            assert go.wait(WAIT_S)
        return rows(*args)

    monkeypatch.setattr(SharedRows, "rows", waiting)
    yield go
    go.set()


def until(page: Page, n_charts: int) -> None:
    """Wait until so many charts have come."""
    ends = time.monotonic() + WAIT_S
    while len(page.came()) < n_charts:
        assert time.monotonic() < ends
        time.sleep(0.005)


def test_the_first_charts_come_before_the_last_are_drawn(page: Page, slow: threading.Event) -> None:
    page.send("next")
    until(page, 2)
    assert page.widget.order[-1] not in titles_by_id(page)
    assert page.widget.work["done"] == 2 < page.widget.work["total"]
    # A save does not wait for it.
    page.send("saved")
    assert page.custom[-1]["kind"] == "reply"
    slow.set()
    assert page.widget.workshop.wait(WAIT_S)
    assert len(titles(page)) == 6 + 15
    assert page.widget.work is None


def test_cancel_keeps_what_is_drawn_and_drops_what_waits(page: Page, slow: threading.Event) -> None:
    before = page.widget.order
    first = page.send("next")
    second = page.send("next")
    until(page, 2)
    page.send("cancel")
    slow.set()
    assert page.widget.workshop.wait(WAIT_S)
    replies = {one["id"]: one for one in page.custom if one["kind"] == "reply"}
    assert replies[first]["said"].startswith("Stopped. Next charts: 2 new charts")
    assert "Cancelled" in replies[second]["error"]
    assert page.widget.order == [*before, *(chart["id"] for chart in page.came())]
    page.ask("undo")
    assert page.widget.order == before


def test_cancel_ends_a_query_of_many_seconds() -> None:
    from erp_widget.sources.connection import connection, querying

    workshop, begun, ended = Workshop(), threading.Event(), []

    def count(job: Job) -> None:
        with querying():
            begun.set()
            try:
                connection().sql(LONG).fetchall()
            except Exception as error:
                ended.append((job.stopped, str(error)))

    workshop.add(Job(count, lambda: None))
    assert begun.wait(WAIT_S)
    ends = time.monotonic() + WAIT_S
    while not workshop.wait(0.2):  # a busy machine may not have begun the query by the first
        assert time.monotonic() < ends
        workshop.cancel()
    ((stopped, said),) = ended
    assert stopped
    assert "nterrupt" in said
    assert connection().sql("SELECT 1").fetchall() == [(1,)], "the connection works as before"


def test_cancel_leaves_queries_of_other_galleries_alone() -> None:
    from erp_widget.sources.connection import connection, querying

    mine, other, begun = Workshop(), Workshop(), threading.Event()
    found: list[object] = []

    def count(_: Job) -> None:
        with querying():
            begun.set()
            text = "SELECT count(*) FROM range(300000000) a WHERE a.range % 7 = 3"
            found.append(connection().sql(text).fetchall()[0][0])

    def ask() -> Iterator[str]:
        with querying():
            yield "asked all the same"

    other.add(Job(count, lambda: None))
    assert begun.wait(WAIT_S)
    mine.add(Job(lambda job: found.extend(job.until_stopped(ask())), lambda: None))
    while not other.wait(0.01):
        mine.cancel()
    assert found == [42857143]
    assert mine.wait(WAIT_S), "a query that waits for its turn does not begin"


def test_a_save_waits_for_no_chart_that_came_as_it_was_asked_for() -> None:
    (exact,) = erp.recommend(TABLE, k=1, store=":memory:")
    shown = [replace(exact, approximate=True)]
    refining = Refining()
    refining.add([exact, exact], 2)
    assert refining.wait_for(lambda: shown[0], {"id": 1})
    assert refining.due(exact, lambda: shown.__setitem__(0, exact)) == [{"id": 1}]
    assert not refining.wait_for(lambda: shown[0], {"id": 2}), "the exact chart is there"
    assert not refining.wait_for(lambda: None, {"id": 3})


def test_a_job_that_fails_keeps_no_other_from_being_done() -> None:
    workshop, done = Workshop(), []

    def fail(_: Job) -> None:
        raise RuntimeError("lost")

    workshop.add(Job(fail, lambda: None))
    workshop.add(Job(lambda _: done.append(1), lambda: None))
    assert workshop.wait(WAIT_S)
    workshop.add(Job(lambda _: done.append(2), lambda: None))
    assert workshop.wait(WAIT_S)
    assert done == [1, 2]
