"""Owns how the gallery looks and reads: both themes, a narrow window, accessibility."""

from __future__ import annotations

from typing import Any

from artifacts import picture
from gallery_page import CHARTS, GalleryPage
from notebook_page import FIRST_CELL, OpenNotebook, one_gallery
from playwright.sync_api import Page, expect

from benchmarks.jupyter import Server
from benchmarks.processes import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NARROW = {"width": 420, "height": 900}
#: Within so long charts are drawn again in the colours of a new theme.
REPAINTED_MS = 500
#: Names longer than a plot is wide, at 1 to 4 columns, and at twice the size.
LONG = """import pandas as pd
names = ["GDP per capita (PPP, constant 2017 international $)", "Life expectancy at birth (years)",
         "Short", "United Kingdom of Great Britain and Northern Ireland"]
rows = [(name, year, at * 1e7 + year * (at + 1.5)) for at, name in enumerate(names)
        for year in range(1952, 2008, 5)]
frame = pd.DataFrame(rows, columns=["indicator", "year", "amount measured in the last survey"])"""

SHOWN = 'erp.recommend(frame, name="long names", k=6)'

#: Rules that the gallery breaks, each with the first element that does.
VIOLATIONS = """
async (root) => (await axe.run(root)).violations.map((found) => ({
  rule: found.id, impact: found.impact, help: found.help, first: found.nodes[0]?.html,
  why: found.nodes[0]?.failureSummary,
}))
"""
#: Elements of the gallery that reach beyond it, but those that scroll by themselves.
BEYOND = """
(root) => {
  const right = root.getBoundingClientRect().right + 1;
  return [...root.shadowRoot.querySelectorAll(".card, .card > *, header *")]
    .filter((one) => one.getBoundingClientRect().right > right).map((one) => one.outerHTML);
}
"""
#: Titles of the charts that are wider than their card, and so cut.
CUT = """
(root) => [...root.shadowRoot.querySelectorAll("article.card")]
  .filter((card) => card.querySelector(".canvas.wide")).map((card) => card.ariaLabel)
"""


def test_themes_and_accessibility(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "looks.ipynb", one_gallery("cars in themes"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    page = notebook.page
    load_axe(page)
    assert violations(gallery) == []
    gallery.save_by_mouse(1)
    for theme in ("JupyterLab Dark", "JupyterLab Dark High Contrast"):
        use_theme(page, theme)
        page.wait_for_timeout(REPAINTED_MS)
        notebook.wait_painted(gallery.cell, CHARTS)
        gallery.root.scroll_into_view_if_needed()
        picture(page, theme)
        assert violations(gallery) == []
        assert gallery.root.evaluate(CUT) == []
    use_theme(page, "JupyterLab Light")


def test_narrow_window(notebook7: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(notebook7, "narrow.ipynb", one_gallery("cars in a narrow window"))
    notebook.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    picture(notebook.page, "notebook7-narrow")
    assert gallery.root.evaluate(BEYOND) == []
    boxes = [gallery.cards.nth(place).bounding_box() for place in (0, 1)]
    assert boxes[0] is not None and boxes[1] is not None
    assert boxes[1]["y"] > boxes[0]["y"], "one card below the other"


def test_no_chart_is_cut_at_any_width(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "long.ipynb", [f"{FIRST_CELL}\n{LONG}", SHOWN, "# the end"])
    notebook.run(0)
    notebook.run(1)
    gallery, page = GalleryPage(notebook, 1), notebook.page
    page.keyboard.press("Control+b")  # the list of files leaves its room to the notebook
    for width in (1400, 900, 700, 480):
        page.set_viewport_size({"width": width, "height": 1200})
        page.wait_for_timeout(REPAINTED_MS)
        notebook.wait_painted(gallery.cell, gallery.cards.count())
        assert gallery.root.evaluate(CUT) == []
        assert gallery.root.evaluate(BEYOND) == []
    picture(page, "lab-long-names-narrow")


def load_axe(page: Page) -> None:
    """Have axe-core at hand in a page."""
    page.add_script_tag(path=AXE)


def violations(gallery: GalleryPage) -> list[dict[str, Any]]:
    """Return what axe-core finds in the gallery."""
    found: list[dict[str, Any]] = gallery.root.evaluate(VIOLATIONS)
    return found


def use_theme(page: Page, name: str) -> None:
    """Choose a theme in JupyterLab's menu and wait until it is applied, and nothing covers it."""
    page.get_by_role("menuitem", name="Settings").click()
    for label in ("Theme", name):
        page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", name)
    expect(page.locator("#jupyterlab-splash")).to_have_count(0)
