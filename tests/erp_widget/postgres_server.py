"""Owns a real Postgres server for the tests: a new cluster in a folder, with passwords."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

#: Debian keeps the server's programs out of the PATH.
DEBIAN = Path("/usr/lib/postgresql")
MISSING = "no Postgres server: run scripts/test_system.sh, or apt-get install postgresql"
READY_TIMEOUT_S = 60.0
PASSWORD = "a password of the tests"
#: As fast as a server is that need not survive a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "20",
    # Charts must not depend on where the server stands.
    "timezone": "America/New_York",
}


@cache
def program(name: str) -> str:
    """Return the path of one of the server's programs."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which(name) or next(
        (str(folder / name) for folder in reversed(folders) if (folder / name).exists()), None
    )
    if found is None:
        raise RuntimeError(f"{MISSING} ({name} is not there)")
    return found


def not_root() -> dict[str, Any]:
    """Return the arguments by which a process runs as somebody else, where this one is root's."""
    if os.geteuid() != 0:
        return {}
    names = {one.pw_name for one in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@dataclass
class Postgres:
    """One server; `admin` may do everything, others what they are granted."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="erp-postgres-")))
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make a cluster with the order of texts that people have, and start the server."""
        who = not_root()
        if who:
            os.chown(self.folder, who["user"], who["group"])
        password = self.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        made = [
            *(program("initdb"), "--pgdata", str(self.folder / "data"), "--no-sync"),
            *("--username", "admin", "--pwfile", str(password), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C"),
            *("--locale-provider", "icu", "--icu-locale", "en-US"),
        ]
        done = subprocess.run(made, capture_output=True, text=True, cwd="/", check=False, **who)
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr or done.stdout}")
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        command = [program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        command += ["-h", "127.0.0.1", "-k", str(self.folder)]
        command += [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **who)
        self._wait()

    def connect(self, user: str = "admin", password: str = PASSWORD) -> Any:
        """Connect as a person does."""
        import ibis

        return ibis.postgres.connect(
            host="127.0.0.1", port=self.port, user=user, password=password, database="postgres"
        )

    def stop(self) -> None:
        """Stop the server as an operator does who does not wait for clients."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # "fast": clients are cut off
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def remove(self) -> None:
        """Stop the server and remove its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                psycopg.connect(
                    host="127.0.0.1",
                    port=self.port,
                    user="admin",
                    password=PASSWORD,
                    dbname="postgres",
                    connect_timeout=5,
                ).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError(f"Postgres was not ready: {(self.folder / 'log').read_text()[-2000:]}")
