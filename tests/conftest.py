"""Owns what every test gets: a store and a user of its own, far from the person's own data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from xdist.scheduler import LoadFileScheduling

from benchmarks.chromium import chromium

#: Beginnings of the names of files that take longest. They come first, so that several processes
#: of tests end at about the same time.
LONG = (
    "tests/deploy",
    "tests/service",
    "tests/browser",
    "tests/test_notebooks",
    "tests/vizmodel/test_fit",
    "tests/vizmodel/test_sweep",
    "tests/erp_widget/test_cli",
    "tests/erp_widget/test_export",
    "tests/erp_widget/test_spark",
)
#: Beginnings of the names of files with pages in a browser.
PAGES = (
    "tests/browser",
    "tests/deploy/test_node",
    "tests/erp_widget/test_export_notebook",
    "tests/erp_widget/test_export_page",
    "tests/erp_widget/test_export_parts",
)


class OneBrowser(LoadFileScheduling):
    """Gives each process of tests whole files, and all files with pages to the same one.

    They share a browser and Jupyter's servers. A page that loads takes more than a core, so two
    browsers would only slow each other, while other tests mostly take one core.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "pages" if nodeid.startswith(PAGES) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneBrowser:
    """Say which process runs which tests."""
    return OneBrowser(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run the one browser of all tests; where there is none, they fail with the way to get it."""
    with chromium() as found:
        yield found


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point the default store at the test's own folder, for this process and those it starts."""
    from erp_widget.config import configure

    path = tmp_path / "own" / "store.sqlite3"
    monkeypatch.setenv("ERP_STORE", str(path))
    monkeypatch.setenv("ERP_USER", "test-user")
    monkeypatch.setenv("ERP_OUTBOX", str(tmp_path / "own" / "outbox"))
    monkeypatch.delenv("ERP_SERVICE", raising=False)
    configure(store=None, user=None, service=None)
    yield path
    configure(store=None, user=None, service=None)
