"""Owns how the gallery looks and reads: both themes, a narrow window, accessibility."""

from __future__ import annotations

from typing import Any

from artifacts import picture
from gallery_page import CHARTS, GalleryPage
from notebook_page import OpenNotebook, one_gallery
from playwright.sync_api import Page, expect

from benchmarks.jupyter import Server
from benchmarks.processes import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
NARROW = {"width": 420, "height": 900}

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


def test_themes_and_accessibility(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "looks.ipynb", one_gallery("cars in themes"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    page = notebook.page
    load_axe(page)
    assert grave_violations(gallery) == []
    gallery.save_by_mouse(1)
    use_theme(page, "JupyterLab Dark")
    notebook.wait_painted(gallery.cell, CHARTS)
    gallery.root.scroll_into_view_if_needed()
    picture(page, "lab-dark")
    assert grave_violations(gallery) == []
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


def load_axe(page: Page) -> None:
    """Have axe-core at hand in a page."""
    page.add_script_tag(path=AXE)


def grave_violations(gallery: GalleryPage) -> list[dict[str, Any]]:
    """Return what axe-core finds in the gallery that keeps people from using it."""
    found = gallery.root.evaluate(VIOLATIONS)
    return [violation for violation in found if violation["impact"] in GRAVE]


def use_theme(page: Page, name: str) -> None:
    """Choose a theme in JupyterLab's menu and wait until it is applied."""
    page.get_by_role("menuitem", name="Settings").click()
    for label in ("Theme", name):
        page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", name)
