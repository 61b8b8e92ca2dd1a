"""Owns how heavy modules are imported: without a collection of garbage meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collections() -> Iterator[None]:
    """Pause the collection of garbage, which an import sets off for nothing: what it makes stays.

    A full collection beside pandas' modules takes some 40 ms, and importing widgets reaches the
    number of new objects at which one is due. What was made meanwhile then counts as old, so that
    the collections of young objects, which come soon after, do not look through all of it: 25 ms
    of a first call. A process that has switched collections off keeps them off, and one that has
    frozen objects of its own keeps these frozen.

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
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
