"""Raw tables of any sort, as people have them: random ones for hypothesis, and realistic ones."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import strategies as st

from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table

Maker = Callable[[np.random.Generator, int], Any]

CITIES = ["Rome", "Oslo", "Lima", "Cairo", "Pune", "Quito", "Perth"]


def _days(n: int, start: str = "2019-01-01") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=n, freq="D")


#: Kind of column -> values, as a file or a frame would hold them.
MAKERS: dict[str, Maker] = {
    "normal": lambda r, n: r.normal(size=n),
    "skewed": lambda r, n: r.lognormal(3, 2, n),
    "positive": lambda r, n: r.uniform(1, 100, n).round(2),
    "small integers": lambda r, n: r.integers(0, 6, n),
    "integers": lambda r, n: r.integers(-500, 5000, n),
    "years": lambda r, n: r.integers(1990, 2020, n),
    "year of each row": lambda r, n: 1950 + np.arange(n) % 150,
    "row number": lambda r, n: np.arange(1, n + 1),
    "flags": lambda r, n: r.random(n) < 0.4,
    "codes": lambda r, n: r.integers(0, 2, n),
    "two groups": lambda r, n: r.choice(["a", "b"], n),
    "cities": lambda r, n: r.choice(CITIES, n),
    "twenty groups": lambda r, n: [f"group {i}" for i in r.integers(0, 20, n)],
    "forty groups": lambda r, n: [f"kind {i}" for i in r.integers(0, 40, n)],
    "name of each row": lambda r, n: [f"name {i}" for i in r.permutation(n)],
    "sentences": lambda r, n: [" ".join(r.choice(CITIES, 9)) for _ in range(n)],
    "ordered words": lambda r, n: r.choice(["low", "medium", "high"], n),
    "weekdays": lambda r, n: r.choice(["Mon", "Tue", "Wed", "Thu", "Fri"], n),
    "iso dates": lambda r, n: [f"{_days(900)[i]:%Y-%m-%d}" for i in r.integers(0, 900, n)],
    "day of each row": lambda r, n: _days(n),
    "us dates": lambda r, n: [f"{_days(900)[i]:%m/%d/%Y}" for i in r.integers(0, 900, n)],
    "hours": lambda r, n: pd.Timestamp("2024-01-01") + pd.to_timedelta(r.integers(0, 900, n), "h"),
    "numbers as text": lambda r, n: [f"{v:.2f}" for v in r.normal(size=n)],
    "codes as text": lambda r, n: [f"{v:03d}" for v in r.integers(0, 9, n)],
    "mixed text": lambda r, n: [v if i % 3 else str(i) for i, v in enumerate(r.choice(CITIES, n))],
    "constant": lambda r, n: [7.5] * n,
    "one label": lambda r, n: ["same"] * n,
    "nothing": lambda r, n: [None] * n,
    "infinite": lambda r, n: r.choice([np.inf, 1.5, 2.5, 9.0], n),
    "huge": lambda r, n: r.choice([1e308, -1e308, 1e-308, 0.0], n),
    "bytes": lambda r, n: [b"\x00\xff"] * n,
    "lists": lambda r, n: [[1, 2]] * n,
}
NAMES = [
    "price", "city", "year", "lat", "lon", "id", "date", "share %", "x.y", "a[0]", "it's", "größe",
    "", "count", "week", "<script>", "rate", "zip code", "Total", "age", "\n", "month", "a\\b",
]  # fmt: skip

#: Headers of columns that hold one measure, and none.
WIDE_HEADERS: list[list[str]] = [
    [],
    [],
    ["2018", "2019", "2020", "2021"],
    ["score_math", "score_reading", "score_writing"],
    ["Jan", "Feb", "Mar", "Apr", "May"],
    ["2024-01-01", "2024-02-01", "2024-03-01"],
]


@st.composite
def raw_frames(draw: st.DrawFn, max_columns: int = 12) -> pd.DataFrame:
    """Draw a raw table: any kinds, nulls, twins, and sometimes a tidy key."""
    kinds = draw(st.lists(st.sampled_from(sorted(MAKERS)), min_size=1, max_size=max_columns))
    n_rows = draw(st.sampled_from([1, 2, 7, 12, 40, 200]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    tidy = draw(st.booleans())
    columns: dict[str, Any] = {}
    if tidy:
        keys = list(product(CITIES[: max(2, n_rows // 8)], range(2001, 2001 + max(2, n_rows // 7))))
        n_rows = len(keys)
        columns = {"place": [c for c, _ in keys], "year": [y for _, y in keys]}
    for i, kind in enumerate(kinds):
        values = pd.Series(MAKERS[kind](rng, n_rows))
        if draw(st.integers(0, 4)) == 0:
            values = values.where(rng.random(n_rows) > 0.2, None)
        name = draw(st.sampled_from(NAMES))
        columns[name if name not in columns else f"{name} {i}"] = values
    for header in draw(st.sampled_from(WIDE_HEADERS)):
        columns.setdefault(header, rng.lognormal(3, 0.6, n_rows).round(2))
    return pd.DataFrame(columns)


def wide_frame(n_columns: int, n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Return a table with every kind of column in turn."""
    rng = np.random.default_rng(seed)
    kinds = sorted(MAKERS)
    return pd.DataFrame(
        {f"c{i}": MAKERS[kinds[i % len(kinds)]](rng, n_rows) for i in range(n_columns)}
    )


