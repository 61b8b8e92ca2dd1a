"""A column names the rows where its texts tell all apart; persons, hashes and numbers do not."""

from __future__ import annotations

import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding, Transform
from vizmodel.form.style import TOP_LINES, styled
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.layouts.naming import MAX_NAMED
from vizmodel.profile.reading.casts import Cast
from vizmodel.recommend import recommend

FEW, MANY = 20, 60
TOWNS = [f"{start}{end}" for start in ("Al", "Bo", "Cor", "Dun") for end in "aeioubcdfghjklm"]
FIRST = ["Anna", "Robert", "Mary", "John", "Laura", "Peter"]


def table(names: list[str], called: str, **others: list[str]) -> Profile:
    n = len(names)
    numbers = {
        "weight": [float(i * 37 % 11) for i in range(n)],
        "price": [i * 1.5 for i in range(n)],
    }
    return profile_table(pa.table({called: names, **others, **numbers}))


def test_towns_of_some_lands_are_no_persons() -> None:
    lands = [f"{town}, {('DE', 'FR', 'Italy')[i % 3]}" for i, town in enumerate(TOWNS)]
    assert table(lands, "town").named == "town"


@pytest.mark.parametrize("called", ["town", "Unnamed: 0", "model"])
@pytest.mark.parametrize("n", [FEW, MANY])
def test_texts_that_tell_all_rows_apart_name_them(n: int, called: str) -> None:
    assert table(TOWNS[:n], called).named == called


