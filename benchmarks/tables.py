"""Owns the made tables that are measured: the same at every run."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

REGIONS = ("North", "South", "East", "West")
PRODUCTS = ("Tea", "Coffee", "Cocoa", "Juice", "Water", "Milk")


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
