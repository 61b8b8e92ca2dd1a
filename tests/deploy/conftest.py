"""Owns what the tests of a hub's node share: one node, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from node import Node


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """Run a whole node; one that does not start fails the tests with what it said."""
    made = Node()
    try:
        made.start()
        yield made
    finally:
        made.remove()
