"""Owns the long run of the chart service: mixed load, good and bad, and memory that stays flat."""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from benchmarks.chart_service import ChartService, chart_service
from erp_widget.service.client import MEDIA_TYPE, PATH, Line, ServiceDecoder
from erp_widget.service.exchange import Place, post
from erp_widget.service.settings import cores
from vizmodel.design import Intent
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.search.decoder import Ask
from vizmodel.wire import write_request

#: Seconds between two looks at the memory, and between two questions of a kernel.
LOOK_S, THINK_S = 5.0, 0.25
#: Share of the run before memory is compared: caches fill first.
WARM_UP = 0.25
#: What the memory of the last quarter may be above that after the warm-up.
MAX_GROWTH, SPARE_MB = 1.05, 15.0
COLUMNS = (2, 4, 7, 10, 16, 30, 60)


@dataclass
class Run:
    """One run: what was asked, what came of it, and how much memory the service kept."""

    running: ChartService
    until: float
    n_kernels: int
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    def go(self) -> None:
        """Load the service until the time is over."""
        tables = [_profile(n_columns) for n_columns in COLUMNS]
        kernels = [
            threading.Thread(target=self._kernel, args=(seed, tables))
            for seed in range(self.n_kernels)
        ]
        for one in (*kernels, threading.Thread(target=self._stranger)):
            one.start()
        while time.monotonic() < self.until:
            parts = self.running.memory_mb()
            self.memory_mb.append(sum(parts.values()))
            told = ", ".join(f"{name} {size:.1f}" for name, size in parts.items())
            print(f"{self.memory_mb[-1]:8.1f} MB ({told})  {dict(self.counts)}", flush=True)
            time.sleep(LOOK_S)
        for one in kernels:
            one.join()

    def _kernel(self, seed: int, tables: Sequence[Profile]) -> None:
        """Ask as people do: any table, now and then for a column, with pauses for thought."""
        draw, line = random.Random(seed), Line()
        while time.monotonic() < self.until:
            profile = draw.choice(tables)
            name = draw.choice([column.name for column in profile.columns])
            intent = Intent(columns=(name,)) if draw.random() < 0.3 else None
            decoder = ServiceDecoder(self.running.address, line)
            try:
                recommend(profile, 15, intent, decoder)
                self.counts["own" if decoder.note else "served"] += 1
            except Exception as error:
                self.failures.append(repr(error))
            time.sleep(draw.uniform(0, 2 * THINK_S))

    def _stranger(self) -> None:
        """Send what is refused, and hang up half-way; the service must bear it without growing."""
        place, body = Place.of(self.running.address), write_request([Ask(_profile(10))])
        known = {"Content-Type": MEDIA_TYPE, "Authorization": f"token {self.running.token}"}
        bad: list[tuple[bytes, dict[str, str]]] = [(body, {}), (b"x" * 3000, known)]
        bad += [(body[:-40], known), (b"x" * 5 * 2**20, known)]
        expected = (401, 400, 400, 413)
        while time.monotonic() < self.until:
            for (sent, headers), status in zip(bad, expected, strict=True):
                try:
                    found = post(place, PATH, sent, headers, 10).status
                except OSError:  # hung up on while it still sent
                    found = status
                self.counts[f"refused {found}"] += 1
                if found != status:
                    self.failures.append(f"{found} in place of {status}")
            with socket.create_connection((place.host, place.port or 80), 10) as line:
                line.sendall(f"POST {place.path}{PATH} HTTP/1.1\r\nContent-Le".encode())
            time.sleep(4 * THINK_S)

    def growth(self) -> tuple[float, float]:
        """Return the memory after the warm-up, and that of the last quarter."""
        after = self.memory_mb[int(len(self.memory_mb) * WARM_UP) :]
        part = max(1, len(after) // 3)
        return statistics.median(after[:part]), statistics.median(after[-part:])


def _profile(n_columns: int) -> Profile:
    rng, size = np.random.default_rng(n_columns), 300
    kinds = (
        lambda: rng.normal(size=size),
        lambda: np.array(list("abcdefg"))[rng.integers(0, 7, size)],
        lambda: rng.lognormal(3, 1, size),
        lambda: np.datetime64("2024-01-01", "us") + np.arange(size) * np.timedelta64(1, "D"),
        lambda: rng.integers(0, 40, size),
    )
    names = [f"column {place}" for place in range(n_columns)]
    return profile_table(pa.table({n: kinds[i % len(kinds)]() for i, n in enumerate(names)}))


def main() -> int:
    """Run the service under mixed load and say whether its memory stayed flat."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--kernels", type=int, default=6, help="that ask at one time")
    given = parser.parse_args()
    with chart_service("--replicas", str(cores())) as running:
        os.environ.update(running.environment)
        run = Run(running, time.monotonic() + 60 * given.minutes, given.kernels)
        run.go()
    first, last = run.growth()
    flat = last <= first * MAX_GROWTH + SPARE_MB
    print(f"memory {first:.1f} MB, at the end {last:.1f} MB: {'flat' if flat else 'IT GROWS'}")
    print(f"{dict(run.counts)}; {len(run.failures)} failures {run.failures[:3]}")
    return 0 if flat and not run.failures else 1


if __name__ == "__main__":
    sys.exit(main())
