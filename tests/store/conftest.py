"""Owns the stores under test: a fresh SQLite file or a fresh database of a real mongod."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mongod import Mongod

from erp_widget.store import Store, open_store

#: Makes the location of one more empty store.
NewLocation = Callable[[], str]


@pytest.fixture(scope="session")
def mongod() -> Iterator[Mongod]:
    """Run one server for all tests; a server that cannot start fails them."""
    server = Mongod()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", "mongodb"])
def backend(request: pytest.FixtureRequest) -> str:
    """Name each backend in turn."""
    return str(request.param)


@pytest.fixture
def new_location(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> NewLocation:
    """Return a maker of locations, each of one more empty store."""
    if backend == "sqlite":
        return lambda: str(tmp_path / f"{uuid.uuid4().hex}.sqlite3")
    server: Mongod = request.getfixturevalue("mongod")
    return lambda: server.database(f"erp_{uuid.uuid4().hex[:12]}")


@pytest.fixture
def location(new_location: NewLocation) -> str:
    """Return where one empty store is."""
    return new_location()


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    """Open one empty store."""
    opened = open_store(location)
    yield opened
    opened.close()
