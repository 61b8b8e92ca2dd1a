"""Owns how long a person waits: from running the cell to fifteen painted charts in JupyterLab."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from playwright.sync_api import Page, ViewportSize

from benchmarks.chromium import PAINTED, chromium, chromium_path
from benchmarks.figure import Figure
from benchmarks.jupyter import serve
from benchmarks.processes import RunError

REPEATS = 5
CHARTS = 15
GOAL_S = 1.5
WAIT_MS = 60_000
NOTEBOOK = "bench.ipynb"
#: Tall enough that every card is in view: charts out of view may be painted later.
VIEWPORT: ViewportSize = {"width": 1500, "height": 3200}
CELLS = (
    "import erp_widget as erp\nfrom benchmarks.tables import sales\nframe = sales(400)",
    "erp.recommend(frame)",
)

#: Runs the active cell; resolves with the milliseconds until enough new canvases of it are painted.
MEASURE = """
([wanted, limit]) => new Promise((resolve, reject) => {
  const began = performance.now();
  const known = new Set(erpPainted(document));
  const before = known.size;
  const look = () => {
    const cell = document.querySelector(".jp-Notebook .jp-Cell.jp-mod-active") ?? document;
    for (const canvas of erpPainted(cell, known)) known.add(canvas);
    const done = known.size - before;
    const taken = performance.now() - began;
    if (done >= wanted) resolve(taken);
    else if (taken > limit) reject(new Error(`${done} of ${wanted} charts painted`));
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
    what = "cell run to 15 charts painted, JupyterLab, warm kernel, 400 rows"
    try:
        chromium_path()
    except RunError as error:
        yield Figure.missing(what, str(error))
        return
    with serve() as server, chromium() as browser:
        server.write(NOTEBOOK, CELLS)
        page = browser.new_page(viewport=VIEWPORT)
        page.add_init_script(PAINTED)
        page.goto(server.page(NOTEBOOK))
        first_s, taken_s = _measure(page)
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
        taken_s.append(page.evaluate(MEASURE, [CHARTS, WAIT_MS]) / 1000)
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
