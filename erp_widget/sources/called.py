"""Owns what a table is called: by its file, the variable that holds it, or its columns."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vizmodel.patterns import late_pattern

if TYPE_CHECKING:
    from types import FrameType

#: What tables without a name are called where nothing is known of their columns either.
UNNAMED = "table"
#: Names of variables that say nothing of what is in a table.
_SAYS_NOTHING = late_pattern(
    r"_.*|.|(df|data|dataset|dataframe|frame|table|tables|tbl|tab|dat|rel|relation|result|results"
    r"|res|raw|rows|records|tmp|temp|obj|item|one|each|part|chunk|group|subset|sub|new|old|pdf|pldf)"
    r"_?\d*"
)
#: Columns that a name tells, characters of each, and of all of them.
TOLD_COLUMNS, TOLD_LENGTH, MAX_NAME = 3, 24, 44


def table_name(data: Any, name: str | None) -> str | None:
    """Return what to call a table: the given name, or a file's; None where it has none."""
    if name:
        return name
    if isinstance(data, list | tuple) and data and isinstance(data[0], str | os.PathLike):
        data = data[0]
    if isinstance(data, str | os.PathLike):
        folder, file = os.path.split(os.fspath(data))
        # Of a pattern what stands before its first sign, or the name of its folder.
        plain = re.split(r"[*?\[]", file.partition(".")[0])[0].rstrip("-_ ")
        return plain or os.path.basename(folder) or UNNAMED
    own = getattr(data, "name", None)  # of a series or a stored dataset; a frame's is a column
    return own if isinstance(own, str) and own else None


def named_by_caller(data: Any, name: str | None, frame: FrameType) -> str | None:
    """Return the name that the caller's own code has for a table, where it says something.

    The objects themselves are compared, never their values. Where several variables hold the
    table, the one that the calling code names is meant.

    Parameters
    ----------
    data, name
        What was passed; a name that was given or that a file has comes first.
    frame
        Of the calling code.

    Examples
    --------
    >>> import sys
    >>> penguins = {"species": ["Adelie"]}
    >>> named_by_caller(penguins, None, sys._getframe())
    'penguins'
    """
    known = table_name(data, name)
    if known is not None:
        return known
    held = [
        variable
        for scope in (frame.f_locals, frame.f_globals)
        for variable, value in list(scope.items())
        if value is data and variable.isidentifier() and not _SAYS_NOTHING.fullmatch(variable)
    ]
    code = frame.f_code
    written = {*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars}
    return next((one for one in held if one in written), None)


def named_by_columns(columns: Sequence[str]) -> str:
    """Return a short name made of a table's first columns.

    Examples
    --------
    >>> named_by_columns(["species", "island", "mass", "sex", "year"])
    'species, island, mass +2'
    """
    told: list[str] = []
    for column in columns[:TOLD_COLUMNS]:
        short = _short(" ".join(column.split()))
        if told and len(", ".join([*told, short])) > MAX_NAME:
            break
        told.append(short)
    named = ", ".join(one for one in told if one)
    more = len(columns) - len(told)
    return (f"{named} +{more}" if more else named) if named else UNNAMED


def _short(text: str) -> str:
    return text if len(text) <= TOLD_LENGTH else f"{text[: TOLD_LENGTH - 1].rstrip()}…"
