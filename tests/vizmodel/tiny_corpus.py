"""A corpus of a dozen small tables in the form that training and evaluation read.

charts.jsonl           charts on tables, each with its split, source and family
tables/                the charts' tables, CSV
raw/, raw/index.json   tables without charts
data2vis_test/         tables as JSON records of texts
pairs.jsonl            pairs of charts ranked by people
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: Tables that cannot be read: an empty file is none.
TORN = "tables/torn/empty.csv"
RAW_TORN = "raw/torn/empty.csv"
#: The table whose family training keeps to watch itself.
HELD_OUT = "tables/eco/farms.csv"
DEV_SPLITS = ("dev_eco", "dev_chartllm", "dev_docs")

CITIES = ["Rome", "Oslo", "Lima", "Pune"]


def orders(seed: int, n: int = 60) -> pd.DataFrame:
    """Return raw rows, one order each: five columns."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "date": [f"2021-{1 + i % 12:02d}-{1 + i // 12:02d}" for i in range(n)],
            "city": rng.choice(CITIES, n),
            "goods": rng.choice(["tea", "coffee", "cake"], n),
            "units": rng.integers(1, 20, n),
            "revenue": rng.lognormal(3, 1, n).round(2),
        }
    )


def yearly(measure: str, seed: int) -> pd.DataFrame:
    """Return one row per year: two columns."""
    values = np.random.default_rng(seed).uniform(1, 9, 20).round(3)
    return pd.DataFrame({"year": range(2001, 2021), measure: values})


def wide(seed: int, n: int = 40) -> pd.DataFrame:
    """Return rows of eleven columns."""
    rng = np.random.default_rng(seed)
    numbers = {f"reading {i}": rng.normal(50, 9, n).round(2) for i in range(9)}
    return pd.DataFrame({"room": rng.choice(["hall", "attic"], n), **numbers, "day": range(n)})


def _line(measure: str) -> dict[str, Any]:
    x, y = {"field": "year", "type": "temporal"}, {"field": measure, "type": "quantitative"}
    return {"mark": "line", "encoding": {"x": x, "y": y}}


BARS: dict[str, Any] = {
    "mark": "bar",
    "encoding": {
        "x": {"field": "city", "type": "nominal"},
        "y": {"field": "revenue", "type": "quantitative", "aggregate": "mean"},
    },
}
POINTS: dict[str, Any] = {
    "mark": "circle",
    "encoding": {
        "x": {"field": "units", "type": "quantitative"},
        "y": {"field": "revenue", "type": "quantitative"},
        "color": {"field": "goods", "type": "nominal"},
    },
}
COUNTS: dict[str, Any] = {
    "mark": "bar",
    "encoding": {
        "y": {"field": "goods", "type": "nominal"},
        "x": {"aggregate": "count", "type": "quantitative"},
    },
}
FOLDED: dict[str, Any] = {
    "mark": "line",
    "encoding": {
        "x": {"field": "year", "type": "temporal"},
        "y": {"field": "value", "type": "quantitative"},
        "color": {"field": "key", "type": "nominal"},
    },
    "transform": ["fold"],
    "fold": {"fields": ["births", "deaths"]},
}
DERIVED: dict[str, Any] = {
    "mark": "area",
    "encoding": {"x": {"field": "t_0", "type": "temporal"}, "y": {"field": "density"}},
    "transform": ["density"],
    "derived": True,
}
GEO: dict[str, Any] = {
    "mark": "geoshape",
    "encoding": {"color": {"field": "births", "type": "quantitative"}},
}

#: Split, source, table, family, charts.
ROWS: tuple[tuple[str, str, str, int, tuple[Mapping[str, Any], ...]], ...] = (
    ("train", "eco", "tables/eco/orders.csv", 1, (BARS, POINTS, COUNTS)),
    ("train", "altair_docs", "tables/altair_docs/orders.csv", 2, (BARS,)),  # the same header
    ("train", "eco", "tables/eco/births.csv", 3, (_line("births"), FOLDED, DERIVED, GEO)),
    ("train", "eco", "tables/eco/deaths.csv", 3, (_line("deaths"),)),  # the same family
    ("train", "eco", "tables/eco/wages.csv", 4, (_line("wages"),)),
    ("train", "eco", HELD_OUT, 5, (_line("farms"),)),
    ("train", "data2vis", "tables/data2vis/loans.csv", 8, (_line("loans"),)),
    ("train", "eco", TORN, 9, (_line("nothing"),)),
    ("dev_eco", "eco", "tables/eco/dev_births.csv", 20, (_line("births"),)),  # a known header
    ("dev_eco", "eco", "tables/eco/dev_mills.csv", 21, (_line("mills"), DERIVED)),
    ("dev_chartllm", "chartllm", "tables/chartllm/dev_orders.csv", 22, (COUNTS, POINTS)),
    ("dev_docs", "seaborn_docs", "tables/seaborn_docs/dev_wide.csv", 23, (
        {"mark": "boxplot", "encoding": {
            "x": {"field": "room", "type": "nominal"},
            "y": {"field": "reading 3", "type": "quantitative"}}},
        {"mark": "bar", "encoding": {
            "x": {"field": "reading 1", "bin": True}, "y": {"aggregate": "count"}}},
    )),
)  # fmt: skip


