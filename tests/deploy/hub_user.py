"""Owns a user of the hub in a browser of their own, and what their kernel finds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artifacts import picture
from node import Node
from notebook_page import WAIT_MS, NotebookPage
from playwright.sync_api import Browser, BrowserContext
from watch import Watch

from benchmarks.chromium import PAINTED
from benchmarks.jupyter import Server

WIDTH, HEIGHT = 1400, 1000
#: Writes what a kernel finds in its environment into the user's folder.
ENVIRONMENT_CELL = """import json, os
json.dump(dict(os.environ), open("environment.json", "w"))"""


class UserServer(Server):
    """A user's server behind the hub; its pages open for who is logged in, without a token."""

    __slots__ = ()

    @property
    def work(self) -> Path:
        """The user's folder."""
        return self.folder

    def page(self, name: str) -> str:
        """Return the address at which a notebook opens, in a workspace of its own."""
        return f"{self.address}/lab/workspaces/{Path(name).stem}/tree/{name}"


@dataclass(frozen=True)
class HubUser:
    """One person with a browser of their own."""

    node: Node
    name: str
    context: BrowserContext

    def come_in(self) -> None:
        """Log in by the hub's page, and let the hub start the user's server."""
        page = self.context.new_page()
        page.goto(f"{self.node.address}/hub/login")
        page.get_by_label("Username").fill(self.name)
        page.get_by_label("Password").fill(self.node.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/spawn-pending/**", wait_until="commit", timeout=WAIT_MS)

    def wait_for_server(self) -> None:
        """Wait until the hub has brought the user to JupyterLab."""
        (page,) = self.context.pages
        page.wait_for_url(f"**/user/{self.name}/lab**", wait_until="commit", timeout=WAIT_MS)
        # Chromium may lose the close of a page that is just being replaced: nobody waits for it.
        page.close(run_before_unload=True)

    @property
    def server(self) -> UserServer:
        """The user's server."""
        address = f"{self.node.address}/user/{self.name}"
        return UserServer("jupyterlab", address, "", self.node.home(self.name))

    def open(self, name: str, cells: Sequence[str]) -> NotebookPage:
        """Write a notebook into the user's folder and open it."""
        self.server.write(name, cells)
        return NotebookPage(self.context.new_page(), self.server, name).open()

    def kept(self, file: str) -> Any:
        """Return what a cell wrote into the user's folder."""
        return json.loads((self.node.home(self.name) / file).read_text())

    @property
    def environment(self) -> dict[str, str]:
        """What the kernel that ran ENVIRONMENT_CELL found."""
        return dict(self.kept("environment.json"))


@contextmanager
def hub_user(node: Node, name: str, browser: Browser) -> Iterator[HubUser]:
    """Give a person a browser of their own; what its pages do wrong fails the test at its end."""
    watch = Watch()
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(PAINTED)
    watch.follow(context)
    yield HubUser(node, name, context)
    for number, page in enumerate(context.pages):
        picture(page, f"hub-{name}-{number}-end")
    context.close()
    assert watch.faults == []
