"""Each rule of the grammar has a name, a sentence, a legal and an illegal chart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace

from tests.vizmodel.walks import walks
from tests.vizmodel.written_charts import design_of
from vizmodel.design import CHANNELS, MARKS, Channel, Design, FieldType, canonical
from vizmodel.grammar import (
    CHART_RULES,
    ENCODING_RULES,
    ChartRule,
    EncodingRule,
    Grammar,
    violations,
)
from vizmodel.grammar.encoding_rules import rules_for
from vizmodel.grammar.gathering import GATHERING_RULES
from vizmodel.profile import Cast, Profile, profile_table
from vizmodel.tokens import COLUMN_TRANSFORMS

RULES: tuple[EncodingRule | ChartRule, ...] = (*ENCODING_RULES, *CHART_RULES)
NAMES = [rule.name for rule in RULES]

_RNG = np.random.default_rng(5)
_N = 120


def _drawn(n_labels: int, word: str) -> Any:
    """Return labels of which each occurs, the first ones most often."""
    drawn = (n_labels * _RNG.random(_N - n_labels) ** 1.5).astype(int)
    codes = np.concatenate([np.arange(n_labels), drawn])
    return [f"{word} {code}" for code in _RNG.permutation(codes)]


def _days(n: int, step: int = 1) -> list[datetime]:
    return [datetime(2021, 3, 1) + timedelta(days=step * i) for i in range(n)]


_ITEMS = {"food": 1, "room": 2, "staff": 3}
_CITIES = _drawn(4, "city")

#: What was sold, and what is expected from then on.
AHEAD = pa.table(
    {
        "month": _days(_N, step=30),
        "sold": [50.0 + at % 9 if at < 90 else None for at in range(_N)],
        "forecast": [None if at < 90 else 50.0 + at % 9 for at in range(_N)],
        "lower": [None if at < 90 else 45.0 + at % 9 for at in range(_N)],
        "upper": [None if at < 90 else 55.0 + at % 9 for at in range(_N)],
    }
)

#: Raw rows, one order each.
SALES = pa.table(
    {
        "order_id": [f"A-{i:04d}" for i in range(_N)],
        "number": range(1, _N + 1),
        "date": _days(_N, step=6),
        "city": _CITIES,
        "postcode": [f"P{name[-1]}" for name in _CITIES],  # says the same as the city
        "product": _drawn(3, "product"),
        "clerk": _drawn(5, "clerk"),
        "brand": _drawn(15, "brand"),
        "maker": _drawn(25, "maker"),
        "place": _drawn(40, "place"),
        "note": [f"{text}, delivered" for text in _drawn(100, "as agreed by telephone")],
        "priority": _RNG.choice(["low", "medium", "high"], _N),
        "season": [("low", "high")[i // 3 % 2] for i in range(_N)],
        "units": _RNG.integers(1, 20, _N),
        "revenue": _RNG.lognormal(3, 1, _N),
        "change": _RNG.normal(0, 5, _N),
        "temperature": _RNG.uniform(1, 30, _N),
        "weight": _RNG.uniform(10, 12, _N),
        "returned": _RNG.integers(0, 2, _N),
        "currency_rate": np.full(_N, 7.5),
        "stars": [1 + i * 7 % 13 % 5 for i in range(_N)],
        "points": [i * 37 % 59 for i in range(_N)],
    }
)
#: Two arms of a trial, each a row.
TRIAL = pa.table(
    {
        "arm": ["control", "treatment"],
        "users": [10_012, 9_987],
        "buyers": [512, 588],
        "rate": [0.0511, 0.0589],
        "p": [None, 0.013],
    }
)
#: How many bites of ticks a town had in each season; without it, how many each of a sample had.
VISITED = pa.table(
    {
        "city": [f"city {i // 12}" for i in range(_N)],
        "season": [f"season {i % 12}" for i in range(_N)],
        "bites": [(i * i * i % 97) ** 3 for i in range(_N)],
        "kind": _RNG.choice(list("uvw"), _N),
        "age": _RNG.uniform(1, 9, _N),
    }
)
#: What each of three samples takes in of light: curves along the waves.
_WAVES = [400 + 2.5 * i for i in range(40)]
SPECTRA = pa.table(
    {
        "sample": [name for name in "abc" for _ in _WAVES],
        "batch": [batch for batch in "xyx" for _ in _WAVES],
        "nm": _WAVES * 3,
        "taken": [
            float(np.exp(-(((w - top) / 20) ** 2))) for top in (430, 450, 470) for w in _WAVES
        ],
    }
)
#: How far each of some runs went.
RUNS = pa.table(
    {
        "date": _days(_N, step=3),
        "shoes": [f"pair {i * i % 7}" for i in range(_N)],
        "distance_km": [3 + i * 37 % 101 / 7 for i in range(_N)],
        "pulse": [120 + i * 53 % 47 for i in range(_N)],
    }
)
#: Where a method put cells, like ones close to each other.
EMBEDDED = pa.table(
    {
        "cluster": [f"cluster {i % 5}" for i in range(_N)],
        "reads": [1000 + i * 37 % 911 for i in range(_N)],
        "UMAP_1": [i % 5 * 4 - 9 + i * 7 % 11 / 8 for i in range(_N)],
        "UMAP_2": [i % 5 * i % 5 * 3 + i * 3 % 13 / 8 for i in range(_N)],
    }
)
#: More lands than a person tells apart by colour, one row for each year.
LANDS = pa.table(
    {
        "land": [f"land {n}" for n in range(40) for _ in range(9)],
        "region": [("north", "south")[n % 2] for n in range(40) for _ in range(9)],
        "year": [2001 + year for _ in range(40) for year in range(9)],
        "births": [float(n * 37 % 101 + year * n % 13) for n in range(40) for year in range(9)],
        "deaths": [float(n * 53 % 97 + year * n % 11) for n in range(40) for year in range(9)],
        "sales": [float((n * 29 % 31 + 3) * year) for n in range(40) for year in range(9)],
    }
)
_COUNTRIES = ["Chile", "Ghana", "Japan", "Kenya", "Nepal", "Oman", "Peru", "Spain"]
#: One row per country and year.
TIDY = pa.table(
    {
        "country": [country for country, _ in product(_COUNTRIES, range(10))],
        "year": [2001 + year for _, year in product(_COUNTRIES, range(10))],
        "income": _RNG.uniform(1, 9, 80),
        "births": _RNG.uniform(1, 9, 80),
        "test_score": _RNG.uniform(1, 9, 80),
    }
)
#: What each year brought at least and at most; its highest is another thing's upper end.
SPANS = pa.table(
    {
        "year": list(range(1990, 2020)),
        "least": [float(10 + i * 7 % 5) for i in range(30)],
        "most": [float(16 + i * 3 % 7) for i in range(30)],
        "lowest": [float(i * 11 % 6) for i in range(30)],
        "highest": [float(20 + i * 5 % 9) for i in range(30)],
    }
)
#: The prices of some days, of which a hundred are seen as candlesticks.
TRADED = pa.table(
    {
        "day": _days(200),
        "open": [50.0 + i * 7 % 11 for i in range(200)],
        "high": [64.0 + i * 3 % 5 for i in range(200)],
        "low": [48.0 - i * 5 % 8 for i in range(200)],
        "close": [51.0 + i * 4 % 13 for i in range(200)],
    }
)
#: Shops at places, two in each of as many towns; what they earn has a long tail.
SHOPS = pa.table(
    {
        "town": [f"town {i % 20}" for i in range(_N)],
        "owner": _drawn(4, "owner"),
        "latitude": _RNG.uniform(45, 55, _N),
        "longitude": _RNG.uniform(5, 15, _N),
        "income": [*_RNG.uniform(1, 9, _N - 1), 4e5],
        "visitors": _RNG.uniform(1, 9, _N),
    }
)
#: One row per country, one column per year.
WIDE = pa.table(
    {
        "country": [f"country {i}" for i in range(9)],
        "region": ["north", "south", "west"] * 3,
        "age": _RNG.uniform(20, 40, 9),
        **{str(year): _RNG.uniform(1, 9, 9) for year in range(2018, 2024)},
    }
)
#: How much was sold in each hour of each day.
HOURS = pa.table(
    {
        "hour": range(24),
        "shift": ["night", "day", "evening"] * 8,
        **{day: _RNG.integers(1, 40, 24) for day in ("Mon", "Tue", "Wed", "Thu", "Fri")},
    }
)
#: The same of amounts.
_votes = {
    name: [most * (3 + n * 7 % 11) // 4 + n % 3 for n in range(40)]
    for name, most in {"Reds": 90, "Blues": 70, "Greens": 40, "Spoilt": 4}.items()
}
#: Votes by polling station: what parties got adds up to the votes cast.
VOTES = pa.table(
    {
        "station": [f"PS {n * 7 % 40:03d} at {n}" for n in range(40)],
        "ward": [f"ward {n % 4}" for n in range(40)],
        "cast": [sum(row) for row in zip(*_votes.values(), strict=True)],
        **_votes,
    }
)
RATED = pa.table(
    {name: [1 + (step * at + at // 7) % 5 for at in range(70)] for name, step in _ITEMS.items()}
)
SOLD = WIDE.rename_columns(
    [f"sold {name}" if name.isdecimal() else name for name in WIDE.column_names]
)
#: Tables that somebody shaped for one chart.
#: More towns than an axis holds, two of one name.
NAMED = pa.table(
    {
        "town": [f"town {n % 99}" for n in range(100)],
        "people": [n * 37 % 101 for n in range(100)],
    }
)
LEVEL = pa.table({"year": [2001, 2002, 2003], "limit": [7.5, 7.5, 7.5]})
STRIDES = pa.table({"height": [1.5, 1.62, 1.7, 1.81, 1.93], "pace": [62, 66, 71, 70, 78]})
SORTED = pa.table({"stage": ["won", "lead", "bid"], "sort": [3, 1, 2], "deals": [4, 9, 7]})
COUNTED = pa.table({"number": range(1, 41), "height": _RNG.normal(size=40)})
DAILY = pa.table({"day": _days(800), "visits": _RNG.uniform(1, 9, 800)})
#: The same beside what no author of a single chart would keep.
VISITS = pa.table(
    {
        "day": _days(500),
        **{name: _RNG.uniform(1, 9, 500) for name in ("visits", "depth", "bounce")},
    }
)
#: How often each number of heads came.
WORKED_OUT = pa.table({"heads": range(12), "count": [1, 1, 4, 9, 15, 20, 20, 15, 9, 4, 1, 0]})
#: Two rows a minute.
MINUTES = pa.table(
    {
        "at": [datetime(2021, 3, 1) + timedelta(minutes=row // 2) for row in range(8_000)],
        "visits": _RNG.uniform(1, 9, 8_000),
    }
)
#: Visits whenever somebody came.
EVENTS = VISITS.set_column(
    0,
    "day",
    [[datetime(2021, 3, 1) + timedelta(minutes=int(m)) for m in _RNG.uniform(0, 6e5, 500)]],
)
CROWDED = pa.table(
    {
        "shop": _RNG.choice(list("abcdefgh"), 2_000),
        "kind": _RNG.choice(list("uvwxyz"), 2_000),
        "day": _RNG.choice(list("klmno"), 2_000),
        **{name: _RNG.lognormal(2, 0.4, 2_000) for name in ("weight", "length", "age")},
    }
)
_PEOPLE = list(product("nrbg", "bgh", "fm"))
#: How many people have each hair and eyes, by sex.
CELLS = pa.table(
    {
        "hair": [hair for hair, _, _ in _PEOPLE],
        "eye": [eye for _, eye, _ in _PEOPLE],
        "sex": [sex for _, _, sex in _PEOPLE],
        "Freq": _RNG.integers(2, 70, len(_PEOPLE)),
    }
)
_DEBT = _RNG.uniform(1, 9, 200)
_REGIONS = [f"region {i // 10 % 5}" for i in range(200)]
#: One row per country and year, with pay in the country's own money.
NATIONS = pa.table(
    {
        "country": [f"country {i // 10}" for i in range(200)],
        "year": [2001 + i % 10 for i in range(200)],
        "region": _REGIONS,
        "half": ["south" if region < "region 2" else "north" for region in _REGIONS],
        "south": [int(region < "region 2") for region in _REGIONS],
        # More of one kind in one region.
        "kind": [
            "u" if region == "region 0" and i % 2 else kind
            for i, (kind, region) in enumerate(
                zip(_RNG.choice(list("uvw"), 200), _REGIONS, strict=True)
            )
        ],
        "day": _RNG.integers(1, 31, 200),
        "pay": _RNG.lognormal(9, 1, 200),
        "pay_currency": [["USD", "EUR", "JPY"][i // 10 % 3] for i in range(200)],
        "pay_in_usd": _RNG.lognormal(9, 1, 200),
        "debt": _DEBT,
        "left": 24 - _DEBT,
    }
)
_PUBLISHED = list(product(range(2001, 2013), ["north", "south", None], ["women", "men", None]))
#: What an office publishes: a blank stands for all.
PUBLISHED = pa.table(
    {
        "year": [year for year, _, _ in _PUBLISHED],
        "region": [region for _, region, _ in _PUBLISHED],
        "sex": [sex for _, _, sex in _PUBLISHED],
        "value": _RNG.uniform(1, 9, len(_PUBLISHED)),
    }
)
#: A narrow table with a total beside its parts.
BIRTHS = pa.table(
    {
        "city": [city for city in ("Rome", "Oslo", "Total") for _ in range(9)],
        "year": [*range(2012, 2021)] * 3,
        "births": [*range(300, 309), *range(500, 509), *range(800, 818, 2)],
    }
)
#: Amounts of money in two currencies, and nothing else about them but the shop.
PAID = pa.table(
    {
        "currency": ["EUR", "JPY"] * 60,
        "amount": [amount * (140 if n % 2 else 1) for n, amount in enumerate(range(20, 140))],
        "shop": [f"shop {n % 3}" for n in range(120)],
    }
)


@dataclass(frozen=True)
class Case:
    """A legal and an illegal chart as text, "mark channel=column:transform ..." (* for records).

    `illegal_table` and `n_rows` (of the whole table) stand where the illegal chart's table differs;
    `told` are types that were given to columns.
    """

    table: pa.Table
    legal: str
    illegal: str
    illegal_table: pa.Table | None = None
    n_rows: int | None = None
    told: tuple[tuple[str, FieldType], ...] = ()

    def profile(self, table: pa.Table, n_rows: int | None = None) -> Profile:
        """Return the profile of the case's table, or of a part of it."""
        casts = [Cast(name, "keep", told=told) for name, told in self.told]
        return profile_table(table, n_rows, casts)


