"""Does our own work: recommend, draw, and make the widget that a notebook shows."""

from __future__ import annotations

from benchmarks.peers.child import measured
from benchmarks.peers.erp_gallery import job

measured(job, "altair", "duckdb")
