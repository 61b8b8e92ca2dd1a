"""Owns a whole node for the tests, started from the very files in deploy/."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from mongod import mongod_path
from units import DEPLOY, Runner, new_folder, read_environment

from benchmarks.processes import ROOT

READY_TIMEOUT_S = 300.0
STORE, PROXY, HUB, CHARTS = (
    "erp-mongod.service",
    "erp-proxy.service",
    "erp-hub.service",
    "erp-charts.service",
)


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    body: str
    headers: Mapping[str, str]


def ask(
    address: str,
    token: str | None = None,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Ask for an address; an error of the server is an answer too."""
    said = dict(headers or {}) | ({"Authorization": f"token {token}"} if token else {})
    request = urllib.request.Request(address, data=body, method=method, headers=said)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Reply(answer.status, answer.read().decode(), dict(answer.headers))
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.read().decode(), dict(error.headers))


@dataclass
class Node:
    """A node that lies in a folder; its units are those of deploy/systemd."""

    folder: Path = field(default_factory=new_folder)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    #: Lets the tests make tokens for the users.
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    #: Settings of the chart service: on a machine without a GPU it runs on the processor.
    charts: dict[str, str] = field(default_factory=lambda: {"ERP_SERVICE_REPLICAS": "2"})
    ports: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = ("PROXY", "PROXY_API", "HUB", "SERVICE", "STORE")
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        binaries = Path(sys.prefix) / "bin"
        self.runner = Runner(
            self.folder,
            {
                "/opt/erp/proxy/node_modules": str(ROOT / "node_modules"),
                "/opt/erp/service/bin": str(binaries),
                "/opt/erp/hub/bin": str(binaries),
                "/opt/erp/deploy": str(DEPLOY),
                "/usr/bin/mongod": str(mongod_path()),
                "/etc": str(self.etc.parent),
                "/run": str(self.folder / "run"),
                "/var": str(self.folder / "var"),
            },
            {STORE: self._store_arguments()},
        )

    @property
    def etc(self) -> Path:
        """What is this node's own: settings and secrets."""
        return self.folder / "etc" / "erp"

    @property
    def address(self) -> str:
        """Where people come in."""
        return f"http://127.0.0.1:{self.ports['PROXY']}"

    @property
    def service(self) -> str:
        """Where kernels find the chart service."""
        return f"{self.address}/services/erp"

    @property
    def secrets(self) -> dict[str, str]:
        """What the hub alone knows."""
        return read_environment(self.etc / "secrets" / "hub.env")

    def home(self, user: str) -> Path:
        """Return a user's folder."""
        return self.folder / "h" / user

    def start(self) -> None:
        """Prepare the node as deploy/README.md says, start all units and wait for the hub."""
        self.write_settings()
        for unit in (STORE, CHARTS, PROXY):
            self.runner.start(unit)
        store = self.ports["STORE"]
        wait(self, STORE, lambda: socket.create_connection(("127.0.0.1", store), 1).close() is None)
        self.run_script("prepare_store.py")
        self.runner.start(HUB)
        self.wait_for(HUB)

    def wait_for(self, name: str) -> None:
        """Wait until the hub or the chart service answers by way of the proxy."""
        path = {HUB: "/hub/health", CHARTS: "/services/erp/health"}[name]
        wait(self, name, lambda: ask(f"{self.address}{path}").status == 200)

    def restart(self, name: str) -> None:
        """Stop a unit and start it again."""
        self.runner.stop(name)
        self.runner.start(name)

    def remove(self) -> None:
        """End everything, users' servers too, and remove the folder."""
        try:
            for name in (CHARTS, HUB, PROXY, STORE):
                if self.runner.is_running(name):
                    self.runner.stop(name)
        finally:
            end_processes(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run_script(self, name: str, *arguments: str) -> str:
        """Run a script of deploy/ as the administrator does; return what it printed."""
        hub = self.etc / "secrets" / "hub.env"
        known = read_environment(hub) if hub.exists() else {}
        done = subprocess.run(
            [sys.executable, str(DEPLOY / name), *arguments],
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder)} | known,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write_settings(self) -> None:
        """Write what an administrator writes: settings, secrets, who may come in."""
        self.etc.mkdir(parents=True)
        self.run_script("make_secrets.py", str(self.etc / "secrets"), str(self.ports["STORE"]))
        shutil.copy(self.etc / "secrets" / "mongod.key", self.etc / "mongod.key")
        own = {f"ERP_{name}_PORT": str(port) for name, port in self.ports.items()}
        # A machine that runs browsers and tests beside it is slow; who is away is refused at once.
        own["ERP_SERVICE_DEADLINE_MS"] = "30000"
        own["ERP_TEST_PASSWORD"] = self.password
        own["ERP_TEST_TOKEN"] = self.token
        own["ERP_TEST_HOMES"] = str(self.folder / "h")
        write_environment(self.etc / "erp.env", own)
        write_environment(self.etc / "charts.env", self.charts)
        shutil.copy(Path(__file__).with_name("hub_site.py"), self.etc)

    def _store_arguments(self) -> list[str]:
        """Return where the store lies here, in place of what mongod.conf says."""
        return [
            *("--port", str(self.ports["STORE"]), "--keyFile", str(self.etc / "mongod.key")),
            *("--dbpath", str(self.folder / "var/lib/erp-mongod")),
            *("--logpath", str(self.folder / "var/log/erp-mongod/mongod.log")),
        ]


def write_environment(path: Path, values: Mapping[str, str]) -> None:
    """Write an environment file as an administrator does."""
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))


def wait(node: Node, name: str, is_ready: Callable[[], bool]) -> None:
    """Wait until a unit is ready, or fail with what it said."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline and node.runner.keep(name):
        with suppress(OSError):
            if is_ready():
                return
        time.sleep(0.1)
    raise AssertionError(f"{name} is not ready: {node.runner.said(name)}")


def end_processes(folder: Path) -> None:
    """End every process that works in a folder or below."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.joinpath("cwd").resolve().is_relative_to(folder):
                os.kill(int(process.name), signal.SIGKILL)


def free_ports(n: int) -> list[int]:
    """Return ports on which nothing listens."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in found]
