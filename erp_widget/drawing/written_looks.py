"""Owns what a person would write of a chart's looks: colours and scales that mean something."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from erp_widget.aggregate import MISSING
from erp_widget.drawing.category_colors import told_colors
from vizmodel.design import Design
from vizmodel.profile import Profile


def with_colors(
    spec: dict[str, Any], drawn: Mapping[str, Any], design: Design, profile: Profile
) -> dict[str, Any]:
    """Return a declared spec in which answers, ends and colours have the colours that are drawn.

    All others have those of whoever draws it.

    Parameters
    ----------
    spec, drawn
        The declared spec, and the drawn one of the same chart.
    design, profile
        The chart and its table.
    """
    color, shown = design.encoding("color"), _color_of(drawn)
    scale = shown.get("scale", {})
    labels, colors = scale.get("domain"), scale.get("range")
    if "color" not in spec["encoding"] or color is None or not color.field or not labels:
        return spec
    if colors is None or colors != told_colors(labels):
        return spec
    kind = profile.column(color.field).kind
    own = {"scale": {"domain": [_own(label, kind) for label in labels], "range": colors}}
    return spec | {"encoding": spec["encoding"] | {"color": spec["encoding"]["color"] | own}}


def with_own_scales(spec: dict[str, Any], drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Return a declared spec whose panels have scales of their own where the drawn ones do.

    Examples
    --------
    >>> own = {"scale": {"y": "independent"}}
    >>> with_own_scales({"mark": "bar"}, {"facet": {}, "resolve": own | {"axis": {}}})["resolve"]
    {'scale': {'y': 'independent'}}
    """
    scale = drawn.get("resolve", {}).get("scale")
    return spec | {"resolve": {"scale": dict(scale)}} if scale else spec


def _color_of(drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is coloured in a drawn spec: of its only view, its layers, or its panels."""
    inner = drawn.get("spec", drawn)
    views = [inner, *inner.get("layer", ())]
    return next((v["encoding"]["color"] for v in views if "color" in v.get("encoding", {})), {})


def _own(label: Any, kind: str) -> Any:
    """Return a label of a legend as the table has it."""
    if label == MISSING:
        return None
    if kind == "boolean":
        return label == "true"
    return json.loads(label) if kind == "number" and isinstance(label, str) else label
