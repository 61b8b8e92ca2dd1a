"""Writes the secrets of a node, each once: run as root, again at any time; needs Python alone."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from pathlib import Path


def write_once(path: Path, made: Callable[[], str]) -> None:
    """Write a file that its owner alone reads; one that is there stays as it is."""
    if path.exists():
        print(f"kept  {path}")
        return
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(made())
    print(f"wrote {path}")


def value(path: Path, name: str) -> str:
    """Return one variable of an environment file."""
    lines = [line.partition("=") for line in path.read_text().splitlines()]
    return next(said for variable, _, said in lines if variable == name)


def hub_secrets(port: int) -> str:
    """Return what the hub alone knows."""
    password = secrets.token_urlsafe(32)
    # No "&" in it, so that a shell can read the file, too.
    address = f"mongodb://erp-hub:{password}@127.0.0.1:{port}/admin?replicaSet=erp"
    return (
        f"ERP_ADMIN={address}\n"
        f"ERP_STORE_KEY={secrets.token_hex(32)}\n"
        f"ERP_SERVICE_TOKEN={secrets.token_hex(32)}\n"
        f"ERP_METRICS_TOKEN={secrets.token_hex(32)}\n"
    )


def main(folder: Path, port: int) -> None:
    """Write hub.env, proxy.env, charts.env and mongod.key into a folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    hub = folder / "hub.env"
    write_once(hub, lambda: hub_secrets(port))
    write_once(folder / "proxy.env", lambda: f"CONFIGPROXY_AUTH_TOKEN={secrets.token_hex(32)}\n")
    token = value(hub, "ERP_SERVICE_TOKEN")
    write_once(folder / "charts.env", lambda: f"JUPYTERHUB_API_TOKEN={token}\n")
    write_once(folder / "mongod.key", lambda: secrets.token_hex(128) + "\n")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path("/etc/erp/secrets"),
        int(sys.argv[2]) if len(sys.argv) > 2 else 27017,
    )
