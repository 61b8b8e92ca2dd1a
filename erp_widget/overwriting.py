"""Owns what no file of ours may overwrite: tables that were read, stores, notebooks of a person."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from erp_widget.errors import InputError
from erp_widget.running_notebook import notebook_path

#: Under this key a notebook's metadata say what its cells were when it was written.
EXPORTED = "erp_export"
#: How every SQLite file begins.
_DATABASE = b"SQLite format 3\x00"
#: Path -> what is kept there; a path stays what it was for as long as the process runs.
_held: dict[str, str] = {}


def hold(path: str | os.PathLike[str], what: str) -> None:
    """Keep a file from being overwritten by this process.

    Parameters
    ----------
    path, what
        The file, and what to call it in an error.
    """
    _held[os.path.abspath(path)] = what


def refuse_to_overwrite(target: Path) -> None:
    """Raise where writing a file would destroy what is not ours to write.

    Raises
    ------
    InputError
        The file is a table that was read here, a store, the notebook that runs, or a notebook
        with cells that no export wrote.
    """
    if not target.is_file():
        return
    what = _kept_there(target)
    if what is not None:
        is_of_charts = target.suffix.lower() in (".ipynb", ".json")
        other = f", such as {target.stem}-charts{target.suffix}" if is_of_charts else ""
        raise InputError(f"cannot write {target}, {what}: choose another name{other}")


def _kept_there(target: Path) -> str | None:
    """Return what a file holds that must stay; None of any other file."""
    held = [*_held.items(), (notebook_path(), "the notebook that runs here")]
    for path, what in held:
        with suppress(OSError, ValueError):
            if path is not None and os.path.samefile(path, target):
                return f"which is {what}"
    try:
        if target.suffix.lower() == ".ipynb":
            return _own_notebook(target.read_bytes())
        with target.open("rb") as file:
            return "which is a database" if file.read(len(_DATABASE)) == _DATABASE else None
    except OSError:
        return None  # writing it says why


def _own_notebook(content: bytes) -> str | None:
    """Return what a notebook holds of a person's own; None of one as an export left it."""
    if not content.strip():
        return None
    try:
        notebook = json.loads(content)
        mark = notebook["metadata"].get(EXPORTED)
        if mark is not None and mark == mark_of(notebook["cells"]):
            return None
    except (ValueError, KeyError, TypeError, AttributeError):
        mark = None
    if mark is None:
        return "which is a notebook that no export wrote"
    return "whose cells were changed since it was exported"


def mark_of(cells: Sequence[Mapping[str, Any]]) -> str:
    r"""Return the mark of an exported notebook: another one once a person has changed its cells.

    What a cell shows is no change: an export may be run.

    Examples
    --------
    >>> cells = [{"cell_type": "code", "source": ["a\n", "b"], "outputs": []}]
    >>> mark_of(cells) == mark_of([{"cell_type": "code", "source": "a\nb"}])
    True
    """
    told = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
