"""Tables of records: made as they are written down, recognised, and drawn as totals over time."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.candidates.clock_charts import counts_hours, rounds_of_events
from vizmodel.candidates.record_charts import (
    adds_up,
    charts_of_records,
    main_totals,
    tells_records,
    totals_of_sales,
)
from vizmodel.form.style import styled
from vizmodel.grammar import violations
from vizmodel.grammar.encoding_rules import is_amount, is_flow
from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.layouts.records import holds_records, of_months
from vizmodel.recommend import recommend
from vizmodel.tokens import make_design
from vizmodel.training.asked import read_labels
from vizmodel.training.made_tables import RECORDS, made_table, read_specs
from vizmodel.training.wanted import form_of
from vizmodel.worth.outcomes import stays_by_chance

SPECS = {spec["name"]: spec for spec in read_specs(RECORDS)}
ORDERS = {
    "name": "orders",
    "rows": 700,
    "columns": {
        "order_id": "ids('SO-', 10001)",
        "order_date": "dates('2023-01-01', 700)",
        "product": "pick({'Laptop': 2, 'Phone': 3, 'Desk': 1, 'Lamp': 1})",
        "channel": "pick(['web', 'store', 'partner'])",
        "quantity": "ints(1, 5)",
        "unit_price": "by(product, {'Laptop': 900, 'Phone': 600, 'Desk': 300, 'Lamp': 40})",
        "revenue": "round(quantity * unit_price * normal(1, .1), 2)",
        "status": "pick({'shipped': 8, 'returned': 1, 'cancelled': 1})",
    },
}


def profile_of(frame: pd.DataFrame) -> Profile:
    raw = pa.Table.from_pandas(frame, preserve_index=False)
    return profile_table(apply_casts(raw, infer_casts(raw)))


@pytest.fixture(scope="module")
def orders() -> Profile:
    return profile_of(made_table(ORDERS))


def test_tables_are_made_the_same_again() -> None:
    first, again = made_table(ORDERS), made_table(ORDERS)
    assert first.equals(again) and len(first) == 700
    dates = pd.to_datetime(first["order_date"])
    assert dates.is_monotonic_increasing and dates.min().year == 2023


@pytest.mark.parametrize("name", sorted(SPECS))
def test_what_is_written_down_can_be_made_and_drawn(name: str) -> None:
    frame = made_table(SPECS[name])
    assert len(frame) >= 40 and frame.columns.is_unique
    label = next(one for one in read_labels() if one["table"] == f"{RECORDS}/{name}.csv")
    named = {column for columns, *_ in label["wanted"] for column in columns}
    assert {*named, *label["outcomes"]} <= set(frame.columns)


def test_each_table_has_a_label() -> None:
    tables = Counter(one["table"] for one in read_labels())
    assert all(tables[f"{RECORDS}/{name}.csv"] == 1 for name in SPECS)


def test_records_are_recognised(orders: Profile) -> None:
    assert holds_records(orders.own_columns)
    known = [holds_records(profile_of(made_table(spec)).own_columns) for spec in SPECS.values()]
    assert sum(known) >= 0.75 * len(known)
    flowers = pa.table({"species": ["a", "b"] * 40, "petal": list(range(80)), "sepal": [3] * 80})
    assert not holds_records(profile_table(flowers).own_columns)


def test_charts_of_records(orders: Profile) -> None:
    legal = [one for one in charts_of_records(orders) if not violations(one, orders)]
    drawn = {(form_of(one), one.fields) for one in legal}
    assert ("line", ("order_date",)) in drawn
    assert ("line", ("order_date", "revenue")) in drawn
    assert ("bars", ("product", "revenue")) in drawn
    assert ("shares", ("product", "status")) in drawn
    units = {e.time_unit for one in legal for e in one.encodings if e.field == "order_date"}
    assert units == {"yearmonth"}
    assert all(tells_records(one, orders) > 0 for one in legal if one.mark != "boxplot")


def test_lists_of_records_begin_with_what_is_asked_of_them(orders: Profile) -> None:
    designs = [ranked.design.upright() for ranked in recommend(orders, 15)]
    told = [(form_of(one), set(one.fields)) for one in designs]
    assert ("line", {"order_date", "revenue"}) in told[:8]
    assert ("bars", {"product", "revenue"}) in told
    shown = [re.sub("count", "", "".join(one.fields)) for one in designs]
    assert all("order_id" not in fields for fields in shown)


def test_profits_are_added_up_losses_among_them() -> None:
    columns = ORDERS["columns"] | {"profit": "revenue * normal(.1, .3)"}
    sold = profile_of(made_table(ORDERS | {"columns": columns}))
    assert sold.column("profit").share_negative > 0
    told = [design for design in charts_of_records(sold) if "profit" in design.fields]
    sums = {e.transform for design in told for e in design.encodings if e.field == "profit"}
    assert "sum" in sums and "mean" not in sums
    assert any(not violations(design, sold) for design in told)


def test_what_was_sold_is_added_up_where_no_row_has_a_date() -> None:
    games = {
        "name": "games",
        "rows": 900,
        "columns": {
            "Name": "ids('game ', 1)",
            "Platform": "pick({'PC': 4, 'PS2': 3, 'Wii': 2, 'N64': 1})",
            "Year": "ints(1985, 2015)",
            "Genre": "pick({'Action': 5, 'Sports': 3, 'Puzzle': 1})",
            "Publisher": "pick(['North', 'South', 'East', 'West'])",
            "Critics": "round(normal(70, 9), 1)",
            "Total_Sales": "round(lognormal(2, .9), 2)",
        },
    }
    profile = profile_of(made_table(games))
    assert not profile.recorded
    told = [
        (form_of(one.design.upright()), set(one.design.fields))
        for one in recommend(profile, 15)
        if any(e.transform == "sum" for e in one.design.encodings)
    ]
    assert ("line", {"Year", "Total_Sales"}) in told
    assert ("bars", {"Genre", "Total_Sales"}) in told
    costs = profile_of(made_table(games).rename(columns={"Total_Sales": "Charges"}))
    assert not list(totals_of_sales(costs))


def test_lines_that_lie_far_apart_tell_as_much_as_their_total() -> None:
    apart = {
        "kind": "pick(['usual', 'organic'])",
        "price": "by(kind, {'usual': 1.1, 'organic': 2})",
    }
    columns = ORDERS["columns"] | apart | {"rate": "price * normal(1, .1)"}
    sold = profile_of(made_table(ORDERS | {"columns": columns})).asking(["rate"])
    told = {
        (e.field, line.fields): tells_records(line, sold)
        for line in charts_of_records(sold)
        for e in line.encodings
        if line.mark == "line" and e.channel == "color"
    }
    worth = {group: told[group, fields] for group, fields in told if "rate" in fields}
    assert worth["kind"] == 1.0 and worth["channel"] == 0.5


def test_what_each_record_has_by_nature_has_a_mean_over_time(orders: Profile) -> None:
    frame = made_table(ORDERS).assign(contentment=lambda f: f["quantity"] % 5 + 1)
    charts = list(charts_of_records(profile_of(frame)))
    shown = {(e.field, e.transform) for one in charts for e in one.encodings if e.channel == "y"}
    assert ("contentment", "mean") in shown and ("contentment", "sum") not in shown
    assert ("revenue", "sum") in shown


def test_how_records_ended_over_time_is_told_in_shares(orders: Profile) -> None:
    rate = design_of("bar x=order_date:yearmonth y=*:count color=status:category", orders)
    assert rate in list(charts_of_records(orders))
    assert styled(rate, orders).style.stack == "normalize"
    # Of months with a few orders each no share is told.
    few = profile_of(made_table({**ORDERS, "rows": 90}))
    assert rate not in list(charts_of_records(few))
    shown = [ranked.design.upright() for ranked in recommend(orders, 15)]
    assert rate in [one.with_style(rate.style) for one in shown]


def test_what_went_well_is_an_end_before_any_yes_or_no() -> None:
    spec = {
        **ORDERS,
        "columns": {
            **ORDERS["columns"],
            "newsletter": "pick(['Y', 'N'])",
            "fee_status": "pick(['home', 'abroad'])",
            "attempt": "pick([1, 2])",
        },
    }
    table = profile_of(made_table(spec))
    ends = {
        e.field
        for one in charts_of_records(table)
        if one.mark == "bar"
        for e in one.encodings
        if e.channel == "color"
    }
    assert ends == {"status"}


@pytest.mark.parametrize(
    ("name", "values", "usable"),
    [
        ("bucketHash", list(range(40)), False),
        ("checksum", ["a3f9", "77c2", "e01b"], False),
        ("Last Name", ["Miller", "Rossi", "Berg"], False),
        ("hash browns", ["one", "two", "three"], True),
        ("product name", ["Laptop", "Phone", "Desk"], True),
    ],
)
def test_hashes_and_parts_of_names_are_no_groups(name: str, values: list, usable: bool) -> None:
    table = {name: (values * 120)[:120], "paid": [n * 37 % 101 / 4 for n in range(120)]}
    assert profile_table(pa.table(table)).column(name).usable == usable


@pytest.mark.parametrize(
    ("name", "flows"),
    [
        *((name, True) for name in ("distance_km", "Distanz (km)", "prcp", "Niederschlag (mm)")),
        *((name, True) for name in ("energy_kwh", "kcal", "Stromverbrauch", "moving_time_min")),
        *((name, True) for name in ("call duration", "Dauer (min)", "steps", "snowfall")),
        # What a body or a place has by nature, states, and how long somebody waited.
        *((name, False) for name in ("weight_kg", "temperature", "distance to work", "height")),
        *((name, False) for name in ("response_time_ms", "wait minutes", "km/h", "rain per day")),
        *((name, False) for name in ("avg distance", "duration_max", "cpu_usage", "dep_delay")),
    ],
)
def test_what_events_bring_adds_up(name: str, flows: bool) -> None:
    column = profile_of(pd.DataFrame({name: [n * 7 % 97 + 0.5 for n in range(60)]})).columns[0]
    assert is_flow(column) is flows


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        *((name, True) for name in ("candidatevotes", "Nettoumsatz", "Gesamtkosten", "newdeaths")),
        *((name, False) for name in ("devote", "discount", "account")),
        *((name, True) for name in ("overtime_hours", "delay_minutes", "machine hours")),
        # How long somebody waited for something, or it took: the usual one is asked.
        *((name, False) for name in ("resolution_hours", "first response (min)", "wait minutes")),
        *((name, False) for name in ("lead time days", "Wartezeit (Minuten)", "délai de réponse")),
    ],
)
def test_amounts_are_known_by_their_names(name: str, amounts: bool) -> None:
    column = profile_of(pd.DataFrame({name: [n * 7 % 97 + 0.5 for n in range(60)]})).columns[0]
    assert is_amount(column) is amounts


def log_of(n: int = 200, step: int = 3, **more: object) -> pd.DataFrame:
    days = pd.Timestamp("2022-01-03") + pd.to_timedelta(
        [n * step + n * n % 3 for n in range(n)], "D"
    )
    sizes = {"distance_km": [3 + n * 37 % 101 / 7 for n in range(n)]}
    return pd.DataFrame(
        {"date": days, **sizes, "pulse": [120 + n * 53 % 47 for n in range(n)]} | more
    )


def test_what_events_bring_is_told_of_each_month() -> None:
    profile = profile_of(log_of(shoes=["old", "new", "new", "red"] * 50))
    total = design_of("bar x=date:yearmonth y=distance_km:sum", profile)
    by_kind = design_of("bar x=shoes:category y=distance_km:sum", profile)
    assert not violations(total, profile) and not violations(by_kind, profile)
    assert tells_records(total, profile) > tells_records(by_kind, profile) > 0
    first = [ranked.design.identity() for ranked in recommend(profile, 3)]
    assert total.identity() in first


def test_readings_at_even_steps_are_drawn_before_their_totals() -> None:
    days = pd.date_range("2020-01-01", periods=1000)
    warm = [10 + n % 365 / 30 + n * 7 % 11 for n in range(1000)]
    profile = profile_of(
        pd.DataFrame({"date": days, "tavg": warm, "prcp": [n * n % 13 / 4 for n in range(1000)]})
    )
    found = [ranked.design for ranked in recommend(profile, 6)]
    assert (found[0].mark, found[0].summarised) == ("line", False)


def deals() -> Profile:
    """Amounts that are alike at each stage and of each owner: how much there is of each differs."""
    rng = np.random.default_rng(3)
    stages, shares = ["Prospecting", "Proposal", "Won", "Lost"], [0.4, 0.3, 0.2, 0.1]
    days = pd.to_datetime("2024-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 300, 400)), "D")
    return profile_of(
        pd.DataFrame(
            {
                "id": [f"OPP-{n}" for n in range(400)],
                "owner": rng.choice(["Ana", "Bo", "Cy", "Di", "Ed"], 400),
                "phase": rng.choice(stages, 400, p=shares),
                "amount": rng.lognormal(9, 1, 400).round(2),
                "likes": rng.poisson(3, 400) * rng.poisson(9, 400),
                "created": days,
                "region": rng.choice(["north", "south", "west"], 400),
            }
        )
    )


def test_totals_of_what_records_are_of_come_before_their_numbers() -> None:
    profile = deals()
    drawn = [one.design for one in recommend(profile, 8)]
    totals = [d for d in drawn if any(e.transform == "sum" for e in d.encodings)]
    assert totals[0] in drawn[:2] and len(totals) >= 3
    assert any("phase" in d.fields for d in totals) and any("created" in d.fields for d in totals)
    # How often something was read or liked is no amount that records are of.
    assert all("likes" not in d.fields for d in totals[:3])


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("revenue", True),
        ("loan_amount", True),
        ("sales_growth", False),
        ("credit_limit", False),
        ("sales change", False),
        ("order_id_total", False),
    ],
)
def test_how_amounts_grow_and_how_high_they_may_be_has_no_total(name: str, total: bool) -> None:
    sizes = np.random.default_rng(4).lognormal(8, 1, 80).round(2) - (600 if "growth" in name else 0)
    assert adds_up(profile_of(pd.DataFrame({name: sizes})).column(name)) is total


def test_what_is_held_adds_up_at_one_time_only() -> None:
    rng = np.random.default_rng(4)
    stock = {
        "sku": [f"S{at:04d}" for at in range(300)],
        "group": rng.choice(["tools", "paint", "wood"], 300),
        "hall": rng.choice(["north", "south"], 300),
        "unit_cost": rng.lognormal(2, 1, 300).round(2),
        "stock_value": rng.lognormal(6, 1, 300).round(2),
        "counted": rng.choice(pd.date_range("2024-01-01", periods=200), 300),
    }
    now = profile_of(pd.DataFrame(stock))
    daily = profile_of(pd.DataFrame(stock | {"sku": stock["sku"][:30] * 10}))
    total = make_design("bar", now, ("x", "group", "category"), ("y", "stock_value", "sum"))
    assert now.recorded and total.identity() in main_totals(now)
    assert not any(one[0] == "line" for identity in main_totals(now) for one in identity)
    assert daily.recorded and main_totals(daily) == {}


def test_tables_that_are_no_records_have_no_main_totals() -> None:
    assert main_totals(profile_of(pd.DataFrame({"age": range(50), "pay": range(50)}))) == {}


def till(seed: int = 5) -> pd.DataFrame:
    """The lines of bills: most in the evening, one or two of a thing."""
    rng = np.random.default_rng(seed)
    days = pd.to_datetime("2024-05-01") + pd.to_timedelta(np.sort(rng.integers(0, 40, 900)), "D")
    hours = np.clip(rng.normal(19, 2, 900), 8, 23)
    goods = {"Margherita": 9.5, "Agua": 2.5, "Café": 1.8, "Lasagne": 12.0}
    item = rng.choice(list(goods), 900)
    return pd.DataFrame(
        {
            "Factura": np.repeat(np.arange(22_001, 22_451), 2),
            "Hora": days + pd.to_timedelta((hours * 60).astype(int), "m"),
            "Artículo": item,
            "Unidades": rng.choice([1, 2], 900, p=[0.7, 0.3]),
            "Precio": [goods[one] for one in item],
            "Pago": rng.choice(["Tarjeta", "Efectivo"], 900),
            "Camarero": rng.choice(["Luca", "Ana", "Aylin"], 900),
        }
    )


def test_goods_are_amounts_and_numbers_of_papers_are_none() -> None:
    profile = profile_of(till())
    assert adds_up(profile.column("Unidades")) and profile.column("Factura").identifier
    codes = till().rename(columns={"Unidades": "Planta"})
    assert profile_of(codes).column("Planta").semantic == "category"
    bills = pd.DataFrame({"bill": np.random.default_rng(1).integers(5, 900, 200)})
    assert profile_of(bills).column("bill").semantic == "currency"


def test_events_are_counted_by_the_hour_of_the_day() -> None:
    drawn = [one.design for one in recommend(profile_of(till()), 8)]
    assert any(counts_hours(design) for design in drawn)
    # What a meter reads every hour is as often in each.
    times = pd.date_range("2024-01-01", periods=900, freq="h")
    even = till().assign(Hora=times)
    assert [*rounds_of_events(profile_of(even))] == []
    assert [*rounds_of_events(profile_of(till().assign(Hora=times.normalize())))] == []


def test_pay_of_the_months_of_one_year_is_added_up() -> None:
    people = {f"N{n:02d}": ("Atelier", "Bureau", "Vente")[n % 3] for n in range(12)}
    rows = [(2024, month, who, at) for month in range(1, 13) for who, at in people.items()]
    frame = pd.DataFrame(rows, columns=["Année", "Mois", "Matricule", "Service"])
    rng = np.random.default_rng(2)
    frame["Brut"] = 2_000 + 80 * (frame.index % 12) + rng.normal(0, 50, len(frame))
    frame["Heures sup"] = rng.integers(0, 20, len(frame))
    profile = profile_of(frame)
    assert profile.recorded and of_months(profile.own_columns) == profile.column("Mois")
    overtime = profile_of(frame.rename(columns={"Heures sup": "Heures_sup"}))
    assert (
        violations(design_of("bar x=Service:category y=Heures_sup:sum", overtime), overtime) == ()
    )
    years = frame.assign(Année=2020 + frame.index % 5)
    assert of_months(profile_of(years).own_columns) is None


def staff(**more: object) -> pd.DataFrame:
    rng = np.random.default_rng(6)
    return pd.DataFrame(
        {
            "employee_id": [f"E{at:04d}" for at in range(300)],
            "team": rng.choice(["sales", "support", "plant"], 300),
            "site": rng.choice(["Lyon", "Gent"], 300),
            "hired": rng.choice(pd.date_range("2015-01-01", periods=3000), 300),
            "shift": rng.choice(["day", "night"], 300),
            "overtime_hours": rng.gamma(1.5, 6, 300).round(1),
            **more,
        }
    )


def test_what_people_with_a_pay_have_by_the_way_is_not_added_up() -> None:
    rng = np.random.default_rng(7)
    pay = profile_of(staff(salary=rng.lognormal(10, 0.3, 300).round(-2)))
    hours = profile_of(staff())
    assert pay.recorded and hours.recorded
    assert main_totals(pay) == {}
    assert main_totals(hours)


@pytest.mark.parametrize(
    ("end", "rises", "worth"), [("late", 0, 1.0), ("relapse", 0, 0.4), ("relapse", 1, 1.0)]
)
def test_how_records_ended_in_time_tells_less_where_it_stays(
    end: str, rises: float, worth: float
) -> None:
    """How many are late is watched month after month; how many fell ill again is not."""
    rng = np.random.default_rng(8)
    days = np.sort(rng.integers(0, 700, 600))
    table = {
        "case": [f"C{at:04d}" for at in range(600)],
        "begun": pd.Timestamp("2023-01-02") + pd.to_timedelta(days, "D"),
        "ward": rng.choice(["A", "B", "C"], 600),
        "town": rng.choice(["Rome", "Oslo"], 600),
        "cost": rng.lognormal(3, 0.5, 600).round(2),
        end: np.where(rng.random(600) < 0.2 + rises * days / 1400, "yes", "no"),
    }
    profile = profile_of(pd.DataFrame(table))
    bars = design_of(f"bar x=begun:yearmonth y=*:count color={end}:category", profile)
    assert stays_by_chance(bars, profile) is not bool(rises)
    assert tells_records(bars, profile) == worth
