"""Owns a chart with what its place in a list rests on."""

from __future__ import annotations

from msgspec import Struct

from vizmodel.design import Design


class RankedDesign(Struct, frozen=True):
    """A design with its score and the named terms that make it up."""

    design: Design
    score: float
    terms: tuple[tuple[str, float], ...] = ()
