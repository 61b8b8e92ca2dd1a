"""Owns what the tests of the service share: random tables."""

from __future__ import annotations

from tests.vizmodel.conftest import random_profile

__all__ = ["random_profile"]
