"""Owns that a report stays where it belongs: in its notebook and in its cell."""

from __future__ import annotations

from artifacts import picture
from gallery_page import GalleryPage
from notebook_page import NotebookPage, OpenNotebook, one_gallery, report_cells, titles_in
from playwright.sync_api import expect

from benchmarks.jupyter import Server


def test_two_notebooks_side_by_side(lab: Server, open_notebook: OpenNotebook) -> None:
    lab.write("second.ipynb", one_gallery("cars in the second"))
    first = open_notebook(lab, "first.ipynb", one_gallery("cars in the first"))
    first.run(0)
    ours = GalleryPage(first, 1).show()
    kept = [ours.save_by_mouse(0)]
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
