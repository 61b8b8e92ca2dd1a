"""Owns within which months, years and days records begin or end: their counts are of a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import replace

from erp_widget.aggregate.result import ChartRows
from erp_widget.aggregate.values import MONTH_NAMES
from vizmodel.design import Design, Encoding
from vizmodel.form.rates import as_rate
from vizmodel.profile.reading.arrays import as_integers

if TYPE_CHECKING:
    from erp_widget.aggregate.folded import AnyTable

Places: TypeAlias = np.ndarray[Any, Any]
#: Fewest other months, years or days that tell how far records reach in a whole one; as many of
#: those next to it are looked at.
MIN_WHOLE, NEXT = 4, 12
#: Share of a month that records reach over at least, the usual one, and share of that which is not
#: covered at least.
MIN_SPAN, MIN_OPEN = 0.5, 0.1
#: Fewest different times in a whole one, and chance that so much of it has none.
MIN_TIMES, MAX_CHANCE = 4, 0.01
UNITS = {"year": "Y", "yearmonth": "M", "yearmonthdate": "D"}
#: Times that count as one, so that rows written together are no sign of a full month.
STEPS = {"Y": "D", "M": "D", "D": "h"}


def with_partial(found: ChartRows, table: AnyTable, design: Design) -> ChartRows:
    """Mark counts and sums of a month within which the records begin or end, and say so.

    In each other month they reach further. Otherwise the last count would look like a collapse, to
    which a line would lead: it goes without them. Of tables larger than their sample nothing is
    said.

    Parameters
    ----------
    found
        Of a chart; bars that are marked get a field `partial`.
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
    if as_rate(design).mark != "bar":
        whole = [record for record, one in zip(found.records, partial, strict=True) if not one]
        units = " and ".join(_named(unit, time) for unit in ends.values())
        told = f"without {units}, in which the records {' and '.join(ends)}"
        return replace(found, records=whole).noted(told)
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
    # A number by itself is no span of time to the numpy of tomorrow.
    next_units = units + np.array(1, f"m8[{unit}]")
    starts, stops = units.astype("M8[us]"), next_units.astype("M8[us]")
    places = (times - starts) / (stops - starts)
    order = np.lexsort((places, units))
    different, firsts = np.unique(units[order], return_index=True)
    if len(different) <= MIN_WHOLE:
        return {}
    first, last = places[order][firsts], places[order][[*(firsts[1:] - 1), -1]]
    steps = times.astype(f"M8[{STEPS[unit]}]")
    n_times = np.unique(np.unique(steps).astype(f"M8[{unit}]"), return_counts=True)[1]
    found = {}
    # What is left of a month that begins late mirrors what there is of one that ends early.
    if _is_part(1 - first[: NEXT + 1], 1 - last[: NEXT + 1], n_times[: NEXT + 1]):
        found["begin"] = str(different[0])
    if _is_part(last[::-1][: NEXT + 1], first[::-1][: NEXT + 1], n_times[::-1][: NEXT + 1]):
        found["end"] = str(different[-1])
    return found


def _is_part(reached: Places, begun: Places, n_times: Places) -> bool:
    """Whether records reach less far in the first of some months than by chance in the others.

    Parameters
    ----------
    reached, begun
        Part of each month that is over at its last record, and at its first one [n_months].
    n_times
        Different times in each [n_months].
    """
    usual, start, size = (float(np.median(of[1:])) for of in (reached, begun, n_times))
    if usual - start < MIN_SPAN or size < MIN_TIMES:
        return False
    covered = max(0.0, (float(reached[0]) - start) / (usual - start))
    # Where records are few, those of a whole month may end soon, too.
    return covered < 1 - MIN_OPEN and covered**size < MAX_CHANCE


def _is_of(place: Any, units: set[str]) -> bool:
    return any(str(place).startswith(unit) for unit in units)


def _named(unit: str, time: Encoding) -> str:
    if time.time_unit == "year":
        return unit
    month = f"{MONTH_NAMES[int(unit[5:7]) - 1]} {unit[:4]}"
    return month if time.time_unit == "yearmonth" else f"{int(unit[8:10])} {month}"
