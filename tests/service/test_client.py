"""A kernel and its service: the same charts whichever decodes, and no failure reaches the user."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec
import numpy as np
import pytest
from answering import PROXY_PAGE, answering, decoded, good_reply, send

import erp_widget as erp
from benchmarks.processes import ROOT
from benchmarks.tables import sales
from erp_widget import service
from erp_widget.errors import InputError
from erp_widget.gallery.changes import GalleryChanges
from erp_widget.service import client
from vizmodel.wire import versions

TABLE = sales(200)
Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test have time on a busy machine, and no pause from the test before."""
    monkeypatch.setenv(client.DEADLINE_VARIABLE, "20000")
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    monkeypatch.delenv("ERP_SERVICE_TOKEN", raising=False)
    monkeypatch.setattr(client, "_lines", {})
    monkeypatch.setattr(client, "FIRST_PAUSE_S", 30.0)


@pytest.fixture(scope="module")
def own() -> list[dict[str, Any]]:
    """Return the charts that a kernel without a service chooses."""
    return _specs(erp.recommend(TABLE, store=":memory:"))


def _specs(gallery: erp.Gallery) -> list[dict[str, Any]]:
    return [chart.to_vegalite(data="none") for chart in gallery]


def _with_service(address: str, **wishes: Any) -> erp.Gallery:
    erp.configure(service=address)
    return erp.recommend(TABLE, store=":memory:", **wishes)


def _said_own(gallery: erp.Gallery) -> list[str]:
    return [note for note in gallery.notes if note.startswith(client.OWN)]


def test_the_service_chooses_and_nothing_is_said(own: list[dict[str, Any]]) -> None:
    with answering() as told:
        gallery = _with_service(told.address)
        more, after = gallery.more_like(0), gallery.next()
        many = erp.recommend_many([TABLE, TABLE.head(50)], store=":memory:")
        asked = len(told.bodies)
    assert _specs(gallery) == own
    assert asked == 5
    answers = [gallery, more, after, *many]
    assert all(isinstance(one, erp.Gallery) and len(one) and not _said_own(one) for one in answers)
    assert service.status() == client.Status(told.address, 5, 0, "", 0.0)
    erp.configure(service=None)
    assert service.status() is None
    alone = erp.recommend(TABLE, store=":memory:")
    assert _specs(alone.more_like(0)) == _specs(more)
    assert _specs(alone.next()) == _specs(after)
    assert _specs(erp.recommend_many([TABLE], store=":memory:")[0]) == _specs(many[0])


def test_what_contradicts_itself_is_told_by_the_kernel() -> None:
    erp.configure(service=None)
    with pytest.raises(InputError) as alone:
        erp.recommend(TABLE, mark="arc", columns=["price", "revenue"])
    with answering() as told, pytest.raises(InputError) as served:
        _with_service(told.address, mark="arc", columns=["price", "revenue"])
    assert str(served.value) == str(alone.value)
    assert len(told.bodies) == 1


def _status(
    number: int, body: bytes = b"{}", kind: str = "application/json", **more: str
) -> Answer:
    return lambda to, _: send(to, number, body, kind, **more)


def _reply(change: Callable[[dict[str, Any]], Any]) -> Answer:
    """Answer with a good reply in which something is changed."""

    def answer(to: BaseHTTPRequestHandler, body: bytes) -> None:
        plain = msgspec.msgpack.decode(good_reply(body))
        send(to, 200, msgspec.msgpack.encode(plain | change(plain)))

    return answer


def _late(to: BaseHTTPRequestHandler, _: bytes) -> None:
    time.sleep(1.5)


def _drop_by_drop(to: BaseHTTPRequestHandler, _: bytes) -> None:
    for letter in b"HTTP/1.1 200 OK\r\n":
        to.wfile.write(bytes([letter]))
        to.wfile.flush()
        time.sleep(0.1)


def _hangs_up(to: BaseHTTPRequestHandler, _: bytes) -> None:
    to.connection.shutdown(socket.SHUT_RDWR)
    to.close_connection = True


def _no_http(to: BaseHTTPRequestHandler, _: bytes) -> None:
    to.wfile.write(b"\x00\x01\x02 who are you\r\n\r\n")
    to.close_connection = True


def _cut_off(to: BaseHTTPRequestHandler, body: bytes) -> None:
    reply = good_reply(body)
    to.send_response(200)
    to.send_header("Content-Type", client.MEDIA_TYPE)
    to.send_header("Content-Length", str(len(reply)))
    to.end_headers()
    to.wfile.write(reply[:50])
    to.close_connection = True


