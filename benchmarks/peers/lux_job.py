"""Does what Lux does when a notebook shows a frame: all tabs, as specs in its widget."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.peers.child import measured


def job(frame: Any) -> Callable[[], dict[str, Any]]:
    """Return how to tell the size of the widget."""
    import lux

    shown = lux.LuxDataFrame(frame)
    shown.maintain_metadata()
    shown.maintain_recs()

    def sizes() -> dict[str, Any]:
        tabs = shown._widget.recommendations
        n_bytes = len(json.dumps(tabs, default=str).encode())
        return {"charts": sum(len(tab["vspec"]) for tab in tabs), "bytes": n_bytes}

    return sizes


measured(job, "lux-api", "lux-widget", "altair")
