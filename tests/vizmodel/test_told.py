"""A type that the user gives a column holds: how it is read, what it means, how it is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.walks import walks
from vizmodel.design import FIELD_TYPES, FieldType
from vizmodel.form.declared import declared
from vizmodel.grammar import Grammar
from vizmodel.network.features import COLUMN_FEATURES, make_features
from vizmodel.profile import (
    Profile,
    TypeOverrideError,
    apply_casts,
    infer_casts,
    profile_table,
    told_casts,
)
from vizmodel.recommend import recommend

_RNG = np.random.default_rng(3)
N = 90
RAW = pa.table(
    {
        "zip": _RNG.choice([10115, 20095, 50667, 80331], N),
        "rating": _RNG.integers(1, 6, N),
        "price": _RNG.lognormal(3, 1, N),
        "plan": _RNG.choice(["basic", "plus", "pro"], N),
        "day": _RNG.choice(["Mon", "Tue", "Sun"], N),
        "founded": _RNG.integers(1990, 2011, N),
        "joined": [f"{day:02d}.{1 + day % 12:02d}.2023" for day in _RNG.integers(1, 29, N)],
        "seen": [dt.datetime(2024, 1, 1) + dt.timedelta(days=int(n)) for n in range(N)],
        "member": _RNG.choice([True, False], N),
        "code": [f"0{n}" for n in _RNG.integers(10, 99, N)],
        "tags": [["a", "b"]] * N,
    }
)


def profile_as(types: dict[str, FieldType]) -> Profile:
    casts = told_casts(RAW, infer_casts(RAW), types)
    return profile_table(apply_casts(RAW, casts), casts=casts)


@pytest.mark.parametrize(
    ("name", "told", "kind", "semantic"),
    [
        ("zip", "nominal", "number", "category"),
        ("zip", "quantitative", "number", "measure"),
        ("rating", "ordinal", "number", "ordinal"),
        ("plan", "ordinal", "text", "ordinal"),
        ("day", "nominal", "text", "category"),
        ("day", "ordinal", "text", "weekday"),
        ("founded", "temporal", "time", "time"),
        ("founded", "quantitative", "number", "measure"),
        ("joined", "temporal", "time", "time"),
        ("seen", "nominal", "text", "category"),
        ("member", "quantitative", "number", "measure"),
        ("code", "quantitative", "number", "measure"),
    ],
)
def test_what_is_told_is_what_it_means(
    name: str, told: FieldType, kind: str, semantic: str
) -> None:
    column = profile_as({name: told}).column(name)
    assert (column.kind, column.semantic, column.told) == (kind, semantic, told)
    assert column.field_type == told
    assert column.evidence.startswith(f"you said {told}; ")


@pytest.mark.parametrize("told", FIELD_TYPES)
@pytest.mark.parametrize("name", ["zip", "rating", "plan", "founded", "seen", "member"])
def test_each_chart_keeps_the_type(name: str, told: FieldType) -> None:
    try:
        profile = profile_as({name: told})
    except TypeOverrideError:
        return
    shown = 0
    for design in walks(Grammar(profile), 120):
        for encoding in design.encodings:
            if encoding.field == name and encoding.transform in ("value", "category"):
                shown += 1
                assert encoding.field_type == told
                kept = declared(design, profile)["encoding"]
                assert told in {d["type"] for d in kept.values() if d.get("field") == name}
            elif encoding.field == name and encoding.transform != "distinct":
                assert told in ("quantitative", "temporal")
    assert shown or name == "seen"  # ninety dates are no groups


def test_the_network_sees_the_type_and_the_list_changes() -> None:
    plain, told = profile_as({}), profile_as({"rating": "nominal"})
    place = COLUMN_FEATURES.index("semantic:category")
    at = plain.index("rating")
    assert make_features(told).columns[at, place] == 1.0
    assert make_features(plain).columns[at, place] == 0.0
    used = [
        e.transform for r in recommend(told, 30) for e in r.design.encodings if e.field == "rating"
    ]
    assert used
    assert set(used) == {"category"}


def test_no_line_runs_along_what_is_nominal() -> None:
    profile = profile_as({"rating": "nominal"})
    for design in walks(Grammar(profile), 120):
        x = design.encoding("x")
        assert design.mark not in ("line", "area") or x is None or x.field != "rating"


def test_times_say_how_they_are_written() -> None:
    profile = profile_as({"joined": "temporal", "founded": "temporal"})
    assert profile.column("joined").written == "%d.%m.%Y"
    assert profile.column("founded").written == "%Y"
    design = next(d for d in walks(Grammar(profile), 400) if {"joined", "founded"} & set(d.fields))
    name = next(n for n in ("joined", "founded") if n in design.fields)
    step = declared(design, profile)["transform"][0]
    assert step == {
        "calculate": f'timeParse(datum["{name}"], "{profile.column(name).written}")',
        "as": name,
    }


def test_dates_that_become_groups_are_written_no_finer_than_they_are() -> None:
    days = pa.table({"at": [dt.datetime(2024, 1, day) for day in (1, 2, 3)]})
    hours = pa.table({"at": [dt.datetime(2024, 1, 1, hour, 30) for hour in (1, 2, 3)]})
    for raw, first in ((days, "2024-01-01"), (hours, "2024-01-01 01:30:00")):
        casts = told_casts(raw, infer_casts(raw), {"at": "nominal"})
        assert apply_casts(raw, casts).column("at")[0].as_py() == first


def test_profiles_that_travel_keep_what_was_told() -> None:
    profile = profile_as({"zip": "nominal", "joined": "temporal"})
    again = Profile.from_dict(profile.to_dict())
    assert again.column("zip").told == "nominal"
    assert again.column("joined").written == "%d.%m.%Y"


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ({"zap": "nominal"}, "no column 'zap' to give a type to; did you mean 'zip'"),
        ({"zip": "nominl"}, "there is no type 'nominl'; did you mean 'nominal'"),
        ({"zip": "colour"}, "no type 'colour'; use one of quantitative, temporal"),
        ({"plan": "temporal"}, "'plan' cannot be read as dates or years .* pandas.to_datetime"),
        ({"plan": "quantitative"}, "'plan' cannot be read as numbers .* use nominal or ordinal"),
        ({"price": "temporal"}, "'price' cannot be read as dates or years"),
        ({"rating": "temporal"}, "'rating' cannot be read as dates or years"),
        ({"seen": "quantitative"}, "'seen' holds dates, .* use temporal, ordinal or nominal"),
        ({"member": "temporal"}, "'member' holds true and false, .* use nominal"),
        ({"tags": "nominal"}, "'tags' cannot be nominal, since it holds nested values"),
    ],
)
def test_a_type_that_does_not_fit_names_the_fix(types: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeOverrideError, match=message):
        profile_as(types)


@pytest.mark.parametrize(
    ("name", "evidence"),
    [
        ("founded", "whole numbers from 1990 to 2010, as years are"),
        ("day", "names of weekdays"),
        ("member", "true or false"),
        ("zip", "its name says “zip”, which is a code"),
        ("price", "its name says “price”"),
        ("plan", "text with 3 distinct values"),
    ],
)
def test_a_guess_tells_its_evidence(name: str, evidence: str) -> None:
    assert profile_as({}).column(name).evidence == evidence


def test_an_identifier_tells_its_evidence() -> None:
    table = pa.table({"user_id": [f"u{n}" for n in range(400)], "row": range(400)})
    profile = profile_table(table)
    assert profile.column("user_id").evidence == "all 400 values differ and its name is “user_id”"
    assert profile.column("row").evidence == "all 400 values differ and its name is “row”"


def test_what_gathers_a_hidden_column_is_hidden() -> None:
    from vizmodel.design import Intent, Without

    years = {str(year): _RNG.uniform(1, 9, 9) for year in range(2018, 2024)}
    profile = profile_table(pa.table({"country": [f"c{n}" for n in range(9)], **years}))
    assert profile.fold is not None
    grammar = Grammar(profile, Intent(without=Without(columns=("2019",))))
    shown = {name for design in walks(grammar, 200) for name in design.fields}
    assert shown
    assert not shown & {"2019", profile.fold.key, profile.fold.value}
