"""Whole numbers that name the subject of several rows are names; sizes and axes are not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.reading.told import told_casts
from vizmodel.recommend import recommend

RNG = np.random.default_rng(23)
SUBJECTS, TIMES = 40, 6
N = SUBJECTS * TIMES
BLOCKS = np.repeat(np.arange(1, SUBJECTS + 1), TIMES)
REGISTER = np.repeat(np.sort(RNG.choice(np.arange(100, 2_600), SUBJECTS, replace=False)), TIMES)
DAYS = np.tile(np.arange(0, 2 * TIMES, 2), SUBJECTS)
GRAMS = (40 + DAYS * 3 + RNG.normal(0, 9, N)).round(1)


def panel(subject: np.ndarray, name: str = "bird", **others: object) -> Profile:
    return profile_table(pa.table({"grams": GRAMS, "day": DAYS, name: subject, **others}))


@pytest.mark.parametrize("subject", [BLOCKS, REGISTER])
def test_what_a_time_runs_for_is_a_name(subject: np.ndarray) -> None:
    column = panel(subject).column("bird")
    assert column.semantic == "identifier"
    assert column.evidence.startswith("names what “day” runs for")


def test_few_subjects_are_groups_to_be_drawn() -> None:
    few = profile_table(
        pa.table(
            {
                "grams": GRAMS,
                "day": np.tile(np.arange(N // 8), 8),
                "bird": np.repeat(range(1, 9), N // 8),
            }
        )
    )
    assert few.column("bird").semantic == "category"
    assert few.identifies_rows({"bird", "day"})


@pytest.mark.parametrize(
    ("subject", "name", "others"),
    [
        (REGISTER, "acres", {"farm": [f"farm {i}" for i in BLOCKS]}),  # a size of what is named
        (BLOCKS, "percentile", {}),
        (BLOCKS, "temperature", {}),
        (BLOCKS, "bird", {"load": BLOCKS * 2.5 + RNG.normal(size=N)}),  # others rise with it
        (RNG.permutation(BLOCKS), "bird", {}),
    ],
)
def test_sizes_and_axes_are_none(subject: np.ndarray, name: str, others: dict) -> None:
    assert panel(subject, name, **others).column(name).semantic not in ("identifier", "category")


def test_groups_of_named_groups_are_names() -> None:
    schools = np.repeat(np.arange(1, 121), 5)
    table = {"area": (schools - 1) // 6 + 1, "school": schools, "score": RNG.normal(size=600)}
    column = profile_table(pa.table(table)).column("area")
    assert column.semantic == "identifier"
    assert column.evidence == "numbers groups of “school”"


@pytest.mark.parametrize("name", ["municipality", "Dog", "Chick", "micnum", "casenum", "ccn"])
def test_names_of_things(name: str) -> None:
    codes = RNG.permutation(REGISTER)
    assert panel(codes, name).column(name).semantic == "identifier"


@pytest.mark.parametrize("name", ["platinum", "totalnum", "dogs"])
def test_names_of_amounts(name: str) -> None:
    codes = RNG.permutation(REGISTER)
    assert panel(codes, name).column(name).semantic == "measure"


def test_numbers_of_a_register_stand_for_the_name_beside_them() -> None:
    names = [f"home {i % 14}" for i in range(N)]
    codes = [11_500 + i % 14 * 3 // 2 for i in range(N)]
    people = [3_000 + i % 14 * 731 for i in range(N)]
    profile = panel(RNG.permutation(REGISTER), home=names, register=codes, people=people)
    assert profile.column("register").evidence == "stands for what “home” names"
    assert profile.column("people").semantic == "measure"


def test_what_the_user_calls_a_size_stays_one() -> None:
    raw = pa.table({"grams": GRAMS, "day": DAYS, "bird": BLOCKS})
    casts = told_casts(raw, infer_casts(raw), {"bird": "quantitative"})
    profile = profile_table(apply_casts(raw, casts), casts=casts)
    assert profile.column("bird").field_type == "quantitative"


def test_numbers_of_treatments_are_groups_of_subjects() -> None:
    diets = panel(BLOCKS, diet=BLOCKS % 4 + 1, parity=BLOCKS % 4, visits=DAYS // 2 % 4 + 1)
    assert diets.column("diet").semantic == "category"
    assert diets.column("diet").evidence == "numbers groups of “bird”, 1 to 4"
    assert diets.column("diet").given
    assert recommend(diets)[0].design.fields == ("day", "grams", "diet")
    assert diets.column("parity").semantic == "measure"  # how many, from none on
    assert diets.column("visits").semantic == "measure"  # not the same at each time
