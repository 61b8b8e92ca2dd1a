"""Owns long work of a gallery: one job after the other in a thread, so that it can be cancelled."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from msgspec import Struct, field

#: What a person is told of long work: how to stop it, and what becomes of it.
HOW_TO_STOP = " (interrupt the kernel to stop)"
STOPPED = (
    "Stopped: charts marked “Approximate” show a sample, and some may be missing. Run the cell "
    "again for exact ones."
)
CANCELLED: dict[str, Any] = {"ok": False, "error": "Cancelled before it began."}

_log = logging.getLogger("erp_widget")
T = TypeVar("T")


class Job(Struct, frozen=True):
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
        """Have it end, with the query of many seconds that it may be at."""
        from erp_widget.sources.connection import end_queries

        end_queries(self._stop)

    def do(self) -> None:
        """Do it in this thread."""
        from erp_widget.sources.connection import ended_by

        with ended_by(self._stop):
            self.run(self)

    def until_stopped(self, coming: Iterable[T]) -> Iterator[T]:
        """Return what comes until a person cancels the job or interrupts the kernel."""
        from erp_widget.sources.answers import was_cancelled

        try:
            for one in coming:
                if self.stopped:
                    return
                yield one
        except KeyboardInterrupt:
            self.stop()
        except Exception as error:
            if not was_cancelled(error):
                raise
            self.stop()


class Workshop:
    """Runs jobs in their order in one thread, which ends when there is nothing to do.

    The kernel's own thread stays free for saves, and for the message that cancels; unless what a
    job reads might change meanwhile, or belongs to that thread.
    """

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._now: Job | None = None
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        #: Whether a job is done in the thread that asked for it.
        self.is_here = False

    def do_here(self, job: Job) -> None:
        """Do a job in this thread, after those that run; the kernel's interrupt stops it."""
        before, self.is_here = self.is_here, True
        try:
            self.wait()
        except KeyboardInterrupt:
            self.cancel()
        try:
            job.do()
        finally:
            self.is_here = before

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
        with self._lock:
            waiting, self._jobs = list(self._jobs), deque()
            now = self._now
        if now is not None:
            now.stop()
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
                self._now.do()
            except Exception:  # or the thread would end, and whatever comes after never begin
                _log.exception("work of a gallery failed")
