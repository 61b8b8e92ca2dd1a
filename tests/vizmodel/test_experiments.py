"""Tables of experiments: what was given is recognised, and what was measured is drawn by it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.candidates.experiments import EXPERIMENTS, MAX_ALIKE, tells_given
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.training.wanted import form_of

VISITS = ["Screening", "Baseline", "Week 4", "Week 8", "Follow-up"]


def trial() -> Profile:
    """Return patients of three arms, each seen five times; their pain falls under the drug."""
    rng = np.random.default_rng(4)
    n, arms = 60, np.array(["Placebo", "Drug 5 mg", "Drug 10 mg"])
    arm = np.repeat(arms[np.arange(n) % 3], len(VISITS))
    visit = np.tile(VISITS, n)
    week = np.tile([0, 0, 1, 2, 2], n)
    fall = np.select([arm == "Drug 5 mg", arm == "Drug 10 mg"], [4.0, 7.0], 1.0)
    return profile_table(
        pa.table(
            {
                "patient": [f"P{i:03}" for i in np.repeat(np.arange(n), len(VISITS))],
                "visit": visit,
                "arm": arm,
                "age": np.repeat(rng.integers(20, 80, n), len(VISITS)),
                "pain": (60 - fall * week + rng.normal(0, 5, n * len(VISITS))).round(1),
                "pulse": rng.normal(70, 8, n * len(VISITS)).round(),
                "nausea": rng.choice(["Y", "N"], n * len(VISITS), p=[0.2, 0.8]),
            }
        )
    )


@pytest.fixture(scope="module")
def visits() -> Profile:
    return trial()


@pytest.mark.parametrize(
    ("name", "labels", "given"),
    [
        ("arm", ["A", "B"], True),
        ("treat", ["x", "y"], True),
        ("Treatment group", ["hot", "cold"], True),
        ("cell", ["A", "B", "C_holdout"], True),
        ("decision", ["offer", "reject", "waitlist"], False),
        ("programme", ["intervention", "control"], True),
        ("TRT01P", ["5 mg", "10 mg"], True),
        ("variant", ["blue", "red"], False),
        ("condition", ["new", "used"], False),
        ("department", ["Quality", "Sales"], False),
        ("accessory", ["remote control", "cable"], False),
    ],
)
def test_arms_are_told_by_their_labels_and_names(name: str, labels: list[str], given: bool) -> None:
    column = profile_table(pa.table({name: labels * 20, "y": list(range(20)) * len(labels)}))
    assert column.column(name).given is given


def test_doses_and_what_they_are_crossed_with_are_given() -> None:
    rng = np.random.default_rng(4)
    dose = np.tile(np.repeat([0.5, 1.0, 2.0], 8), 4)
    table = {"dose": dose, "strain": np.repeat(["wt", "ko"], 48), "bench": np.tile(["a", "b"], 48)}
    growth = rng.normal(10, 1, 96) + dose
    profile = profile_table(pa.table(table | {"growth": growth, "mass": growth * 2 + 1}))
    assert {c.name for c in profile.columns if c.given} == {"dose", "strain"}
    lines = [d.fields for d in EXPERIMENTS.charts(profile) if d.mark == "line"]
    assert ("dose", "growth", "strain") in lines


def test_means_along_visits_have_a_line_for_each_arm(visits: Profile) -> None:
    charts = EXPERIMENTS.charts(visits)
    assert not [one for one in charts if violations(one, visits)]
    first, _ = max(EXPERIMENTS.proposed(visits), key=lambda told: told[1])
    assert (first.mark, first.fields) == ("line", ("visit", "pain", "arm"))
    # What does not differ is not drawn, unless it is asked about.
    assert {"visit", "age"}.isdisjoint(d.fields[0] for d in charts if d.mark != "line")
    assert tells_given(first, visits) == 1.0


def test_the_course_by_arm_comes_first(visits: Profile) -> None:
    first = recommend(visits, 3)[0].design
    assert (first.mark, set(first.fields)) == ("line", {"visit", "pain", "arm"})


def test_shares_by_arm_are_shares_however_close_they_are() -> None:
    rng = np.random.default_rng(4)
    n = 600
    table = {
        "user": np.arange(n) + 5000,
        "group": rng.choice(["A", "B", "holdout"], n),
        "country": rng.choice(["DE", "FR", "IT", "ES"], n),
        "age": rng.integers(18, 80, n),
        "visits": rng.poisson(3, n),
        "converted": rng.integers(0, 10, n) // 9,
    }
    found = recommend(profile_table(pa.table(table)), 5)
    drawn = [one.design for one in found if set(one.design.fields) == {"group", "converted"}]
    assert [(form_of(one.upright()), one.style.stack) for one in drawn] == [("shares", "normalize")]


def test_other_tables_have_no_such_charts() -> None:
    flowers = pa.table({"species": ["a", "b"] * 40, "petal": list(range(80)), "sepal": [3, 4] * 40})
    assert not EXPERIMENTS.charts(profile_table(flowers))


def test_that_arms_do_not_differ_is_told_of_few_columns() -> None:
    rng = np.random.default_rng(6)
    names = ("cost", "wage", "revenue", "profit", "score", "price", "rate")
    table = {"treatment": np.array(["a", "b", "c"])[np.arange(240) % 3]}
    profile = profile_table(pa.table(table | {name: rng.normal(50, 9, 240) for name in names}))
    assert len({d.fields[1] for d in EXPERIMENTS.charts(profile)}) == MAX_ALIKE


def test_a_key_of_a_step_and_a_measure_is_no_occasion() -> None:
    rng = np.random.default_rng(7)
    table = {
        "arm": np.array(["drug", "placebo"])[np.arange(90) % 2],
        "education": rng.choice(["low", "middle", "high"], 90),
        "weight": rng.normal(70, 9, 90),
    }
    table["pain"] = np.where(table["arm"] == "drug", 3.0, 5.0) + rng.normal(0, 2, 90)
    charts = EXPERIMENTS.charts(profile_table(pa.table(table)))
    assert charts
    assert not any("education" in design.fields for design in charts)


def test_visits_that_have_a_column_each_are_a_course_of_each_arm() -> None:
    rng = np.random.default_rng(7)
    n = 120
    arm = rng.choice(["placebo", "drug"], n)
    table = {"patient": [f"P{i:03}" for i in range(n)], "arm": arm.tolist()}
    table |= {"age": rng.integers(20, 80, n).tolist()}
    for visit in range(5):
        table[f"hb_v{visit}"] = (12 + rng.normal(0, 1, n) + 0.4 * visit * (arm == "drug")).tolist()
    for visit in range(5):
        table[f"plt_v{visit}"] = rng.integers(150, 400, n).tolist()
    profile = profile_table(pa.table(table))
    assert profile.fold is not None
    assert (profile.fold.key, profile.fold.value) == ("visit", "hb")
    first = recommend(profile, 5)[0].design
    assert (first.mark, set(first.fields)) == ("line", {"visit", "hb", "arm"})


def test_each_measure_of_a_trial_has_its_course_among_the_first_charts() -> None:
    rng = np.random.default_rng(7)
    rows = []
    for subject in range(60):
        arm, start = ["placebo", "drug"][subject % 2], rng.normal(150, 9)
        for week in (0, 2, 4, 8):
            fall = (3.0 if arm == "drug" else 0.5) * week
            high = start - fall + rng.normal(0, 4)
            low = 0.6 * high + rng.normal(0, 3)
            rows.append((f"S{subject}", arm, ["F", "M"][subject // 2 % 2], week, high, low))
    names = ["subject", "arm", "sex", "week", "systolic", "diastolic"]
    profile = profile_table(pa.Table.from_pylist([dict(zip(names, r, strict=True)) for r in rows]))
    found = [one.design for one in recommend(profile, 5)]
    courses = [set(one.fields) for one in found if one.mark == "line"]
    assert {"week", "systolic", "arm"} in courses and {"week", "diastolic", "arm"} in courses
