"""Owns what the service says of itself: one line a request, and figures; none holds any data."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.5, 10.0)
BYTES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 4_000_000)
BATCHES = (1, 2, 4, 8, 16, 32)

_log = logging.getLogger("erp_widget.service")


class Figures:
    """The service's figures, as Prometheus reads them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        own: dict[str, Any] = {"registry": self._registry}
        self._requests = Counter("erp_requests", "Requests by what came of them", ["result"], **own)
        times = "Time from request to answer"
        self._seconds = Histogram("erp_request_seconds", times, buckets=SECONDS, **own)
        self._bytes = Histogram("erp_request_bytes", "Sizes of requests", buckets=BYTES, **own)
        tables = "Tables decoded together"
        self._batch = Histogram("erp_batch_tables", tables, buckets=BATCHES, **own)
        self.running = Gauge("erp_requests_running", "Requests being answered", **own)
        self.replicas = Gauge("erp_replicas", "Replicas that answer", **own)

    def count(self, result: str, seconds: float, n_bytes: int, batch: int) -> None:
        """Count a request that has ended."""
        self._requests.labels(result).inc()
        self._seconds.observe(seconds)
        if n_bytes:
            self._bytes.observe(n_bytes)
        if batch:
            self._batch.observe(batch)

    def text(self) -> bytes:
        """Return the figures in Prometheus's own form."""
        return generate_latest(self._registry)


class _JsonLines(logging.Formatter):
    """Writes each record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        return json.dumps(said | getattr(record, "told", {}))


def log_to_stderr() -> None:
    """Send the service's lines to stderr, one JSON object each."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(_JsonLines())
    _log.handlers = [lines]
    _log.setLevel(logging.INFO)
    _log.propagate = False


def log_request(**told: Any) -> None:
    """Log one request: who, what came of it, sizes and times; no name and no value of a table."""
    _log.info("request", extra={"told": told})


def log_event(message: str, **told: Any) -> None:
    """Log what happens to the service itself."""
    _log.info(message, extra={"told": told})
