"""Owns what may go into a store and how it looks there: checks, JSON text, cursors, times, ids."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from erp_widget.errors import DamagedStoreError, InputError, TooLargeForStoreError
from erp_widget.store.protocol import ENTRY_KINDS, ReportEntry
from vizmodel.patterns import late_pattern

MAX_USER_LENGTH = 256
MAX_PAGE_SIZE = 1000
#: Largest whole number that both backends can hold.
MAX_INTEGER = 2**63 - 1
#: One chart or gallery as JSON; MongoDB refuses documents of 16 MiB, so no store takes more.
MAX_BODY_BYTES = 15 * 2**20

_CLIENT_ID = late_pattern(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_CURSOR = late_pattern(r"([0-9]{1,18})\.([A-Za-z0-9_:-]{1,80})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Microseconds since 1970, each later than the one before, so that order is never a tie."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        """Return the time now."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return self._last


now_us = Clock()


def microseconds(when: datetime) -> int:
    """Return a datetime as stores keep it; one without a zone is in the user's own."""
    return (when.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """Return a stored time as a datetime in UTC.

    Examples
    --------
    >>> moment(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return _EPOCH + timedelta(microseconds=microseconds)


def checked_user(user: object) -> str:
    """Return a user name that is text, or raise; a mapping would be an operator to MongoDB."""
    if not isinstance(user, str) or not user.strip():
        raise InputError(f"user must be non-empty text, not {user!r}")
    if len(user) > MAX_USER_LENGTH or "\x00" in user or storable(user) != user:
        raise InputError(
            f"user must be at most {MAX_USER_LENGTH} valid characters without a null character"
        )
    return user


def checked_text(what: str, value: object) -> str:
    """Return text to look something up by, or raise."""
    if not isinstance(value, str):
        raise InputError(f"{what} must be text, not {type(value).__name__}")
    return storable(value)


def checked_id(value: str | None) -> str:
    """Return an id made by the caller, or a new one for None."""
    if value is None:
        return str(uuid.uuid4())
    if not isinstance(value, str) or not _CLIENT_ID.fullmatch(value):
        raise InputError(f"id must be letters, digits, - or _ such as a UUID, not {value!r}")
    return value


def checked_integer(what: str, value: object, largest: int = MAX_INTEGER) -> int:
    """Return a whole number from 0 on that every store can hold, or raise."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
        raise InputError(f"{what} must be a whole number from 0 to {largest}, not {value!r}")
    return value


def checked_limit(limit: object) -> int:
    """Return a page size, or raise."""
    if limit == 0:
        raise InputError(f"limit must be from 1 to {MAX_PAGE_SIZE}, not 0")
    return checked_integer("limit", limit, MAX_PAGE_SIZE)


def checked_texts(what: str, values: Iterable[object]) -> tuple[str, ...]:
    """Return several texts as a store can hold them, or raise."""
    if isinstance(values, str | bytes):
        raise InputError(f"{what} must be a list of texts, not one text")
    return tuple(checked_text(what, value) for value in values)


def storable(text: str) -> str:
    """Return text without half characters, which no store can encode.

    Examples
    --------
    >>> storable("ok"), storable(chr(0xD800))
    ('ok', '?')
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def folded(text: str) -> str:
    """Return text as it is searched by: neither case nor width of its letters matters.

    Examples
    --------
    >>> folded("STRASSE") == folded("Straße")
    True
    """
    return unicodedata.normalize("NFKC", text).casefold()


def to_json(value: object, what: str) -> str:
    """Return JSON in plain ASCII: dots, dollars and huge numbers are no concern of a database."""
    try:
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{what} must be plain JSON values: {error}") from error
    if len(text) > MAX_BODY_BYTES:
        raise TooLargeForStoreError(
            f"{what} is {len(text) / 2**20:.0f} MiB, more than the {MAX_BODY_BYTES // 2**20} MiB "
            "a store takes; aggregate its rows or show fewer"
        )
    return text


def from_json(text: object, what: str) -> Any:
    """Return what `to_json` wrote, or raise if the text was damaged."""
    try:
        return json.loads(text)  # type: ignore[arg-type]  # anything else is damage too
    except (TypeError, ValueError, RecursionError) as error:
        raise DamagedStoreError(
            f"the stored {what} cannot be read back; restore the store from a backup"
        ) from error


def entries_to_json(entries: Sequence[ReportEntry]) -> str:
    """Return the entries of a report as JSON."""
    for entry in entries:
        if not isinstance(entry, ReportEntry):
            raise InputError(f"entries must be ReportEntry values, not {type(entry).__name__}")
    return to_json([_entry_to_plain(entry) for entry in entries], "report")


def entries_from_json(text: object) -> tuple[ReportEntry, ...]:
    """Return the entries of a report; those that versions 1 and 2 wrote are captioned charts."""
    return tuple(_entry_from_plain(entry) for entry in from_json(text, "report"))


def _entry_to_plain(entry: ReportEntry) -> dict[str, str]:
    if entry.kind not in ENTRY_KINDS:
        raise InputError(f"the kind of an entry is one of {', '.join(ENTRY_KINDS)}")
    return {"id": entry.id, "text": entry.text, "kind": entry.kind}


def _entry_from_plain(plain: dict[str, str]) -> ReportEntry:
    if "chart_id" in plain:
        return ReportEntry(plain["chart_id"], plain.get("caption", ""))
    kind = plain["kind"]
    if kind not in ENTRY_KINDS:
        raise DamagedStoreError(f"a report has a part of an unknown kind ({kind!r:.40})")
    return ReportEntry(plain["id"], plain["text"], kind)


def dataset_id(name: str, fingerprint: str, content_hash: str, suffix: str) -> str:
    """Return the id of a dataset: equal parts give the same id, without asking the store.

    The user is no part of it, so that a store that is imported under another name keeps its ids.
    """
    parts = json.dumps([name, fingerprint, content_hash, suffix])
    return hashlib.sha256(parts.encode("ascii")).hexdigest()[:16]


def write_cursor(created_us: int, id: str) -> str:
    """Return the cursor that asks for records older than this one."""
    return f"{created_us}.{id}"


def read_cursor(cursor: object) -> tuple[int, str]:
    """Return time and id of a cursor, or raise."""
    found = _CURSOR.fullmatch(cursor) if isinstance(cursor, str) else None
    if found is None:
        raise InputError("cursor must be the one of an earlier page; leave it out for the first")
    return int(found[1]), found[2]


def is_summary_of(entry: ReportEntry, fingerprint: str) -> bool:
    """Return whether a part of a report is the summary of a table with these rows."""
    if entry.kind != "summary":
        return False
    try:
        return bool(json.loads(entry.text)["fingerprint"] == fingerprint)
    except (ValueError, TypeError, KeyError):  # written before summaries knew it, or damaged
        return False
