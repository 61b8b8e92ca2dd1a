"""Bars of the largest rows: of which narrow tables, by what names, how they are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from test_rules import design_of

from vizmodel.form.declared import declared
from vizmodel.form.style import styled
from vizmodel.grammar import violations
from vizmodel.grammar.largest import TOP_ROWS
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

N = 101
_RNG = np.random.default_rng(3)
TOWNS = [f"{a}{b}{c}" for a in ("Al", "Bo", "Cor", "Dun") for b in "aeiou" for c in "bdfgklmn"][:N]
SALES = _RNG.lognormal(9, 0.6, N).round(2)
BARS = "bar x=town:category y=sales:value"


def profile_of(names: list[Any] = TOWNS, sales: Any = SALES, **others: Any) -> Profile:
    return profile_table(pa.table({"town": names, "sales": pa.array(sales), **others}))


def broken(profile: Profile, chart: str = BARS) -> tuple[str, ...]:
    return violations(design_of(chart, profile), profile)


@pytest.mark.parametrize(
    "profile",
    [
        profile_of(),
        profile_of(["Rome", "Oslo", *TOWNS[2:-2], "Rome", "Oslo"]),
        profile_of([None, *TOWNS[1:]], [*SALES[:-1], None]),
        profile_of(sales=SALES - np.median(SALES)),
        profile_of([f"Anna {town}" for town in TOWNS]),
        profile_of(county=[f"county {n % 4}" for n in range(N)]),
    ],
    ids=["once", "a few twice", "gaps", "negative", "persons", "three columns"],
)
def test_the_largest_of_many_named_rows_have_bars(profile: Profile) -> None:
    assert broken(profile) == ()
    found = recommend(profile)
    assert any(one.design.of_largest for one in found[:2])


@pytest.mark.parametrize("index", ["Unnamed: 0", "index", "row.names", "X"])
@pytest.mark.parametrize("n", [9, N])
def test_the_texts_of_a_saved_index_are_names_of_bars(index: str, n: int) -> None:
    profile = profile_table(pa.table({index: TOWNS[:n], "sales": SALES[:n]}))
    assert profile.named == index
    first = recommend(profile)[0].design
    assert (first.mark, set(first.fields)) == ("bar", {index, "sales"})


@pytest.mark.parametrize(
    ("names", "chart", "rule"),
    [
        # Codes, hashes and sentences are no names; of ranked groups each comes again.
        ([f"NB{n % 9}-{1000 + n}" for n in range(N)], BARS, "long_lists_are_ranked"),
        ([f"{n * 7919:08x}-{n:04x}" for n in range(N)], BARS, "long_lists_are_ranked"),
        ([f"{town} is a place of which much is told" for town in TOWNS], BARS, "axis_has_room"),
        (
            ["Rome", *TOWNS[1:-1], "Rome"],
            "bar x=town:category y=sales:mean",
            "long_lists_are_ranked",
        ),
        (["Rome", *TOWNS[1:-1], "Rome"], "bar x=town:category y=*:count", "long_lists_are_ranked"),
        # No other mark, and no other channel, has room for them.
        (["Rome", *TOWNS[1:-1], "Rome"], "point x=town:category y=sales:value", "no_text"),
        (TOWNS, "point x=town:category y=sales:value", "axis_has_room"),
        (TOWNS, "bar x=sales:bin y=*:count color=town:category", "groups_are_told_apart"),
    ],
)
def test_what_is_no_name_has_no_bar(names: list[Any], chart: str, rule: str) -> None:
    assert rule in broken(profile_of(names), chart)


@pytest.mark.parametrize(
    "sales",
    [
        _RNG.integers(1, 6, N),  # one in five is the largest
        np.minimum(SALES, np.quantile(SALES, 0.9)),
        -SALES,
        _RNG.permutation(np.arange(1900, 1900 + N)),  # years
    ],
    ids=["grades", "a ceiling", "all negative", "years"],
)
def test_the_largest_are_few_and_positive(sales: Any) -> None:
    assert "long_lists_are_ranked" in broken(profile_of(sales=sales))


WIDE = {name: _RNG.normal(20, 4, N).round(1) for name in ("gain", "width", "tilt", "depth")}


def test_a_wide_table_has_one_chart_of_the_largest_rows_among_its_first() -> None:
    profile = profile_of(sales=np.sort(SALES)[::-1], **WIDE)
    assert broken(profile) == ()
    largest = [one.design for one in recommend(profile, 6) if one.design.of_largest]
    assert [set(design.fields) for design in largest] == [{"town", "sales"}]
    assert largest[0].style.top == TOP_ROWS


def test_forty_rows_of_a_wide_table_are_too_many_for_its_axes() -> None:
    profile = profile_of(TOWNS[:40], SALES[:40], **{name: v[:40] for name, v in WIDE.items()})
    assert styled(design_of(BARS, profile), profile).style.top == TOP_ROWS


@pytest.mark.parametrize("names", [
    [f"NB2-{1_000 + n}-{n * 7919 % 1_000}" for n in range(N)],
    [f"a remark on number {n} of which much could be told" for n in range(N)],
    [f"Anna {town}" for town in TOWNS],
], ids=["codes", "sentences", "persons"])  # fmt: skip
def test_what_names_no_rows_of_a_wide_table_has_no_bars(names: list[str]) -> None:
    profile = profile_of(names, **WIDE)
    assert not any(one.design.of_largest for one in recommend(profile))


def test_of_losses_and_errors_the_largest_are_not_shown() -> None:
    table = {"model": TOWNS, "rmse": SALES, "val_loss": SALES[::-1], **WIDE}
    profile = profile_table(pa.table(table))
    shown = [one.design for one in recommend(profile) if one.design.of_largest]
    assert all({"rmse", "val_loss"}.isdisjoint(design.fields) for design in shown)


def test_of_years_side_by_side_none_is_told_before_their_course() -> None:
    years = {str(year): np.sort(SALES) * (year - 2000) for year in range(2010, 2020)}
    first, *_ = recommend(profile_table(pa.table({"town": TOWNS, **years})))
    assert first.design.mark == "line"


def test_a_wide_table_has_no_colours_on_its_bars_of_the_largest() -> None:
    profile = profile_of(county=[f"county {n % 4}" for n in range(N)], **WIDE)
    assert broken(profile, f"{BARS} color=county:category")


def test_bars_have_the_colours_of_groups_where_each_name_stands_once() -> None:
    county = [f"county {n % 4}" for n in range(N)]
    coloured = f"{BARS} color=county:category"
    assert broken(profile_of(county=county), coloured) == ()
    twice = ["Rome", *TOWNS[1:-1], "Rome"]
    assert "rows_are_told_apart" in broken(profile_of(twice, county=county), coloured)


def test_up_to_sixty_rows_are_all_drawn() -> None:
    profile = profile_of(TOWNS[:60], SALES[:60])
    design = styled(design_of(BARS, profile), profile)
    assert design.style.top is None
    assert "transform" not in declared(design, profile)


def test_the_written_form_ranks_the_rows_and_keeps_the_first() -> None:
    profile = profile_of(["Rome", *TOWNS[1:-1], None], [*SALES[:5], None, *SALES[6:]])
    design = styled(design_of(BARS, profile), profile)
    assert (design.style.top, design.style.horizontal, design.style.sort) == (TOP_ROWS, True, "y")
    spec = declared(design, profile)
    assert spec["transform"] == [
        {"filter": "isValid(datum['town']) && datum['town'] !== ''"},
        {"filter": "isValid(datum['sales'])"},
        {
            "window": [{"op": "row_number", "as": "rank"}],
            "sort": [
                {"field": "sales", "order": "descending"},
                {"field": "town", "order": "ascending"},
            ],
        },
        {"filter": {"field": "rank", "lte": TOP_ROWS}},
    ]
    assert spec["encoding"] == {
        "x": {"field": "sales", "type": "quantitative"},
        "y": {"field": "town", "type": "nominal", "sort": "-x"},
    }


def test_rows_that_share_a_name_are_ranked_by_their_mean() -> None:
    profile = profile_of(["Rome", *TOWNS[1:-1], "Rome"])
    design = styled(design_of(BARS, profile), profile)
    assert design.style.merged
    spec = declared(design, profile)
    assert [next(iter(step)) for step in spec["transform"]] == ["joinaggregate", "window", "filter"]
    assert spec["encoding"]["x"]["aggregate"] == "mean"