#: Rule -> case.
CASES: dict[str, Case] = {
    # About one channel.
    "no_constant": Case(SALES, "tick x=revenue:value", "tick x=currency_rate:value"),
    "constant_is_a_level": Case(
        LEVEL, "line x=year:value y=limit:value", "bar x=year:category y=limit:value"
    ),
    "level_lies_over_time": Case(
        LEVEL,
        "line x=year:value y=limit:value",
        "point x=height:value y=limit:value",
        pa.table({"height": [1.5, 2.25, 3.5], "limit": [7.5, 7.5, 7.5]}),
    ),
    "time_passes": Case(
        LEVEL,
        "line x=year:value y=limit:value",
        "point x=limit:value y=year:value",
        pa.table({"year": [2001, 2001, 2001], "limit": [7.5, 8.5, 9.0]}),
    ),
    "no_identifier": Case(
        SALES, "bar x=city:category y=revenue:mean", "bar x=city:category y=order_id:distinct"
    ),
    "identifier_is_an_axis": Case(
        COUNTED, "line x=number:value y=height:value", "point x=height:value y=number:value"
    ),
    "places_are_not_drawn": Case(
        SORTED, "bar x=stage:category y=deals:value", "bar x=stage:category y=sort:value"
    ),
    "no_text": Case(
        NAMED,
        "bar x=town:category y=people:value",
        "bar x=note:category y=*:count",
        illegal_table=SALES,
    ),
    "category_has_few_values": Case(
        SALES, "bar x=place:category y=revenue:mean", "tick x=place:category y=revenue:value"
    ),
    "measures_have_a_scale": Case(
        STRIDES, "point x=height:value y=pace:value", "point x=height:category y=pace:value"
    ),
    "axis_has_room": Case(
        NAMED,
        "bar x=town:category y=people:value",
        "bar x=date:category y=*:count",
        illegal_table=SALES.select(["place", "revenue", "date"]),
    ),
    "channel_is_readable": Case(
        SALES,
        "point x=units:value y=revenue:value color=city:category",
        "point x=units:value y=revenue:value color=brand:category",
    ),
    "groups_are_told_apart": Case(
        NAMED,
        "bar x=town:category y=people:value",
        "point x=units:value y=revenue:value color=maker:category",
        illegal_table=SALES.select(["maker", "units", "revenue"]),
    ),
    "value_is_number_or_time": Case(
        SALES, "point x=units:value y=revenue:value", "point x=city:value y=revenue:value"
    ),
    "size_is_not_negative": Case(
        SALES,
        "point x=units:value y=change:value size=revenue:value",
        "point x=units:value y=revenue:value size=change:value",
    ),
    "aggregate_needs_numbers": Case(
        SALES, "bar x=city:category y=revenue:mean", "bar x=city:category y=product:mean"
    ),
    "codes_have_only_a_mean": Case(
        SALES, "bar x=city:category y=returned:mean", "bar x=city:category y=returned:sum"
    ),
    "sum_adds_up": Case(
        SALES, "bar x=city:category y=revenue:sum", "bar x=city:category y=temperature:sum"
    ),
    "sum_is_of_amounts": Case(
        SALES, "bar x=city:category y=revenue:sum", "bar x=city:category y=weight:sum"
    ),
    "sample_is_not_added": Case(
        VISITED,
        "bar x=city:category y=bites:sum",
        "bar x=city:category y=bites:sum",
        illegal_table=VISITED.drop_columns(["season"]),
    ),
    "axes_stand_together": Case(
        EMBEDDED,
        "point x=UMAP_1:value y=UMAP_2:value color=cluster:category",
        "boxplot x=cluster:category y=UMAP_1:value",
    ),
    "flows_run_in_time": Case(
        RUNS,
        "bar x=date:yearmonth y=distance_km:sum",
        "bar x=shoes:category y=distance_km:sum",
        illegal_table=RUNS.drop_columns(["date"]),
    ),
    "totals_so_far_are_of_one_time": Case(
        LANDS, "bar x=year:category y=sales:sum", "bar x=region:category y=sales:sum"
    ),
    "line_runs_along_steps": Case(
        SALES, "line x=stars:value y=revenue:mean", "line x=points:value y=revenue:mean"
    ),
    "box_has_shape": Case(
        SALES, "boxplot x=city:category y=points:value", "boxplot x=city:category y=stars:value"
    ),
    "boxes_are_of_parts": Case(
        SALES, "boxplot x=date:month y=revenue:value", "boxplot x=date:yearmonth y=revenue:value"
    ),
    "points_are_seen": Case(
        SALES, "point x=points:value y=revenue:value", "point x=units:value y=stars:value"
    ),
    "distinct_counts_names": Case(
        SALES, "bar x=city:category y=maker:distinct", "bar x=city:category y=product:distinct"
    ),
    "distinct_is_plain": Case(
        SALES,
        "bar x=city:category y=maker:distinct",
        "bar x=city:category y=maker:distinct row=product:category",
    ),
    "distinct_differs": Case(
        SALES,
        "bar x=city:category y=maker:distinct",
        "line x=year:value y=country:distinct",
        illegal_table=pa.concat_tables([NATIONS, NATIONS.slice(0, 3)]),
    ),
    "calendar_has_no_size": Case(NATIONS, "bar x=debt:bin y=*:count", "bar x=day:bin y=*:count"),
    "units_stay_apart": Case(
        NATIONS,
        "boxplot x=region:category y=pay_in_usd:value",
        "boxplot x=region:category y=pay:value",
    ),
    "totals_stand_apart": Case(
        PUBLISHED,
        "line x=year:value y=value:value color=sex:category",
        "bar x=region:category y=value:mean",
    ),
    "sums_are_of_one_unit": Case(
        PAID,
        "boxplot x=currency:category y=amount:value",
        "bar x=shop:category y=amount:sum",
    ),
    "slices_make_a_whole": Case(
        pa.table({"fuel": list("abcd"), "share_pct": [40.0, 30.0, 20.1, 10.0]}),
        "arc theta=share_pct:value color=fuel:category",
        "arc theta=reach_pct:value color=medium:category",
        illegal_table=pa.table({"medium": list("abcd"), "reach_pct": [71.0, 55.5, 88.2, 31.0]}),
    ),
    "wholes_hold_no_total": Case(
        BIRTHS,
        "line x=year:value y=births:value color=city:category",
        "arc theta=births:sum color=city:category",
    ),
    "copies_are_not_related": Case(
        NATIONS, "point x=pay_in_usd:value y=debt:value", "point x=debt:value y=left:value"
    ),
    "shares_vary": Case(
        NATIONS.drop_columns(["half"]),
        "bar x=day:category y=south:mean",
        "bar x=region:category y=south:mean",
    ),
    "parts_vary": Case(
        NATIONS.drop_columns(["south"]),
        "bar x=kind:category y=*:count color=half:category",
        "bar x=region:category y=*:count color=half:category",
    ),
    "cells_can_be_met": Case(
        NATIONS,
        "rect x=kind:category y=region:category color=*:count",
        "rect x=half:category y=region:category color=*:count",
    ),
    "bin_needs_a_spread": Case(
        SALES, "bar x=revenue:bin y=*:count", "bar x=returned:bin y=*:count"
    ),
    "unit_fits_the_span": Case(
        SALES, "line x=date:yearmonth y=revenue:mean", "line x=date:hours y=revenue:mean"
    ),
    "line_has_steps": Case(
        SALES, "line x=priority:category y=revenue:mean", "line x=season:category y=revenue:mean"
    ),
    "line_has_order": Case(
        SALES, "line x=priority:category y=revenue:mean", "line x=city:category y=revenue:mean"
    ),
    "type_is_as_told": Case(
        SALES,
        "bar x=units:category y=*:count",
        "bar x=city:category y=units:mean",
        told=(("units", "nominal"),),
    ),
    "time_bars_have_room": Case(
        DAILY.slice(0, 300),
        "bar x=day:value y=visits:value",
        "bar x=day:value y=visits:value",
        illegal_table=DAILY,
    ),
    "steps_are_even": Case(
        VISITS,
        "line x=day:value y=visits:value",
        "line x=day:value y=visits:value",
        illegal_table=EVENTS,
    ),
    "time_bars_are_seen": Case(
        VISITS.slice(0, 100),
        "bar x=day:value y=visits:value",
        "bar x=day:value y=visits:value",
        illegal_table=VISITS,
    ),
    # About a whole chart.
    "column_once": Case(
        SALES, "point x=units:value y=revenue:value", "point x=revenue:value y=revenue:value"
    ),
    "rows_are_told_apart": Case(
        NAMED,
        "bar x=town:category y=people:value",
        "line x=year:value y=income:value",
        illegal_table=pa.concat_tables([TIDY, TIDY]),
    ),
    "stack_is_not_negative": Case(
        SALES,
        "arc theta=revenue:sum color=city:category",
        "arc theta=change:sum color=city:category",
    ),
    "summary_has_rows": Case(
        SALES, "bar x=city:category y=revenue:mean", "bar x=date:value y=revenue:mean"
    ),
    "sum_is_of_groups": Case(
        SALES, "bar x=city:category y=revenue:sum", "bar x=units:bin y=revenue:sum"
    ),
    "line_of_summaries_is_steady": Case(
        SALES, "line x=stars:value y=revenue:mean", "line x=units:value y=revenue:mean"
    ),
    "area_runs_along_time": Case(
        SALES, "area x=date:yearmonth y=revenue:sum", "area x=priority:category y=revenue:sum"
    ),
    "area_goes_on": Case(
        SALES, "area x=date:yearmonth y=revenue:sum", "area x=date:month y=revenue:sum"
    ),
    "amounts_are_bars": Case(
        SALES, "point x=city:category y=revenue:mean", "point x=city:category y=revenue:sum"
    ),
    "parts_are_seen": Case(
        SALES.append_column("paid", pa.array(["yes"] * (_N - 12) + ["no"] * 12)),
        "arc theta=*:count color=paid:category",
        "arc theta=*:count color=paid:category",
        illegal_table=SALES.append_column("paid", pa.array(["yes"] * (_N - 3) + ["no"] * 3)),
    ),
    "summary_has_few_steps": Case(
        MINUTES.slice(0, 2_000),
        "line x=at:value y=visits:mean",
        "line x=at:value y=visits:mean",
        illegal_table=MINUTES,
    ),
    "axis_is_no_size": Case(
        SPECTRA,
        "line x=nm:value y=taken:value color=sample:category",
        "bar x=nm:bin y=taken:mean column=sample:category",
    ),
    "box_has_rows": Case(
        SALES,
        "boxplot x=city:category y=revenue:value",
        "boxplot x=order_id:category y=revenue:value",
    ),
    "few_row_marks": Case(
        SALES,
        "point x=units:value y=revenue:value",
        "point x=units:value y=revenue:value",
        n_rows=5_001,
    ),
    "groups_can_be_read": Case(
        CROWDED,
        "boxplot x=shop:category y=weight:value color=kind:category",
        "boxplot x=shop:category y=weight:value color=kind:category column=day:category",
    ),
    "sizes_are_seen": Case(
        CROWDED.slice(0, 200),
        "point x=weight:value y=length:value size=age:value",
        "point x=weight:value y=length:value size=age:value",
        illegal_table=CROWDED,
    ),
    "no_twins": Case(
        SALES,
        "rect x=city:category y=product:category color=*:count",
        "rect x=city:category y=postcode:category color=*:count",
    ),
    "facets_vary": Case(
        SALES,
        "bar x=city:category y=*:count row=product:category",
        "bar x=city:category y=*:count row=postcode:category",
    ),
    "series_has_rows": Case(
        SALES,
        "line x=date:value y=revenue:value color=city:category",
        "line x=date:value y=revenue:value color=order_id:category",
    ),
    "sizes_are_no_groups": Case(
        TRIAL, "bar x=arm:category y=rate:value", "bar x=buyers:category y=rate:value"
    ),
    "grid_is_small": Case(
        SALES,
        "point x=units:value y=revenue:value row=city:category column=product:category",
        "point x=units:value y=revenue:value row=city:category column=clerk:category",
    ),
    "coordinates_stand_together": Case(
        SHOPS,
        "point x=longitude:value y=latitude:value color=owner:category",
        "boxplot x=owner:category y=latitude:value",
    ),
    "north_is_up": Case(
        SHOPS,
        "point x=longitude:value y=latitude:value",
        "point x=latitude:value y=longitude:value",
    ),
    "steps_are_drawn": Case(
        WORKED_OUT, "bar x=heads:category y=count:value", "bar x=count:category y=*:count"
    ),
    "cells_are_added": Case(
        CELLS, "bar x=hair:category y=Freq:sum", "boxplot x=hair:category y=Freq:value"
    ),
    "parts_come_as_often": Case(
        SALES,
        "bar x=date:month y=revenue:sum",
        "bar x=date:month y=revenue:sum",
        SALES.set_column(2, "date", pa.array(_days(_N, step=5))),  # two Marches, one December
    ),
    "counts_vary": Case(SHOPS, "bar x=owner:category y=*:count", "bar x=town:category y=*:count"),
    "ends_belong_together": Case(
        SPANS,
        "area x=year:value y=least:value y2=most:value",
        "area x=year:value y=least:value y2=highest:value",
    ),
    "candles_have_room": Case(
        TRADED.slice(0, 100),
        "bar x=day:value y=low:value y2=high:value",
        "bar x=day:value y=low:value y2=high:value",
        illegal_table=TRADED,
    ),
    "bins_are_filled": Case(SHOPS, "bar x=visitors:bin y=*:count", "bar x=income:bin y=*:count"),
    "no_bar_hides_another": Case(
        TIDY,
        "bar x=year:value y=income:value color=country:category",
        "bar x=year:value y=test_score:value color=country:category",
    ),
    "many_lines_are_of_one_measure": Case(
        LANDS,
        "line x=year:value y=births:value color=land:category",
        "line x=year:value y=births:value color=land:category column=region:category",
    ),
    "long_lists_are_ranked": Case(
        NAMED,
        "bar x=town:category y=people:value",
        "bar x=place:category y=revenue:mean row=city:category",
        illegal_table=SALES,
    ),
    "gathered_whole": Case(
        WIDE,
        "line x=year:value y=value:value color=country:category",
        "bar x=country:category y=2020:value color=year:category",
    ),
    "gathered_in_place": Case(
        WIDE,
        "line x=year:value y=value:value color=country:category",
        "point x=value:value y=age:value color=year:category",
    ),
    "gathered_is_measured": Case(
        WIDE,
        "line x=year:value y=value:mean color=region:category",
        "line x=year:value y=age:mean color=value:bin",
    ),
    "answers_have_no_extremes": Case(
        RATED, "bar x=item:category y=rating:mean", "bar x=item:category y=rating:max"
    ),
    "cells_of_rows_are_gathered": Case(
        HOURS,
        "rect x=hour:category y=weekday:category color=value:value",
        "rect x=hour:category y=shift:category color=Mon:value",
    ),
    "times_meet_in_scatter_plots": Case(
        WIDE,
        "point x=2018:value y=2020:value color=region:category",
        "point x=2018:value y=2020:value color=2022:value",
    ),
    "what_goes_on_runs_in_time": Case(
        AHEAD,
        "line x=month:value y=value:value color=series:category",
        "boxplot x=series:category y=value:value",
    ),
    "counted_parts_are_added": Case(
        VOTES, "bar x=variable:category y=value:sum", "bar x=variable:category y=value:mean"
    ),
    "gathered_amounts_are_added": Case(
        SOLD,
        "bar x=region:category y=sold:sum row=year:category",
        "bar x=region:category y=value:sum row=year:category",
        illegal_table=WIDE,
    ),
    "gathered_times_are_not_stacked": Case(
        WIDE,
        "bar x=year:category y=value:mean color=region:category",
        "bar x=region:category y=value:sum color=year:category",
    ),
}


