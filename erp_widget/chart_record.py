"""Owns the stored form of a chart: plain data (JSON), and copies of its specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from vizmodel.design import Design, Encoding, Fold, Held, Style

if TYPE_CHECKING:
    from erp_widget.chart import Chart

#: Version of the stored form; a record of a newer one is refused.
RECORD_VERSION = 1
#: What code calls a person's own table.
FRAME = "df"
#: Parts of a style that versions before this one do not know: written only where they say anything.
_NEWER = frozenset({"estimate", "margin"})


def record_to_write(chart: Chart) -> dict[str, Any]:
    """Return the plain form of a chart; it shares the specs of the chart, so write it at once."""
    return {
        "version": RECORD_VERSION,
        "id": chart.id,
        "title": chart.title,
        "description": chart.description,
        "reason": chart.reason,
        "score": chart.score,
        "note": chart.note,
        "design": _plain(chart.design),
        "drawn": chart.drawn,
        "declared": chart.declared,
        "dataset_id": chart.dataset_id,
        "dataset_name": chart.dataset_name,
        "n_rows": chart.n_rows,
        "terms": [list(term) for term in chart.terms],
        **({"approximate": True} if chart.approximate else {}),
        **({"source": chart.source} if chart.source != FRAME else {}),
        **({"needs": chart.needs} if chart.needs else {}),
        **({} if chart.about is None else {"about": list(chart.about)}),
    }


def _plain(part: Any) -> Any:
    if isinstance(part, Struct):
        told = asdict(part).items()
        return {name: _plain(of) for name, of in told if name not in _NEWER or of is not None}
    return tuple(map(_plain, part)) if isinstance(part, tuple) else part


def copied(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a spec that shares nothing with it; its rows are flat dicts.

    Examples
    --------
    >>> spec = {"data": {"values": [{"x": 1}]}}
    >>> copied(spec)["data"]["values"][0] is spec["data"]["values"][0]
    False
    """
    found: dict[str, Any] = _copied({name: part for name, part in spec.items() if name != "data"})
    if "data" not in spec:
        return found
    data = {
        name: [dict(row) for row in part] if name == "values" else _copied(part)
        for name, part in spec["data"].items()
    }
    return {name: data if name == "data" else found[name] for name in spec}


def _copied(part: Any) -> Any:
    # Of what JSON knows only these two can change: `copy.deepcopy` takes four times as long.
    if isinstance(part, dict):
        return {name: _copied(value) for name, value in part.items()}
    return [_copied(value) for value in part] if isinstance(part, list) else part


def _pair(told: list[str] | None) -> tuple[str, str] | None:
    return None if told is None else (told[0], told[1])


def design_from(plain: dict[str, Any]) -> Design:
    """Return a design from the plain form that a record has; older records lack some parts."""
    style = dict(plain["style"])
    fold = style.get("fold")  # charts kept by older versions know no fold
    if fold is not None:
        style["fold"] = Fold(**fold | {"columns": tuple(fold["columns"])})
    where = tuple(Held(**held) for held in style.get("where", ()))
    whole = tuple(style.get("whole", ()))
    told: dict[str, Any] = {"log": tuple(style["log"]), "where": where, "whole": whole}
    told |= {name: _pair(style.get(name)) for name in ("bounds", "body")}
    return Design(
        plain["mark"],
        tuple(Encoding(**encoding) for encoding in plain["encodings"]),
        Style(**style | told),
    )
