"""Owns the archive of all that one user has: written by any store, read into any other."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from erp_widget.errors import ConflictError, DamagedStoreError, InputError, NewerStoreError
from erp_widget.overwriting import refuse_to_overwrite
from erp_widget.store.kinds import KINDS, Kind, Row
from erp_widget.store.protocol import Store

FORMAT = "erp-store"
#: With version 2 reports hold more than charts.
VERSION = 2
ABOUT = "store.json"
#: One record on a line; a longer one is no record of ours.
MAX_LINE_BYTES = 64 * 2**20


class Moved(Struct, frozen=True):
    """What an archive brought.

    Parameters
    ----------
    added
        Kind of record -> how many are new.
    there
        How many were there already.
    refused
        One sentence for each record under whose id another one is stored; that one stayed.
    """

    added: dict[str, int]
    there: int
    refused: tuple[str, ...] = ()


def export_archive(store: Store, user: str, path: str | os.PathLike[str]) -> dict[str, int]:
    """Write everything that a user has, hidden records too, into one file.

    The file appears when it is complete; one that was there is replaced only then.

    Returns
    -------
    dict
        Kind of record -> how many; uploads are counted as ``contents``.

    Raises
    ------
    StoreError
        If something cannot be read back.
    InputError
        If the file cannot be written, or is a store, a table that was read, or a notebook.
    """
    place = Path(path).expanduser()
    refuse_to_overwrite(place)
    counts: Counter[str] = Counter()
    try:
        with _replaced(place) as unfinished, zipfile.ZipFile(unfinished, "w", _PACKED) as archive:
            hashes = _write_records(archive, store, user, counts)
            for hash in sorted(hashes):
                with (
                    store.export_content(user, hash) as content,
                    archive.open(f"contents/{hash}", "w", force_zip64=True) as packed,
                ):
                    shutil.copyfileobj(content, packed)
                counts["contents"] += 1
            archive.writestr(ABOUT, json.dumps(_about(user, counts), indent=1))
    except OSError as error:
        raise InputError(
            f"cannot write {place} ({error.strerror}): choose another place"
        ) from error
    return dict(counts)


def import_archive(store: Store, user: str, path: str | os.PathLike[str]) -> Moved:
    """Bring in all records of an archive, for this user, each once however often it is done.

    Raises
    ------
    InputError
        If the file is not there or no archive of this package.
    NewerStoreError
        If a newer version wrote it.
    DamagedStoreError
        If a record or uploaded bytes in it are damaged; what came before stays.
    """
    place = Path(path).expanduser()
    added: Counter[str] = Counter()
    there = 0
    refused: list[str] = []
    with _opened(place) as archive:
        for name in archive.namelist():
            if name.startswith("contents/"):
                with archive.open(name) as content:
                    store.import_content(user, content)  # type: ignore[arg-type]  # reads bytes
        for kind in KINDS:
            for row in _read_records(archive, kind):
                try:
                    new = store.import_row(user, kind, row)
                except ConflictError as error:
                    refused.append(str(error))
                    continue
                added[kind] += new
                there += not new
    return Moved({kind: n for kind, n in added.items() if n}, there, tuple(refused))


def archived_user(path: str | os.PathLike[str]) -> str:
    """Return whose records an archive says it holds.

    Raises
    ------
    InputError
        If the file is not there or no archive of this package, or names nobody.
    """
    place = Path(path).expanduser()
    with _opened(place) as archive:
        user = json.loads(archive.read(ABOUT)).get("user")
    if not isinstance(user, str) or not user:
        raise InputError(f"{place} does not say whose records it holds")
    return user


_PACKED = zipfile.ZIP_DEFLATED


def _about(user: str, counts: Counter[str]) -> dict[str, Any]:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return {
        "format": FORMAT,
        "version": VERSION,
        "user": user,
        "made_at": made_at,
        "records": dict(counts),
    }


def _write_records(
    archive: zipfile.ZipFile, store: Store, user: str, counts: Counter[str]
) -> set[str]:
    """Write one file of lines per kind; return the hashes of the uploads they name."""
    hashes: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="erp-") as folder:
        # Records come in the order of their kinds, but a zip file takes one file at a time.
        lines = {kind: (Path(folder) / kind).open("w", encoding="ascii") for kind in KINDS}
        try:
            for kind, row in store.export_rows(user):
                plain = {name: value for name, value in row.items() if name != "user"}
                lines[kind].write(json.dumps(plain) + "\n")
                counts[kind] += 1
                if row.get("content_hash"):
                    hashes.add(row["content_hash"])
        finally:
            for file in lines.values():
                file.close()
        for kind in KINDS:
            archive.write(Path(folder) / kind, f"{kind}.jsonl")
    return hashes


@contextmanager
def _replaced(place: Path) -> Iterator[Path]:
    """Write beside a file and put it in its place at the end, readable by its owner only."""
    handle, unfinished = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent or ".")
    os.close(handle)
    try:
        yield Path(unfinished)
        os.replace(unfinished, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


@contextmanager
def _opened(place: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive after checking that it is one; turn damage into an error that says so."""
    try:
        with zipfile.ZipFile(place) as archive:
            about = json.loads(archive.read(ABOUT)) if ABOUT in archive.namelist() else None
            if not isinstance(about, dict) or about.get("format") != FORMAT:
                raise InputError(
                    f"{place} is no archive of a store; make one with erp.export_store"
                )
            if not isinstance(about.get("version"), int) or about["version"] > VERSION:
                raise NewerStoreError(
                    f"{place} has version {about.get('version')}, this package reads up to "
                    f"{VERSION}; upgrade it: pip install --upgrade erp-widget"
                )
            yield archive
    except OSError as error:
        raise InputError(f"cannot read {place} ({error.strerror}): check the path") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        raise DamagedStoreError(
            f"{place} is damaged or no archive of a store; take another copy"
        ) from error


def _read_records(archive: zipfile.ZipFile, kind: Kind) -> Iterator[Row]:
    name = f"{kind}.jsonl"
    if name not in archive.namelist():
        return
    with archive.open(name) as lines:
        while line := lines.readline(MAX_LINE_BYTES):
            row = json.loads(line)
            if not isinstance(row, dict) or "user" in row:
                raise DamagedStoreError(f"the archive holds no record of {kind} where one must be")
            # Whose records they become is said by the caller, never by the archive.
            yield {"user": "", **row}
