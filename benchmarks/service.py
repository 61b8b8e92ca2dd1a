"""Owns what the chart service takes and gives: many kernels at once, memory, and what it saves."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from benchmarks.chart_service import ChartService, chart_service
from benchmarks.figure import Figure
from benchmarks.processes import ROOT, RunError
from benchmarks.tables import sales
from erp_widget.service.client import MEDIA_TYPE, PATH, Line, ServiceDecoder
from erp_widget.service.exchange import Place, post
from erp_widget.service.settings import cores
from erp_widget.sources import open_table
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.search.decoder import Ask
from vizmodel.wire import write_request

KERNELS = (1, 8, 32, 100)
#: Seconds for which kernels ask, one list after the other without a pause for thought.
LOAD_S = 5.0
#: Who runs the network, and how many tables go through it together.
RUNTIMES = (("numpy", 1), ("numpy", 8), ("keras", 1), ("keras", 16))
#: Processes that kernels are spread over: in a single one, those that decode by themselves would
#: wait for each other as no kernel does.
PROCESSES = 4
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
    profile, replicas = _profile(), str(cores())
    for runtime, batch in RUNTIMES:
        given = ("--runtime", runtime, "--batch", str(batch), "--queue", "200")
        with chart_service("--replicas", replicas, *given) as running:
            for n_kernels in KERNELS:
                found = _answers(running, write_request([Ask(profile)]), n_kernels)
                yield Figure(_what(runtime, batch, n_kernels), found)
    with chart_service("--replicas", replicas) as running:
        for n_kernels in KERNELS:
            yield from _kernels(running, n_kernels)
        yield Figure(
            "memory of the service with its replicas",
            f"{sum(running.memory_mb().values()):,.0f} MB",
        )
        yield from _memory(running)


def _profile() -> Profile:
    table = open_table(sales(400))
    return profile_table(table.sample(), table.n_rows, table.casts)


def _what(runtime: str, batch: int, n_kernels: int) -> str:
    name = {"numpy": "numpy", "keras": "TensorFlow"}[runtime]
    batched = f"batches of up to {batch}" if batch > 1 else "no batches"
    return f"service, {n_kernels} at once, {name}, {batched}"


def _answers(running: ChartService, body: bytes, n_kernels: int) -> str:
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
    more = f", {n_refused} refused" if n_refused else ""
    return f"{_quantiles(times)}, {rate:.1f} a second{more}"


@dataclass(frozen=True, slots=True)
class Served:
    """What the kernels of a process saw: times of their lists, who decoded, and what failed."""

    times: list[float]
    answered: int
    fallen_back: int
    failed: list[str]


def _kernels(running: ChartService, n_kernels: int) -> Iterator[Figure]:
    """Return what users of kernels see, each with its deadline and its pauses."""
    count = min(n_kernels, PROCESSES)
    sizes = [n_kernels // count + (place < n_kernels % count) for place in range(count)]
    context = get_context("spawn")
    given = (context.Barrier(count), running.environment)
    with ProcessPoolExecutor(count, context, _prepare, given) as processes:
        parts = list(processes.map(_asked, [running.address] * count, sizes))
    times = [time for part in parts for time in part.times]
    answered, own = (sum(getattr(x, name) for x in parts) for name in ("answered", "fallen_back"))
    detail = f"; {answered} by the service, {own} by the kernels themselves"
    yield Figure(f"{n_kernels} kernels, a list of charts", _quantiles(times) + detail)
    failed = sum(len(part.failed) for part in parts)
    yield Figure.at_most(f"{n_kernels} kernels, lists that failed", failed, 0, f" of {len(times)}")


def _prepare(together: Barrier, environment: Mapping[str, str]) -> None:
    """Make a process ready for its kernels: what the first list costs is measured elsewhere."""
    global _together
    os.environ |= environment
    assert recommend(_profile(), 15)
    _together = together


_together: Barrier


def _asked(address: str, n_kernels: int) -> Served:
    """Let kernels of this process ask, once all processes are ready."""
    profile, lines = _profile(), [Line() for _ in range(n_kernels)]
    failed: list[str] = []

    def ask(kernel: int) -> None:
        try:
            assert recommend(profile, 15, decoder=ServiceDecoder(address, lines[kernel]))
        except Exception as error:
            failed.append(repr(error))

    _together.wait()
    times, _ = _load(n_kernels, ask)
    answered, own = (sum(getattr(x, part) for x in lines) for part in ("answered", "fallen_back"))
    return Served(times, answered, own, failed)


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
    detail = f"  ({own:,.0f} with its own network, {tensorflow:,.0f} with its own TensorFlow)"
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
