"""What becomes of lists that people change: the picture in the notebook, entries of the history."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

import erp_widget as erp
from erp_widget.gallery.last_seen import LastSeen
from erp_widget.gallery.still import StillGallery
from erp_widget.gallery.widget import GalleryWidget
from erp_widget.store import open_store

WAIT_S = 120
CITIES = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
CODE = """
import erp_widget as erp
from erp_widget.gallery import last_seen
last_seen.STILL_AFTER_S = 0.2
table = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
erp.recommend(table, k=2, name="shops")
"""


def kept() -> list[int]:
    """Return how many charts each gallery of the history has, newest first."""
    return [len(erp.history().open(event.subject_id)) for event in erp.history()]


def test_an_answer_is_kept_like_a_recommendation_once_its_charts_are_drawn() -> None:
    gallery = erp.recommend(CITIES, k=2, name="shops")
    answer = gallery.next(1)
    assert kept() == [2]
    assert len(answer) == 1
    assert kept() == [1, 2]
    assert len(list(answer)) == 1 and kept() == [1, 2]
    assert len(gallery.without(mark="bar").without(mark="point")) > 0
    assert len(kept()) == 3, "what was only on the way is not kept"


@pytest.fixture
def changing() -> Iterator[tuple[GalleryWidget, LastSeen]]:
    """Return a gallery in the browser, and its list as it was last seen."""
    gallery = erp.recommend(CITIES, k=2, name="shops")
    widget = GalleryWidget(gallery)
    still = StillGallery(gallery)
    widget.follow(still, gallery)
    assert widget._last_seen is not None
    yield widget, widget._last_seen
    widget._last_seen.forget()


def ask(widget: GalleryWidget, command: str, **more: Any) -> None:
    widget.receive({"kind": "request", "id": "1", "command": command, **more})
    assert widget.workshop.wait(WAIT_S)


def test_a_list_that_lasts_is_one_entry_whatever_led_to_it(
    changing: tuple[GalleryWidget, LastSeen],
) -> None:
    widget, last_seen = changing
    last_seen.keep()
    assert kept() == [2], "a list that nobody changed is there already"
    ask(widget, "next")
    ask(widget, "without", chart=widget.order[1])
    last_seen.keep()
    last_seen.keep()
    assert len(kept()) == 2 and kept()[0] > 2
    for _ in range(2):
        ask(widget, "undo")
    last_seen.keep()
    assert len(kept()) == 2, "the first list is there already"


def test_in_a_kernel_the_picture_follows_and_the_end_keeps_the_list(tmp_path: Path) -> None:
    environment = dict(os.environ) | {"ERP_STORE": str(tmp_path / "store.sqlite3")}
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path), env=environment)
    try:
        client.execute(CODE, allow_stdin=True)
        model = _next(client, "comm_open", lambda c: "charts" in c["data"]["state"])["comm_id"]
        first = _next(client, "update_display_data", _is_picture)
        data = {"method": "custom", "content": {"kind": "request", "id": "n", "command": "next"}}
        asked = client.session.msg("comm_msg", {"comm_id": model, "data": data})
        client.shell_channel.send(asked)
        told = _next(client, "update_display_data", lambda c: "in words" in str(c["data"]))
        later = _next(client, "update_display_data", _is_picture)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert later["transient"]["display_id"] == first["transient"]["display_id"]
    alt = later["metadata"]["image/png"]["alt"]
    assert int(alt.split()[0]) > 2 and alt.count(";") + 1 == told["data"]["text/html"].count("<li>")
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        newest, before = store.galleries(os.environ["ERP_USER"])
    assert len(before.charts) == 2 and f"{len(newest.charts)} charts" in alt


def _is_picture(content: dict[str, Any]) -> bool:
    return "image/png" in content["data"]


def _next(client: Any, kind: str, fits: Any) -> dict[str, Any]:
    """Wait for a message of a kind."""
    while True:
        message = client.get_iopub_msg(timeout=WAIT_S)
        assert message["msg_type"] != "error", message["content"]
        if message["msg_type"] == kind and fits(message["content"]):
            return dict(message["content"])
