"""Owns the source of the cell that shows a report: what a person would type."""

from __future__ import annotations

import os
from typing import Any

from erp_widget.config import is_mongodb, settings
from erp_widget.reports.name import own_name
from erp_widget.running_notebook import called_in_notebook, notebook_names

MODULE = "erp_widget"
ALIAS = "erp"


def cell_code(name: str, notebook: str, store: Any) -> str:
    """Return source that shows a report in the running notebook.

    Parameters
    ----------
    name, notebook
        Of the report.
    store
        As it was given: a place, an open store, or None for the configured one.

    Returns
    -------
    str
        With the import where the notebook has none. Addresses with a password are left out.

    Examples
    --------
    >>> print(cell_code("Q3 sales", "", None))
    import erp_widget as erp
    <BLANKLINE>
    erp.report("Q3 sales")
    """
    arguments = [] if (name, notebook) == own_name() else [_quoted(name)]
    place = _place(store)
    if place is not None:
        arguments.append(f"store={_quoted(place)}")
    lines, module = _import()
    return "\n".join([*lines, f"{module}.report({', '.join(arguments)})"])


def _import() -> tuple[list[str], str]:
    """Return the lines that import the package, and what it is called after them."""
    called = called_in_notebook(MODULE, ALIAS)
    if called is not None:
        return [], called
    if ALIAS in notebook_names():  # something else of the user's own
        return [f"import {MODULE}", ""], MODULE
    return [f"import {MODULE} as {ALIAS}", ""], ALIAS


def _place(store: Any) -> str | None:
    """Return the place to write into the cell, or None where the configured one will do."""
    place = getattr(store, "location", store)
    if place is None:
        return None
    text: str = os.fspath(place)
    if text == settings().store or text == ":memory:" or (is_mongodb(text) and "@" in text):
        return None
    return text


def _quoted(text: str) -> str:
    """Return text as Python writes it, between double quotes unless it holds some."""
    # A quote of the other kind in front makes Python choose double ones.
    return repr(text) if '"' in text else '"' + repr("'" + text)[2:]