#: What a service does -> what the kernel says of it.
FAILURES: dict[str, tuple[Answer, str]] = {
    "drop by drop": (_drop_by_drop, "took longer than"),
    "late": (_late, "took longer than"),
    "hangs up": (_hangs_up, "cannot be reached"),
    "no HTTP": (_no_http, "cannot be reached"),
    "cut off": (_cut_off, "bad reply"),
    "the proxy's page": (_status(503, PROXY_PAGE, "text/html"), "busy or away"),
    "busy": (_status(503, Retry_After="30"), "busy or away"),
    "too often": (_status(429, Retry_After="30"), "asked too often"),
    "unknown token": (_status(401), "does not know this kernel's token"),
    "no scope": (_status(403), "does not let this user in"),
    "sent elsewhere": (_status(302, Location="http://127.0.0.1:9/"), "bad reply"),
    "a fault": (_status(500), "bad reply"),
    "other versions": (_status(409), "another version"),
    "a page in place of a reply": (_status(200, PROXY_PAGE, "text/html"), "bad reply"),
    "nothing": (_status(200, b"", client.MEDIA_TYPE), "bad reply"),
    "no message": (_status(200, b"\xc1" * 99, client.MEDIA_TYPE), "bad reply"),
    "other weights": (_reply(lambda _: {"weights": "0" * 64}), "another version"),
    "more keys": (_reply(lambda _: {"cells": []}), "bad reply"),
    "no answers": (_reply(lambda _: {"found": []}), "bad reply"),
    "a forbidden chart": (_reply(lambda _: {"found": [[[[4, 12, 38, 30], -1.0, None]]]}), "bad"),
    "tokens of no chart": (_reply(lambda _: {"found": [[[[9, 9], -1.0, None]]]}), "bad reply"),
    "no score": (
        _reply(lambda p: {"found": [[[p["found"][0][0][0], float("nan"), None]]]}),
        "bad reply",
    ),
}


