"""Numbers that somebody set, such as doses, are steps; numbers that were measured are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table

RNG = np.random.default_rng(5)
DOSES = [0.5, 1.0, 2.0] * 20
BY = ["juice"] * 30 + ["pill"] * 30
GROWTH = RNG.normal(18, 6, 60).round(1)


def profile(**columns: Any) -> Profile:
    return profile_table(pa.table(columns))


def test_levels_of_a_design_are_steps() -> None:
    found = profile(dose=DOSES, by=BY, growth=GROWTH)
    assert found.column("dose").semantic == "ordinal"
    assert found.column("growth").semantic == "measure"
    baths = profile(heat=[20, 25, 30] * 12, ph=[5.5] * 18 + [7.5] * 18, growth=GROWTH[:36])
    assert [column.semantic for column in baths.columns] == ["ordinal", "ordinal", "measure"]


@pytest.mark.parametrize(
    "columns",
    [
        {"dose": RNG.permutation(DOSES), "by": BY, "growth": GROWTH},  # not crossed
        {"dose": [*DOSES[:-15], *[0.5] * 15], "by": BY, "growth": GROWTH},  # not even
        {"dose": DOSES, "by": ["juice"] * 60, "growth": GROWTH},  # nothing beside it
        {"dose": DOSES, "by": BY, "growth": DOSES[::-1]},  # nothing measured
        {"dose": [None, *DOSES[1:]], "by": BY, "growth": GROWTH},
        {"dose": np.arange(60) % 20 / 2, "by": BY, "growth": GROWTH},  # many levels
    ],
    ids=["mixed", "uneven", "alone", "unmeasured", "gaps", "many"],
)
def test_what_may_be_measured_stays_a_measure(columns: dict[str, Any]) -> None:
    assert profile(**columns).column("dose").semantic != "ordinal"


def test_nobody_takes_the_mean_of_levels() -> None:
    found = profile(dose=DOSES, by=BY, growth=GROWTH)
    group = Encoding("x", "by", "category", "nominal")
    means = Design("bar", (group, Encoding("y", "dose", "mean", "quantitative")))
    assert "aggregate_needs_numbers" in violations(means, found)
    levels = Design("boxplot", (group, Encoding("y", "dose", "value", "quantitative")))
    assert "value_is_number_or_time" in violations(levels, found)
    steps = Encoding("x", "dose", "category", "ordinal")
    boxes = Design("boxplot", (steps, Encoding("y", "growth", "value", "quantitative")))
    assert violations(boxes, found) == ()
    along = (
        Encoding("x", "dose", "value", "quantitative"),
        Encoding("y", "growth", "mean", "quantitative"),
        Encoding("color", "by", "category", "nominal"),
    )
    assert violations(Design("line", along), found) == ()


def test_levels_that_meet_as_evenly_as_by_chance_are_not_what_was_given() -> None:
    rng = np.random.default_rng(1)
    chance = {"size": rng.integers(1, 4, 600) * 1.5, "site": rng.choice(["a", "b"], 600)}
    found = profile(**chance, growth=rng.normal(18, 6, 600))
    assert found.column("size").semantic == "ordinal"
    assert not any(column.given for column in found.columns)
    planned = {"size": [1.5, 3.0, 4.5] * 200, "site": ["a"] * 300 + ["b"] * 300}
    found = profile(**planned, growth=rng.normal(18, 6, 600))
    assert found.column("size").given
