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
        "Gold, Silver and Bronze by nation",
    )
    total = table.assign(total=sum(medals.values())).sort_values("total", ascending=False)
    along = chart.to_vegalite()["encoding"]["y" if chart.design.style.horizontal else "x"]
    assert along["sort"][0] == total["nation"].iloc[0]


def _reason(table: pd.DataFrame, mark: str) -> str:
    piled = [c for c in erp.recommend(table) if c.design.mark == mark and c.design.style.fold]
    return next(chart.reason for chart in piled if chart.design.encoding("color") is not None)


def test_what_parts_come_to_is_told() -> None:
    medals = {
        "Gold": [5, 4, 1, 0, 2, 3],
        "Silver": [5, 1, 2, 0, 3, 1],
        "Bronze": [9, 2, 1, 1, 0, 4],
    }
    said = _reason(pd.DataFrame({"nation": [*"ABCDEF"], **medals}), "bar")
    assert said == "The sum of Gold, Silver and Bronze is highest for A (19) and lowest for D (1)."
    lost = {"won": [9, 5, 4, 7, 3, 6], "drawn": [1, 3, 4, 0, 6, 2], "lost": [2, 4, 4, 5, 3, 4]}
    said = _reason(pd.DataFrame({"team": [*"ABCDEF"], **lost}), "bar")
    assert said == "won is highest for A (9) and lowest for E (3)."


def test_how_parts_go_on_is_told() -> None:
    years = [*range(2000, 2012)]
    coal, wind = np.linspace(90, 30, 12).round(1), np.linspace(10, 60, 12).round(1)
    sources = {"Coal": coal, "Wind": wind, "Solar": wind / 2}
    said = _reason(pd.DataFrame({"year": years, **sources}), "area")
    assert said == (
        "The sum of Coal, Wind and Solar goes from 105 in 2000 to 120 in 2011;"
        " its largest part is Coal in 2000 (90) and Wind in 2011 (60)."
    )
    whole = np.sum([*sources.values()], axis=0)
    shares = {name: (100 * size / whole).round(1) for name, size in sources.items()}
    said = _reason(pd.DataFrame({"year": years, **shares}), "area")
    assert said == "The largest part is Coal in 2000 (85.7) and Wind in 2011 (50)."


def test_of_the_points_of_all_parties_each_is_told_by_itself() -> None:
    days = pd.Timestamp("2022-01-01") + pd.to_timedelta(np.sort(RNG.integers(0, 600, 200)), "D")
    shares = {
        name: size + RNG.normal(0, 1, 200).round(1)
        for name, size in zip("AB", (45, 35), strict=True)
    }
    houses = RNG.choice(["Delta", "Kappa", "Sigma"], 200)
    table = pd.DataFrame(
        {"date": days, "house": houses, **{f"party {n}": s for n, s in shares.items()}}
    )
    table["party C"] = 95 - table["party A"] - table["party B"] + RNG.normal(0, 1, 200).round(1)
    said = _reason(table, "point")
    assert said.startswith("Median value is highest for ") and "lowest for " in said
