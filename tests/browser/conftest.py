"""Owns what browser tests share: servers, one Chromium, and pages whose faults fail the test."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from artifacts import picture
from notebook_page import WAIT_MS, NotebookPage, OpenNotebook
from playwright.sync_api import Browser, BrowserContext
from watch import Watch

from benchmarks.chromium import PAINTED
from benchmarks.jupyter import PLUGIN, Server, serve
from benchmarks.processes import ROOT

WIDTH, HEIGHT = 1400, 1000


@pytest.fixture(scope="session")
def lab() -> Iterator[Server]:
    """Serve JupyterLab with our plugin, as it was built last."""
    installed = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / PLUGIN
    assert installed.resolve() == ROOT / "erp_widget" / "labextension", "run make setup"
    with serve("jupyterlab") as server:
        yield server


@pytest.fixture(scope="session")
def notebook7() -> Iterator[Server]:
    """Serve Notebook 7 without our plugin."""
    with serve("notebook", plugin=False) as server:
        yield server


@pytest.fixture
def used() -> Iterator[list[Server]]:
    """Collect the servers of a test, and end their kernels after it."""
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.shut_down_kernels()


@pytest.fixture
def context(
    browser: Browser, request: pytest.FixtureRequest, used: list[Server]
) -> Iterator[BrowserContext]:
    """Open a window of its own; what its pages do wrong fails the test at its end."""
    watch = Watch()
    made = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    made.set_default_timeout(WAIT_MS)
    made.add_init_script(PAINTED)
    watch.follow(made)
    yield made
    for number, page in enumerate(made.pages):
        picture(page, f"{request.node.name}-{number}-end")
    made.close()
    assert watch.faults == []


@pytest.fixture
def open_notebook(context: BrowserContext, used: list[Server]) -> OpenNotebook:
    """Return what writes and opens a notebook."""

    def opened(server: Server, name: str, cells: Sequence[str]) -> NotebookPage:
        used.append(server)
        server.write(name, cells)
        return NotebookPage(context.new_page(), server, name).open()

    return opened
