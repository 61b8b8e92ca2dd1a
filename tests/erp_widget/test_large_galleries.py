"""Galleries of large tables: charts still to come, tables that change, showing one twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from gallery_wire import WAIT_S, Page

import erp_widget as erp
from erp_widget import question, recommendation
from erp_widget.gallery import last_seen
from erp_widget.gallery import still as stills
from erp_widget.gallery import widget as widgets
from erp_widget.gallery.gallery import Gallery
from erp_widget.question import Question
from erp_widget.widgets import watching

N_ROWS = 12_000
Drawn = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("wires")


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """Let a person watch, and small tables count as large; return what each output shows."""
    found: dict[str, list[str]] = {}

    def display(data: dict[str, Any], *, display_id: str, **_: Any) -> None:
        found.setdefault(display_id, []).append(str(data.get("text/html", "")))

    monkeypatch.setattr(question, "SKETCHED_ROWS", 1_000)
    for module in (recommendation, widgets, stills):
        monkeypatch.setattr(module, "is_person_there", lambda: True)
    monkeypatch.setattr(watching, "has_widgets", lambda: True)
    monkeypatch.setattr(recommendation, "finish_with_the_cell", lambda _: None)
    monkeypatch.setattr("IPython.display.publish_display_data", lambda *_: None)
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr("IPython.display.update_display", display)
    monkeypatch.setattr(stills, "AFTER_S", 1_000)  # no test here looks at pictures
    yield found
    for one in list(last_seen._all):
        one.forget()


def arrays() -> dict[str, Any]:
    made = np.random.default_rng(0)
    names = made.choice(list("abc"), N_ROWS)
    return {"c": list(names)} | {name: made.normal(size=N_ROWS) for name in "uvw"}


def settled() -> pa.Table:
    return pa.table(arrays())


def page_of(gallery: Gallery) -> Page:
    """Show a gallery as a cell does, and wait for its exact charts."""
    gallery._ipython_display_()
    page = Page(gallery)
    assert page.widget.workshop.wait(WAIT_S)
    return page


def approximate(page: Page) -> list[bool]:
    return [chart.approximate for chart in page.widget._changes.view.charts]


def kept() -> list[list[bool]]:
    """Return for each gallery of the history which charts are approximate, newest first."""
    galleries = [event.subject_id for event in erp.history() if event.kind == "gallery"]
    return [[chart.approximate for chart in erp.history().open(id)] for id in galleries]


def drawing(monkeypatch: pytest.MonkeyPatch, before: Drawn) -> None:
    """Call something before each chart is drawn, with its question and its design."""
    draw = Question.chart

    def chart(self: Question, design: Any, *more: Any) -> Any:
        before(self, getattr(design, "design", design))
        return draw(self, design, *more)

    monkeypatch.setattr(Question, "chart", chart)


def test_the_history_keeps_exact_charts_however_long_they_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = page_of(erp.recommend(settled(), k=3, name="slow"))
    last = page.widget._last_seen
    assert last is not None and kept() == [[False] * 3]
    go_on = threading.Event()

    def wait(asked: Question, _: object) -> None:
        assert asked.whole is not None or go_on.wait(WAIT_S)

    drawing(monkeypatch, wait)
    monkeypatch.setattr(last_seen, "LASTS_AFTER_S", 0.05)
    page.send("next")
    assert not page.widget.workshop.wait(1)
    assert True in approximate(page) and len(kept()) == 1, "nothing is kept that will be exact"
    go_on.set()
    assert page.widget.workshop.wait(WAIT_S)
    for timer in last._timers:
        timer.join(WAIT_S)
    assert kept() == [[False] * len(page.widget.order), [False] * 3]


def test_a_gallery_that_was_interrupted_in_its_cell_is_in_the_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(asked: Question, _: object) -> None:
        if asked.whole is None:
            raise KeyboardInterrupt

    drawing(monkeypatch, interrupt)
    page = page_of(erp.recommend(arrays(), k=3, name="stopped"))
    assert approximate(page) == [True] * 3
    assert page.widget.notes[-1].startswith("Stopped: ")
    assert page.widget._last_seen is not None
    page.widget._last_seen.keep()
    assert kept() == [[True] * 3]


def test_rows_that_may_change_are_read_by_the_kernel_and_changed_ones_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table, readers = arrays(), set()
    page = page_of(erp.recommend(table, k=3, name="arrays"))
    drawing(monkeypatch, lambda *_: readers.add(threading.current_thread()))
    page.send("next")  # whatever comes after it has exact charts
    (reply,) = [one for one in page.custom if one["kind"] == "reply"]
    assert reply["ok"] and len(approximate(page)) > 3 and not any(approximate(page))
    assert readers == {threading.main_thread()}
    before = page.widget.order
    table["v"][:] = 0
    reply = page.ask("next")
    assert reply["error"].startswith("The table has changed since: run the cell again")
    assert page.widget.order == before
    assert page.ask("undo")["ok"]


def test_a_small_table_stays_as_it_was_whatever_is_written_into_it() -> None:
    table = {name: values[:300] for name, values in arrays().items()}
    gallery = erp.recommend(table, k=3, name="small")
    before = gallery.next(4)
    for name in "uvw":
        table[name][:] = 0
    assert [chart.drawn for chart in gallery.next(4)] == [chart.drawn for chart in before]


def test_a_gallery_shown_twice_goes_on_in_both_places(shown: dict[str, list[str]]) -> None:
    gallery = erp.recommend(settled(), k=4, name="twice")
    page = page_of(gallery)
    page.ask("without", gallery[0].id)
    now = [chart.title for chart in page.widget._changes.view.charts]
    mark = page.widget.still
    gallery._ipython_display_()
    assert [chart.title for chart in page.widget._changes.view.charts] == now
    assert page.widget.undo is not None and page.widget.still == mark
    words = next(said for said in shown.values() if any(mark in one for one in said))
    assert [title in words[-1] for title in now] == [True] * len(now)


def test_titles_of_charts_that_come_tell_them_from_those_that_are_there() -> None:
    page = page_of(erp.recommend(settled(), k=6, name="titles"))
    for _ in range(2):
        page.ask("next")
    page.ask("more_like", page.widget.order[0])
    titles = [chart.title for chart in page.widget._changes.view.charts]
    assert len(titles) > 20 and len(titles) == len(set(titles))
    assert any(title.endswith(" (box plot)") for title in titles)


def test_a_chart_that_only_all_rows_can_show_comes_after_other_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gallery = erp.recommend(settled(), k=5, name="late")
    ids = [gallery.question.id_of(one.design) for one in gallery.designs]
    go_on = threading.Event()

    def fail(asked: Question, design: object) -> None:
        assert asked.whole is not None or go_on.wait(WAIT_S)
        if asked.whole is not None and design == gallery.designs[2].design:
            raise ValueError("nothing in the sample")

    drawing(monkeypatch, fail)
    gallery._ipython_display_()
    page = Page(gallery)
    assert len(page.widget._changes.view.charts) == 4
    page.send("more_like", ids[0])
    page.send("without", ids[4])
    go_on.set()
    assert page.widget.workshop.wait(WAIT_S)
    order = page.widget.order
    assert ids[4] not in order
    assert [id for id in order if id in ids] == ids[:4]
    assert order == [chart.id for chart in page.widget._changes.view.charts]
    assert not any(approximate(page))
    for _ in range(2):
        page.ask("undo")
    assert page.widget.order == ids


#: Asks what takes a year, in the main thread, until it is interrupted.
INTERRUPTED = """
import signal
from erp_widget.gallery.work import Job, Workshop
from erp_widget.sources.connection import connection, querying

def ask():
    with querying():
        print("asking", flush=True)
        many = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(1000000) b"
        yield connection().execute(many).fetchall()

found = []
job = Job(lambda job: found.extend(job.until_stopped(ask())), lambda: None)
Workshop().do_here(job)
signal.signal(signal.SIGINT, signal.SIG_IGN)
print(job.stopped, found, connection().execute("SELECT 1").fetchall())
"""


def test_an_interrupt_of_the_kernel_ends_a_query_and_the_work_it_is_for() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True
    ) as kernel:
        assert kernel.stdout is not None
        assert kernel.stdout.readline().strip() == "asking"
        for _ in range(20):  # a person whose click came too early clicks again
            kernel.send_signal(signal.SIGINT)
            try:
                kernel.wait(5)
                break
            except subprocess.TimeoutExpired:
                continue
        kernel.kill()
        assert kernel.stdout.read().strip() == "True [] [(1,)]"
