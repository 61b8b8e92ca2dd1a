"""Notebooks that show by themselves: valid, without our package, and through nbconvert offline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from artifacts import picture
from exported import HOSTILE, charts, sales
from msgspec.structs import replace
from playwright.sync_api import Browser, Page
from watch import Watch

from erp_widget.export.document import Document, Figure
from erp_widget.export.notebook import notebook
from erp_widget.export.outputs import markdown, outputs
from erp_widget.export.vegalite_output import MIME

PICTURES = ".jp-RenderedImage img"
LOADED = "all => all.every(i => i.complete && i.naturalWidth > 100)"


def document(*captions: str, title: str = "Q3 sales") -> Document:
    said = [*captions, *("" for _ in charts())]
    figures = tuple(Figure(c, caption) for c, caption in zip(charts(), said, strict=False))
    return Document(title, figures, ("One note.",))


def parsed(text: str) -> nbformat.NotebookNode:
    found = nbformat.reads(text, as_version=4)
    nbformat.validate(found)
    return found


def test_notes_and_reasons_are_sentences_everywhere() -> None:
    chart = replace(charts()[0], note="8 of 406 rows are not shown", reason="Rome leads!")
    told = outputs(Document("Q3", (Figure(chart),)))[1]["data"]["text/plain"]
    assert told.splitlines()[1:] == ["Rome leads!", "8 of 406 rows are not shown."]
    bare = Figure(replace(chart, note=None, reason=""))
    assert (bare.note, bare.reason) == ("", "")


def report_cell(found: list[dict[str, Any]]) -> str:
    """Return a notebook with a report cell, as the plugin or a run leaves it."""
    cell = nbformat.v4.new_code_cell("erp.report()", outputs=[nbformat.from_dict(o) for o in found])
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))


def converted(folder: Path, text: str, to: str = "html") -> Path:
    """Convert a notebook as a person would, with nbconvert's own templates."""
    (folder / "n.ipynb").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", to, "--output", "out", "n.ipynb"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return next(path for path in folder.glob("out*") if path.is_file())


def opened(browser: Browser, watch: Watch, path: Path) -> Page:
    context = browser.new_context(viewport={"width": 1100, "height": 1400}, offline=True)
    # What the templates ask other machines for (formulas, diagrams) fails at once, as offline.
    context.route("http*://**", lambda route: route.abort())
    context.on("weberror", watch._thrown)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="load")
    return page


def test_outputs_are_what_nbformat_wants() -> None:
    found = outputs(document("First.\n\nSecond."))
    parsed(report_cell(json.loads(json.dumps(found))))
    assert all(output["output_type"] == "display_data" for output in found)
    bundles = [output["data"] for output in found]
    drawn = [bundle for bundle in bundles if MIME in bundle]
    assert len(drawn) == len(charts())
    for chart, bundle in zip(charts(), drawn, strict=True):
        # A host takes the first it knows of these; markup would come before the picture.
        assert set(bundle) == {MIME, "image/png", "text/plain"}
        assert bundle["text/plain"] == bundle[MIME]["description"] == chart.description
        assert "title" not in bundle[MIME]
        assert bundle[MIME]["$schema"].endswith("/v5.json")
    said = [bundle for bundle in bundles if MIME not in bundle]
    assert {frozenset(bundle) for bundle in said} == {frozenset({"text/markdown", "text/plain"})}
    assert [bundle["text/plain"].split("\n")[0] for bundle in said] == [
        "Q3 sales",
        *(chart.title for chart in charts()),
        "One note.",
    ]


def test_the_picture_has_the_size_of_the_chart() -> None:
    found = next(output for output in outputs(document()) if MIME in output["data"])
    size = found["metadata"]["image/png"]
    assert 100 < size["width"] < 700
    assert size["alt"] == found["data"]["text/plain"]


