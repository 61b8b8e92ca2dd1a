"""Owns that whatever shows a report in one kernel follows its changes, whoever makes them."""

from __future__ import annotations

import logging
import threading
import weakref
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

#: Changes that come within so many seconds are shown together.
TOGETHER_S = 0.2
#: Of one report; a cell that was run anew leaves one behind that nobody sees.
MAX_FOLLOWERS = 12

#: Place of the store, user, and name of the report.
Key = tuple[str, str, str]


class Follower(Protocol):
    """What shows a report."""

    def report_changed(self) -> None:
        """Look at the report again, and show it if it is another."""


_followers: dict[Key, list[weakref.ref[Follower]]] = {}
#: The loop of the kernel, in which all are told, whichever thread makes a change.
_kernel: AbstractEventLoop | None = None
#: What is to be told, and the loop that will.
_due: dict[Key, AbstractEventLoop] = {}
_lock = threading.Lock()


def follow(key: Key, follower: Follower) -> None:
    """Have something told of changes, as long as it lives and is among the last that asked."""
    global _kernel
    _kernel = _running() or _kernel
    others = [one for one in _followers.get(key, ()) if one() not in (None, follower)]
    _followers[key] = [*others, weakref.ref(follower)][-MAX_FOLLOWERS:]


def leave(key: Key, follower: Follower) -> None:
    """Have something told no more."""
    _followers[key] = [one for one in _followers.get(key, ()) if one() not in (None, follower)]


def changed(key: Key) -> None:
    """Tell all that follow, once the kernel is done with what it does now.

    A thread of the kernel may have made the change. Where no event loop runs, as in a script,
    nobody watches.
    """
    if not _followers.get(key):
        return
    loop = _running() or _kernel
    if loop is None or not loop.is_running():
        return
    with _lock:
        due = _due.get(key)
        if due is not None and due.is_running():
            return
        _due[key] = loop
    try:
        loop.call_soon_threadsafe(loop.call_later, TOGETHER_S, _tell, key)
    except RuntimeError:  # it has ended since
        return


def _running() -> AbstractEventLoop | None:
    """Return the event loop of this thread, if one runs."""
    import asyncio  # a kernel has it already; no script waits for it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _tell(key: Key) -> None:
    with _lock:
        _due.pop(key, None)
    for one in tuple(_followers.get(key, ())):
        follower = one()
        try:
            if follower is not None:
                follower.report_changed()
        except Exception:  # one that fails must not cost the others
            logging.getLogger("erp_widget").warning("a report was not shown", exc_info=True)
