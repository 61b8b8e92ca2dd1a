"""Owns what a chart of a sample says of all rows: counts and sums scaled up, and a note on it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from erp_widget.aggregate import ChartRows
from erp_widget.aggregate.sliced import with_where
from erp_widget.aggregate.values import number
from vizmodel.design import Design
from vizmodel.form.rates import as_rate

#: What grows with the number of rows; a mean, a quantile, a smallest value do not.
GROWING = ("count", "sum")


def scaled(found: ChartRows, design: Design, n_sampled: int, n_rows: int) -> ChartRows:
    """Return rows of a sample as an estimate for the table that it was taken from.

    Parameters
    ----------
    found
        From `aggregate.rows` on the sample.
    design
        Of the chart.
    n_sampled, n_rows
        Rows of the sample, and of the table.

    Examples
    --------
    >>> from vizmodel.design import Encoding
    >>> bars = Design("bar", (Encoding("x", "c", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative")))
    >>> scaled(ChartRows([{"x": "a", "y": 7}], 10), bars, 10, 1000).records
    [{'x': 'a', 'y': 700}]
    """
    factor = n_rows / max(n_sampled, 1)
    growing = {e.channel for e in as_rate(design).encodings if e.aggregate in GROWING} | {"rows"}
    records = [
        {key: _times(value, factor) if key in growing else value for key, value in record.items()}
        for record in found.records
    ]
    limits = {
        channel: (low * factor, high * factor) if channel in growing else (low, high)
        for channel, (low, high) in found.limits.items()
    }
    note = f"approximate: from a sample of {n_sampled:,} of the {n_rows:,} rows"
    if design.of_largest:
        note += f"; the {len(records):,} largest of the sample"
    # What the sample's own note counts is wrong of the table.
    n_shown = round(found.n_shown * factor)
    estimate = replace(
        found, records=records, n_shown=n_shown, note=note, limits=limits, sampled=True
    )
    return with_where(estimate, design.style.where)


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, int):
        return round(value * factor)
    return number(value * factor) if isinstance(value, float) else value
