"""Owns a proxy between a store and its server that cuts connections at a chosen moment."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal

Moment = Literal["before", "during", "after"]

#: Commands that are cut start so in MongoDB's wire protocol: a text element of that name.
WRITES = (b"\x02insert\x00", b"\x02update\x00")


class Proxy:
    """Passes bytes on, until `cut` asks it to drop the connection of some writes.

    ``before``: the server never sees the write; ``during``: it sees a part of it; ``after``: it
    carries it out and its reply is lost.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self._moment: Moment = "before"
        self._cuts = 0
        self.done = 0
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self.up()

    def address(self, database: str) -> str:
        """Return the address of a database through this proxy."""
        return f"mongodb://127.0.0.1:{self.port}/{database}?directConnection=true"

    def cut(self, moment: Moment, times: int) -> None:
        """Cut the next writes."""
        with self._lock:
            self._moment, self._cuts, self.done = moment, times, 0

    def up(self) -> None:
        """Let connections through."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def down(self) -> None:
        """Drop all connections and refuse new ones, as a server that is not there."""
        _drop(self._listener)
        with self._lock:
            for connection in self._open:
                _drop(connection)
            self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            with self._lock:
                self._open += [client, server]
            threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        """Pass requests on one by one, each with its reply: the protocol takes turns."""
        with suppress(OSError):
            while (request := _message(client)) is not None:
                moment = self._cut_now(request)
                if moment == "before":
                    break
                if moment == "during":
                    server.sendall(request[: len(request) // 2])
                    break
                server.sendall(request)
                reply = _message(server)
                if moment == "after" or reply is None:
                    break
                client.sendall(reply)
        _drop(client)
        _drop(server)

    def _cut_now(self, request: bytes) -> Moment | None:
        with self._lock:
            if self._cuts == 0 or not any(write in request for write in WRITES):
                return None
            self._cuts -= 1
            self.done += 1
            return self._moment


def _message(connection: socket.socket) -> bytes | None:
    """Read one message; its first four bytes are its length."""
    head = _exactly(connection, 4)
    if head is None:
        return None
    body = _exactly(connection, int.from_bytes(head, "little") - 4)
    return None if body is None else head + body


def _exactly(connection: socket.socket, n_bytes: int) -> bytes | None:
    found = b""
    while len(found) < n_bytes:
        part = connection.recv(n_bytes - len(found))
        if not part:
            return None
        found += part
    return found


def _drop(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
