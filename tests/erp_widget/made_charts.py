"""Charts made from a table and a design of the test's own, and the judge of their specs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import altair
import jsonschema
import numpy as np
import pandas as pd
import vl_convert

from erp_widget.aggregate import ChartRows, rows
from erp_widget.chart import Chart
from erp_widget.drawing.spec import drawn
from erp_widget.drawing.written import declared
from erp_widget.drawing.written_rows import with_rows
from erp_widget.sources import Table, open_table
from erp_widget.telling import titles
from erp_widget.telling.alt_text import description
from erp_widget.telling.reasons import reason
from vizmodel.design import Design, Encoding, Transform, canonical
from vizmodel.form.style import styled
from vizmodel.profile import Profile, profile_table

#: What draws charts: the gallery's own version, and that of notebooks' renderers.
VERSIONS = ("6.4", "5.21")


N = 240
LONG = "Europe, the Middle East and Africa"
#: One chart of each family that the grammar knows.
CHARTS = (
    ("bar", "x=category city", "y=count"),
    ("bar", "x=category city", "y=mean price", "row=category kind"),
    ("bar", "x=category city", "y=mean price", "color=category kind"),
    ("bar", "x=category city", "y=sum units", "color=category size"),
    ("bar", "x=category city", "y=mean change", "column=category kind"),
    ("bar", "x=category year", "y=sum units", "color=category kind"),
    ("bar", "x=category region", "y=distinct note"),
    ("bar", "x=bin price", "y=count"),
    ("bar", "x=bin price", "y=count", "color=category size"),
    ("bar", "x=bin units", "y=mean price"),
    ("bar", "x=yearmonth when", "y=sum units"),
    ("bar", "x=year when", "y=count"),
    ("bar", "x=value year", "y=sum units"),
    ("bar", "x=category flag", "y=mean flagged"),
    ("line", "x=value when", "y=mean price"),
    ("line", "x=yearmonthdate when", "y=mean price", "color=category city"),
    ("line", "x=month when", "y=median price", "column=category kind"),
    ("line", "x=value year", "y=mean price", "color=category region"),
    ("area", "x=yearmonth when", "y=sum units", "color=category kind"),
    ("area", "x=value year", "y=count"),
    ("area", "x=value when", "y=value least", "y2=value most"),
    ("bar", "x=category name", "y=value least", "y2=value most"),
    ("bar", "x=category name", "y=value begun", "y2=value ended"),
    ("point", "x=value price", "y=value change"),
    ("point", "x=value price", "y=value change", "color=category size"),
    ("point", "x=value price", "y=value change", "color=value units"),
    ("point", "x=value price", "y=value change", "size=value units", "shape=category kind"),
    ("point", "x=value price", "y=value units", "row=category kind", "column=category flag"),
    ("point", "x=value skewed", "y=value units"),
    ("point", "x=category city", "y=mean price", "color=category kind"),
    ("point", "x=year when", "y=category city", "size=count"),
    ("point", "x=category city", "y=value price"),
    ("point", "x=value when", "color=category kind"),
    ("point", "x=value price", "row=category city"),
    ("point", "x=value when", "y=category city", "size=value units"),
    ("point", "x=bin price", "y=category city", "size=mean units"),
    ("bar", "x=category city", "y=value units", "color=value price"),
    ("area", "x=value units", "y=value price"),
    ("tick", "x=category city", "y=value price", "color=category kind"),
    ("boxplot", "x=category city", "y=value price", "color=category kind"),
    ("rect", "x=category city", "y=category size", "color=count"),
    ("rect", "x=bin price", "y=bin change", "color=count"),
    ("rect", "x=hours when", "y=day when", "color=mean change"),
    ("rect", "x=category city", "y=category kind", "color=mean change"),
    ("rect", "x=yearmonth when", "y=category city", "color=sum units", "column=category kind"),
    ("tick", "x=value price"),
    ("tick", "x=category region", "y=value price"),
    ("arc", "theta=count", "color=category size"),
    ("arc", "theta=sum units", "color=category city"),
    ("boxplot", "x=value price"),
    ("boxplot", "x=category city", "y=value price"),
    ("boxplot", "x=category region", "y=value change", "column=category kind"),
)


def sales_table() -> pd.DataFrame:
    """Return a table with every kind of column."""
    rng = np.random.default_rng(11)
    hours = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 600 * 24, N), "h")
    low = rng.normal(12, 4, N).round(1)
    frame = pd.DataFrame(
        {
            "city": rng.choice(["Rome", "Oslo", "Lima"], N),
            "region": rng.choice([LONG, "Asia", "North America"], N),
            "kind": rng.choice(["tea", "cake"], N),
            "size": rng.choice(["small", "medium", "large"], N),
            "when": hours,
            "year": rng.integers(2015, 2024, N),
            "price": rng.lognormal(2, 0.6, N).round(2),
            "skewed": rng.lognormal(4, 3, N),
            "change": rng.normal(0, 3e6, N).round(),
            "units": rng.integers(1, 30, N),
            "flag": rng.random(N) < 0.4,
            "flagged": rng.integers(0, 2, N),
            "note": [f"note {i % 40}" for i in range(N)],
            "name": [f"trip {i % 12}" for i in range(N)],
            "begun": hours,
            "ended": hours + pd.to_timedelta(rng.integers(1, 900, N), "h"),
            "least": low,
            "most": low + rng.gamma(2, 3, N).round(1),
        }
    )
    frame.loc[rng.random(N) < 0.05, ["price", "city"]] = None
    return frame


def chart_id(chart: tuple[str, ...]) -> str:
    """Return the name of a chart's test."""
    return " ".join(chart)


