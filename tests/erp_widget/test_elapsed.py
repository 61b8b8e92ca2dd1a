"""How long something took is a column that is computed: the same wherever the rows lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from test_written_rows import drawn, made_of, told

import erp_widget as erp
from erp_widget.errors import InputError
from erp_widget.sources import Table, open_table
from erp_widget.sources.query import Key, Measure, Query
from erp_widget.sources.rows import MemoryRows
from vizmodel.profile import Profile, profile_table
from vizmodel.worth.alike import like_columns

NAME = "time from opened to closed"
DAY = pd.Timedelta(days=1)


def tickets(n: int = 400) -> pd.DataFrame:
    """Return tickets of which urgent ones are closed soon, and some not yet."""
    rng = np.random.default_rng(4)
    opened = pd.Series(pd.Timestamp("2025-01-06") + pd.to_timedelta(rng.uniform(0, 300, n), "D"))
    urgency = rng.choice(["low", "normal", "urgent"], n)
    taken = rng.gamma(2, 3, n) * pd.Series(urgency).map({"low": 4, "normal": 2, "urgent": 0.4})
    closed = opened + pd.to_timedelta(taken, "D")
    return pd.DataFrame(
        {
            "ticket_id": np.arange(n) + 1000,
            "opened_at": opened.dt.round("min"),
            "closed_at": closed.dt.round("min").where(rng.random(n) > 0.1),
            "urgency": urgency,
            "team": rng.choice(["desk", "field"], n),
        }
    )


def days(frame: pd.DataFrame) -> pd.Series:
    return (frame["closed_at"] - frame["opened_at"]) / DAY


def written(frame: pd.DataFrame, form: str) -> pd.DataFrame:
    """Return a table whose times are texts."""
    texts = {name: frame[name].dt.strftime(form) for name in ("opened_at", "closed_at")}
    return frame.assign(**texts)


def profile_of(table: Table) -> Profile:
    return profile_table(table.sample(), table.n_rows, table.casts)


def test_what_is_asked_of_tickets_comes_first() -> None:
    gallery = erp.recommend(tickets())
    first = [chart.title for chart in gallery[:4]]
    assert f"Distribution of {NAME} by urgency" in first
    chart = gallery[[c.title for c in gallery].index(f"Distribution of {NAME} by urgency")]
    assert "days for low" in chart.reason and "for urgent" in chart.reason
    assert f"“{NAME}” is computed from opened_at and closed_at" in " ".join(gallery.notes)
    # When something ends says how long it took, as little as when it began.
    assert not any({NAME, "closed_at"} <= {*c.design.fields} for c in gallery[:15])
    assert not any(
        e.aggregate == "sum" and e.field == NAME for c in gallery for e in c.design.encodings
    )


def test_it_is_a_column_like_any_other() -> None:
    table = open_table(tickets())
    assert table.columns[-1] == NAME
    column = profile_of(table).column(NAME)
    assert column.between == ("opened_at", "closed_at") and column.unit == "days"
    assert column.evidence == "computed from opened_at and closed_at"
    for chart in erp.recommend(tickets(), columns=[NAME, "team"], k=3):
        assert {*chart.design.fields} >= {NAME, "team"}


SOURCES = ["pandas", "polars", "arrow", "csv", "days first", "parquet", "texts in parquet"]
SOURCES += ["relation", "ibis"]


def source(frame: pd.DataFrame, kind: str, folder: Path) -> Any:
    """Return the table as a person may have it."""
    if kind in ("csv", "days first"):
        form = "%Y-%m-%d %H:%M" if kind == "csv" else "%d.%m.%Y %H:%M"
        written(frame, form).to_csv(folder / "tickets.csv", index=False)
        return folder / "tickets.csv"
    if kind == "texts in parquet":
        written(frame, "%d/%m/%Y %H:%M").to_parquet(folder / "tickets.parquet")
        return folder / "tickets.parquet"
    if kind in ("parquet", "relation", "ibis"):
        frame.to_parquet(path := folder / "tickets.parquet")
        if kind == "relation":
            return duckdb.connect().read_parquet(str(path))
        return path if kind == "parquet" else ibis.duckdb.connect().read_parquet(path)
    made = {"pandas": pd.DataFrame, "polars": pl.from_pandas, "arrow": pa.Table.from_pandas}
    return made[kind](frame)


def means(table: Table) -> dict[str, float]:
    """Return how long it took on average, for each urgency."""
    key, measure = table.internal("urgency"), Measure("mean", table.internal(NAME))
    answer = table.relation.ask(Query({"of": Key(key)}, {"mean": measure}))
    return {row["of"]: row["mean"] for row in answer}


@pytest.mark.parametrize("n_rows", [400, 12_000], ids=["few", "more than a sample"])
@pytest.mark.parametrize("kind", SOURCES)
def test_it_is_computed_wherever_the_rows_lie(kind: str, n_rows: int, tmp_path: Path) -> None:
    frame = tickets(n_rows)
    table = open_table(source(frame, kind, tmp_path))
    assert table.columns[-1] == NAME
    assert table.is_sampled_whole is (n_rows == 400)
    wanted = days(frame).groupby(frame["urgency"]).mean().to_dict()
    assert means(table) == pytest.approx(wanted, rel=1e-6)
    assert table.sample().column(NAME).null_count > 0
    if n_rows > 400:
        gallery = erp.recommend(table, k=5)
        assert any(NAME in chart.design.fields for chart in gallery)


@pytest.mark.parametrize("form", [None, "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"])
def test_code_draws_what_the_gallery_draws(form: str | None) -> None:
    frame = tickets() if form is None else written(tickets(), form)
    gallery = erp.recommend(frame, columns=[NAME, "team", "urgency"], k=40)
    chart = next(
        c
        for c in gallery
        if c.design.mark in ("bar", "line")
        and any(e.aggregate == "mean" for e in c.design.encodings)
    )
    channel = next(e.channel for e in chart.design.encodings if e.aggregate == "mean")
    made = made_of(chart, frame)
    assert [step["as"] for step in made["transform"] if "calculate" in step] == [f"{NAME} in days"]
    found = told(made, f"Mean of {NAME} in days")
    assert found == pytest.approx(drawn(chart, channel), rel=1e-4)


@pytest.mark.parametrize(
    ("spread", "unit"),
    [(900 * DAY, "years"), (9 * DAY, "days"), (pd.Timedelta(seconds=2), "s")],
)
def test_its_unit_is_that_of_how_long_it_takes(spread: pd.Timedelta, unit: str) -> None:
    frame = tickets()
    rng = np.random.default_rng(9)
    frame["closed_at"] = frame["opened_at"] + rng.uniform(0.2, 2, len(frame)) * spread
    assert profile_of(open_table(frame)).column(NAME).unit == unit


def test_delays_of_what_was_planned_may_be_negative() -> None:
    frame = tickets()
    late = pd.to_timedelta(np.random.default_rng(3).normal(1, 5, len(frame)).round(), "D")
    frame["due_date"] = frame["closed_at"].dt.normalize() - late
    names = open_table(frame).columns[len(frame.columns) :]
    assert names == (NAME, "time from due to closed")
    # An invoice is always written before it is due: that says when it is due, not how late it is.
    assert "time from due to opened" not in names


def test_all_of_the_way_comes_before_its_steps() -> None:
    frame = tickets()
    frame["answered_at"] = frame["opened_at"] + 0.3 * (frame["closed_at"] - frame["opened_at"])
    frame["answered_at"] += pd.to_timedelta(np.random.default_rng(1).integers(0, 5, 400), "h")
    frame["closed_at"] += pd.Timedelta(hours=9)
    names = open_table(frame).columns[len(frame.columns) :]
    assert names == (NAME, "time from opened to answered", "time from answered to closed")


def no_order(frame: pd.DataFrame) -> pd.DataFrame:
    shuffled = frame["closed_at"].sample(frac=1, random_state=1).to_numpy()
    return frame.assign(closed_at=shuffled)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.assign(days=days(f)),
        lambda f: f.assign(minutes=days(f) * 1440),
        lambda f: f.assign(closed_at=f["opened_at"] + DAY),
        lambda f: f.assign(closed_at=f["opened_at"].dt.normalize()),
        lambda f: f.assign(closed_at=f["opened_at"].dt.to_period("M").dt.to_timestamp()),
        lambda f: f.assign(closed_at=f["closed_at"].dt.tz_localize("America/New_York")),
        lambda f: f.assign(closed_at=f["opened_at"].dt.to_period("W").dt.to_timestamp()),
        lambda f: f.assign(closed_at=pd.Timestamp("2026-01-01")),
        lambda f: f.rename(columns={"closed_at": "updated_at"}),
        lambda f: f.drop(columns=["team", "ticket_id"]),
        lambda f: f.head(20),
        no_order,
    ],
    ids=[
        "it is there",
        "it is there in minutes",
        "always as long",
        "the day of a time",
        "the month of a time",
        "other clocks",
        "the week of a time",
        "when the table was made",
        "when the record was changed",
        "made for one chart",
        "few rows",
        "no order",
    ],
)
def test_nothing_is_computed_where_it_tells_nothing(change: Any) -> None:
    frame = change(tickets())
    assert open_table(frame).columns == tuple(frame.columns)


def test_the_same_time_twice_makes_one_duration() -> None:
    frame = tickets().assign(done=tickets()["closed_at"])
    assert len(open_table(frame).columns) == len(frame.columns) + 1


def test_its_name_is_no_other_columns() -> None:
    frame = tickets().assign(**{NAME: "x"})
    assert len({*open_table(frame).columns}) == len(frame.columns) + 1


def test_what_a_person_says_of_a_time_counts() -> None:
    table = open_table(tickets()).with_types({"closed_at": "nominal"})
    (gone,) = (one for one in table.left_out if one.name == NAME)
    assert "opened_at and closed_at" in gone.reason
    assert all(
        NAME not in c.design.fields
        for c in erp.recommend(tickets(), types={"closed_at": "nominal"})
    )
    assert open_table(tickets()).with_types({NAME: "quantitative"}).columns[-1] == NAME
    with pytest.raises(InputError, match="did you mean"):
        erp.recommend(tickets(), columns=["time from opened to close"])


def test_a_table_is_known_by_what_it_holds() -> None:
    table = open_table(tickets())
    plain = Table(table.name, MemoryRows(table._raw_sample.drop_columns([NAME])))
    assert plain.fingerprint == table.fingerprint
    assert open_table(tickets()).fingerprint == table.fingerprint
    assert not table.has_changed


def test_saved_charts_and_history_bring_it_back(own_store: Path) -> None:
    gallery = erp.recommend(tickets(), name="tickets")
    at = next(i for i, chart in enumerate(gallery) if NAME in chart.design.fields)
    gallery[at].save()
    (saved,) = erp.saved()
    assert saved.title == gallery[at].title
    again = erp.recommend(tickets(), name="tickets")
    assert [c.title for c in again] == [c.title for c in gallery]


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        ("date_of_birth", "diagnosis_date", "time from birth to diagnosis"),
        ("orderDate", "shipDate", "time from order to ship"),
        ("Eingangsdatum", "Abschlussdatum", "time from Eingangsdatum to Abschlussdatum"),
        ("start date", "start time", "time from start date to start time"),
        ("time", "date", "time from time to date"),
    ],
)
def test_it_is_called_by_what_happened(start: str, end: str, name: str) -> None:
    frame = tickets().rename(columns={"opened_at": start, "closed_at": end})
    assert open_table(frame).columns[-1] == name


def test_no_chart_tells_what_is_so_by_its_making() -> None:
    frame = tickets().rename(columns={"opened_at": "birth_date", "closed_at": "admitted_on"})
    rng = np.random.default_rng(8)
    frame["birth_date"] = pd.Timestamp("1940-01-01") + pd.to_timedelta(
        rng.integers(0, 25_000, len(frame)), "D"
    )
    frame["discharged_on"] = frame["admitted_on"] + pd.to_timedelta(
        rng.gamma(2, 3, len(frame)), "D"
    )
    profile = profile_of(open_table(frame))
    age, stay = "time from birth to admitted", "time from admitted to discharged"
    assert {age, stay} < {column.name for column in profile.columns}
    for pair in (
        {age, "birth_date"},
        {age, "admitted_on"},
        {age, "time from birth to discharged"},
        {stay, "discharged_on"},
    ):
        assert frozenset(pair) in profile.copies
    assert frozenset({stay, "admitted_on"}) not in profile.copies


def test_times_that_soon_follow_each_other_are_counted_once() -> None:
    frame = tickets(900)
    frame["answered_at"] = frame["opened_at"] + pd.Timedelta(hours=1)
    frame["answered_at"] += pd.to_timedelta(np.random.default_rng(2).gamma(2, 9, 900), "h")
    frame["closed_at"] = frame["answered_at"] + pd.to_timedelta(
        np.random.default_rng(3).gamma(2, 20, 900), "h"
    )
    alike = like_columns(profile_of(open_table(frame)))
    assert alike["answered_at"] == alike["closed_at"] == "opened_at"