@pytest.mark.parametrize(
    ("called", "names"),
    [
        ("town", [TOWNS[i // 2] for i in range(MANY)]),
        ("file hash", [f"{i * 7919:012x}" for i in range(MANY)]),
        ("order", [f"ORD-{1000 + i}" for i in range(MANY)]),
        ("remark", [f"{town} is a place of which much could be told here" for town in TOWNS]),
        ("town", [TOWNS[i % MANY] + str(i) for i in range(MAX_NAMED + 1)]),
    ],
)
def test_groups_hashes_numbers_and_sentences_name_nothing(called: str, names: list[str]) -> None:
    assert table(names, called).named is None


@pytest.mark.parametrize(
    ("called", "names"),
    [
        ("pupil", TOWNS),
        ("name", [f"{FIRST[i % 6]} {town}" for i, town in enumerate(TOWNS)]),
        ("name", [f"{town}, {FIRST[i % 6]}" for i, town in enumerate(TOWNS)]),
        ("Unnamed: 0", [f"Mr. {town}" for town in TOWNS]),
        ("last name", TOWNS),
        # Family names that are not common: by their ends, initials, and before a given name.
        ("name", [f"{town}owski" for town in TOWNS]),
        ("who", [f"{town} {town[0]}." for town in TOWNS]),
        ("label", [f"{town}, {town[::-1].title()}" for town in TOWNS]),
    ],
)
def test_persons_are_not_named_where_no_chart_is_about_their_names(
    called: str, names: list[str]
) -> None:
    assert table(names, called).named is None


def test_persons_of_a_table_of_two_columns_are_what_its_charts_are_about() -> None:
    pupils = pa.table({"pupil": TOWNS, "points": [i * 37 % 61 for i in range(MANY)]})
    assert profile_table(pupils).named == "pupil"
    assert profile_table(pupils.append_column("row", [[i % 7 for i in range(MANY)]])).named is None


@pytest.mark.parametrize("called", ["Player", "top_scorer", "Driver", "artist", "Spieler"])
def test_persons_whom_the_public_knows_are_named(called: str) -> None:
    others = {"birth date": ["1990-01-01", "1991-02-02"] * (MANY // 2)}
    assert table(TOWNS, called, **others).named == called
    assert table(TOWNS, f"{called} no", **others).named is None


def test_points_have_names_up_to_a_limit_and_the_largest_rows_of_any_number() -> None:
    n = MAX_NAMED + 1
    names = [f"{a} {b}ham" for a in TOWNS for b in TOWNS][:n]
    assert table(names, "town", kind=["a", "b", "c"] * (n // 3) + ["a"] * (n % 3)).named is None
    profile = table(names, "town")
    assert profile.named == "town"
    points = Design(
        "point",
        (
            Encoding("x", "weight", "value", "quantitative"),
            Encoding("y", "price", "value", "quantitative"),
        ),
    )
    assert styled(points, profile).style.names is None
    assert styled(points, table(names[:-1], "town")).style.names == "town"


def test_rows_with_a_sex_are_persons() -> None:
    assert table(TOWNS, "name", sex=["f", "m"] * (MANY // 2)).named is None
    assert table(TOWNS, "name", side=["f", "m"] * (MANY // 2)).named == "name"


def test_names_beside_a_salary_and_family_names_are_of_persons() -> None:
    salaries = ["low", "high"] * (MANY // 2)
    assert table(TOWNS, "name", salary=salaries).named is None
    assert table(TOWNS, "town", salary=salaries).named == "town"
    assert table([f"{town} Smith" for town in TOWNS], "name").named is None


def test_few_names_that_are_groups_of_charts_name_points_too() -> None:
    names = [f"{FIRST[i % 6]} {town}" for i, town in enumerate(TOWNS[:FEW])]
    assert table(names, "student").named == "student"


def test_names_come_before_their_short_forms() -> None:
    codes = [f"{town[0]}{i}" for i, town in enumerate(TOWNS)]
    assert profile_table(pa.table({"iso code": codes, "town": TOWNS})).named == "town"


def design(mark: str, *transforms: Transform) -> Design:
    encodings = (
        Encoding("x", "price", transforms[0], "quantitative"),
        Encoding("y", "weight", transforms[1], "quantitative"),
    )
    return Design(mark, encodings)  # type: ignore[arg-type]


def test_points_of_single_rows_have_names_and_others_have_none() -> None:
    profile = table(TOWNS, "town")
    assert styled(design("point", "value", "value"), profile).style.names == "town"
    assert styled(design("point", "bin", "mean"), profile).style.names is None
    assert styled(design("line", "value", "value"), profile).style.names is None
    few = table(TOWNS[:FEW], "town")
    colored = (
        *design("point", "value", "value").encodings,
        Encoding("color", "town", "category", "nominal"),
    )
    assert styled(Design("point", colored), few).style.names is None


def test_a_profile_keeps_it() -> None:
    profile = table(TOWNS, "town")
    assert Profile.from_dict(profile.to_dict()).named == "town"


YEARS = {str(year): [year % 7 + n * 1.5 for n in range(36)] for year in range(2010, 2020)}


def test_each_named_row_has_a_course_where_years_are_gathered() -> None:
    profile = profile_table(pa.table({"town": TOWNS[:36], **YEARS}))
    assert profile.column("town").semantic == "category"
    first, *_ = recommend(profile, 5)
    assert (first.design.mark, first.design.fields) == ("line", ("year", "value", "town"))
    assert first.design.style.lines == TOP_LINES


@pytest.mark.parametrize(
    "names",
    [
        {"visit": [f"{n * 7919 % 99991:08x}" for n in range(36)]},  # hashes
        {"employee": TOWNS[:36]},  # persons
    ],
)
def test_rows_without_a_name_to_tell_have_none(names: dict[str, list[str]]) -> None:
    profile = profile_table(pa.table({**names, **YEARS}))
    assert all(profile.column(name).semantic == "identifier" for name in names)


def test_what_is_gathered_of_no_times_gives_names_no_course() -> None:
    items = {f"q{n} liked": [(row * n) % 5 + 1 for row in range(36)] for n in range(1, 7)}
    profile = profile_table(pa.table({"town": TOWNS[:36], **items}))
    assert profile.column("town").semantic == "identifier"


def test_a_type_that_was_given_stays() -> None:
    table = pa.table({"town": TOWNS[:36], **YEARS})
    profile = profile_table(table, casts=[Cast("town", "keep", told="nominal")])
    assert "course" not in profile.column("town").evidence
