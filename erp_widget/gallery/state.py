"""Owns the form in which a gallery and its charts reach the browser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from erp_widget.aggregate.sliced import where_note
from erp_widget.chart import said_about
from erp_widget.coverage import ColumnGuess, Coverage, coverage, guesses
from erp_widget.distributions import distributions, first_rows
from erp_widget.gallery.packing import packed
from erp_widget.levels import MAX_OFFERED, Level, label, said
from erp_widget.widgets.requests import sendable
from erp_widget.words import where_words
from vizmodel.worth.asked import guessed_column

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery.changes import GalleryChanges
    from erp_widget.question import Question
    from erp_widget.sources import Table

#: Names of columns and of pairs that are listed as not yet shown.
MAX_UNSEEN = 12


def view_state(changes: GalleryChanges) -> dict[str, Any]:
    """Return the part of a gallery's state that its changes change.

    Parameters
    ----------
    changes
        Of the gallery.
    """
    view = changes.view
    change = {"act": sendable(view.act), "said": sendable(view.said), "ids": list(view.fresh)}
    state: dict[str, Any] = {
        "order": list(view.order),
        "notes": [sendable(note) for note in view.notes],
        "undo": change if changes.undoable else None,
        "changeable": view.question is not None,
    }
    designs = [chart.design for chart in view.charts]
    if view.question is None:
        names = dict.fromkeys(name for design in designs for name in design.fields)
        columns = [{"name": sendable(name)} for name in names]
        return state | {"columns": columns, "coverage": None, "about": _told_state(view.charts)}
    profile = view.question.profile
    return state | {
        "columns": _columns_state(view.question, guesses(profile, designs)),
        "coverage": _coverage_state(coverage(profile, designs)),
        "about": _about_state(view.question),
    }


def _about_state(question: Question) -> dict[str, Any]:
    """Return what is asked about, whether a person said so, the guess, and what else could be."""
    guess = guessed_column(question.profile)
    asked = (guess,) if question.about is None and guess else question.about or ()
    choices = [column.name for column in question.profile.own_columns if column.usable]
    return {
        "columns": [sendable(name) for name in asked],
        "told": question.about is not None,
        "guess": None if guess is None else sendable(guess),
        "choices": [sendable(name) for name in choices],
    }


def _told_state(charts: Sequence[Chart]) -> dict[str, Any] | None:
    """Return what a person asked about when charts were kept; None where nobody said."""
    asked = said_about(charts)
    if asked is None:
        return None
    names = [sendable(name) for name in asked]
    return {"columns": names, "told": True, "guess": None, "choices": []}


def _columns_state(question: Question, columns: Iterable[ColumnGuess]) -> list[dict[str, Any]]:
    spread = distributions(question.table)
    return [
        {
            "name": sendable(column.name),
            "type": column.type,
            "evidence": sendable(column.evidence),
            "told": column.told,
            "bars": list(spread[column.name].heights) if column.name in spread else [],
            "spread": sendable(spread[column.name].said) if column.name in spread else "",
        }
        for column in columns
    ]


def _coverage_state(found: Coverage) -> dict[str, Any]:
    return {
        "columns_shown": found.columns_shown,
        "columns_total": len(found.columns),
        "pairs_shown": found.pairs_shown,
        "pairs_total": len(found.pairs),
        "unseen_columns": [sendable(name) for name in found.unseen_columns[:MAX_UNSEEN]],
        "unseen_pairs": [[sendable(n) for n in two] for two in found.unseen_pairs[:MAX_UNSEEN]],
    }


def chart_state(chart: Chart) -> dict[str, Any]:
    """Return what the browser needs of a chart; no spec where it would be no JSON."""
    spec: dict[str, Any] | None
    try:
        spec = json.loads(sendable(json.dumps(chart.drawn, allow_nan=False, ensure_ascii=False)))
    except (TypeError, ValueError):
        spec = None
    return {
        "id": chart.id,
        "title": sendable(chart.title),
        "description": sendable(chart.description),
        "reason": sendable(chart.reason),
        "note": sendable(chart.note or ""),
        **_held_state(chart),
        "approximate": chart.approximate,
        "mark": chart.mark,
        "fields": [sendable(name) for name in chart.fields],
        "about": [sendable(name) for name in chart.about or () if name in chart.fields],
        "terms": [[name, round(value, 2)] for name, value in chart.terms if abs(value) >= 0.005],
        "spec": None if spec is None else packed(spec),
    }


def _held_state(chart: Chart) -> dict[str, Any]:
    """Return the columns that a chart holds at one value, and its note without them."""
    where = chart.design.style.where
    rest = (chart.note or "").removeprefix(where_note(where)).removeprefix("; ")
    left_out = where_words([one for one in where if one.but])
    held = [
        {"column": sendable(one.column), "level": _level(one.level), "label": sendable(label(one))}
        for one in where
        if not one.but
    ]
    return {"held": held, "rest": sendable("; ".join(filter(None, (left_out, rest))))}


def offered(found: Sequence[Level]) -> dict[str, Any]:
    """Return values of a held column as the browser offers them, and what to say of the others."""
    options = [
        {"label": sendable(said(level)), "level": _level(level)} for level in found[:MAX_OFFERED]
    ]
    more = f"The {MAX_OFFERED} commonest values; gallery.showing() shows any other."
    return {"options": options, "note": more if len(found) > MAX_OFFERED else ""}


def rows_state(table: Table) -> dict[str, Any]:
    """Return the first rows of a table as the browser gets them."""
    found = first_rows(table)
    rows = [[sendable(cell) for cell in row] for row in found["rows"]]
    return found | {"names": [sendable(name) for name in found["names"]], "rows": rows}


def _level(level: Level) -> Level:
    return sendable(level) if isinstance(level, str) else level
