"""Changes of a report by mouse: what the browser asks, and what a report's cell asks its kernel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import erp_widget as erp
from erp_widget.errors import ErpError
from erp_widget.reports import states
from erp_widget.reports.cells import answer, report_of
from erp_widget.reports.editing import edited
from erp_widget.store.values import MAX_BODY_BYTES

HOSTILE = '<img src=x onerror="alert(1)">'
TABLE = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}

Ask = Callable[..., list[str]]


@pytest.fixture
def ask() -> Ask:
    """Return what asks one report, and gives the titles of its parts back."""
    report = erp.report("Q3")
    report.add(erp.recommend(TABLE, k=1, name="shops")[0], "Rome leads.")

    def asked(act: str, **more: Any) -> list[str]:
        return [part["title"] for part in edited(report, {"act": act, **more})["parts"]]

    return asked


def parts() -> list[dict[str, str]]:
    return erp.report("Q3").listed()


def test_every_change_is_kept_and_told(ask: Ask) -> None:
    (chart,) = ask("look")
    assert ask("section", text=HOSTILE, to=0) == [HOSTILE, chart]
    assert ask("note", text="They *rise*.\nAll of them.", to=1) == [
        HOSTILE,
        "They *rise*. All of them.",
        chart,
    ]
    assert [part["kind"] for part in parts()] == ["section", "note", "chart"]
    section, note, figure = (part["id"] for part in parts())
    assert ask("move", part=figure, to=0)[0] == chart
    ask("text", part=figure, text="")
    ask("text", part=note, text="They fall.")
    ask("text", part=section, text="Prices")
    assert [part["text"] for part in parts()] == ["", "Prices", "They fall."]
    assert ask("remove", part=note) == [chart, "Prices"]
    assert ask("undo") == [chart, "Prices", "They fall."]
    assert ask("redo") == [chart, "Prices"]


def test_only_states_that_a_store_can_take_beside_each_other_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A report of long notes is smaller than its last states together."""
    assert states.MAX_BYTES + states.MAX_BYTES // 4 < MAX_BODY_BYTES
    monkeypatch.setattr(states, "MAX_BYTES", 5_500)
    report = erp.report("long")
    for n in range(6):
        edited(report, {"act": "note", "text": f"{n} " + "é" * 150})  # a kilobyte as JSON
    # Before the last change there were five notes: with the state of four that is too much.
    assert edited(report, {"act": "undo"})["undo"] is False
    assert [part["title"][0] for part in report.listed()] == ["0", "1", "2", "3", "4"]
    edited(report, {"act": "note", "text": "long " + "é" * 1000})
    assert edited(report, {"act": "remove", "part": report.listed()[0]["id"]})["undo"] is False


def test_undo_and_redo_are_offered_where_there_is_something_to_do() -> None:
    report = erp.report("empty")
    told = edited(report, {"act": "look"})
    assert (told["undo"], told["redo"], told["parts"]) == (False, False, [])
    told = edited(report, {"act": "section", "text": "Prices"})
    assert (told["undo"], told["redo"]) == (True, False)
    told = edited(report, {"act": "undo"})
    assert (told["undo"], told["redo"]) == (False, True)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"act": "dance"},
        {"act": ["look"]},
        {"act": "section"},
        {"act": "section", "text": " "},
        {"act": "note", "text": 7},
        {"act": "move", "part": "chart"},
        {"act": "move", "to": 1},
        {"act": "remove", "part": "nothing"},
        {"act": "text", "part": "nothing", "text": "x"},
        {"act": "section", "text": "x", "to": 9},
        {"act": "undo"},
    ],
    ids=str,
)
def test_what_cannot_be_done_changes_nothing(asked: dict[str, Any]) -> None:
    report = erp.report("Q4")
    with pytest.raises(ErpError):
        edited(report, asked)
    assert report.listed() == []


def test_a_cell_answers_for_the_report_that_it_shows() -> None:
    source = 'import erp_widget as erp\n\nerp.report("Q3")  # mine'
    asked = {"source": source, "command": "report_edit", "act": "note", "text": HOSTILE}
    told = answer(json.dumps(asked)).content
    assert told["ok"] and [part["text"] for part in told["parts"]] == [HOSTILE]
    shown = answer(json.dumps({"source": source, "command": "report_cell"}))._repr_json_()
    json.dumps(shown, allow_nan=False)
    outputs = shown["report"]["outputs"]
    assert outputs[0]["metadata"]["erp"] == {"report": "Q3"}
    assert "&#60;img" in str(outputs[1]["data"]["text/markdown"])
    told = answer(json.dumps(asked | {"act": "undo"})).content
    assert told["parts"] == []
    told = answer(json.dumps(asked | {"act": "undo"})).content
    assert not told["ok"] and "no change to take back" in told["error"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('erp.report("Q3")', "Q3"),
        ("report(name='Q3')", "Q3"),
        ("q3 = erp_widget.report('Q3').add_note('x')\nq3", "Q3"),
        ("erp.report('Q2')\nerp.report('Q3')", "Q3"),
        ("%%time\nerp.report('Q3')", "Q3"),
        ("files = !ls\n%pip list\ndf?\nerp.report('Q3')", "Q3"),
        ("erp.report()", "report"),
        ("erp.report(store=':memory:')", "report"),
    ],
)
def test_the_last_report_of_a_cell_is_meant(source: str, name: str) -> None:
    assert report_of(source).name == name


@pytest.mark.parametrize("source", ["", "erp.report(name)", "erp.report(*names)", "1 +"])
def test_a_cell_without_a_written_report_says_what_to_write(source: str) -> None:
    told = answer(json.dumps({"source": source, "command": "report_cell"})).content
    assert not told["ok"] and 'erp.report("Q3 sales")' in told["error"]


@pytest.mark.parametrize("request_", ["", "[]", "null", "{"])
def test_a_broken_request_gets_an_answer(request_: str) -> None:
    assert not answer(request_).content["ok"]
