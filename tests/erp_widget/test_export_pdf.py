"""PDF as a reader gets it: all text, vector charts inside the page, numbered pages."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pypdf
import pytest
import typst
from exported import HOSTILE, HOSTILE_NAMES, charts
from made_charts import chart_of
from msgspec.structs import replace
from PIL import Image, ImageChops

from erp_widget.errors import ExportError
from erp_widget.export.document import Document, Figure
from erp_widget.export.pdf import pdf

#: Points on each side of A4 that stay white; the footer is lower.
MARGIN = 60


def document(*captions: str, title: str = "Q3 sales") -> Document:
    said = [*captions, *("" for _ in charts())]
    figures = tuple(Figure(c, caption) for c, caption in zip(charts(), said, strict=False))
    return Document(title, figures, ("One note.",))


def pages(content: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(content)).pages)


def text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pages(content))


def drawn(content: bytes, folder: Path) -> list[Image.Image]:
    """Return the pages as pictures, one pixel per point."""
    (folder / "all.pdf").write_bytes(content)
    source = "#set page(width: auto, height: auto, margin: 0pt)\n" + "".join(
        f'#image("all.pdf", page: {n})\n' for n in range(1, len(pages(content)) + 1)
    )
    (folder / "all.typ").write_text(source)
    made = typst.compile(str(folder / "all.typ"), format="png", ppi=72)
    sheet = Image.open(io.BytesIO(made)).convert("L")
    count = len(pages(content))
    high = sheet.height / count
    return [
        sheet.crop((0, round(n * high), sheet.width, round((n + 1) * high))) for n in range(count)
    ]


def test_it_holds_every_word_and_numbers_its_pages() -> None:
    content = pdf(document("Prices rise.\nIn summer."))
    words = " ".join(text(content).split())  # lines end where the page does
    for chart in charts():
        assert chart.title in words
        assert chart.reason in words
    for said in ("Q3 sales", "Prices rise.", "In summer.", "One note.", "8 charts · 240 rows"):
        assert said in words
    found = pages(content)
    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        assert f"{number} / {len(found)}" in page.extract_text()
    assert pypdf.PdfReader(io.BytesIO(content)).metadata.title == "Q3 sales"


def test_charts_are_shapes_and_real_text() -> None:
    content = pdf(Document("Bars", (Figure(charts()[0]),)))
    assert sum(len(page.images) for page in pages(content)) == 0
    assert "Oslo" in text(content)


def test_nothing_reaches_the_edge_of_a_page(tmp_path: Path) -> None:
    wide = {f"a city with a long name {n}": [n * 7 % 23] for n in range(30)}
    long = chart_of(
        {"city": [*wide] * 4, "n": [*range(len(wide) * 4)]}, "bar", "x=category city", "y=sum n"
    )
    tall = replace(long, drawn={**long.drawn, "height": 3000, "width": 300})
    broad = replace(long, drawn={**long.drawn, "width": 4000})
    figures = tuple(Figure(chart) for chart in (*charts(), long, tall, broad))
    for picture in drawn(pdf(Document("Q3", figures)), tmp_path):
        ink = ImageChops.invert(picture).point(lambda value: 255 if value > 40 else 0).getbbox()
        assert ink is not None
        left, top, right, _ = ink
        assert left >= MARGIN
        assert top >= MARGIN
        assert right <= picture.width - MARGIN


def test_text_stays_text() -> None:
    program = '#panic("no") #set page(fill: red) $x$ @a <b> // c /* d #include "/etc/hostname"'
    named = tuple(
        Figure(
            chart_of({n: ["p", "q"] * 9, "y": [*range(18)]}, "bar", f"x=category {n}", "y=sum y")
        )
        for n in HOSTILE_NAMES
    )
    figures = (Figure(replace(charts()[0], title=program, reason=HOSTILE), program), *named)
    words = text(pdf(Document(program, figures, (program + "\x00\ud800",))))
    assert " ".join(words.split()).count(program) >= 3
    assert "window.hit=1" in words


def test_long_captions_go_on_over_pages(tmp_path: Path) -> None:
    content = pdf(document("word " * 3000 + "END", "x" * 4000))
    assert "END" in text(content)
    assert len(pages(content)) > 5
    for picture in drawn(content, tmp_path):
        ink = ImageChops.invert(picture).getbbox()
        assert ink is not None
        assert ink[2] <= picture.width - MARGIN


def test_a_chart_that_cannot_be_drawn_is_told_in_words() -> None:
    broken = replace(charts()[0], drawn={"mark": "nonsense"}, description="A broken chart.")
    words = text(pdf(Document("Q3", (Figure(broken), Figure(charts()[1])))))
    assert "A broken chart." in words
    assert charts()[1].title in words


def test_an_empty_document_is_a_page() -> None:
    assert "0 charts" in text(pdf(Document("Empty", ())))


def test_without_typst_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # as where it is not installed
    with pytest.raises(ExportError, match=r"erp-widget\[pdf\]"):
        pdf(document())
