"""The gallery in a real kernel: what a cell sends, and what a click sends back to that cell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

WAIT_S = 120
CODE = """
import erp_widget as erp
table = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
erp.recommend(table, k=3, name="shops")
"""

Message = dict[str, Any]


@pytest.fixture(scope="module")
def kernel(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """Start one kernel with a store of its own."""
    folder = tmp_path_factory.mktemp("kernel")
    environment = dict(os.environ) | {"ERP_STORE": str(folder / "store.sqlite3")}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=environment)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def manager(kernel: tuple[KernelManager, BlockingKernelClient]) -> KernelManager:
    """Return who can interrupt the kernel."""
    return kernel[0]


@pytest.fixture(scope="module")
def client(kernel: tuple[KernelManager, BlockingKernelClient]) -> BlockingKernelClient:
    """Return who speaks to the kernel."""
    return kernel[1]


@pytest.fixture(scope="module")
def shown(client: BlockingKernelClient) -> list[Message]:
    """Run the cell and return what reached the browser."""
    return heard(client, client.execute(CODE))


def heard(client: BlockingKernelClient, request: str) -> list[Message]:
    """Return the messages that a request led to, until the kernel is idle again."""
    found = []
    while True:
        message = client.get_iopub_msg(timeout=WAIT_S)
        if message["parent_header"].get("msg_id") != request:
            continue
        assert message["msg_type"] != "error", message["content"]
        if message["content"].get("execution_state") == "idle":
            return found
        found.append(message)


def of(messages: list[Message], kind: str) -> list[Message]:
    """Return the contents of the messages of one kind."""
    return [message["content"] for message in messages if message["msg_type"] == kind]


def ask(client: BlockingKernelClient, model: str, command: str, chart: str = "") -> list[Message]:
    """Send what a click sends, and return what comes back."""
    message = client.session.msg("comm_msg", request(model, command, chart))
    client.shell_channel.send(message)
    return heard(client, message["header"]["msg_id"])


def reply_in(messages: list[Message]) -> Message:
    """Return the one reply among messages."""
    custom = [m["data"] for m in of(messages, "comm_msg") if m["data"]["method"] == "custom"]
    (reply,) = [data["content"] for data in custom if data["content"].get("kind") == "reply"]
    return dict(reply)


def model_of(messages: list[Message]) -> str:
    """Return the id of the gallery's model."""
    (view,) = [
        content["data"]["application/vnd.jupyter.widget-view+json"]
        for content in of(messages, "display_data")
        if "application/vnd.jupyter.widget-view+json" in content["data"]
    ]
    return str(view["model_id"])


def reports(messages: list[Message]) -> list[Message]:
    """Return the contents of what was written into the report's place."""
    updates = of(messages, "update_display_data")
    return [u for u in updates if u["transient"]["display_id"].startswith("erp-report-")]


def test_a_cell_shows_one_gallery_its_still_and_keeps_a_place_for_the_report(
    shown: list[Message],
) -> None:
    assert of(shown, "execute_result") == []
    view, words, still, place = of(shown, "display_data")
    assert view["data"]["text/plain"].startswith("Gallery 'shops'")
    assert "The charts of shops in words" in words["data"]["text/html"]
    assert still["transient"]["display_id"].startswith("erp-still-")
    assert place["data"] == {"text/html": "", "text/plain": ""}
    assert place["transient"]["display_id"].startswith("erp-report-")


def test_the_runtime_comes_once_per_kernel(
    client: BlockingKernelClient, shown: list[Message]
) -> None:
    def sources(messages: list[Message]) -> int:
        return sum("source" in content["data"]["state"] for content in of(messages, "comm_open"))

    assert sources(shown) == 1
    again = heard(client, client.execute("erp.recommend(table, k=2)"))
    assert sources(again) == 0
    model_of(again)


def test_a_click_saves_and_the_report_appears_in_the_cell_that_showed_the_gallery(
    client: BlockingKernelClient, shown: list[Message], tmp_path: Path
) -> None:
    model = model_of(shown)
    (charts,) = [
        content["data"]["state"]["charts"]
        for content in of(shown, "comm_open")
        if content["comm_id"] == model
    ]
    reply = reply_in(ask(client, model, "save", charts[0]["id"]))
    assert reply["ok"] is True, reply
    assert reply["report"]["outputs"]
    answered = ask(client, model, "show_report")
    (update,) = reports(answered)
    place = of(shown, "display_data")[-1]
    assert update["transient"]["display_id"] == place["transient"]["display_id"]
    html = update["data"]["text/html"]
    assert f'<div class="{reply_in(answered)["shown"]}">' in html
    assert "<img" in html
    assert "<script" not in html
    assert charts[0]["title"] in update["data"]["text/plain"]
    reply_in(ask(client, model, "remove", charts[0]["id"]))
    (emptied,) = reports(ask(client, model, "show_report"))
    assert "<img" not in emptied["data"]["text/html"]


def test_the_public_names_outlive_the_display_of_a_gallery(
    client: BlockingKernelClient, shown: list[Message]
) -> None:
    told = heard(client, client.execute("print(erp.report().title, len(erp.saved()))"))
    assert of(told, "stream")


LARGE = """
import threading
from erp_widget import question
from erp_widget.aggregate import SharedRows
question.SKETCHED_ROWS = 1_000
go_on, queries = threading.Event(), []
rows = SharedRows.rows
def counted(shared, design):
    queries.append(shared._table.n_rows)
    if queries[-1] > 10_000:
        go_on.wait(60)
    return rows(shared, design)
SharedRows.rows = counted
large = {"city": ["Rome", "Oslo", "Kyiv"] * 10_000, "sales": [7 * n % 31 for n in range(30_000)]}
"""


