"""Does what PyGWalker does in a notebook's cell: its explorer, with the rows that it sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.peers.child import measured


def job(frame: Any) -> Callable[[], dict[str, Any]]:
    """Return how to tell the size of the explorer and of the rows."""
    import pygwalker
    from pygwalker.api import jupyter

    # It would ask for updates and report its use.
    pygwalker.GlobalVarManager.set_privacy("offline")
    # Outside a notebook `pygwalker.walk` starts a server instead.
    walker = jupyter.walk(frame)

    def sizes() -> dict[str, Any]:
        page = walker._get_render_iframe(walker._get_props("jupyter_widgets"))
        return {"charts": 0, "bytes": len(page.encode())}

    return sizes


measured(job, "pygwalker", "duckdb")