def realistic() -> dict[str, pd.DataFrame]:
    """Return tables such as people bring, by name."""
    rng = np.random.default_rng(7)
    n = 400
    sales = pd.DataFrame(
        {
            "order_id": [f"A-{i:05d}" for i in range(n)],
            "date": [f"{d:%Y-%m-%d}" for d in _days(n)],
            "city": rng.choice(CITIES, n),
            "product": rng.choice(["tea", "coffee", "cake"], n, p=[0.5, 0.3, 0.2]),
            "units": rng.integers(1, 20, n),
            "revenue": rng.lognormal(3, 1, n).round(2),
            "discount %": rng.choice([0, 5, 10, 25], n),
            "satisfaction": rng.choice(["very poor", "poor", "fair", "good"], n),
        }
    )
    tidy = pd.DataFrame(
        [
            (c, y, 1e4 + 300 * i + 100 * (y - 1990), 60 + i + (y - 1990) / 5)
            for i, c in enumerate(CITIES)
            for y in range(1990, 2016)
        ],
        columns=["country", "year", "gdp_per_capita", "life_expectancy"],
    )
    wide = pd.DataFrame(
        {"year": range(1980, 2020), **{c: rng.normal(50, 9, 40).cumsum() for c in CITIES}}
    )
    passengers = pd.DataFrame(
        {
            "PassengerId": range(1, 301),
            "Survived": rng.integers(0, 2, 300),
            "Pclass": rng.integers(1, 4, 300),
            "Name": [f"Person, Mr. {i}" for i in range(300)],
            "Sex": rng.choice(["male", "female"], 300),
            "Age": np.where(rng.random(300) < 0.2, np.nan, rng.uniform(1, 80, 300).round()),
            "Fare": rng.lognormal(2.5, 1, 300).round(4),
            "Cabin": [None if r < 0.8 else "C85" for r in rng.random(300)],
        }
    )
    hours = pd.date_range("2024-03-01", periods=6000, freq="h")
    sensor = pd.DataFrame(
        {
            "timestamp": hours,
            "sensor": rng.choice(["a", "b", "c"], 6000),
            "temperature": 10 + 8 * np.sin(hours.hour / 24 * 6.28) + rng.normal(size=6000),
            "humidity": rng.uniform(20, 90, 6000),
        }
    )
    places = pd.DataFrame(
        {
            "airport": [f"AP{i}" for i in range(80)],
            "latitude": rng.uniform(-60, 70, 80),
            "longitude": rng.uniform(-170, 170, 80),
            "zip": rng.integers(10_000, 99_999, 80),
            "flights": rng.integers(1, 5000, 80),
        }
    )
    ranking = pd.DataFrame({"team": CITIES, "points": [40, 35, 31, 30, 22, 15, 9]})
    years = pd.DataFrame(
        {"country": [f"country {i}" for i in range(30)], "region": ["north", "south", "west"] * 10}
        | {f"pop_{year}": rng.lognormal(2, 0.8, 30).round(2) for year in range(2005, 2021)}
    )
    pupils = pd.DataFrame(
        {"sex": rng.choice(["f", "m"], n), "class": rng.choice(list("abcd"), n)}
        | {f"{topic} score": rng.integers(10, 100, n) for topic in ("math", "reading", "writing")}
    )
    shops = pd.DataFrame(
        {
            "shop": rng.choice([f"shop {i}" for i in range(90)], 900),
            "lead": rng.choice(["web", "phone", "fair", "shop"], 900, p=[0.75, 0.15, 0.06, 0.04]),
            "paid": rng.lognormal(3, 1, 900).round(2),
            "rating": rng.integers(1, 6, 900),
            "year": rng.integers(2015, 2024, 900),
        }
    )
    return {
        "years": years,
        "pupils": pupils,
        "shops": shops,
        "sales": sales,
        "tidy": tidy,
        "wide": wide,
        "passengers": passengers,
        "sensor": sensor,
        "places": places,
        "ranking": ranking,
        "one number": pd.DataFrame({"height": rng.normal(170, 9, 50)}),
        "one label": pd.DataFrame({"colour": ["red", "red", "blue", "green"]}),
        "one row": pd.DataFrame({"a": [1.5], "b": ["x"]}),
        "forty columns": wide_frame(40, 120),
    }


def arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as a raw Arrow table; mixed values become text."""
    arrays = []
    for name in frame.columns:
        try:
            arrays.append(pa.array(frame[name], from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            texts = frame[name].map(lambda v: None if v is None or v != v else str(v))
            arrays.append(pa.array(texts, pa.string()))
    return pa.table(arrays, names=list(frame.columns))


def profile_of(frame: pd.DataFrame) -> Profile:
    """Read and profile a raw frame."""
    raw = arrow(frame)
    return profile_table(apply_casts(raw, infer_casts(raw)))
