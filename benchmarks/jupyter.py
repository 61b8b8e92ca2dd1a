"""Owns Jupyter servers for measurements and tests: own folder, settings and store, on loopback."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from benchmarks.processes import ROOT, RunError

READY_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 20.0
#: Name of our JupyterLab plugin, where one may switch it off.
PLUGIN = "erp-widget"
#: Application -> path at which it opens a notebook.
PATHS = {"jupyterlab": "lab/workspaces/{workspace}/tree", "notebook": "notebooks"}

Application = Literal["jupyterlab", "notebook"]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server with its own folder of notebooks and its own store."""

    application: Application
    address: str
    token: str
    folder: Path

    @property
    def work(self) -> Path:
        """The folder that the server shows."""
        return self.folder / "work"

    @property
    def store(self) -> Path:
        """The store of all kernels."""
        return self.folder / "store.sqlite3"

    def page(self, name: str) -> str:
        """Return the address at which a notebook opens, in JupyterLab in a workspace of its own."""
        path = PATHS[self.application].format(workspace=Path(name).stem)
        return f"{self.address}/{path}/{name}?token={self.token}"

    def write(self, name: str, cells: Sequence[str]) -> Path:
        """Write a notebook of code cells."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.work / name)
        return self.work / name

    def shut_down_kernels(self) -> None:
        """End every kernel with its session, as a person does in the list of running kernels."""
        for session in self._ask("GET", "api/sessions"):
            self._ask("DELETE", f"api/sessions/{session['id']}")

    def _ask(self, method: str, path: str) -> Any:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.address}/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as reply:
            said = reply.read()
        return json.loads(said) if said else None


@contextmanager
def serve(application: Application = "jupyterlab", *, plugin: bool = True) -> Iterator[Server]:
    """Run a server; it and all that it wrote are gone at the end.

    Parameters
    ----------
    application
        Which front end it serves.
    plugin
        Whether our JupyterLab plugin is enabled.
    """
    with tempfile.TemporaryDirectory(prefix="erp-jupyter-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        address = f"http://127.0.0.1:{_free_port()}"
        server = Server(application, address, secrets.token_hex(8), folder)
        server.work.mkdir()
        _settings(folder, plugin)
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                _command(server), env=_environment(server), stdout=log, stderr=log
            )
            try:
                _wait(server, process)
                yield server
                server.shut_down_kernels()
            finally:
                _stop(process)


def _settings(folder: Path, plugin: bool) -> None:
    """Switch off what asks the person, the network or a build, and the plugin if not wanted."""
    page: dict[str, Any] = {"disabledExtensions": {} if plugin else {PLUGIN: True}}
    page |= {"buildAvailable": False, "buildCheck": False}
    _write_json(folder / "config" / "labconfig" / "page_config.json", page)
    news = {"checkForUpdates": False, "doNotDisturbMode": True, "fetchNews": "false"}
    shown = folder / "settings" / "@jupyterlab" / "apputils-extension"
    _write_json(shown / "notification.jupyterlab-settings", news)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))


def _command(server: Server) -> list[str]:
    return [
        sys.executable,
        "-m",
        server.application,
        "--no-browser",
        "--allow-root",
        f"--ServerApp.root_dir={server.work}",
        f"--ServerApp.port={urllib.parse.urlsplit(server.address).port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={server.token}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def _environment(server: Server) -> dict[str, str]:
    own = {
        "ERP_STORE": str(server.store),
        "ERP_USER": "test-user",
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(server.folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(server.folder / "config"),
        "JUPYTER_DATA_DIR": str(server.folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(server.folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(server.folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(server.folder / "workspaces"),
    }
    return dict(os.environ) | own


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            server._ask("GET", "api/status")
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    log = (server.folder / "log").read_text()
    raise RunError(f"{server.application} did not start: {log[-1000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
