"""What columns say of each other: labels of the same things, rates, units, copies."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.wire.profile import profile_form, profile_of

RNG = np.random.default_rng(11)
N = 60
CITIES = ["Rome", "Oslo", "Lima", "Kyiv", "Bern", "Cork"]
CITY = [CITIES[i % 6] for i in range(N)]


def profiled(**columns: Any) -> Profile:
    own = {"city": CITY, "height": RNG.normal(size=N), "width": RNG.normal(size=N)}
    return profile_table(pa.table(own | columns))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("iso_num", [380, 578, 604, 804, 756, 372]),  # called a number
        ("place", [1, 2, 3, 4, 5, 6]),  # one, two, three and so on
        ("abbreviation", ["IT", "NO", "PE", "UA", "CH", "IE"]),  # letters that stand for words
        ("drg", [897, 238, 246, 301, 812, 293]),  # numbers that tell things apart
        ("town", ["Rome", "Oslo", "Lima", "Kiew", "Bern", "Cork"]),  # most in the same letters
        ("GeoCode", ["E12000001", "E12000002", "E12000003", "E12000004", "E12000005", "E1"]),
    ],
)
def test_what_spells_another_column_is_no_column_of_its_own(name: str, values: list[Any]) -> None:
    column = profiled(**{name: [values[i % 6] for i in range(N)]}).column(name)
    assert column.identifier
    assert column.evidence == "stands for what “city” names"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("area", [1285, 454, 2672, 839, 51, 37]),  # a size, though one for each city
        ("iso_num", [380, 578, 380, 804, 756, 372]),  # two cities in one
        ("mayor", ["Ada", "Bo", "Cy", "Di", "Ed", "Flo"]),  # as readable as the city
        ("party", ["DEM", "REP", "GRN", "LIB", "IND", "SOC"]),  # codes of something else
    ],
)
def test_what_describes_another_column_stays(name: str, values: list[Any]) -> None:
    assert profiled(**{name: [values[i % 6] for i in range(N)]}).column(name).usable


@pytest.mark.parametrize("n_lands", [6, 60])
@pytest.mark.parametrize(("gaps", "slips"), [(0, 0), (90, 0), (0, 7), (60, 6)])
def test_a_code_that_is_left_out_or_wrong_here_and_there_is_no_column_of_its_own(
    n_lands: int, gaps: int, slips: int
) -> None:
    at = [i * 7 % n_lands for i in range(600)]
    codes: list[str | None] = [f"L{i:02d}" for i in at]
    for i in range(slips):
        codes[i * 13] = f"L{(at[i * 13] + 1) % n_lands:02d}"
    for i in range(gaps):
        codes[i * 5 + 1] = None
    sales = np.random.default_rng(2).lognormal(3, 1, (2, 600))
    lands = [f"Land of {chr(97 + i % 26)}{chr(97 + i // 26)}" for i in at]
    table = {"iso3": codes, "country": lands, "sales": sales[0], "costs": sales[1]}
    profile = profile_table(pa.table(table))
    assert profile.column("iso3").evidence == "stands for what “country” names"
    assert profile.column("country").usable


@pytest.mark.parametrize("skus", ["sku_{}x", "47110{:02d}", "GC {}/3 blk"])
def test_a_product_is_shown_by_its_name_not_by_its_number_in_the_stock(skus: str) -> None:
    names = ["Garden chair", "Oak table", "Desk lamp", "Wall clock", "Book shelf", "Sofa bed"]
    drawn = np.random.default_rng(4).integers(0, 6, 200)
    sales = np.random.default_rng(2).lognormal(3, 1, (2, 200))
    table = {
        "product": [names[i] for i in drawn],
        "sku": [skus.format(i + 3) for i in drawn],
        "sales": sales[0],
        "costs": sales[1],
    }
    profile = profile_table(pa.table(table))
    assert profile.column("sku").identifier
    assert profile.column("product").usable


def test_one_state_of_nearly_all_rows_makes_no_copies() -> None:
    rng = np.random.default_rng(8)
    rare = rng.random((2, 600)) < 0.02
    table = {
        "STATE": np.where(rare[0], rng.choice(["A1", "B1", "C1"], 600), "N1"),
        "outcome": np.where(rare[1], rng.choice(["late", "lost", "sent back"], 600), "fine"),
        "sales": rng.lognormal(3, 1, 600),
        "costs": rng.lognormal(3, 1, 600),
    }
    profile = profile_table(pa.table(table))
    assert not profile.column("STATE").identifier


def test_two_things_may_share_a_code() -> None:
    names = [f"country {i % 100}" for i in range(300)]
    codes = [f"C{max(1, i % 100)}" for i in range(300)]
    assert profile_table(pa.table({"country": names, "code": codes})).column("code").identifier


def test_names_that_stand_once_are_not_spelt_by_others() -> None:
    table = pa.table({"city": CITIES, "code": ["IT", "NO", "PE", "UA", "CH", "IE"]})
    assert profile_table(table).column("code").usable


@pytest.mark.parametrize(
    ("column", "told", "rate"),
    [
        ("Units", "Rate per 100,000 population", True),
        ("series", "Unemployment rate", True),
        ("measure", "index, 2015 = 100", True),
        ("unit", "%", True),
        ("Units", "Number", False),
        ("remark", "a rate of its own", False),
    ],
)
def test_a_value_is_what_the_column_beside_it_says(column: str, told: str, rate: bool) -> None:
    profile = profiled(**{column: [told] * N, "Value": RNG.uniform(1, 9, N)})
    assert profile.column("Value").rate is rate
    assert profile.column("Value").additive is not rate
    assert not profile.column("height").rate


MONEY = ["USD", "EUR", "JPY"]


@pytest.mark.parametrize(
    ("measure", "unit", "levels", "within"),
    [
        ("salary", "salary_currency", MONEY, True),
        ("salary_min", "salary_currency", MONEY, True),
        ("salary_in_usd", "salary_currency", MONEY, False),
        ("bonus", "salary_currency", MONEY, False),
        ("price", "currency", MONEY, True),
        ("amount", "from", MONEY, True),
        ("value", "Units", ["Number", "Rate per 100,000"], True),
        ("value", "Units", ["Number"], False),
        ("value", "unit", ["Emergency", "Surgery", "Maternity"], False),  # of a hospital
        ("weight", "weight_unit", ["kg", "lb"], True),
    ],
)
def test_numbers_know_the_column_of_their_units(
    measure: str, unit: str, levels: list[str], within: bool
) -> None:
    units = [levels[i // 6 % len(levels)] for i in range(N)]
    profile = profiled(**{measure: RNG.uniform(1, 9, N), unit: units})
    assert profile.column(measure).within == (unit if within else None)


def test_types_that_were_given_are_kept() -> None:
    from vizmodel.profile import Cast

    table = pa.table({"city": CITY, "code": [f"C{CITIES.index(city)}" for city in CITY]})
    assert profile_table(table).column("code").identifier
    casts = [Cast("code", "text", told="nominal")]
    assert profile_table(table, casts=casts).column("code").usable


def test_numbers_on_one_line_are_copies() -> None:
    degrees = RNG.normal(20, 5, N)
    profile = profiled(
        celsius=degrees,
        fahrenheit=degrees * 1.8 + 32,
        near=degrees + RNG.normal(0, 0.5, N),
        squared=(degrees + 40) ** 4,
        few=[1.0, 2.0] * (N // 2),
        same=[2.0, 4.0] * (N // 2),
    )
    same = frozenset({"few", "same"})  # one code for the other
    assert profile.copies == {frozenset({"celsius", "fahrenheit"}), same}


def test_what_counts_the_time_from_a_date_is_its_copy() -> None:
    days = [dt.datetime(2001, 1, 1) + dt.timedelta(days=i * 37 % 101 * 60) for i in range(101)]
    since = [(dt.datetime(2024, 6, 30) - day).days for day in days]
    table = {
        "hired": days,
        "years": [round(n / 365.25, 1) for n in since],
        "age": [n // 365 for n in since],
        "days": since,
        "pay": [1000.0 + n**0.5 + i % 7 for i, n in enumerate(since)],
        "level": [1 + n // 2000 for n in since],
        "drift": [4.0 - n / 9000 for n in since],
    }
    dated = {pair for pair in profile_table(pa.table(table)).copies if "hired" in pair}
    assert dated == {frozenset({"hired", name}) for name in ("years", "age", "days")}


def test_a_gap_or_a_huge_number_is_no_trouble() -> None:
    degrees = RNG.normal(20, 5, N)
    gaps = np.where(np.arange(N) % 7 == 0, np.nan, degrees)
    profile = profiled(a=gaps, b=-gaps, huge=degrees * 1e300, nothing=[None] * N)
    assert frozenset({"a", "b"}) in profile.copies


def test_a_profile_is_read_as_it_was_written() -> None:
    degrees = RNG.normal(20, 5, N)
    profile = profiled(
        value=degrees, twice=2 * degrees, unit=["per head", "%"] * (N // 2), place=["x", None] * 30
    )
    for again in (Profile.from_dict(profile.to_dict()), profile_of(profile_form(profile))):
        assert again.copies == profile.copies == {frozenset({"value", "twice"})}
        assert again.column("value").rate
        assert again.column("value").within == "unit"


def test_totals_travel_without_their_names() -> None:
    parts = list(product(range(2001, 2013), ["north", "south", "Total"], ["kg", "lb"]))
    table = pa.table(
        {
            "year": [year for year, _, _ in parts],
            "region": [region for _, region, _ in parts],
            "unit": [unit for _, _, unit in parts],
            "weight": RNG.uniform(1, 9, len(parts)),
        }
    )
    profile = profile_table(table)
    again = profile_of(profile_form(profile))
    assert again.total_columns == profile.total_columns == {"region"}
    assert again.mixed_columns == profile.mixed_columns == {"region", "unit"}


SIZES = [RNG.integers(1, 90, N) for _ in range(4)]


def pairs(*names: str) -> set[frozenset[str]]:
    """Return pairs that are written as "one other"."""
    return {frozenset(name.split()) for name in names}


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"a": SIZES[0], "b": SIZES[1], "all": SIZES[0] + SIZES[1]}, pairs("a all", "b all")),
        (
            {"a": SIZES[0], "b": SIZES[1], "margin": SIZES[0] - SIZES[1]},
            pairs("a margin", "b margin"),
        ),
        ({"a": SIZES[0], "b": SIZES[1], "net": SIZES[0] + SIZES[1]}, pairs("a net", "b net")),
        (
            {"a": SIZES[0], "b": SIZES[1], "c": SIZES[2], "sum": SIZES[0] + SIZES[1] + SIZES[2]},
            pairs("a sum", "b sum", "c sum"),
        ),
        ({"a": SIZES[0], "b": SIZES[1], "c": SIZES[2]}, set()),
        ({"a": SIZES[0], "b": SIZES[1], "near": SIZES[0] + SIZES[1] + (SIZES[2] > 85)}, set()),
    ],
    ids=["total", "margin", "called net", "total of three", "nothing", "nearly a total"],
)
def test_totals_and_differences_follow_from_their_parts(
    columns: dict[str, Any], found: set[frozenset[str]]
) -> None:
    assert profiled(**columns).copies == found


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_sums_of_any_size_are_sums_and_others_are_none(scale: float) -> None:
    own = {f"n{place}": RNG.random(N) * scale for place in range(20)}
    found = profiled(**own, total=own["n3"] + own["n7"]).copies
    assert {pair for pair in found if "total" in pair} == pairs("n3 total", "n7 total")
    assert all("total" in pair for pair in found)


def test_a_level_and_its_yes_or_no_are_one() -> None:
    level = RNG.integers(1, 5, N)
    profile = profiled(
        level=level,
        level1=(level == 1).astype(int),
        level4=(level == 4).astype(int),
        odd=level % 2,  # of several levels: it says something of them
        apart=RNG.integers(0, 2, N),
    )
    assert profile.copies == pairs("level level1", "level level4", "level1 level4")
    assert profile.ranges == ()
    assert profile.column("level1").evidence == "the yes or no of one level of “level”"
    assert profile.column("apart").usable
    few = pa.table({"level": level, "level1": (level == 1) * 1, "level4": (level == 4) * 1})
    assert profile_table(few).column("level1").usable, "hardly anything else is left to draw"


def test_years_beside_a_year_are_names() -> None:
    years = [1981 + i % 5 for i in range(80)]
    codes = {f"y{year % 100}": [int(one == year) for one in years] for year in (1982, 1983, 1984)}
    claims = [(i * 37 % 101) / 7 for i in range(80)]
    town = [f"town {i % 7}" for i in range(80)]
    profile = profile_table(pa.table({"year": years, "claims": claims, "town": town, **codes}))
    assert {profile.column(name).semantic for name in codes} == {"identifier"}


def test_a_name_without_letters_calls_no_other_after_it() -> None:
    level = RNG.integers(1, 5, N)
    profile = profiled(**{"%": level, "top": (level == 4).astype(int)})
    assert profile.column("top").usable


@pytest.mark.parametrize(("ages", "bins"), [((18, 34, 35, 50), True), ((18, 24, 40, 50), False)])
def test_labels_that_part_a_number_are_its_bins_where_no_gap_parts_them(
    ages: tuple[int, int, int, int], bins: bool
) -> None:
    low, below, above, high = ages
    age = np.concatenate(
        [np.tile(np.arange(low, below + 1), 9), np.tile(np.arange(above, high), 6)]
    )
    order = RNG.permutation(len(age))
    label = np.where(age >= above, "mature mom", "younger mom")
    profile = profile_table(pa.table({"mage": age[order], "kind": label[order]}))
    assert (frozenset(("mage", "kind")) in profile.copies) is bins


def test_a_number_and_its_bins_are_one() -> None:
    age = RNG.permutation(np.arange(N) % 45) + 18.0
    group = np.select([age < 30, age < 50], ["18-29", "30-49"], "50-80")
    profile = profiled(
        age=age,
        span=group,
        agegrp=np.select([age < 30, age < 50], ["young", "middle"], "old"),
        old=(age > 40).astype(int),
        town=np.select([age < 30, age < 50, age < 52], ["Ayr", "Bath", "Cork"], "Ayr"),
        rare=(age > 60).astype(int),
    )
    binned = pairs("age span", "age agegrp", "age old")
    assert {pair for pair in profile.copies if "age" in pair} == binned


@pytest.mark.filterwarnings("error")
def test_the_largest_numbers_and_all_but_constant_ones_are_looked_at_in_silence() -> None:
    rng = np.random.default_rng(5)
    large = rng.choice([-1e308, 1e308, 5e307, 7e307, 1e300], 2_000)
    rare = np.zeros(2_000)
    rare[1:5] = (3, 5, 8, 13)  # not among the rows that are looked at for bins
    columns = {"large": large, "other": large[::-1] / 3, "rare": rare, "c": ["p", "q"] * 1_000}
    profile = profile_table(pa.table(columns))
    assert profile.n_rows == 2_000
    assert not any("rare" in pair for pair in profile.copies)


def test_of_two_names_the_readable_one_stays() -> None:
    town = [f"{city}, {city[0]}" for city in CITY]
    profile = profiled(city_short=[city[:2].lower() for city in CITY], city_full=town)
    assert profile.column("city").usable
    assert profile.column("city_short").identifier
    assert profile.column("city_full").evidence == "stands for what “city” names"


def test_two_clocks_that_show_the_same_are_one() -> None:
    years = list(range(2001, 2001 + N))
    dates = [np.datetime64(f"{year}-01-01", "us") for year in years]
    ends = [np.datetime64(f"{year}-12-31", "us") for year in years]
    profile = profiled(year=years, date=dates, end=ends)
    assert profile.column("date").is_time
    assert profile.column("year").evidence == "tells the same times as “date”"
    assert profile.column("end").is_time  # a year from beginning to end


def test_of_two_clocks_the_finer_one_stays_or_the_one_called_a_date() -> None:
    first = np.datetime64("2020-01-06", "us")
    weeks = [first + np.timedelta64(7 * i, "D") for i in range(N)]
    ends = [week + np.timedelta64(5, "D") for week in weeks]
    profile = profiled(week=weeks, date=ends)
    assert profile.column("week").evidence == "tells the same times as “date”"
    months = [np.datetime64("2020-01", "M") + i for i in range(N)]
    starts = [month.astype("datetime64[us]") for month in months]
    days = [month.astype("datetime64[us]") + np.timedelta64(27, "D") for month in months]
    profile = profiled(
        month=starts, sent=[day + np.timedelta64(i % 3, "D") for i, day in enumerate(days)]
    )
    assert profile.column("month").evidence == "tells the same times as “sent”"


def test_two_columns_of_the_same_years_are_one() -> None:
    years = [2000 + i % 20 for i in range(60)]
    sold = [i * 37 % 101 / 7 for i in range(60)]
    profile = profile_table(pa.table({"year": years, "fy": years, "sold": sold}))
    assert profile.column("year").semantic == "year"
    assert profile.column("fy").evidence == "tells the same times as “year”"
    other = {"year": years, "fy": [year + i % 2 for i, year in enumerate(years)], "sold": sold}
    assert profile_table(pa.table(other)).column("fy").semantic == "year"


def test_a_parent_is_a_row_by_its_number() -> None:
    numbers = np.arange(1, N + 1)
    profile = profiled(id=numbers, parent=[None, *(numbers[1:] // 2)], children=numbers % 7)
    assert profile.column("parent").evidence == "names rows by their “id”"
    assert profile.column("children").usable
    # Nought is nobody that is in the table.
    family = profiled(id=numbers, fid=numbers * (numbers % 3 == 0) // 2, sire=numbers // 3)
    named = [c.name for c in family.columns if c.evidence.startswith("names rows")]
    assert named == ["fid", "sire"]
    height = profiled(parent=numbers % 9 + 60)
    assert height.column("parent").usable


THINGS = ["ash", "beech", "cedar", "elm", "fir"]
RELATED = np.corrcoef(RNG.normal(size=(5, 30)))


@pytest.mark.parametrize("cells", [RELATED, np.abs(np.subtract.outer(range(5), range(5))) * 1.5])
def test_a_matrix_is_no_list_of_cases(cells: Any) -> None:
    columns = dict(zip(THINGS, cells, strict=True))
    assert len(profile_table(pa.table(columns)).copies) == 10
    named = profile_table(pa.table({"tree": THINGS} | columns))
    assert named.fold is not None
    assert named.fold.columns == tuple(THINGS)


def test_as_many_rows_as_columns_are_no_matrix() -> None:
    table = pa.table(dict(zip(THINGS, RNG.normal(size=(5, 5)), strict=True)))
    assert profile_table(table).copies == frozenset()


def test_parts_of_a_date_are_not_set_against_it() -> None:
    days = [dt.datetime(2021, 1, 1) + dt.timedelta(days=i) for i in range(400)]
    table = {
        "date": days,
        "births": np.random.default_rng(4).normal(100, 9, 400),
        "weekday": [f"{day:%a}" for day in days],
        "month": [day.month for day in days],
        "day": [day.day for day in days],
        "shift": [i % 5 for i in range(400)],
    }
    profile = profile_table(pa.table(table))
    dated = {name for pair in profile.copies if "date" in pair for name in pair - {"date"}}
    assert dated == {"weekday", "month", "day"}

    def legal(text: str) -> bool:
        return violations(design_of(text, profile), profile) == ()

    assert not legal("line x=date:value y=day:value")
    assert legal("line x=date:value y=births:value")
    assert legal("boxplot x=weekday:category y=births:value")
    assert legal("point x=date:value y=births:value color=weekday:category")


def test_the_number_of_a_weekday_says_less_than_its_name() -> None:
    names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] * 10
    births = RNG.normal(9_000, 400, len(names)).round()
    days = {"wday": names, "day_of_week": [1, 2, 3, 4, 5, 6, 7] * 10, "births": births}
    assert profile_table(pa.table(days)).column("day_of_week").semantic == "identifier"
    # Numbers that no name goes with one by one keep their meaning.
    days["wday"] = list(RNG.permutation(names))
    assert profile_table(pa.table(days)).column("day_of_week").semantic != "identifier"


def test_no_box_is_drawn_of_values_that_are_all_one() -> None:
    profile = profiled(area=[40, 90, 12, 33, 71, 18] * 10, births=RNG.normal(9_000, 400, N))
    boxes = "boxplot x=city:category y={}:value"
    assert not violations(design_of(boxes.format("births"), profile), profile)
    broken = violations(design_of(boxes.format("area"), profile), profile)
    assert "box_has_rows" in broken


def test_tasks_of_a_plan_begin_and_end() -> None:
    starts = [np.datetime64("2024-01-01", "us") + np.timedelta64(20 * i, "D") for i in range(N)]
    ends = [start + np.timedelta64(4 + i % 5, "D") for i, start in enumerate(starts)]
    profile = profiled(start=starts, end=ends)
    assert [column.semantic for column in profile.columns[-2:]] == ["time", "time"]
    assert [(one.low, one.high) for one in profile.ranges] == [("start", "end")]


@pytest.mark.parametrize("ends", [[10, 20, 30, 40, 50], [9, 19, 29, 39, 49]])
def test_where_bins_end_the_next_begins(ends: list[int]) -> None:
    bins = {"start": [0, 10, 20, 30, 40], "stop": ends, "count": [3, 9, 14, 8, 1]}
    profile = profile_table(pa.table(bins))
    meet = ends[0] == 10
    assert profile.column("stop").identifier == meet
    assert profile.column("start").is_size
    first = recommend(profile)[0].design
    assert not meet or (first.mark, first.fields) == ("bar", ("start", "count"))


def test_rows_with_a_short_and_a_long_name_are_called_by_the_long_one() -> None:
    lands = ["Japan", "Brazil", "Kenya", "Norway", "Canada", "Ghana"]
    codes = ["JPN", "BRA", "KEN", "NOR", "CAN", "GHA"]
    table = pa.table({"team": codes, "land": lands, "gold": [27, 7, 4, 4, 7, 0]})
    assert profile_table(table).column("team").evidence == "stands for what “land” names"
    assert not profile_table(table.drop_columns("land")).column("team").identifier
