"""Owns a notebook in the browser as a person uses it; JupyterLab and Notebook 7 alike."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import Locator, Page, Response, expect

from benchmarks.jupyter import Server

WAIT_MS = 120_000
MAX_TRIES = 6
#: A run that neither begins nor goes on for so long will not come.
FORGOTTEN_S = 10.0
# Machines that test several things at once are slow; what never comes fails all the same.
expect.set_options(timeout=WAIT_MS)
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
NOTEBOOK = f"{PANEL} .jp-Notebook"
#: Once the front end knows its kernel: a run before that is forgotten.
IDLE = f'{PANEL} .jp-Notebook-ExecutionIndicator[data-status="idle"]'
RAN = re.compile(r"^\[\d+\]:?$")
#: Of a cell that the front end has drawn, run or not.
PROMPT = re.compile(r"^\[.*\]:?\s*$")
#: Key of a report cell's metadata.
REPORT_KEY = "erp"
FIRST_CELL = """import erp_widget as erp
from vega_datasets import local_data
cars = local_data.cars()"""

CONNECTED = """
async ([base, path]) => {
  // Behind a hub a page shows that it is the server's own.
  const own = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie);
  const headers = own ? { "X-XSRFToken": own[1] } : {};
  const sessions = await (await fetch(`${base}/api/sessions`, { headers })).json();
  return sessions.some((session) => session.path === path && session.kernel.connections > 0
    && session.kernel.execution_state === "idle");
}
"""
PAINTED_ENOUGH = "([node, wanted]) => erpPainted(node).length >= wanted"


@dataclass(frozen=True)
class NotebookPage:
    """One open notebook."""

    page: Page
    server: Server
    name: str

    def open(self) -> NotebookPage:
        """Open the notebook and wait for its cells and its kernel."""
        self.page.goto(self.server.page(self.name))
        return self._wait()

    def open_beside(self) -> NotebookPage:
        """Open the notebook in JupyterLab's page that shows another one already."""
        self.page.locator(".jp-DirListing-item", has_text=self.name).dblclick()
        return self._wait()

    def come_back(self) -> None:
        """Choose the notebook's tab in JupyterLab."""
        self.page.get_by_role("tab", name=self.name).click()

    def _wait(self) -> NotebookPage:
        # On a slow server the front end asks for a kernel before it has read which one is meant.
        dialog = self.page.get_by_role("dialog").filter(has_text="Select Kernel")
        choose = dialog.locator(".jp-mod-accept")
        self.page.add_locator_handler(dialog, lambda _: choose.click())
        self.page.wait_for_selector(f"{NOTEBOOK} .jp-Cell", timeout=WAIT_MS)
        asked = [self._base, self.name]
        self.page.wait_for_function(CONNECTED, arg=asked, timeout=WAIT_MS, polling=200)
        self.page.wait_for_selector(IDLE, state="attached", timeout=WAIT_MS)
        return self

    @property
    def _base(self) -> str:
        """Path of the server at its address: nothing, or that of a hub's user."""
        return urlsplit(self.server.address).path

    @property
    def cells(self) -> Locator:
        """All cells, from top to bottom."""
        return self.page.locator(f"{NOTEBOOK} .jp-Cell")

    def cell(self, index: int) -> Locator:
        """One cell."""
        return self.cells.nth(index)

    def run(self, index: int) -> None:
        """Run a cell by the keyboard and wait for its end."""
        prompt = self.cell(index).locator(".jp-InputPrompt")
        expect(prompt).to_have_text(PROMPT)
        before = prompt.inner_text()
        for _ in range(MAX_TRIES):
            self.cell(index).locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            if self._has_run(prompt, before):
                return
        expect(prompt).to_have_text(RAN)

    def _has_run(self, prompt: Locator, before: str) -> bool:
        """Wait for a cell's new number; tell whether it came, or the run was forgotten.

        While a slow server still connects, the front end forgets a run without a word, also one
        that it has begun.
        """
        started = asked = time.monotonic()
        while time.monotonic() < min(started + WAIT_MS / 1000, asked + FORGOTTEN_S):
            said = prompt.inner_text().strip()
            if RAN.match(said) and said != before.strip():
                return True
            if "*" in said:
                asked = time.monotonic()
            self.page.wait_for_timeout(50)
        return False

    def type_into(self, index: int, line: str) -> None:
        """Add a line at the end of a cell's source, and leave the cell."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(f"\n{line}")
        self.page.keyboard.press("Escape")

    def wait_painted(self, place: Locator, wanted: int) -> None:
        """Wait until so many canvases of a place hold more than one colour."""
        self.page.wait_for_function(
            PAINTED_ENOUGH, arg=[place.element_handle(), wanted], timeout=WAIT_MS
        )

    def painted(self, place: Locator) -> int:
        """Count the canvases of a place that hold more than one colour."""
        return int(place.evaluate("node => erpPainted(node).length"))

    def save(self) -> nbformat.NotebookNode:
        """Save the notebook by the keyboard and return the file."""
        path = f"{self._base}/api/contents/{self.name}"

        def is_saved(response: Response) -> bool:
            return response.request.method == "PUT" and urlsplit(response.url).path == path

        with self.page.expect_response(is_saved, timeout=WAIT_MS):
            self.page.keyboard.press("Control+s")
        return self.file()

    def file(self) -> nbformat.NotebookNode:
        """Return the notebook as it is on disk."""
        return nbformat.read(self.path, as_version=4)

    @property
    def path(self) -> Path:
        """Where the notebook is on disk."""
        return self.server.work / self.name


#: Writes a notebook of the given cells and opens it.
OpenNotebook = Callable[[Server, str, Sequence[str]], NotebookPage]


def one_gallery(table: str) -> list[str]:
    """Return the cells of a notebook with one gallery."""
    return [FIRST_CELL, f'erp.recommend(cars, name="{table}")', "# the end"]


def report_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the report cells of a notebook."""
    return [cell for cell in notebook.cells if "report" in cell.metadata.get(REPORT_KEY, {})]


def charts_in(cell: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Return the MIME bundles of the charts that a cell holds."""
    return [output.data for output in cell.outputs if _is_chart(output)]


def titles_in(cell: nbformat.NotebookNode) -> list[str]:
    """Return the titles of the charts in a saved report cell, from its text for plain viewers."""
    said = [str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs]
    charts = [n for n, output in enumerate(cell.outputs) if _is_chart(output)]
    return [said[n - 1].partition("\n")[0] for n in charts]


def _is_chart(output: nbformat.NotebookNode) -> bool:
    return any("vegalite" in mime for mime in output.get("data", {}))
