"""Columns that hold the same things, one crossed with the other."""

from itertools import product

import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.wire.profile import profile_form, profile_of

THINGS = ("cat", "dog", "fox", "owl")
PAIRS = list(product(THINGS, THINGS))


def crossed(one: str, other: str, pairs=PAIRS, **more) -> Profile:
    first, second = zip(*pairs, strict=True)
    return profile_table(pa.table({one: first, other: second, **more}))


@pytest.mark.parametrize(
    ("one", "other"),
    [("actual", "predicted"), ("from", "to"), ("var1", "var2"), ("player", "opponent")],
)
def test_a_cell_for_each_two_comes_first(one: str, other: str) -> None:
    profile = crossed(one, other, cells=[at * at % 11 * 1.5 for at in range(16)])
    assert profile.column(other).faces == one
    first = recommend(profile, 3)[0].design
    assert first.mark == "rect" and {*first.fields} == {one, other, "cells"}
    assert profile_of(profile_form(profile)).column(other).faces == one


def test_rows_of_each_two_are_counted() -> None:
    pairs = [(a, b if at % 4 else a) for at, (a, b) in enumerate(PAIRS * 8)]
    profile = crossed("y_true", "y_pred", pairs)
    first = recommend(profile, 3)[0].design
    assert first.mark == "rect" and first.encodings[-1].transform == "count"


def test_amounts_of_several_years_are_added_up() -> None:
    pairs = [pair for pair in PAIRS for _ in range(4)]
    years, value = [2019, 2020, 2021, 2022] * 16, [at * 7 % 61 / 3 for at in range(64)]
    profile = crossed("exporter", "importer", pairs, year=years, value=value)
    shown = [found.design for found in recommend(profile, 3)]
    cells = next(design for design in shown if design.fields == ("importer", "exporter", "value"))
    assert cells.mark == "rect" and cells.encodings[-1].transform == "sum"


@pytest.mark.parametrize(
    "columns",
    [
        # Answers on one scale; groups that share no thing; two groups and their rows.
        {"before lunch": ["yes", "no", "no"] * 20, "tired": ["no", "yes", "no", "yes"] * 15},
        {"from": ["Rome", "Oslo", "Bern"] * 20, "to": ["Cork", "Graz", "Brno"] * 20},
        {"sex": ["f", "m"] * 30, "eaten": ["f", "m", "m", "f"] * 15},
    ],
)
def test_other_groups_face_nothing(columns: dict[str, list[str]]) -> None:
    profile = profile_table(pa.table({**columns, "n": [at * 7 % 61 for at in range(60)]}))
    assert not any(column.faces for column in profile.columns)
