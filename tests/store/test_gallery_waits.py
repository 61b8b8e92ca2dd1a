"""A gallery whose server goes away and comes back: what it tells the browser of its saves."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from msgspec.structs import replace
from proxy import Proxy

import erp_widget as erp
from erp_widget.gallery.gallery import Gallery
from erp_widget.gallery.widget import GalleryWidget
from erp_widget.store import outbox
from erp_widget.store.team_store import TeamStore

TABLE = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}


@pytest.fixture
def line(line: Proxy, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """Stand there, and have what waits tried again after a second."""
    monkeypatch.setattr(outbox, "FIRST_PAUSE_S", 1.0)
    return line


def test_saves_wait_on_their_cards_until_they_are_delivered(line: Proxy) -> None:
    store = TeamStore(line.address("gallery_waits"))
    recommended = erp.recommend(TABLE, k=3, store=":memory:")
    charts = [replace(chart, store=store) for chart in recommended]
    widget = GalleryWidget(Gallery(charts, title="shops", dataset_id=recommended.dataset_id))
    replies: list[dict[str, Any]] = []
    widget.send = lambda content, *_: replies.append(content)

    def ask(command: str, chart: str = "") -> dict[str, Any]:
        widget.receive({"kind": "request", "id": "1", "command": command, "chart": chart})
        return replies[-1]

    first, second, _ = (chart.id for chart in charts)
    assert ask("save", first)["ok"]
    assert (widget.saved, widget.waiting) == ([first], [])
    line.down()
    began = time.monotonic()
    assert ask("save", second)["ok"]
    sys.stdout.write(f"\na click without the server: {time.monotonic() - began:.1f} s\n")
    assert (widget.saved, widget.waiting) == ([first, second], [second])
    # Only what waits can be listed now; what was saved before is not forgotten.
    assert ask("saved")["ok"]
    assert (widget.saved, widget.waiting) == ([first, second], [second])
    assert ask("waiting")["waiting"] == [second]
    line.up()
    deadline = time.monotonic() + 60
    while ask("waiting")["waiting"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert (widget.saved, widget.waiting) == ([first, second], [])
    assert ask("saved")["saved"] == [first, second]
    store.close()