def _illegal(case: Case) -> tuple[pa.Table, Design]:
    table = case.illegal_table or case.table
    return table, design_of(case.illegal, case.profile(table))


def test_what_each_season_has_is_not_counted() -> None:
    n = 2_000
    days = np.datetime64("2019-01-01") + _RNG.integers(0, 1_400, n).astype("timedelta64[D]")
    days = days.astype("datetime64[s]")
    seen = {"day": days, "kind": _RNG.choice(list("abcdefghij"), n), "size": _RNG.normal(size=n)}
    profile = profile_table(pa.table({**seen, "weight": _RNG.normal(size=n)}))
    design = design_of("line x=day:quarter y=kind:distinct", profile)
    assert "distinct_differs" in violations(design, profile)


def test_rounded_amounts_are_no_steps() -> None:
    n = 4_000
    sold = {"sales": _RNG.lognormal(0, 0.3, n).round(1), "dose": _RNG.choice([0.5, 1.5, 3.0], n)}
    others = {name: _RNG.normal(size=n) for name in ("gain", "width", "tilt")}
    profile = profile_table(pa.table({**sold, **others}))
    for name, steps in (("sales", False), ("dose", True)):
        design = design_of(f"line x={name}:value y=gain:mean", profile)
        assert ("line_runs_along_steps" not in violations(design, profile)) == steps


