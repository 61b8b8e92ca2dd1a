"""Charts made from a table and a design of the test's own, and the judge of their specs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import altair
import jsonschema
import vl_convert

from erp_widget import words
from erp_widget.aggregate import ChartRows, rows
from erp_widget.alt_text import description
from erp_widget.chart import Chart
from erp_widget.reasons import reason
from erp_widget.sources import Table, open_table
from erp_widget.spec import declared, drawn
from vizmodel.design import Design, Encoding, Transform, canonical
from vizmodel.profile import Profile, profile_table
from vizmodel.style import styled

#: What draws charts: the gallery's own version, and that of notebooks' renderers.
VERSIONS = ("6.4", "5.21")


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
    profile = profile_table(table.sample(), table.n_rows)
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
        title=words.title(design, profile),
        description=description(design, profile, found),
        reason=reason(design, profile, (), found),
        score=0.0,
        design=design,
        drawn=drawn(design, profile, found),
        declared=declared(design, profile),
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
