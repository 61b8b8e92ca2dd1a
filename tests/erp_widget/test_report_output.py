"""A report as the output of a running cell: its editor where a person watches, kept up to date."""

from __future__ import annotations

from typing import Any

import comm
import pytest
from gallery_wire import Wire

import erp_widget as erp
from erp_widget.export.outputs import fitted_outputs
from erp_widget.reports import output
from erp_widget.reports.output import PLACE, EditorWidget, ReportOutput

HOSTILE = '<img src=x onerror="alert(1)">'
TABLE = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
WIDGET = "application/vnd.jupyter.widget-view+json"

Output = tuple[dict[str, Any], dict[str, Any], str]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Output]:
    """Return what a host shows of a cell, by display id, in order."""
    found: dict[str, Output] = {}

    def publish(
        data: dict[str, Any], metadata: dict[str, Any], *, transient: Any, update: bool = False
    ) -> None:
        id = transient["display_id"]
        assert (id in found) == update
        found[id] = (data, metadata, id)

    monkeypatch.setattr(comm, "create_comm", Wire)
    monkeypatch.setattr("IPython.display.publish_display_data", publish)
    monkeypatch.setattr(output, "is_person_there", lambda: True)
    return found


def told(shown: dict[str, Output]) -> list[str]:
    return [data["text/plain"].partition("\n")[0] for data, _, _ in shown.values()]


def asked(editor: EditorWidget, command: object, **more: Any) -> dict[str, Any]:
    wire: Any = editor.comm
    (reply,) = wire.bring({"kind": "request", "id": "1", "command": command} | more)
    assert (reply["kind"], reply["id"]) == ("reply", "1")
    return dict(reply)


def test_a_batch_gets_the_outputs_alone(
    shown: dict[str, Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "is_person_there", lambda: False)
    made = erp.report("Q3").add_section("Prices")
    made._ipython_display_()
    assert [(data, more) for data, more, _ in shown.values()] == [
        (output["data"], output["metadata"]) for output in made.outputs()
    ]


def test_a_person_gets_an_editor_and_parts_that_follow(shown: dict[str, Output]) -> None:
    chart = erp.recommend(TABLE, k=1, name="shops")[0]
    made = erp.report("Q3").add(chart).add_note("They rise.")
    output = ReportOutput(made)
    output.place()
    widget, place, *parts = shown.values()
    assert WIDGET in widget[0]
    # By its first output the plugin knows the cell.
    assert widget[1]["erp"] == {"report": "Q3"}
    assert PLACE in place[0]["text/html"]
    assert len(parts) == len(made.outputs()) == 4
    editor = EditorWidget(made, output.show, lambda: None)
    listed = asked(editor, "report_edit", act="move", part=made.listed()[1]["id"], to=0)["parts"]
    assert [part["kind"] for part in listed] == ["note", "chart"]
    mark = asked(editor, "show_report")["shown"]
    assert mark in place_html(shown)
    assert told(shown)[2:] == ["Q3", "They rise.", chart.title, chart.description]
    # One part less: its place is empty. Undone, it is back.
    asked(editor, "report_edit", act="remove", part=made.listed()[0]["id"])
    asked(editor, "show_report")
    assert told(shown)[2:] == ["Q3", chart.title, chart.description, ""]
    asked(editor, "report_edit", act="undo")
    asked(editor, "show_report")
    assert told(shown)[3] == "They rise."


def place_html(shown: dict[str, Output]) -> str:
    return str(list(shown.values())[1][0]["text/html"])


def test_parts_without_a_place_are_pictures_in_the_last(shown: dict[str, Output]) -> None:
    chart = erp.recommend(TABLE, k=1, name="shops")[0]
    made = erp.report("Q3").add(chart)
    output = ReportOutput(made)
    output.place()
    made.add_section(HOSTILE).add_note(HOSTILE)
    output.show()
    rest = list(shown.values())[3][0]["text/html"]
    # The chart's own two outputs would leave no place for what follows.
    assert "<figure><h3>" in rest and chart.title in rest
    assert "<h2>" in rest and "<img src=x" not in rest
    made.undo().undo()
    output.show()
    assert told(shown)[2:] == ["Q3", chart.title, chart.description]


def test_outputs_fit_any_room() -> None:
    made = erp.report("Q3")
    for heading in "abc":
        made.add_section(heading)
    found = {room: fitted_outputs(made.document(), room) for room in range(2, 7)}
    assert [len(outputs) for outputs in found.values()] == [2, 3, 4, 5, 6]
    rest = [outputs[-1]["data"].get("text/html", "") for outputs in found.values()]
    assert [html.count("<h2>") for html in rest] == [3, 2, 0, 0, 0]


def test_bad_messages_are_answered(shown: dict[str, Output]) -> None:
    made = erp.report("Q3")
    editor = EditorWidget(made, ReportOutput(made).show, lambda: None)
    assert "no command 'x'" in asked(editor, "x")["error"]
    assert "cannot do None" in asked(editor, "report_edit")["error"]
    wire: Any = editor.comm
    assert wire.bring("nonsense") == []


def test_a_store_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dict[str, Any]] = []

    def publish(data: dict[str, Any], *_: Any, **__: Any) -> None:
        heard.append(data)

    monkeypatch.setattr("IPython.display.publish_display_data", publish)
    made = erp.report("Q3")

    def fails(*_: Any) -> Any:
        raise erp.ErpError("the store is away")

    monkeypatch.setattr(made._contents, "parts", fails)
    made._ipython_display_()
    assert heard == [{"text/plain": "The report cannot be shown: the store is away"}]