@pytest.mark.parametrize(
    ("labels", "chart"),
    [
        (["0-4", "5-9", "10-14", "All"], "line x=part:category y=value:mean"),
        ([f"town {n}" for n in range(60)] + ["All"], "bar x=part:category y=value:mean"),
    ],
)
def test_a_total_is_neither_joined_to_its_parts_nor_the_largest_of_them(
    labels: list[str], chart: str
) -> None:
    rows = list(product(range(2001, 2009), labels))
    table = {"year": [year for year, _ in rows], "part": [label for _, label in rows]}
    numbers = {name: _RNG.normal(size=len(rows)) for name in ("value", "other")}
    profile = profile_table(pa.table(table | numbers))
    assert "totals_stand_apart" in violations(design_of(chart, profile), profile)


def test_panels_of_several_units_share_no_bins() -> None:
    kinds = {"Population": 1e7, "Life expectancy": 60, "GDP": 2e10}
    rows = list(product(("Chad", "Peru", "Laos"), range(2000, 2020), kinds))
    columns = {
        "area": [area for area, _, _ in rows],
        "year": [year for _, year, _ in rows],
        "indicator": [kind for _, _, kind in rows],
        "value": [kinds[kind] * (1 + _RNG.random()) for _, _, kind in rows],
    }
    profile = profile_table(pa.table(columns))
    bins = design_of("bar x=value:bin y=*:count column=indicator:category", profile)
    boxes = design_of("boxplot x=area:category y=value:value column=indicator:category", profile)
    assert "units_stay_apart" in violations(bins, profile)
    assert "units_stay_apart" not in violations(boxes, profile)


