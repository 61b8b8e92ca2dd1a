"""Owns which charts tell one share in two forms: the mean of zeros and ones, and bars of it.

A list has one of them, and of two the bars, which have intervals and a line at the share of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from vizmodel.design import Design, Identity
from vizmodel.form.rates import two_parts
from vizmodel.form.style import styled
from vizmodel.profile import Profile
from vizmodel.ranking.ranked import RankedDesign

Ids = npt.NDArray[np.int64]
#: Whose share is told, and by what.
Share: TypeAlias = tuple[str, frozenset[tuple[str | None, str]]]


def same_shares(designs: Sequence[Design], profile: Profile) -> Ids:
    """Return a number for each chart, the same for those that tell one share: int64 [n_designs].

    Cells whose axes are the other way round are one chart as well.

    Parameters
    ----------
    designs
        Charts in canonical orientation.
    profile
        Of their table.
    """
    shares = _shares(designs, profile)
    known: dict[Share | Identity, int] = {}
    numbers = [
        known.setdefault(design.identity() if share is None else share, at)
        for at, (design, share) in enumerate(zip(designs, shares, strict=True))
    ]
    return np.array(numbers, dtype=np.int64)


def untold(designs: Sequence[Design], profile: Profile, shown: Sequence[Design]) -> list[Design]:
    """Return the charts that tell no share which the person has seen."""
    seen = set(_shares([one.upright() for one in shown], profile)) - {None}
    if not seen:
        return list(designs)
    shares = _shares(designs, profile)
    return [one for one, share in zip(designs, shares, strict=True) if share not in seen]


def as_bars(
    ranked: Sequence[RankedDesign], designs: Sequence[Design], profile: Profile
) -> list[RankedDesign]:
    """Return a list in which bars with intervals tell what means of zeros and ones would.

    Parameters
    ----------
    ranked
        The list.
    designs
        All charts that there are.
    profile
        Of their table.
    """
    if not any(_mean_of_ones(one.design, profile) for one in ranked):
        return list(ranked)
    bars = {_rate(design, profile): design for design in designs}
    means = [_mean_of_ones(one.design, profile) for one in ranked]
    return [
        one if share is None else replace(one, design=bars.get(share, one.design))
        for one, share in zip(ranked, means, strict=True)
    ]


def _shares(designs: Sequence[Design], profile: Profile) -> list[Share | None]:
    if not any(column.zero_one for column in profile.columns):
        return [None] * len(designs)
    return [_mean_of_ones(design, profile) or _rate(design, profile) for design in designs]


def _mean_of_ones(design: Design, profile: Profile) -> Share | None:
    """Return the share that a mean of zeros and ones tells; None for other charts."""
    measure = next((e for e in design.encodings if e.aggregate == "mean" and e.field), None)
    if measure is None or len(design.encodings) != 2:
        return None
    name = str(measure.field)
    others = frozenset((e.field, e.transform) for e in design.encodings if e is not measure)
    return (name, others) if profile.column(name).zero_one else None


def _rate(design: Design, profile: Profile) -> Share | None:
    """Return the share that full bars of two parts are drawn as; None for other charts."""
    color = design.encoding("color")
    if two_parts(design, profile) is None or color is None or len(design.encodings) != 3:
        return None
    if styled(design.upright(), profile).style.rate is None:
        return None
    keys = (e for e in design.encodings if e.aggregate is None and e is not color)
    return str(color.field), frozenset((e.field, e.transform) for e in keys)
