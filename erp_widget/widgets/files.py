"""Owns the browser files of the gallery, and the runtime that all galleries of a kernel share."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import anywidget
import traitlets

STATIC = Path(__file__).parents[1] / "static"
FILES = ("gallery.js", "runtime.js")


def browser_files_missing() -> str | None:
    """Return one line that names the fix where a browser file is missing, else None."""
    missing = [name for name in FILES if not (STATIC / name).is_file()]
    if not missing:
        return None
    names = " and ".join(missing)
    return f"The gallery cannot be drawn: {names} missing; install the wheel, or run make setup."


@cache
def source(name: str) -> str:
    """Return the text of a browser file."""
    return (STATIC / name).read_text(encoding="utf-8")


@cache
def version(name: str) -> str:
    """Return what tells one build of a browser file from another."""
    return hashlib.sha256(source(name).encode()).hexdigest()[:16]


class VegaRuntime(anywidget.AnyWidget):
    """Brings the Vega runtime to the browser; hidden, and shared by all galleries of a kernel."""

    _esm = "export default {};"
    source = traitlets.Unicode().tag(sync=True)


_runtimes: list[VegaRuntime] = []


def runtime() -> VegaRuntime:
    """Return the one runtime of this kernel; a new one where somebody closed it."""
    if not _runtimes or _runtimes[0].comm is None:
        _runtimes[:] = [VegaRuntime(source=source("runtime.js"))]
    return _runtimes[0]