def test_names_are_distinct_and_each_rule_has_a_case() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert set(CASES) == set(NAMES)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_says_in_one_sentence_what_it_wants(rule: EncodingRule | ChartRule) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", rule.name)
    assert re.fullmatch(r"[A-Z][^.!?]*\.", rule.sentence), "one sentence with a full stop"
    assert len(rule.sentence.split()) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_the_legal_chart_is_legal(name: str) -> None:
    profile = CASES[name].profile(CASES[name].table)
    assert violations(design_of(CASES[name].legal, profile), profile) == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_illegal_chart_breaks_the_rule(name: str) -> None:
    table, design = _illegal(CASES[name])
    assert name in violations(design, CASES[name].profile(table, CASES[name].n_rows))


@pytest.mark.parametrize("rule", ENCODING_RULES, ids=[rule.name for rule in ENCODING_RULES])
def test_only_firm_rules_hold_for_a_table_shaped_for_the_chart(rule: EncodingRule) -> None:
    table, design = _illegal(CASES[rule.name])
    # The chart's own columns and nothing else: three at most.
    profile = CASES[rule.name].profile(table.select(list(design.fields)))
    assert profile.shaped
    assert (rule.name in violations(design, profile)) == rule.firm
    assert (rule in rules_for(profile)) == rule.firm


