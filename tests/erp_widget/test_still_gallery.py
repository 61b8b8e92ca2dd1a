"""What a gallery's cell shows without a kernel: in the notebook's file, and made by nbconvert."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pypdf
import pytest
from msgspec.structs import replace
from nbclient import NotebookClient
from nbconvert import (
    HTMLExporter,
    LatexExporter,
    MarkdownExporter,
    SlidesExporter,
    WebPDFExporter,
)
from PIL import Image
from playwright.async_api import BrowserType

import erp_widget as erp
from benchmarks.chromium import ARGUMENTS, chromium_path
from erp_widget.export.pixels import compact, sheet
from erp_widget.gallery.gallery import Gallery
from erp_widget.gallery.still import picture, words

HOSTILE = "<img src=x onerror=alert(1)> \u202e $x$ \U0001f600"
CELL = """
import erp_widget as erp
table = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
erp.recommend(table, k=4, name="shops")
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """Run a notebook with a gallery as a batch."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    client = NotebookClient(made, kernel_name="python3")
    store = tmp_path_factory.mktemp("still") / "store.sqlite3"
    client.execute(env=dict(os.environ) | {"ERP_STORE": str(store)})
    return made


def gallery(title: str = "shops", k: int = 4) -> Gallery:
    table = {"city": ["Rome", "Oslo", "Kyiv"] * 12, "sales": [7 * n % 31 for n in range(36)]}
    return erp.recommend(table, k=k, name=title, store=":memory:")


def pixels(bundle: dict[str, str]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))


def test_a_terminal_shows_the_titles_once_and_waits_for_no_picture(tmp_path: Path) -> None:
    code = (
        CELL.replace("erp.recommend", "shown = erp.recommend")
        + """
import sys
display(shown)
assert "vl_convert" not in sys.modules
"""
    )
    ran = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", code],
        env=dict(os.environ) | {"ERP_STORE": str(tmp_path / "store.sqlite3")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Error" not in ran.stdout + ran.stderr
    assert ran.stdout.strip() == repr(gallery())


def test_a_batch_leaves_one_picture_of_all_charts(notebook: nbformat.NotebookNode) -> None:
    said, still = notebook.cells[0].outputs
    assert said.data["text/html"].count("<li>") == 4
    assert said.data["text/plain"].startswith("Gallery 'shops': 4 charts")
    assert len(pixels(still.data).convert("RGB").getcolors(10_000) or ()) > 20
    assert still.metadata["image/png"]["alt"].startswith("4 charts of shops: ")


@pytest.mark.parametrize(
    "exporter", [HTMLExporter, SlidesExporter, MarkdownExporter, LatexExporter]
)
def test_nbconvert_shows_it(exporter: type, notebook: nbformat.NotebookNode) -> None:
    text, resources = exporter().from_notebook_node(notebook)
    png = notebook.cells[0].outputs[1].data["image/png"].strip()
    files = [base64.b64encode(file).decode() for file in (resources.get("outputs") or {}).values()]
    assert png in text.replace("\n", "") or png in files
    if exporter in (HTMLExporter, SlidesExporter):
        body = text.partition("<body")[2]
        assert body.count("<li><b>") == 4
        assert "jupyter-widgets" not in body


def test_nbconvert_prints_it_with_a_browser(
    notebook: nbformat.NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = BrowserType.launch

    async def with_path(self: BrowserType, **given: Any) -> Any:
        # nbconvert knows the browser that playwright brings, and none that is installed.
        given["args"] = [*given["args"], *ARGUMENTS]
        return await launch(self, executable_path=chromium_path(), **given)

    monkeypatch.setattr(BrowserType, "launch", with_path)
    report = erp.report("Q3").add(gallery(k=1)[0]).add_section(HOSTILE)
    outputs = [nbformat.from_dict(output) for output in report.outputs()]
    cells = [*notebook.cells, nbformat.v4.new_code_cell("erp.report()", outputs=outputs)]
    whole = nbformat.v4.new_notebook(cells=cells)
    exporter: type = WebPDFExporter  # untyped
    found, _ = exporter(disable_sandbox=True).from_notebook_node(whole)
    pages = pypdf.PdfReader(io.BytesIO(found)).pages
    pictures = [image.image for page in pages for image in page.images if image.image]
    # The gallery's charts in one, and the report's.
    assert sum(one.width > 200 and one.height > 200 for one in pictures) == 2
    text = "".join(page.extract_text() for page in pages)
    assert report.charts[0].title in text
    assert "onerror=alert(1)" in text


def test_nbconvert_tells_its_alt_text_where_the_template_does(
    notebook: nbformat.NotebookNode,
) -> None:
    exporter: type = HTMLExporter  # untyped
    text, _ = exporter(template_name="classic").from_notebook_node(notebook)
    assert 'alt="4 charts of shops: ' in text


def test_the_picture_is_as_wide_as_its_charts_and_small() -> None:
    data, metadata = picture(gallery())
    size = metadata["image/png"]
    assert size["width"] <= 1_500
    assert pixels(data).width == pytest.approx(size["width"] * 1.5, abs=2)
    assert len(data["image/png"]) < 4 * 25_000


def test_all_text_is_text() -> None:
    charts = [replace(chart, title=HOSTILE, description=HOSTILE) for chart in gallery(k=2)]
    made = Gallery(charts, title=HOSTILE)
    html = words(made).partition("</style>")[2]
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") == 5
    assert HOSTILE in picture(made)[1]["image/png"]["alt"]


def test_a_chart_that_cannot_be_drawn_is_left_out_of_the_picture() -> None:
    good, other = gallery(k=2)
    broken = replace(other, drawn={"mark": "nonsense"})
    _, metadata = picture(Gallery([good, broken], title="t"))
    assert metadata["image/png"]["alt"].startswith("1 chart of t")
    assert picture(Gallery([broken], title="t")) == ({}, {})
    assert picture(Gallery([], title="t")) == ({}, {})
    assert "<li>" not in words(Gallery([], title="t"))


def test_pictures_of_few_colours_look_the_same_and_are_smaller() -> None:
    before = gallery(k=1)[0].to_png()
    after = compact(before)
    assert len(after) < len(before) / 2
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert old.size == new.size
        pairs = zip(old.convert("RGB").tobytes(), new.convert("RGB").tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) < 32


def test_rows_of_a_sheet_are_as_high_as_their_highest_picture() -> None:
    def plain(width: int, height: int) -> bytes:
        written = io.BytesIO()
        Image.new("RGB", (width, height), "red").save(written, "png")
        return written.getvalue()

    made = sheet([plain(10, 10), plain(30, 40), plain(20, 5)], columns=2, scale=1)
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (2 * (30 + 24), 40 + 24 + 5 + 24)


def test_the_still_is_kept_with_the_notebook_and_nothing_that_needs_a_kernel(
    tmp_path: Path, notebook: nbformat.NotebookNode
) -> None:
    assert "widgets" not in notebook.metadata
    nbformat.write(notebook, tmp_path / "n.ipynb")
    assert (tmp_path / "n.ipynb").stat().st_size < 200_000
