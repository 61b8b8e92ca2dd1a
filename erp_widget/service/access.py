"""Owns who is let in, and how often: tokens of a hub, one secret, or everybody on this machine."""

from __future__ import annotations

import asyncio
import hmac
import re
import time
from collections import OrderedDict
from typing import Any, Protocol

from erp_widget.service.settings import Hub, ServiceSettings

#: Seconds for which the hub's word on a token holds: so long a revoked token still works.
CACHE_S = 60
#: Tokens that are shown to the hub at one time: who tries tokens must not keep it busy.
MAX_CHECKS = 8
#: Characters of a token.
MAX_TOKEN = 1_000
#: How many seconds' requests may come at once, and users that are remembered.
BURST_S, MAX_USERS = 6.0, 10_000
_HEADER = re.compile(r"(?:token|bearer)\s+(\S+)\s*", re.IGNORECASE)


class Refused(Exception):
    """A request that is not answered.

    Parameters
    ----------
    status
        Of HTTP.
    kind
        For logs and figures.
    why
        For who asked; names no value of the request.
    retry_after_s
        When it may be worth asking again.
    """

    def __init__(self, status: int, kind: str, why: str, retry_after_s: int | None = None) -> None:
        super().__init__(why)
        self.status, self.kind, self.why, self.retry_after_s = status, kind, why, retry_after_s


class Access(Protocol):
    """Says who asks."""

    async def user(self, header: str) -> str:
        """Return the name of who sent an `Authorization` header, or raise `Refused`."""
        ...


def access_of(settings: ServiceSettings) -> Access:
    """Return who is let in by the settings: a hub comes before a secret."""
    if settings.hub is not None:
        return HubAccess(settings.hub)
    return SecretAccess(settings.token) if settings.token else OpenAccess()


class OpenAccess:
    """Lets everybody in who reaches the service."""

    async def user(self, header: str) -> str:
        """Return no name."""
        return ""


class SecretAccess:
    """Lets in who has the secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    async def user(self, header: str) -> str:
        """Return no name: all have the same secret."""
        if not hmac.compare_digest(_token(header).encode(), self._secret):
            raise Refused(401, "unauthorized", "this token is not the service's secret")
        return ""


class HubAccess:
    """Lets in whom the hub knows by the token, if the token allows this service."""

    def __init__(self, hub: Hub) -> None:
        from jupyterhub.services.auth import HubAuth

        self._hub = hub
        self._auth: Any = HubAuth(
            api_url=hub.api_url, api_token=hub.api_token, cache_max_age=CACHE_S
        )
        self._checks = asyncio.Semaphore(MAX_CHECKS)

    async def user(self, header: str) -> str:
        """Return the user's name as the hub tells it."""
        token = _token(header)
        if hmac.compare_digest(token.encode(), self._hub.api_token.encode()):
            return f"service {self._hub.service}"
        try:
            async with self._checks:
                found = await self._auth.user_for_token(token, sync=False)
        except Exception as error:
            raise Refused(503, "hub away", "the hub does not answer", 5) from error
        if not found:
            raise Refused(401, "unauthorized", "the hub does not know this token")
        if not self._auth.check_scopes({self._hub.scope}, found):
            raise Refused(403, "forbidden", f"this token has no scope {self._hub.scope}")
        return str(found.get("name", ""))


def _token(header: str) -> str:
    found = _HEADER.fullmatch(header)
    if found is None or len(found[1]) > MAX_TOKEN:
        raise Refused(401, "unauthorized", "send a token: Authorization: token ...")
    return found[1]


class Rate:
    """How often each user may ask: a bucket that fills again, so a few may come at once.

    Parameters
    ----------
    per_second
        Requests a second; 0 for no limit.

    Examples
    --------
    >>> rate = Rate(1.0)
    >>> sum(rate.allows("ada", now=0.0) for _ in range(10))
    6
    """

    def __init__(self, per_second: float) -> None:
        self._rate = per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, user: str, now: float | None = None) -> bool:
        """Count a request of a user and return whether it may be answered."""
        if not self._rate or not user:
            return True
        now = time.monotonic() if now is None else now
        most = max(1.0, self._rate * BURST_S)
        left, then = self._buckets.pop(user, (most, now))
        left = min(most, left + (now - then) * self._rate)
        allowed = left >= 1.0
        self._buckets[user] = (left - allowed, now)
        if len(self._buckets) > MAX_USERS:
            self._buckets.popitem(last=False)
        return allowed
