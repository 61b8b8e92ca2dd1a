"""Owns writing an export to a file: the old file stays until the new one is whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from erp_widget.errors import ExportError
from erp_widget.overwriting import refuse_to_overwrite


def write(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file in one step and return its path.

    Parameters
    ----------
    path
        Where; a tilde is the home folder.
    content
        Text is written as UTF-8.

    Raises
    ------
    ExportError
        The place cannot be written; an old file there is as it was.
    InputError
        What is there is no export: a table that was read, a store, a notebook of a person.
    """
    target = checked(path)
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    try:
        _replace(target, data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(f"cannot write {path} ({reason}): choose another place") from error
    return target


def checked(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file to write.

    Raises
    ------
    ExportError
        It names no file.
    InputError
        Writing it would destroy a table, a store or a notebook of a person.
    """
    if not isinstance(path, str | os.PathLike) or not os.fspath(path):
        raise ExportError(f'give the path of a file, such as "report.html", not {path!r}')
    target = Path(path).expanduser()
    refuse_to_overwrite(target)
    return target


def _replace(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    if target.exists() and not target.is_file():  # a pipe or /dev/stdout
        target.write_bytes(data)
        return
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".erp-", suffix=target.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """Return the permissions that the file has, or that a new one would get."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
