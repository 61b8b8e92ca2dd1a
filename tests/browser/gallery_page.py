"""Owns a gallery in the browser as a person sees and uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notebook_page import NotebookPage
from playwright.sync_api import Locator, expect

CHARTS = 15


@dataclass(frozen=True)
class GalleryPage:
    """The gallery in one cell of a notebook."""

    notebook: NotebookPage
    index: int

    @property
    def cell(self) -> Locator:
        """The cell that shows it."""
        return self.notebook.cell(self.index)

    @property
    def root(self) -> Locator:
        """Its outermost element."""
        return self.cell.locator(".erp-gallery")

    @property
    def cards(self) -> Locator:
        """The cards, best first."""
        return self.cell.locator("article.card")

    @property
    def status(self) -> Locator:
        """What it tells the person."""
        return self.cell.locator(".status")

    def chip(self, name: str) -> Locator:
        """Return the button that narrows the gallery to a column or mark."""
        label = self.notebook.page.locator(".label").get_by_text(name, exact=True)
        return self.cell.locator(".chip-name", has=label)

    def show(self) -> GalleryPage:
        """Run the cell and wait until every chart is painted, however many there are."""
        self.notebook.run(self.index)
        expect(self.root.locator(".count")).to_have_text(re.compile(r"^\d+ charts?, best first$"))
        expect(self.cell.locator("article.card.pending")).to_have_count(0)
        self.notebook.wait_painted(self.cell, self.cards.count())
        return self

    def title(self, place: int) -> str:
        """Return the title of a card."""
        return self.cards.nth(place).get_by_role("heading").inner_text()

    def save_by_mouse(self, place: int) -> str:
        """Click a card's button, wait for the reply, and return the chart's title."""
        self.cards.nth(place).get_by_role("button", name=re.compile("^Save ")).click()
        return self._saved(place)

    def save_by_keyboard(self, place: int) -> str:
        """Go to a card with the arrows from the one that Tab comes to, and press S."""
        self.root.locator('article.card[tabindex="0"]').focus()
        for _ in range(place):
            self.notebook.page.keyboard.press("ArrowRight")
        expect(self.cards.nth(place)).to_be_focused()
        self.notebook.page.keyboard.press("s")
        return self._saved(place)

    def undo(self, place: int) -> None:
        """Take a save back and wait for the reply."""
        card = self.cards.nth(place)
        title = self.title(place)
        card.get_by_role("button", name=re.compile("^Undo ")).click()
        expect(card).to_have_attribute("data-state", "open")
        expect(self.status).to_contain_text(f"Taken back: “{title}”")

    def _saved(self, place: int) -> str:
        card = self.cards.nth(place)
        title = self.title(place)
        expect(card).to_have_attribute("data-state", "saved")
        expect(card.get_by_role("button", name=f"Saved “{title}”")).to_be_visible()
        expect(self.status).to_contain_text(f"Saved: “{title}”")
        expect(self.status).to_be_in_viewport()
        return title
