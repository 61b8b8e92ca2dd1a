"""Owns a running chart service for measurements and tests, on loopback, with its own secret."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.processes import ROOT, RunError

#: Ray gives up where its parts do not start within half a minute, as on a machine that is busy.
TRIES = 3
READY_TIMEOUT_S = 150.0
STOP_TIMEOUT_S = 30.0
#: A word in the command of a process of the service, and which part of it the process is.
PARTS = {
    "ServeReplica": "replicas",
    "ServeController": "controller",
    "gcs_server": "Ray's store",
    "raylet/raylet": "Ray's raylet",
    "dashboard/agent.py": "Ray's agent",
}


@dataclass(frozen=True, slots=True)
class ChartService:
    """A running service."""

    address: str
    token: str
    process: psutil.Process
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a kernel finds that uses this service."""
        return {"ERP_SERVICE": self.address, "ERP_SERVICE_TOKEN": self.token}

    def replicas(self) -> list[psutil.Process]:
        """Return the processes that decode."""
        return [one for one in self._children() if "ServeReplica" in _command(one)]

    def memory_mb(self) -> dict[str, float]:
        """Return what each part of the service keeps in memory for itself: gate, replicas, Ray."""
        parts: Counter[str] = Counter()
        for one in (self.process, *self._children()):
            parts["gate" if one == self.process else _part(one)] += _own_bytes(one)
        return {name: size / 2**20 for name, size in parts.items()}

    def health(self) -> int:
        """Return the status with which it says how it is; 0 where nobody answers."""
        return _status(f"{self.address}/health")

    def metrics(self) -> dict[str, float]:
        """Return its figures by name."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.address}/metrics", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as reply:
            lines = [line for line in reply.read().decode().splitlines() if line[0] != "#"]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    def said(self) -> list[dict[str, object]]:
        """Return the lines of its log."""
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def _children(self) -> list[psutil.Process]:
        return list(self.process.children(recursive=True))


@contextmanager
def chart_service(
    *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[ChartService]:
    """Run a service until the block ends.

    Parameters
    ----------
    *options
        Of `erp serve`.
    environment
        Variables beside those of this process.

    Raises
    ------
    RunError
        It does not get ready, or does not end well; the message is what it said last.
    """
    with tempfile.TemporaryDirectory(prefix="erp-service-") as folder:
        running = _started(Path(folder), options, environment or {})
        try:
            yield running
        finally:
            ended, left = _stop(running.process)
        if ended != 0 or left:
            raise RunError(f"the service ended with {ended}, {left} left: {_end_of(running.log)}")


def _started(
    folder: Path, options: tuple[str, ...], environment: Mapping[str, str]
) -> ChartService:
    said = ""
    for attempt in range(TRIES):
        running = _start(folder / f"{attempt}.log", options, environment)
        deadline = time.monotonic() + READY_TIMEOUT_S
        while running.process.is_running() and running.process.status() != psutil.STATUS_ZOMBIE:
            if running.health() == 200:
                return running
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
        said = _end_of(running.log)
        _stop(running.process)
    raise RunError(f"the service is not ready: {said}")


def _start(log: Path, options: tuple[str, ...], environment: Mapping[str, str]) -> ChartService:
    token = secrets.token_hex(16)
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "erp_widget.service", "--port", "0", *options],
            cwd=ROOT,
            env={**os.environ, "ERP_SERVICE_TOKEN": token, **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    process = psutil.Process(child.pid)
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline and child.poll() is None:
        for line in log.read_text().splitlines():
            if '"starting"' in line:
                told = json.loads(line)
                address = f"http://{told['host']}:{told['port']}{told['prefix'].rstrip('/')}"
                return ChartService(address, token, process, log)
        time.sleep(0.1)
    raise RunError(f"the service does not start: {_end_of(log)}")


def _stop(process: psutil.Process) -> tuple[int | None, list[str]]:
    """End a service as systemd does; return its exit status, and what it left behind."""
    try:
        children = process.children(recursive=True)
        process.send_signal(signal.SIGTERM)
    except psutil.NoSuchProcess:
        return None, []
    try:
        ended: int | None = process.wait(STOP_TIMEOUT_S)
    except psutil.TimeoutExpired:
        process.kill()
        ended = process.wait(STOP_TIMEOUT_S)
    _, left = psutil.wait_procs(children, timeout=10)
    for one in left:
        one.kill()
    return ended, [str(one) for one in left]


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _part(process: psutil.Process) -> str:
    """Return what a process below the service's own is there for."""
    command = _command(process)
    for word, part in PARTS.items():
        if word in command:
            return part
    return "the rest of Ray"


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _own_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.Error:
        return 0


def _end_of(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return " | ".join(lines[-3:])[-600:]
