"""Owns what the network and people's choices say of each chart, also of those they never met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from vizmodel.candidates.cohort_charts import tells_cohorts
from vizmodel.candidates.cycle_charts import recurs
from vizmodel.candidates.experiments import tells_given
from vizmodel.candidates.gathered import as_members
from vizmodel.candidates.layout_charts import as_mapped
from vizmodel.candidates.leader_charts import tells_leaders
from vizmodel.candidates.price_charts import tells_prices
from vizmodel.candidates.record_charts import as_ends_by_kind, as_numbers_of_records, logged_totals
from vizmodel.candidates.series_charts import tells_whole
from vizmodel.design import Design
from vizmodel.form.bounds import range_of
from vizmodel.profile import Profile
from vizmodel.ranking.variety import Floats
from vizmodel.ranking.worn import Flags
from vizmodel.worth.taste import Opinions


class Said(NamedTuple):
    """What is said of each of some charts: float64 [n_designs].

    `network` is in nats; `chosen`, `kept` and `wanted` are logits of being drawn, kept and named.
    """

    network: Floats
    chosen: Floats
    kept: Floats
    wanted: Floats


def said_of(
    designs: Sequence[Design], network: Floats, said: Opinions, profile: Profile, raw: float
) -> Said:
    """Return what is said of charts, those that an opinion knows nothing of beside the others.

    Hardly a table that people's charts or names are of is an experiment or a log of events, or has
    the parts of a whole or the ages of cohorts side by side, or prices that make candlesticks,
    hardly any verdict is about ranges, and neither box plots in time, names of many rows nor bounds
    of estimates were learned.

    Parameters
    ----------
    designs, profile
        The charts and their table.
    network
        What the network says, as far as it counts [n_designs].
    said
        What people's choices say.
    raw
        How surely the table is to be explored, 0..1: there interest tells what the network cannot.
    """
    logged = logged_totals(profile)
    whole = _flags(
        tells_whole(design, profile)
        or tells_cohorts(design, profile)
        or tells_prices(design, profile)
        for design in designs
    )
    given = _flags(tells_given(d, profile) > 0 or d.identity() in logged for d in designs) | whole
    framed = _flags(range_of(design, profile) is not None for design in designs)
    whole, given = whole | framed, given | framed
    ends = _flags(bool(design.ends) for design in designs) | whole
    again = _flags(recurs(design, profile) for design in designs)
    network, chosen = as_the_best(network, given), as_the_best(said.chosen, given)
    network = as_members(network, designs, profile)
    network = as_the_best(network, _flags(tells_leaders(design, profile) for design in designs))
    network = network + (1.0 - raw) * (as_the_best(network, again) - network)
    chosen = as_the_best(chosen, again) if profile.shaped else chosen
    kept, first = as_the_best(said.kept, ends), as_the_best(said.wanted, given)
    network, chosen, kept, first = as_ends_by_kind((network, chosen, kept, first), designs, profile)
    first = as_mapped(as_members(first, designs, profile), designs, profile)
    network, chosen, kept, first = (
        as_numbers_of_records(opinion, designs, profile)
        for opinion in (network, chosen, kept, first)
    )
    return Said(network, chosen, kept, first)


def as_the_best(said: Floats, strange: Flags) -> Floats:
    """Let charts that an opinion knows nothing of count as the best of the others.

    Examples
    --------
    >>> as_the_best(np.array([1.0, 3.0, -5.0]), np.array([False, False, True])).tolist()
    [1.0, 3.0, 3.0]
    """
    others = said[~strange]
    return np.where(strange, others.max() if len(others) else 0.0, said)


def _flags(holds: Iterable[bool]) -> Flags:
    return np.array(list(holds), dtype=bool)
