"""All that shows a report in one kernel follows it: other cells, galleries, lists of its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import comm
import pytest
from gallery_wire import Page, Wire

import erp_widget as erp
from erp_widget.reports import output
from erp_widget.reports.following import MAX_FOLLOWERS, TOGETHER_S, follow
from erp_widget.reports.live import LiveReport
from erp_widget.reports.output import EditorWidget, ReportOutput

TABLE = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
HOSTILE = '<img src=x onerror="alert(1)">'

Shown = dict[str, dict[str, Any]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Return what a host shows, by display id."""
    found: Shown = {}

    def publish(data: dict[str, Any], *_: Any, transient: Any = None, **more: Any) -> None:
        found[(transient or {}).get("display_id") or more.get("display_id")] = data

    def display(data: dict[str, Any], *, display_id: str, **_: Any) -> None:
        found[display_id] = data

    monkeypatch.setattr(comm, "create_comm", Wire)
    monkeypatch.setattr("IPython.display.publish_display_data", publish)
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr("IPython.display.update_display", display)
    monkeypatch.setattr(output, "is_person_there", lambda: True)
    return found


def after(change: Callable[[], object]) -> None:
    """Make a change in a kernel's loop, and let the loop run on for a while."""

    async def run() -> None:
        change()
        await asyncio.sleep(3 * TOGETHER_S)

    # A loop that a browser's test has left behind would refuse a second one in its thread.
    with ThreadPoolExecutor(1) as kernel:
        kernel.submit(asyncio.run, run()).result()


def everything(shown: Shown) -> str:
    return " ".join(str(said) for data in shown.values() for said in data.values())


def test_a_cell_and_the_place_below_a_gallery_follow_each_other(shown: Shown) -> None:
    q3 = erp.report("Q3")
    first, second = ReportOutput(q3), LiveReport()
    first.place()
    second.place()
    second.show(erp.report("Q3"))
    after(lambda: erp.report("Q3").add_note("They rise."))
    assert everything(shown).count("They rise.") >= 2
    chart = erp.recommend(TABLE, k=1, name="shops")[0]
    after(lambda: erp.report("Q3").add(chart).add_section(HOSTILE))
    assert sum(chart.title in str(data.get("text/html")) for data in shown.values()) == 2
    assert HOSTILE not in "".join(str(data.get("text/html")) for data in shown.values())
    after(erp.report("Q3").delete)
    assert "They rise." not in everything(shown)
    after(erp.report("Q3").restore)
    assert everything(shown).count("They rise.") >= 2


def test_another_report_and_what_is_not_shown_yet_stay(shown: Shown) -> None:
    mine, idle = ReportOutput(erp.report("mine")), LiveReport()
    mine.place()
    idle.place()
    before = {id: dict(data) for id, data in shown.items()}
    after(lambda: erp.report("another").add_note("They fall."))
    assert shown == before


def test_lists_of_parts_are_told_and_what_gave_way_is_left_alone(shown: Shown) -> None:
    q3 = erp.report("Q3")
    output = ReportOutput(q3)
    output.place()
    page = Page(erp.recommend(TABLE, k=1, name="shops"))
    page.ask("report_edit", act="look")
    told = [dict(one) for one in page.custom if one["kind"] == "report_changed"]
    after(lambda: erp.report().add_note("Look."))
    now = [one for one in page.custom if one["kind"] == "report_changed"]
    assert len(now) == len(told) + 1
    # Where a plugin writes the outputs, the kernel does not write them, too.
    editor = EditorWidget(q3, output.show, lambda: gone.append(True))
    gone: list[bool] = []
    wire: Any = editor.comm
    (reply,) = wire.bring({"kind": "request", "id": "1", "command": "give_way"})
    assert reply["ok"] and gone == [True]
    after(lambda: q3.add_note("They rise."))
    assert not [
        data for _, data in wire.sent if data.get("content", {}).get("kind") == "report_changed"
    ]


def test_a_change_that_a_thread_makes_is_told_and_a_loop_that_ended_early_is_forgotten() -> None:
    class Counting:
        told = 0

        def report_changed(self) -> None:
            self.told += 1

    q3, counting = erp.report("Q3"), Counting()

    def write_in_a_thread() -> None:
        follow(q3.key, counting)
        with ThreadPoolExecutor(1) as workshop:
            workshop.submit(q3.add_note, "They rise.").result()

    async def write_and_end() -> None:
        q3.add_note("They fall.")

    after(write_in_a_thread)
    assert counting.told == 1
    with ThreadPoolExecutor(1) as kernel:
        kernel.submit(asyncio.run, write_and_end()).result()
    after(lambda: q3.add_note("They rest."))
    assert counting.told == 2


def test_followers_are_few_and_one_that_fails_costs_no_other() -> None:
    class Counting:
        told = 0

        def report_changed(self) -> None:
            self.told += 1
            if self is all_of[-1]:
                raise RuntimeError("the page is gone")

    q3 = erp.report("Q3")
    all_of = [Counting() for _ in range(MAX_FOLLOWERS + 2)]
    for one in all_of:
        follow(q3.key, one)
    after(lambda: [q3.add_note(str(n)) for n in range(5)])
    assert [one.told for one in all_of] == [0, 0, *[1] * MAX_FOLLOWERS]
    q3.add_note("from a script, where no loop runs")
    assert max(one.told for one in all_of) == 1
