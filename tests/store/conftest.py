"""Owns the stores under test: a SQLite file or a database of a real mongod, and the way there."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mongod import Mongod
from proxy import Proxy
from pymongo import MongoClient

from erp_widget.store import Store, mongo_server, open_store

#: Makes the location of one more empty store.
NewLocation = Callable[[], str]


@pytest.fixture(scope="session")
def mongod() -> Iterator[Mongod]:
    """Run one server for all tests; a server that cannot start fails them."""
    server = Mongod(folder=fast_folder())
    try:
        server.start()
        yield server
    finally:
        server.remove()


def fast_folder() -> Path:
    """Return a new folder, in memory where there is enough: most tests only make databases."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 2**30
    return Path(tempfile.mkdtemp(prefix="erp-mongod-", dir=memory if roomy else None))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it noticed soon that a server is not there."""
    monkeypatch.setattr(mongo_server, "SELECTION_TIMEOUT_MS", 500)
    monkeypatch.setattr(mongo_server, "ANSWER_TIMEOUT_MS", 1_500)


@pytest.fixture
def line(mongod: Mongod, impatient: None) -> Iterator[Proxy]:
    """Stand between the stores and their server."""
    proxy = Proxy(mongod.port)
    yield proxy
    proxy.down()


@pytest.fixture(scope="session")
def spare() -> list[str]:
    """Hold databases that are made and empty again, since making one takes a tenth of a second."""
    return []


@pytest.fixture(params=["sqlite", "mongodb"])
def backend(request: pytest.FixtureRequest) -> str:
    """Name each backend in turn."""
    return str(request.param)


@pytest.fixture
def new_location(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path, spare: list[str]
) -> Iterator[NewLocation]:
    """Return a maker of locations, each of one more empty store."""
    if backend == "sqlite":
        yield lambda: str(tmp_path / f"{uuid.uuid4().hex}.sqlite3")
        return
    server: Mongod = request.getfixturevalue("mongod")
    used: list[str] = []

    def made() -> str:
        used.append(spare.pop() if spare else f"erp_{uuid.uuid4().hex[:12]}")
        return server.database(used[-1])

    yield made
    with MongoClient[dict[str, Any]](server.address, directConnection=True) as client:
        for name in used:
            for collection in set(client[name].list_collection_names()) - {"about"}:
                client[name][collection].delete_many({})
    spare += used


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
