"""Owns what a person does with a gallery beyond saving, in JupyterLab, with hostile names."""

from __future__ import annotations

import re

from artifacts import picture
from gallery_page import GalleryPage
from notebook_page import OpenNotebook
from playwright.sync_api import Page, expect
from test_looks import BEYOND, load_axe, use_theme, violations

from benchmarks.jupyter import Server

#: Names and values that would do harm as markup, and such that are merely long or odd.
HOSTILE = r"""import erp_widget as erp
image = '<img src=x onerror="document.title=1">'
table = {
    image: [image, "javascript:alert(1)", "it's \"quoted\"", "\u202eright to left"] * 60,
    "emoji 😀": ["🦊", "🐻", "🐼", "x" * 10_000, "<script>document.title=2</script>"] * 48,
    "a.b[c]'d": [float(n * 7 % 31) for n in range(240)],
    "costs": [float(n * 11 % 37) + n / 9 for n in range(240)],
    "grade": [n * n % 7 % 5 for n in range(240)],
}
table = {name: values[:240] for name, values in table.items()}"""
#: A long table: its charts show one indicator.
LONG = r"""import erp_widget as erp
image = '<img src=x onerror="document.title=1">'
rows = [(y, k, a) for y in range(1990, 2020) for k in ("GDP", image, "Debt", "Aid") for a in "NS"]
table = {name: list(column) for name, column in zip(("year", "indicator", "area"), zip(*rows))}
table["value"] = [float(n * 7 % 131 + 1) for n in range(len(rows))]"""
#: Stays in a hotel, of which one asks what the model does not guess.
STAYS = r"""import numpy as np, pandas as pd, erp_widget as erp
rng, n = np.random.default_rng(4), 400
room = rng.choice(["single", "double", "suite"], n, p=[0.5, 0.35, 0.15])
lead = rng.gamma(2, 20, n).round()
stays = pd.DataFrame({
    "arrival": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, n), "D"),
    "room": room,
    "rate": (60 + 40.0 * (room == "double") + rng.normal(0, 12, n)).round(2),
    "lead_days": lead,
    "guests": rng.integers(1, 5, n),
    "cancelled": np.where(rng.random(n) < 0.1 + 0.004 * lead, "yes", "no"),
})"""
ZOOMED = {"width": 700, "height": 500}
#: Elements in which something was made of the hostile texts, and texts that are cut off.
MARKED_UP = "(root) => root.shadowRoot.querySelectorAll('img, script, a, iframe, object').length"
CUT_OFF = """
(root) => [...root.shadowRoot.querySelectorAll(".card button, .card p, .card h4, .chip button")]
  .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 200))
"""


