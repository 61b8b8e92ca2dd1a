"""Owns the reading of Excel workbooks: which sheet, where its table starts, what its cells are."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from erp_widget.config import max_upload_bytes
from erp_widget.errors import SourceError
from erp_widget.sources.blanks import fill, filled_down, left_out, stands_for, subtotals
from erp_widget.sources.columns import column_array, unique_names
from erp_widget.sources.footnotes import notes_below
from erp_widget.sources.frames import Frame
from erp_widget.sources.gathering import check_rows
from erp_widget.sources.rows import MemoryRows
from erp_widget.sources.surroundings import (
    LOOKED_AT,
    Surroundings,
    column_names,
    first_wide,
    rows_above,
    rows_below,
)
from erp_widget.sources.total_rows import rows_after


def read_workbook(path: Path, max_rows: int | None = None) -> Frame:
    """Read the first sheet of a workbook that holds a table.

    The first row that is nearly as wide as any that follows is the header; empty rows and columns
    around the table are left out, and what else stands there.

    Raises
    ------
    SourceError
        If no sheet holds a table, or the file is none, is locked or too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _check_unpacked(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            shown = [s.name for s in workbook.sheets_metadata if "Visible" in str(s.visible)]
            names = shown or workbook.sheet_names
            for name in names:
                frame = _table(workbook.get_sheet_by_name(name).to_python())
                if frame is not None:
                    check_rows(frame.rows.n_rows, path.name, max_rows)
                    return Frame(frame.rows, (*_sheets(name, names), *frame.notes))
    except CalamineError as error:
        locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
        fix = "remove its password" if locked else "save it again as xlsx, or as csv"
        raise SourceError(f"cannot read {path.name} as a workbook: {fix}") from error
    raise SourceError(f"{path.name} has no sheet with a header and rows: check its sheets")


def _check_unpacked(path: Path) -> None:
    limit = max_upload_bytes()
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        n_bytes = sum(entry.file_size for entry in archive.infolist())
    if n_bytes > limit:
        raise SourceError(
            f"{path.name} unpacks to {n_bytes / 2**20:,.0f} MB, more than "
            f"{limit / 2**20:,.0f} MB: raise ERP_MAX_UPLOAD_MB, or save it as csv or parquet"
        )


def _sheets(name: str, names: Sequence[str]) -> list[str]:
    others = [other for other in names if other != name]
    if not others:
        return []
    shown = ", ".join(others[:4]) + (f" and {len(others) - 4} more" if len(others) > 4 else "")
    return [f"read the sheet {name}; not read: {shown}"]


def _table(rows: list[list[Any]]) -> Frame | None:
    """Return the table on a sheet, or None where there is no header with a row below."""
    places = [at for at, row in enumerate(rows) if any(cell != "" for cell in row)]
    if not places:
        return None
    rows = [rows[at] for at in places]
    # Columns that are empty throughout are what is left and right of the table.
    used = [at for at in range(len(rows[0])) if any(row[at] != "" for row in rows)]
    rows = [[row[at] for at in used] for row in rows]
    beginning = [_texts(row) for row in rows[:LOOKED_AT]]
    # Titles above a table are narrower than it; a header may lack a name or two.
    above = rows_above(beginning)
    above = (first_wide(beginning) or 0) if above is None else above
    below = rows_below(beginning[above + 1 :])
    body = rows[above + 1 + below :]
    totals, notes = _at_end(body, places)
    body = body[: len(body) - totals - notes]
    if not body:
        return None
    joined = column_names(beginning, above, below)
    names, renamed = unique_names(_name(n, at) for at, n in enumerate(joined or rows[above]))
    sums = frozenset(subtotals(body))
    body = [row for at, row in enumerate(body) if at not in sums]
    stand_once = filled_down(body)
    body = fill(body, stand_once)
    columns = [column_array([_value(row[at]) for row in body]) for at in range(len(used))]
    around = Surroundings(above, below, totals, notes, joined)
    filled = [left_out(len(sums))] if sums else []
    filled += [stands_for(names[at]) for at in stand_once]
    told = (*around.said(), *filled, *renamed)
    return Frame(MemoryRows(pa.table(columns, names=names)), told)


def _at_end(body: Sequence[list[Any]], places: Sequence[int]) -> tuple[int, int]:
    """Return how many of the last rows are totals, and how many are notes.

    Places say where on its sheet each row is.
    """
    last = [_texts(row) for row in body[-LOOKED_AT:]]
    at = places[len(places) - len(last) :]
    gaps = [n for n in range(1, len(last)) if at[n] > at[n - 1] + 1]
    ends = [max((n for n, cell in enumerate(row, start=1) if cell), default=1) for row in last]
    bare = [row[:end] for row, end in zip(last, ends, strict=True)]
    below_it = notes_below(bare, gaps, max(map(len, last), default=0))
    kept = last[: len(last) - below_it]
    totals, notes = rows_after(kept, whole=len(last) == len(body))
    return totals, notes + below_it


def _texts(row: list[Any]) -> list[str]:
    return [str(cell).strip() for cell in row]


def _name(cell: Any, at: int) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell).strip() or f"column {at + 1}"


def _value(cell: Any) -> Any:
    """Return a cell as a table keeps it; a workbook's whole numbers are floats, its gaps empty."""
    if cell == "" or (isinstance(cell, str) and cell.startswith("#") and cell.endswith(("!", "A"))):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, time):
        return cell.isoformat()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    return cell
