"""Owns the kinds of records and the columns of each, which both backends keep under one name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, get_args

from erp_widget.errors import DamagedStoreError
from vizmodel.patterns import late_pattern

Kind = Literal["datasets", "galleries", "charts", "reports", "events"]
ColumnType = Literal["text", "text or nothing", "number", "number or nothing", "texts"]
Row = Mapping[str, Any]

#: In the order in which records are brought in: a dataset before what was made from it.
KINDS: tuple[Kind, ...] = get_args(Kind)

_WHOSE: dict[str, ColumnType] = {"user": "text", "id": "text", "created_us": "number"}
#: What `Search` looks at: folded text, names of columns, marks.
_SEARCHED: dict[str, ColumnType] = {
    "search_text": "text",
    "search_columns": "texts",
    "search_marks": "texts",
}

COLUMNS: dict[Kind, dict[str, ColumnType]] = {
    "datasets": {
        **_WHOSE,
        "deleted_us": "number or nothing",
        "name": "text",
        "n_rows": "number",
        "columns": "text",
        "fingerprint": "text",
        "format": "text or nothing",
        "n_bytes": "number or nothing",
        "content_hash": "text or nothing",
        **_SEARCHED,
    },
    "galleries": {
        **_WHOSE,
        "deleted_us": "number or nothing",
        "dataset_id": "text or nothing",
        "title": "text",
        "charts": "text",
        "weights": "text or nothing",
        **_SEARCHED,
    },
    "charts": {
        **_WHOSE,
        "deleted_us": "number or nothing",
        "dataset_id": "text or nothing",
        "dataset_name": "text",
        "title": "text",
        "mark": "text",
        "fields": "text",
        "record": "text",
        **_SEARCHED,
    },
    # The id of a report is its name, its time that of the last change.
    "reports": {**_WHOSE, "notebook": "text", "entries": "text", "revision": "number"},
    "events": {**_WHOSE, "kind": "text", "subject_id": "text", "name": "text", **_SEARCHED},
}
#: Kinds that can be hidden and brought back.
HIDEABLE: tuple[Kind, ...] = ("datasets", "galleries", "charts")

_ID = late_pattern(r"[A-Za-z0-9_:-]{1,80}", re.ASCII)

_PYTHON: dict[ColumnType, tuple[type, ...]] = {
    "text": (str,),
    "text or nothing": (str, type(None)),
    "number": (int,),
    "number or nothing": (int, type(None)),
    "texts": (list, tuple),
}


def check_row(kind: Kind, row: Row) -> None:
    """Raise unless a row that comes from outside has just the columns and types of its kind.

    Raises
    ------
    DamagedStoreError
        It names the kind and the column.
    """
    columns = COLUMNS[kind]
    for name in columns.keys() ^ row.keys():
        raise DamagedStoreError(f"a record of {kind} has a wrong set of columns ({name!r:.40})")
    for name, type_name in columns.items():
        value = row[name]
        fits = isinstance(value, _PYTHON[type_name]) and not isinstance(value, bool)
        if fits and type_name == "texts":
            fits = all(isinstance(text, str) for text in value)
        if fits and isinstance(value, int):
            fits = 0 <= value < 2**63
        if fits and name == "id" and kind != "reports":
            fits = _ID.fullmatch(value) is not None
        if not fits:
            raise DamagedStoreError(f"a record of {kind} has a wrong {name}")
