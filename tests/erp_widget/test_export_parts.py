"""Sections, notes and summaries in every export: shown as what they are, and as text throughout."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pypdf
import pytest
from artifacts import picture
from exported import HOSTILE, charts
from markdown_it import MarkdownIt
from msgspec.structs import replace
from nbconvert import SlidesExporter
from playwright.sync_api import Browser
from watch import Watch

from erp_widget.data_summary import summarised
from erp_widget.export.document import Data, Document, Figure, Passage, Section
from erp_widget.export.markdown_file import write_markdown
from erp_widget.export.marked_up import part_markdown, part_text, passage_markdown
from erp_widget.export.notebook import notebook
from erp_widget.export.outputs import outputs
from erp_widget.export.page import page
from erp_widget.export.passage import blocks, passage_html
from erp_widget.export.pdf import pdf
from erp_widget.export.pictures import picture_html
from erp_widget.sources import open_table

NOTE = """Prices *rise*, **most of all in summer**, and [fall](https://example.org/why) again:

1. by a half in **Rome**
2. in Oslo
   - by a third

> Said by `ada`.

# Why

```
a <b>
```"""
#: Markdown that would run, load or break out, were it obeyed.
HOSTILE_NOTE = (
    f"{HOSTILE}\n\n![p](http://example.org/p.png) [l](javascript:window.hit=1) <b>bold</b>\n\n"
    "<script>window.hit=1</script>\n\n[d](data:text/html,x) <img src=x onerror=window.hit=1>\n\n"
    "| a | b |\n\n```mermaid\ngraph TD\n```\n\n"
    "- `</code><script>window.hit=1</script>`\n\n  ```\n  </code></pre><script>window.hit=1\n"
    "  \n  $x$ <img src=x onerror=window.hit=1>\n  ```\n\n~~~\n</code></pre><b>\n~~~\n\n"
    + "x"
    * 10_000
)
TABLE = {"city": ["Rome", "Oslo", "Rome", None], "price": [1.5, 2.0, None, 40_000.0]}


def summary(name: str = "shops") -> Data:
    return Data(summarised(open_table(TABLE, name)))


def hostile_summary() -> Data:
    table = {HOSTILE: [HOSTILE, HOSTILE, "y"], "long": ["z" * 10_000] * 2 + ["w"], "n": [1, 2, 3]}
    return Data(summarised(open_table(table, HOSTILE)))


def document() -> Document:
    first, second = charts()[:2]
    outdated = "The data of shops have changed since this chart was saved."
    parts = (
        Passage("An introduction."),
        Section("Prices"),
        Figure(first, "Rome leads.", outdated),
        Passage(NOTE),
        Section("Units"),
        Figure(second),
        summary(),
    )
    return Document("Q3 sales", parts)


def hostile() -> Document:
    chart = replace(charts()[0], title=HOSTILE, reason=HOSTILE, description=HOSTILE, note=HOSTILE)
    parts = (
        Section(HOSTILE),
        Passage(HOSTILE_NOTE),
        Figure(chart, HOSTILE, HOSTILE),
        hostile_summary(),
    )
    return Document(HOSTILE, parts, (HOSTILE,))


def tags(html: str) -> set[str]:
    return {tag.lower() for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", html)}


def without_our_tags(made: str) -> str:
    return re.sub(r"</?(span|code|pre)>", "", made)


def test_a_summary_says_what_each_column_holds() -> None:
    found = summary().summary
    assert found.size == "4 rows, 2 columns"
    assert list(found.cells()) == [
        ("city", "text", "1 (25%)", "2", "most often Rome (2)"),
        ("price", "number", "1 (25%)", "3", "1.5 to 40,000"),
    ]
    others = {
        "when": ["2024-01-01", "2024-03-05"],
        "year": [1970, 1982],
        "yes": [True, True],
        "nothing": [None, None],
    }
    told = [(column.type, column.values) for column in summarised(open_table(others)).columns]
    assert told[:3] == [
        ("date", "2024-01-01 to 2024-03-05"),
        ("number", "1970 to 1982"),
        ("yes or no", "most often yes (2)"),
    ]
    assert told[3] == ("left out", "it holds no values")
    assert list(summarised(open_table(others)).cells())[3][2:] == ("", "", "it holds no values")
    weights = open_table({"weight": [f"{n}.5 kg" for n in range(20)]})
    assert summarised(weights).columns[0].values == "0.5 to 19.5 kg"


def test_a_summary_writes_numbers_as_sentences_do() -> None:
    table = {"revenue": [0.5, 1234567.8, 3], "paid": ["€3.20", "€12,345.60", "€7.00"]}
    told = [column.values for column in summarised(open_table(table)).columns]
    assert told == ["0.5 to 1,234,568", "€3.20 to €12,346"]


def test_a_wide_table_is_summarised_in_several_scans() -> None:
    wide = {f"c{n}": [n, n + 1, None] for n in range(95)}
    found = summarised(open_table(wide)).columns
    assert [column.name for column in found] == list(wide)
    assert {(column.missing, column.distinct) for column in found} == {(1, 2)}


def test_a_note_is_read_as_markdown() -> None:
    assert [block.kind for block in blocks(NOTE)] == [
        "paragraph",
        "item",
        "item",
        "item",
        "quote",
        "heading",
        "code",
    ]
    html = passage_html(NOTE)
    assert {"p", "em", "strong", "a", "ol", "ul", "li", "blockquote", "h3", "code"} <= tags(html)
    assert 'href="https://example.org/why"' in html


def test_a_note_in_a_cell_means_the_same_without_links_and_tags() -> None:
    made = passage_markdown(NOTE)
    assert not set("<[`~\\") & set(without_our_tags(made))
    shown = MarkdownIt().render(made)
    assert {"p", "em", "strong", "ol", "ul", "li", "blockquote", "h3"} <= tags(shown)
    assert "fall (https://example.org/why)" in re.sub(r"<[^>]+>", "", shown).replace("&amp;", "&")


CODE = "for x in y:\n\n    print(x, '$a$')  # <b>"
STRUCTURE = f"""One
line\x20\x20
of `a_b <i>`

- a

  second

  ```
  x = [1]
    y
  ```
- b
  - c

    more

> said\x20\x20
> so

- last

```
{CODE}
```"""


def test_a_note_in_a_cell_keeps_its_structure() -> None:
    shown = MarkdownIt().render(passage_markdown(STRUCTURE))
    assert "<p>One line<br />\nof <code>a_b &lt;i&gt;</code></p>" in shown.replace("&#95;", "_")
    flat = re.sub(r"\s*\n\s*", "", shown)
    assert "<ul><li><p>a</p><p>second</p><pre>" in flat
    assert "</pre></li><li><p>b</p><ul><li><p>c</p><p>more</p></li></ul></li></ul>" in flat
    assert "<p>said<br />so</p>" in flat
    codes = re.findall(r"<pre><code>(.*?)</code></pre>", shown, re.S)
    said = [unescape(without_our_tags(code)) for code in codes]
    assert said == ["x = [1]\n  y", CODE]
    assert [block.marker for block in blocks(STRUCTURE) if block.kind == "item"] == [
        *("•", "", "•", "•", "", "•")
    ]


def test_an_item_may_be_code() -> None:
    shown = MarkdownIt().render(passage_markdown("- ```\n  x\n  ```\n- b"))
    assert "<pre><code>x</code></pre>\n</li>" in shown


def test_pdf_keeps_line_breaks() -> None:
    made = pdf(Document("", (Passage(STRUCTURE),)))
    lines = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text().splitlines()
    assert "One line" in [line.strip() for line in lines]


def test_outputs_hold_each_part(tmp_path: Path) -> None:
    found = json.loads(json.dumps(outputs(document())))
    said = [output["data"]["text/plain"].split("\n")[0] for output in found]
    assert said[:4] == ["Q3 sales", "An introduction.", "Prices", charts()[0].title]
    assert "have changed since" in found[3]["data"]["text/plain"]
    assert said[-1] == "shops: 4 rows, 2 columns"
    table = MarkdownIt("gfm-like", {"linkify": False}).render(found[-1]["data"]["text/markdown"])
    assert table.count("<tr>") == 3


def test_slides_have_one_chart_each() -> None:
    text, _ = SlidesExporter(exclude_input=True).from_notebook_node(
        nbformat.reads(notebook(document()), as_version=4)
    )
    slides = re.findall(r"<section>.*?</section>", text, re.S)
    assert [slide.count("data:image/png") for slide in slides if "data:image" in slide] == [1, 1]
    assert len(slides) >= 8


def test_markdown_has_its_pictures_beside_it(tmp_path: Path) -> None:
    path = write_markdown(tmp_path / "q3 sales.md", document())
    text = path.read_text(encoding="utf-8")
    addresses = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(addresses) == 2
    for address in addresses:
        assert (tmp_path / unquote(address)).read_bytes()[1:4] == b"PNG"
    assert "## Prices" in text
    assert "Rome leads" in text
    shown = MarkdownIt("commonmark").render(text)
    assert shown.count("<img") == 2


def test_pictures_of_removed_charts_go_and_nothing_else(tmp_path: Path) -> None:
    path = write_markdown(tmp_path / "q3.md", document())
    folder = tmp_path / "q3_files"
    others = ("chart-1.png.bak", "chart-a.png", "my chart-9.png", "chart-5.svg")
    for name in others:
        (folder / name).write_text("mine")
    write_markdown(path, Document("Q3 sales", document().parts[:3]))
    assert {one.name for one in folder.iterdir()} == {"chart-3.png", *others}


def test_headings_of_notes_leave_no_level_out() -> None:
    parts = (Passage("## A\n\n#### B"), *document().parts[1:3], Passage("# C\n\n### D"))
    made = page(Document("Q3 sales", parts))
    levels = [int(level) for level in re.findall(r"<h(\d)[ >]", made)]
    assert levels == [1, 2, 3, 2, 3, 3, 4]
    assert [b.level for b in blocks("# C\n\n### D")] == [3, 4]


@pytest.mark.parametrize("lines", (16, 20, 24))
def test_a_section_and_its_introduction_are_on_the_page_of_their_chart(lines: int) -> None:
    parts = (
        Passage("\n\n".join(["line"] * lines)),
        Section("Why it fell"),
        Passage("A short introduction."),
        Figure(charts()[0]),
    )
    found = [p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf(Document("", parts)))).pages]
    at = [
        next(n for n, p in enumerate(found) if said in p) for said in ("Why it", charts()[0].title)
    ]
    assert len(set(at)) == 1


def test_words_of_a_summary_stay_whole_on_a_telephone(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "p.html").write_text(page(Document("Shops", (summary(),))), encoding="utf-8")
    shown = browser.new_page(viewport={"width": 390, "height": 800})
    shown.goto((tmp_path / "p.html").as_uri())
    heights = shown.evaluate(
        "[...document.querySelectorAll('tbody th, thead th')].map(cell => cell.offsetHeight)"
    )
    assert max(heights) < 40
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "Summary of shops"
    )
    shown.keyboard.press("ArrowRight")
    for _ in range(50):  # the page's policy lets nothing wait inside of it
        if shown.evaluate("document.activeElement.scrollLeft") > 0:
            break
        shown.wait_for_timeout(100)
    else:
        pytest.fail("the table does not scroll by the keyboard")
    shown.close()


def test_pdf_holds_each_part(tmp_path: Path) -> None:
    content = pdf(document())
    words = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(content)).pages)
    for said in (
        "An introduction.",
        "Prices",
        "Rome leads.",
        "most of all in summer",
        "1.",
        "•",
        "a <b>",
        "have changed",
        "4 rows, 2 columns",
        "most often Rome (2)",
        "40,000",
    ):
        assert said in words, said
    (tmp_path / "parts.pdf").write_bytes(content)


def test_the_page_shows_each_part(browser: Browser, tmp_path: Path) -> None:
    watch = Watch()
    (tmp_path / "p.html").write_text(page(document()), encoding="utf-8")
    (tmp_path / "h.html").write_text(page(hostile()), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1000, "height": 1400})
    watch.follow(context)
    shown = context.new_page()
    shown.goto((tmp_path / "p.html").as_uri())
    shown.wait_for_function("document.querySelectorAll('.drawn').length === 2")
    assert shown.locator("h2").all_inner_texts() == ["Prices", "Units"]
    assert shown.locator(".passage ol > li").count() == 2
    assert shown.locator(".data tbody tr").count() == 2
    assert "have changed" in shown.locator(".outdated").inner_text()
    picture(shown, "page-parts")
    shown.goto((tmp_path / "h.html").as_uri())
    shown.wait_for_function("document.querySelectorAll('.drawn').length === 1")
    shown.wait_for_timeout(300)
    assert shown.evaluate("window.hit") is None
    assert shown.locator("h2.section").text_content() == HOSTILE
    assert shown.locator("img:not(.picture), .passage b").count() == 0
    assert shown.locator("a[href^='javascript' i], a[href^='data' i]").count() == 0
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert shown.evaluate(wide) <= 1
    picture(shown, "page-hostile-parts")
    context.close()
    assert watch.faults == []


@pytest.mark.parametrize("part", hostile().parts, ids=lambda part: type(part).__name__)
def test_cells_hold_no_markup_of_others(part: Section | Passage | Figure | Data) -> None:
    made = part_markdown(part)
    assert not set("<[`~\\") & set(without_our_tags(made))
    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(made)
    assert tags(shown) <= {
        "h2",
        "h3",
        "p",
        "em",
        "strong",
        "br",
        "span",
        "pre",
        "code",
        "ul",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert "onerror=window.hit=1" in part_text(part)


def test_pictures_pdf_and_markdown_file_hold_no_markup_of_others(tmp_path: Path) -> None:
    html = picture_html(hostile())
    assert "<script" not in html
    assert html.count("<img") == 1
    assert not re.search(r'href="(?!http)', html)
    words = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf(hostile()))).pages)
    assert "onerror=window.hit=1" in words.replace("\n", "")
    text = write_markdown(tmp_path / "h.md", hostile()).read_text(encoding="utf-8")
    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    assert "script" not in tags(shown)
    assert shown.count("<img") == 1
    assert "<a" not in shown