@pytest.mark.parametrize("what", FAILURES)
def test_a_service_that_fails_costs_no_chart(
    what: str, own: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, why = FAILURES[what]
    if "longer" in why:
        monkeypatch.setenv(client.DEADLINE_VARIABLE, "400")
    with answering(answer) as told:
        gallery = _with_service(told.address)
        (note,) = _said_own(gallery)
        assert why in note
        assert _specs(gallery) == own
        # It is left alone now, and the kernel goes on by itself.
        again = _with_service(told.address)
        assert _said_own(again) == [note]
        assert len(told.bodies) == 1
    found = service.status()
    assert found is not None
    assert (found.answered, found.fallen_back) == (0, 2)
    assert found.pause_s > 5


def test_a_service_that_is_away_costs_no_chart(own: list[dict[str, Any]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/"):
        gallery = _with_service(address)
        assert "cannot be reached" in _said_own(gallery)[0]
        assert _specs(gallery) == own


def test_the_service_is_asked_again_after_a_pause_that_grows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Long beside what a list takes here, since what is left of a pause is told.
    monkeypatch.setattr(client, "FIRST_PAUSE_S", 1.0)
    with answering(_status(500)) as told:
        pauses = []
        for _ in range(3):
            _with_service(told.address)
            found = service.status()
            assert found is not None
            pauses.append(found.pause_s)
            time.sleep(found.pause_s + 0.05)
        assert len(told.bodies) == 3
        assert pauses[2] > 2 * pauses[0]
        told.answer = decoded
        gallery = _with_service(told.address)
        assert _said_own(gallery) == []
        assert service.status() == client.Status(told.address, 1, 3, "", 0.0)


def test_many_tables_are_asked_about_together_and_each_falls_back_by_itself() -> None:
    tables = [TABLE.head(40 + n) for n in range(10)]
    turned_away: list[bytes] = []
    together, most, busy = [0], [0], threading.Lock()

    def answer(to: BaseHTTPRequestHandler, body: bytes) -> None:
        with busy:
            together[0] += 1
            most[0] = max(most[0], together[0])
        time.sleep(0.2)  # as long as the others need to come
        with busy:
            together[0] -= 1
        if body in turned_away:
            send(to, 413, b"{}", "application/json")
        else:
            decoded(to, body)

    with answering(answer) as told:
        erp.configure(service=told.address)
        served = erp.recommend_many(tables, k=3, store=":memory:")
        assert 1 < most[0] <= client.TOGETHER
        assert len(told.bodies) == len(tables)
        turned_away.append(told.bodies[4])
        again = erp.recommend_many(tables, k=3, store=":memory:")
    galleries = [one for one in (*served, *again) if isinstance(one, erp.Gallery)]
    said = [place for place, gallery in enumerate(galleries) if _said_own(gallery)]
    assert len(said) == 1
    assert said[0] >= len(tables)
    assert [_specs(one) for one in galleries[: len(tables)]] == [
        _specs(one) for one in galleries[len(tables) :]
    ]


def test_an_outage_under_many_tables_is_one_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "FIRST_PAUSE_S", 8.0)
    tables = [TABLE.head(40 + n) for n in range(8)]
    with answering(_status(503, PROXY_PAGE, "text/html")) as told:
        erp.configure(service=told.address)
        found = erp.recommend_many(tables, k=2, store=":memory:")
        asked, status = len(told.bodies), service.status()
    assert all(isinstance(one, erp.Gallery) and _said_own(one) for one in found)
    assert asked <= client.TOGETHER
    assert status is not None
    assert status.fallen_back == len(tables)
    assert status.pause_s < 10.0  # the first pause, not one doubled for each that was on its way


def test_a_table_that_does_not_travel_is_no_fault_of_the_service() -> None:
    rng = np.random.default_rng(0)
    wide = {f"column {i}": rng.normal(size=12) for i in range(300)}
    with answering() as told:
        erp.configure(service=told.address)
        gallery = erp.recommend(wide, k=2, store=":memory:")
        assert "not one that the recommendation service takes" in _said_own(gallery)[0]
        assert told.bodies == []
        assert _said_own(_with_service(told.address)) == []


def test_a_gallery_in_the_browser_says_who_chose_after_each_change() -> None:
    with answering() as told:
        gallery = _with_service(told.address)
        changes = GalleryChanges.of(gallery)
        told.answer = _status(503, PROXY_PAGE, "text/html")
        change = changes.next()
        changes.take(change, list(change.question.drawing(change.ranked))[:2], [])
        assert any(note.startswith(client.OWN) for note in changes.view.notes)
        changes.undo()
        assert not any(note.startswith(client.OWN) for note in changes.view.notes)


@pytest.mark.parametrize(
    ("variables", "sent"),
    [
        ({}, None),
        ({"JUPYTERHUB_API_TOKEN": "hub"}, "token hub"),
        ({"JUPYTERHUB_API_TOKEN": "hub", "ERP_SERVICE_TOKEN": "own"}, "token own"),
    ],
)
def test_the_kernel_shows_the_token_that_its_environment_holds(
    variables: dict[str, str], sent: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering() as told:
        for name, value in (variables | {"ERP_SERVICE": told.address}).items():
            monkeypatch.setenv(name, value)
        gallery = erp.recommend(TABLE, k=1, store=":memory:")
    assert _said_own(gallery) == []
    assert told.headers[0].get("Authorization") == sent


@pytest.mark.parametrize(
    "address", ["hub", "ftp://hub/", "http://", "http://a:b@hub/", "http://h:x/"]
)
def test_an_address_that_is_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="http://hub:8000/services/erp"):
        erp.configure(service=address)
    # From the environment nobody can correct it here: it costs no chart.
    monkeypatch.setenv("ERP_SERVICE", address)
    assert "must be like" in _said_own(erp.recommend(TABLE, k=1, store=":memory:"))[0]


#: Prints which runtimes a kernel has loaded after a recommendation, and whether it says so.
KERNEL = """
import json, sys
import erp_widget as erp
from benchmarks.tables import sales
gallery = erp.recommend(sales(100), k=3, store=":memory:")
runtimes = ("tensorflow", "keras", "ai_edge_litert", "vizmodel.runtime.numpy")
loaded = [name for name in runtimes if name in sys.modules]
print(json.dumps([len(gallery), loaded, list(gallery.notes)]))
"""


@pytest.mark.parametrize("away", [False, True])
def test_a_kernel_loads_no_network_until_it_needs_one(
    away: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(_status(503)) if away else answering() as told:
        monkeypatch.setenv("ERP_SERVICE", told.address)
        done = subprocess.run(
            [sys.executable, "-c", KERNEL], cwd=ROOT, capture_output=True, text=True, check=True
        )
    n_charts, loaded, notes = json.loads(done.stdout.splitlines()[-1])
    assert n_charts == 3
    assert loaded == (["vizmodel.runtime.numpy"] if away else [])
    assert len(notes) == away
    assert versions().weights.encode() in told.bodies[0]
