"""Owns how a kernel asks the service, and what it does where the service does not answer well."""

from __future__ import annotations

import http.client
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct, field

from erp_widget.service.exchange import AddressError, Place, Reply, post
from vizmodel.grammar import IntentError
from vizmodel.profile import Profile
from vizmodel.search.decoder import Ask, Decoded, LocalDecoder

#: How long a kernel waits for the service before it decodes by itself.
DEADLINE_MS = 500
DEADLINE_VARIABLE = "ERP_SERVICE_DEADLINE_MS"
#: Seconds until a service that failed is asked again: doubled each time, up to the second.
FIRST_PAUSE_S, LAST_PAUSE_S = 5.0, 60.0
#: Tables of one kernel that are asked about at one time: a replica decodes so many one after the
#: other within the deadline, and does not have to wait for the kernel in between.
TOGETHER = 4
#: Where requests go, below the service's address.
PATH, MEDIA_TYPE = "/v1/charts", "application/msgpack"
OWN = "Charts were chosen in this notebook's own kernel"

_log = logging.getLogger("erp_widget.service")


class FallBack(Exception):
    """The service cannot be used for this request.

    Parameters
    ----------
    why
        In words for the person: the end of a sentence.
    pause_s
        How long to leave the service alone; None: as long as its failures in a row ask for; 0: only
        this request is at fault.
    """

    def __init__(self, why: str, pause_s: float | None = None) -> None:
        super().__init__(why)
        self.why, self.pause_s = why, pause_s


class Status(Struct, frozen=True):
    """How a process gets on with its service.

    Parameters
    ----------
    address
        Of the service.
    answered, fallen_back
        Requests that the service answered, and those that this process decoded by itself.
    reason
        Why the last one fell back; empty if it did not.
    pause_s
        Seconds until the service is asked again.
    """

    address: str
    answered: int
    fallen_back: int
    reason: str
    pause_s: float


class Line(Struct):
    """What a kernel remembers of its service: how it got on, and when to ask it again."""

    answered: int = 0
    fallen_back: int = 0
    failures: int = 0
    reason: str = ""
    failed_at: float = 0.0
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def good(self, began: float) -> None:
        """Note an answer to a request that began then."""
        with self.lock:
            self.answered += 1
            if began > self.failed_at:
                self.failures, self.reason, self.until = 0, "", 0.0

    def bad(self, error: FallBack, began: float) -> None:
        """Note a failure, and leave the service alone for a while.

        What was on its way when another request failed tells nothing new of the service.
        """
        with self.lock:
            self.fallen_back += 1
            self.reason = error.why
            if error.pause_s == 0 or began <= self.failed_at:
                return
            self.failed_at = time.monotonic()
            pause = min(FIRST_PAUSE_S * 2.0**self.failures, LAST_PAUSE_S)
            self.failures = min(self.failures + 1, 10)
            if error.pause_s is not None:
                pause = min(error.pause_s, LAST_PAUSE_S)
            # Not all at one time: kernels that were turned away together do not come together.
            self.until = time.monotonic() + pause * random.uniform(0.75, 1.25)

    def rests(self) -> None:
        """Raise `FallBack` while the service is left alone."""
        with self.lock:
            if time.monotonic() < self.until:
                raise FallBack(self.reason, 0)


_lines: dict[str, Line] = {}


class ServiceDecoder:
    """Decodes by a service; by itself where that fails, and then `note` says why.

    Parameters
    ----------
    address
        Of the service.
    line
        What is remembered of it; that of this process where None.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.search.decoder import Ask
    >>> from vizmodel.profile import profile_table
    >>> nobody = ServiceDecoder("http://127.0.0.1:9/")
    >>> table = profile_table(pa.table({"city": ["Rome", "Oslo"] * 10, "sales": range(20)}))
    >>> len(nobody.decode([Ask(table)])[0]) > 3, "cannot be reached" in nobody.note
    (True, True)
    """

    def __init__(self, address: str, line: Line | None = None) -> None:
        self._address = address
        self._line = line or _lines.setdefault(address, Line())
        self._own = LocalDecoder()
        #: Why this process decoded, by the identity of the profile.
        self._reasons: dict[int, str] = {}

    @property
    def note(self) -> str | None:
        """What a person should know of who decoded; None where the service did all of it."""
        return _note(next(iter(self._reasons.values()), ""))

    def note_on(self, profile: Profile) -> str | None:
        """Return what a person should know of who decoded one of several tables."""
        return _note(self._reasons.get(id(profile), ""))

    def status(self) -> Status:
        """Return how this process gets on with the service."""
        line = self._line
        pause = max(0.0, line.until - time.monotonic())
        return Status(self._address, line.answered, line.fallen_back, line.reason, pause)

    def decode(self, asks: Sequence[Ask]) -> list[Decoded | IntentError]:
        """Return for each ask its candidates, or the error; whoever decodes, they are the same."""
        requests = [{place: asks[place] for place in places} for places in _by_profile(asks)]
        found: dict[int, Decoded] = {}
        for part in _side_by_side(self._asked, requests):
            found |= part
        left = [place for place in range(len(asks)) if place not in found]
        # What the service has not answered, and what it says allows no chart: here is the reason.
        own = self._own.decode([asks[place] for place in left]) if left else []
        decoded = found | dict(zip(left, own, strict=True))
        return [decoded[place] for place in range(len(asks))]

    def _asked(self, asks: dict[int, Ask]) -> dict[int, Decoded]:
        """Return what the service finds; nothing where it cannot be used."""
        began = time.monotonic()
        try:
            self._line.rests()
            answers = _answers(self._address, list(asks.values()))
        except FallBack as error:
            return self._fell_back(asks, error, began)
        except Exception:
            _log.warning("the service cannot be asked", exc_info=True)
            why = FallBack("the recommendation service cannot be asked")
            return self._fell_back(asks, why, began)
        self._line.good(began)
        answered = zip(asks, answers, strict=True)
        return {place: answer for place, answer in answered if answer is not None}

    def _fell_back(self, asks: dict[int, Ask], error: FallBack, began: float) -> dict[int, Decoded]:
        self._line.bad(error, began)
        self._reasons |= {id(ask.profile): error.why for ask in asks.values()}
        _log.info("fell back: %s", error.why)
        return {}


