"""Owns a chart with what its place in a list rests on."""

from __future__ import annotations

from dataclasses import dataclass

from vizmodel.design import Design


@dataclass(frozen=True, slots=True)
class RankedDesign:
    """A design with its score and the named terms that make it up."""

    design: Design
    score: float
    terms: tuple[tuple[str, float], ...] = ()
