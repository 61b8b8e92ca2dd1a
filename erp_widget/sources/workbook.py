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
from erp_widget.sources.columns import column_array, unique_names
from erp_widget.sources.frames import Frame
from erp_widget.sources.gathering import check_rows
from erp_widget.sources.rows import MemoryRows


def read_workbook(path: Path, max_rows: int | None = None) -> Frame:
    """Read the first sheet of a workbook that holds a table.

    The first row with as many cells as any that follows is the header; empty rows and columns
    around the table are left out.

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
    widths = [sum(cell != "" for cell in row) for row in rows]
    widest = max(widths, default=0)
    if widest == 0:
        return None
    # Titles above a table are narrower than it; a header may lack a name or two.
    at = next(n for n, width in enumerate(widths) if width >= max(1, widest * 0.6))
    header = rows[at]
    body = [row for n, row in enumerate(rows) if n > at and widths[n] > 0]
    if not body:
        return None
    used = [n for n in range(len(header)) if header[n] != "" or any(row[n] != "" for row in body)]
    names, notes = unique_names(_name(header[n], n) for n in used)
    columns = [column_array([_value(row[n]) for row in body]) for n in used]
    above = f"left out {at} rows above the header" if at and any(widths[:at]) else ""
    return Frame(MemoryRows(pa.table(columns, names=names)), (*([above] if above else []), *notes))


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
