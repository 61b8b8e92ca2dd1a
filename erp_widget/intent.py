"""Owns what the user asks of every chart, checked against the vocabularies and the table."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from erp_widget.chart import Chart
from erp_widget.errors import InputError, UnknownColumnError
from erp_widget.sources import Table
from vizmodel.design import (
    CHANNELS,
    FIELD_TYPES,
    MARK_ALIASES,
    MARKS,
    Channel,
    FieldType,
    Intent,
    Mark,
    Without,
)
from vizmodel.profile import Profile

#: Altair's letters for the types.
TYPE_LETTERS: dict[str, FieldType] = {
    "N": "nominal",
    "O": "ordinal",
    "Q": "quantitative",
    "T": "temporal",
}
#: What people call charts -> the mark that draws them; Vega-Lite's other marks are aliases.
MARK_NAMES: dict[str, Mark] = {
    **MARK_ALIASES,
    **dict.fromkeys(("pie", "donut", "doughnut", "ring"), "arc"),
    **dict.fromkeys(("scatter", "scatterplot", "scatter plot", "dot", "bubble"), "point"),
    **dict.fromkeys(("heatmap", "heat map"), "rect"),
    **dict.fromkeys(("box", "box plot"), "boxplot"),
    **dict.fromkeys(("bars", "column", "columns", "barplot", "bar chart"), "bar"),
    **dict.fromkeys(("lines", "line chart"), "line"),
    "strip": "tick",
}
#: Charts that a mark alone does not ask for.
NO_MARKS = {
    "histogram": "ask for mark='bar' and the column in columns=",
    "map": "columns of latitudes and longitudes have one by themselves",
}
WITHOUT_PARTS = ("columns", "marks", "charts")


def intent_of(
    table: Table,
    columns: Sequence[str] | str | None = None,
    mark: str | None = None,
    encoding: Mapping[str, str] | None = None,
    without: Any = None,
    made: Collection[str] = (),
) -> Intent:
    """Check what the user asks for against the vocabularies and the table.

    Parameters
    ----------
    table
        From `open_table`.
    columns, mark, encoding, without
        As `recommend` takes them.
    made
        Names of columns that the table has only once like columns are gathered.

    Raises
    ------
    UnknownColumnError
        For a name that the table does not have; the nearest is suggested.
    InputError
        For an unknown mark or channel, and for a column that no chart can show.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> intent_of(open_table({"price": [1, 2]}), columns="price").columns
    ('price',)
    """
    names = _column_names(columns)
    if encoding is not None and not isinstance(encoding, Mapping):
        raise InputError('encoding maps channels to columns, such as {"y": "price"}')
    channels = dict(encoding or {})
    for name in (*names, *channels.values()):
        if name not in made:
            _check_column(table, name)
    for channel in channels:
        if channel not in CHANNELS:
            raise InputError(_unknown("channel", channel, CHANNELS))
    pairs = cast("tuple[tuple[Channel, str], ...]", tuple(channels.items()))
    known = None if mark is None else known_mark(mark)
    return Intent(tuple(dict.fromkeys(names)), known, pairs, without_of(table, without, made))


def without_of(table: Table, without: Any, made: Collection[str] = ()) -> Without:
    """Return what no chart may show.

    Parameters
    ----------
    table
        From `open_table`.
    without
        A column's name, a mark, a chart, or several of these; or a dict that says which is which:
        ``{"columns": ["id"], "marks": ["arc"], "charts": [chart]}``.
    made
        As in `intent_of`.

    Raises
    ------
    InputError
        For what is neither.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> without_of(open_table({"price": [1, 2]}), ["price", "arc"]).marks
    ('arc',)
    """
    if isinstance(without, Mapping):
        for part in without:
            if part not in WITHOUT_PARTS:
                raise InputError(_unknown("part of without", part, WITHOUT_PARTS))
        parts = {part: _several(without.get(part)) for part in WITHOUT_PARTS}
        return Without(
            tuple(_in_charts(table, parts["columns"], made)),
            tuple(known_mark(mark) for mark in parts["marks"]),
            tuple(_story(chart) for chart in parts["charts"]),
        )
    found = Without()
    for one in _several(without):
        if not isinstance(one, str):
            found |= Without(stories=(_story(one),))
        elif one in table.columns or one.lower() not in (*MARKS, *MARK_NAMES):
            found |= Without(columns=tuple(_in_charts(table, [one], made)))
        else:
            found |= Without(marks=(known_mark(one),))
    return found


def about_of(
    table: Table, about: object, profile: Profile, made: Collection[str] = ()
) -> tuple[str, ...] | None:
    """Return the columns that a user asks about, the most first; None where they are guessed.

    Parameters
    ----------
    table
        From `open_table`.
    about
        As `recommend` takes it.
    profile
        What the model knows of the table.
    made
        As in `intent_of`.

    Raises
    ------
    UnknownColumnError
        For a name that the table does not have; the nearest is suggested.
    InputError
        For a column that no chart can be about.
    """
    if about is None:
        return None
    names = tuple(dict.fromkeys(_column_names(about, "about")))
    for name in names:
        if name not in made:
            _check_column(table, name)
        column = profile.column(name)
        if not column.usable:
            fix = "" if column.constant else ", or say in types= what it is"
            raise InputError(
                f"no chart can be about column {name!r}, which was read as {column.semantic} "
                f"({column.evidence}): ask about another{fix}"
            )
    return names


def types_of(table: Table, types: object) -> dict[str, FieldType]:
    """Return the types that a user gives to columns.

    Parameters
    ----------
    table
        From `open_table`.
    types
        Column -> nominal, ordinal, quantitative or temporal, or Altair's letter for it.

    Raises
    ------
    InputError
        For an unknown column or type.
    """
    if types is None:
        return {}
    if not isinstance(types, Mapping):
        raise InputError(
            f'types maps columns to types, such as {{"zip": "nominal"}}, not {types!r}'
        )
    found: dict[str, FieldType] = {}
    for name, told in types.items():
        if name not in table.columns:
            raise UnknownColumnError(name, table.columns)
        kind = TYPE_LETTERS.get(told, told) if isinstance(told, str) else told
        if kind not in FIELD_TYPES:
            raise InputError(f"column {name!r}: {_unknown('type', told, FIELD_TYPES)}")
        found[name] = kind
    return found


def known_mark(mark: object) -> Mark:
    """Return a mark by its name or by what people call its charts, or raise `InputError`.

    Examples
    --------
    >>> known_mark("pie"), known_mark("Bar")
    ('arc', 'bar')
    """
    said = " ".join(mark.lower().split()) if isinstance(mark, str) else mark
    for known in MARKS:
        if MARK_NAMES.get(str(said), said) == known:
            return known
    if isinstance(said, str) and said in NO_MARKS:
        raise InputError(f"there is no mark {mark!r}: {NO_MARKS[said]}")
    raise InputError(_unknown("mark", mark, MARKS))


def _several(given: Any) -> list[Any]:
    if given is None or given == "":
        return []
    if isinstance(given, str | Chart) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def _story(chart: object) -> frozenset[tuple[str, str]]:
    if not isinstance(chart, Chart):
        raise InputError(
            f"without takes names of columns, marks and charts of a gallery, not {chart!r}"
        )
    return chart.design.story()


def _in_charts(table: Table, names: Iterable[object], made: Collection[str]) -> Iterable[str]:
    """Check names of columns; those that no chart can show anyway need no ruling out."""
    left_out = {column.name for column in table.left_out}
    for name in names:
        if not isinstance(name, str) or name not in (*table.columns, *made):
            raise UnknownColumnError(name, table.columns)
        if name not in left_out:
            yield name


def _column_names(columns: object, argument: str = "columns") -> tuple[str, ...]:
    if columns is None or isinstance(columns, str):
        return (columns,) if columns else ()
    if isinstance(columns, Mapping) or not isinstance(columns, Iterable):
        raise InputError(f'{argument} is a list of names, such as ["price"], not {columns!r}')
    return tuple(columns)


def _check_column(table: Table, name: object) -> None:
    if name not in table.columns:
        raise UnknownColumnError(name, table.columns)
    for left_out in table.left_out:
        if left_out.name == name:
            raise InputError(
                f"no chart can show column {name!r}, since {left_out.reason}: ask for another"
            )


def _unknown(what: str, name: object, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.65)
    hint = f"did you mean {near[0]!r}? Use" if near else "use"
    return f"there is no {what} {name!r}; {hint} one of {', '.join(known)}"
