"""Owns saves that wait on this machine while no server answers, and their delivery, each once."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from erp_widget.config import outbox_folder
from erp_widget.errors import (
    ConflictError,
    DamagedStoreError,
    NotInStoreError,
    StoreError,
    StoreUnavailableError,
    StoreUnreachableError,
    TooLargeForStoreError,
)
from erp_widget.store.kinds import Kind, Row
from erp_widget.store.mongo import MongoStore
from erp_widget.store.mongo_server import check_address, without_secrets
from erp_widget.store.protocol import ReportRecord
from erp_widget.store.sqlite import SqliteStore

T = TypeVar("T")

#: After a server did not answer, it is left alone this long, so that only one call waits for it.
REST_S = 5.0
#: Pauses between attempts to deliver, from the first to the longest.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0


class Outbox:
    """A server, and a local file beside it for what the server could not take yet.

    What waits is kept by the same code as a store on a laptop. It is delivered by id, so that a
    save whose reply was lost, or whose delivery was cut, is there once.

    Parameters
    ----------
    address
        ``mongodb://`` or ``mongodb+srv://``.

    Raises
    ------
    StoreError
        If the address is wrong. A server that does not answer is no error yet.
    """

    def __init__(self, address: str) -> None:
        check_address(address)
        self._address = address
        self.place = without_secrets(address)
        name = hashlib.sha256(self.place.encode()).hexdigest()[:16]
        self._path = Path(outbox_folder()) / f"{name}.sqlite3"
        self._server: MongoStore | None = None
        self._local: SqliteStore | None = None
        self._lock = threading.RLock()
        self._delivering = threading.Lock()
        self._closed = threading.Event()
        self._courier: threading.Thread | None = None
        self._rests_until = 0.0
        #: Records that the server did not take, and why; some may be gone from here since.
        self._refused: dict[tuple[str, Kind, str], str] = {}
        #: Reports as the server last had them, so that an editor can go on without it.
        self.seen_reports: dict[tuple[str, str], ReportRecord] = {}
        if self.users():
            self._wake(0.0)

    def close(self) -> None:
        """Stop delivering and close both; what waits is delivered by the next one to open it."""
        self._closed.set()
        with self._lock:
            for store in (self._server, self._local):
                if store is not None:
                    store.close()

    # --- the server

    def ask(self, call: Callable[[MongoStore], T]) -> T:
        """Ask the server; one that did not answer just now is not asked again for a while.

        Raises
        ------
        StoreUnreachableError
            If it does not answer in time.
        """
        try:
            return call(self._reached())
        except StoreUnreachableError:
            self._rests_until = time.monotonic() + REST_S
            raise

    def _reached(self) -> MongoStore:
        with self._lock:
            if self._closed.is_set():
                raise StoreError(f"the store {self.place} is closed; open it again")
            if time.monotonic() < self._rests_until:
                raise StoreUnreachableError(
                    f"the store {self.place} cannot be reached; it is tried again every few seconds"
                )
            if self._server is None:
                self._server = MongoStore(self._address)
            return self._server

    # --- what waits

    def local(self) -> SqliteStore | None:
        """Return the file of what waits, or None if there is none."""
        with self._lock:
            if self._local is None and self._path.exists():
                self._local = SqliteStore(str(self._path))
            return self._local

    def users(self) -> list[str]:
        """Return for whom something waits."""
        local = self.local()
        return [] if local is None else local.users()

    def keep(self, call: Callable[[MongoStore | SqliteStore], T]) -> tuple[T, bool]:
        """Write to the server or, if it does not answer, to the local file; True if it waits."""
        try:
            return self.ask(call), False
        except StoreUnreachableError:
            with self._lock:
                if self._local is None:
                    self._local = SqliteStore(str(self._path))
                local = self._local
            kept = call(local)
            self._wake(FIRST_PAUSE_S)
            return kept, True

    def waits(self, kind: Kind, user: str, id: str) -> SqliteStore | None:
        """Return the local file if a record waits in it."""
        local = self.local()
        return local if local is not None and local.has(kind, user, id) else None

    # --- delivery

    def deliver(self, anew: bool = True) -> int:
        """Bring what waits to the server, oldest kinds first; return how many records went.

        Parameters
        ----------
        anew
            Ask also a server that did not answer just now.

        Raises
        ------
        StoreError
            If the server does not answer, or refuses a record; what is left waits on.
        """
        delivered = 0
        failed: StoreError | None = None
        if not anew:
            self.ask(lambda server: None)
        with self._delivering:
            if anew:
                self._rests_until = 0.0
            local = self.local()
            for user in self.users():
                assert local is not None
                for kind, row in list(local.export_rows(user)):
                    try:
                        delivered += self._deliver(local, user, kind, row)
                    except StoreUnavailableError:
                        raise
                    except StoreError as error:  # what is behind this record does not wait for it
                        failed = failed or error
        if failed is not None:
            raise failed
        return delivered

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Deliver nothing meanwhile, and go on only once nothing is on its way."""
        with self._delivering:
            yield

    def _deliver(self, local: SqliteStore, user: str, kind: Kind, row: Row) -> bool:
        """Deliver one record; one that cannot be there stays here, and is named.

        Another has its id, its own bytes are damaged, or it is too large.
        """
        key = (user, kind, row["id"])
        try:
            if row.get("content_hash") is not None:
                with local.export_content(user, row["content_hash"]) as content:
                    self.ask(lambda server: server.import_content(user, content))
            self.ask(lambda server: self._import(server, user, kind, row))
        except (ConflictError, DamagedStoreError, TooLargeForStoreError) as error:
            self._refused[key] = str(error)
            return False
        self._refused.pop(key, None)
        local.discard(kind, row)
        return True

    def _import(self, server: MongoStore, user: str, kind: Kind, row: Row) -> None:
        if kind == "reports":
            known = self.seen_reports.get((user, row["id"]))
            stored = known and server.replace_report(user, row, known.revision)
            if stored:
                # It may have been changed here again meanwhile: then this is what it goes on from.
                self.seen_reports[user, row["id"]] = stored
                return
            self.seen_reports.pop((user, row["id"]), None)
        new = server.import_row(user, kind, row)
        if not new and row.get("deleted_us") is not None:
            # Saved, the reply lost, then deleted here: the server has it as it was saved.
            with suppress(NotInStoreError):
                server.delete(kind, user, row["id"])

    def _wake(self, pause_s: float) -> None:
        with self._lock:
            if self._courier is None or not self._courier.is_alive():
                self._courier = threading.Thread(
                    target=self._carry, args=(pause_s,), name="erp-outbox", daemon=True
                )
                self._courier.start()

    def _carry(self, pause_s: float) -> None:
        """Try until nothing waits, less and less often."""
        while not self._closed.wait(pause_s):
            try:
                self.deliver()
                pause_s = FIRST_PAUSE_S
            except StoreError:
                pause_s = min(LONGEST_PAUSE_S, max(FIRST_PAUSE_S, pause_s * 2))
            # Under the lock of `_wake`: what came meanwhile is seen by one of the two.
            with self._lock:
                if self._closed.is_set() or not self._undelivered():
                    self._courier = None
                    return

    def _undelivered(self) -> bool:
        """Return whether something waits that the server did not refuse."""
        local = self.local()
        if local is None:
            return False
        kept = [
            (user, kind, row["id"])
            for user in local.users()
            for kind, row in local.export_rows(user)
        ]
        return not self._refused.keys() >= set(kept)

    def refusals(self, user: str) -> list[str]:
        """Return why some of what waits cannot be delivered."""
        return [
            why
            for (whose, kind, id), why in list(self._refused.items())
            if whose == user and self.waits(kind, user, id)
        ]


def merged(first: Sequence[T], rest: Sequence[T], id_of: Callable[[T], str]) -> tuple[T, ...]:
    """Return the records of both, those of the second where both have one."""
    known = {id_of(record) for record in rest}
    return (*(record for record in first if id_of(record) not in known), *rest)


def added(counts: Sequence[dict[str, int]]) -> dict[str, int]:
    """Return the sum of some counts by kind."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)
