"""Owns the comparison with other tools, each in an environment of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figure import Figure


def figures() -> Iterator[Figure]:
    """Measure all tools on two tables."""
    # A measured process imports this package for its job, and nothing of what compares.
    from benchmarks.peers.comparison import compared

    yield from compared()
