"""Owns which months and years the records begin or end within: their counts are of a part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from erp_widget.aggregate.result import ChartRows
from erp_widget.aggregate.values import MONTH_NAMES
from vizmodel.design import Design, Encoding
from vizmodel.profile.arrays import as_integers

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

#: Fewest other months or years that tell how far records reach in a whole one.
MIN_WHOLE = 4
#: Share of a month or a year that is not covered at least.
MIN_OPEN = 0.1
UNITS = {"year": "Y", "yearmonth": "M"}


def with_partial(found: ChartRows, table: AnyTable, design: Design) -> ChartRows:
    """Mark counts and sums of a month or a year within which the records begin or end, and say so.

    In each other month they reach further. Otherwise the last count would look like a collapse. Of
    tables larger than their sample nothing is said.

    Parameters
    ----------
    found
        Of a chart; what is marked gets a field `partial`.
    table
        Where its rows are.
    design
        Of the chart.
    """
    time = next((e for e in design.encodings if e.channel == "x" and e.time_unit in UNITS), None)
    grows = any(e.aggregate in ("count", "sum") for e in design.encodings)
    if time is None or not grows or design.mark not in ("bar", "line", "area"):
        return found
    sample = table.sample()
    if sample.num_rows < table.n_rows:
        return found  # by chance a sample begins and ends later or sooner than its table
    ends = _open_ends(_times(sample.column(str(time.field))), UNITS[str(time.time_unit)])
    partial = [_is_of(record["x"], set(ends.values())) for record in found.records]
    if not any(partial):
        return found
    records = [
        record | {"partial": True} if one else record
        for record, one in zip(found.records, partial, strict=True)
    ]
    told = " and ".join(f"{verb} within {_named(unit, time)}" for verb, unit in ends.items())
    return replace(found, records=records).noted(f"the records {told}")


def _times(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Return points in time as numpy has them; none where a column has others."""
    if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        return np.array([], dtype="M8[us]")
    known = pc.cast(column.drop_null(), pa.timestamp("us"), safe=False)
    # By way of numbers: numpy's own times would load pandas.
    return as_integers(known).astype("M8[us]")


def _open_ends(times: np.ndarray[Any, Any], unit: str) -> dict[str, str]:
    """Return the unit within which times begin, and that within which they end, where one is."""
    if not len(times):
        return {}
    units = times.astype(f"M8[{unit}]")
    starts, stops = units.astype("M8[us]"), (units + 1).astype("M8[us]")
    places = (times - starts) / (stops - starts)
    order = np.lexsort((places, units))
    different, firsts = np.unique(units[order], return_index=True)
    if len(different) <= MIN_WHOLE:
        return {}
    first, last = places[order][firsts], places[order][[*(firsts[1:] - 1), -1]]
    found = {}
    # Where records are few, those of a whole month may begin late, too.
    if np.median(first[1:]) < MIN_OPEN < first[0] and first[0] > first[1:].max():
        found["begin"] = str(different[0])
    if np.median(last[:-1]) > 1 - MIN_OPEN > last[-1] and last[-1] < last[:-1].min():
        found["end"] = str(different[-1])
    return found


def _is_of(place: Any, units: set[str]) -> bool:
    return any(str(place).startswith(unit) for unit in units)


def _named(unit: str, time: Encoding) -> str:
    if time.time_unit == "year":
        return unit
    return f"{MONTH_NAMES[int(unit[5:7]) - 1]} {unit[:4]}"
