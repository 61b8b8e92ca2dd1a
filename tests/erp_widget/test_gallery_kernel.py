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
    content = {"kind": "request", "id": command, "command": command, "chart": chart}
    data = {"comm_id": model, "data": {"method": "custom", "content": content}}
    message = client.session.msg("comm_msg", data)
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
from erp_widget import question, recommendation
recommendation.STREAMED_ROWS = 10
rows = question.rows
def pausing(*args):
    import time
    time.sleep(PAUSE_S)
    return rows(*args)
question.rows = pausing
"""


def test_the_charts_of_a_large_table_come_one_by_one_in_the_cell(
    client: BlockingKernelClient, shown: list[Message]
) -> None:
    heard(client, client.execute(f"PAUSE_S = 0\n{LARGE}"))
    sent = heard(
        client, client.execute("erp.recommend(table, k=3, name='large')", allow_stdin=True)
    )
    model = model_of(sent)
    kinds = [kind_of(message, model) for message in sent]
    assert kinds.count("chart") == 3
    assert kinds.index("view") < kinds.index("chart")
    (state,) = [c["data"]["state"] for c in of(sent, "comm_open") if c["comm_id"] == model]
    assert state["charts"] == []
    said = heard(client, client.execute("print(repr(erp.history(5)))"))
    assert "large" in "".join(message["text"] for message in of(said, "stream"))
    reply = reply_in(ask(client, model, "saved"))
    assert reply["ok"]


def test_a_gallery_that_nobody_shows_is_drawn_when_its_cell_ends(
    client: BlockingKernelClient, shown: list[Message]
) -> None:
    code = "kept = erp.recommend(table, k=3)\nbefore = len(kept.drawn)"
    heard(client, client.execute(code, allow_stdin=True))
    told = heard(client, client.execute("print(before, len(kept.drawn))"))
    assert of(told, "stream")[0]["text"] == "0 3\n"


def test_an_interrupt_keeps_the_charts_that_are_drawn(
    client: BlockingKernelClient, shown: list[Message], manager: KernelManager
) -> None:
    heard(client, client.execute("PAUSE_S = 1.5"))
    request = client.execute("stopped = erp.recommend(table, k=3); stopped", allow_stdin=True)
    while True:
        message = client.get_iopub_msg(timeout=WAIT_S)
        data = message["content"].get("data", {})
        if message["msg_type"] == "comm_msg" and data.get("content", {}).get("kind") == "chart":
            break
    manager.interrupt_kernel()
    heard(client, request)
    told = heard(client, client.execute("print(len(stopped), stopped._widget.notes)"))
    said = of(told, "stream")[0]["text"]
    assert said.startswith("1 ")
    assert "1 of 3 charts are drawn. Run the cell again" in said
    heard(client, client.execute("PAUSE_S = 0"))


def kind_of(message: Message, model: str) -> str:
    """Return what a message is to a gallery: its view, a chart, or something else."""
    content = message["content"]
    if "application/vnd.jupyter.widget-view+json" in content.get("data", {}):
        return "view"
    if message["msg_type"] != "comm_msg" or content["comm_id"] != model:
        return ""
    return str(content["data"].get("content", {}).get("kind", ""))
