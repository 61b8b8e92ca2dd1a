"""Owns how long a store file that another program holds is waited for, and who hears of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from erp_widget.errors import StoreBusyError

#: How long a call of a person waits for the writers before it.
BUSY_TIMEOUT_S = 30.0
#: After this a person hears what is waited for.
TOLD_AFTER_S = 2.0
#: How long that waits which can be done later, such as an entry of the history.
BRIEF_S = 2.0
_bound: ContextVar[float] = ContextVar("bound", default=BUSY_TIMEOUT_S)


@contextmanager
def briefly(seconds: float = BRIEF_S) -> Iterator[None]:
    """Wait no longer than this for a file meanwhile; who calls says what becomes of it."""
    token = _bound.set(min(seconds, _bound.get()))
    try:
        yield
    finally:
        _bound.reset(token)


def patience_s(at_most: float = BUSY_TIMEOUT_S) -> float:
    """Return how long a file is waited for."""
    return min(at_most, _bound.get())


class Wait:
    """One wait for a file, of which a person hears once it takes longer than a moment.

    Parameters
    ----------
    place
        Path of the file.
    at_most_s
        After this it is over, unless who calls has less patience.
    """

    def __init__(self, place: str, at_most_s: float = BUSY_TIMEOUT_S) -> None:
        self._place = place
        self._patience_s = patience_s(at_most_s)
        self._began = time.monotonic()
        # Who waits briefly tells in words of its own.
        self._is_told = self._patience_s <= TOLD_AFTER_S

    def goes_on(self) -> bool:
        """Whether it is worth another look."""
        waited = time.monotonic() - self._began
        if not self._is_told and waited > TOLD_AFTER_S:
            self._is_told = True
            held = StoreBusyError(self._place).held
            sys.stderr.write(
                f"{held[:1].upper()}{held[1:]}; close that: it is waited for, "
                f"{self._patience_s:.0f} s at most.\n"
            )
            sys.stderr.flush()
        return waited <= self._patience_s
