"""Owns the made tables that are measured: the same at every run."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REGIONS = ("North", "South", "East", "West")
PRODUCTS = ("Tea", "Coffee", "Cocoa", "Juice", "Water", "Milk")
PRODUCT_SHARES = (0.3, 0.25, 0.2, 0.12, 0.08, 0.05)
CHANNELS = ("Shop", "Web", "Phone")
#: Columns of the small tables, and of which kind each is.
SMALL_COLUMNS = {
    "day": "day",
    "team": "label",
    "country": "label",
    "kind": "label",
    "visits": "count",
    "age": "count",
    "id": "key",
    "price": "measure",
    "weight_kg": "measure",
    "income": "measure",
    "distance_km": "measure",
    "score": "measure",
}


def sales(n_rows: int) -> pd.DataFrame:
    """Return a table of sales with ten columns: days, labels, counts, prices and flags."""
    rng = np.random.default_rng(20)
    price = rng.lognormal(1.5, 0.4, n_rows).round(2)
    units = rng.poisson(20, n_rows)
    days = np.datetime64("2022-01-01") + rng.integers(0, 730, n_rows) * np.timedelta64(1, "D")
    return pd.DataFrame(
        {
            "date": days.astype("datetime64[us]"),
            "region": np.array(REGIONS)[rng.integers(0, len(REGIONS), n_rows)],
            "product": np.array(PRODUCTS)[rng.integers(0, len(PRODUCTS), n_rows)],
            "units": units,
            "price": price,
            "revenue": (price * units).round(2),
            "discount": rng.choice([0.0, 0.05, 0.1, 0.2], n_rows),
            "rating": rng.integers(1, 6, n_rows),
            "distance_km": rng.gamma(2.0, 40.0, n_rows).round(1),
            "returned": rng.random(n_rows) < 0.07,
        }
    )


def write_csv(path: Path, n_rows: int = 400) -> Path:
    """Write a table of sales as csv and return its path."""
    frame = sales(n_rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(frame.columns)
        writer.writerows(frame.astype({"date": str}).itertuples(index=False))
    return path


def orders(n_rows: int, seed: int = 7) -> pd.DataFrame:
    """Return a table of orders with ten columns as people have them.

    There is an identifier, a time, labels with few and with forty values, counts, skewed amounts,
    a measure that depends on another, and gaps.
    """
    rng = np.random.default_rng(seed)
    minutes = rng.integers(0, 730 * 24 * 60, n_rows) * np.timedelta64(1, "m")
    cities = np.array([f"City {place:02}" for place in range(40)])
    units = rng.poisson(3, n_rows) + 1
    price = rng.lognormal(2.5, 0.7, n_rows).round(2)
    distance = rng.gamma(2.0, 60.0, n_rows).round(1)
    days = (1 + distance / 80 + rng.exponential(0.8, n_rows)).round(1)
    rating = np.clip(np.round(5.6 - days / 2.5 + rng.normal(0, 0.8, n_rows)), 1, 5)
    return pd.DataFrame(
        {
            "order_id": 100_000 + rng.permutation(n_rows),
            "ordered_at": (np.datetime64("2023-01-01") + minutes).astype("datetime64[us]"),
            "city": cities[np.minimum(rng.zipf(1.6, n_rows) - 1, len(cities) - 1)],
            "product": np.array(PRODUCTS)[rng.choice(len(PRODUCTS), n_rows, p=PRODUCT_SHARES)],
            "channel": np.array(CHANNELS)[rng.integers(0, len(CHANNELS), n_rows)],
            "units": units,
            "revenue": (price * units).round(2),
            "distance_km": distance,
            "delivery_days": np.where(rng.random(n_rows) < 0.04, np.nan, days),
            "rating": np.where(rng.random(n_rows) < 0.12, np.nan, rating),
        }
    )


def small(seed: int) -> pd.DataFrame:
    """Return one of many small tables, each of other columns, rows and relations: 3 to 12 columns.

    Names and kinds of columns are drawn from several subjects, so that no two are alike.
    """
    rng = np.random.default_rng((31, seed))
    n_rows = int(rng.integers(30, 400))
    base = rng.normal(0, 1, n_rows)
    columns: dict[str, Any] = {}
    for name in rng.permutation(list(SMALL_COLUMNS))[: rng.integers(3, len(SMALL_COLUMNS) + 1)]:
        kind = SMALL_COLUMNS[name]
        if kind == "day":
            days = np.sort(rng.integers(0, 1_000, n_rows)) * np.timedelta64(1, "D")
            columns[name] = np.datetime64("2021-01-01") + days
        elif kind == "label":
            labels = [f"{name} {place}" for place in "ABCDEFGHIJKL"[: rng.integers(2, 13)]]
            columns[name] = rng.choice(labels, n_rows)
        elif kind == "count":
            columns[name] = rng.poisson(rng.integers(2, 60), n_rows)
        elif kind == "key":
            columns[name] = rng.permutation(n_rows) + 1
        else:
            share = rng.uniform(-1, 1)
            mixed = share * base + (1 - abs(share)) * rng.normal(0, 1, n_rows)
            columns[name] = np.exp(mixed + rng.uniform(0, 4)).round(2)
    return pd.DataFrame(columns)