def test_a_report_cell_is_seen_after_nbconvert_without_a_network(
    browser: Browser, tmp_path: Path
) -> None:
    watch = Watch()
    path = converted(tmp_path, report_cell(outputs(document("Prices rise."))))
    page = opened(browser, watch, path)
    shown = page.locator(PICTURES)
    assert shown.count() == len(charts())
    assert shown.evaluate_all(LOADED)
    assert all(image.is_visible() for image in shown.all())
    assert page.get_by_role("heading", name=charts()[0].title).is_visible()
    assert page.get_by_text("Prices rise.").is_visible()
    picture(page, "nbconvert-html")
    page.context.close()
    assert watch.faults == []


def test_slides_hold_the_pictures(browser: Browser, tmp_path: Path) -> None:
    # What turns the slides comes from another machine, in every notebook; the pictures do not.
    path = converted(tmp_path, report_cell(outputs(document())), "slides")
    page = opened(browser, Watch(), path)
    assert page.locator(PICTURES).count() == len(charts())
    assert page.locator(PICTURES).evaluate_all(LOADED)
    page.context.close()


def test_nbconvert_shows_text_as_text(browser: Browser, tmp_path: Path) -> None:
    watch = Watch()
    lines = ["1. no list", "# no heading", "---", "    no code", "> no quote", "| a | b |", "==="]
    found = outputs(document(f"{HOSTILE}\n\n" + "\n".join(lines), title=HOSTILE))
    page = opened(browser, watch, converted(tmp_path, report_cell(found)))
    assert page.evaluate("window.hit") is None
    text = page.locator(".jp-RenderedMarkdown").nth(1).inner_text()
    for line in (HOSTILE, *lines):
        assert " ".join(line.split()) in text
    inside = ".jp-RenderedMarkdown"
    for tag in ("img", "script", "code", "table", "blockquote", "hr", "li", "a:not(.anchor-link)"):
        assert page.locator(f"{inside} {tag}").count() == 0, tag
    # Formulas are found in the text between two tags: no two signs may share one.
    alone = """all => all.flatMap(e => {
      const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) found.push(walker.currentNode.data);
      return found.filter(t => /[$\\\\]/.test(t) && t.length > 1);
    })"""
    assert page.locator(inside).evaluate_all(alone) == []
    page.context.close()
    assert watch.faults == []


def test_markdown_has_no_tag_but_one() -> None:
    every = "".join(chr(n) for n in range(32, 127))
    made = markdown(every).replace("<span>", "").replace("</span>", "")
    assert not set("<[`~\\*_#!|>$") - {"#"} & set(made)
    assert made.count("#") == made.count("&#")


def test_a_written_notebook_shows_without_us(browser: Browser, tmp_path: Path) -> None:
    watch = Watch()
    text = notebook(document("Prices rise."))
    found = parsed(text)
    assert "erp_widget" not in text
    cells = [cell for cell in found.cells if cell.cell_type == "code"]
    assert [set(cell.outputs[0].data) for cell in cells] == [
        {MIME, "image/png", "text/plain"} for _ in charts()
    ]
    page = opened(browser, watch, converted(tmp_path, text))
    assert page.locator(PICTURES).count() == len(charts())
    assert page.get_by_role("heading", name="Q3 sales").is_visible()
    page.context.close()
    assert watch.faults == []


def test_its_code_draws_the_readers_own_table() -> None:
    frame = pd.DataFrame(sales())
    cells = [c for c in parsed(notebook(document())).cells if c.cell_type == "code"]
    assert len(cells) == len(charts())
    for cell, chart in zip(cells, charts(), strict=True):
        names: dict[str, Any] = {"df": frame}
        exec(cell.source, names)
        made = names["chart"].to_dict()
        assert made["mark"]["type"] == chart.mark


def test_hostile_text_leaves_a_notebook_valid() -> None:
    found = parsed(notebook(document(HOSTILE + "\x00\x1b[31m\ud800", title=HOSTILE)))
    assert "<script" not in "".join(c.source for c in found.cells if c.cell_type == "markdown")
