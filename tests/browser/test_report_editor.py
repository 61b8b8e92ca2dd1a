"""Owns that a report is edited by mouse and keyboard: above its cell, and from a gallery."""

from __future__ import annotations

import nbformat
from artifacts import picture
from gallery_page import GalleryPage
from notebook_page import (
    FIRST_CELL,
    WAIT_MS,
    NotebookPage,
    OpenNotebook,
    one_gallery,
    report_cells,
)
from playwright.sync_api import Locator, expect
from test_looks import VIOLATIONS, load_axe, use_theme

from benchmarks.jupyter import Server

HOSTILE = "<img src=x onerror=alert(1)> dd"
IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
#: Pixels that the first two outputs of a report's cell take: what is for an editor alone.
HEIGHT_OF_BLANKS = """
(cell) => [...cell.querySelectorAll(".jp-OutputArea-child")].slice(0, 2)
  .reduce((sum, one) => sum + one.getBoundingClientRect().height, 0)
"""
#: Whether the text of each chart in a report's cell is light or dark.
INKS = """
(cell) => [...cell.querySelectorAll(".vega-embed :is(canvas, svg.marks)")].map((chart) => {
  if (chart.tagName === "svg") {
    const fill = getComputedStyle(chart.querySelector(".role-axis-label text")).fill;
    return `svg ${Number(/\\d+/.exec(fill)[0]) > 128 ? "light" : "dark"}`;
  }
  const { data } = chart.getContext("2d").getImageData(0, 0, chart.width, chart.height);
  const isLight = (at) => data[at + 3] > 200 && data[at] > 180 && data[at + 1] > 180;
  return `canvas ${data.some((_, at) => at % 4 === 0 && isLight(at)) ? "light" : "dark"}`;
})
"""


def unfold(place: Locator) -> Locator:
    """Unfold the editor in a place and return it."""
    place.get_by_role("button", name="Edit the report", exact=True).click()
    editor = place.get_by_role("region", name="Edit the report")
    expect(editor.locator(".title")).not_to_be_empty()
    return editor


def part(editor: Locator, place: int) -> Locator:
    """Return one part of the list."""
    return editor.get_by_role("listitem").nth(place)


def write(editor: Locator, button: str, text: str, keys: str = "Enter") -> None:
    """Begin to write by a button, and keep what is written."""
    editor.get_by_role("button", name=button).click()
    editor.get_by_role("textbox").fill("")
    editor.page.keyboard.type(text)
    editor.page.keyboard.press(keys)
    expect(editor.get_by_role("textbox")).to_have_count(0)


def texts(notebook: NotebookPage) -> list[str]:
    """Return the parts of the saved report cell as plain text, one line each."""
    (cell,) = report_cells(notebook.save())
    said = [str(output["data"].get("text/plain", "")) for output in cell.outputs]
    return [text.partition("\n")[0] for text in said]


