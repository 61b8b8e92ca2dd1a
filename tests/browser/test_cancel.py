"""A click on Cancel ends the query that an engine is at, in JupyterLab; so does a restart."""

from __future__ import annotations

import re

from gallery_page import CHARTS, GalleryPage
from notebook_page import OpenNotebook
from playwright.sync_api import expect

from benchmarks.jupyter import Server

#: Every query of all rows joins so many that DuckDB does not end in a lifetime: what is stopped is
#: a query in the engine, not a thread that waits.
LONG = """import time
import erp_widget as erp
from benchmarks.tables import sales
from erp_widget.sources import counted_rows, sql
counted_rows.MAX_ROWS = 0  # the engine is asked for all rows, however few
statement, asked = sql.statement, []
def endless(query, source, kinds):
    text = statement(query, source, kinds)
    if not source.startswith("table_"):
        return text
    asked.append(text)
    slow = "SELECT sum(a.range * b.range) AS n FROM range(10_000_000) a, range(10_000_000) b"
    return f"SELECT found.* FROM ({text}) found, ({slow}) slow WHERE slow.n IS NOT NULL"
sql.statement = endless
table = sales(250_000)"""
#: Processor seconds of an engine at work go on and on, however little a busy machine gives it.
AT_WORK = """limit = time.monotonic() + 60
while not asked and time.monotonic() < limit:
    time.sleep(0.2)
began = time.process_time()
while time.process_time() - began < 1 and time.monotonic() < limit:
    time.sleep(0.2)
print("asked", len(asked) > 0, "at work", time.process_time() - began >= 1)"""
STOPPED = """gallery.widget.workshop.wait(60)
began = time.process_time()
time.sleep(1)
print("at work still", time.process_time() - began > 0.5)"""


def test_cancel_ends_the_query_that_is_under_way(lab: Server, open_notebook: OpenNotebook) -> None:
    shown = "gallery = erp.recommend(table, name='sales')\ngallery"
    notebook = open_notebook(lab, "cancel.ipynb", [LONG, shown, AT_WORK, STOPPED])
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    work = gallery.root.locator(".work")
    expect(work).to_contain_text("Drawing charts of all 250,000 rows")
    # The kernel answers meanwhile, and the engine is at it.
    notebook.run(2)
    expect(notebook.cell(2)).to_contain_text("asked True at work True")
    work.get_by_role("button", name="Cancel").click()
    expect(gallery.root).to_contain_text("Stopped: charts marked “Approximate” show a sample")
    expect(work).to_be_hidden()
    notebook.run(3)
    expect(notebook.cell(3)).to_contain_text("at work still False")
    # What is shown stays, and says what it is; it can be kept.
    expect(gallery.root.locator(".card[data-approximate]")).to_have_count(CHARTS)
    first = gallery.cards.first
    first.get_by_role("button", name=re.compile("^Save ")).click()
    expect(first).to_have_attribute("data-state", "saved")
    # What waits when the kernel is restarted is told to be lost, and can be asked for again.
    gallery.cards.nth(1).get_by_role("button", name=re.compile("^More like this")).click()
    fresh = gallery.root.locator(".card[data-fresh]").first
    expect(fresh).to_have_attribute("data-approximate", "")
    fresh.get_by_role("button", name=re.compile("^Save ")).click()
    expect(fresh).to_have_attribute("data-state", "saving")
    page = notebook.page
    page.get_by_role("menuitem", name="Kernel").click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Restart Kernel…", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(fresh).to_contain_text("It may be saved. The kernel was restarted: run the cell again.")
    expect(fresh).to_have_attribute("data-state", "open")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
