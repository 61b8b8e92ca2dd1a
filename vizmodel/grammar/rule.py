"""Owns what a rule about a whole chart is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vizmodel.design import Design
from vizmodel.profile import Profile


@dataclass(frozen=True, slots=True)
class ChartRule:
    """A rule about a whole chart: `check(design, profile)` is legal."""

    name: str
    sentence: str
    check: Callable[[Design, Profile], bool]