def encoding(text: str, profile: Profile) -> Encoding:
    """Read "y=mean price" or "x=category city"; "y=count" counts records."""
    channel, _, rest = text.partition("=")
    transform, _, field = rest.partition(" ")
    column = profile.column(field) if field else None
    return Encoding(
        channel,  # type: ignore[arg-type]
        field or None,
        transform,  # type: ignore[arg-type]
        _field_type(transform, column),  # type: ignore[arg-type]
    )


def _field_type(transform: Transform | str, column: Any) -> str:
    if transform == "value":
        return "temporal" if column.kind == "time" else "quantitative"
    if transform == "category":
        return "ordinal" if column.ordered else "nominal"
    if transform in ("year", "yearmonth", "yearmonthdate"):
        return "temporal"
    return "ordinal" if transform in ("quarter", "month", "day", "hours") else "quantitative"


def design_of(table: Table, mark: str, *encodings: str) -> tuple[Design, Profile]:
    """Return a styled design, and the profile of its table."""
    profile = profile_table(table.sample(), table.n_rows, table.casts)
    found = canonical(encoding(text, profile) for text in encodings)
    return styled(Design(mark, found), profile), profile  # type: ignore[arg-type]


def rows_of(data: Any, mark: str, *encodings: str) -> ChartRows:
    """Return what a chart draws."""
    table = open_table(data)
    return rows(table, design_of(table, mark, *encodings)[0])


def chart_of(data: Any, mark: str, *encodings: str) -> Chart:
    """Return a whole chart."""
    table = open_table(data)
    design, profile = design_of(table, mark, *encodings)
    found = rows(table, design)
    return Chart(
        title=titles.title(design, profile),
        description=description(design, profile, found),
        reason=reason(design, profile, (), found),
        score=0.0,
        design=design,
        drawn=drawn(design, profile, found),
        declared=with_rows(declared(design, profile), found, design, profile),
        note=found.note,
        n_rows=table.n_rows,
    )


@cache
def _validator() -> Any:
    place = Path(altair.vegalite.v6.schema.__file__).parent / "vega-lite-schema.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def schema_problems(spec: dict[str, Any]) -> list[str]:
    """Return what Vega-Lite's own JSON schema (as Altair ships it) says against a spec."""
    return [str(error.message)[:200] for error in _validator().iter_errors(spec)]


def compile_warnings(spec: dict[str, Any], capfd: Any, version: str) -> str:
    """Return what Vega-Lite complains of while it compiles a spec."""
    capfd.readouterr()
    vl_convert.vegalite_to_vega(spec, vl_version=version, show_warnings=True)
    complaint: str = capfd.readouterr().err
    return complaint


def names_in(spec: Any) -> set[str]:
    """Return the names of all columns that a spec speaks of."""
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own.union(*(names_in(value) for value in spec.values()))
    if isinstance(spec, list):
        return set().union(*(names_in(value) for value in spec))
    return set()
