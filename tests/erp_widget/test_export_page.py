"""Exported pages as a reader opens them: a file, no network, a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from artifacts import picture
from exported import HOSTILE, HOSTILE_NAMES, charts
from made_charts import chart_of
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Page
from watch import Watch

from benchmarks.chromium import PAINTED
from erp_widget.errors import ExportError
from erp_widget.export import page as page_module
from erp_widget.export.document import Document, Figure
from erp_widget.export.image import svg
from erp_widget.export.page import gallery_page, page
from erp_widget.gallery.gallery import Gallery

MAX_BYTES = 2_000_000
ALL_DRAWN = (
    "document.querySelectorAll('figure').length === document.querySelectorAll('.drawn').length"
)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def window(browser: Browser, watch: Watch, **options: object) -> BrowserContext:
    """Open a window that is cut off from the network."""
    made = browser.new_context(offline=True, **options)  # type: ignore[arg-type]
    made.set_default_timeout(60_000)
    made.add_init_script(PAINTED)
    watch.follow(made)
    return made


def opened(context: BrowserContext, folder: Path, text: str) -> Page:
    path = folder / "page.html"
    path.write_text(text, encoding="utf-8")
    shown = context.new_page()
    shown.goto(path.as_uri())
    shown.wait_for_function(ALL_DRAWN)
    return shown


def report(*figures: Figure, title: str = "Q3 sales") -> Document:
    return Document(title, figures or tuple(Figure(chart) for chart in charts()))


def test_fifteen_charts_are_painted_without_a_network(
    browser: Browser, watch: Watch, tmp_path: Path
) -> None:
    many = [*charts(), *charts()][:15]
    text = gallery_page(Gallery(many, title="sales", notes=("Read as dates: day.",)))
    assert len(text.encode()) < MAX_BYTES
    with window(browser, watch) as context:
        shown = opened(context, tmp_path, text)
        assert shown.evaluate("erpPainted(document).length") == 15
        assert shown.locator("h1").inner_text() == "sales"
        assert shown.locator("h2 .rank").all_inner_texts() == [str(n) for n in range(1, 16)]
        assert "best first" in shown.locator(".lead").inner_text()
        assert "Read as dates: day." in shown.locator(".notes").inner_text()
        picture(shown, "page-gallery")
    assert watch.faults == []


def test_charts_answer_the_pointer(browser: Browser, watch: Watch, tmp_path: Path) -> None:
    with window(browser, watch) as context:
        shown = opened(context, tmp_path, page(report(Figure(charts()[0]))))
        canvas = shown.locator("canvas")
        box = canvas.bounding_box()
        assert box is not None
        found = ""
        for share in (0.3, 0.4, 0.5, 0.6, 0.7):
            shown.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.6)
            if shown.locator(".tooltip").is_visible():
                found = shown.locator(".tooltip").inner_text()
        assert "city" in found
        assert re.search(r"\d", found)
        picture(shown, "page-tooltip")
    assert watch.faults == []


def test_every_chart_is_told_in_words(browser: Browser, watch: Watch, tmp_path: Path) -> None:
    with window(browser, watch) as context:
        shown = opened(context, tmp_path, page(report()))
        for chart in charts():
            assert shown.get_by_role("img", name=chart.description, exact=True).count() == 1
        shown.locator("summary").first.press("Enter")
        assert shown.locator("details p").first.inner_text() == charts()[0].description
        assert shown.locator("h1").count() == 1
        assert shown.locator("h2").count() == len(charts())
    assert watch.faults == []


def test_it_follows_the_readers_theme(browser: Browser, watch: Watch, tmp_path: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "document.querySelector('canvas').toDataURL()"
    with window(browser, watch, color_scheme="light") as context:
        shown = opened(context, tmp_path, page(report()))
        light = shown.evaluate(ground), shown.evaluate(ink)
        picture(shown, "page-report")
        shown.emulate_media(color_scheme="dark")
        shown.wait_for_function(f"before => {ink} !== before", arg=light[1])
        dark = shown.evaluate(ground), shown.evaluate(ink)
        assert light[0] != dark[0]
        shown.wait_for_timeout(500)
        picture(shown, "page-report-dark")
    assert watch.faults == []


def test_a_telephone_needs_no_sideways_scrolling(
    browser: Browser, watch: Watch, tmp_path: Path
) -> None:
    size = {"width": 360, "height": 740}
    with window(browser, watch, viewport=size) as context:
        shown = opened(context, tmp_path, page(report()))
        assert shown.evaluate("document.documentElement.scrollWidth") <= 360
        narrow = shown.locator("canvas").first.bounding_box()
        shown.set_viewport_size({"width": 1000, "height": 740})
        shown.wait_for_function(
            "w => document.querySelector('canvas').getBoundingClientRect().width > w",
            arg=narrow["width"] if narrow else 0,
        )
        picture(shown, "page-telephone")
    assert watch.faults == []


def test_without_scripts_there_are_pictures(browser: Browser, watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(report()), encoding="utf-8")
    with window(browser, watch, java_script_enabled=False) as context:
        shown = context.new_page()
        shown.goto((tmp_path / "page.html").as_uri())
        pictures = shown.locator("img.picture")
        assert pictures.count() == len(charts())
        for chart, image in zip(charts(), pictures.all(), strict=True):
            box = image.bounding_box()
            assert box is not None
            assert box["width"] > 100
            assert image.get_attribute("alt") == chart.description
        assert "without tooltips" in shown.locator(".scripts-off").inner_text()
        picture(shown, "page-without-scripts")


def test_no_label_is_cut_where_fonts_are_wider(browser: Browser, watch: Watch) -> None:
    names = ("to what extent do you agree with it", "neither agree nor disagree", "(very) often")
    table = {"answer": [*names, names[0]] * 20, "n": list(range(80))}
    drawn = chart_of(table, "bar", "y=category answer", "x=mean n", "color=category answer").drawn
    shapes = svg(drawn | {"title": ["Of all the answers that were given", "two lines"]})
    with window(browser, watch) as context:
        shown = context.new_page()
        shown.set_content(shapes.replace("system-ui", "monospace"))
        cut = shown.evaluate(
            """() => {
              const all = document.querySelector("svg").getBoundingClientRect();
              return [...document.querySelectorAll("svg text")].filter((text) => {
                const box = text.getBoundingClientRect();
                return box.left < all.left - 1 || box.right > all.right + 1;
              }).map((text) => text.textContent);
            }"""
        )
    assert cut == []
    assert all(f">{name}</text>" in shapes for name in names)


def test_paper_gets_the_sharp_pictures(browser: Browser, watch: Watch, tmp_path: Path) -> None:
    with window(browser, watch, color_scheme="dark") as context:
        shown = opened(context, tmp_path, page(report()))
        assert not shown.locator("img.picture").first.is_visible()
        shown.emulate_media(media="print")
        assert shown.locator("img.picture").first.is_visible()
        assert not shown.locator("canvas").first.is_visible()
        assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert shown.evaluate("[...document.images].every(i => i.naturalWidth > 50)")
        picture(shown, "page-print")
    assert watch.faults == []


def test_text_stays_text(browser: Browser, watch: Watch, tmp_path: Path) -> None:
    values = {"a": [HOSTILE, "q", "r"] * 20, "y": list(range(60))}
    chart = replace(
        chart_of(values, "bar", "x=category a", "y=mean y"),
        title=HOSTILE,
        reason=HOSTILE,
        note=HOSTILE,
        description=HOSTILE,
    )
    named = tuple(
        Figure(
            chart_of({n: ["p", "q"] * 30, "y": [*range(60)]}, "bar", f"x=category {n}", "y=sum y")
        )
        for n in HOSTILE_NAMES
    )
    text = page(Document(HOSTILE, (Figure(chart, HOSTILE), *named), (HOSTILE,)))
    with window(browser, watch) as context:
        shown = opened(context, tmp_path, text)
        shown.wait_for_timeout(300)
        assert shown.evaluate("window.hit") is None
        assert shown.title() == HOSTILE
        for place in ("h1", "h2", ".caption", ".reason", ".note", "details p", ".notes li"):
            ends = "." if place in (".reason", ".note") else ""
            assert shown.locator(place).first.text_content() == HOSTILE + ends, place
        assert shown.locator("script").count() == 2
        assert shown.locator("img:not(.picture)").count() == 0
        assert shown.evaluate("erpPainted(document).length") == 1 + len(HOSTILE_NAMES)
    assert watch.faults == []


def test_the_policy_lets_nothing_else_run_or_load(
    browser: Browser, watch: Watch, tmp_path: Path
) -> None:
    with window(browser, watch) as context:
        shown = opened(context, tmp_path, page(report(Figure(charts()[0]))))
        shown.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.hit = 1";
              document.body.append(script);
              const image = document.createElement("img");
              image.setAttribute("onerror", "window.hit = 1");
              image.src = "data:,";
              document.body.append(image);
            }"""
        )
        refused = "fetch('data:,x').then(() => 'loaded', () => 'refused')"
        assert shown.evaluate(refused) == "refused"
        shown.wait_for_timeout(300)
        assert shown.evaluate("window.hit") is None
    policy = page(report()).split('Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_nothing_in_the_file_points_outside() -> None:
    text = page(report())
    before_script = text[: text.index('<script type="application/json"')]
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"', before_script) == []
    style = text[text.index("<style>") : text.index("</style>")]
    assert re.findall(r"@import|url\(", style) == []


def test_an_empty_page_says_so() -> None:
    assert "No charts." in page(Document("Empty", ()))


def test_one_chart_that_cannot_be_drawn_costs_no_other(
    browser: Browser, watch: Watch, tmp_path: Path
) -> None:
    broken = replace(charts()[0], drawn={"mark": "nonsense"}, description="A broken chart.")
    (tmp_path / "page.html").write_text(
        page(report(Figure(broken), Figure(charts()[1]))), encoding="utf-8"
    )
    with window(browser, watch) as context:
        shown = context.new_page()
        shown.goto((tmp_path / "page.html").as_uri())
        shown.wait_for_selector(".drawn")
        assert shown.locator(".drawn").count() == 1
        assert "A broken chart." in shown.locator(".card").first.inner_text()
    assert watch.faults == []


def test_a_clone_without_browser_files_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page_module._script.cache_clear()
    monkeypatch.setattr(page_module, "SCRIPT", tmp_path / "page.js")
    with pytest.raises(ExportError, match="make setup"):
        page(report())
    page_module._script.cache_clear()
