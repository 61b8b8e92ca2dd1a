"""Owns made-up tables with planted relations: every kind of column, every kind of finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Column = Sequence[object] | npt.NDArray[np.generic]

#: Domain -> names of measures, names of groups with their values, and the name of the time.
DOMAINS: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]], str]] = {
    "shop": (
        ("price", "quantity", "discount", "revenue", "shipping_cost", "rating", "weight_kg"),
        {
            "category": ("Books", "Games", "Garden", "Kitchen", "Music", "Toys"),
            "payment": ("card", "cash", "voucher"),
            "region": ("North", "South", "East", "West"),
            "channel": ("web", "store"),
        },
        "order_date",
    ),
    "clinic": (
        ("age", "bmi", "blood_pressure", "cholesterol", "dose_mg", "heart_rate", "stay_days"),
        {
            "sex": ("female", "male"),
            "treatment": ("placebo", "drug A", "drug B"),
            "severity": ("mild", "moderate", "severe"),
            "ward": ("A1", "A2", "B1", "B2", "C1"),
        },
        "admitted",
    ),
    "weather": (
        ("temp_max", "temp_min", "wind", "humidity", "precipitation", "pressure", "sunshine_hours"),
        {
            "station": ("Airport", "Harbour", "Hill", "Lake", "Old Town"),
            "condition": ("sun", "rain", "fog", "snow", "drizzle"),
            "season": ("winter", "spring", "summer", "autumn"),
        },
        "date",
    ),
    "people": (
        ("income", "hours_worked", "years_of_school", "commute_min", "satisfaction", "savings"),
        {
            "education": ("primary", "secondary", "tertiary"),
            "occupation": ("clerk", "driver", "engineer", "farmer", "nurse", "teacher", "trader"),
            "married": ("yes", "no"),
            "country": ("Chile", "Ghana", "India", "Japan", "Norway", "Peru", "Spain", "Vietnam"),
        },
        "interview_date",
    ),
    "machines": (
        ("temperature", "vibration", "rpm", "power_kw", "output", "defects", "runtime_h"),
        {
            "machine": ("M1", "M2", "M3", "M4", "M5"),
            "shift": ("morning", "evening", "night"),
            "status": ("ok", "warning", "stopped"),
            "operator": ("Ana", "Ben", "Cho", "Dee", "Eli", "Fay"),
        },
        "timestamp",
    ),
    "nature": (
        ("bill_length_mm", "bill_depth_mm", "wing_mm", "body_mass_g", "eggs", "nest_height"),
        {
            "species": ("finch", "heron", "kite", "robin", "swift"),
            "island": ("Bird", "Long", "Rock"),
            "sex": ("female", "male"),
            "habitat": ("forest", "marsh", "meadow", "shore"),
        },
        "observed",
    ),
    "cars": (
        ("mpg", "horsepower", "weight", "displacement", "acceleration", "list_price", "co2"),
        {
            "origin": ("Europe", "Japan", "USA"),
            "fuel": ("diesel", "electric", "hybrid", "petrol"),
            "body": ("coupe", "estate", "hatchback", "sedan", "suv"),
            "maker": ("Alda", "Brio", "Cento", "Dorn", "Elva", "Foss", "Grand", "Hale", "Iris"),
        },
        "registered",
    ),
    "finance": (
        ("open", "close", "volume", "market_cap", "dividend_yield", "debt_ratio", "employees"),
        {
            "sector": ("Energy", "Finance", "Health", "Industry", "Retail", "Tech"),
            "exchange": ("ASE", "NXE"),
            "grade": ("A", "B", "C", "D"),
        },
        "trade_date",
    ),
    "games": (
        ("points", "assists", "minutes", "attendance", "fouls", "goals", "distance_km"),
        {
            "team": ("Bears", "Comets", "Foxes", "Hawks", "Lions", "Orcas", "Wolves"),
            "venue": ("home", "away"),
            "position": ("back", "centre", "forward", "keeper"),
            "result": ("win", "draw", "loss"),
        },
        "match_date",
    ),
}


@dataclass(frozen=True)
class SyntheticTable:
    """A table and the sets of columns between which a relation was planted."""

    table: pa.Table
    planted: tuple[frozenset[str], ...]


def make_table(seed: int) -> SyntheticTable:
    """Make one table; the same seed gives the same table.

    Returns
    -------
    SyntheticTable
        1 to some 40 columns; raw rows, or one row per group and time.

    Examples
    --------
    >>> make_table(1).table.num_columns >= 3
    True
    """
    rng = np.random.default_rng(seed)
    return _tidy(rng) if rng.random() < 0.35 else _raw(rng)


#: How the two ends of a range are called beside a column, and how without one.
END_NAMES = (
    ("{}_min", "{}_max"),
    ("{}_low", "{}_high"),
    ("{} lower", "{} upper"),
    ("lower", "upper"),
    ("low", "high"),
    ("{}1", "{}2"),
)


def with_range(table: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Put a range around one of a table's numbers: two columns more, the number itself or not.

    A table without numbers stays as it is.
    """
    fractions = [f.name for f in table.schema if pa.types.is_floating(f.type)]
    if not fractions:
        return table
    name = str(rng.choice(fractions))
    values = table.column(name).to_numpy().astype(np.float64)
    if not np.isfinite(values).any():
        return table
    half = np.nanstd(values) * rng.uniform(0.1, 0.6)
    reach = half * rng.lognormal(0.0, 0.4, (2, len(values)))
    low, high = END_NAMES[int(rng.integers(len(END_NAMES)))]
    ends = ((low, values - reach[0]), (high, values + reach[1]))
    added = table.drop_columns([name]) if rng.random() < 0.5 else table
    for title, end in ends:
        rounded = pa.array(np.round(end, 3), from_pandas=True)
        added = added.append_column(title.format(name), rounded)
    unique = len(set(added.column_names)) == added.num_columns
    return added if unique else table


