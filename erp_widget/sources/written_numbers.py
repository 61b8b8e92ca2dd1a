"""Owns numbers as people write them in files: decimal commas, thousands apart."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

#: What stands between thousands besides a point or a comma: spaces of three widths, apostrophes.
_GAPS = " \u00a0\u202f'\u2019"
_SIGN = r"^\s*[+-]?"
#: Grouped by points or gaps, decimals after a comma.
CONTINENTAL = rf"{_SIGN}(\d{{1,3}}([.{_GAPS}]\d{{3}})+|\d+)(,\d+)?\s*$"
#: Grouped by commas or gaps, decimals after a point.
ENGLISH = rf"{_SIGN}(\d{{1,3}}([,{_GAPS}]\d{{3}})+|\d+)(\.\d+)?\s*$"
#: Read by one as thousands, by the other as decimals.
EITHER = rf"{_SIGN}\d{{1,3}},\d{{3}}\s*$"


def is_continental(table: pa.Table, delimiter: str) -> bool:
    """Return whether a file writes decimals after a comma.

    One column whose numbers cannot be read otherwise says so; where all can be read both ways,
    a file separated by commas means thousands, any other decimals.
    """
    for column in table.columns:
        if not _is_text(column) or not _any(column, ","):
            continue
        if _all(column, CONTINENTAL) and not (_all(column, EITHER) and delimiter == ","):
            return True
    return False


def with_numbers(table: pa.Table, continental: bool) -> tuple[pa.Table, list[str], list[str]]:
    """Return a table whose text columns of written numbers are numbers.

    Returns
    -------
    tuple
        The table, and the names of the columns that became numbers: those with decimal commas,
        and those with thousands apart.
    """
    decimals: list[str] = []
    thousands: list[str] = []
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        number = _number(column, continental) if _is_text(column) else None
        columns.append(column if number is None else number)
        if number is not None:
            (decimals if continental and _any(column, ",") else thousands).append(name)
    return pa.table(columns, names=table.column_names), decimals, thousands


def _number(column: pa.ChunkedArray, continental: bool) -> pa.ChunkedArray | None:
    pattern = CONTINENTAL if continental else ENGLISH
    if not _all(column, pattern) or not pc.any(pc.match_substring_regex(column, r"\D")).as_py():
        return None
    if _starts_with_zeros(column):
        return None
    group = rf"[{'.' if continental else ','}\s{_GAPS}]"
    bare = pc.replace_substring_regex(column, group, "")
    if continental:
        bare = pc.replace_substring(bare, ",", ".")
    numbers: pa.ChunkedArray = pc.cast(pc.replace_substring_regex(bare, r"^\+", ""), pa.float64())
    return numbers


def _starts_with_zeros(column: pa.ChunkedArray) -> bool:
    """Return whether these are codes, which would lose their zeros."""
    return bool(pc.any(pc.match_substring_regex(column, r"^0\d")).as_py())


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _all(column: pa.ChunkedArray, pattern: str) -> bool:
    """Return whether every value that is there fits, and one is there."""
    fits = pc.match_substring_regex(column, pattern)
    return bool(pc.all(fits).as_py()) and column.null_count < len(column)


def _any(column: pa.ChunkedArray, text: str) -> bool:
    return bool(pc.any(pc.match_substring(column, text)).as_py())
