"""Owns that the gallery works in hosts that are not JupyterLab."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from artifacts import picture
from gallery_page import CHARTS
from host_page import HostPage
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from playwright.sync_api import BrowserContext, expect
from test_looks import VIOLATIONS, load_axe

from benchmarks.processes import ROOT
from erp_widget.store import open_store

CELL = """import erp_widget as erp
from vega_datasets import local_data
erp.recommend(local_data.cars(), name="cars")"""
HOSTILE = "<img src=x onerror=alert(1)> dd"
MARIMO = """import marimo
app = marimo.App(width="full")

@app.cell
def _():
    import erp_widget as erp
    from vega_datasets import local_data
    gallery = erp.recommend(local_data.cars(), name="cars")
    gallery
    return (erp,)

@app.cell
def _(erp):
    erp.report("report")
    return
"""


def environment(store: Path) -> dict[str, str]:
    return dict(os.environ) | {"ERP_STORE": str(store), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[BlockingKernelClient]:
    """Start a kernel with a store of its own."""
    store = environment(tmp_path / "store.sqlite3")
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path), env=store)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_host_with_the_standard_entry_only(
    context: BrowserContext, client: BlockingKernelClient, tmp_path: Path
) -> None:
    page = context.new_page()
    host = HostPage(page, client, tmp_path)
    host.run(CELL)
    cards = page.locator("article.card")
    host.wait(lambda: page.evaluate("erpPainted(document).length") >= CHARTS)
    expect(cards).to_have_count(CHARTS)
    # What is there for readers without a kernel is not seen beside the gallery.
    host.wait(lambda: page.locator("main > div > img").count() == 1)
    expect(page.locator("main > div > img")).to_be_hidden()
    expect(page.locator(".erp-still")).to_be_hidden()
    # A click saves, and the report appears as an output of the cell.
    title = cards.first.get_by_role("heading").inner_text()
    cards.first.get_by_role("button", name=re.compile("^Save ")).click()
    host.wait(lambda: page.locator("main figure img").count() == 1)
    expect(page.locator("main figure h3")).to_have_text(title)
    expect(cards.first).to_have_attribute("data-state", "saved")
    expect(page.get_by_role("status").first).to_contain_text(f"Saved: “{title}”")
    picture(page, "host-standard-entry")
    edit_in_a_cell_of_its_own(host, title)


def edit_in_a_cell_of_its_own(host: HostPage, title: str) -> None:
    """Show the report in a cell of its own and edit it there; the one below the gallery follows."""
    page = host.page
    host.run("erp.report()")
    host.wait(lambda: page.locator(".erp-report-tools").count() == 1)
    own = page.locator("main > div", has=page.locator(".erp-report-tools"))
    own.get_by_role("button", name="Edit the report", exact=True).click()
    host.wait(lambda: own.get_by_role("listitem").count() == 1)
    expect(own.get_by_role("listitem")).to_contain_text(title)
    own.get_by_role("button", name="Add a section").click()
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Enter")
    # In the cell of its own and below the gallery.
    host.wait(lambda: page.get_by_role("heading", name=HOSTILE).count() == 2)
    assert page.locator("main figure img").count() == 2
    load_axe(page)
    assert own.locator(".erp-report-tools").evaluate(VIOLATIONS) == []
    picture(page, "host-report-editor")
    # The other way round: what is taken back in the gallery is gone from the cell and its list.
    page.locator("article.card").first.get_by_role("button", name=re.compile("^Undo ")).click()
    host.wait(lambda: page.locator("main figure").count() == 0)
    host.wait(lambda: own.get_by_role("listitem").count() == 1)
    expect(own.get_by_role("listitem")).to_contain_text(HOSTILE)
    # A part that has a place of its own again is an output, which this host shows as text.
    host.wait(lambda: page.locator("main > div > pre", has_text=HOSTILE).count() == 1)


@pytest.fixture
def marimo(tmp_path: Path) -> Iterator[str]:
    """Serve a marimo notebook as an app; its store lies beside it."""
    (tmp_path / "app.py").write_text(MARIMO)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "marimo", "-q", "run", "app.py", "--headless", "--no-token"]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        cwd=tmp_path,
        env=environment(tmp_path / "store.sqlite3"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    ends = time.monotonic() + 120
    while time.monotonic() < ends and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait()


def test_marimo(context: BrowserContext, marimo: str, tmp_path: Path) -> None:
    page = context.new_page()
    page.goto(marimo)
    page.wait_for_function(f"erpPainted(document).length >= {CHARTS}", timeout=120_000)
    expect(page.get_by_text("This report is empty.")).to_be_visible()
    card = page.locator("article.card").first
    title = card.get_by_role("heading").inner_text()
    card.get_by_role("button", name=re.compile("^Save ")).click()
    expect(card).to_have_attribute("data-state", "saved")
    saved = open_store(tmp_path / "store.sqlite3").charts(os.environ["ERP_USER"])
    assert [chart.title for chart in saved] == [title]
    picture(page, "marimo-gallery")
    # Run anew, the other cell shows what was kept.
    page.reload()
    report = page.locator("figure", has=page.locator("h3", has_text=title))
    expect(report.get_by_role("img")).to_be_visible()
    page.get_by_role("button", name="Edit the report", exact=True).last.click()
    page.get_by_role("button", name="Add a section").click()
    page.keyboard.type("Cars of the year")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cars of the year")).to_be_visible()
    expect(report.get_by_role("img")).to_be_visible()
    picture(page, "marimo-report")
