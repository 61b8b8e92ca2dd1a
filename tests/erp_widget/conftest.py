"""Owns what tests of widgets share: a wire in the place of a kernel's."""

from __future__ import annotations

import comm
import pytest
from gallery_wire import Wire


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let widgets speak to a wire of ours where no kernel runs."""
    monkeypatch.setattr(comm, "create_comm", Wire)
