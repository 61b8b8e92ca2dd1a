"""Owns the pictures that the browser tests leave for people to look at."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "artifacts"


def picture(page: Page, name: str) -> Path:
    """Keep a picture of what the page shows now."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{re.sub(r'[^A-Za-z0-9-]+', '-', name).strip('-')}.png"
    page.screenshot(path=path)
    return path