def test_in_jupyterlab(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "edited.ipynb", one_gallery("cars to be edited"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    first, second = gallery.save_by_mouse(0), gallery.save_by_mouse(1)
    cell, page = notebook.cell(2), notebook.page
    editor = unfold(cell)
    expect(editor.get_by_role("listitem")).to_have_count(2)
    # A click in the gallery meanwhile, and back.
    gallery.save_by_mouse(2)
    expect(editor.get_by_role("listitem")).to_have_count(3)
    gallery.undo(2)
    expect(editor.get_by_role("listitem")).to_have_count(2)
    # Keys that would delete cells or move among them are letters here.
    write(editor, "Add a section", HOSTILE)
    expect(cell.get_by_role("heading", name=HOSTILE)).to_be_visible()
    write(editor, "Add a note", "They *sink*.", "Control+Enter")
    expect(cell.locator("p", has_text="They sink.")).to_be_visible()
    write(editor, f"Caption of “{second}”", "Look at the end.")
    expect(cell.get_by_text("Look at the end.").last).to_be_visible()
    expect(notebook.cells).to_have_count(4)
    # By the keyboard: the second chart to the top, the note away and back.
    editor.get_by_role("button", name=f"Move up: “{second}”").focus()
    for _ in range(3):
        page.keyboard.press("Alt+ArrowUp")
    expect(part(editor, 0)).to_contain_text(second)
    expect(editor.get_by_role("button", name=f"Move up: “{second}”")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Delete")
    expect(editor.get_by_role("listitem")).to_have_count(3)
    expect(cell.locator("p", has_text="They sink.")).to_have_count(0)
    editor.get_by_role("button", name="Undo the last change").click()
    expect(editor.get_by_role("listitem")).to_have_count(4)
    expect(cell.locator("p", has_text="They sink.")).to_be_visible()
    notebook.wait_painted(cell, 2)
    said = texts(notebook)
    assert [said[1], said[3], *said[5:]] == [second, first, HOSTILE, "They *sink*."]
    load_axe(page)
    assert cell.locator(".erp-report-bar").evaluate(VIOLATIONS) == []
    use_theme(page, "JupyterLab Dark")
    editor.scroll_into_view_if_needed()
    picture(page, "lab-report-editor-dark")
    use_theme(page, "JupyterLab Light")
    picture(page, "lab-report-editor")
    after_another_day(notebook, second)


def after_another_day(notebook: NotebookPage, gone: str) -> None:
    """With a kernel that has run nothing yet the report can be edited all the same."""
    notebook.server.shut_down_kernels()
    context = notebook.page.context
    notebook.page.close()
    reopened = NotebookPage(context.new_page(), notebook.server, notebook.name).open()
    editor = unfold(reopened.cell(2))
    expect(editor.get_by_role("listitem")).to_have_count(4)
    editor.get_by_role("button", name=f"Remove from the report: “{gone}”").click()
    expect(editor.get_by_role("listitem")).to_have_count(3)
    expect(reopened.cell(2).get_by_role("heading", name=gone)).to_have_count(0)
    assert gone not in texts(reopened)


def test_somebody_elses_report_is_not_opened(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "theirs.ipynb", ["erp.report('x', store='theirs.sqlite3')"])
    notebook.page.close()
    file = notebook.file()
    file.cells[0].metadata["erp"] = {"report": "x", "source": file.cells[0].source}
    file.cells[0].outputs = [nbformat.v4.new_output("display_data", {"text/html": "<b>x</b>"})]
    nbformat.write(file, notebook.path)
    theirs = NotebookPage(notebook.page.context.new_page(), lab, notebook.name).open()
    theirs.cell(0).get_by_role("button", name="Edit the report", exact=True).click()
    expect(theirs.cell(0).get_by_role("status")).to_contain_text("not trusted")
    assert not (lab.work / "theirs.sqlite3").exists()


def test_from_a_gallery_without_the_plugin(notebook7: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(notebook7, "edited7.ipynb", one_gallery("cars to be edited there"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    title = gallery.save_by_mouse(0)
    editor = unfold(gallery.cell)
    write(editor, "Add a section", HOSTILE)
    editor.get_by_role("button", name=f"Move down: “{title}”").click()
    expect(part(editor, 0)).to_contain_text(HOSTILE)
    report = gallery.cell.locator(".jp-RenderedHTMLCommon").last
    expect(report.get_by_role("heading").nth(1)).to_have_text(HOSTILE)
    picture(notebook.page, "notebook7-report-editor")


def own_cell(table: str) -> list[str]:
    """Return the cells of a notebook with a report and without a gallery."""
    report = f'erp.report("{table}")'
    kept = f"if not {report}.charts: {report}.add(erp.recommend(cars, k=1)[0])"
    return [f"{FIRST_CELL}\n{kept}", report, "# the end"]


def test_a_reports_own_cell_without_the_plugin(
    notebook7: Server, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(notebook7, "own7.ipynb", own_cell("cars of its own"))
    notebook.run(0)
    cell = run_and_wait(notebook)
    notebook.wait_painted(cell, 1)
    editor = unfold(cell)
    write(editor, "Add a note", "They *sink*.", "Control+Enter")
    # More parts than there was room for, then no more again: chart and all are there.
    expect(cell.locator("p em", has_text="sink")).to_be_visible()
    expect(cell.locator("figure img")).to_be_visible()
    picture(notebook.page, "notebook7-own-report-editor")
    editor.get_by_role("button", name="Undo the last change").click()
    expect(cell.locator("p em", has_text="sink")).to_have_count(0)
    notebook.wait_painted(cell, 1)
    load_axe(notebook.page)
    assert cell.locator(".erp-report-tools").evaluate(VIOLATIONS) == []
    notebook.save()
    reopened = reopen(notebook)
    reopened.wait_painted(reopened.cell(1), 1)
    expect(reopened.cell(1).get_by_role("button", name="Edit the report")).to_have_count(0)
    assert reopened.cell(1).evaluate(HEIGHT_OF_BLANKS) < 5
    picture(reopened.page, "notebook7-own-report-reopened")


def test_a_reports_own_cell_has_one_editor(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "own.ipynb", own_cell("cars of one editor"))
    notebook.run(0)
    cell = run_and_wait(notebook)
    expect(cell.locator(".erp-report-tools")).to_be_hidden()
    write(unfold(cell), "Add a section", HOSTILE)
    expect(cell.get_by_role("heading", name=HOSTILE)).to_be_visible()
    notebook.wait_painted(cell, 1)
    picture(notebook.page, "lab-own-report-editor")
    # Run anew it is a widget again, which has no kernel tomorrow.
    run_and_wait(notebook)
    notebook.wait_painted(cell, 1)
    notebook.save()
    reopened = reopen(notebook)
    reopened.wait_painted(reopened.cell(1), 1)
    assert reopened.cell(1).evaluate(HEIGHT_OF_BLANKS) < 5
    picture(reopened.page, "lab-own-report-reopened")


def test_charts_follow_the_theme(lab: Server, open_notebook: OpenNotebook) -> None:
    many = "pd.DataFrame({'rain': range(2_500), 'crop': [x * x for x in range(2_500)]})"
    charts = f"""import pandas as pd
for table in (cars, {many}):
    erp.report("themes").add(erp.recommend(table, k=1, mark="point")[0])"""
    cells = [f"{FIRST_CELL}\n{charts}", 'erp.report("themes")', "# the end"]
    notebook = open_notebook(lab, "themes.ipynb", cells)
    notebook.run(0)
    cell = run_and_wait(notebook)
    notebook.wait_painted(cell, 2)
    assert cell.evaluate(INKS) == ["svg dark", "canvas dark"]
    use_theme(notebook.page, "JupyterLab Dark")
    notebook.page.wait_for_function(
        f"cell => ({INKS})(cell).every((ink) => ink.endsWith('light'))", arg=cell.element_handle()
    )
    picture(notebook.page, "lab-report-follows-theme")
    use_theme(notebook.page, "JupyterLab Light")


def run_and_wait(notebook: NotebookPage) -> Locator:
    """Run the second cell, and wait until no second run of it is under way."""
    notebook.run(1)
    notebook.page.wait_for_selector(IDLE, state="attached", timeout=WAIT_MS)
    return notebook.cell(1)


def reopen(notebook: NotebookPage) -> NotebookPage:
    """Shut the kernel down and open the notebook anew."""
    notebook.server.shut_down_kernels()
    notebook.page.close()
    return NotebookPage(notebook.page.context.new_page(), notebook.server, notebook.name).open()