def _side_by_side(
    ask: Callable[[dict[int, Ask]], dict[int, Decoded]], requests: Sequence[dict[int, Ask]]
) -> list[dict[int, Decoded]]:
    """Ask for each of the requests, a few at one time."""
    if len(requests) < 2:
        return [ask(one) for one in requests]
    with ThreadPoolExecutor(TOGETHER) as threads:
        return list(threads.map(ask, requests))


def _note(why: str) -> str | None:
    return f"{OWN}: {why}." if why else None


def _by_profile(asks: Sequence[Ask]) -> list[list[int]]:
    """Return the places of asks of one table together, as many as one message takes."""
    from vizmodel.wire import MAX_ASKS

    groups: dict[int, list[int]] = {}
    for place, ask in enumerate(asks):
        groups.setdefault(id(ask.profile), []).append(place)
    return [
        places[start : start + MAX_ASKS]
        for places in groups.values()
        for start in range(0, len(places), MAX_ASKS)
    ]


def _answers(address: str, asks: Sequence[Ask]) -> list[Decoded | None]:
    """Ask the service once.

    Raises
    ------
    FallBack
        It cannot be used.
    """
    from vizmodel.wire import VersionsDifferError, WireError, read_reply, write_request

    try:
        body = write_request(asks)
    except WireError as error:
        _log.info("not sent: %s", error)
        raise FallBack("this table is not one that the recommendation service takes", 0) from error
    reply = _reply(address, body)
    try:
        return read_reply(reply.body, asks)
    except VersionsDifferError as error:
        raise _differs(str(error)) from error
    except WireError as error:
        _log.warning("a bad reply: %s", error)
        raise FallBack("the recommendation service gave a bad reply") from error


def _reply(address: str, body: bytes) -> Reply:
    deadline_s = _deadline_s()
    headers = {"Content-Type": MEDIA_TYPE, "X-ERP-Deadline-Ms": f"{deadline_s * 1000:.0f}"}
    token = os.environ.get("ERP_SERVICE_TOKEN") or os.environ.get("JUPYTERHUB_API_TOKEN")
    if token:
        headers["Authorization"] = f"token {token}"
    try:
        reply = post(Place.of(address), PATH, body, headers, deadline_s)
    except AddressError as error:
        raise FallBack(str(error)) from error
    except TimeoutError as error:
        late = f"the recommendation service took longer than {deadline_s:g} s"
        raise FallBack(late) from error
    except (OSError, http.client.HTTPException) as error:
        _log.info("no answer: %s", error)
        raise FallBack("the recommendation service cannot be reached") from error
    if reply.status != 200 or reply.headers.get("Content-Type") != MEDIA_TYPE:
        raise _refused(reply)
    return reply


def _refused(reply: Reply) -> FallBack:
    """Return what another status than 200 comes to."""
    said = reply.body[:300].decode("utf-8", "replace")
    _log.info("status %s: %s", reply.status, said)
    wait = reply.headers.get("Retry-After", "")
    pause = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else None
    service = "the recommendation service"
    if reply.status == 401:
        return FallBack(f"{service} does not know this kernel's token", LAST_PAUSE_S)
    if reply.status == 403:
        return FallBack(f"{service} does not let this user in", LAST_PAUSE_S)
    if reply.status == 409:
        return _differs(said)
    if reply.status in (400, 413, 422):
        return FallBack(f"this table is not one that {service} takes", 0)
    if reply.status == 429:
        return FallBack(f"{service} was asked too often", pause)
    if reply.status in (502, 503, 504):
        return FallBack(f"{service} is busy or away", pause)
    return FallBack(f"{service} gave a bad reply")


def _differs(said: str) -> FallBack:
    _log.warning("other versions: %s", said)
    return FallBack("the recommendation service runs another version", LAST_PAUSE_S)


def _deadline_s() -> float:
    said = os.environ.get(DEADLINE_VARIABLE, "")
    usable = said.isascii() and said.isdigit() and 0 < int(said[:9]) <= 60_000
    return (int(said) if usable else DEADLINE_MS) / 1000
