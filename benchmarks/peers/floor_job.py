"""Does nothing but what people import anyway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.peers.child import measured


def job(_: Any) -> Callable[[], dict[str, Any]]:
    """Return how to tell that nothing is sent."""
    import altair  # noqa: F401

    return lambda: {"charts": 0, "bytes": 0}


measured(job, "altair")
