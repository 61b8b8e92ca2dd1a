"""Owns how many bytes of a gallery reach the browser, counted where the kernel sends them."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from benchmarks.figure import Figure
from benchmarks.machine import keep
from benchmarks.processes import ROOT, RunError

ROWS = (400, 1_000_000, 10_000_000)
GOAL_KB = 150.0
WAIT_S = 300.0

#: The first gallery of a kernel brings the Vega runtime, which is not counted.
FIRST = """
import erp_widget as erp
from benchmarks.tables import orders
erp.recommend(orders(400), store="first.sqlite3")
"""
TABLE = "frame = orders({n_rows})"
MEASURED = 'erp.recommend(frame, store="second.sqlite3")'


def figures() -> Iterator[Figure]:
    """Count the bytes of every message of one cell, in a kernel that has the runtime already."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
        environment["ERP_STORE"] = str(Path(folder) / "store.sqlite3")
        manager, client = start_new_kernel(kernel_name="python3", cwd=folder, env=environment)
        try:
            _run(client, FIRST)
            for n_rows in ROWS:
                _run(client, TABLE.format(n_rows=n_rows))
                started = time.perf_counter()
                n_bytes, still = _run(client, MEASURED)
                taken_s = time.perf_counter() - started
                found[str(n_rows)] = {"bytes": n_bytes, "still": still, "cell_s": taken_s}
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    keep("transfer", {"rows": found})
    for rows, told in found.items():
        what = f"bytes to the browser, 15 charts of {int(rows):,} rows x 10"
        yield Figure.at_most(what, told["bytes"] / 1000, GOAL_KB, " KB")
        if told["still"]:  # else it came when the cell had ended
            yield Figure("the picture that stays in the notebook", f"{told['still'] / 1000:.0f} KB")
        yield Figure("the same cell, until the kernel is done", f"{told['cell_s']:.2f} s")


def _run(client: BlockingKernelClient, code: str) -> tuple[int, int]:
    """Run code in the kernel; return the bytes of its messages, and of its late picture."""
    request = client.execute(code)
    n_bytes = still = 0
    ends = time.monotonic() + WAIT_S
    while True:
        try:
            message: dict[str, Any] = client.get_iopub_msg(
                timeout=max(0.1, ends - time.monotonic())
            )
        except Empty:
            raise RunError(f"no answer within {WAIT_S:.0f} s") from None
        if message["parent_header"].get("msg_id") != request:
            continue
        content = message["content"]
        if message["msg_type"] == "error":
            raise RunError(f"{content['ename']}: {content['evalue']}")
        if message["msg_type"] == "status":
            if content["execution_state"] == "idle":
                return n_bytes, still
            continue
        size = len(json.dumps(content, default=str).encode())
        if message["msg_type"] == "update_display_data":
            still += size
            continue
        n_bytes += size
        n_bytes += sum(len(buffer) for buffer in message.get("buffers", ()))
