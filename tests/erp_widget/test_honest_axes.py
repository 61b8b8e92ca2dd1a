"""Axes, gaps, colours and orders say what the data say, and no more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import vl_convert
from made_charts import VERSIONS, chart_of, schema_problems

from erp_widget.chart import Chart


def texts(chart: Chart) -> str:
    """Return what a chart shows, as both renderers draw it."""
    assert not schema_problems(chart.drawn)
    for version in VERSIONS:
        svg = vl_convert.vegalite_to_svg(chart.drawn, vl_version=version)
        assert "undefined" not in svg and "NaN" not in svg
    return str(svg)


def skewed(**more: Any) -> pd.DataFrame:
    """Return two groups, of which one has values far beyond all others on both sides."""
    rng = np.random.default_rng(1)
    usual = rng.normal(0, 10, 400)
    frame = pd.DataFrame({"kind": ["tea", "cake"] * 200, "change": usual, **more})
    frame.loc[[0, 2], "change"] = [4_000.0, 9_000.0]
    frame.loc[4, "change"] = -7_000.0
    return frame


# --- what lies beyond the axis of box plots


def test_values_beyond_the_axis_of_boxes_are_told_in_words() -> None:
    made = chart_of(skewed(), "boxplot", "x=category kind", "y=value change")
    flat = chart_of(
        skewed(long=["a drink made of leaves", "something baked"] * 200),
        "boxplot",
        "x=category long",
        "y=value change",
    )
    assert flat.design.style.horizontal
    assert "arrows tell those beyond the axis" in str(made.note)
    shown = texts(made)
    assert ">↑ 9,000<" in shown and ">↓ -7,000<" in shown
    beyond = flat.drawn["data"]["values"][0]["above"]
    assert beyond >= 2 and f">{beyond} to 9,000 →<" in texts(flat)
    # No dot stands at the edge as if its value were there.
    for chart, axis in ((made, "y"), (flat, "x")):
        low, high = chart.drawn["encoding"][axis]["scale"]["domain"]
        assert low > -100 and high < 100
        filters = [layer.get("transform", [{}])[0].get("filter") for layer in chart.drawn["layer"]]
        assert f"datum.maximum > datum.high && datum.maximum <= {high!r}" in filters


def test_boxes_whose_outermost_values_are_near_have_dots_alone() -> None:
    made = chart_of(skewed().iloc[5:], "boxplot", "x=category kind", "y=value change")
    assert "→" not in texts(made) and "↑" not in texts(made)


def test_narrow_boxes_beside_each_other_have_an_arrow_alone() -> None:
    frame = skewed(size=["small", "small", "large", "large"] * 100)
    made = chart_of(frame, "boxplot", "x=category kind", "y=value change", "color=category size")
    assert ">↑<" in texts(made)
