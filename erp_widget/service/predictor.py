"""Owns decoding for others: messages in, messages out; knows neither HTTP nor who schedules it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
from msgspec import Struct

from vizmodel.profile import profile_table
from vizmodel.runtime import Runtime
from vizmodel.search.decoder import Ask, LocalDecoder
from vizmodel.wire import WireError, read_request, write_reply

#: Columns of the tables that warm up: the usual sizes, and the most that the network looks at.
WARM_COLUMNS = (3, 10, 24, 64)

Kind = Literal["reply", "refused", "late"]
_log = logging.getLogger("erp_widget.service")


class Job(Struct, frozen=True):
    """A request, and when nobody waits for its reply any more: seconds since 1970."""

    body: bytes
    until: float


class Outcome(Struct, frozen=True):
    """What became of a job.

    Parameters
    ----------
    kind
        A reply, or why there is none.
    body
        The reply, or the reason in words.
    batch
        Jobs that were decoded together.
    """

    kind: Kind
    body: bytes
    batch: int = 0


class Predictor:
    """Decodes batches of requests.

    Parameters
    ----------
    runtime
        Who runs the network.

    Examples
    --------
    >>> from vizmodel.wire import write_request
    >>> table = profile_table(pa.table({"city": ["Rome", "Oslo"] * 10, "sales": range(20)}))
    >>> job = Job(write_request([Ask(table)]), until=time.time() + 60)
    >>> from vizmodel.runtime import open_runtime
    >>> Predictor(open_runtime()).answer([job])[0].kind
    'reply'
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._decoder = runtime, LocalDecoder(runtime)

    def warm_up(self, batch: int = 1) -> None:
        """Prepare the runtime, then decode tables of the usual sizes: no user is the first."""
        self._runtime.warm_up(batch)
        asks = [Ask(profile_table(table)) for table in _tables()]
        for ask in asks:
            self._decoder.decode([ask])
        if batch > 1:
            self._decoder.decode([asks[place % 2] for place in range(batch)])

    def answer(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Decode jobs together; those that nobody waits for are left out.

        Returns
        -------
        list of Outcome
            One for each job; one bad job never fails the others.
        """
        now = time.time()
        waiting = [job for job in jobs if job.until > now]
        outcomes = iter(self._answers(waiting))
        return [
            next(outcomes) if job.until > now else Outcome("late", b"nobody waits any more")
            for job in jobs
        ]

    def _answers(self, jobs: Sequence[Job]) -> list[Outcome]:
        try:
            return self._together(jobs)
        except Exception as error:
            if len(jobs) > 1:
                return [one for job in jobs for one in self._answers([job])]
            if not isinstance(error, WireError):
                # The kind of error only: its words may hold what was sent.
                _log.error("a request cannot be decoded: %s", type(error).__name__)
                return [Outcome("refused", b"this profile cannot be decoded", 1)] * len(jobs)
            return [Outcome("refused", str(error).encode(), 1)]

    def _together(self, jobs: Sequence[Job]) -> list[Outcome]:
        requests = [read_request(job.body) for job in jobs]
        found = iter(self._decoder.decode([ask for asks in requests for ask in asks]))
        return [
            Outcome("reply", write_reply(asks, [next(found) for _ in asks]), len(jobs))
            for asks in requests
        ]


def _tables() -> Iterator[pa.Table]:
    rng = np.random.default_rng(0)
    size = 200
    kinds = (
        lambda: rng.normal(size=size),
        lambda: np.array(list("abcdefg"))[rng.integers(0, 7, size)],
        lambda: rng.integers(0, 40, size),
        lambda: np.datetime64("2024-01-01", "us") + np.arange(size) * np.timedelta64(1, "D"),
    )
    for n_columns in WARM_COLUMNS:
        yield pa.table({f"column {i}": kinds[i % len(kinds)]() for i in range(n_columns)})