def _raw(rng: np.random.Generator) -> SyntheticTable:
    measures, groups, time_name = DOMAINS[str(rng.choice(list(DOMAINS)))]
    n_rows = int(10 ** rng.uniform(1.5, 3.4))
    columns: dict[str, Column] = {}
    for name in _some(rng, tuple(groups), 0, len(groups)):
        columns[name] = _draw_groups(rng, groups[name], n_rows)
    if rng.random() < 0.5:
        columns[time_name] = _times(rng, n_rows)
    numbers = {name: _draw_numbers(rng, n_rows) for name in _some(rng, measures, 1, len(measures))}
    planted = []
    for name in list(numbers):
        if rng.random() < 0.55:
            plant = PLANTS[int(rng.integers(len(PLANTS)))]
            numbers[name], others = plant(rng, name, numbers, columns)
            if others:
                planted.append(frozenset({name, *others}))
    columns.update({name: _finish(rng, values) for name, values in numbers.items()})
    _add_decoys(rng, columns, n_rows)
    return SyntheticTable(_table(rng, columns), tuple(planted))


def _tidy(rng: np.random.Generator) -> SyntheticTable:
    measures, groups, _ = DOMAINS[str(rng.choice(list(DOMAINS)))]
    columns: dict[str, Column] = {}
    names = _some(rng, tuple(groups), 1, 2)
    values: list[Sequence[object]] = [groups[name] for name in names]
    if rng.random() < 0.6:
        names, values = names[:1], values[:1]
        if rng.random() < 0.4:
            names, values = (), []
        n_times = int(rng.integers(4, 40))
        start = int(rng.integers(1960, 2015))
        time = "year"
        times: list[object] = list(range(start, start + n_times))
        if rng.random() < 0.5:
            step = int(rng.choice([1, 7, 30]))
            first = datetime(start, 1, 1)
            time, times = "date", [first + timedelta(days=step * i) for i in range(n_times)]
        names, values = (time, *names), [times, *values]
    grid = np.meshgrid(*[np.arange(len(v)) for v in values], indexing="ij")
    for name, index, labels in zip(names, grid, values, strict=True):
        columns[name] = [labels[int(i)] for i in index.ravel()]
    n_rows = grid[0].size
    chosen = _some(rng, measures, 1, 3)
    for name in chosen:
        level = sum(rng.normal(0, 2, len(v))[g.ravel()] for g, v in zip(grid, values, strict=True))
        trend = np.cumsum(rng.normal(0.1, 1, len(values[0])))[grid[0].ravel()]
        noise = rng.normal(0, 0.5, n_rows)
        columns[name] = _finish(rng, 20 + level + trend + noise)
    return SyntheticTable(_table(rng, columns), tuple(frozenset({*names, m}) for m in chosen))


def _some(rng: np.random.Generator, names: Sequence[str], low: int, high: int) -> tuple[str, ...]:
    size = int(rng.integers(low, high + 1))
    return tuple(str(name) for name in rng.permutation(np.array(names, dtype=object))[:size])


def _draw_groups(rng: np.random.Generator, labels: Sequence[str], n_rows: int) -> Column:
    weights = rng.dirichlet(np.full(len(labels), rng.choice([0.7, 2.0, 20.0])))
    return rng.choice(np.array(labels, dtype=object), size=n_rows, p=weights)


def _times(rng: np.random.Generator, n_rows: int) -> Column:
    start = datetime(int(rng.integers(1990, 2024)), 1, 1)
    span = float(rng.choice([30, 200, 900, 4000]))
    seconds = rng.uniform(0, span * 86400, n_rows)
    if rng.random() < 0.7:
        seconds = np.floor(seconds / 86400) * 86400
    seconds = np.sort(seconds) if rng.random() < 0.6 else seconds
    return [start + timedelta(seconds=float(s)) for s in seconds]


def _draw_numbers(rng: np.random.Generator, n_rows: int) -> Floats:
    kind = rng.integers(4)
    if kind == 0:
        return np.asarray(rng.normal(0, 1, n_rows))
    if kind == 1:
        return np.asarray(rng.lognormal(0, 0.8, n_rows) - 1)
    if kind == 2:
        return np.asarray(rng.uniform(-1.7, 1.7, n_rows))
    return np.asarray(rng.normal(rng.choice([-1.5, 1.5], n_rows), 0.5))


