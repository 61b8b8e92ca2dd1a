"""A large table in JupyterLab: approximate charts at once, exact ones in their places."""

from __future__ import annotations

import re

from artifacts import picture
from gallery_page import CHARTS, GalleryPage
from notebook_page import OpenNotebook
from playwright.sync_api import expect

from benchmarks.jupyter import Server

#: Exact rows wait until they are let go, so that both states are seen on any machine.
LARGE = """import threading
import erp_widget as erp
from benchmarks.tables import sales
from erp_widget.aggregate import SharedRows
go_on, rows = threading.Event(), SharedRows.rows
def waiting(shared, design):
    if shared._table.n_rows > 10_000:
        go_on.wait(300)
    return rows(shared, design)
SharedRows.rows = waiting
table = sales(250_000)"""
LET_GO = "go_on.set(); gallery.widget.workshop.wait(120)"


def test_charts_are_approximate_until_their_exact_rows_are_there(
    lab: Server, open_notebook: OpenNotebook
) -> None:
    cells = [LARGE, "gallery = erp.recommend(table, name='sales')\ngallery", LET_GO]
    notebook = open_notebook(lab, "approximate.ipynb", cells)
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    marks = gallery.root.locator(".card[data-approximate]")
    expect(marks).to_have_count(CHARTS)
    first = gallery.cards.first
    note = "pproximate: from a sample of 10,000 of the 250,000 rows"
    expect(first).to_contain_text(note)
    expect(first.get_by_role("img", name=re.compile(note))).to_be_visible()
    expect(gallery.root.locator(".work")).to_contain_text("Drawing charts of all 250,000 rows")
    expect(gallery.root.locator(".work")).to_be_visible()
    picture(notebook.page, "lab-approximate")
    # A save waits; what is kept is exact.
    first.get_by_role("button", name=re.compile("^Save ")).click()
    expect(gallery.status).to_contain_text("is saved as soon as its exact rows are there")
    notebook.run(2)
    expect(marks).to_have_count(0)
    expect(first).to_have_attribute("data-state", "saved")
    expect(first.locator(".approximate")).to_be_hidden()
    expect(first).not_to_contain_text(note)
    expect(gallery.root.locator(".work")).to_be_hidden()
    picture(notebook.page, "lab-exact")
