"""What the model may know of a table: casts, statistics, meanings, pairs and keys."""

from __future__ import annotations

import datetime as dt
import json
import math
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from raw_tables import arrow, profile_of, raw_frames, realistic
from scipy import stats

from vizmodel.design import Design, Encoding
from vizmodel.form.declared import declared
from vizmodel.form.style import styled
from vizmodel.grammar.fitting import fits_unit
from vizmodel.profile import (
    PAIR_STATISTICS,
    ColumnProfile,
    Profile,
    apply_casts,
    infer_casts,
    profile_table,
)
from vizmodel.profile.reading.values import ColumnValues, column_values
from vizmodel.profile.relations.gathered import gathered_statistics
from vizmodel.profile.relations.keys import _repeat, is_key
from vizmodel.profile.relations.pairs import pair_statistics
from vizmodel.profile.statistics import profile_column


def column(values: Any, name: str = "n") -> ColumnProfile:
    raw = pa.table({name: values})
    return profile_table(apply_casts(raw, infer_casts(raw))).columns[0]


@pytest.mark.parametrize(
    ("values", "to", "first"),
    [
        (["1", "2.5", "NA"], "number", 1.0),
        (["1", " 2 ", ""], "number", 1),
        (["007", "010"], "text", "007"),
        (["1,5", "2,5"], "text", "1,5"),
        (["2024-01-05", "2024-02-06"], "time", dt.datetime(2024, 1, 5)),
        (["2024-01-05T06:07:08Z"], "time", dt.datetime(2024, 1, 5, 6, 7, 8)),
        (["13/01/2024", "02/03/2024"], "time", dt.datetime(2024, 1, 13)),
        (["01/13/2024", "02/03/2024"], "time", dt.datetime(2024, 1, 13)),
        (["Jan 5, 2024"], "time", dt.datetime(2024, 1, 5)),
        (["2024-01-05", "2024-13-45"], "text", "2024-01-05"),
        (["x", "1"], "text", "x"),
    ],
    ids=str,
)
def test_text_is_read_as_what_all_of_it_is(values: list[str], to: str, first: Any) -> None:
    raw = pa.table({"c": values})
    (cast,) = infer_casts(raw)
    assert cast.to == to
    assert apply_casts(raw, [cast]).column("c")[0].as_py() == first


