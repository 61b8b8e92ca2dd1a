"""What is said of curves that end at one place: how high each lies on average."""

from __future__ import annotations

import numpy as np
import pandas as pd

import erp_widget as erp

RNG = np.random.default_rng(1)


def _hits(*powers: float) -> pd.DataFrame:
    """Return curves from 0 to 1, under which the area is power / (power + 1)."""
    parts = []
    for power in powers:
        alarms = np.sort(np.r_[0.0, RNG.random(200), 1.0])
        parts.append({"alarms": alarms, "hits": 1 - (1 - alarms) ** power, "of": f"P{power:.0f}"})
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)


def test_the_area_below_each_curve_is_told() -> None:
    first = erp.recommend(_hits(2, 4))[0]
    assert first.design.mark == "line"
    assert first.reason == (
        "On average along alarms, hits is higher for P4 (0.8) than for P2 (0.6666)."
    )


def test_of_several_curves_the_highest_and_the_lowest_are_told() -> None:
    said = erp.recommend(_hits(2, 4, 3))[0].reason
    assert "highest for P4" in said
    assert "and lowest for P2" in said


def test_curves_that_share_no_part_of_the_axis_are_not_compared() -> None:
    apart = _hits(2, 4)
    apart.loc[apart["of"] == "P4", "alarms"] += 5
    said = [chart.reason for chart in erp.recommend(apart)]
    assert not any("On average along" in reason for reason in said)
