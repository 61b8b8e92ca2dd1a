"""The whole service once, on Ray Serve: the same charts, a killed replica, doors, a good end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from raw_tables import profile_of, realistic

import erp_widget as erp
from benchmarks.chart_service import ChartService, chart_service
from benchmarks.processes import ROOT
from erp_widget import service
from erp_widget.service import client
from vizmodel.design import Intent
from vizmodel.search.decoder import Ask, LocalDecoder

REPLICAS, KERNELS, LOAD_S = 2, 6, 8.0
#: Tries to speak to Ray without the token that the service has made for itself.
STRANGER = """
import sys
from ray._raylet import GcsClient
try:
    GcsClient(address=sys.argv[1])
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.fixture(scope="module")
def running() -> Iterator[ChartService]:
    """Run the service with replicas that decode several tables together.

    At its end it must have ended well, and have left nothing running.
    """
    with chart_service(
        "--replicas", str(REPLICAS), "--batch", "4", "--batch-wait-ms", "30"
    ) as found:
        yield found


@pytest.fixture(autouse=True)
def kernel(running: ChartService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be a kernel of the service that has time on a busy machine."""
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(client.DEADLINE_VARIABLE, "9000")
    monkeypatch.setattr(client, "_lines", {})
    monkeypatch.setattr(client, "FIRST_PAUSE_S", 0.2)
    monkeypatch.setattr(client, "LAST_PAUSE_S", 1.0)


def test_it_is_ready_once_it_is_warm(running: ChartService) -> None:
    assert running.health() == 200
    assert len(running.replicas()) == REPLICAS
    assert running.metrics()["erp_replicas"] == REPLICAS


def test_the_charts_are_the_kernels_own(running: ChartService) -> None:
    found = service.decoder()
    assert found is not None
    for name in ("sales", "wide", "passengers"):
        profile = profile_of(realistic()[name])
        asks = [Ask(profile), Ask(profile, Intent(columns=(profile.columns[1].name,)), 16)]
        for mine, theirs in zip(LocalDecoder().decode(asks), found.decode(asks), strict=True):
            assert str(mine) == str(theirs)
    assert found.note is None
    assert found.status().fallen_back == 0


def test_tables_that_come_together_are_decoded_together(running: ChartService) -> None:
    found, ask = service.decoder(), Ask(profile_of(realistic()["sales"]))
    assert found is not None
    before = running.metrics()
    together = threading.Barrier(KERNELS)

    def decode(_: int) -> bool:
        together.wait()
        return bool(found.decode([ask])[0])

    with ThreadPoolExecutor(KERNELS) as kernels:
        assert all(kernels.map(decode, range(KERNELS)))
    tables, batches = (
        running.metrics()[f"erp_batch_tables_{part}"] - before[f"erp_batch_tables_{part}"]
        for part in ("sum", "count")
    )
    assert tables > batches > 0


def test_a_killed_replica_fails_no_kernel_and_is_replaced(running: ChartService) -> None:
    """Kernels ask all the time while a replica is killed: each gets its charts."""
    table, until = realistic()["sales"], time.monotonic() + LOAD_S
    galleries: list[int] = []
    failures: list[Exception] = []

    def ask() -> None:
        while time.monotonic() < until:
            try:
                galleries.append(len(erp.recommend(table, k=3, store=":memory:")))
            except Exception as error:
                failures.append(error)

    kernels = [threading.Thread(target=ask) for _ in range(KERNELS)]
    for one in kernels:
        one.start()
    time.sleep(LOAD_S / 4)
    killed = running.replicas()[0]
    killed.kill()
    for one in kernels:
        one.join()
    assert failures == []
    assert set(galleries) == {3}
    found = service.status()
    assert found is not None
    assert found.answered > found.fallen_back
    _wait_for(lambda: running.metrics()["erp_replicas"] == REPLICAS)
    assert killed.pid not in {one.pid for one in running.replicas()}


def _wait_for(is_so: object, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    assert callable(is_so)
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_ray_listens_on_loopback_and_to_nobody_else(running: ChartService) -> None:
    """Other accounts of the machine reach its ports; without the token they can do nothing."""
    children = running.process.children(recursive=True)
    doors = [
        (one.name(), line.laddr)
        for one in (running.process, *children)
        for line in one.net_connections("tcp")
        if line.status == psutil.CONN_LISTEN
    ]
    # Replicas' own door asks for Ray's token, as all others do, and listens everywhere.
    open_doors = [n for n, at in doors if at.ip not in ("127.0.0.1", "::ffff:127.0.0.1", "::1")]
    assert len(open_doors) <= REPLICAS
    assert all(name.startswith("ray::ServeRep") for name in open_doors)
    (head,) = [one for one in children if one.name() == "gcs_server"]
    options = dict(part.partition("=")[::2] for part in head.cmdline()[1:])
    ports = [at.port for name, at in doors if name == "gcs_server"]
    assert ports, options
    environment = {name: value for name, value in os.environ.items() if "RAY" not in name}
    for port in ports:
        done = subprocess.run(
            [sys.executable, "-c", STRANGER, f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment | {"RAY_gcs_server_request_timeout_seconds": "5"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert "AuthenticationError" in done.stdout, done.stdout + done.stderr