def _frame(table: str, seed: int) -> pd.DataFrame:
    name = Path(table).stem.removeprefix("dev_")
    if name == "orders":
        return orders(seed)
    return wide(seed) if name == "wide" else yearly(name, seed)


def write_corpus(folder: Path, splits: tuple[str, ...] = ("train", *DEV_SPLITS)) -> Path:
    """Write the corpus, or only some splits of it, and return its folder."""
    lines = []
    for seed, (split, source, table, family, specs) in enumerate(ROWS):
        if split not in splits:
            continue
        path = folder / table
        path.parent.mkdir(parents=True, exist_ok=True)
        frame = _frame(table, seed)
        path.write_text("" if table == TORN else frame.to_csv(index=False))
        for spec in specs:
            lines.append(_chart(len(lines), split, source, table, family, frame, spec))
    (folder / "charts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    _write_raw(folder)
    _write_records(folder / "data2vis_test")
    pairs = "".join(json.dumps(pair) + "\n" for pair in ranked_pairs())
    (folder / "pairs.jsonl").write_text(pairs)
    return folder


def _chart(
    number: int,
    split: str,
    source: str,
    table: str,
    family: int,
    frame: pd.DataFrame,
    spec: Mapping[str, Any],
) -> dict[str, Any]:
    types = {"O": "string", "f": "number", "i": "number"}
    columns = [{"name": n, "type": types.get(frame[n].dtype.kind, "string")} for n in frame.columns]
    return {
        "id": f"{source}-{number:05d}",
        "split": split,
        "source": source,
        "human": source != "data2vis",
        "table": table,
        "columns": columns,
        "n_rows": len(frame),
        "spec": spec,
        "family": family,
        "licence": "MIT",
        "judgement": "author",
    }


def _write_raw(folder: Path) -> None:
    (folder / "raw" / "shop").mkdir(parents=True)
    (folder / "raw" / "torn").mkdir()
    (folder / RAW_TORN).write_text("")
    index = []
    for name, frame in {"stock": orders(101, 80), "rooms": wide(102)}.items():
        table = f"raw/shop/{name}.csv"
        (folder / table).write_text(frame.to_csv(index=False))
        index.append({"table": table, "rows": len(frame), "columns": frame.shape[1]})
    index.append({"table": RAW_TORN, "rows": 0, "columns": 0})
    (folder / "raw" / "index.json").write_text(json.dumps(index))


def _write_records(folder: Path) -> None:
    """Write tables as records in which every value is a text."""
    folder.mkdir()
    for number, frame in enumerate((orders(201), yearly("visits", 202))):
        records = frame.astype(str).to_dict(orient="records")
        (folder / f"{number:03d}_made.json").write_text(json.dumps(records))


def ranked_pairs() -> list[dict[str, Any]]:
    """Return pairs of charts under four conditions: people prefer position to size."""

    def spec(other: str) -> dict[str, Any]:
        first, second, name = ({"field": n, "type": "quantitative"} for n in ("q1", "q2", "n"))
        return {
            "mark": "point",
            "encoding": {"y": first, other: second, "row": {**name, "type": "nominal"}},
        }

    return [
        {
            "source": "made",
            "task": task,
            "fields": [
                {"name": "n", "type": "string", "entropy": 1.0, "cardinality": 4},
                {"name": "q1", "type": "number", "entropy": 3.8, "cardinality": n_rows,
                 "interesting": True},
                {"name": "q2", "type": "number", "entropy": 3.9, "cardinality": n_rows},
            ],
            "num_rows": n_rows,
            "positive": spec("x"),
            "negative": spec(worse),
            "condition": f"{task} {n_rows}",
            "id": f"pair-{task}-{n_rows}-{worse}",
        }
        for task in ("value", "summary")
        for n_rows in (30, 90)
        for worse in ("size", "color")
    ]  # fmt: skip
