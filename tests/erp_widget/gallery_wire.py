"""The browser's side of a gallery where no kernel runs: what is sent, and what is answered."""

from __future__ import annotations

import json
from typing import Any

from comm.base_comm import BaseComm

from erp_widget.gallery.gallery import Gallery
from erp_widget.gallery.widget import GalleryWidget

WAIT_S = 60.0


class Wire(BaseComm):
    """Takes down what a kernel would send to the browser, and brings what the browser sends."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        super().__init__(*args, **more)

    def publish_msg(self, msg_type: str, data: Any = None, **_: Any) -> None:
        self.sent.append((msg_type, data or {}))

    def bring(self, content: object) -> list[dict[str, Any]]:
        """Bring a message from the browser; return what is sent in answer."""
        before = len(self.sent)
        data = {"method": "custom", "content": content}
        self.handle_msg({"content": {"data": data}, "buffers": []})
        sent = [data for _, data in self.sent[before:]]
        return [data["content"] for data in sent if data.get("method") == "custom"]


class Page:
    """The browser's side of a gallery."""

    def __init__(self, gallery: Gallery) -> None:
        gallery._repr_mimebundle_()
        widget = gallery._widget
        assert widget is not None
        self.widget: GalleryWidget = widget
        self.asked = 0

    def ask(self, command: str, chart: object = "", **more: object) -> dict[str, Any]:
        """Send a request; there is exactly one reply, and it has the request's id."""
        before = len(self.custom)
        id = self.send(command, chart, **more)
        assert self.widget.workshop.wait(WAIT_S)
        (reply,) = [one for one in self.custom[before:] if one["kind"] == "reply"]
        assert (reply.pop("kind"), reply.pop("id")) == ("reply", id)
        json.dumps(self.widget.comm.sent, allow_nan=False)
        return reply

    def send(self, command: str, chart: object = "", **more: object) -> str:
        """Send a request, and return its id at once."""
        self.asked += 1
        request = {"kind": "request", "id": f"request-{self.asked}", "command": command}
        self.widget.comm.bring(request | {"chart": chart} | more)
        return str(request["id"])

    @property
    def custom(self) -> list[dict[str, Any]]:
        """All messages so far that are no state."""
        sent = [data for _, data in self.widget.comm.sent]
        return [dict(data["content"]) for data in sent if data.get("method") == "custom"]

    def came(self) -> list[dict[str, Any]]:
        """Return the charts that came after the first list."""
        return [one["chart"] for one in self.custom if one["kind"] == "chart"]
