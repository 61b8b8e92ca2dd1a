"""Owns how long a person waits: from running the cell to fifteen painted charts in JupyterLab."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator

from playwright.sync_api import Page, ViewportSize, sync_playwright

from benchmarks.figure import Figure
from benchmarks.jupyter import jupyterlab
from benchmarks.processes import RunError

REPEATS = 5
CHARTS = 15
GOAL_S = 1.5
WAIT_MS = 60_000
#: Tall enough that every card is in view: charts out of view may be painted later.
VIEWPORT: ViewportSize = {"width": 1500, "height": 3200}
CELLS = (
    "import erp_widget as erp\nfrom benchmarks.tables import sales\nframe = sales(400)",
    "erp.recommend(frame)",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Resolves with the milliseconds until enough canvases of the cell hold more than one colour.
PAINTED = """
([wanted, limit]) => new Promise((resolve, reject) => {
  const began = performance.now();
  const done = new Set();
  const small = Object.assign(document.createElement("canvas"), { width: 48, height: 48 });
  const pen = small.getContext("2d", { willReadFrequently: true });
  const canvases = (node) => [
    ...node.querySelectorAll("canvas"),
    ...[...node.querySelectorAll("*")].flatMap((n) => (n.shadowRoot ? canvases(n.shadowRoot) : [])),
  ];
  const painted = (canvas) => {
    if (!canvas.width || !canvas.height) return false;
    pen.clearRect(0, 0, 48, 48);
    pen.drawImage(canvas, 0, 0, 48, 48);
    const pixels = new Uint32Array(pen.getImageData(0, 0, 48, 48).data.buffer);
    return pixels.some((pixel) => pixel !== pixels[0]);
  };
  const old = new Set(canvases(document));
  const look = () => {
    const cell = document.querySelector(".jp-Notebook .jp-Cell.jp-mod-active") ?? document;
    for (const canvas of canvases(cell)) {
      if (!old.has(canvas) && !done.has(canvas) && painted(canvas)) done.add(canvas);
    }
    const taken = performance.now() - began;
    if (done.size >= wanted) resolve(taken);
    else if (taken > limit) reject(new Error(`${done.size} of ${wanted} charts painted`));
    else requestAnimationFrame(look);
  };
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", {
      key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true,
    }),
  );
  look();
})
"""


def figures() -> Iterator[Figure]:
    """Run the cell again and again in a warm kernel and watch the pixels."""
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    what = "cell run to 15 charts painted, JupyterLab, warm kernel, 400 rows"
    if browser is None:
        yield Figure.missing(what, "no Chromium")
        return
    with jupyterlab(CELLS) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport=VIEWPORT)
        page.goto(server.notebook_address)
        first_s, taken_s = _measure(page)
        chromium.close()
    detail = f"  (first run of the kernel {first_s:.2f} s; {REPEATS} repeats)"
    yield Figure.at_most(what, statistics.median(taken_s), GOAL_S, " s", detail)


def _measure(page: Page) -> tuple[float, list[float]]:
    """Return seconds of the first run, which loads everything, and of the runs after it."""
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=WAIT_MS)
    _idle(page)
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    _idle(page)
    page.keyboard.press("Escape")
    taken_s = []
    for _ in range(REPEATS + 1):
        taken_s.append(page.evaluate(PAINTED, [CHARTS, WAIT_MS]) / 1000)
        _idle(page)
    return taken_s[0], taken_s[1:]


def _idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    try:
        page.wait_for_timeout(300)
        page.wait_for_selector(
            '.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=WAIT_MS, state="attached"
        )
    except Exception as error:
        raise RunError(f"the kernel is never idle: {error}") from error
