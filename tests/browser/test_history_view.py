"""Owns that stored things are found again by mouse and keyboard: searched, opened, reported."""

from __future__ import annotations

import re

from artifacts import picture
from notebook_page import NotebookPage, OpenNotebook, report_cells, titles_in
from playwright.sync_api import Locator, expect
from test_looks import VIOLATIONS, load_axe, use_theme

from benchmarks.jupyter import Server

HOSTILE = "<img src=x onerror=alert(1)> $cars$"
FIRST = f"""import erp_widget as erp
from vega_datasets import local_data
erp.configure(user="reader of lists")  # nothing that other tests have saved
cars = erp.recommend(local_data.cars(), name="{HOSTILE}")
kept = [cars[n].save() for n in (0, 2, 4)]
barley = erp.recommend(local_data.barley(), name="barley", k=3)
_ = barley[0].save()"""
CELLS = [FIRST, "erp.saved()", "erp.history()", "# the end"]


def _list(notebook: NotebookPage, place: int, heading: str) -> Locator:
    """Run a cell that shows a list and return the list."""
    cell = notebook.cell(place)
    cell.scroll_into_view_if_needed()
    notebook.run(place)
    shown = cell.get_by_role("region", name=heading)
    expect(shown).to_be_visible()
    return shown


def _search_and_add(notebook: NotebookPage) -> str:
    """Find a saved chart by the keyboard and add it to the report; return its title."""
    page, saved = notebook.page, _list(notebook, 1, "Saved charts")
    expect(saved.locator("tbody tr")).to_have_count(4)
    expect(saved.locator("img")).to_have_count(4)
    expect(saved).to_contain_text(HOSTILE)
    picture(page, "library-saved")
    load_axe(page)
    assert notebook.cell(1).locator(".erp-library").evaluate(VIOLATIONS) == []
    title = saved.get_by_role("button", name=re.compile("^Open ")).nth(1).inner_text()
    saved.get_by_role("searchbox").focus()
    page.keyboard.type("barley")
    expect(saved.locator("tbody tr")).to_have_count(1)
    for _ in "barley":
        page.keyboard.press("Backspace")
    expect(saved.locator("tbody tr")).to_have_count(4)
    page.keyboard.press("ArrowDown")  # to the first row
    page.keyboard.press("ArrowDown")
    expect(saved.get_by_role("button", name=f"Open “{title}”").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(saved.get_by_role("status")).to_contain_text(f"Added: “{title}”")
    return title


def test_saved_charts_and_past_galleries_in_lab(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "library.ipynb", CELLS)
    notebook.run(0)
    title = _search_and_add(notebook)
    (cell,) = report_cells(notebook.save())
    assert titles_in(cell) == [title]
    # The report stands between the lists now.
    history = _list(notebook, 3, "History")
    expect(history.locator("tbody tr")).to_have_count(6)
    history.get_by_label("Column").fill("Horsepower")
    history.get_by_label("Mark").select_option("Points")
    expect(history.get_by_role("status")).to_contain_text("found")
    expect(history.locator("tbody")).not_to_contain_text("barley")
    picture(notebook.page, "library-search")
    use_theme(notebook.page, "JupyterLab Dark")
    picture(notebook.page, "library-search-dark")
    use_theme(notebook.page, "JupyterLab Light")
    history.get_by_role("button", name="Clear").click()
    expect(history.locator("tbody tr")).to_have_count(6)
    history.get_by_role("button", name=f"Open “{HOSTILE}”").click()
    expect(history.get_by_role("status")).to_contain_text("is open below the list")
    cards = notebook.cell(3).locator("article.card")
    expect(cards).to_have_count(15)
    notebook.wait_painted(notebook.cell(3), 15)
    cards.nth(1).get_by_role("button", name=re.compile("^Save ")).click()
    expect(cards.nth(1)).to_have_attribute("data-state", "saved")
    picture(notebook.page, "library-history")
    # A saved chart takes the gallery's place.
    history.get_by_role("button", name=f"Open “{title}”").first.click()
    expect(cards).to_have_count(0)
    # Without a kernel there is the plain table.
    stored = str(notebook.save().cells[3].outputs)
    assert "erp-library-still" in stored
    assert "&lt;img src=x" in stored


def test_without_the_plugin(notebook7: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(notebook7, "library7.ipynb", CELLS)
    notebook.run(0)
    saved = _list(notebook, 1, "Saved charts")
    expect(saved.locator("img").first).to_be_visible()
    saved.get_by_role("button", name=re.compile("^Add to report")).first.click()
    expect(saved.get_by_role("status")).to_contain_text("It is in the report below the list")
    picture(notebook.page, "library-notebook7")
