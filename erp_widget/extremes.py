"""Owns where the values of a chart are highest and lowest, in words."""

from __future__ import annotations

from dataclasses import dataclass

from erp_widget.aggregate import ChartRows
from erp_widget.aggregate.thin import thin_rows
from erp_widget.figures import figure, named_place
from vizmodel.design import Encoding
from vizmodel.profile import Profile


@dataclass(frozen=True)
class Extremes:
    """The largest and the smallest value of a chart and their places, in words."""

    high: str
    most: str
    low: str
    least: str
    #: Which groups these are of, where others are drawn, too.
    among: str = ""

    def said(self, name: str) -> str:
        """Return the sentence that tells them, without its stop."""
        ends = f"highest for {self.high} ({self.most}) and lowest for {self.low} ({self.least})"
        return f"{name} is {ends}{self.among}"


def extremes(
    rows: ChartRows, measure: Encoding, keys: list[Encoding], profile: Profile
) -> Extremes | None:
    """Return the largest and the smallest value of a chart; None where it has none.

    Parameters
    ----------
    rows
        What is drawn.
    measure, keys
        Of what the values are, and what tells their places.
    profile
        Of the table.
    """
    # A box has its median where others have a value.
    name = "median" if any("median" in record for record in rows.records) else measure.channel
    told = [r for r in rows.records if isinstance(r.get(name), int | float)]
    if measure.aggregate == "count":
        told = [r for r in told if r[name]]  # where there is nothing is no smallest group
    told = [r for r in told if not r.get("partial")] or told
    if not told:
        return None
    # What a few rows come to is no finding, where other groups have more of them.
    least = thin_rows([r.get("rows") for r in told]) + 1
    steady = [r for r in told if r.get("rows", least) >= least]
    steady = steady if len(steady) > 1 else told
    (high, low), every = (
        [end(some, key=lambda record: record[name]) for end in (max, min)]
        for some in (steady, told)
    )
    left_out = [high[name], low[name]] != [record[name] for record in every]
    return Extremes(
        named_place(high, keys, profile),
        figure(high[name], measure, profile),
        named_place(low, keys, profile),
        figure(low[name], measure, profile),
        f", of groups of {least} rows or more" if left_out else "",
    )
