"""Does what ydata-profiling's minimal report does: one page that describes each column."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from benchmarks.peers.child import measured


def job(frame: Any) -> Callable[[], dict[str, Any]]:
    """Return how to tell the size of the page."""
    os.environ["YDATA_PROFILING_NO_ANALYTICS"] = "True"
    from ydata_profiling import ProfileReport

    page = ProfileReport(frame, minimal=True, progress_bar=False).to_html()
    return lambda: {"charts": 0, "bytes": len(page.encode())}


measured(job, "ydata-profiling", "matplotlib")
