"""Does nothing: what a process takes that imports pandas and has read a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.peers.child import measured


def job(_: Any) -> Callable[[], dict[str, Any]]:
    """Return how to tell that nothing is sent."""
    return lambda: {"charts": 0, "bytes": 0}


measured(job)
