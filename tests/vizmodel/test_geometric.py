"""Few numbers that grow by factors are known, and lines and points along them have a log scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding
from vizmodel.form.log_scales import log_constant
from vizmodel.form.style import styled
from vizmodel.profile import profile_table


def geometric(name: str, values: list[Any]) -> float:
    rng = np.random.default_rng(2)
    table = pa.table({name: values * 6, "result": rng.normal(0, 1, 6 * len(values))})
    return profile_table(table).columns[0].geometric


@pytest.mark.parametrize(
    ("name", "values", "first"),
    [
        ("dose_uM", [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 0.01),
        ("dose", [0.0, 1e-4, 1e-3, 1e-2], 1e-4),
        ("threads", [1, 2, 4, 8, 16, 64], 1.0),
        ("Installs", [100, 1_000, 10_000], 100.0),
        # Equal steps, and steps of time.
        ("dose", [0, 10, 20, 30, 40], 0.0),
        ("hours_post", [0.5, 1.0, 2.0, 4.0, 8.0, 24.0], 0.0),
        ("week", [1, 2, 4, 8, 16], 0.0),
        ("balance", [-10, 1, 10, 100], 0.0),
        ("rating", [1, 2, 3, 4, 5], 0.0),
    ],
)
def test_few_numbers_that_grow_by_factors(name: str, values: list[Any], first: float) -> None:
    assert geometric(name, values) == first


def test_lines_and_points_along_them_have_a_log_scale() -> None:
    doses = [0.0, 0.5, 1.0, 5.0, 10.0, 50.0] * 10
    rng = np.random.default_rng(2)
    profile = profile_table(pa.table({"dose": doses, "mass": rng.normal(9, 1, 60)}))
    mean = Encoding("y", "mass", "mean", "quantitative")
    along = Encoding("x", "dose", "category", "ordinal")
    assert styled(Design("line", (along, mean)), profile).style.log == ("x",)
    # Bars and boxes have a place for each.
    assert styled(Design("bar", (along, mean)), profile).style.log == ()
    # There is room for a dose of nothing beside the smallest.
    assert log_constant(profile.column("dose")) == 0.5