@pytest.mark.parametrize(
    "rule",
    [rule for rule in ENCODING_RULES if rule.everywhere],
    ids=[rule.name for rule in ENCODING_RULES if rule.everywhere],
)
def test_what_is_the_same_everywhere_is_so(rule: EncodingRule) -> None:
    for column, transform in product(profile_table(SALES).columns, COLUMN_TRANSFORMS):
        places = [(*place, transform) for place in product(MARKS, CHANNELS)]
        assert len({rule.concerns(*place) for place in places}) == 1
        if rule.concerns(*places[0]):
            assert len({rule.check(*place, column) for place in places}) == 1


@pytest.mark.parametrize(
    "rule",
    [rule for rule in CHART_RULES if rule.looks_at is not None],
    ids=[rule.name for rule in CHART_RULES if rule.looks_at is not None],
)
def test_rules_look_at_the_channels_that_they_name(rule: ChartRule) -> None:
    table = WIDE if rule in GATHERING_RULES else SALES
    profile, rng = profile_table(table), np.random.default_rng(0)

    def scrambled(design: Design, looked_at: bool) -> Design:
        """Put other columns on all channels, or on those at which the rule does not look."""
        encodings = [
            replace(e, field=str(rng.choice(table.column_names)))
            if e.field
            and e.field not in profile.gathered
            and (looked_at or rule.forbids_all(e.channel, e.transform))
            else e
            for e in design.encodings
        ]
        return Design(design.mark, tuple(encodings))

    for legal in walks(Grammar(profile), 400):
        design = scrambled(legal, looked_at=True)
        if rule.concerns(design, profile):
            said = {rule.check(scrambled(design, looked_at=False), profile) for _ in range(5)}
            assert said == {rule.check(design, profile)}, design


