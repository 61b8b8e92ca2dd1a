"""Owns files of text before their rows are read: unpacked size, encoding, Excel's first line."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from erp_widget.config import max_upload_bytes
from erp_widget.errors import SourceError
from erp_widget.sources.legacy_text import GUESSED_BYTES, legacy_encoding

#: As much of a file as its encoding and header are told from.
START_BYTES = 2**20
PART_BYTES = 2**20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What Excel writes before the header so that it finds its own separator again.
_SEPARATOR_LINE = re.compile(rb"\A(?:\xef\xbb\xbf)?sep=([^\r\n])\r?\n", re.IGNORECASE)


def opened(path: Path, gzipped: bool) -> Any:
    """Open a file for bytes, unpacked."""
    return gzip.open(path, "rb") if gzipped else path.open("rb")


def start_of(path: Path, gzipped: bool) -> bytes:
    """Return the beginning of a file, unpacked."""
    with opened(path, gzipped) as stream:
        content: bytes = stream.read(START_BYTES)
    return content


def check_unpacked(path: Path, gzipped: bool) -> None:
    """Raise if a packed file is larger inside than one may be.

    Raises
    ------
    SourceError
        It names the setting.
    """
    if not gzipped:
        return
    limit, n_bytes = max_upload_bytes(), 0
    # Nothing unpacks to more than a thousand times its size.
    if path.stat().st_size * 1100 <= limit:
        return
    with opened(path, gzipped) as stream:
        while part := stream.read(PART_BYTES):
            n_bytes += len(part)
            if n_bytes > limit:
                raise SourceError(
                    f"{path.name} unpacks to more than {limit / 2**20:,.0f} MB: raise "
                    "ERP_MAX_UPLOAD_MB, or unpack it yourself"
                )


def encoding_of(name: str, start: bytes) -> str:
    """Return the encoding of a text by its beginning.

    Raises
    ------
    SourceError
        If it is no text.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    with suppress(UnicodeDecodeError):
        # A character cut by the end of the start is no proof against UTF-8.
        codecs.getincrementaldecoder("utf-8")().decode(start, final=len(start) < START_BYTES)
        if b"\x00" not in start:
            return "utf-8"
    if b"\x00" in start:
        return _unmarked(name, start[:GUESSED_BYTES])
    return legacy_encoding(start)


def _unmarked(name: str, start: bytes) -> str:
    """Return which UTF-16 a text without a mark is in: every other byte of its ASCII is zero."""
    half = max(1, len(start) // 2)
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > 0.2 and even < 0.05:
        return "utf-16-le"
    if even > 0.2 and odd < 0.05:
        return "utf-16-be"
    raise SourceError(f"{name} holds bytes, not text: save it as text, or as parquet")


@contextmanager
def as_utf8(path: Path, gzipped: bool, notes: list[str]) -> Iterator[tuple[Path, bool, str | None]]:
    """Give a file as text in UTF-8: itself where it is, else a rewritten copy for the meantime.

    Yields
    ------
    tuple
        The path, whether it is packed, and the separator where the file itself names it.
    """
    start = start_of(path, gzipped)
    encoding = encoding_of(path.name, start)
    if encoding in ("utf-8", "utf-8-sig"):
        named = _SEPARATOR_LINE.match(start)
        if named is None:
            yield path, gzipped, None
            return
    else:
        notes.append(f"read as {encoding} text")
        named = None
    handle, copy = tempfile.mkstemp(prefix="erp-", suffix=".txt")
    try:
        with os.fdopen(handle, "wb") as target, opened(path, gzipped) as source:
            if named is not None:
                source.read(named.end())
            _rewrite(source, target, encoding)
        if named is not None:
            yield Path(copy), False, named[1].decode("ascii", "replace")
            return
        with as_utf8(Path(copy), False, []) as (again, _, separator):
            yield again, False, separator
    finally:
        os.unlink(copy)


def _rewrite(source: Any, target: Any, encoding: str) -> None:
    """Copy text part by part; what is no character of the encoding becomes a sign that says so."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while part := source.read(PART_BYTES):
        target.write(decoder.decode(part).encode("utf-8", "replace"))
    target.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
