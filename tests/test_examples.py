"""Owns that the examples in the docstrings run and give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest
from import_graph import sources

#: Modules whose text has an example; training needs its own framework and runs for hours.
WITH_EXAMPLES = sorted(
    name
    for name, path in sources().items()
    if ">>>" in path.read_text(encoding="utf-8") and not name.startswith("vizmodel.training")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.failed == 0