def test_panels_may_stand_below_each_other_where_they_may_stand_beside_each_other() -> None:
    profile = profile_table(SALES)
    sides: dict[Channel, Channel] = {"row": "column", "column": "row"}
    found: list[bool] = []
    for legal in walks(Grammar(profile), 150):
        panels = [e for e in legal.encodings if e.channel in sides]
        for column in profile.columns if len(panels) == 1 else ():
            others = [e for e in legal.encodings if e not in panels]
            panel = replace(panels[0], field=column.name)
            one = replace(legal, encodings=canonical([*others, panel]))
            turned = replace(panel, channel=sides[panel.channel])
            two = replace(legal, encodings=canonical([*others, turned]))
            verdicts = {all(r.allows(d, profile) for r in CHART_RULES) for d in (one, two)}
            assert len(verdicts) == 1, one
            found += verdicts
    assert set(found) == {True, False}


@pytest.mark.parametrize(
    "rule",
    [rule for rule in ENCODING_RULES if rule.about is not None],
    ids=[rule.name for rule in ENCODING_RULES if rule.about is not None],
)
def test_columns_that_a_rule_is_not_about_may_stand_anywhere(rule: EncodingRule) -> None:
    assert rule.about is not None
    columns = profile_table(SALES).columns
    free = [column for column in columns if not rule.about(column)]
    assert free
    for column, place in product(free, product(MARKS, CHANNELS, COLUMN_TRANSFORMS)):
        assert rule.check(*place, column)


