"""Owns that whatever shows a report in one kernel follows its changes, whoever makes them."""

from __future__ import annotations

import logging
import weakref
from typing import Protocol

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
_due: set[Key] = set()


def follow(key: Key, follower: Follower) -> None:
    """Have something told of changes, as long as it lives and is among the last that asked."""
    others = [one for one in _followers.get(key, ()) if one() not in (None, follower)]
    _followers[key] = [*others, weakref.ref(follower)][-MAX_FOLLOWERS:]


def leave(key: Key, follower: Follower) -> None:
    """Have something told no more."""
    _followers[key] = [one for one in _followers.get(key, ()) if one() not in (None, follower)]


def changed(key: Key) -> None:
    """Tell all that follow, once the kernel is done with what it does now.

    Where no event loop runs, as in a script, nobody watches.
    """
    if key in _due or not _followers.get(key):
        return
    import asyncio  # a kernel has it already; no script waits for it

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    _due.add(key)
    loop.call_later(TOGETHER_S, _tell, key)


def _tell(key: Key) -> None:
    _due.discard(key)
    for one in tuple(_followers.get(key, ())):
        follower = one()
        try:
            if follower is not None:
                follower.report_changed()
        except Exception:  # one that fails must not cost the others
            logging.getLogger("erp_widget").warning("a report was not shown", exc_info=True)
