"""Owns the browser of measurements and tests: the system's Chromium, cut off from the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from benchmarks.processes import RunError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever is asked of another machine fails at once.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
NONE = (
    "no Chromium: install it (on Debian: apt-get install chromium, or run scripts/test_system.sh) "
    "or set CHROMIUM to its path"
)

#: Defines erpPainted(root, known): the canvases under it, shadow roots too, that hold more than one
#: colour, and Vega's drawings that hold marks; those known to do so are not looked at again.
PAINTED = """
globalThis.erpPainted = (() => {
  const small = Object.assign(document.createElement("canvas"), { width: 48, height: 48 });
  const pen = small.getContext("2d", { willReadFrequently: true });
  const canvases = (node) => [
    ...node.querySelectorAll("canvas, svg.marks"),
    ...[...node.querySelectorAll("*")].flatMap((n) => (n.shadowRoot ? canvases(n.shadowRoot) : [])),
  ];
  const painted = (canvas) => {
    if (canvas.tagName === "svg") return canvas.querySelector(".role-mark path") !== null;
    if (!canvas.width || !canvas.height) return false;
    pen.clearRect(0, 0, 48, 48);
    pen.drawImage(canvas, 0, 0, 48, 48);
    const pixels = new Uint32Array(pen.getImageData(0, 0, 48, 48).data.buffer);
    return pixels.some((pixel) => pixel !== pixels[0]);
  };
  return (root, known = new Set()) =>
    canvases(root).filter((canvas) => known.has(canvas) || painted(canvas));
})();
"""


def chromium_path() -> str:
    """Return the path of the browser.

    Raises
    ------
    RunError
        There is none; the message says how to get one.
    """
    found = next((path for path in map(shutil.which, (_named(), *NAMES)) if path), None)
    if found is None:
        raise RunError(NONE)
    return found


def _named() -> str:
    return os.environ.get("CHROMIUM", "")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*ARGUMENTS])
        try:
            yield browser
        finally:
            browser.close()
