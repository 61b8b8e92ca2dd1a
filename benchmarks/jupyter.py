"""Owns a JupyterLab server for measurements: its own folder, settings and store, on loopback."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from benchmarks.processes import ROOT, RunError

READY_TIMEOUT_S = 60.0
NOTEBOOK = "bench.ipynb"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    address: str
    token: str

    @property
    def notebook_address(self) -> str:
        """Where the notebook opens."""
        return f"{self.address}/lab/tree/{NOTEBOOK}?token={self.token}"


@contextmanager
def jupyterlab(cells: Sequence[str]) -> Iterator[Server]:
    """Serve a notebook of the given cells; everything is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="erp-bench-") as name:
        folder = Path(name)
        (folder / "work").mkdir()
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / "work" / NOTEBOOK)
        port, token = _free_port(), secrets.token_hex(8)
        server = Server(f"http://127.0.0.1:{port}", token)
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                _command(folder, port, token), env=_environment(folder), stdout=log, stderr=log
            )
            try:
                _wait(server, process, folder / "log")
                yield server
            finally:
                process.terminate()
                process.wait(20)


def _command(folder: Path, port: int, token: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--ServerApp.root_dir={folder / 'work'}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "ERP_STORE": str(folder / "store.sqlite3"),
        "PYTHONPATH": str(ROOT),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    return dict(os.environ) | own


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            urllib.request.urlopen(f"{server.address}/api/status?token={server.token}", timeout=5)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RunError(f"JupyterLab did not start: {log.read_text()[-300:]}")