def test_a_wide_table_has_every_rule() -> None:
    assert rules_for(profile_table(SALES)) == ENCODING_RULES


@pytest.mark.parametrize(("zeros", "legal"), [(50, True), (70, False)])
def test_boxes_are_of_more_than_zeros(zeros: int, legal: bool) -> None:
    costs = [0] * zeros + list(range(1, _N + 1 - zeros))
    profile = profile_table(SALES.append_column("cost", [costs]))
    found = violations(design_of("boxplot x=city:category y=cost:value", profile), profile)
    assert ("box_has_shape" not in found) is legal


@pytest.mark.parametrize(("small", "legal"), [(60, True), (95, False)])
def test_bins_are_filled_where_not_nearly_all_numbers_are_small(small: int, legal: bool) -> None:
    sizes = [*_RNG.uniform(0, 2, small), *_RNG.uniform(10, 300, _N - small)]
    profile = profile_table(SALES.append_column("size", [sizes]))
    found = violations(design_of("bar x=size:bin y=*:count", profile), profile)
    assert ("bins_are_filled" not in found) is legal


_FOUNDED = [2020 - i * i * i % 40 * (i % 3) for i in range(_N)]


@pytest.mark.parametrize(
    ("years", "legal"),
    [
        (_FOUNDED, True),
        ([1990 + i % 30 for i in range(_N)], False),  # a panel has each year as often
        ([2010 + i % 5 * i % 9 for i in range(_N)], False),  # so few have a bar each
        (list(range(1900, 1900 + _N)), False),  # a series has each once
    ],
    ids=["founded", "panel", "few", "series"],
)
def test_bins_of_years_are_of_what_was_made_or_founded(years: list[int], legal: bool) -> None:
    profile = profile_table(SALES.append_column("year", [years]))
    found = violations(design_of("bar x=year:bin y=*:count", profile), profile)
    assert ("bin_needs_a_spread" not in found) is legal