def test_statistics_equal_those_of_others() -> None:
    rng = np.random.default_rng(1)
    values = rng.lognormal(2, 1, 500)
    with_gaps = pd.Series(np.where(rng.random(500) < 0.1, np.nan, values))
    found = column(pa.array(with_gaps, from_pandas=True))
    present = with_gaps.dropna()
    assert (found.n_rows, found.n_present) == (500, len(present))
    assert found.mean == pytest.approx(present.mean())
    assert found.std == pytest.approx(present.std(ddof=0))
    assert found.skew == pytest.approx(stats.skew(present))
    assert found.quantiles == pytest.approx(
        present.quantile([0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
    )
    assert found.null_share == pytest.approx(1 - len(present) / 500)


def test_evenness_and_the_largest_group() -> None:
    found = column(["a"] * 6 + ["b"] * 3 + ["c"] * 1)
    assert found.top_share == 0.6
    assert found.entropy == pytest.approx(stats.entropy([6, 3, 1]) / math.log(3))


MEANINGS = [
    ("year", [1990 + n % 20 for n in range(60)], "year"),
    ("price", [n * 1.5 for n in range(60)], "currency"),
    ("id", list(range(60)), "identifier"),
    ("schid", [(n * 37) % 997 for n in range(60)], "identifier"),
    ("code", [(n * 37) % 997 for n in range(60)], "identifier"),
    ("paid", [(n * 37) % 997 for n in range(60)], "measure"),
    ("customer_id", [f"{n:05x}" for n in range(60)], "identifier"),
    ("zip code", [10_000 + n * 37 for n in range(60)], "identifier"),
    ("lat", [n / 10 for n in range(60)], "latitude"),
    ("lon", [n * 2.0 for n in range(60)], "longitude"),
    ("discount %", [n % 30 for n in range(60)], "percent"),
    ("size", ["S", "M", "L"] * 20, "ordinal"),
    ("day", ["Mon", "Tue", "Sun"] * 20, "weekday"),
    ("when", ["January", "May"] * 30, "month"),
    ("country", ["Chad", "Peru"] * 30, "country"),
    ("span", ["0-9", "10-19", "20-29"] * 20, "ordinal"),
    ("passed", [0, 1] * 30, "category"),
    ("note", [f"a long sentence that differs {n}" for n in range(60)], "identifier"),
    ("same", [3] * 60, "constant"),
    ("height", [150 + n / 7 for n in range(60)], "measure"),
    ("paid", [n * n for n in range(60)], "measure"),
    ("race", [1, 2, 3] * 20, "category"),
    ("distcod", [60_000 + n * 37 for n in range(60)], "identifier"),
    ("school_years", [8, 10, 12] * 20, "measure"),
    ("on", [True, False] * 30, "category"),
    ("Article", [300_100 + n * 7 % 60 for n in range(60)], "identifier"),
    ("degrees", [20 + n * 7 % 60 for n in range(60)], "measure"),
    ("x", [n * 7 % 60 for n in range(60)], "identifier"),
    ("x", [n * 7 % 60 / 8 for n in range(60)], "measure"),
    ("index", [n * 7 % 60 for n in range(60)], "identifier"),
    ("index", [104, 103, 95, 90, 97, 91, 110, 90, 93], "measure"),  # of prices, say
    ("index", [0, 1, 2] * 20, "category"),
    ("X1", [n * 37 % 997 for n in range(60)], "identifier"),  # of a column without a name
    ("X2", [n * 37 % 997 for n in range(60)], "measure"),
    ("keying", [-1, 1, 1] * 20, "category"),
    ("study", [3, 4] * 30, "category"),
    ("loans", [0] * 59 + [3500], "measure"),  # one that has any
    ("firm", [1, 2, 3, 4, 5] * 12, "category"),
    ("litter", [n // 2 for n in range(120)], "identifier"),
    ("cluster number", [1, 2, 3] * 20, "category"),
    ("dept code", [n * 37 % 41 for n in range(60)], "identifier"),
    ("YearsCode", [n * 37 % 41 for n in range(60)], "measure"),
    ("Age1stCode", [n * 37 % 41 for n in range(60)], "measure"),
    ("lines of code", [n * 37 % 41 for n in range(60)], "measure"),
    ("learning_rate", [10 ** -(n % 5) for n in range(60)], "measure"),
    ("heart rate", [60 + n % 37 for n in range(60)], "measure"),
    ("exchange_rate", [1 + n % 37 / 40 for n in range(60)], "measure"),
    ("odds ratio", [1 + n % 37 / 40 for n in range(60)], "measure"),
    ("unemployment rate", [n % 37 / 4 for n in range(60)], "percent"),
    ("leiden", [n % 9 for n in range(60)], "category"),
    ("leiden_r0.5", [n % 9 for n in range(60)], "category"),
    ("DBSCAN", [n % 4 - 1 for n in range(60)], "category"),  # -1 is of no cluster
    ("squirrel number", [n % 20 + 1 for n in range(60)], "identifier"),
    ("REPORTING_AREA", [n * 37 % 900 + 1 for n in range(2_000)], "identifier"),
    ("area", [n * 37 % 900 + 1 for n in range(2_000)], "measure"),
    ("hours study", [n % 9 for n in range(60)], "measure"),
    ("EAN", [4_000_000_000_000 + n * 16_661 for n in range(60)], "identifier"),
    (
        "called",
        [1_000_000_000 + n * 4_123_456_789 % 8_999_999_999 for n in range(60)],
        "identifier",
    ),
    ("volume", [1_000_000_000 + n * 4_123_456_789 % 8_999_999_999 for n in range(60)], "measure"),
    ("assets", [1_000_000_000 + n * 135_000_000 for n in range(60)], "measure"),  # they grow
    ("fl_num", [n * 37 % 500 for n in range(300)], "identifier"),
    ("employees num", [n * 37 % 500 for n in range(300)], "measure"),
    ("max num", [n * 37 % 500 for n in range(300)], "measure"),
    ("number", [n % 20 + 1 for n in range(60)], "measure"),  # of whatever is counted
    ("MILLER & SONS COMPANY", [n % 37 + 2 for n in range(60)], "measure"),
    ("seq", [n + n // 10 for n in range(60)], "identifier"),  # rows, some of which were left out
    ("days", [n + n // 10 for n in range(60)], "sequence"),
    ("years to treatment", [n - 30 for n in range(60)], "sequence"),
    ("Number of Heads", list(range(40)), "sequence"),
    ("Days to ship", [n % 8 for n in range(60)], "sequence"),
    ("cases in last 24 hours", [n * 7 % 41 for n in range(60)], "measure"),
    ("> 6 - 9 weeks", [n * 7 % 41 for n in range(60)], "measure"),
    ("first-time buyers", [n * 37 % 411 for n in range(60)], "measure"),
    ("% of a comparable day", [50 + n * 7 % 99 for n in range(60)], "percent"),
    ("food price index", [90 + n / 7 for n in range(60)], "measure"),
    ("calories", [1700 + n * 37 % 390 for n in range(60)], "measure"),
    ("sqft_living", [1700 + n * 37 % 390 for n in range(60)], "measure"),
    ("white_rating", [1700 + n * 37 % 390 for n in range(60)], "measure"),
    ("total", [1900 + n * 37 % 190 for n in range(60)], "measure"),
    ("value", [2015, 2016, 2017, 2018] * 15, "year"),
    ("founded", [1700 + n * 37 % 320 for n in range(60)], "year"),
    ("Baujahr", [1900 + n * 37 % 120 for n in range(60)], "year"),
    ("año", [2010 + n % 12 for n in range(60)], "year"),
    ("Kundennummer", [10_000 + n * 37_123 % 89_999 for n in range(60)], "identifier"),
    ("Beleg-Nr.", [10_000 + n * 37_123 % 89_999 for n in range(60)], "identifier"),
    ("Konto", [1000 + n * 37_123 % 8_999 for n in range(60)], "identifier"),
    ("Kostenstelle", [1000, 1100, 2000] * 20, "category"),
    ("sensor", [1, 2, 3, 4] * 15, "category"),
    ("Filiale", [1, 2, 3, 4] * 15, "category"),
    ("Monat", [n % 12 + 1 for n in range(60)], "sequence"),
    ("heure", [n % 24 for n in range(60)], "sequence"),
    ("Kalenderwoche", [n % 52 + 1 for n in range(104)], "sequence"),
    ("season", [n % 4 + 1 for n in range(60)], "sequence"),
    ("episode", [n % 13 + 1 for n in range(60)], "sequence"),
    ("season", [2010 + n % 12 for n in range(60)], "year"),
    ("settimana", [n % 52 + 1 for n in range(104)], "sequence"),
    ("Arbeitslosenquote", [n / 7 for n in range(60)], "percent"),
    ("prix", [n * 1.5 for n in range(60)], "currency"),
    ("Land", ["Peru", "Chad"] * 30, "country"),
    ("year", [60 + n % 20 for n in range(60)], "year"),
    ("years", [60 + n % 20 for n in range(60)], "measure"),
    # What a saved frame's index holds: names, years, or mere numbers of rows.
    ("Unnamed: 0", [f"town {chr(97 + n)}" for n in range(20)], "category"),
    ("index", [f"town {chr(97 + n)}" for n in range(20)], "category"),
    ("Unnamed: 0", list(range(1990, 2020)), "year"),
    ("Unnamed: 0", list(range(60)), "identifier"),
    ("Unnamed: 0", [n / 8 for n in range(60)], "measure"),
    # Every one of some whole numbers, in order or from the first on; else they were measured.
    ("nr of shelf", [30 + n for n in range(12)], "identifier"),
    ("w", [n * 7 % 20 + 1 for n in range(20)], "identifier"),
    ("w", [n * 5 % 12 + 4 for n in range(12)], "measure"),
    ("x", [n * 5 % 12 + 4 for n in range(12)], "measure"),
    ("x", list(range(1, 13)), "identifier"),
    ("at", [dt.datetime(2024, 1, 1) + dt.timedelta(days=n) for n in range(60)], "time"),
]


@pytest.mark.parametrize(("name", "values", "semantic"), MEANINGS, ids=[m[0] for m in MEANINGS])
def test_meanings(name: str, values: list[Any], semantic: str) -> None:
    found = column(values, name)
    assert found.semantic == semantic
    assert found.evidence


def test_series_have_even_steps_and_events_have_not() -> None:
    start = dt.datetime(2024, 1, 1)
    weekdays = [start + dt.timedelta(days=n) for n in range(200) if n % 7 < 5]
    months = [dt.datetime(2000 + n // 12, 1 + n % 12, 1) for n in range(120)]
    rng = np.random.default_rng(2)
    events = [start + dt.timedelta(minutes=int(m)) for m in rng.uniform(0, 5e5, 200)]
    assert column(weekdays, "day").even > 0.7
    assert column(months, "month").even > 0.9
    assert column(events, "at").even < 0.3


@pytest.mark.parametrize(
    ("step", "resolution"), [("YS", "year"), ("MS", "month"), ("D", "day"), ("h", "hour")]
)
def test_times_know_their_resolution(step: str, resolution: str) -> None:
    found = column(pa.array(pd.date_range("2020-01-01", periods=30, freq=step)))
    assert found.resolution == resolution
    assert found.is_time


def pairs() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    n = 400
    city = rng.choice(["Rome", "Oslo", "Lima"], n)
    country = pd.Series(city).map({"Rome": "Italy", "Oslo": "Norway", "Lima": "Peru"})
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "city": city,
            "country": country,
            "kind": rng.choice(["a", "b"], n),
            "x": x,
            "y": x**3 + rng.normal(0, 0.1, n),
            "z": rng.normal(size=n) + (city == "Oslo") * 3,
        }
    )


def test_pairs_equal_what_scipy_computes() -> None:
    frame, profile = pairs(), profile_of(pairs())
    assert profile.pair("x", "y", "spearman") == pytest.approx(
        stats.spearmanr(frame["x"], frame["y"]).statistic, abs=1e-5
    )
    for first, second in (("city", "kind"), ("city", "country")):
        table = pd.crosstab(frame[first], frame[second])
        share = stats.contingency.association(table, method="cramer") ** 2 * (min(table.shape) - 1)
        spare = len(frame) - 1
        shrunk = [n - (n - 1) ** 2 / spare for n in table.shape]
        by_chance = (table.shape[0] - 1) * (table.shape[1] - 1) / spare
        wanted = (max(share - by_chance, 0.0) / (min(shrunk) - 1)) ** 0.5
        assert profile.pair(first, second, "cramers_v") == pytest.approx(wanted, abs=1e-5)
    ranks = frame["z"].rank()
    means = ranks.groupby(frame["city"]).transform("mean")
    explained = ((means - ranks.mean()) ** 2).sum() / ((ranks - ranks.mean()) ** 2).sum()
    adjusted = 1 - (1 - explained) * (len(frame) - 1) / (len(frame) - frame["city"].nunique())
    assert profile.pair("city", "z", "eta_squared") == pytest.approx(adjusted, abs=1e-5)


def test_many_groups_of_few_rows_explain_nothing_by_chance() -> None:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(20):
        groups = {name: [f"{name}{i}" for i in rng.integers(0, 20, 60)] for name in "gh"}
        profile = profile_of(pd.DataFrame({**groups, "value": rng.normal(size=60)}))
        found.append(
            (profile.pair("g", "value", "eta_squared"), profile.pair("g", "h", "cramers_v"))
        )
    assert np.mean(found, axis=0).max() < 0.1


def test_what_says_the_same_is_known() -> None:
    profile = profile_of(pairs())
    assert profile.pair("city", "country", "determines") == 1
    assert profile.pair("city", "kind", "determines") == 0
    assert profile.pair("city", "kind", "fill") == 1


def test_keys_identify_rows_and_are_minimal() -> None:
    tidy = realistic()["tidy"]
    profile = profile_of(tidy)
    assert profile.identifies_rows({"country", "year"})
    assert not profile.identifies_rows({"country"})
    assert profile.identifying_beside("country") == {"year"}
    for key in profile.keys:
        names = [profile.columns[at].name for at in key]
        assert not tidy.duplicated(names).any()
        assert not any(other < set(key) for other in map(set, profile.keys))


@settings(max_examples=40, deadline=None)
@given(raw_frames())
def test_any_table_has_a_finite_profile_that_travels(frame: pd.DataFrame) -> None:
    raw = arrow(frame)
    casts = infer_casts(raw)
    assert [cast.column for cast in casts] == raw.column_names
    assert all(cast.reason for cast in casts if cast.to == "drop")
    profile = profile_table(apply_casts(raw, casts))
    assert profile.pairs.shape == (len(profile.columns),) * 2 + (len(PAIR_STATISTICS),)
    assert np.isfinite(profile.pairs).all()
    for found in profile.columns:
        assert 0 <= found.null_share <= 1
        assert found.n_distinct <= found.n_present <= found.n_rows
        assert 0 <= found.entropy <= 1 + 1e-9
        if found.kind in ("number", "time") and found.n_present:
            assert found.minimum <= found.quantiles[2] <= found.maximum
    again = Profile.from_dict(json.loads(json.dumps(profile.to_dict(), allow_nan=False)))
    assert again.to_dict() == profile.to_dict()


@settings(max_examples=25, deadline=None)
@given(raw_frames())
def test_gathered_columns_are_told_as_in_the_gathered_table(frame: pd.DataFrame) -> None:
    raw = arrow(frame)
    typed = apply_casts(raw, infer_casts(raw))
    values = [column_values(column) for column in typed.columns]
    columns = [
        profile_column(name, at, column)
        for at, (name, column) in enumerate(zip(typed.column_names, typed.columns, strict=True))
    ]
    n, times = len(columns), 3
    cells = [None if at % 7 == 3 else at % 5 + at // 9 for at in range(times * len(frame))]
    added = {"key": ["a", "b", "c"] * len(frame), "value": pa.array(cells, pa.int64())}
    arrays = {name: pa.chunked_array([one]) for name, one in added.items()}
    gathered = [column_values(one) for one in arrays.values()]
    made = [profile_column(name, n + at, one) for at, (name, one) in enumerate(arrays.items())]
    found = gathered_statistics(columns, values, made, gathered, frozenset(range(0, n, 2)))
    repeated = [
        ColumnValues(
            one.codes.repeat(times),
            None if one.numbers is None else one.numbers.repeat(times),
            one.labels,
        )
        for one in values
    ]
    keys = frozenset((at, n) for at in range(0, n, 2))
    whole = pair_statistics([*columns, *made], [*repeated, *gathered], keys)
    np.testing.assert_allclose(found[n:], whole[n:], atol=1e-6)
    np.testing.assert_allclose(found[:, n:], whole[:, n:], atol=1e-6)
    assert not found[:n, :n].any()


@pytest.mark.parametrize("size", [1, 2, 3])
def test_combinations_that_repeat_early_are_found_together(size: int) -> None:
    rng = np.random.default_rng(size)
    first = np.stack([rng.integers(-1, top, 30) for top in (2, 2, 3, 9)] + [np.arange(30)])
    chosen = [*combinations(range(5), size)]
    found = _repeat(first, np.array(chosen))
    assert found == [not is_key([*first[list(at)]]) for at in chosen]
    assert len(set(found)) == 2


def test_a_sample_says_that_it_is_one() -> None:
    table = pa.table({"n": list(range(50))})
    assert not profile_table(table).approximate
    assert profile_table(table, n_rows=1000).approximate
    assert profile_table(table, n_rows=1000).n_rows == 1000


def test_numbers_of_matched_sets_are_names() -> None:
    sets = np.repeat(np.arange(1, 31), 3)
    table = {"set": sets, "age": 20 + sets // 2, "dose": np.arange(90) % 7 / 3}
    found = profile_table(pa.table(table))
    assert found.column("set").semantic == "identifier"
    assert "“age” is the same in each" in found.column("set").evidence
    loose = profile_table(pa.table(table | {"age": np.arange(90) * 7 % 11}))
    assert loose.column("set").semantic == "measure"
    epochs = profile_table(pa.table({"epoch": sets, "rate": 1 / sets, "loss": np.arange(90) / 7}))
    assert epochs.column("epoch").semantic == "sequence"


def test_a_few_zeros_do_not_forbid_a_log_scale() -> None:
    rng = np.random.default_rng(4)
    people = np.round(rng.lognormal(6, 2.2, 400))
    people[:3] = 0
    table = profile_table(pa.table({"people": people, "area": rng.normal(9, 1, 400)}))
    encodings = (
        Encoding("x", "area", "value", "quantitative"),
        Encoding("y", "people", "value", "quantitative"),
    )
    drawn = styled(Design("point", encodings), table)
    assert drawn.style.log == ("y",)
    y = declared(drawn, table)["encoding"]["y"]
    assert y["scale"]["type"] == "symlog"
    assert y["axis"]["values"][:2] == [0.0, y["scale"]["constant"]]


def test_units_of_a_calendar_that_are_one_at_all_times_are_not_shown() -> None:
    races = pd.date_range("2015-04-03", periods=60).append(pd.date_range("2017-05-01", periods=50))
    table = pa.table({"day": pa.array(races[:100]), "time": range(100)})
    springs = profile_table(table).column("day")
    assert springs.still == ("quarter", "hours")
    assert not fits_unit("quarter", springs, 500)
    assert fits_unit("month", springs, 500)


@pytest.mark.parametrize(
    ("name", "remarks"),
    [("Flag Codes", True), ("OBS_STATUS", True), ("footnotes", True), ("status", False)],
)
def test_remarks_on_figures_are_not_charted(name: str, remarks: bool) -> None:
    table = pa.table({name: ["P", "", "E", ""] * 20, "value": [i / 7 for i in range(80)]})
    assert (profile_table(table).column(name).semantic == "text") is remarks


@pytest.mark.parametrize(
    ("name", "adds_up"),
    [
        ("Strike €/MWh", False),
        ("Points/100m2", False),
        ("yield_t_ha", False),
        ("Base Rent/SF", False),
        ("Crumb (1-5)", False),
        ("prix_kg", False),
        ("Fe_ppm", False),
        ("P/L", True),
        ("net_kg", True),
        ("cost_eur", True),
        ("woda_m3", True),
    ],
)
def test_what_there_is_for_each_of_something_does_not_add_up(name: str, adds_up: bool) -> None:
    values = [4.5 + i * 37 % 101 / 8 for i in range(60)]
    assert profile_table(pa.table({name: values})).column(name).additive is adds_up
