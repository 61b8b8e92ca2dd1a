"""Does our own work on the file itself, as `erp.recommend("orders.csv")` does in a notebook."""

from __future__ import annotations

from benchmarks.peers.child import measured_whole
from benchmarks.peers.erp_gallery import job

measured_whole(job, "duckdb")
