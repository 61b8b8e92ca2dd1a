"""The door of the service over real HTTP: who may ask, how much, how often; logs and figures."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from raw_tables import profile_of, realistic
from wire_messages import request_strategy

from erp_widget.errors import InputError
from erp_widget.service.access import HubAccess, OpenAccess, SecretAccess
from erp_widget.service.client import MEDIA_TYPE, PATH
from erp_widget.service.exchange import Place, Reply, post
from erp_widget.service.gate import Gate
from erp_widget.service.predictor import Job, Outcome, Predictor
from erp_widget.service.settings import Hub, ServiceSettings, hub_of
from vizmodel.runtime import open_runtime
from vizmodel.search.decoder import Ask
from vizmodel.wire import read_reply, read_request, versions, write_request

SALES = profile_of(realistic()["sales"])
BODY = write_request([Ask(SALES)])
SECRET = "open-sesame"


class InThisProcess:
    """Replicas without an engine: one predictor, in a thread."""

    def __init__(self) -> None:
        self.may_start = threading.Event()
        self._predictor = Predictor(open_runtime())

    def start(self) -> None:
        self.may_start.wait(30)

    def stop(self) -> None:
        self.may_start.set()

    def running(self) -> int:
        return int(self.may_start.is_set())

    async def answer(self, job: Job) -> Outcome:
        return (await asyncio.to_thread(self._predictor.answer, [job]))[0]


class ByName:
    """Lets everybody in under the name that the token is."""

    async def user(self, header: str) -> str:
        return header.partition(" ")[2]


@contextmanager
def _open(access: Any, starting: bool = False, **settings: Any) -> Iterator[Place]:
    """Run a gate on loopback until the block ends."""
    replicas = InThisProcess()
    if not starting:
        replicas.may_start.set()
    given = replace(ServiceSettings(prefix="/services/erp/"), **settings)
    gate = Gate(given, access, replicas)
    server = uvicorn.Server(uvicorn.Config(gate.application(), log_config=None, access_log=False))
    door = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([door],))
    thread.start()
    place = Place(False, "127.0.0.1", door.getsockname()[1], given.root)
    try:
        while not starting and _get(place, "/health")[0] != 200:
            time.sleep(0.02)
        yield place
    finally:
        server.should_exit = True
        replicas.may_start.set()
        thread.join()
        door.close()


def _get(place: Place, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(place.host, place.port, timeout=30)
    try:
        connection.request("GET", place.path + path, headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


def _post(place: Place, body: bytes = BODY, token: str = "", **headers: str) -> Reply:
    given = {"Content-Type": MEDIA_TYPE, "X-ERP-Deadline-Ms": "10000"} | headers
    if token:
        given["Authorization"] = f"token {token}"
    return post(place, PATH, body, given, 30)


def _why(reply: Reply) -> str:
    return str(json.loads(reply.body)["error"])


@pytest.fixture(scope="module")
def door() -> Iterator[Place]:
    """Run one gate for the tests that change nothing of it."""
    with _open(SecretAccess(SECRET), body_bytes=100_000, rate=1_000.0) as place:
        yield place


def test_who_has_the_secret_is_answered(door: Place) -> None:
    reply = _post(door, token=SECRET)
    assert (reply.status, reply.headers["Content-Type"]) == (200, MEDIA_TYPE)
    (found,) = read_reply(reply.body, [Ask(SALES)])
    assert found
    assert _post(door, Authorization=f"Bearer {SECRET}").status == 200


@pytest.mark.parametrize(
    "header", ["", "token", "token wrong", f"basic {SECRET}", "token " + "x" * 5_000, "token é"]
)
def test_who_has_not_is_refused_before_the_body_is_read(door: Place, header: str) -> None:
    with socket.create_connection((door.host, door.port or 0), 10) as line:
        told = f"Authorization: {header}\r\n".encode("latin-1") if header else b""
        # The body never comes: a door that waited for it would not answer.
        line.sendall(
            f"POST {door.path}{PATH} HTTP/1.1\r\nHost: erp\r\nContent-Length: 5000\r\n".encode()
            + told
            + b"\r\n"
        )
        assert line.recv(100).startswith(b"HTTP/1.1 401 ")
    assert _get(door, "/metrics", **({"Authorization": header} if header else {}))[0] == 401


def test_too_large_a_body_is_refused_before_it_is_read(door: Place) -> None:
    asked = f"POST {door.path}{PATH} HTTP/1.1\r\nHost: erp\r\nAuthorization: token {SECRET}\r\n"
    with socket.create_connection((door.host, door.port or 0), 10) as line:
        line.sendall(f"{asked}Content-Length: 1000000000000\r\n\r\n".encode())
        said = line.recv(500)
    assert said.startswith(b"HTTP/1.1 413 ")
    with socket.create_connection((door.host, door.port or 0), 10) as line:
        line.sendall(f"{asked}Transfer-Encoding: chunked\r\n\r\n".encode())
        sent = 0
        try:
            for _ in range(1000):
                line.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
                sent += 0x4000
                time.sleep(0.001)
        except OSError:  # the door has hung up
            pass
        assert sent < 5_000_000
    assert _post(door, token=SECRET).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"<html>", 400),
        (b"\xdd\xff\xff\xff\xff", 400),
        (msgspec.msgpack.encode(msgspec.msgpack.decode(BODY) | {"cells": ["Rome"]}), 400),
        (msgspec.msgpack.encode(msgspec.msgpack.decode(BODY) | {"weights": "0"}), 409),
        (msgspec.msgpack.encode([{}] * 90_000), 400),
    ],
    ids=["nothing", "text", "2^32 values", "an unknown key", "other weights", "many values"],
)
def test_a_bad_body_is_refused_with_a_reason(door: Place, body: bytes, status: int) -> None:
    reply = _post(door, body, SECRET)
    assert reply.status == status
    assert 0 < len(_why(reply)) <= 300


def test_a_million_columns_are_refused(door: Place) -> None:
    plain = msgspec.msgpack.decode(BODY)
    many = plain | {"profile": plain["profile"] | {"columns": [{}] * 1_000_000}}
    with _open(OpenAccess()) as place:
        reply = _post(place, msgspec.msgpack.encode(many))
        assert reply.status == 400
        assert _post(place).status == 200


@settings(max_examples=40, deadline=None)
@given(request_strategy(), st.data())
def test_any_message_of_the_form_is_answered_or_refused_and_the_door_stays_open(
    door: Place, message: Any, data: Any
) -> None:
    body = msgspec.msgpack.encode(message | msgspec.structs.asdict(versions()))
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(body) - 1))
        body = body[:at] + data.draw(st.binary(max_size=8)) + body[at + 1 :]
    reply = _post(door, body, token=SECRET)
    assert reply.status in (200, 400, 409, 413, 422), reply
    if reply.status == 200:
        read_reply(reply.body, read_request(body))
    else:
        assert _why(reply)
    assert _get(door, "/health")[0] == 200


def test_nobody_waits_for_what_is_late(door: Place) -> None:
    reply = _post(door, token=SECRET, **{"X-ERP-Deadline-Ms": "0"})
    assert (reply.status, reply.headers["Retry-After"]) == (503, "2")


def test_other_paths_and_methods_are_not_there(door: Place) -> None:
    assert _get(door, PATH)[0] == 405
    assert _get(door, "/v2/charts")[0] == 404
    assert _get(replace(door, path=""), "/health")[0] == 404


def test_health_says_that_it_is_starting() -> None:
    with _open(OpenAccess(), starting=True) as place:
        for _ in range(200):
            status, body = _get(place, "/health")
            if status:
                break
            time.sleep(0.05)
        assert (status, json.loads(body)) == (503, {"status": "starting"})
        reply = _post(place)
        assert (reply.status, reply.headers["Retry-After"]) == (503, "5")


def test_one_user_cannot_ask_all_the_time_and_the_others_can() -> None:
    with _open(ByName(), rate=0.5) as place:
        statuses = [_post(place, token="ada").status for _ in range(6)]
        assert statuses[:3] == [200, 200, 200]
        assert statuses[-1] == 429
        refused = _post(place, token="ada")
        assert refused.status in (200, 429)
        assert _post(place, token="bob").status == 200


def test_a_hub_that_is_away_is_told_from_a_wrong_token() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    hub = Hub(f"http://127.0.0.1:{port}/hub/api", "the-service's-own", "erp")
    with _open(HubAccess(hub)) as place:
        reply = _post(place, token="a-user's")
        assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
        assert _post(place).status == 401
        # What watches the service uses the service's own token, whether the hub is there or not.
        assert _get(place, "/metrics", Authorization="token the-service's-own")[0] == 200


def test_logs_and_figures_hold_no_data(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "erp_widget.service")
    with _open(ByName()) as place:
        _post(place, token="ada")
        plain = msgspec.msgpack.decode(BODY)
        columns = [c | {"kind": "Rome"} for c in plain["profile"]["columns"]]
        bad = plain | {"profile": plain["profile"] | {"columns": columns}}
        _post(place, msgspec.msgpack.encode(bad), token="ada")
        figures = _get(place, "/metrics", Authorization="token ada")[1].decode()
    lines = [r.told for r in caplog.records if r.getMessage() == "request"]  # type: ignore[attr-defined]
    assert [(one["user"], one["status"], one["n_columns"]) for one in lines] == [
        ("ada", 200, len(SALES.columns)),
        ("ada", 400, 0),
    ]
    said = json.dumps(lines) + figures
    assert "Rome" not in said
    assert not any(column.name in said for column in SALES.columns if len(column.name) > 5)
    assert 'erp_requests_total{result="answered"} 1.0' in figures
    assert 'erp_requests_total{result="malformed"} 1.0' in figures
    assert "ada" not in figures


def test_one_bad_job_never_fails_the_others() -> None:
    later = time.time() + 60
    jobs = [Job(BODY, later), Job(b"bad", later), Job(BODY, 0.0), Job(BODY, later)]
    outcomes = Predictor(open_runtime()).answer(jobs)
    assert [one.kind for one in outcomes] == ["reply", "refused", "late", "reply"]
    assert outcomes[0].body == outcomes[3].body


@pytest.mark.parametrize("runtime", ["litert", "numpy", "keras"])
def test_a_batch_gives_the_charts_that_each_gives_alone(runtime: str) -> None:
    narrow = {"sales": ["city", "revenue"], "tidy": ["country", "year", "gdp_per_capita"]}
    tables = [profile_of(realistic()[name][columns]) for name, columns in narrow.items()]
    later = time.time() + 600
    jobs = [Job(write_request([Ask(profile, width=16)]), later) for profile in tables]
    predictor = Predictor(open_runtime(prefer=runtime))
    together = predictor.answer(jobs)
    for profile, job, outcome in zip(tables, jobs, together, strict=True):
        (alone,) = predictor.answer([job])
        (mine,), (theirs,) = (read_reply(o.body, [Ask(profile)]) for o in (alone, outcome))
        assert mine is not None
        assert theirs is not None
        assert set(mine) == set(theirs)


def test_settings_that_would_let_anybody_in() -> None:
    with pytest.raises(InputError, match="ERP_SERVICE_TOKEN"):
        ServiceSettings(host="0.0.0.0")
    assert ServiceSettings(host="0.0.0.0", token="x").access == "who has the secret"
    with pytest.raises(InputError, match="without spaces"):
        ServiceSettings(token="open sesame")
    with pytest.raises(InputError, match="JUPYTERHUB_API_TOKEN"):
        hub_of({"JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api"})
    assert hub_of({}) is None
