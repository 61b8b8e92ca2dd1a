"""Owns how heavy modules are imported: without a collection of garbage meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collections() -> Iterator[None]:
    """Pause the collection of garbage, which an import sets off for nothing: what it makes stays.

    A full collection beside pandas' modules takes some 40 ms, and importing widgets reaches the
    number of new objects at which one is due. A process that has switched collections off keeps
    them off.

    Examples
    --------
    >>> with without_collections():
    ...     import colorsys
    >>> gc.isenabled()
    True
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
