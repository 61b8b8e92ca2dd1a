"""Owns what of the history waits in this process until another program lets go of the store."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from erp_widget.errors import StoreBusyError
from erp_widget.store.patience import briefly

if TYPE_CHECKING:
    from erp_widget.store import Location

T = TypeVar("T")

#: Pause between two attempts, how long each waits, and how long the end of the process does.
TRIED_EVERY_S, ATTEMPT_S, AT_THE_END_S = 0.5, 0.2, 5.0

_log = logging.getLogger("erp_widget")
#: Store -> why it waits, and what waits, in its order: a gallery needs the table that it is of.
_waiting: dict[str, tuple[StoreBusyError, list[Callable[[], object]]]] = {}
_lock = threading.Lock()
#: Held by who writes what waits.
_writing = threading.Lock()
_courier: threading.Thread | None = None


def keep_or_wait(location: Location, act: Callable[[], T]) -> T | StoreBusyError:
    """Write to the history now, or as soon as another program lets go of the file.

    Parameters
    ----------
    location
        The store.
    act
        Writes to it.

    Returns
    -------
    What was written, or why it waits.
    """
    key = _key(location)
    with _lock:
        if key in _waiting:
            why, acts = _waiting[key]
            acts.append(act)
            return why
    try:
        with briefly():
            return act()
    except StoreBusyError as error:
        with _lock:
            _waiting.setdefault(key, (error, []))[1].append(act)
        _start()
        return error


def wait_until_kept(timeout_s: float) -> bool:
    """Write what waits, in this thread as well; return whether all is written in time."""
    deadline = time.monotonic() + timeout_s
    while _waiting and time.monotonic() < deadline:
        _write_all()
        time.sleep(0.02)
    return not _waiting


def _key(location: Location) -> str:
    if location is None:
        from erp_widget.config import settings

        return str(settings().store)
    return os.fspath(location) if isinstance(location, str | os.PathLike) else location.location


def _start() -> None:
    global _courier
    with _lock:
        if _courier is None or not _courier.is_alive():
            _courier = threading.Thread(target=_carry, name="erp-history", daemon=True)
            try:
                _courier.start()
            except RuntimeError:  # a process that ends begins no threads: see `_last_chance`
                _courier = None


def _carry() -> None:
    global _courier
    while True:
        time.sleep(TRIED_EVERY_S)
        _write_all()
        with _lock:
            if not _waiting:
                _courier = None
                return


def _write_all() -> None:
    """Write what waits, as far as that goes."""
    with _writing:
        for key in list(_waiting):
            _write(key)


def _write(key: str) -> None:
    """Write what waits for one store, as far as that goes."""
    acts = _waiting[key][1]
    while True:
        with _lock:
            if not acts:
                del _waiting[key]
                return
        try:
            with briefly(ATTEMPT_S):
                acts[0]()
        except StoreBusyError:
            return
        except Exception:
            _log.warning("the history failed", exc_info=True)
        del acts[0]


@atexit.register
def _last_chance() -> None:
    """Wait a little when the process ends, and say what is lost."""
    if not wait_until_kept(AT_THE_END_S):
        for why, acts in list(_waiting.values()):
            _log.warning("%s: %d entries of the history are lost", why.held, len(acts))
