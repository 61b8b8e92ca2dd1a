"""Owns the summary of a table: what a reader must know of the data before any chart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, to_builtins

from erp_widget.errors import InputError
from erp_widget.telling.figures import MONEY_SIGNS, figure, placed_unit
from erp_widget.telling.percents import short_percent
from erp_widget.words import isolated
from vizmodel.profile.reading.clocks import clock_text

if TYPE_CHECKING:
    from erp_widget.sources import Table
    from erp_widget.sources.query import Kind

#: Columns that one scan of the table looks at; a statement of thousands of parts is slow to plan.
COLUMNS_AT_ONCE = 40
MAX_VALUE_LENGTH = 60
#: Thousands are set apart from here on.
SEPARATED_FROM = 10_000
#: Types of which the smallest and the largest value say something.
BOUNDED = ("number", "date")
#: What a person calls what a column holds.
TYPES: dict[Kind, str] = {
    "whole": "number",
    "real": "number",
    "truth": "yes or no",
    "text": "text",
    "time": "date",
}
LEFT_OUT = "left out"
HEADINGS = ("Column", "Type", "Missing", "Distinct", "Values")


class ColumnSummary(Struct, frozen=True):
    """One column of a table.

    Parameters
    ----------
    name
        As given.
    type
        "number", "date", "text" or "yes or no"; or that it is left out.
    missing
        Rows without a value.
    distinct
        Values that differ.
    values
        Their range, or the most frequent one; why it is left out.
    """

    name: str
    type: str
    missing: int
    distinct: int
    values: str


class DataSummary(Struct, frozen=True):
    """A table in figures: how many rows, and what each column holds.

    Parameters
    ----------
    name, n_rows, columns
        Of the table.
    fingerprint
        Of its rows, by which a store knows what it forgets with the table.
    """

    name: str
    n_rows: int
    columns: tuple[ColumnSummary, ...]
    fingerprint: str = ""

    @property
    def size(self) -> str:
        """Rows and columns in words."""
        rows = "1 row" if self.n_rows == 1 else f"{self.n_rows:,} rows"
        count = len(self.columns)
        return f"{rows}, {count} column{'' if count == 1 else 's'}"

    def cells(self) -> Iterator[tuple[str, ...]]:
        """Return one row of text per column, under `HEADINGS`."""
        for column in self.columns:
            if column.type.startswith(LEFT_OUT):  # it was not counted
                yield column.name, column.type, "", "", column.values
                continue
            share = f" ({short_percent(column.missing / self.n_rows)})" if column.missing else ""
            missing = f"{column.missing:,}{share}"
            yield column.name, column.type, missing, f"{column.distinct:,}", column.values

    def to_json(self) -> str:
        """Return the summary as JSON, for a store."""
        return json.dumps(to_builtins(self))

    @classmethod
    def from_json(cls, text: str) -> DataSummary:
        """Return a summary from what `to_json` wrote.

        Raises
        ------
        InputError
            It is not such a text.
        """
        try:
            plain = json.loads(text)
            columns = tuple(ColumnSummary(**column) for column in plain["columns"])
            mark = str(plain.get("fingerprint", ""))
            return cls(str(plain["name"]), int(plain["n_rows"]), columns, mark)
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(f"this is no summary of a table ({error}): add it again") from error


def summarised(table: Table) -> DataSummary:
    """Return the summary of a table, from all of its rows.

    Parameters
    ----------
    table
        Its rows are counted where they are.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> cities = open_table({"city": ["Rome", "Oslo", "Rome"], "sales": [3, None, 7]}, "cities")
    >>> [(column.type, column.values) for column in summarised(cities).columns]
    [('text', 'most often Rome (2)'), ('number', '3 to 7')]
    """
    columns: list[ColumnSummary] = []
    names = table.columns
    for at in range(0, len(names), COLUMNS_AT_ONCE):
        columns += _some(table, names[at : at + COLUMNS_AT_ONCE])
    return DataSummary(table.name, table.n_rows, tuple(columns), table.fingerprint)


def _some(table: Table, names: tuple[str, ...]) -> list[ColumnSummary]:
    """Summarise several columns: counts and bounds in one scan, then the most frequent values."""
    from erp_widget.sources.query import Measure, Query

    left_out = {one.name: one.reason for one in table.left_out}
    own = {name: table.internal(name) for name in names if name not in left_out}
    kinds = table.relation.kinds if own else {}
    types = {name: TYPES[kinds[at]] for name, at in own.items()}
    wanted: dict[str, Measure] = {}
    for name, at in own.items():
        wanted |= {f"n_{at}": Measure("count", at), f"d_{at}": Measure("distinct", at)}
        if types[name] in BOUNDED:
            wanted |= {f"l_{at}": Measure("min", at), f"h_{at}": Measure("max", at)}
    found = table.relation.ask(Query({}, wanted))[0] if wanted else {}
    often: dict[str, Any] = {}
    for name, at in own.items():
        if types[name] not in BOUNDED:
            often |= _most_often(table, at)
    columns = []
    units = {cast.column: cast.unit for cast in table.casts}
    for name in names:
        if name in left_out:
            columns.append(ColumnSummary(name, LEFT_OUT, 0, 0, left_out[name]))
            continue
        of = {key[0]: value for key, value in (found | often).items() if key[2:] == own[name]}
        missing = table.n_rows - of["n"]
        values = _values(of, name in table.clocks, units[name])
        columns.append(ColumnSummary(name, types[name], missing, of["d"], values))
    return columns


def _most_often(table: Table, at: str) -> dict[str, Any]:
    """Return the most frequent value of a column, and how often it occurs."""
    from erp_widget.sources.query import Key, Measure, Query

    query = Query({"m": Key(at)}, {"t": Measure("rows")}, present=(at,), largest="t", limit=1)
    return {
        f"{part}_{at}": value for raw in table.relation.ask(query) for part, value in raw.items()
    }


def _values(of: dict[str, Any], is_clock: bool, unit: str) -> str:
    """Return the range of a column, or its most frequent value."""
    low, high = of.get("l"), of.get("h")
    if low is not None and high is not None:
        ends = [clock_text(end) if is_clock else _said(end) for end in (low, high)]
        if isinstance(low, int | float) and isinstance(high, int | float):
            # Money has its sign at both ends, other units stand behind the last.
            first = placed_unit(ends[0], low, unit) if unit in MONEY_SIGNS else ends[0]
            ends = [first, placed_unit(ends[1], high, unit)]
        return ends[1] if low == high else " to ".join(ends)
    if of.get("m") is None or (of.get("t") or 0) < 2:
        return ""
    return f"most often {_said(of['m'])} ({of['t']:,})"


def _said(value: Any) -> str:
    """Return a value on one line, not too long."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, float) and not (value.is_integer() and abs(value) < 1e15):
        return figure(value)
    if isinstance(value, int | float):
        # Four digits stay together, as years do.
        return f"{value:.0f}" if abs(value) < SEPARATED_FROM else f"{value:,.0f}"
    text = " ".join(str(value).split())
    short = text if len(text) <= MAX_VALUE_LENGTH else text[: MAX_VALUE_LENGTH - 1] + "…"
    return isolated(short)
