"""Owns what no page may do: log an error, throw one, or ask another machine for anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

#: Errors of the front ends themselves, seen on pages without any code of ours.
NOISE = (
    # Notebook 7.6 reads its settings before they are there, in its own bundle.
    re.compile(r"reading 'schema'.*/static/notebook/notebook_core\.", re.S),
    # A notebook that shows a widget, opened without its kernel: the widgets' own extension.
    re.compile(r"widget model not found.*/@jupyter-widgets/jupyterlab-manager/", re.S),
)
LOCAL_SCHEMES = ("data", "blob", "about", "file")


@dataclass
class Watch:
    """Listens to all pages of a browser context."""

    faults: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Begin to listen."""
        context.on("request", self._requested)
        context.on("console", self._logged)
        context.on("weberror", self._thrown)
        context.on("page", self._opened)

    def _opened(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._asked(socket.url))

    def _requested(self, request: Request) -> None:
        self._asked(request.url)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in LOCAL_SCHEMES and parts.hostname != "127.0.0.1":
            self.faults.append(f"asked another machine: {url[:200]}")

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._found(f"console: {message.text} at {message.location.get('url')}")

    def _thrown(self, error: WebError) -> None:
        thrown = error.error
        self._found(f"thrown: {thrown} {getattr(thrown, 'stack', '')}")

    def _found(self, fault: str) -> None:
        if not any(noise.search(fault) for noise in NOISE):
            self.faults.append(fault[:1000])
