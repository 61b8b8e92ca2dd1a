"""Owns the door of the service: who may ask, how much, how often, and what each is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from erp_widget.service.access import Access, Rate, Refused
from erp_widget.service.client import DEADLINE_MS, MEDIA_TYPE, PATH
from erp_widget.service.predictor import Job
from erp_widget.service.records import Figures, log_event, log_request
from erp_widget.service.replicas import Replicas
from erp_widget.service.settings import ServiceSettings
from vizmodel.wire import VersionsDifferError, WireError, read_request

#: Longest deadline that a kernel may set, and how long its body may take to arrive.
MAX_DEADLINE_MS, BODY_S = 10_000, 10.0
#: Seconds between two looks at the replicas, and those that starting ones get when we are to stop.
LOOK_S, STOP_S = 1.0, 15.0


class _Seen(Struct):
    """What is known of a request so far, for its line in the log."""

    user: str = ""
    n_bytes: int = 0
    n_columns: int = 0
    batch: int = 0


class Gate:
    """Answers requests.

    Parameters
    ----------
    settings
        Of the service.
    access
        Who is let in.
    replicas
        Who decodes.
    """

    def __init__(self, settings: ServiceSettings, access: Access, replicas: Replicas) -> None:
        self._settings, self._access, self._replicas = settings, access, replicas
        self._rate, self._figures = Rate(settings.rate), Figures()
        self._running, self._ends = 0, False
        #: Why the replicas did not start, and what to do then.
        self.failure: Exception | None = None
        self.on_failure: Callable[[], None] = lambda: None

    def application(self) -> Starlette:
        """Return the service as an ASGI application."""
        root = self._settings.root
        return Starlette(
            routes=[
                Route(f"{root}{PATH}", self._charts, methods=["POST"]),
                Route(f"{root}/health", self._health, methods=["GET"]),
                Route(f"{root}/metrics", self._metrics, methods=["GET"]),
            ],
            lifespan=self._life,
        )

    @asynccontextmanager
    async def _life(self, _: Starlette) -> AsyncIterator[None]:
        """Start the replicas beside the door, which says meanwhile that they are starting."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self._ends = True
            await asyncio.wait([watching], timeout=STOP_S)
            await asyncio.to_thread(self._replicas.stop)

    async def _watch(self) -> None:
        try:
            await asyncio.to_thread(self._replicas.start)
        except Exception as error:
            self.failure = error
            self.on_failure()
            return
        log_event("ready")
        while not self._ends:
            try:
                self._running = await asyncio.to_thread(self._replicas.running)
            except Exception:
                self._running = 0
            self._figures.replicas.set(self._running)
            await asyncio.sleep(LOOK_S)

    async def _health(self, _: Request) -> Response:
        """Say whether charts are chosen here now; anybody may ask."""
        if self._running:
            return JSONResponse({"status": "ready", "replicas": self._running})
        return JSONResponse({"status": "starting"}, 503, {"Retry-After": "5"})

    async def _metrics(self, request: Request) -> Response:
        try:
            await self._access.user(request.headers.get("Authorization", ""))
        except Refused as refused:
            return _refusal(refused)
        return Response(self._figures.text(), media_type="text/plain; version=0.0.4")

    async def _charts(self, request: Request) -> Response:
        began, seen = time.monotonic(), _Seen()
        kind, status = "failed", 500
        self._figures.running.inc()
        try:
            response: Response = Response(await self._answer(request, seen), media_type=MEDIA_TYPE)
            kind, status = "answered", 200
        except Refused as refused:
            kind, status = refused.kind, refused.status
            response = _refusal(refused)
        except ClientDisconnect:
            kind, status = "gone", 499
            response = Response(status_code=400)
        finally:
            self._figures.running.dec()
            seconds = time.monotonic() - began
            self._figures.count(kind, seconds, seen.n_bytes, seen.batch)
            log_request(
                user=seen.user,
                status=status,
                kind=kind,
                n_bytes=seen.n_bytes,
                n_columns=seen.n_columns,
                batch=seen.batch,
                ms=round(seconds * 1000, 1),
            )
        return response

    async def _answer(self, request: Request, seen: _Seen) -> bytes:
        """Return the reply, or raise `Refused`; nothing is read of who is not let in."""
        until = time.time() + _deadline_s(request)
        seen.user = await self._access.user(request.headers.get("Authorization", ""))
        if not self._rate.allows(seen.user):
            raise Refused(429, "too often", "too many requests of one user", 5)
        body = await self._body(request)
        seen.n_bytes = len(body)
        try:
            seen.n_columns = len(read_request(body)[0].profile.columns)
        except VersionsDifferError as error:
            raise Refused(409, "versions", str(error)) from error
        except WireError as error:
            raise Refused(400, "malformed", str(error)) from error
        if not self._running:
            raise Refused(503, "starting", "no replica is ready", 5)
        outcome = await self._replicas.answer(Job(body, until))
        seen.batch = outcome.batch
        if outcome.kind == "late":
            raise Refused(503, "late", "no replica was free in time", 2)
        if outcome.kind == "refused":
            raise Refused(422, "refused", outcome.body.decode())
        return outcome.body

    async def _body(self, request: Request) -> bytes:
        """Read the body; too large a one is refused before it is here."""
        most = self._settings.body_bytes
        too_large = Refused(413, "too large", f"a request has at most {most} bytes")
        said = request.headers.get("Content-Length", "")
        if said.isdigit() and int(said[:18]) > most:
            raise too_large
        parts = bytearray()
        try:
            async with asyncio.timeout(BODY_S):
                async for part in request.stream():
                    parts += part
                    if len(parts) > most:
                        raise too_large
        except TimeoutError as error:
            raise Refused(408, "slow", f"the request took longer than {BODY_S:g} s") from error
        return bytes(parts)


def _deadline_s(request: Request) -> float:
    said = request.headers.get("X-ERP-Deadline-Ms", "")
    given = int(said[:9]) if said.isascii() and said.isdigit() else DEADLINE_MS
    return min(given, MAX_DEADLINE_MS) / 1000


def _refusal(refused: Refused) -> Response:
    wait = refused.retry_after_s
    headers = {} if wait is None else {"Retry-After": str(wait)}
    if refused.status == 401:
        headers["WWW-Authenticate"] = "token"
    if refused.status in (408, 413):
        headers["Connection"] = "close"  # the rest of the body is not read
    return JSONResponse({"error": refused.why}, refused.status, headers)
