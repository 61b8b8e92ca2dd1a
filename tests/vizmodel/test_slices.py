"""Long tables: which rows are drawn as they are once the other columns are held at a level."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding, Held
from vizmodel.form.declared import declared
from vizmodel.form.style import styled
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.profile.layouts.slices import is_total
from vizmodel.ranking.rank import is_headline, mixes_levels, score_terms, shows_a_part
from vizmodel.recommend import recommend

RNG = np.random.default_rng(5)
YEARS = range(2001, 2021)


def crossed(measure: str = "value", **columns: list[Any]) -> pa.Table:
    """Return a row for each combination of levels, with a number of its own."""
    rows = list(product(*columns.values()))
    names = zip(columns, zip(*rows, strict=True), strict=True)
    number = RNG.integers(10, 10_000, len(rows)).astype(float) / 10
    return pa.table({name: list(values) for name, values in names} | {measure: number})


def profiled(measure: str = "value", **columns: list[Any]) -> Profile:
    return profile_table(crossed(measure, **columns))


def held(profile: Profile, *shown: str) -> dict[str, Any] | None:
    """Return the levels at which a chart of some columns holds the others; None without one."""
    found = next((s for s in profile.slices if s.shown == set(shown)), None)
    return None if found is None else {h.column: h.level for h in found.held}


def line(**columns: str) -> Design:
    places = {"x": "value", "color": "category", "y": "value"}
    encodings = [
        Encoding(c, name, places[c], "nominal" if c == "color" else "quantitative")  # type: ignore[arg-type]
        for c, name in columns.items()
    ]
    return Design("line", tuple(encodings))


REGIONS = ["North", "South", "East", "West", "Total"]
SEXES = ["women", "men", "Both sexes"]
LONG = {"year": list(YEARS), "region": REGIONS, "sex": SEXES}


def test_totals_are_shown_where_a_column_has_them() -> None:
    profile = profiled(**LONG)
    assert held(profile, "year") == {"region": "Total", "sex": "Both sexes"}
    assert held(profile, "year", "region") == {"sex": "Both sexes"}
    assert held(profile, "region") == {"year": 2020, "sex": "Both sexes"}
    assert profile.mixed_columns == {"region", "sex"}


def test_rows_without_a_value_are_the_total_where_they_are_as_many() -> None:
    profile = profiled(year=list(YEARS), region=["North", "South", None], sex=["women", "men"])
    assert held(profile, "year", "sex") == {"region": None}


def test_what_has_one_level_among_the_rows_is_not_shown() -> None:
    # Only births are told for the whole country.
    split = [("births", None), *product(["births", "deaths"], ["North", "South"])]
    rows = [(year, *one) for year in YEARS for one in split]
    years, series, regions = (list(values) for values in zip(*rows, strict=True))
    number = RNG.normal(50, 9, len(rows))
    profile = profile_table(
        pa.table({"year": years, "series": series, "region": regions, "n": number})
    )
    assert held(profile, "year", "region") == {"series": "births"}
    assert held(profile, "year", "series") is None


def test_years_in_words_are_years() -> None:
    years = [f"20{year:02}/{year + 1:02}" for year in range(9, 19)]
    profile = profiled(year=years, region=["north", "south", None], sex=["women", "men", None])
    assert held(profile, "region") == {"year": "2018/19", "sex": None}


def test_a_slip_of_the_office_is_no_trouble_outside_the_rows_that_are_drawn() -> None:
    table = crossed(year=list(YEARS), region=[*"abcdefgh", None], sex=["women", "men", None])
    slip = pa.table({"year": [2020], "region": ["b"], "sex": ["men"], "value": [7.5]})
    profile = profile_table(pa.concat_tables([table, slip]))
    assert held(profile, "year") == {"region": None, "sex": None}
    assert held(profile, "year", "sex") == {"region": None}
    assert held(profile, "region") == {"year": 2020, "sex": None}
    twice = profile_table(pa.concat_tables([table, table]))
    assert twice.slices == ()


def test_a_slice_is_of_one_unit() -> None:
    parts = {"year": list(YEARS), "series": ["a", "b"], "region": ["north", "south", None]}
    table = crossed(**parts)
    units = ["Number" if one == "a" else "Percent" for one in table.column("series").to_pylist()]
    profile = profile_table(table.append_column("Units", [units]))
    assert held(profile, "year") == {"series": "a", "region": None}
    assert held(profile, "year", "series") is None


def test_gaps_are_no_level() -> None:
    table = crossed(year=list(YEARS), region=REGIONS[:4], sex=["women", "men"])
    region = table.column("region").to_pylist()
    table = table.set_column(1, "region", [[None, None, None, *region[3:]]])
    assert None not in {h.level for s in profile_table(table).slices for h in s.held}


def test_the_latest_year_that_is_full() -> None:
    table = crossed(year=list(YEARS), country=[f"country {i}" for i in range(12)])
    late = pa.table({"year": [2021], "country": ["country 1"], "value": [3.5]})
    assert held(profile_table(pa.concat_tables([table, late])), "country") == {"year": 2020}


def test_one_of_several_measures() -> None:
    kinds = ["Population", "Births", "Deaths"]
    profile = profiled(year=list(YEARS), indicator=kinds, city=[f"city {i}" for i in range(9)])
    assert held(profile, "year", "city") == {"indicator": "Population"}


def test_a_key_of_more_columns_than_are_tried_together() -> None:
    parts = {"region": REGIONS, "sex": SEXES, "age": ["All ages", "young", "old"]}
    profile = profiled(year=list(range(2010, 2016)), series=["rate of a", "rate of b"], **parts)
    assert held(profile, "year") == {
        "series": "rate of a",
        "region": "Total",
        "sex": "Both sexes",
        "age": "All ages",
    }


NO_SLICES = {
    "rows with a name": pa.table(
        {"city": [f"city {i}" for i in range(30)], "kind": ["a", "b", "c"] * 10, "n": range(30)}
    ),
    "rows that repeat": pa.table(
        {
            "kind": RNG.choice(["a", "b"], 90),
            "city": RNG.choice(["x", "y", "z"], 90),
            "n": range(90),
        }
    ),
    "no row": pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.float64())}),
    "many groups of equal standing": crossed(
        a=list("abcdef"), b=list("uvwxyz"), c=list("klm"), d=[1.5, 2.5], e=[1.0]
    ),
}


@pytest.mark.parametrize("table", NO_SLICES.values(), ids=NO_SLICES)
def test_no_level_is_made_up(table: pa.Table) -> None:
    assert profile_table(table).slices == ()


def test_a_line_of_a_slice_is_legal_and_says_what_it_keeps() -> None:
    profile = profiled(**LONG)
    design = line(x="year", y="value", color="region")
    assert violations(design, profile) == ()
    assert styled(design, profile).style.where == (Held("sex", "Both sexes"),)
    steps = declared(styled(design, profile), profile)["transform"]
    assert {"filter": "datum['sex'] === 'Both sexes'"} in steps
    whole = Design("line", (*design.encodings, Encoding("column", "sex", "category", "nominal")))
    assert styled(whole, profile).style.where == ()


def test_counts_that_add_up_are_not_cut() -> None:
    parts = {"hair": ["red", "black", "fair"], "eye": ["blue", "brown"], "sex": ["f", "m"]}
    profile = profile_table(
        crossed("Freq", **parts).set_column(3, "Freq", [RNG.integers(1, 90, 12)])
    )
    bars = Design(
        "bar",
        (
            Encoding("x", "hair", "category", "nominal"),
            Encoding("y", "Freq", "value", "quantitative"),
        ),
    )
    assert "rows_are_told_apart" in violations(bars, profile)


def test_a_summary_over_totals_and_parts_is_charged() -> None:
    profile = profiled(**LONG)
    mean = Encoding("y", "value", "mean", "quantitative")
    by_year = Encoding("x", "year", "value", "quantitative")
    assert mixes_levels(Design("line", (by_year, mean)), profile)
    assert not mixes_levels(line(x="year", y="value"), profile)


def test_measures_of_other_sizes_share_no_axis() -> None:
    n = 40
    sizes = {"jobs": 9e5, "rate": 4.0, "price": 120.0}
    table = pa.table(
        {
            "year": np.tile(np.arange(1980, 1980 + n), 3),
            "variable": np.repeat(list(sizes), n),
            "value": np.concatenate([size * RNG.uniform(0.8, 1.2, n) for size in sizes.values()]),
        }
    )
    profile = profile_table(table)
    value = Encoding("x", "value", "bin", "quantitative")
    assert mixes_levels(
        Design("bar", (value, Encoding("y", None, "count", "quantitative"))), profile
    )
    together, apart = line(x="year", y="value", color="variable"), line(x="year", y="value")
    assert mixes_levels(together, profile)
    assert not mixes_levels(apart, profile), "of one of them"
    panels = Design("line", (*apart.encodings, Encoding("row", "variable", "category", "nominal")))
    assert not mixes_levels(panels, profile)


def test_the_rows_of_one_group_come_after_those_that_stand_for_all() -> None:
    parts = profiled(year=list(YEARS), region=REGIONS[:4], sex=["women", "men"])
    by_year = line(x="year", color="region", y="value")
    assert shows_a_part(by_year, parts) == 1, "of women only"
    assert shows_a_part(by_year, profiled(**LONG)) == 0, "of both sexes"
    scores = [score_terms(by_year, 0.0, 0.0, p)["partial"] for p in (parts, profiled(**LONG))]
    assert scores[0] < scores[1] == 0


def test_totals_in_several_columns_leave_only_slices() -> None:
    parts = {"region": REGIONS[:4], "sex": ["women", "men"], "age": ["young", "old"]}
    profile = profiled(year=list(YEARS), **{name: [*found, None] for name, found in parts.items()})
    designs = [ranked.design for ranked in recommend(profile, 15)]
    assert len(designs) >= 4
    assert all(design.style.where for design in designs)
    assert {design.mark for design in designs} >= {"line", "bar"}


def test_totals_are_summed_where_no_slice_can_be_drawn() -> None:
    days = [f"day {day} of the month" for day in range(400)]
    profile = profiled(day=days, sex=["women", "men", None], region=["north", "south", None])
    assert profile.total_columns
    assert recommend(profile, 15)


def test_the_list_of_a_long_table_begins_with_rows_that_belong_together() -> None:
    designs = [r.design for r in recommend(profiled(**LONG), 15)]
    assert any(d.style.where for d in designs[:3])
    assert sum(mixes_levels(d, profiled(**LONG)) for d in designs[:5]) == 0


def test_a_profile_is_read_as_it_was_written() -> None:
    profile = profiled(year=list(YEARS), region=["North", "South", None], sex=["women", "men"])
    assert Profile.from_dict(profile.to_dict()).slices == profile.slices


@pytest.mark.parametrize(
    "level", ["Total", "Both sexes", "Insgesamt", "Ensemble", "Ambos sexos", "_T", "TOT", "BTSX"]
)
def test_levels_that_stand_for_all_others(level: str) -> None:
    assert is_total(Held("sex", level))
    assert not is_total(Held("sex", f"not {level}"))


def published(n_breakdowns: int = 12) -> pa.Table:
    """Return a rate by year, and by each of many columns that are blank where it is of all."""
    rows: list[dict[str, Any]] = []
    for year in YEARS:
        rows.append({"year": year})
        for i in range(n_breakdowns):
            rows += [{"year": year, f"breakdown {i}": level} for level in "abc"]
    names = ["year", *(f"breakdown {i}" for i in range(n_breakdowns))]
    columns = {name: [row.get(name) for row in rows] for name in names}
    return pa.table(columns | {"rate": RNG.uniform(1, 9, len(rows)).round(2)})


def test_a_published_table_of_many_breakdowns_begins_with_the_course_of_all() -> None:
    profile = profile_table(published())
    assert held(profile, "year") == {f"breakdown {i}": None for i in range(12)}
    assert len(held(profile, "year", "breakdown 3") or {}) == 11
    first, *others = (ranked.design for ranked in recommend(profile, 10))
    assert (first.mark, first.fields) == ("line", ("year", "rate"))
    assert is_headline(first, profile)
    assert not any(is_headline(design, profile) for design in others)
    split = {design.fields for design in others if design.mark == "line"}
    assert len(split) > 3
    # Nothing is said of breakdowns that were not crossed, nor counted in a table of statistics.
    assert all(sum("breakdown" in name for name in d.fields) < 2 for d in others)
    assert not any(e.transform == "count" for d in others for e in d.encodings)


def test_groups_that_have_other_groups_in_their_name_are_no_total() -> None:
    for level in ("Any other background", "All other causes"):
        assert not is_total(Held("group", level))
    # Beside rows without a value, what is called all of something is one group of several.
    groups = [None, "Black", "Asian", "All minorities"]
    profile = profiled(year=list(YEARS), group=groups, sex=SEXES)
    assert held(profile, "year") == {"group": None, "sex": "Both sexes"}


def test_breakdowns_that_were_not_crossed_are_not_shown_together() -> None:
    apart = [(y, g, None) for y in YEARS for g in ("a", "b", "c", "d", None)]
    apart += [(y, None, s) for y in YEARS for s in ("women", "men")]
    years, groups, sexes = zip(*apart, strict=True)
    rate = RNG.uniform(1, 9, len(apart)).round(2)
    columns = {"year": list(years), "group": list(groups), "sex": list(sexes), "rate": rate}
    profile = profile_table(pa.table(columns))
    assert held(profile, "group") and held(profile, "year", "sex")
    assert held(profile, "group", "sex") is None


def twice(table: pa.Table, row: int, **other: Any) -> pa.Table:
    """Return a table in which one row comes again, some of its values changed."""
    again = table.slice(row, 1).to_pylist()[0] | other
    return pa.concat_tables([table, pa.Table.from_pylist([again], schema=table.schema)])


@pytest.mark.parametrize("other", [{}, {"value": 7.5}], ids=["the same", "another number"])
def test_a_row_that_comes_twice_hides_no_key(other: dict[str, Any]) -> None:
    table = crossed(year=list(YEARS), region=["North", "South", "East", "West"])
    profile = profile_table(twice(table, 13, **other))
    assert profile.twice
    assert profile.keys == {(0, 1)}
    assert held(profile, "region") == {"year": 2020}
    assert not profile_table(table).twice
    assert Profile.from_dict(profile.to_dict()).twice


def test_a_slice_may_hold_a_row_that_comes_twice() -> None:
    table = crossed(**LONG)
    row = table.select(["region", "sex"]).to_pylist().index({"region": "Total", "sex": "men"})
    profile = profile_table(twice(table, row + 1))  # both sexes
    assert held(profile, "year") == {"region": "Total", "sex": "Both sexes"}
    assert styled(line(x="year", y="value"), profile).style.merged
    spec = declared(styled(line(x="year", y="value"), profile), profile)
    assert spec["encoding"]["y"]["aggregate"] == "mean"


@pytest.mark.parametrize(("n_twice", "held"), [(1, True), (3, False)])
def test_rows_without_a_level_that_meet_often_are_no_slice(n_twice: int, held: bool) -> None:
    # What is not known of some films, say, is no total of all.
    rows = [
        (year, f"region {place}" if place else None)
        for year in range(2000, 2020)
        for place in range(40)
    ]
    rows += [(2000 + at, None) for at in range(n_twice)]
    years, regions = zip(*rows, strict=True)
    values = RNG.uniform(1, 9, len(rows))
    profile = profile_table(pa.table({"year": years, "region": regions, "value": values}))
    assert (frozenset({"year"}) in {one.shown for one in profile.slices}) is held


def test_rows_that_meet_by_chance_are_no_slips() -> None:
    cities, jobs = (RNG.integers(0, most, 300).astype(str) for most in (30, 20))
    many = profile_table(pa.table({"city": cities, "job": jobs, "pay": RNG.normal(9, 2, 300)}))
    assert not many.twice
    assert not many.keys
    few = crossed(year=[2001, 2002, 2003], region=["North", "South", "East", "West"])
    assert not profile_table(twice(few, 3)).twice
    doubled = crossed(year=list(YEARS), region=REGIONS)
    assert not profile_table(pa.concat_tables([doubled, doubled])).twice


def test_levels_that_no_row_has_together_make_no_slice() -> None:
    # Totals are told for regions, or for sexes, never for both.
    regions = [
        ("Total", "men"),
        ("Total", "women"),
        ("North", "Both sexes"),
        ("South", "Both sexes"),
    ]
    rows = [(year, *one, 1.5 + year % 7 + at) for year in YEARS for at, one in enumerate(regions)]
    table = pa.table(
        dict(zip(("year", "region", "sex", "n"), zip(*rows, strict=True), strict=True))
    )
    assert held(profile_table(table), "year") is None


def test_a_level_without_values_shows_nothing() -> None:
    table = crossed(year=list(YEARS), scenario=["c1", "c2"])
    hot = [
        None if one == "c1" else 1.5 + at % 7
        for at, one in enumerate(table["scenario"].to_pylist())
    ]
    profile = profile_table(table.append_column("hot", pa.array(hot)))
    assert held(profile, "year") == {"scenario": "c1"}
    assert not violations(line(x="year", y="value"), profile)
    assert violations(line(x="year", y="hot"), profile)