Planted = tuple[Floats, tuple[str, ...]]
Numbers = dict[str, Floats]
Columns = dict[str, Column]


def _plant_correlation(
    rng: np.random.Generator, name: str, numbers: Numbers, columns: Columns
) -> Planted:
    others = [other for other in numbers if other != name]
    if not others:
        return numbers[name], ()
    other = str(rng.choice(others))
    strength = rng.choice([-1, 1]) * rng.uniform(0.8, 4.0)
    return numbers[name] + strength * numbers[other], (other,)


def _plant_group_difference(
    rng: np.random.Generator, name: str, numbers: Numbers, columns: Columns
) -> Planted:
    groups = [g for g, values in columns.items() if isinstance(values, np.ndarray)]
    if not groups:
        return numbers[name], ()
    group = str(rng.choice(groups))
    codes = np.unique(np.asarray(columns[group], dtype=str), return_inverse=True)[1]
    return numbers[name] + rng.normal(0, 2, codes.max() + 1)[codes], (group,)


def _plant_trend(
    rng: np.random.Generator, name: str, numbers: Numbers, columns: Columns
) -> Planted:
    times = [t for t, values in columns.items() if isinstance(values, list)]
    if not times:
        return numbers[name], ()
    moments = [value for value in columns[times[0]] if isinstance(value, datetime)]
    stamps = np.array([moment.timestamp() for moment in moments])
    place = (stamps - stamps.min()) / max(float(np.ptp(stamps)), 1.0)
    wave = np.sin(2 * np.pi * place * rng.integers(1, 4)) if rng.random() < 0.4 else 0.0
    return numbers[name] + rng.uniform(-5, 5) * place + 2 * wave, (times[0],)


def _plant_interaction(
    rng: np.random.Generator, name: str, numbers: Numbers, columns: Columns
) -> Planted:
    groups = [g for g, values in columns.items() if isinstance(values, np.ndarray)]
    others = [other for other in numbers if other != name]
    if not groups or not others:
        return numbers[name], ()
    group, other = str(rng.choice(groups)), str(rng.choice(others))
    codes = np.unique(np.asarray(columns[group], dtype=str), return_inverse=True)[1]
    slopes = rng.normal(0, 2, codes.max() + 1)
    return numbers[name] + slopes[codes] * numbers[other], (group, other)


def _plant_nothing(
    rng: np.random.Generator, name: str, numbers: Numbers, columns: Columns
) -> Planted:
    return numbers[name], ()


PLANTS: tuple[Callable[[np.random.Generator, str, Numbers, Columns], Planted], ...] = (
    _plant_correlation,
    _plant_group_difference,
    _plant_trend,
    _plant_interaction,
    _plant_nothing,
)


def _finish(rng: np.random.Generator, values: Floats) -> Column:
    """Give numbers a scale, whole numbers, a long tail and gaps as real columns have them."""
    scale = 10 ** rng.uniform(0, 4)
    shifted = values - values.min() if rng.random() < 0.8 else values
    if rng.random() < 0.2:
        shifted = np.exp(np.clip(shifted - shifted.min(), 0, 12) / 1.5)
    scaled = shifted * scale
    out = np.round(scaled) if rng.random() < 0.5 else np.round(scaled, int(rng.integers(1, 4)))
    if rng.random() < 0.15:
        out[rng.random(len(out)) < rng.uniform(0.02, 0.5)] = np.nan
    return out


def _add_decoys(rng: np.random.Generator, columns: Columns, n_rows: int) -> None:
    """Add what real tables carry and no chart should be about."""
    if rng.random() < 0.4:
        columns["id"] = np.arange(1, n_rows + 1)
    if rng.random() < 0.2:
        columns["source"] = np.full(n_rows, "survey", dtype=object)
    if rng.random() < 0.25:
        columns["name"] = np.array(
            [f"item {rng.integers(10**6)}" for _ in range(n_rows)], dtype=object
        )
    if rng.random() < 0.15:
        columns["zip"] = rng.integers(10_000, 99_999, n_rows)
    if rng.random() < 0.15:
        columns["flag"] = rng.integers(0, 2, n_rows)
    if rng.random() < 0.12:
        columns["latitude"] = np.round(rng.uniform(35, 60, n_rows), 4)
        columns["longitude"] = np.round(rng.uniform(-10, 30, n_rows), 4)
    if rng.random() < 0.2:
        columns["year"] = rng.integers(1995, 2005 + int(rng.integers(1, 20)), n_rows)
    for i in range(int(rng.integers(0, 30)) if rng.random() < 0.15 else 0):
        columns[f"var_{i}"] = np.round(rng.normal(50, 10, n_rows), 2)


def _table(rng: np.random.Generator, columns: Columns) -> pa.Table:
    names = [str(name) for name in rng.permutation(np.array(list(columns), dtype=object))]
    arrays = []
    for name in names:
        values = columns[name]
        items = values.tolist() if isinstance(values, np.ndarray) else list(values)
        items = [None if isinstance(v, float) and not np.isfinite(v) else v for v in items]
        arrays.append(pa.array(items))
    return pa.table(arrays, names=names)
