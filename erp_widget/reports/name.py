"""Owns what reports are called: by name, or by the notebook that they belong to."""

from __future__ import annotations

import os
from pathlib import PurePath

from erp_widget.errors import InputError
from erp_widget.running_notebook import notebook_path

#: The report of everything that runs outside a notebook.
DEFAULT_NAME = "report"
DEFAULT_TITLE = "Report"
NOTEBOOK_SUFFIX = ".ipynb"
MAX_NAME_LENGTH = 500
#: Before the number of a notebook in the metadata of its cells.
MARK = "notebook-"


def own_name() -> tuple[str, str]:
    """Return the name of the running notebook's report and the notebook, or the common name."""
    path = notebook_path()
    return (DEFAULT_NAME, "") if path is None else (path, path)


def checked_name(name: object) -> tuple[str, str]:
    """Return the name that a report is kept under, and the notebook if it is the name of one.

    Parameters
    ----------
    name
        Any text; a path that ends with .ipynb stands for that notebook's report.

    Raises
    ------
    InputError
        It is empty, too long, or not text.

    Examples
    --------
    >>> checked_name(" Q3 sales ")
    ('Q3 sales', '')
    >>> checked_name("/home/ada/../ada/sales.ipynb")
    ('/home/ada/sales.ipynb', '/home/ada/sales.ipynb')
    """
    if not isinstance(name, str) or not name.strip():
        raise InputError(f'a report\'s name is text, such as erp.report("Q3 sales"), not {name!r}')
    if len(name) > MAX_NAME_LENGTH or "\x00" in name:
        raise InputError(
            f"a report's name has at most {MAX_NAME_LENGTH} characters and no null character"
        )
    found = name.strip()
    if found.lower().endswith(NOTEBOOK_SUFFIX):
        path = os.path.abspath(os.path.expanduser(found))
        return path, path
    return found, ""


def mark_of(name: str) -> str:
    """Return what is noted in the cell of a notebook's own report.

    Notebooks are handed on, so a number stands for the path: FNV-1a with 32 bits.

    Examples
    --------
    >>> mark_of("/home/ada/sales.ipynb")
    'notebook-e480e2af'
    """
    number = 0x811C9DC5
    for character in name:
        number = ((number ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return f"{MARK}{number:08x}"


def told_as(name: str, notebook: str) -> str:
    """Return what a sentence calls a report.

    Examples
    --------
    >>> told_as("/home/ada/sales 2024.ipynb", "/home/ada/sales 2024.ipynb")
    'the report of sales 2024.ipynb'
    >>> told_as("Q3 sales", "")
    'the report “Q3 sales”'
    """
    return f"the report of {PurePath(notebook).name}" if notebook else f"the report “{name}”"


def title_of(name: str, notebook: str) -> str:
    """Return what to show above a report.

    Examples
    --------
    >>> title_of("/home/ada/sales 2024.ipynb", "/home/ada/sales 2024.ipynb")
    'sales 2024'
    >>> title_of("report", "")
    'Report'
    """
    if notebook:
        stem = PurePath(notebook).stem
        return DEFAULT_TITLE if stem.startswith("Untitled") else stem
    return DEFAULT_TITLE if name == DEFAULT_NAME else name
