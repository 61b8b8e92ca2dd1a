"""Parts of a whole in columns, as they are drawn: on top of each other, also below nought."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import erp_widget as erp

RNG = np.random.default_rng(5)


def _drawn(table: pd.DataFrame, mark: str, columns: list[str]) -> dict[str, Any]:
    shown = [c for c in erp.recommend(table) if c.design.mark == mark and c.design.style.fold]
    found = [c for c in shown if set(columns) <= set(c.fields) and c.design.encoding("color")]
    return dict(found[0].to_vegalite())


def _stack(spec: dict[str, Any]) -> set[Any]:
    return {spec["encoding"][axis].get("stack") for axis in ("x", "y")}


def test_what_takes_away_goes_below_nought() -> None:
    parts = {name: RNG.normal(0.2, 0.6, 24).round(2) for name in ("homes", "trade", "state")}
    quarters = [f"{year}-Q{quarter}" for year in range(2016, 2022) for quarter in range(1, 5)]
    table = pd.DataFrame({"quarter": quarters, **parts})
    spec = _drawn(table.assign(growth=sum(parts.values())), "bar", ["quarter"])
    assert _stack(spec) == {None, "zero"}
    assert not {"xOffset", "yOffset"} & set(spec["encoding"])
    records = spec["data"]["values"]
    assert min(record["y"] for record in records) < 0


def test_shares_of_a_hundred_stand_in_no_order_of_their_rounding() -> None:
    shares = (RNG.dirichlet([4, 3, 2, 1], 9) * 100).round()
    words = ["Very worried", "Somewhat worried", "Not too worried", "Not at all worried"]
    table = pd.DataFrame(
        {"town": [f"town {i}" for i in range(9)], **dict(zip(words, shares.T, strict=True))}
    )
    spec = _drawn(table, "bar", ["town"])
    assert _stack(spec) >= {"zero"}
    along = next(axis for axis in ("x", "y") if spec["encoding"][axis]["type"] == "nominal")
    assert spec["encoding"][along]["sort"] == sorted(table["town"])


def test_medals_are_put_together_the_most_first() -> None:
    medals = {name: RNG.integers(0, 20, 12) for name in ("Gold", "Silver", "Bronze")}
    nations = [*"ABCDEFGHIJKL"]
    table = pd.DataFrame({"nation": nations, **medals})
    chart = erp.recommend(table)[0]
    assert (chart.design.mark, chart.title) == (
        "bar",
        "Values of Gold, Silver and Bronze by nation",
    )
    total = table.assign(total=sum(medals.values())).sort_values("total", ascending=False)
    along = chart.to_vegalite()["encoding"]["y" if chart.design.style.horizontal else "x"]
    assert along["sort"][0] == total["nation"].iloc[0]
