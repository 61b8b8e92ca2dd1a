"""Owns the Vega-Lite that a person would write of a chart, over the columns of their own table."""

from __future__ import annotations

from typing import Any

from erp_widget import words
from erp_widget.context.looks import CANDLE_COLORS
from vizmodel.design import Design
from vizmodel.form.rates import as_rate, share_told
from vizmodel.profile import Profile


def declared(design: Design, profile: Profile) -> dict[str, Any]:
    """Return the Vega-Lite a person would write: aggregates over the table's columns, no data.

    Parameters
    ----------
    design, profile
        The chart and its table.
    """
    from vizmodel.form.declared import declared as written
    from vizmodel.form.declared_candles import declared_candles
    from vizmodel.form.declared_rates import declared_rate

    if design.style.body is not None:
        return declared_candles(design, profile, CANDLE_COLORS)
    share = share_told(as_rate(design))
    if share is None:
        return written(design, profile)
    return declared_rate(design, profile, words.unisolated(words.channel_title(share, profile)))