def sketched(client: BlockingKernelClient, code: str) -> tuple[list[Message], str]:
    """Run a cell whose charts are approximate when it ends; return its messages and its model."""
    heard(client, client.execute(f"go_on.clear(); queries.clear()\n{code}"))
    sent = heard(client, client.execute("shown", allow_stdin=True))
    return sent, model_of(sent)


def charts_of(messages: list[Message], model: str) -> list[Message]:
    """Return the charts that were sent one by one."""
    return [
        m["content"]["data"]["content"]["chart"] for m in messages if kind_of(m, model) == "chart"
    ]


def said_by(client: BlockingKernelClient, code: str) -> str:
    """Return what code prints."""
    told = heard(client, client.execute(f"print({code})"))
    return "".join(message["text"] for message in of(told, "stream"))


@pytest.fixture(scope="module")
def slow(client: BlockingKernelClient, shown: list[Message]) -> None:
    """Have a table count as large early, and its exact rows wait until they are let go."""
    heard(client, client.execute(LARGE))


def test_a_large_table_is_shown_from_a_sample_and_then_exactly(
    client: BlockingKernelClient, slow: None
) -> None:
    code = "shown = erp.recommend(large, k=3, name='large')"
    heard(client, client.execute(code, allow_stdin=True))
    sent, model = sketched(client, "")
    first = charts_of(sent, model)
    assert len(first) == 3
    assert [kind_of(m, model) for m in sent].index("view") < [
        kind_of(m, model) for m in sent
    ].index("chart")
    for chart in first:
        assert chart["approximate"]
        assert "approximate: from a sample of 10,000 of the 30,000 rows" in chart["note"]
        assert "Approximate: from a sample of 10,000 of the 30,000 rows." in chart["description"]
    still = next(
        m for m in of(sent, "display_data") if "in words" in m["data"].get("text/html", "")
    )
    assert still["data"]["text/html"].count("Approximate: from a sample") == 3
    # A save waits for the exact chart, and is answered with it.
    message = client.session.msg("comm_msg", request(model, "save", first[0]["id"]))
    client.shell_channel.send(message)
    waiting = heard(client, message["header"]["msg_id"])
    assert [kind for m in waiting if (kind := kind_of(m, model))] == ["accepted"]
    told = ended(client, model)
    exact = charts_of(told, model)
    assert [chart["id"] for chart in exact] == [chart["id"] for chart in first]
    assert not any(chart["approximate"] for chart in exact)
    assert not any("pproximate" in chart["description"] for chart in exact)
    reply = reply_in([m for m in told if m["msg_type"] == "comm_msg"])
    assert reply["ok"] and reply["report"]["outputs"]
    assert said_by(client, "shown[0].id") == f"{first[0]['id']}\n"
    assert said_by(client, "erp.saved()[0].record.get('approximate')") == "None\n"
    assert said_by(client, "len(queries), 'large' in repr(erp.history(5))") == "6 True\n"


def test_what_is_stopped_stays_approximate_and_python_gets_exact_rows(
    client: BlockingKernelClient, slow: None
) -> None:
    code = "shown = erp.recommend(large, k=3, name='stopped')"
    heard(client, client.execute(code, allow_stdin=True))
    sent, model = sketched(client, "")
    first = charts_of(sent, model)
    ask(client, model, "cancel")
    heard(client, client.execute("go_on.set(); shown._widget.workshop.wait(60)"))
    # The chart whose query was under way may have come.
    still = said_by(client, "[c['id'] for c in shown._widget.charts if c['approximate']]")
    assert still.count(first[2]["id"]) == 1
    assert "Stopped: charts marked" in said_by(client, "shown._widget.notes")
    reply = reply_in(ask(client, model, "save", first[2]["id"]))
    assert reply["ok"]
    assert said_by(client, "erp.saved()[0].record['approximate']") == "True\n"
    assert said_by(client, "[c.approximate for c in shown]") == "[False, False, False]\n"


def test_rows_that_may_change_are_counted_while_the_cell_runs(
    client: BlockingKernelClient, slow: None
) -> None:
    arrays = "import numpy as np\narrays = {n: np.array(v) for n, v in large.items()}\ngo_on.set()"
    code = f"{arrays}\nshown = erp.recommend(arrays, k=2)\nbefore = len(shown.drawn)"
    heard(client, client.execute(code, allow_stdin=True))
    assert said_by(client, "before, len(shown.drawn)") == "0 2\n"
    sent = heard(client, client.execute("erp.recommend(arrays, k=2)", allow_stdin=True))
    charts = charts_of(sent, model_of(sent))
    assert [chart["approximate"] for chart in charts] == [True, True, False, False]


def request(model: str, command: str, chart: str = "") -> Message:
    """Return what a click sends."""
    content = {"kind": "request", "id": command, "command": command, "chart": chart}
    return {"comm_id": model, "data": {"method": "custom", "content": content}}


def ended(client: BlockingKernelClient, model: str) -> list[Message]:
    """Let exact rows go, and return what is sent until a gallery has nothing to do."""
    sent = client.execute("go_on.set(); shown._widget.workshop.wait(60)")
    found = []
    while True:
        message = client.get_iopub_msg(timeout=WAIT_S)
        found.append(message)
        state = message["content"].get("execution_state")
        if state == "idle" and message["parent_header"].get("msg_id") == sent:
            return found


def kind_of(message: Message, model: str) -> str:
    """Return what a message is to a gallery: its view, a chart, or something else."""
    content = message["content"]
    if "application/vnd.jupyter.widget-view+json" in content.get("data", {}):
        return "view"
    if message["msg_type"] != "comm_msg" or content["comm_id"] != model:
        return ""
    return str(content["data"].get("content", {}).get("kind", ""))
