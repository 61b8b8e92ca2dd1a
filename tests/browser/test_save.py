"""Owns the main job in real front ends: recommend, click, keep, reopen, export."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nbformat
from artifacts import picture
from gallery_page import GalleryPage
from notebook_page import (
    NotebookPage,
    OpenNotebook,
    charts_in,
    one_gallery,
    report_cells,
    titles_in,
)
from playwright.sync_api import BrowserContext, expect

from benchmarks.jupyter import Server
from erp_widget.store import open_store

WAIT_S = 120

#: Pictures below an element that are seen: loaded, and with room.
PICTURES = """
(root) => [...root.querySelectorAll("img")].filter((one) => one.complete && one.naturalWidth > 50
  && one.getBoundingClientRect().width > 50).length
"""


def saved_titles(server: Server, table: str) -> set[str]:
    """Return the titles that the store keeps of one table."""
    with closing(open_store(str(server.store))) as store:
        saved = store.charts("test-user", limit=100)
    return {chart.title for chart in saved if chart.dataset_name == table}


def test_jupyterlab_with_the_plugin(
    lab: Server, open_notebook: OpenNotebook, context: BrowserContext
) -> None:
    notebook = open_notebook(lab, "lab.ipynb", one_gallery("cars in lab"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    picture(notebook.page, "lab-gallery")
    titles = [gallery.save_by_mouse(0), gallery.save_by_keyboard(1)]
    assert saved_titles(lab, "cars in lab") == set(titles)
    # A cell of its own between the gallery and the cell that was below it.
    expect(notebook.cells).to_have_count(4)
    expect(notebook.cell(3)).to_contain_text("# the end")
    notebook.wait_painted(notebook.cell(2), 2)
    # The picture of the whole gallery comes after the cards, and is hidden beside them.
    expect(notebook.cell(1).locator("img")).to_have_count(1)
    (cell,) = report_cells(notebook.save())
    assert "erp.report(" in cell.source
    assert_holds(cell, titles)
    show(notebook, 2, "lab-report")
    reopened = reopen(notebook, context)
    reopened.wait_painted(reopened.cell(2), 2)
    show(reopened, 2, "lab-reopened")
    assert_exported(notebook.path, titles, context)


def test_notebook7_without_the_plugin(
    notebook7: Server, open_notebook: OpenNotebook, context: BrowserContext
) -> None:
    notebook = open_notebook(notebook7, "seven.ipynb", one_gallery("cars in notebook"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    picture(notebook.page, "notebook7-gallery")
    titles = [gallery.save_by_mouse(0), gallery.save_by_keyboard(1)]
    assert saved_titles(notebook7, "cars in notebook") == set(titles)
    # No plugin, no cell: the report stands below the gallery, in the same cell, as pictures.
    expect(notebook.cells).to_have_count(3)
    # The picture of the whole gallery is there too, hidden as long as the gallery is alive.
    expect(notebook.cell(1).locator("img")).to_have_count(3)
    assert notebook.cell(1).evaluate(PICTURES) == 2
    show(notebook, 1, "notebook7-report")
    file = notebook.save()
    assert report_cells(file) == []
    said = "".join(output.get("data", {}).get("text/html", "") for output in file.cells[1].outputs)
    assert [title for title in titles if title in said] == titles
    reopened = reopen(notebook, context)
    expect(reopened.cell(1).locator("img")).to_have_count(3)
    assert reopened.cell(1).evaluate(PICTURES) == 3
    show(reopened, 1, "notebook7-reopened")
    assert_exported(notebook.path, titles, context)


def assert_holds(cell: nbformat.NotebookNode, titles: list[str]) -> None:
    """Check that a saved cell holds just these charts, each in all its forms."""
    charts = charts_in(cell)
    assert len(charts) == len(titles)
    assert all({"image/png", "text/plain"} <= chart.keys() for chart in charts)
    assert titles_in(cell) == titles


def show(notebook: NotebookPage, index: int, name: str) -> None:
    """Keep a picture of a cell's end."""
    notebook.cell(index).locator(".jp-OutputArea-child").last.scroll_into_view_if_needed()
    # Cells that come into view are painted in the next frame.
    notebook.page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    picture(notebook.page, name)


def reopen(notebook: NotebookPage, context: BrowserContext) -> NotebookPage:
    """Shut the kernel down, close the page and open the notebook anew."""
    notebook.server.shut_down_kernels()
    notebook.page.close()
    reopened = NotebookPage(context.new_page(), notebook.server, notebook.name).open()
    expect(reopened.cells.first).to_be_visible()
    return reopened


def assert_exported(path: Path, titles: list[str], context: BrowserContext) -> None:
    """Convert the notebook to HTML and look at it with the network cut."""
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )
    assert done.returncode == 0, done.stderr
    assert context.browser is not None
    # A window of its own: nbconvert's page asks for its own scripts from afar, and gets none.
    away = context.browser.new_context(offline=True)
    page = away.new_page()
    page.goto(path.with_suffix(".html").as_uri(), wait_until="load")
    # One picture of the whole gallery, and one of each chart in the report.
    assert page.locator("body").evaluate(PICTURES) == 1 + len(titles)
    for title in titles:
        # nbconvert puts a link after the headings of Markdown.
        shown = page.get_by_text(re.compile(f"^{re.escape(title)}¶?$"))
        expect(shown.last).to_be_visible()
    page.locator("img").last.scroll_into_view_if_needed()
    picture(page, f"{path.stem}-nbconvert")
    away.close()
