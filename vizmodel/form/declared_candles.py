"""Owns the declared spec of candlesticks: a rule and a bar, and whether the price of a day rose."""

from __future__ import annotations

from typing import Any

from vizmodel.design import Design
from vizmodel.form.declared import declared, escape_field, speakable
from vizmodel.form.steps import free_name, quoted
from vizmodel.profile import Profile

#: What is calculated for each row, and what it says.
MOVED = "moved"
RISES, FALLS = "closes higher or unchanged", "closes lower"
#: Pixels of the thinnest and the thickest bar, and those that all of them take in a usual plot.
MIN_SIZE, MAX_SIZE, USUAL_WIDTH = 1, 10, 200


def declared_candles(design: Design, profile: Profile, colors: tuple[str, str]) -> dict[str, Any]:
    """Write candlesticks as a Vega-Lite spec without data, in two layers.

    Parameters
    ----------
    design
        Styled, with a body.
    profile
        Of its table.
    colors
        Of days that close higher than they open, and of days that close lower.

    Returns
    -------
    dict
        As `declared` writes other charts, but for the layers in place of a mark: the range of a day
        and, thick, the way from its first to its last price.
    """
    assert design.style.body is not None, "these bars are no candlesticks"
    spec = declared(design, profile)
    mark, encoding = spec.pop("mark"), spec.pop("encoding")
    upper = encoding.pop("y2")
    said = [speakable(name, profile) for name in design.style.body]
    first, last = (f"datum[{quoted(name)}]" for name in said)
    moved = free_name(MOVED, {column.name for column in profile.columns})
    renamed = [
        {"calculate": f"datum[{quoted(name)}]", "as": now}
        for name, now in zip(design.style.body, said, strict=True)
        if now != name
    ]
    told = {"calculate": f"{last} < {first} ? '{FALLS}' : '{RISES}'", "as": moved}
    scale = {"domain": [RISES, FALLS], "range": list(colors)}
    color = {"field": moved, "type": "nominal", "title": None, "scale": scale}
    ends = {e.channel: e.field for e in design.encodings}
    # Of two layers Vega-Lite would write all four names, with their escapes.
    y = encoding["y"] | {"title": f"{ends['y']} to {ends['y2']}"}
    opens, closes = map(escape_field, said)
    size = max(MIN_SIZE, min(MAX_SIZE, round(USUAL_WIDTH / profile.n_rows)))
    return spec | {
        "transform": [*spec.get("transform", ()), *renamed, told],
        "encoding": {"x": encoding["x"], "color": color},
        "layer": [
            {"mark": mark | {"type": "rule"}, "encoding": {"y": y, "y2": upper}},
            {
                "mark": mark | {"size": size},
                "encoding": {"y": y | {"field": opens}, "y2": {"field": closes}},
            },
        ],
    }
