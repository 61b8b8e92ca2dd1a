"""Owns what the chart service takes and gives: many kernels at once, memory, and what it saves."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.chart_service import ChartService, chart_service
from benchmarks.figure import Figure
from benchmarks.processes import ROOT, RunError
from benchmarks.tables import sales
from erp_widget.service.client import MEDIA_TYPE, PATH, Line, ServiceDecoder
from erp_widget.service.exchange import Place, post
from erp_widget.service.settings import cores
from erp_widget.sources import open_table
from vizmodel.decoder import Ask
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.wire import write_request

KERNELS = (1, 8, 32, 100)
#: Seconds for which kernels ask, one list after the other without a pause for thought.
LOAD_S = 6.0
BATCH = 8
#: Prints what a kernel keeps in memory after a gallery, in MB.
CHILD = """
from pathlib import Path
import erp_widget as erp
from benchmarks.tables import sales
len(erp.recommend(sales(400), store=":memory:"))
lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024)
"""


def figures() -> Iterator[Figure]:
    """Measure a service with as many replicas as there are processors, on this very machine."""
    table = open_table(sales(400))
    profile = profile_table(table.sample(), table.n_rows, table.casts)
    replicas = str(cores())
    for batch in (1, BATCH):
        with chart_service(
            "--replicas", replicas, "--batch", str(batch), "--queue", "200"
        ) as running:
            for n_kernels in KERNELS:
                yield _answers(running, write_request([Ask(profile)]), n_kernels, batch)
    with chart_service("--replicas", replicas) as running:
        for n_kernels in KERNELS:
            yield from _kernels(running, profile, n_kernels)
        yield Figure(
            "memory of the service with its replicas",
            f"{sum(running.memory_mb().values()):,.0f} MB",
        )
        yield from _memory(running)


def _answers(running: ChartService, body: bytes, n_kernels: int, batch: int) -> Figure:
    """Return how fast the service answers those who wait as long as it takes."""
    place, refused = Place.of(running.address), threading.Semaphore(0)
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Authorization": f"token {running.token}",
        "X-ERP-Deadline-Ms": "10000",
    }

    def ask(_: int) -> None:
        if post(place, PATH, body, headers, 30).status != 200:
            refused.release()

    times, seconds = _load(n_kernels, ask)
    n_refused = 0
    while refused.acquire(blocking=False):
        n_refused += 1
    rate = (len(times) - n_refused) / seconds
    batched = f"batches of up to {batch}" if batch > 1 else "no batches"
    what = f"service, {n_kernels} at once, {batched}"
    more = f", {n_refused} refused" if n_refused else ""
    return Figure(what, f"{_quantiles(times)}, {rate:.1f} a second{more}")


def _kernels(running: ChartService, profile: Profile, n_kernels: int) -> Iterator[Figure]:
    """Return what users of kernels see, each with its deadline and its pauses.

    They share this process, so those that decode by themselves wait for each other.
    """
    lines = [Line() for _ in range(n_kernels)]
    failed: list[Exception] = []
    for name, value in running.environment.items():
        os.environ[name] = value

    def ask(kernel: int) -> None:
        try:
            assert recommend(profile, 15, decoder=ServiceDecoder(running.address, lines[kernel]))
        except Exception as error:
            failed.append(error)

    times, _ = _load(n_kernels, ask)
    answered, own = (sum(getattr(x, part) for x in lines) for part in ("answered", "fallen_back"))
    detail = f"; {answered} by the service, {own} by the kernels themselves"
    yield Figure(f"{n_kernels} kernels, a list of charts", _quantiles(times) + detail)
    what = f"{n_kernels} kernels, lists that failed"
    yield Figure.at_most(what, len(failed), 0, f" of {len(times)}")


def _load(n_kernels: int, ask: Callable[[int], None]) -> tuple[list[float], float]:
    """Let kernels ask at once and again for a while; return how long each answer took, and all."""
    times: list[float] = []
    start = time.monotonic()
    until = start + LOAD_S

    def run(kernel: int) -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            ask(kernel)
            times.append(time.monotonic() - began)

    kernels = [threading.Thread(target=run, args=(place,)) for place in range(n_kernels)]
    for one in kernels:
        one.start()
    for one in kernels:
        one.join()
    return times, time.monotonic() - start


def _quantiles(times: Sequence[float]) -> str:
    if len(times) < 2:
        return "p50 and p99 of nothing"
    cuts = statistics.quantiles(times, n=100)
    return f"p50 {cuts[49] * 1000:,.0f} ms, p99 {cuts[98] * 1000:,.0f} ms"


def _memory(running: ChartService) -> Iterator[Figure]:
    served = _kernel_mb(running.environment)
    tensorflow = _kernel_mb({"ERP_RUNTIME": "keras"})
    own = _kernel_mb({})
    detail = f"  ({own:,.0f} with its own LiteRT, {tensorflow:,.0f} with its own TensorFlow)"
    what = "memory of a kernel that the service serves"
    yield Figure.at_most(what, served, tensorflow / 2, " MB", detail)


def _kernel_mb(environment: Mapping[str, str]) -> float:
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("ERP_", "JUPYTERHUB_"))}
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        env=bare | {"ERP_SERVICE_DEADLINE_MS": "20000"} | dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
    return float(done.stdout.split()[-1])
