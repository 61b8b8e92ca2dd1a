"""Wide tables: which columns are gathered, what they are called, which charts show them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.walks import walks
from vizmodel import tokens
from vizmodel.design import Intent
from vizmodel.form.declared import declared
from vizmodel.form.style import styled
from vizmodel.grammar import Grammar, violations
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.layouts.folding import fold_labels
from vizmodel.profile.layouts.headers import headings
from vizmodel.recommend import recommend
from vizmodel.seen_rows import plain_name

RNG = np.random.default_rng(3)
N = 40
YEARS = [str(year) for year in range(2010, 2020)]


def numbers(names: list[str], n: int = N, center: float = 50.0) -> dict[str, Any]:
    return {name: RNG.normal(center, 10, n).round(2) for name in names}


def countries(n: int = N) -> dict[str, Any]:
    return {"country": [f"country {i}" for i in range(n)]}


def wide(names: list[str], n: int = N, **more: Any) -> Profile:
    return profile_table(pa.table({**countries(n), **numbers(names, n), **more}))


HEADERS = [
    (YEARS, "year", "value", "integer"),
    (["pop_2019", "pop_2020", "pop_2021"], "year", "pop", "integer"),
    (["2019 income", "2020 income", "2021 income"], "year", "income", "integer"),
    (["gdp2019usd", "gdp2020usd", "gdp2021usd"], "year", "gdp", "integer"),
    (["2010 [YR2010]", "2011 [YR2011]", "2012 [YR2012]"], "year", "value", "time"),
    (["2020-01", "2020-02", "2020-03"], "month", "value", "time"),
    (["1/22/20", "1/23/20", "1/24/20"], "date", "value", "time"),
    (["2020-01-30", "2020-01-31", "2020-02-01"], "date", "value", "time"),
    (["Jan", "Feb", "Mar", "Apr"], "month", "value", "text"),
    (["ene", "feb", "mar", "abr", "dic"], "month", "value", "text"),
    (["Januar", "Februar", "März", "Mai"], "month", "value", "text"),
    (["Jan-23", "Feb-23", "Mar-23"], "month", "value", "time"),
    (["ene-23", "feb-23", "ago-23"], "month", "value", "time"),
    (["2019/20", "2020/21", "2021/22"], "year", "value", "text"),
    (["X1990", "X1991", "X1992"], "year", "value", "integer"),
    (["0-14", "15-64", "65+"], "range", "value", "text"),
    (["00:00", "06:00", "12:00", "18:00"], "time of day", "value", "text"),
    ([str(hour) for hour in range(24)], "hour", "value", "text"),
    (["Monday", "Tuesday", "Friday"], "weekday", "value", "text"),
    (["Q1", "Q2", "Q3", "Q4"], "quarter", "value", "text"),
    (["week1", "week2", "week3"], "week", "value", "integer"),
    (["baseline", "week 4", "week 8"], "week", "value", "integer"),
    (["math_pre", "math_mid", "math_post"], "time", "math", "text"),
    (["pretest_score", "posttest_score", "followup_score"], "time", "score", "text"),
    (["before", "during", "after"], "time", "value", "text"),
    (["Angst vorher", "Angst während", "Angst nachher"], "time", "Angst", "text"),
    (["q1", "q2", "q3", "q4", "q5", "q6"], "question", "answer", "text"),
    (["score_math", "score_read", "score_art"], "kind of score", "score", "text"),
    (["box_length", "box_width", "box_height"], "kind of box", "box", "text"),
    (["Math Score", "Art Score", "Sport Score"], "kind of Score", "Score", "text"),
    (["armLengthCm", "legLengthCm", "armWidthCm"], "measurement", "value (Cm)", "text"),
]


@pytest.mark.parametrize(("names", "key", "value", "kind"), HEADERS, ids=[h[0][0] for h in HEADERS])
def test_headers_that_are_values_are_gathered(
    names: list[str], key: str, value: str, kind: str
) -> None:
    profile = wide(names)
    fold = profile.fold
    assert fold is not None
    assert (fold.columns, fold.key, fold.value, fold.kind) == (tuple(names), key, value, kind)
    assert [c.name for c in profile.columns[-2:]] == [key, value]
    assert len(fold_labels(fold)) == len(names)
    assert Profile.from_dict(profile.to_dict()).fold == fold


def test_months_stay_months_beside_their_sum_and_other_numbers() -> None:
    months = numbers(["Jan", "Feb", "Mar", "Apr"])
    table = {"Year": [*range(1980, 1980 + N)], **months, "Annual": sum(months.values())}
    fold = profile_table(pa.table(table)).fold
    assert fold is not None
    assert (fold.key, fold.columns) == ("month", ("Jan", "Feb", "Mar", "Apr"))


@pytest.mark.parametrize("digits", [0, 1])
def test_parts_of_a_whole_are_gathered_however_different_they_are(digits: int) -> None:
    parts = {name: RNG.gamma(9, size, N) for name, size in (("coal", 9), ("gas", 3), ("wind", 0.2))}
    whole = sum(parts.values()).round(digits)  # each rounded by itself, as offices do
    rounded = {name: values.round(digits) for name, values in parts.items()}
    years = {"year": [*range(1980, 1980 + N)]}
    fold = profile_table(pa.table({**years, **rounded, "total": whole})).fold
    assert fold is not None
    assert (fold.key, fold.columns) == ("series", ("coal", "gas", "wind"))
    alone = profile_table(pa.table({**years, **rounded, "total": whole + RNG.normal(0, 9, N)}))
    assert alone.fold is None


def test_shares_of_a_hundred_are_gathered() -> None:
    parts = RNG.dirichlet([30, 8, 2], N) * 100
    names = ["left", "centre", "right"]
    table = {**countries(), **dict(zip(names, parts.T.round(1), strict=True))}
    fold = profile_table(pa.table({**table, "turnout": RNG.uniform(30, 90, N)})).fold
    assert fold is not None
    assert (fold.key, fold.columns) == ("variable", ("left", "centre", "right"))


def test_what_makes_up_a_bill_is_not_gathered() -> None:
    parts = {name: RNG.gamma(9, size, N).round(2) for name, size in (("net", 9), ("tax", 2))}
    parts["shipping"] = RNG.choice([0.0, 4.9], N)
    days = np.datetime64("2024-01-01", "s") + 86_400 * np.arange(N)
    labels = {name: RNG.choice(["a", "b", "c"], N) for name in ("customer", "channel")}
    orders = {"order": [f"SO-{i}" for i in range(N)], "day": days, **labels, **parts}
    assert profile_table(pa.table({**orders, "total": sum(parts.values())})).fold is None


@pytest.mark.parametrize(
    "names",
    [
        ["V1", "V2", "V3", "V4"],
        ["horsepower", "weight", "mpg"],
        ["x", "y", "z"],
        ["5", "10", "20", "50"],
        ["pct_poor", "pct_old", "pct_rural"],
        ["bill_length", "bill_depth", "flipper_length"],
        ["wind_dir", "wind_speed", "wind_gust"],  # degrees and miles an hour
        ["leaf_length", "leaf_width", "leaf_weight"],
        ["trip_time", "trip_cost", "trip_distance"],
    ],
    ids=lambda names: names[0],
)
def test_headers_that_name_different_things_are_not(names: list[str]) -> None:
    kinds = RNG.choice(["a", "b"], N)
    assert profile_table(pa.table({"kind": kinds, **numbers(names)})).fold is None


def test_series_beside_a_name_of_the_row_are_gathered_where_they_are_alike() -> None:
    names = ["Berlin", "Paris", "Rome"]
    assert wide(names).fold is not None
    kinds = {"kind": RNG.choice(["a", "b"], N)}
    assert profile_table(pa.table({**kinds, **numbers(names)})).fold is None, "no row has a name"
    far = {"Berlin": RNG.normal(5e6, 9, N)}
    table = pa.table({**countries(), **numbers(names[1:]), **far})
    assert profile_table(table).fold is None, "of different sizes"
    named = wide(["income", "price", "weight"]).fold
    assert named is None, "quantities of their own"
    total = wide([*names, "Total"]).fold
    assert total is not None
    assert "Total" not in total.columns


def test_columns_of_another_size_kind_or_with_one_value_stay_out() -> None:
    table = {"score_math": RNG.normal(50, 9, N), "score_art": RNG.normal(50, 9, N)}
    one = pa.table(table | {"score_read": RNG.normal(50, 9, N), "score_none": [3.0] * N})
    fold = profile_table(one).fold
    assert fold is not None
    assert "score_none" not in fold.columns
    far = pa.table(table | {"score_read": RNG.normal(5e4, 9, N)})
    assert profile_table(far).fold is None
    text = pa.table(table | {"score_read": ["low", "high"] * (N // 2)})
    assert profile_table(text).fold is None


def test_a_name_that_is_taken_is_not_given_twice() -> None:
    profile = wide(YEARS, year=["a", "b"] * (N // 2), value=RNG.normal(size=N))
    assert profile.fold is not None
    names = [c.name for c in profile.columns]
    assert len(set(names)) == len(names)


def test_statistics_are_those_of_the_gathered_table() -> None:
    rising = {year: [30.0 * i + at**1.1 for at in range(N)] for i, year in enumerate(YEARS)}
    profile = profile_table(pa.table(countries() | rising))
    assert profile.pair("year", "value", "spearman") > 0.9
    assert profile.pair("value", "year", "spearman") > 0.9
    assert profile.column("value").n_rows == N * len(YEARS)
    assert profile.column("year").semantic == "year"
    assert profile.pair("2010", "value", "spearman") == 0.0, "no chart shows both"


def test_a_table_without_such_columns_has_the_profile_it_had() -> None:
    table = pa.table({**countries(), **numbers(["horsepower", "mpg"])})
    profile = profile_table(table)
    assert profile.fold is None
    assert [c.name for c in profile.columns] == table.column_names


@pytest.mark.parametrize(
    "names", [YEARS, ["Jan", "Feb", "Mar"], ["score_a", "score_b", "score_c"]], ids=["y", "m", "s"]
)
def test_random_charts_of_wide_tables_gather_whole(names: list[str]) -> None:
    profile = wide(names, region=["north", "south", "west", "east"] * (N // 4))
    fold = profile.fold
    assert fold is not None
    gathered = 0
    asked = Grammar(profile, Intent(columns=(fold.key,)))
    for design in (*walks(Grammar(profile), 150), *walks(asked, 150)):
        assert violations(design, profile) == ()
        shown = {fold.key, fold.value} & set(design.fields)
        assert len(shown) in (0, 2)
        drawn = styled(design, profile)
        assert (drawn.style.fold is not None) == bool(shown)
        steps = declared(drawn, profile).get("transform", [])
        assert any("fold" in step for step in steps) == bool(shown)
        gathered += bool(shown)
    assert gathered >= 5


def test_a_line_per_row_along_the_headers_is_legal_and_a_mean_of_single_values_is_not() -> None:
    from tests.vizmodel.written_charts import design_of

    profile = wide(YEARS, n=8)
    line = design_of("line x=year:value y=value:value color=country:category", profile)
    assert violations(line, profile) == ()
    mean = design_of("line x=year:value y=value:mean color=country:category", profile)
    assert "summary_has_rows" in violations(mean, profile)
    zigzag = design_of("line x=year:value y=value:value", profile)
    assert "rows_are_told_apart" in violations(zigzag, profile)


def test_a_list_of_many_years_shows_them_over_time() -> None:
    names = [f"population_{year}" for year in range(2000, 2021, 2)]
    profile = wide(names, n=24, continent=["Africa", "Asia", "Europe"] * 8)
    found = [one.design for one in recommend(profile, 15)]
    gathered = [design for design in found if design.style.fold is not None]
    assert len(gathered) >= 2
    assert any(design.mark in ("line", "area", "bar", "boxplot") for design in gathered)
    assert any(set(names) & set(design.fields) for design in found), "the columns stay in play"


def test_a_prefix_keeps_apart_what_is_gathered_and_what_it_is_gathered_in() -> None:
    profile = wide(YEARS)
    grammar = Grammar(profile)
    state = grammar.start()
    for token in (tokens.MARK_TOKENS["point"], tokens.CHANNEL_TOKENS["x"]):
        state = grammar.advance(state, token)
    state = grammar.advance(state, tokens.N_STATIC + profile.index("2010"))
    state = grammar.advance(state, tokens.TRANSFORM_TOKENS["value"])
    state = grammar.advance(state, tokens.CHANNEL_TOKENS["y"])
    allowed = grammar.allowed(state)
    assert allowed[tokens.N_STATIC + profile.index("2011")]
    assert not allowed[tokens.N_STATIC + profile.index("value")]


def test_headers_are_read_as_the_sample_reads_them() -> None:
    spec = headings(["pop_2019", "pop_2020", "pop_2021"])
    assert next(spec).prefix == "pop_"
    profile = wide(["1/22/20", "1/23/20", "1/24/20"])
    assert profile.fold is not None
    assert [t.isoformat()[:10] for t in fold_labels(profile.fold).to_pylist()] == [
        "2020-01-22",
        "2020-01-23",
        "2020-01-24",
    ]


def visits(n: int = 240) -> pa.Table:
    """Return patients, what was true of each of them, and how two groups fared."""
    rng = np.random.default_rng(21)
    said = {name: rng.random(n) < share for name, share in SHARES.items()}
    return pa.table(
        {
            "patient": [f"p{i}" for i in range(n)],
            "age": rng.normal(50, 9, n).round(1),
            "weight": rng.normal(70, 9, n).round(1),
            "sex": rng.integers(0, 2, n),
            **said,
            "smoker": rng.choice([0, 1], n, p=[0.7, 0.3]),
            "stay": rng.gamma(2, 3, n).round(1),
        }
    )


#: How many say yes.
SHARES = {"fever": 0.7, "rash": 0.2, "cough": 0.4}


def test_columns_of_yes_and_no_are_gathered_as_shares() -> None:
    profile = profile_table(visits())
    fold = profile.fold
    assert fold is not None
    assert fold.columns == ("fever", "rash", "cough", "smoker")  # a sex is no yes
    assert (fold.key, fold.value) == ("statement", "yes")
    assert profile.column("yes").semantic == "category"
    assert profile_table(visits().select(["age", "weight", "fever", "rash", "stay"])).fold is None


def test_one_chart_of_shares_comes_before_a_bar_for_each_yes_and_no() -> None:
    charts = recommend(profile_table(visits()))
    shares = [{"statement", "yes"} == set(one.design.fields) for one in charts]
    alone = [len(one.design.fields) == 1 and one.design.fields[0] in SHARES for one in charts]
    assert any(shares[:6])
    assert not any(alone[: shares.index(True)])
    assert sum(alone) <= 1


def test_two_series_of_akin_names_in_time_are_one_chart_before_each_alone() -> None:
    rng = np.random.default_rng(22)
    births = rng.normal(7_000, 900, 60).cumsum() / 60 + 4_000
    table = pa.table(
        {
            "Year": list(range(1660, 1720)),
            "Males": (births + rng.normal(0, 90, 60)).round(),
            "Females": (births * 0.95 + rng.normal(0, 90, 60)).round(),
            "Plague": rng.gamma(1, 900, 60).round(1),
            "Rain": rng.normal(40, 9, 60).round(1),
            "Price": rng.normal(3, 0.4, 60).round(2),
            "Wars": rng.integers(0, 3, 60),
        }
    )
    profile = profile_table(table)
    assert profile.fold is not None
    assert profile.fold.columns == ("Males", "Females")
    charts = [one.design for one in recommend(profile)]
    both = next(at for at, d in enumerate(charts) if d.mark == "line" and "series" in d.fields)
    assert both < 5
    single = [
        at
        for at, d in enumerate(charts)
        if set(d.fields) in ({"Year", "Males"}, {"Year", "Females"})
    ]
    assert len([at for at in single if at < both]) <= 1


def test_series_of_other_sizes_are_not_gathered_for_their_names() -> None:
    rng = np.random.default_rng(23)
    years = list(range(1960, 2020))
    named = {"total cost": rng.normal(5, 1, 60), "total staff": rng.normal(900, 50, 60)}
    table = pa.table({"year": years, **named, "rain": rng.normal(40, 9, 60), "wars": years[::-1]})
    assert profile_table(table).fold is None


def test_answers_to_one_question_are_gathered_under_its_name() -> None:
    table = {
        f"contact: {answer}": [n % 7 < at + 1 for n in range(60)] for at, answer in enumerate("abc")
    }
    table |= {
        "member": [n % 5 == 0 for n in range(60)],
        "age": [20 + n * 7 % 50 for n in range(60)],
    }
    fold = profile_table(pa.table(table)).fold
    assert fold is not None
    assert (fold.key, fold.value, fold.prefix) == ("contact", "yes", "contact: ")
    assert fold.labels == ("a", "b", "c")


MEASURES = [
    ([f"{of}_{year}" for of in ("gdp", "pop", "life") for year in (2018, 2019, 2020)], "year"),
    (
        [f"{quarter} {of}" for of in ("Sales", "Profit") for quarter in ("Q1", "Q2", "Q3")],
        "quarter",
    ),
    ([f"{of}_{state}" for of in ("math", "read") for state in ("pre", "mid", "post")], "time"),
    ([f"{month} {of}" for month in ("Jan", "Feb", "Mar") for of in ("rain", "sun")], "month"),
    ([f"rt_{of}_{state}" for of in ("cong", "incong") for state in ("pre", "mid", "post")], "time"),
    ([f"pop {of} {year}" for of in ("urban", "rural") for year in (2018, 2019, 2020)], "year"),
    ([f"{of}_w{week}" for of in ("hb", "rr") for week in (0, 4, 8)], "week"),
]


@pytest.mark.parametrize(("names", "key"), MEASURES, ids=[key for _, key in MEASURES])
def test_each_measure_that_has_a_column_for_each_time_is_gathered(
    names: list[str], key: str
) -> None:
    folds = wide(names).folds
    assert {plain_name(fold.key) for fold in folds} == {key}
    assert {name for fold in folds for name in fold.columns} == set(names)
    assert {len(fold.columns) for fold in folds} == {3}
    assert len({fold.value for fold in folds}) == len(names) / 3


@pytest.mark.parametrize(
    ("stem", "value"), [("V", "value"), ("", "value"), ("height", "height"), ("X_", "value")]
)
def test_what_was_read_at_one_place_after_another_is_gathered(stem: str, value: str) -> None:
    rng = np.random.default_rng(4)
    curve = np.exp(-(((np.arange(26) - 10) / 6) ** 2))
    read = {f"{stem}{at + 1}": curve[at] + rng.normal(0, 0.05, 80) for at in range(26)}
    table = {**read, "V31": ["rock", "metal"] * 40}
    profile = profile_table(pa.table(table))
    assert profile.fold is not None
    assert (profile.fold.key, profile.fold.value) == ("number", value)
    assert set(profile.fold.columns) == set(read)
    lines = [one.design for one in recommend(profile, 3) if one.design.mark == "line"]
    assert any(set(line.fields) >= {"number", value} for line in lines)
    mixed = [*read]
    rng.shuffle(mixed)
    unlike = dict(zip(read, (read[name] for name in mixed), strict=True)) | {"V31": table["V31"]}
    assert profile_table(pa.table(unlike)).fold is None


def test_two_measures_that_are_no_times_are_one_group_at_most() -> None:
    names = ["score_math", "score_read", "score_art", "age_mother", "age_father", "age_teacher"]
    assert len(wide(names).folds) == 1


@pytest.mark.parametrize(
    ("names", "baseline"),
    [
        (["hb_v1", "hb_v2", "hb_v3", "hb_bl"], "hb_bl"),
        (["baseline_weight", "week4_weight", "week8_weight", "week12_weight"], "baseline_weight"),
        (["painBaseline", "painDay1", "painDay3", "painDay7"], "painBaseline"),
        (["hb_v1", "hb_v2", "hb_v3", "rr_bl"], None),
    ],
)
def test_a_baseline_is_the_first_of_visits(names: list[str], baseline: str | None) -> None:
    rng = np.random.default_rng(41)
    first = rng.normal(110, 9, 60)
    columns = {name: (first + rng.normal(0, 4, 60)).round(1) for name in names}
    profile = profile_table(pa.table({"patient": [f"p{i}" for i in range(60)], **columns}))
    fold = profile.fold
    assert fold is not None
    assert fold.baseline == baseline
    counted = fold_labels(fold).to_pylist()
    assert counted == sorted(counted)
    if baseline is None:
        assert "hb_bl" not in fold.columns
    else:
        assert (fold.columns[0], counted[0]) == (baseline, 0)
        assert set(fold.columns) == set(names)
        assert Profile.from_dict(profile.to_dict()).fold == fold


@pytest.mark.parametrize(
    ("number", "labelled", "gathered"),
    [("Unnamed: 0", True, False), ("Unnamed: 0", False, False), ("student", True, True)],
)
def test_rows_that_only_a_number_tells_apart_have_traits(
    number: str, labelled: bool, gathered: bool
) -> None:
    """Years of school, experience and weeks of people are no results of one test."""
    table: dict[str, Any] = {number: list(range(1, N + 1)), **numbers(["school", "weeks", "past"])}
    if labelled:
        table["trade"] = ["baker", "smith"] * (N // 2)
    assert (profile_table(pa.table(table)).fold is not None) == gathered


def test_wells_of_a_plate_are_one_measure_and_what_stands_beside_them_is_none() -> None:
    at = np.arange(60) * 900.0
    wells = [f"{row}{column}" for row in "AB" for column in range(1, 5)]
    grown = {name: 1 / (1 + np.exp(9 - at / (3_000 + 400 * n))) for n, name in enumerate(wells)}
    table = {"Time [s]": at, "Temp. [°C]": 37 + np.sin(at / 7_000) / 5, **grown}
    profile = profile_table(pa.table(table))
    assert profile.fold is not None
    assert (profile.fold.key, set(profile.fold.columns)) == ("well", set(wells))


def test_kinds_of_which_some_are_many_and_some_are_few_are_counted_alike() -> None:
    rng = np.random.default_rng(3)
    kinds = [
        "Larus argentatus",
        "Tringa totanus",
        "Anas crecca",
        "Egretta garzetta",
        "Calidris alba",
    ]
    found = {
        kind: rng.poisson(most, 14) * (rng.random(14) > 0.2)
        for kind, most in zip(kinds, (300, 60, 12, 3, 90), strict=True)
    }
    profile = profile_table(pa.table({"site": [f"Site {n} north" for n in range(14)], **found}))
    assert profile.fold is not None and set(profile.fold.columns) == set(kinds)
    # Sizes of unlike things are none: nothing is missing.
    sizes = {
        kind: rng.poisson(most, 14) + 1
        for kind, most in zip(kinds, (900, 9, 90, 2, 40), strict=True)
    }
    other = profile_table(pa.table({"site": [f"Site {n} north" for n in range(14)], **sizes}))
    assert other.fold is None or set(other.fold.columns) != set(kinds)