def test_a_person_narrows_turns_and_undoes(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(
        lab, "changes.ipynb", [HOSTILE, "erp.recommend(table, name=image)", "# the end"]
    )
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    page = notebook.page
    before = titles(gallery)
    # Chips: by mouse and back by keyboard.
    gallery.chip("costs").click()
    narrowed = re.compile(rf"^\d+ of {len(before)} charts shown$")
    expect(gallery.root.locator(".count")).to_have_text(narrowed)
    page.keyboard.press("Enter")
    expect(gallery.cards).to_have_count(len(before))
    # Rows of the table, as text, and away again.
    rows = gallery.root.get_by_role("button", name="Look at rows of the table")
    rows.click()
    expect(gallery.root.locator(".table td").first).to_be_visible()
    picture(page, "lab-rows")
    rows.click()
    # More like this, and back.
    gallery.cards.nth(0).get_by_role("button", name=re.compile("^More like this")).click()
    expect(gallery.root.locator(".fresh").first).to_be_visible()
    assert titles(gallery)[0] == before[0]
    picture(page, "lab-more-like-this")
    gallery.root.locator(".fresh").first.get_by_role("button", name="Undo").click()
    expect(gallery.cards).to_have_count(len(before))
    # Not this, by the keyboard; the focus stays at its place.
    gallery.cards.nth(1).focus()
    page.keyboard.press("n")
    expect(gallery.cards.nth(1)).to_contain_text("In place of")
    expect(gallery.cards.nth(1)).to_be_focused()
    gallery.root.get_by_role("button", name=re.compile("^Undo: Not")).click()
    expect(gallery.root.locator(".back")).to_be_hidden()
    assert titles(gallery) == before
    # Next, then edit the last and save it: a chart like any other.
    gallery.root.get_by_role("button", name="Next 15").click()
    expect(gallery.root.locator(".count")).not_to_have_text(f"{len(before)} charts, best first")
    expect(gallery.root.locator(".work")).to_be_hidden()
    edited = edit_some_chart(gallery)
    gallery.save_by_mouse(edited)
    look_closely(gallery, page)
    # Another type of a column gives the list anew.
    gallery.root.get_by_role("button", name=re.compile("^Type of grade")).click()
    picture(page, "lab-type-of-a-column")
    gallery.root.get_by_role("menuitemradio", name=re.compile("^Nominal")).click()
    expect(
        gallery.root.get_by_role("button", name=re.compile("grade: nominal, chosen"))
    ).to_be_visible()
    assert gallery.root.evaluate(MARKED_UP) == 0
    assert page.title() not in ("1", "2")


def test_a_person_chooses_what_a_slice_shows(lab: Server, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(lab, "levels.ipynb", [LONG, "erp.recommend(table, name=image)", "#"])
    notebook.run(0)
    gallery = GalleryPage(notebook, 1).show()
    place = next(n for n, title in enumerate(titles(gallery)) if "where indicator is" in title)
    card = gallery.cards.nth(place)
    before = gallery.title(place)
    card.get_by_role("button", name=re.compile("^indicator: ")).click()
    menu = gallery.root.get_by_role("menu")
    expect(menu.get_by_role("menuitemradio")).to_have_count(4)
    picture(notebook.page, "lab-level-of-a-slice")
    menu.get_by_role("menuitemradio", name="onerror").click()
    expect(card.get_by_role("heading")).to_contain_text("<img src=x")
    expect(card).to_contain_text("Showing indicator: <img")
    title = gallery.save_by_mouse(place)
    expect(notebook.cell(2).get_by_role("heading", name=title)).to_be_visible()
    load_axe(notebook.page)
    assert violations(gallery) == []
    picture(notebook.page, "lab-level-of-a-slice-chosen")
    gallery.root.get_by_role("button", name=re.compile("^Undo: Showing indicator")).click()
    expect(card.get_by_role("heading")).to_have_text(before)
    assert gallery.root.evaluate(MARKED_UP) == 0
    assert notebook.page.title() != "1"


def test_a_person_says_what_the_table_is_asked_about(
    lab: Server, open_notebook: OpenNotebook
) -> None:
    call = 'erp.recommend(stays, k=6, about="rate", name="stays")'
    notebook = open_notebook(lab, "about.ipynb", [STAYS, call, "# the end"])
    notebook.run(0)
    gallery, page = GalleryPage(notebook, 1).show(), notebook.page
    about = gallery.root.get_by_role("button", name=re.compile("^About: "))
    expect(about).to_have_text("About: rate")
    before = titles(gallery)
    assert all("rate" in title for title in before[:3])
    # By the keyboard alone; what was saved stays so.
    saved = gallery.save_by_mouse(0)
    about.focus()
    page.keyboard.press("Enter")
    expect(gallery.root.get_by_role("menuitemcheckbox", name="rate")).to_be_focused()
    picture(page, "lab-about")
    page.keyboard.press("End")
    expect(gallery.root.get_by_role("menuitem", name=re.compile("^As it is"))).to_be_focused()
    cancelled = gallery.root.get_by_role("menuitemcheckbox", name="cancelled")
    while not cancelled.evaluate("(item) => item.matches(':focus')"):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(about).to_have_text("About: cancelled")
    expect(about).to_be_focused()
    expect(gallery.root.locator(".work")).to_be_hidden()
    assert all("cancelled" in title for title in titles(gallery)[:3])
    why = gallery.cards.nth(0).get_by_role("button", name=re.compile("^Why"))
    why.click()
    expect(gallery.cards.nth(0)).to_contain_text("You asked about cancelled")
    why.click()
    for theme in ("light", "dark"):
        use_theme(page, f"JupyterLab {theme.title()}")
        load_axe(page)
        assert violations(gallery) == []
        gallery.root.scroll_into_view_if_needed()
        picture(page, f"lab-about-{theme}")
    # Another beside it, by its sign.
    about.click()
    gallery.root.get_by_role("menuitem", name="rate as well").click()
    expect(about).to_have_text("About: cancelled and rate")
    gallery.root.get_by_role("button", name=re.compile("^Undo: About cancelled and rate")).click()
    expect(about).to_have_text("About: cancelled")
    size = page.viewport_size
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    page.wait_for_timeout(500)
    about.click()
    picture(page, "lab-about-narrow")
    page.keyboard.press("Escape")
    assert gallery.root.evaluate(BEYOND) == []
    assert size is not None
    page.set_viewport_size(size)
    gallery.root.get_by_role("button", name="Undo: About cancelled").click()
    expect(about).to_have_text("About: rate")
    assert titles(gallery) == before
    expect(gallery.cards.nth(0)).to_have_attribute("data-state", "saved")
    assert titles(gallery)[0] == saved


def edit_some_chart(gallery: GalleryPage) -> int:
    """Give the first chart that can have one another mark; return its place."""
    for place in range(gallery.cards.count()):
        gallery.cards.nth(place).get_by_role("button", name=re.compile("^Edit ")).click()
        menu = gallery.root.get_by_role("menu")
        expect(menu).to_be_visible()
        marks = menu.get_by_role("group", name="Mark").get_by_role("menuitemradio", checked=False)
        if marks.count() > 0:
            picture(gallery.notebook.page, "lab-edit")
            marks.first.click()
            expect(gallery.cards.nth(place)).to_contain_text("Edited from")
            return place
        gallery.notebook.page.keyboard.press("Escape")
    raise AssertionError("no chart can have another mark")


def look_closely(gallery: GalleryPage, page: Page) -> None:
    """Enlarge a chart, look for barriers, and do so at twice the size too."""
    gallery.cards.nth(0).focus()
    page.keyboard.press("f")
    dialog = gallery.root.get_by_role("dialog")
    expect(dialog.locator("canvas")).to_be_visible()
    picture(page, "lab-enlarged")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(gallery.cards.nth(0)).to_be_focused()
    gallery.cards.nth(0).get_by_role("button", name=re.compile("^Why")).click()
    load_axe(page)
    assert violations(gallery) == []
    size = page.viewport_size
    # A window of half the size is what twice the zoom leaves.
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    gallery.root.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    picture(page, "lab-zoomed")
    assert gallery.root.evaluate(BEYOND) == []
    assert gallery.root.evaluate(CUT_OFF) == []
    assert violations(gallery) == []
    assert size is not None
    page.set_viewport_size(size)


def titles(gallery: GalleryPage) -> list[str]:
    """Return the titles of the cards, in order."""
    return gallery.cards.get_by_role("heading").all_inner_texts()
