"""Owns long work of a gallery: one job after the other in a thread, so that it can be cancelled."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: What a person is told of long work: how to stop it, and what becomes of it.
HOW_TO_STOP = " (interrupt the kernel to stop)"
STOPPED = (
    "Stopped: charts marked “Approximate” show a sample, and some may be missing. Run the cell "
    "again for exact ones."
)
CANCELLED: dict[str, Any] = {"ok": False, "error": "Cancelled before it began."}

_log = logging.getLogger("erp_widget")


@dataclass(frozen=True)
class Job:
    """Something that takes a while.

    Parameters
    ----------
    run
        Does it; looks at `stopped` now and then.
    dropped
        Called instead where the job is cancelled before its turn.
    """

    run: Callable[[Job], None]
    dropped: Callable[[], None]
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def stopped(self) -> bool:
        """Whether a person has cancelled it."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to end."""
        self._stop.set()


class Workshop:
    """Runs jobs in their order in one thread, which ends when there is nothing to do.

    The kernel's own thread stays free for saves, and for the message that cancels.
    """

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._now: Job | None = None
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()

    def add(self, job: Job) -> None:
        """Have a job done after those that wait."""
        with self._lock:
            self._jobs.append(job)
            if not self._idle.is_set():
                return
            self._idle.clear()
        threading.Thread(target=self._work, name="erp-gallery", daemon=True).start()

    @property
    def has_waiting(self) -> bool:
        """Whether a job waits for the one that runs."""
        return bool(self._jobs)

    def cancel(self) -> bool:
        """End the job that runs, and drop those that wait; return whether there was any."""
        from erp_widget.sources.connection import connection

        with self._lock:
            waiting, self._jobs = list(self._jobs), deque()
            now = self._now
            if now is not None:
                now.stop()
                # The thread may be inside a query of many seconds.
                connection().interrupt()
        for job in waiting:
            job.dropped()
        return now is not None or bool(waiting)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until there is nothing to do; return whether that came in time."""
        return self._idle.wait(timeout_s)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._now = self._jobs.popleft() if self._jobs else None
                if self._now is None:
                    self._idle.set()
                    return
            try:
                self._now.run(self._now)
            except Exception:  # or the thread would end, and whatever comes after never begin
                _log.exception("work of a gallery failed")
