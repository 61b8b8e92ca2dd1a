"""Owns a real server on loopback that answers as a service may, well or badly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from erp_widget.service.client import MEDIA_TYPE
from erp_widget.service.predictor import Job, Predictor
from vizmodel.runtime import open_runtime

PROXY_PAGE = b"<!DOCTYPE html><html><h1>503 : Service Unavailable</h1></html>"


@dataclass
class Answering:
    """What a server answers, and what it was asked.

    Parameters
    ----------
    answer
        Writes the answer to a request whose body has been read.
    bodies, headers
        Of the requests so far.
    """

    answer: Callable[[BaseHTTPRequestHandler, bytes], None]
    address: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def decoded(to: BaseHTTPRequestHandler, body: bytes) -> None:
    """Answer as the service does."""
    send(to, 200, good_reply(body))


def good_reply(body: bytes) -> bytes:
    """Return what the service says to a request."""
    (outcome,) = Predictor(open_runtime()).answer([Job(body, time.time() + 60)])
    assert outcome.kind == "reply", outcome.body
    return outcome.body


def send(
    to: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = MEDIA_TYPE, **headers: str
) -> None:
    """Send a whole answer."""
    to.send_response(status)
    to.send_header("Content-Type", kind)
    to.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)


@contextmanager
def answering(
    answer: Callable[[BaseHTTPRequestHandler, bytes], None] = decoded,
) -> Iterator[Answering]:
    """Run a server until the block ends."""
    told = Answering(answer)

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.bodies.append(body)
            told.headers.append(dict(self.headers))
            try:
                told.answer(self, body)
            except OSError:  # the kernel did not wait
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    told.address = f"http://127.0.0.1:{server.server_port}/services/erp"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
