"""Owns where the milliseconds of the first call in a fresh process go."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.processes import ROOT, RunError, environment

REPEATS = 5
#: Each part as a person would reach it; what one part loads, the next does not load again.
CHILD = """
import json, time
spent, last = {}, 0.0

def part(name):
    global last
    now = time.process_time()
    spent[name] = (now - last) * 1000
    last = now

part("Python itself")
import pandas
part("import pandas")
from benchmarks.tables import sales
frame = sales(400)
part("making the table (not counted)")
import erp_widget as erp
erp.recommend
part("import erp_widget and recommend")
import pyarrow
from erp_widget.sources import open_table
part("import Arrow and the sources")
table = open_table(frame)
table.sample()
part("open the table")
from vizmodel.profile import profile_table
profile = profile_table(table.sample(), table.n_rows)
part("profile")
from vizmodel.runtime import open_runtime
runtime = open_runtime()
part("load the network")
from vizmodel.search.decoder import LocalDecoder
from vizmodel.recommend import recommend
designs = recommend(profile, 15, decoder=LocalDecoder(runtime))
part("choose the charts")
gallery = erp.recommend(table, store=":memory:")
len(gallery)
part("the call itself, all of this loaded")
print(json.dumps(spent))
"""


def figures() -> Iterator[Figure]:
    """Take the medians of some processes; processor time, in the order of the first call."""
    runs = [_run() for _ in range(REPEATS)]
    for name in runs[0]:
        yield Figure(f"first call: {name}", f"{statistics.median(r[name] for r in runs):.0f} ms")


def _run() -> dict[str, float]:
    command = [sys.executable, "-c", CHILD]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
