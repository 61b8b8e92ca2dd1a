"""Owns that a report stays where it belongs: in its notebook and in its cell."""

from __future__ import annotations

import pytest
from artifacts import picture
from gallery_page import CHARTS, GalleryPage
from notebook_page import NotebookPage, OpenNotebook, one_gallery, report_cells, titles_in
from playwright.sync_api import Locator, expect

from benchmarks.jupyter import Server

#: Of a notebook with a gallery and all of its charts in the report.
MAX_NOTEBOOK_BYTES = 1_500_000


def test_two_notebooks_side_by_side(lab: Server, open_notebook: OpenNotebook) -> None:
    first = open_notebook(lab, "first.ipynb", one_gallery("cars in the first"))
    first.run(0)
    ours = GalleryPage(first, 1).show()
    kept = [ours.save_by_mouse(0)]
    # In the same window: neither notebook's gallery may touch the other's panel.
    lab.write("second.ipynb", one_gallery("cars in the second"))
    second = NotebookPage(first.page, lab, "second.ipynb").open_beside()
    second.run(0)
    theirs = GalleryPage(second, 1).show()
    others = [theirs.save_by_mouse(2)]
    second.save()
    first.come_back()
    kept.append(ours.save_by_mouse(1))
    first.save()
    for notebook, titles in ((first, kept), (second, others)):
        (cell,) = report_cells(notebook.file())
        assert titles_in(cell) == titles
    picture(first.page, "lab-two-notebooks")


def test_rerun_and_undo(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "rerun.ipynb", one_gallery("cars again"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    first = gallery.save_by_mouse(0)
    gallery.show()
    second = gallery.save_by_mouse(3)
    expect(notebook.cells).to_have_count(4)
    (cell,) = report_cells(notebook.save())
    assert titles_in(cell) == [first, second]
    gallery.undo(3)
    (cell,) = report_cells(notebook.save())
    assert titles_in(cell) == [first]
    # What a person runs is what the plugin wrote.
    notebook.run(2)
    (cell,) = report_cells(notebook.save())
    assert titles_in(cell) == [first]
    # A source that a person changed stays theirs.
    notebook.type_into(2, "# mine")
    third = gallery.save_by_mouse(4)
    (cell,) = report_cells(notebook.save())
    assert cell.source.endswith("# mine")
    assert titles_in(cell) == [first, third]


def test_reopened_without_a_kernel(
    lab: Server, open_notebook: OpenNotebook, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = open_notebook(lab, "reopened.ipynb", one_gallery("cars for readers"))
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    expect(still_of(notebook)).to_have_count(1)
    expect(still_of(notebook)).to_be_hidden()
    for place in range(CHARTS):
        gallery.save_by_mouse(place)
    (cell,) = report_cells(notebook.save())
    assert len(titles_in(cell)) == CHARTS
    n_bytes = notebook.path.stat().st_size
    with capsys.disabled():
        print(f"\na notebook with a gallery and a report of {CHARTS} charts: {n_bytes:,} bytes")
    assert n_bytes < MAX_NOTEBOOK_BYTES
    # Another day: the kernel that drew the gallery is no more.
    lab.shut_down_kernels()
    notebook = NotebookPage(notebook.page.context.new_page(), lab, notebook.name).open()
    expect(notebook.cell(1).get_by_text("model not found")).to_have_count(1)
    widget = notebook.cell(1).locator(".jp-OutputArea-child").first
    assert widget.evaluate("child => child.offsetHeight") == 0
    expect(still_of(notebook)).to_be_visible()
    assert still_of(notebook).evaluate("image => image.naturalWidth") > 1_500
    notebook.cell(1).get_by_text("The charts of cars for readers in words").click()
    expect(notebook.cell(1).locator(".erp-still li")).to_have_count(CHARTS)
    picture(notebook.page, "lab-reopened")


def still_of(notebook: NotebookPage) -> Locator:
    return notebook.cell(1).locator(".jp-RenderedImage img")
