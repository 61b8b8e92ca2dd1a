"""Items of a questionnaire are gathered: they do not add up, and are read side by side."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table
from vizmodel.profile.ratings import rating_items
from vizmodel.recommend import recommend

RNG = np.random.default_rng(8)
N = 240


def answers(middle: float, low: int = 1, high: int = 5) -> np.ndarray:
    """Return whole numbers around a middle, all steps of their scale among them."""
    found = np.clip(RNG.normal(middle, 1.2, N).round(), low, high).astype(int)
    found[: high - low + 1] = np.arange(low, high + 1)
    return found


@pytest.fixture(scope="module")
def guests() -> Profile:
    table = {
        "guest": [f"G{i}" for i in range(N)],
        "hotel": RNG.choice(["Harbour", "Airport", "Old Town"], N),
        "nights": 1 + RNG.poisson(1.0, N),
        "cleanliness": answers(4.2),
        "staff": answers(4.4),
        "Value for Money": answers(3.2),
        "age": RNG.integers(18, 80, N),
        "spent": RNG.lognormal(5, 0.5, N).round(2),
    }
    return profile_table(pa.table(table))


def test_items_are_gathered_and_do_not_add_up(guests: Profile) -> None:
    items = ("cleanliness", "staff", "Value for Money")
    assert rating_items(guests.own_columns) == items
    assert guests.fold is not None
    assert (guests.fold.columns, guests.fold.key, guests.fold.value) == (items, "item", "rating")
    assert not any(guests.column(name).additive for name in items)
    assert guests.column("spent").additive


def test_how_each_was_answered_is_one_of_the_first_charts(guests: Profile) -> None:
    found = [one.design for one in recommend(guests, 15)]
    means = [at for at, one in enumerate(found) if set(one.fields) == {"item", "rating"}]
    assert means and means[0] < 4
    shown = {(e.field, e.transform) for e in found[means[0]].encodings}
    assert shown == {("item", "category"), ("rating", "mean")}
    sums = [e.field for one in found for e in one.encodings if e.transform == "sum"]
    assert set(sums) <= {"spent", "nights"}


@pytest.mark.parametrize(
    ("names", "gathered"),
    [
        (("Bedrooms", "Bathrooms", "Floors"), False),
        (("Coffee A - rating", "Coffee B - rating", "Coffee C - rating"), True),
        (("q1_clarity", "q2_pace", "q3_fairness"), True),
        (("overall_rating", "mean_score", "q1"), False),
    ],
)
def test_what_is_counted_or_summed_up_is_no_item(names: tuple[str, ...], gathered: bool) -> None:
    columns = {name: answers(3.0) for name in names}
    profile = profile_table(pa.table({"group": ["a", "b"] * (N // 2), **columns}))
    assert bool(rating_items(profile.own_columns)) is gathered


def test_names_of_items_are_cut_by_whole_words_only() -> None:
    coffee = {f"Coffee {letter} - rating": answers(3.0) for letter in "ABC"}
    questions = {f"q{at}_{name}": answers(3.0) for at, name in enumerate(("pace", "help", "room"))}
    labels = []
    for columns in (coffee, questions):
        fold = profile_table(pa.table({"group": ["a", "b"] * (N // 2), **columns})).fold
        assert fold is not None
        labels.append(fold.labels)
    assert labels == [("A", "B", "C"), ("q0_pace", "q1_help", "q2_room")]


SCALE = ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree")


def agreement(middle: float) -> list[str | None]:
    """Return answers in words; every twentieth is left out."""
    found = [SCALE[step - 1] for step in answers(middle)]
    return [None if at % 20 == 19 else said for at, said in enumerate(found)]


def test_items_that_are_answered_in_words_are_gathered() -> None:
    items = ("I like my work", "I am paid fairly", "My workload is manageable")
    table = {"team": RNG.choice(["a", "b", "c"], N), "age": RNG.integers(18, 80, N)}
    table |= {"weekday": RNG.choice(["Mon", "Tue", "Wed"], N), "score": RNG.normal(5, 1, N)}
    said = {name: agreement(middle) for name, middle in zip(items, (4, 2, 3), strict=True)}
    profile = profile_table(pa.table({**table, **said}))
    assert profile.fold is not None and profile.fold.columns == items
    value = profile.column("answer")
    assert (value.semantic, value.listed) == ("ordinal", SCALE)
    assert value.n_present / value.n_rows == pytest.approx(0.95, abs=0.01)
    found = [one.design for one in recommend(profile, 4)]
    parts = next(one for one in found if set(one.fields) == {"item", "answer"})
    assert (parts.style.stack, parts.style.fold) == ("normalize", profile.fold)
