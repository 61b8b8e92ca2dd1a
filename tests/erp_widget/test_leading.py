"""Lines of the largest of many groups: their rows, whatever holds the table, and in Vega-Lite."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import vl_convert
from made_charts import VERSIONS

import erp_widget as erp
from erp_widget.aggregate import SharedRows
from erp_widget.sources import open_table
from vizmodel.design import Design, Encoding
from vizmodel.form.style import TOP_LINES, styled
from vizmodel.profile import profile_table

N_LANDS, N_YEARS = 40, 30


def lands(n_lands: int = N_LANDS, n_years: int = N_YEARS) -> pd.DataFrame:
    """Return a row for each land and year; one land has no name, some births are not known."""
    rng = np.random.default_rng(4)
    level = rng.lognormal(4, 1, n_lands)
    frame = pd.DataFrame(
        {
            "land": np.repeat([f"land {n}" for n in range(n_lands)], n_years),
            "year": np.tile(np.arange(1990, 1990 + n_years), n_lands),
            "births": np.repeat(level, n_years) * rng.uniform(0.9, 1.1, n_lands * n_years),
            "area": np.repeat(rng.gamma(2, 50, n_lands), n_years),
        }
    )
    frame.loc[frame["land"] == "land 3", "land"] = None
    frame.loc[rng.random(len(frame)) < 0.03, "births"] = np.nan
    return frame


def design_of(frame: pd.DataFrame) -> Design:
    line = Design(
        "line",
        (
            Encoding("x", "year", "value", "quantitative"),
            Encoding("y", "births", "value", "quantitative"),
            Encoding("color", "land", "category", "nominal"),
        ),
    )
    return styled(line, profile_table(open_table(frame).sample(), len(frame)))


@pytest.mark.parametrize("held", ["pandas", "duckdb", "large"])
def test_the_lines_of_the_largest_are_drawn(held: str, tmp_path: Path) -> None:
    frame = lands(n_years=300) if held == "large" else lands()
    design = design_of(frame)
    assert design.style.lines == TOP_LINES
    frame.to_parquet(tmp_path / "lands.parquet")
    own = duckdb.connect()
    table = open_table(
        own.read_parquet(str(tmp_path / "lands.parquet")) if held == "duckdb" else frame
    )
    found = SharedRows(table, [design]).rows(design)
    means = frame.groupby("land")["births"].mean().nlargest(TOP_LINES)
    assert found.orders["color"] == tuple(means.index)
    wanted = frame[frame["land"].isin(means.index)].dropna(subset=["births"])
    drawn = {(r["color"], int(str(r["x"])[:4])): r["y"] for r in found.records}
    assert len(drawn) == len(found.records) == len(wanted)
    for row in wanted.itertuples():
        assert drawn[row.land, row.year] == pytest.approx(row.births, rel=1e-5)
    assert found.note == f"the 8 of {N_LANDS - 1} values of land whose mean births is largest"
    assert table.n_scans <= 2


def test_vega_lite_draws_the_same_lines(tmp_path: Path) -> None:
    frame = lands()
    gallery = erp.recommend(
        frame, mark="line", columns=["land", "births", "year"], store=":memory:"
    )
    chart = next(c for c in gallery if c.design.style.lines)
    assert chart.title.startswith("births by year, split by land")
    spec = chart.declared | {"data": {"values": json.loads(frame.to_json(orient="records"))}}
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VERSIONS[0])
    means = frame.groupby("land")["births"].mean().nlargest(TOP_LINES)
    for land in frame["land"].dropna().unique():
        assert (f">{land}<" in svg) == (land in means.index)


def test_a_list_of_lands_has_such_lines() -> None:
    gallery = erp.recommend(lands(), store=":memory:")
    lines = [c for c in gallery if c.design.style.lines]
    assert lines
    assert "land" in lines[0].design.fields
    picture = lines[0].to_png(scale=1)
    assert picture.startswith(b"\x89PNG")
