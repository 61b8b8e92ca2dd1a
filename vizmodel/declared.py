"""Owns the declared spec: a design as a person would write it over the table's columns."""

from __future__ import annotations

import json
import re
from typing import Any

from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_SPECIAL = re.compile(r"([.\[\]\\'\"])")


def escape_field(name: str) -> str:
    r"""Return a column's name as Vega-Lite reads it: dots, brackets and quotes are taken literally.

    Examples
    --------
    >>> escape_field("Sepal.Length")
    'Sepal\\.Length'
    """
    return _SPECIAL.sub(r"\\\1", name)


def declared(design: Design, profile: Profile, *, escape: bool = True) -> dict[str, Any]:
    """Write a design as a Vega-Lite spec without data.

    Parameters
    ----------
    design
        Styled or not.
    profile
        Of its table.
    escape
        Whether names are escaped as Vega-Lite wants; False keeps them as the table has them, for
        comparing charts.

    Returns
    -------
    dict
        Mark, encoding with aggregates declared over the columns, and where year numbers stand on a
        time axis the transform that makes them dates.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> profile = profile_table(pa.table({"price": [1.5, 2.0, 4.0]}))
    >>> design = Design("tick", (Encoding("x", "price", "value", "quantitative"),))
    >>> declared(design, profile)["encoding"]
    {'x': {'field': 'price', 'type': 'quantitative', 'scale': {'zero': False}}}
    """
    spec: dict[str, Any] = {"$schema": SCHEMA, "mark": {"type": design.mark, "tooltip": True}}
    dates = [e.field for e in design.encodings if e.field and _stands_as_date(e, design, profile)]
    if dates:
        spec["transform"] = [
            {"calculate": f"datetime(datum[{json.dumps(name)}], 0, 1)", "as": name}
            for name in dates
        ]
    names = {
        e.field: escape_field(e.field) if escape else e.field for e in design.encodings if e.field
    }
    spec["encoding"] = {
        _place(e, design): _channel(e, design, profile, names.get(e.field or ""))
        for e in design.encodings
    }
    return spec


def _place(encoding: Encoding, design: Design) -> str:
    """Return the channel that a person would write: an offset where colours stand side by side."""
    if encoding.channel == "color" and design.side_by_side:
        return "yOffset" if design.style.horizontal else "xOffset"
    return encoding.channel


def _stands_as_date(encoding: Encoding, design: Design, profile: Profile) -> bool:
    """Whether year numbers must become dates: bars and areas need a time axis to stand on."""
    return (
        design.mark in ("bar", "area")
        and encoding.transform == "value"
        and encoding.field is not None
        and profile.column(encoding.field).semantic == "year"
    )


def _channel(
    encoding: Encoding, design: Design, profile: Profile, name: str | None
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if name is not None:
        out["field"] = name
        if not name.isprintable():
            # Vega-Lite writes a default title into its tooltip's code, where a line break ends it.
            out["title"] = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if encoding.aggregate:
        out["aggregate"] = encoding.aggregate
    if encoding.bin:
        out["bin"] = True
    if encoding.time_unit:
        out["timeUnit"] = encoding.time_unit
    dated = _stands_as_date(encoding, design, profile)
    out["type"] = "temporal" if dated else encoding.field_type
    if encoding.channel == design.style.sort:
        out["sort"] = _sort(design)
    if encoding.channel in ("x", "y") and encoding.transform == "value" and not dated:
        out |= _scale(encoding, design, profile)
    return out


def _sort(design: Design) -> Any:
    """Largest first, by the channel that holds the measure."""
    if design.mark == "arc":
        theta = design.encoding("theta")
        if theta is None or theta.field is None:
            return {"op": "count", "order": "descending"}
        operation = theta.aggregate or "sum"
        return {"field": escape_field(theta.field), "op": operation, "order": "descending"}
    if design.mark == "boxplot":
        measure = design.encoding("x" if design.style.sort == "y" else "y")
        if measure is not None and measure.field is not None:
            return {"field": escape_field(measure.field), "op": "median", "order": "descending"}
    return "-x" if design.style.sort == "y" else "-y"


def _scale(encoding: Encoding, design: Design, profile: Profile) -> dict[str, Any]:
    if encoding.field is None or encoding.field_type != "quantitative":
        return {}
    if encoding.channel in design.style.log:
        return {"scale": {"type": "log"}}
    if profile.column(encoding.field).semantic == "year":
        return {"axis": {"format": "d"}, "scale": {"zero": False}}
    return {} if design.mark in ("bar", "area") else {"scale": {"zero": False}}
