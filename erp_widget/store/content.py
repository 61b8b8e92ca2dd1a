"""Owns uploaded bytes on their way into and out of a store: spooled, hashed, checked."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

from msgspec import Struct

from erp_widget.errors import DamagedStoreError, InputError

CHUNK_BYTES = 2**20
#: Uploads up to this size stay in memory on their way, larger ones go through a temporary file.
MAX_IN_MEMORY_BYTES = 16 * 2**20


class Content(Struct, frozen=True):
    """Bytes that were read to their end, their SHA-256 in hexadecimal and their number."""

    file: IO[bytes]
    hash: str
    n_bytes: int

    def parts(self) -> Iterator[bytes]:
        """Return the bytes from the start, one MiB at a time; of no bytes one empty part."""
        self.file.seek(0)
        yield self.file.read(CHUNK_BYTES)
        while part := self.file.read(CHUNK_BYTES):
            yield part


@contextmanager
def spooled(source: BinaryIO) -> Iterator[Content]:
    """Read a file to its end before a store is touched, so that no transaction waits for it."""
    with tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY_BYTES) as file:
        digest, n_bytes = hashlib.sha256(), 0
        while chunk := source.read(CHUNK_BYTES):
            if not isinstance(chunk, bytes):
                raise InputError('content must be opened for bytes: open(path, "rb")')
            digest.update(chunk)
            file.write(chunk)
            n_bytes += len(chunk)
        yield Content(cast(IO[bytes], file), digest.hexdigest(), n_bytes)


def checked_content(chunks: Iterable[bytes], expected_hash: str) -> BinaryIO:
    """Return stored bytes as an open file at its start, or raise if they are not what came in."""
    file = tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY_BYTES)  # noqa: SIM115  # returned
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        file.write(chunk)
    if digest.hexdigest() != expected_hash:
        file.close()
        raise DamagedStoreError(
            "the stored bytes of this dataset are damaged; recommend the original file, "
            "or restore the store from a backup"
        )
    file.seek(0)
    return cast(BinaryIO, file)
