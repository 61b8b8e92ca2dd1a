"""The charts of a list have different titles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import erp_widget as erp

DRAWN = np.random.default_rng(1)
TABLES = {
    "one number": {"pay": DRAWN.normal(38, 5, 300).round(1)},
    "one group": {"shop": DRAWN.choice(list("abc"), 300)},
    "a few whole numbers": {"rooms": DRAWN.integers(0, 9, 20)},
    "days": {
        "day": pd.date_range("2024-01-01", periods=60),
        "pay": DRAWN.normal(38, 5, 60).round(1),
    },
    "years": {"year": range(2000, 2012), "pay": DRAWN.normal(38, 5, 12).round(1)},
}


@pytest.mark.parametrize("name", TABLES)
def test_no_two_charts_of_a_list_have_one_title(name: str) -> None:
    gallery = erp.recommend(pd.DataFrame(TABLES[name]))
    announced = repr(gallery)
    titles = [chart.title for chart in gallery]
    assert len(set(titles)) == len(titles) > 2
    assert all(title in announced for title in titles)


def test_the_later_chart_names_its_marks_in_its_picture_and_its_code_too() -> None:
    charts = list(erp.recommend(pd.DataFrame(TABLES["one number"])))
    (box,) = [chart for chart in charts if chart.mark == "boxplot"]
    assert box.title == "Distribution of pay (box plot)"
    assert box.drawn["title"]["text"] == [box.title]
    assert box.title in box.code()
    assert charts[0].title == "Distribution of pay"
    assert not box.description.count("(box plot)")
