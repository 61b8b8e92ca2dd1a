"""Owns one request to the service within a deadline, and what can come of it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct, field

#: Bytes of a reply that are read; candidates take some kilobytes.
MAX_REPLY = 8 * 2**20


class AddressError(ValueError):
    """The address of the service is none."""


class Place(Struct, frozen=True):
    """Where the service is, as its address says.

    Examples
    --------
    >>> Place.of("http://hub:8000/services/erp/").path
    '/services/erp'
    """

    secure: bool
    host: str
    port: int | None
    path: str

    @classmethod
    def of(cls, address: str) -> Place:
        """Read an address.

        Raises
        ------
        AddressError
            It is no http or https address; the message names an example.
        """
        try:
            parts = urlsplit(address.strip())
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
            raise AddressError(
                "the address of the service must be like http://hub:8000/services/erp"
            )
        return cls(parts.scheme == "https", parts.hostname, port, parts.path.rstrip("/"))


class _Exchange(Struct):
    """A request on its way: what its thread has come to."""

    connection: http.client.HTTPConnection
    status: int = 0
    headers: http.client.HTTPMessage = field(default_factory=http.client.HTTPMessage)
    body: bytes = b""
    error: Exception | None = None


class Reply(Struct, frozen=True):
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def post(
    place: Place, path: str, body: bytes, headers: Mapping[str, str], deadline_s: float
) -> Reply:
    """Send a body and return the reply.

    Parameters
    ----------
    place, path
        Where to, below the service's own path.
    body, headers
        What is sent.
    deadline_s
        For all of it, from the name of the host to the last byte: a server that sends a byte now
        and then is late, too.

    Raises
    ------
    TimeoutError
        The deadline has passed.
    OSError, http.client.HTTPException
        No server answers, or what answers does not speak HTTP.
    """
    kind = http.client.HTTPSConnection if place.secure else http.client.HTTPConnection
    running = _Exchange(kind(place.host, place.port, timeout=deadline_s))
    given = {"Connection": "close", **headers}
    thread = threading.Thread(
        target=_run, args=(running, place.path + path, body, given), daemon=True
    )
    thread.start()
    thread.join(deadline_s)
    if thread.is_alive():
        _hang_up(running.connection)
        raise TimeoutError(f"no answer in {deadline_s:g} s")
    if running.error is not None:
        raise running.error
    return Reply(running.status, running.headers, running.body)


def _run(running: _Exchange, path: str, body: bytes, headers: Mapping[str, str]) -> None:
    try:
        # One request a connection: people ask now and then, and no connection grows old.
        with contextlib.closing(running.connection) as connection:
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            running.status, running.headers = response.status, response.headers
            running.body = response.read(MAX_REPLY)
    except Exception as error:
        running.error = error


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """Wake the thread that still waits for the server, so that it ends."""
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
