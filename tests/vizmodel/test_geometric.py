"""Few numbers that grow by factors are known, and lines and points along them have a log scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding
from vizmodel.form.log_scales import log_constant
from vizmodel.form.style import styled
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend


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


def timings(**more: list[Any]) -> Profile:
    """How long three libraries take for tables of four sizes."""
    rng = np.random.default_rng(4)
    sizes = [1_000, 10_000, 100_000, 1_000_000] * 9
    library = np.repeat(["fast", "middle", "slow"], 12)
    factor = {"fast": 1e-7, "middle": 3e-7, "slow": 1e-6}
    seconds = [
        factor[name] * n * rng.uniform(0.9, 1.1) for name, n in zip(library, sizes, strict=True)
    ]
    return profile_table(
        pa.table({"library": library, "n_rows": sizes, "seconds": seconds, **more})
    )


@pytest.mark.parametrize(
    "more", [{}, {"op": ["join", "sort", "group"] * 12}], ids=["narrow", "wide"]
)
def test_what_grows_with_sizes_by_orders_of_magnitude_has_two_log_scales(more: Any) -> None:
    profile = timings(**more)
    assert not profile.copies  # sizes are no bins of the seconds
    first = recommend(profile, 5)[0].design
    assert (first.mark, set(first.fields)) == ("line", {"library", "n_rows", "seconds"})
    assert set(first.style.log) == {"x", "y"}
