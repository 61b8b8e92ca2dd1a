"""Owns the declared spec of bars of a share: a column of yes and no, and the mean of it."""

from __future__ import annotations

import json
from typing import Any

from vizmodel.design import Design, Level
from vizmodel.form.declared import declared, escape_field, speakable
from vizmodel.form.rates import ShareOf, as_rate, share_told
from vizmodel.form.steps import Steps, free_name, known, quoted
from vizmodel.profile import Profile

#: What is calculated for each row, and of counted cells.
RATE, WHOLE = "rate", "whole"


def declared_rate(design: Design, profile: Profile, title: str) -> dict[str, Any]:
    """Write bars of the share of one part as a Vega-Lite spec without data.

    Parameters
    ----------
    design
        Styled, with a rate.
    profile
        Of its table.
    title
        Of the axis of shares.

    Returns
    -------
    dict
        As `declared` writes other charts: rows of which it is not known are filtered out, each of
        the others is a one or a nought, and bars are their means. Counted cells have parts of their
        group's count in place of ones.
    """
    rated = as_rate(design)
    share = share_told(rated)
    assert share is not None, "this chart shows no share of one part"
    spec = declared(rated, profile)
    taken = {column.name for column in profile.columns}
    rate = free_name(RATE, taken)
    steps, summary = _steps(design, profile, share, rate, taken)
    spec["transform"] = [*spec.get("transform", ()), *steps]
    definition = spec["encoding"][share.channel]
    calculated = {"field": rate, "aggregate": summary, "title": title, "axis": {"format": "~%"}}
    spec["encoding"][share.channel] = definition | calculated
    if rated.mark == "line":
        spec["mark"]["point"] = True
    return spec


def _steps(
    design: Design, profile: Profile, share: ShareOf, rate: str, taken: set[str]
) -> tuple[Steps, str]:
    """Return what is calculated, and how it is summarised."""
    column = str(share.field)
    value = f"datum[{quoted(speakable(column, profile))}]"
    kept = {"filter": known(value)}
    test = _test(value, share.level)
    counted = next((e for e in design.encodings if e.transform == "sum"), None)
    if counted is None:
        return [kept, {"calculate": f"{test} ? 1 : 0", "as": rate}], "mean"
    whole = free_name(WHOLE, taken)
    size = speakable(str(counted.field), profile)
    group = next(e for e in design.encodings if e.channel not in ("color", counted.channel))
    joined = {"op": "sum", "field": escape_field(size), "as": whole}
    part = f"{test} ? datum[{quoted(size)}] / datum[{quoted(whole)}] : 0"
    by = [escape_field(speakable(str(group.field), profile))]
    steps: Steps = [
        kept,
        {"joinaggregate": [joined], "groupby": by},
        {"calculate": part, "as": rate},
    ]
    return steps, "sum"


def _test(value: str, level: Level) -> str:
    """Return the expression that is true of rows with a level."""
    if isinstance(level, bool):
        return f"toBoolean({value}) === {json.dumps(level)}"
    if isinstance(level, str):
        return f"{value} === {quoted(level)}"
    return f"+{value} === {level!r}"
