"""Owns how long a person waits in JupyterLab, and what galleries cost the page and the notebook."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize

from benchmarks.chromium import PAINTED, chromium, chromium_path
from benchmarks.figure import Figure
from benchmarks.jupyter import Server, serve
from benchmarks.processes import ROOT, RunError

REPEATS = 5
CHARTS = 15
GOAL_S, GOAL_REPLY_MS, GOAL_NOTEBOOK_MB = 1.5, 100.0, 1.5
#: The kernel keeps the model of a gallery, with its charts and its module, while it lives.
GOAL_LEFT_MB = 0.5
#: Galleries whose memory is compared: the 20th should cost no more than the 3rd.
EARLY, LATE = 3, 20
WAIT_MS = 60_000
#: Until the picture of a gallery is drawn, and between two clicks of a person.
STILL_MS, PAUSE_MS = 5_000, 1_000
NOTEBOOK, REPORT = "bench.ipynb", "report.ipynb"
#: Tall enough that every card is in view: charts out of view may be painted later.
VIEWPORT: ViewportSize = {"width": 1500, "height": 3200}
CELLS = (
    "import erp_widget as erp\nfrom benchmarks.tables import sales\nframe = sales(400)",
    "erp.recommend(frame)",
)
#: Rows of the two tables whose first charts are compared.
FEW, MANY = 10_000, 10_000_000
GOAL_LARGE = 1.5
#: A notebook of its own for each kind.
PAINT_CELLS = {
    "pandas": (
        "import erp_widget as erp\nfrom benchmarks.tables import sales\n"
        f"few, many = sales({FEW}), sales({MANY})\n"
        "few.to_parquet('few.parquet'), many.to_parquet('many.parquet')\n"
        "len(erp.recommend(few))",
        "erp.recommend(few)",
        "erp.recommend(many)",
    ),
    "Parquet": (
        "import erp_widget as erp\nlen(erp.recommend('few.parquet'))",
        "erp.recommend('few.parquet')",
        "erp.recommend('many.parquet')",
    ),
}
REPORT_CELLS = (
    CELLS[0],
    "gallery = erp.recommend(frame)\ngallery",
    "for chart in gallery:\n    chart.save(report='bench')",
    "erp.report('bench')",
)

#: Runs the selected cell and resolves to the milliseconds until the first and until so many new
#: canvases are painted. Old canvases stay in the page while the new cell runs; only new ones count.
MEASURE = """
([wanted, limit]) => new Promise((resolve, reject) => {
  const began = performance.now();
  const known = new Set(erpPainted(document));
  const before = known.size;
  let first = null;
  const look = () => {
    const cell = document.querySelector(".jp-Notebook .jp-Cell.jp-mod-active") ?? document;
    for (const canvas of erpPainted(cell, known)) known.add(canvas);
    const done = known.size - before;
    const taken = performance.now() - began;
    if (done > 0) first ??= taken;
    if (done >= wanted) resolve([first, taken]);
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
#: Whether the first cell runs, and whether it has run.
BEGUN = """
() => /[*\\d]/.test(document.querySelector(".jp-Notebook .jp-InputPrompt").textContent)
"""
RAN = """
() => /\\d/.test(document.querySelector(".jp-Notebook .jp-InputPrompt").textContent)
"""
#: Clicks Cancel, and resolves when the kernel has heard it.
CANCEL = """
() => new Promise((resolve) => {
  const gallery = document.querySelector(".jp-Cell.jp-mod-active .erp-gallery").shadowRoot;
  const look = () => {
    const work = gallery.querySelector(".work");
    if (work.hidden) return resolve();
    work.querySelector(".cancel").click();
    setTimeout(look, 200);
  };
  look();
})
"""
#: Clicks the save button of a card, and resolves to the milliseconds until the card says so.
REPLY = """
(place) => new Promise((resolve) => {
  const gallery = document.querySelector(".jp-Cell.jp-mod-active .erp-gallery").shadowRoot;
  const card = gallery.querySelectorAll(".card")[place];
  const began = performance.now();
  const look = () =>
    card.dataset.state === "saved" ? resolve(performance.now() - began) : setTimeout(look, 1);
  card.querySelector(".save").click();
  look();
})
"""


def figures() -> Iterator[Figure]:
    """Run cells in a warm kernel and watch the pixels, the memory and the file."""
    what = "cell run to 15 charts painted, JupyterLab, warm kernel, 400 rows"
    try:
        chromium_path()
    except RunError as error:
        yield Figure.missing(what, str(error))
        return
    with serve() as server, chromium() as browser:
        page = _opened(browser.new_page(viewport=VIEWPORT), server, NOTEBOOK, CELLS)
        _run_first(page)
        taken = [page.evaluate(MEASURE, [CHARTS, WAIT_MS]) for _ in _idle_times(page, REPEATS + 1)]
        cold_s, warm = taken[0][1] / 1000, taken[1:]
        detail = f"  (first run of the kernel {cold_s:.2f} s; {REPEATS} repeats)"
        yield Figure.at_most(what, _median_s(warm, 1), GOAL_S, " s", detail)
        yield Figure("cell run to the first chart painted", f"{_median_s(warm, 0):.2f} s")
        yield from _replies(page)
        yield from _first_paint(browser, server)
        yield from _memory(page)
        yield from _notebook_sizes(page, server)


def _opened(page: Page, server: Server, name: str, cells: tuple[str, ...]) -> Page:
    server.write(name, cells)
    page.add_init_script(PAINTED)
    page.goto(server.page(name))
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=WAIT_MS)
    _idle(page)
    return page


def _run_first(page: Page) -> None:
    """Run the first cell, and leave the second selected."""
    first = page.locator(".jp-Notebook .jp-CodeCell").first
    # While the kernel starts, JupyterLab may forget what it was asked to run.
    while not page.evaluate(BEGUN):
        first.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(2_000)
    page.wait_for_function(RAN, timeout=10 * WAIT_MS)
    _idle(page)
    page.keyboard.press("Escape")


def _idle_times(page: Page, times: int) -> Iterator[None]:
    """Give so many turns, each in an idle kernel."""
    for _ in range(times):
        yield None
        _idle(page)


def _median_s(taken: list[list[float]], place: int) -> float:
    return statistics.median(one[place] for one in taken) / 1000


def _replies(page: Page) -> Iterator[Figure]:
    """Click as a person does, and then without a pause: each report is drawn before the next."""
    page.wait_for_timeout(STILL_MS)
    calm = []
    for place in range(REPEATS):
        calm.append(page.evaluate(REPLY, place))
        page.wait_for_timeout(PAUSE_MS)
        _idle(page)
    yield Figure.at_most("click to saved", statistics.median(calm), GOAL_REPLY_MS, " ms")
    hasty = [page.evaluate(REPLY, place) for place in range(REPEATS, 2 * REPEATS)]
    yield Figure("click to saved, clicks without a pause", f"{statistics.median(hasty):.0f} ms")


def _first_paint(browser: Browser, server: Server) -> Iterator[Figure]:
    """Compare tables of few and many rows: both must show a first chart at about the same time."""
    for kind, cells in PAINT_CELLS.items():
        page = browser.new_page(viewport=VIEWPORT)
        _opened(page, server, f"{kind}.ipynb", cells)
        _run_first(page)
        taken = [[_first_s(page, place) for place in (1, 2)] for _ in range(REPEATS + 1)]
        page.close()
        few, many = (statistics.median(times) for times in zip(*taken[1:], strict=True))
        what = f"first chart painted, {kind}, {MANY:,} rows / {FEW:,} rows"
        detail = f"  ({many:.2f} s / {few:.2f} s; medians of {REPEATS})"
        yield Figure.at_most(what, many / few, GOAL_LARGE, "x", detail)


def _first_s(page: Page, place: int) -> float:
    """Run a cell, and return the seconds until its first chart is painted."""
    # Cells far from those in view are hidden from the mouse.
    page.keyboard.press("Escape")
    for _ in range(len(PAINT_CELLS)):
        page.keyboard.press("ArrowUp")
    for _ in range(place):
        page.keyboard.press("ArrowDown")
    first = float(page.evaluate(MEASURE, [1, WAIT_MS])[0])
    _idle(page)
    page.evaluate(CANCEL)
    _idle(page)
    return first / 1000


def _memory(page: Page) -> Iterator[Figure]:
    """Run the cell again and again: a late gallery must cost the page no more than an early one."""
    session = page.context.new_cdp_session(page)
    used, nodes = [], []
    for _ in range(LATE):
        page.evaluate(MEASURE, [CHARTS, WAIT_MS])
        _idle(page)
        used.append(_used_mb(session))
        nodes.append(session.send("Memory.getDOMCounters")["nodes"])
    early = (used[EARLY - 1] - used[0]) / (EARLY - 1)
    late = (used[-1] - used[EARLY - 1]) / (LATE - EARLY)
    what = f"script memory that a gallery leaves in the page, up to gallery {LATE} of one cell"
    detail = f"  ({used[-1]:.0f} MB in all; up to gallery {EARLY} {early:.2f} MB each)"
    yield Figure.at_most(what, late, max(round(early, 2), GOAL_LEFT_MB), " MB", detail)
    kept = f"{nodes[EARLY - 1]:,}, {nodes[-1]:,}"
    yield Figure(f"DOM nodes after gallery {EARLY} and {LATE}", kept, "", None)


def _used_mb(session: CDPSession) -> float:
    """Return the bytes that scripts hold once all that is free was collected."""
    session.send("HeapProfiler.collectGarbage")
    found: dict[str, Any] = session.send("Runtime.getHeapUsage")
    return float(found["usedSize"]) / 1e6


def _notebook_sizes(page: Page, server: Server) -> Iterator[Figure]:
    """Save a notebook with one gallery and a report of fifteen charts, and weigh it."""
    _opened(page, server, REPORT, REPORT_CELLS)
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    for _ in REPORT_CELLS:
        page.keyboard.press("Shift+Enter")
    _idle(page)
    # The picture of the gallery is drawn after its charts.
    page.wait_for_timeout(STILL_MS)
    _idle(page)
    with page.expect_response(lambda reply: reply.request.method == "PUT", timeout=WAIT_MS):
        page.keyboard.press("Control+s")
    written = (server.work / REPORT).read_text(encoding="utf-8")
    outputs = [len(json.dumps(cell.get("outputs", []))) for cell in json.loads(written)["cells"]]
    detail = f"  (gallery {outputs[1] / 1e6:.2f} MB, report {outputs[3] / 1e6:.2f} MB)"
    what = "saved notebook, one gallery and a report of 15"
    yield Figure.at_most(what, len(written.encode()) / 1e6, GOAL_NOTEBOOK_MB, " MB", detail)
    yield _batch_size()


def _batch_size() -> Figure:
    """Run the same notebook as nbclient does, which keeps the state of widgets, if there is any."""
    cells = [nbformat.v4.new_code_cell(cell) for cell in REPORT_CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with tempfile.TemporaryDirectory(prefix="erp-batch-") as folder:
        client = NotebookClient(notebook, kernel_name="python3", timeout=WAIT_MS // 1000)
        store = str(Path(folder) / "store.sqlite3")
        client.execute(env=dict(os.environ) | {"ERP_STORE": store, "PYTHONPATH": str(ROOT)})
    state = len(json.dumps(notebook.metadata.get("widgets", {})))
    n_bytes = len(nbformat.writes(notebook).encode())
    what = "the same run by nbclient, widget state included"
    detail = f"  (widget state {state / 1e6:.2f} MB)"
    return Figure.at_most(what, n_bytes / 1e6, GOAL_NOTEBOOK_MB, " MB", detail)


def _idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    try:
        page.wait_for_timeout(300)
        page.wait_for_selector(
            '.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=WAIT_MS, state="attached"
        )
    except Exception as error:
        raise RunError(f"the kernel is never idle: {error}") from error
