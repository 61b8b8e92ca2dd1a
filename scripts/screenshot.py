"""Makes the picture of the README: the tour's gallery in JupyterLab, one chart saved."""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The browser tests know how a person opens, runs and clicks.
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from gallery_page import GalleryPage  # noqa: E402
from notebook_page import NotebookPage  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

from benchmarks.chromium import PAINTED, chromium  # noqa: E402
from benchmarks.jupyter import serve  # noqa: E402

TOUR = ROOT / "notebooks" / "start.ipynb"
#: Cells of the tour: the table, the gallery.
TABLE, GALLERY = 1, 3
WIDTH, HEIGHT = 1400, 1000
MAX_BYTES = 400_000


def main() -> int:
    """Run the tour as far as its gallery and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=ROOT / "docs" / "gallery.png")
    path = parser.parse_args().path
    path.parent.mkdir(parents=True, exist_ok=True)
    with serve("jupyterlab") as server, chromium() as browser:
        shutil.copy(TOUR, server.work / TOUR.name)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.add_init_script(PAINTED)
        notebook = NotebookPage(page, server, TOUR.name).open()
        page.keyboard.press("Control+b")
        notebook.run(TABLE)
        notebook.run(GALLERY)
        _arrange(GalleryPage(notebook, GALLERY).show())
        path.write_bytes(small_png(_calm(page)))
    sys.stdout.write(f"{path}  ({path.stat().st_size / 1000:.0f} KB)\n")
    return 0


def _arrange(gallery: GalleryPage) -> None:
    """Save the first chart and put the top of the gallery's cell at the top of the view."""
    gallery.save_by_mouse(0)
    gallery.cell.evaluate("cell => cell.scrollIntoView({ block: 'start' })")


def _calm(page: Page) -> bytes:
    """Return the picture of a page that nothing on it hovers over and that moves no more."""
    page.mouse.move(0, HEIGHT - 1)
    page.evaluate("() => new Promise((done) => setTimeout(done, 500))")
    return page.screenshot(animations="disabled", caret="hide")


def small_png(picture: bytes) -> bytes:
    """Return a picture as a PNG of few colours where it would be too large for a README."""
    if len(picture) <= MAX_BYTES:
        return picture
    written = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(written, "png", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
