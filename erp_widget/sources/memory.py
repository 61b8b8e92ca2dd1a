"""Owns how much memory DuckDB's queries may take, and where they go on when that is not enough."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from msgspec import Struct

from erp_widget.config import memory_bytes
from erp_widget.errors import SourceError

PREFIX = "erp-spill-"


class Scans(Struct, weakref=True):
    """How often rows were read.

    Parameters
    ----------
    count
        All times.
    n_spilled
        Those that went on on disk, since memory was not enough.
    """

    count: int = 0
    n_spilled: int = 0


@cache
def spill_folder() -> Path:
    """Return where DuckDB writes what memory does not hold; it goes when the process ends.

    Nobody else may read it.
    """
    made = tempfile.mkdtemp(prefix=own_prefix(PREFIX))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made) / "rows"


def own_prefix(prefix: str) -> str:
    """Return how folders of this process begin; what killed ones of this user left goes now.

    Parameters
    ----------
    prefix
        What folders of one kind have in common, whoever made them.
    """
    _remove_left(prefix)
    return f"{prefix}{os.getpid()}-"


@cache
def _remove_left(prefix: str) -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if _is_ownerless(left.name.removeprefix(prefix), left):
            shutil.rmtree(left, ignore_errors=True)


def _is_ownerless(name: str, folder: Path) -> bool:
    """Whether a folder of this user belongs to a process that is no more."""
    process = name.partition("-")[0]
    try:
        if not process.isdigit() or folder.stat().st_uid != os.getuid():
            return False
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, AttributeError):  # not ours; or Windows, which has no getuid
        return False
    return False


@contextmanager
def watched(scans: Scans) -> Iterator[None]:
    """Count one scan, and tell whether it went on on disk.

    Raises
    ------
    SourceError
        The memory that is allowed was not enough, nor was there a place on disk.
    """
    import duckdb

    before = _last_written()
    scans.count += 1
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise SourceError(
            f"this takes more than {_allowed()} of memory, which is all that queries may use: "
            'allow more, as by erp.configure(memory="4 GB") or ERP_MEMORY, or make room in '
            f"{tempfile.gettempdir()}"
        ) from error
    finally:
        scans.n_spilled += _last_written() != before


def _last_written() -> int:
    """Return when a file was last made or removed there; 0 if never."""
    try:
        return spill_folder().stat().st_mtime_ns
    except OSError:
        return 0


def spilled_note() -> str:
    """Return what to say of a chart that was worked out on disk."""
    return f"worked out partly on disk, since it takes more than {_allowed()} of memory"


def _allowed() -> str:
    limit = memory_bytes()
    if limit is None:
        return "80% of this machine's"
    return f"{limit / 1e9:,.3g} GB" if limit >= 1e9 else f"{limit / 1e6:,.0f} MB"
