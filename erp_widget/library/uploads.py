"""Owns uploads: files that are kept in the store, to recommend charts for them later."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from erp_widget.config import max_upload_bytes, max_upload_rows, settings
from erp_widget.errors import InputError, SourceError
from erp_widget.store import Dataset, Location, Store, open_store


def upload(
    file: str | os.PathLike[str] | BinaryIO, name: str | None = None, *, store: Location = None
) -> Dataset:
    r"""Keep a file in the store, to recommend charts for it later without the file.

    Parameters
    ----------
    file
        Path of a csv, tsv, json, jsonl, parquet (also gzipped) or xlsx file, or such a file opened
        for bytes, whose name or `name` then tells the format.
    name
        What to call it; the file's own name without its suffix if None.
    store
        Where to keep it; None takes the configured store.

    Returns
    -------
    Dataset
        Its `id` finds it again, `erp.recommend(dataset)` reads it. The same file under the same
        name is the same dataset.

    Raises
    ------
    InputError
        If the file cannot be read as a table.
    StoreError
        If it cannot be kept.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "sales.csv").write_text("city,price\nRome,3\nOslo,4\n")
    >>> dataset = upload(folder / "sales.csv", store=":memory:")
    >>> dataset.name, dataset.n_rows, dataset.columns
    ('sales', 2, ('city', 'price'))
    """
    if isinstance(file, str | os.PathLike):
        return _upload(Path(file).expanduser(), name, open_store(store))
    if not hasattr(file, "read"):
        raise InputError(
            f"pass the path of a file or a file opened for bytes, not {type(file).__name__}: "
            "write the table to a file first, such as a parquet file; recommend takes it as it is"
        )
    return _upload_open(file, name, open_store(store))


def _upload(path: Path, name: str | None, store: Store) -> Dataset:
    """Check that a file is a table, then keep its bytes as they are."""
    from erp_widget.sources import open_table
    from erp_widget.sources.files import file_name

    found = file_name(path)
    limit = max_upload_bytes()
    if found.path.stat().st_size > limit:
        raise InputError(
            f"{path.name} is larger than the {limit / 2**20:,.0f} MB that are kept: raise "
            "ERP_MAX_UPLOAD_MB, or recommend it by its path, which needs no copy"
        )
    table = open_table(path, name, max_rows=max_upload_rows())
    try:
        with found.path.open("rb") as content:
            return store.add_dataset(
                settings().user,
                **table.described,
                content=content,
                format=found.format + (".gz" if found.gzipped else ""),
            )
    except OSError as error:
        raise SourceError(
            f"cannot read {path} ({error.strerror}); check its permissions"
        ) from error


def _upload_open(file: BinaryIO, name: str | None, store: Store) -> Dataset:
    """Keep an open file by way of a temporary one, since a table is read by its format."""
    own = getattr(file, "name", None)
    own = own if isinstance(own, str) else ""
    suffixes = _suffixes(own) or _suffixes(name or "")
    if not suffixes:
        raise InputError(
            'an open file needs a name that tells its format: erp.upload(file, name="sales.csv")'
        )
    called = Path(name or own).name
    if called.lower().endswith(suffixes.lower()):
        called = called[: -len(suffixes)]
    with tempfile.TemporaryDirectory(prefix="erp-") as folder:
        path = Path(folder) / f"upload{suffixes}"
        with path.open("wb") as copy:
            try:
                shutil.copyfileobj(file, copy)
            except TypeError as error:
                raise InputError('open the file for bytes: open(path, "rb")') from error
        return _upload(path, called or "upload", store)


def _suffixes(name: str) -> str:
    """Return what tells a file's format: its last suffix, before a .gz the one before too."""
    found = Path(name).suffixes
    return "".join(found[-2:] if found and found[-1].lower() == ".gz" else found[-1:])
