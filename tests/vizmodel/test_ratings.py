"""Items of a questionnaire are gathered: they do not add up, and are read side by side."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table
from vizmodel.profile.layouts.ratings import rating_items
from vizmodel.recommend import recommend
from vizmodel.worth.answering import about_answering, sampling_weights, tells_of_answering
from vizmodel.worth.asked import asked_chances

RNG = np.random.default_rng(8)
N, DAY = 240, 86_400_000_000


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
    assert rating_items(guests.own_columns) == set(items)
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


def some(middle: float, low: int, high: int) -> np.ndarray:
    """Return answers of which none is beyond two steps of a scale."""
    return np.clip(RNG.normal(middle, 0.6, N).round(), low, high).astype(int)


@pytest.mark.parametrize("names", ["V1 V2 V3 V4 V5 V6", "clarity pace room staff food quiet"])
def test_an_item_to_which_nobody_gave_some_answers_is_one_of_its_block(names: str) -> None:
    means = [answers(3.2), some(4.4, 3, 5), answers(2.8), some(1.6, 1, 3), answers(3), answers(4)]
    items = dict(zip(names.split(), means, strict=True))
    table = {"sex": RNG.choice(["f", "m"], N), **items, "bikes": some(2, 1, 4)}
    profile = profile_table(pa.table(table))
    assert profile.fold is not None and profile.fold.columns == tuple(items)


def test_items_of_two_scales_are_two_blocks() -> None:
    short = {f"Q{at}": answers(3.0) for at in range(1, 5)}
    long = {f"Q{at}": answers(4.5, 1, 7) for at in range(5, 10)}
    profile = profile_table(pa.table({**short, **long}))
    assert {fold.columns for fold in profile.folds} == {tuple(short), tuple(long)}


def test_items_that_are_called_as_wells_are_no_wells() -> None:
    names = [f"{letter}{at}" for letter in "ACE" for at in range(1, 6)]
    profile = profile_table(
        pa.table({name: answers(3.0 + at % 3) for at, name in enumerate(names)})
    )
    assert profile.fold is not None
    assert (profile.fold.key, len(profile.fold.columns)) == ("item", 15)


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


@pytest.fixture(scope="module")
def pulse() -> Profile:
    """Return a survey of two weeks, as the program writes it that people answered in."""
    content = RNG.normal(0, 1, N)
    table = {
        "StartDate": pa.array(
            np.datetime64("2024-03-04", "us") + np.sort(RNG.integers(0, 14 * DAY, N))
        ),
        "Duration (in seconds)": RNG.lognormal(5.5, 0.6, N).round(),
        "Finished": RNG.random(N) < 0.9,
        "Department": RNG.choice(["Sales", "Support", "Finance", "HR"], N, p=[0.4, 0.3, 0.2, 0.1]),
        "eNPS": np.clip((7 + 2 * content).round(), 0, 10).astype(int),
    }
    for name, shift in (("I like my work", 1), ("My pay is fair", -1), ("I can rest", 0)):
        steps = np.clip((3 + shift + content + RNG.normal(0, 1, N)).round(), 1, 5).astype(int)
        table[name] = [SCALE[step - 1] for step in steps]
    return profile_table(pa.table(table))


def test_how_a_questionnaire_was_answered_is_not_what_is_asked(pulse: Profile) -> None:
    assert about_answering(pulse) == {"StartDate", "Duration (in seconds)", "Finished"}
    chances = asked_chances(pulse)
    assert chances["Duration (in seconds)"] == 0.0
    assert max(chances, key=lambda name: chances[name]) == "eNPS"
    first = [one.design for one in recommend(pulse, 5)]
    assert all(about_answering(pulse).isdisjoint(one.fields) for one in first)


@pytest.mark.parametrize(
    ("name", "scale", "found"),
    [
        ("weight", 1.0, True),
        ("peso", 1.0, True),
        ("weight", 70.0, False),
        ("survey_weight", 2_500.0, True),
        ("factor_expansion", 310.0, True),
        ("height", 1.0, False),
    ],
)
def test_how_many_each_stands_for_is_not_what_is_asked(
    name: str, scale: float, found: bool
) -> None:
    rng = np.random.default_rng(4)
    weights, rooms = rng.lognormal(0, 0.4, N), rng.integers(1, 6, N)
    table = {
        "district": rng.choice(["north", "south", "east"], N),
        "rent": (rng.lognormal(6, 0.4, N) * (1 + rooms / 2)).round(),
        "rooms": rooms,
        "satisfied": rng.integers(0, 11, N),
        name: (weights / weights.mean() * scale).round(3),
    }
    profile = profile_table(pa.table(table))
    assert (sampling_weights(profile) == {name}) is found
    if found:
        assert not any(name in one.design.fields for one in recommend(profile, 5))


def test_other_tables_have_durations_of_their_own() -> None:
    runs = {"Duration (in seconds)": RNG.lognormal(5, 0.5, N), "team": ["a", "b"] * (N // 2)}
    profile = profile_table(pa.table({**runs, "length": RNG.normal(5, 1, N)}))
    charts = [one.design for one in recommend(profile, 5)]
    assert any("Duration (in seconds)" in one.fields for one in charts)
    assert not any(tells_of_answering(one, profile) for one in charts)


def test_items_are_known_whatever_else_they_are_called() -> None:
    # A score of the team is no team, and one of the manager names no row.
    rng = np.random.default_rng(5)
    items = ("sat_pay", "sat_team", "sat_manager", "sat_tools")
    table = {"respondent": np.arange(1, N + 1), "submitted": ["2024-05-01", "2024-05-09"] * 120}
    table |= {name: answers(3 + at / 4) for at, name in enumerate(items)}
    profile = profile_table(pa.table(table | {"age": rng.integers(18, 70, N)}))
    assert rating_items(profile.own_columns) == set(items)
    assert all(profile.column(name).usable for name in items)
    assert about_answering(profile) == {"submitted"}
