"""Charts of countries leave out the rows that stand for many together, whoever holds the rows."""

from __future__ import annotations

from collections.abc import Callable

import comm
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from gallery_wire import Page, Wire

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.errors import InputError
from vizmodel.design import Held

LANDS = [f"Land {letter}" for letter in "ABCDEFGHIJKL"]
WHOLES = ["Asia", "World"]


def panel() -> pd.DataFrame:
    rows = [
        {
            "country": land,
            "year": year,
            "population": (900 if land in WHOLES else 10 + at) * 1000 + (year - 2000) * 70 + at,
            "income": 200.0 * at + (year - 2000) * (31 + at % 5) + 400,
            "births": 40 - at * 2 - (year - 2000) / 3 + at % 3,
        }
        for at, land in enumerate([*LANDS, *WHOLES])
        for year in range(2000, 2020)
    ]
    return pd.DataFrame(rows)


def in_duckdb(frame: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    connection = duckdb.connect()
    connection.register("seen", pa.Table.from_pandas(frame))
    connection.execute("CREATE TABLE panel AS SELECT * FROM seen")
    return connection.table("panel")


def in_ibis(frame: pd.DataFrame) -> object:
    import ibis

    return ibis.memtable(frame)


def large(frame: pd.DataFrame) -> pd.DataFrame:
    """Return so many rows that the sample does not hold them: months of each year."""
    months = pd.DataFrame({"month": range(1, 61)})
    return frame.merge(months, how="cross")


@pytest.mark.parametrize("held", [lambda frame: frame, pl.from_pandas, in_duckdb, in_ibis, large])
def test_no_chart_shows_them(held: Callable[[pd.DataFrame], object]) -> None:
    gallery = erp.recommend(held(panel()), k=6)
    assert len(gallery) == 6
    for chart in gallery:
        left = [one for one in chart.design.style.where if one.but]
        assert left == [Held("country", name, but=True) for name in WHOLES]
        assert "without Asia and World" in str(chart.note)
        assert not set(WHOLES) & {
            value
            for record in chart.drawn.get("data", {}).get("values", [])
            for value in record.values()
            if isinstance(value, str)
        }
    assert "Charted without Asia and World: the rows stand for others together." in gallery.notes


def test_what_is_exported_leaves_them_out_too() -> None:
    chart = erp.recommend(panel(), k=1)[0]
    filters = [step.get("filter") for step in chart.to_vegalite(data="none")["transform"]]
    assert "datum['country'] !== 'World'" in filters
    assert "datum['country'] !== 'World'" in chart.code()
    assert Chart.from_record(chart.to_record()).design == chart.design


def test_what_is_measured_is_not_called_by_what_is_left_out() -> None:
    frame = panel()[["country", "year", "births"]].rename(columns={"births": "value"})
    frame.insert(1, "code", frame["country"].str[:3] + frame["country"].str[-1])
    chart = erp.recommend(frame, k=1)[0]
    assert chart.title.startswith("value by year")


def test_a_card_says_so_and_offers_nothing_else_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", Wire)
    gallery = erp.recommend(panel(), k=15)
    page = Page(gallery)
    latest = next(c for c in gallery if any(one.column == "year" for one in c.design.style.where))
    state = next(one for one in page.widget.charts if one["id"] == latest.id)
    assert [one["column"] for one in state["held"]] == ["year"]
    assert state["rest"].startswith("without Asia and World")
    earlier = gallery.showing(latest, {"year": 2005})
    assert "year is 2005" in earlier.title and "without Asia and World" in str(earlier.note)
    with pytest.raises(InputError, match=r"holds no column 'country'.*'year'"):
        gallery.showing(latest, {"country": "World"})
