"""Figures with the error or deviation that a table gives: drawn on either side, told, coded."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.chart_record import design_from, record_to_write


def features() -> pd.DataFrame:
    """How much each feature weighs, and how surely."""
    names = ["age", "income", "tenure", "score", "region"]
    weighs, spread = [0.31, 0.22, 0.17, 0.12, 0.09], [0.03, 0.02, 0.025, 0.02, 0.01]
    return pd.DataFrame({"feature": names, "importance": weighs, "std": spread})


def titers() -> pd.DataFrame:
    """Means of two arms on eight days, without an error on the first."""
    rows = [
        (arm, day, 9.0 - day + up, 0.3 + day / 40)
        for arm, up in (("a", 0), ("b", 1))
        for day in range(8)
    ]
    made = pd.DataFrame(rows, columns=["arm", "day", "titer", "sem"])
    return made.assign(sem=made["sem"].where(made["day"] > 0))


def with_margin(data: Any, mark: str) -> erp.Chart:
    """The first chart of a mark that shows a margin."""
    return next(c for c in erp.recommend(data, mark=mark) if c.design.style.margin is not None)


def test_bars_have_rules_and_the_reason_names_the_margin() -> None:
    chart = with_margin(features(), "bar")
    assert chart.title == "importance by feature, with ± std"
    assert chart.reason == (
        "importance is highest for age (0.31 ± 0.03) and lowest for region (0.09 ± 0.01)."
    )
    assert "age: 0.31 ± 0.03" in chart.description
    bars, rules = chart.drawn["layer"]
    assert bars["mark"]["type"] == "bar" and rules["mark"]["type"] == "rule"
    first = chart.drawn["data"]["values"][0]
    assert (first["low"], first["high"]) == pytest.approx((0.28, 0.34))
    assert chart.drawn["encoding"]["tooltip"][-1]["title"] == "std"


def test_a_list_begins_with_the_figure_and_shows_no_margin_by_itself() -> None:
    charts = erp.recommend(features())
    assert charts[0].design.style.margin == "std"
    assert not any("std" in chart.design.fields for chart in charts)


def test_lines_have_a_band_where_an_error_is_known() -> None:
    chart = with_margin(titers(), "line")
    band, line = chart.drawn["layer"]
    assert band["mark"]["type"] == "area" and line["mark"]["type"] == "line"
    records = chart.drawn["data"]["values"]
    assert len(records) == 16 and sum(record["low"] is None for record in records) == 2
    chart.to_png()


@pytest.mark.parametrize(
    ("data", "mark", "drawn"),
    [(features(), "bar", "errorbar"), (titers(), "line", "errorband")],
    ids=["bar", "line"],
)
def test_code_draws_the_margin(data: pd.DataFrame, mark: str, drawn: str) -> None:
    made: dict[str, Any] = {"df": data}
    exec(with_margin(data, mark).code(), made)
    assert isinstance(made["chart"], alt.LayerChart)
    spec = made["chart"].to_dict()
    layers = {layer["mark"]["type"]: layer["encoding"] for layer in spec["layer"]}
    assert layers.keys() == {mark, drawn}
    assert layers[drawn]["yError"] == {"field": data.columns[-1]}
    # Layers share no channel that "-y" could sort by.
    sort = layers["bar"]["x"]["sort"] if mark == "bar" else {"field": "importance"}
    assert sort["field"] == "importance"


def test_kept_charts_keep_their_margin() -> None:
    chart = with_margin(features(), "bar")
    assert design_from(record_to_write(chart)["design"]) == chart.design


def test_who_wants_no_margin_gets_none() -> None:
    charts = erp.recommend(features(), without={"columns": ["std"]})
    assert charts and all(chart.design.style.margin is None for chart in charts)
