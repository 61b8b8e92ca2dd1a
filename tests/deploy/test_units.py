"""The files of a hub's node say what programs understand: units, settings, configuration."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from node import Node
from traitlets.config.loader import PyFileConfigLoader
from units import DEPLOY, Unit, read_environment, read_unit

from erp_widget.store.mongo_users import database_name

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
#: What every service of the node gives up.
HARDENING = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectControlGroups": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
}
#: The hub checks passwords and starts the units of others; every other service runs as nobody else.
ROOT_SERVICES = {"erp-hub.service"}
#: Configured classes of the hub -> the module that has them.
CLASSES = {
    "JupyterHub": "jupyterhub.app",
    "Spawner": "jupyterhub.spawner",
    "SystemdSpawner": "systemdspawner",
    "ConfigurableHTTPProxy": "jupyterhub.proxy",
    "PAMAuthenticator": "jupyterhub.auth",
}
READ_CONFIG = f"""
import importlib, json, sys
from traitlets.config.loader import PyFileConfigLoader
config = PyFileConfigLoader(sys.argv[1]).load_config()
unknown = []
for name, settings in config.items():
    known = getattr(importlib.import_module({CLASSES!r}[name]), name).class_traits(config=True)
    unknown += [f"{{name}}.{{setting}}" for setting in settings if setting not in known]
roles = {{role["name"]: role["scopes"] for role in config.JupyterHub.load_roles}}
print(json.dumps({{
    "unknown": unknown,
    "roles": roles,
    "server": config.Spawner.server_token_scopes,
    "spawner": config.JupyterHub.spawner_class,
    "environment": config.Spawner.environment,
    "devices": config.SystemdSpawner.isolate_devices,
}}))
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Return a node whose settings and secrets are written; nothing of it runs."""
    cluster = {"ERP_RAY": "--head --port=6379"}
    node = Node(tmp_path_factory.mktemp("node"), charts=cluster)
    node.write_settings()
    return node


def units() -> list[Any]:
    """Return each service for a test of its own."""
    return [pytest.param(read_unit(path), id=path.stem) for path in SERVICES]


@pytest.mark.parametrize("unit", units())
def test_a_service_gives_up_what_it_does_not_need(unit: Unit) -> None:
    assert {name: unit.one(name) for name in HARDENING} == HARDENING
    as_another = unit.all("DynamicUser") == ["yes"] or unit.all("User")
    assert bool(as_another) != (unit.name in ROOT_SERVICES)
    if unit.name not in ROOT_SERVICES:
        assert unit.one("CapabilityBoundingSet") == ""


@pytest.mark.parametrize("unit", units())
def test_a_service_finds_its_variables_and_files(unit: Unit, prepared: Node) -> None:
    environment = prepared.runner.environment(unit)
    command = prepared.runner.command(unit, environment)
    elsewhere = re.compile(r"(?<![\w/-])(/opt/erp|/etc/erp|/var/lib/erp)")
    assert not elsewhere.search(" ".join([*command, *environment.values()]))
    assert shutil.which(command[0]), command[0]
    for part in command[1:]:
        if part.startswith(str(DEPLOY)):
            assert Path(part).exists(), part


def test_no_secret_stands_on_a_command_line_or_in_a_file_that_others_read(prepared: Node) -> None:
    secrets = prepared.etc / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    values = {v for file in secrets.glob("*.env") for v in read_environment(file).values()}
    assert len(values) == 5  # hub.env has four, one of them again in charts.env; proxy.env one
    for file in secrets.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    for path in SERVICES:
        unit = read_unit(path)
        command = prepared.runner.command(unit, prepared.runner.environment(unit))
        assert not any(value in " ".join(command) for value in values), path.name


def test_secrets_are_made_once(prepared: Node) -> None:
    before = {file: file.read_text() for file in (prepared.etc / "secrets").iterdir()}
    said = prepared.run_script("make_secrets.py", str(prepared.etc / "secrets"))
    assert said.count("kept") == len(before) == 4
    assert {file: file.read_text() for file in before} == before


def test_the_hub_knows_every_setting_and_both_ways_to_the_service(prepared: Node) -> None:
    unit = read_unit(DEPLOY / "systemd" / "erp-hub.service")
    environment = prepared.runner.environment(unit)
    (prepared.etc / "hub_site.py").unlink()  # as the files come, with no node's own
    done = subprocess.run(
        [sys.executable, "-c", READ_CONFIG, str(DEPLOY / "jupyterhub_config.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["unknown"] == []
    scope = "access:services!service=erp"
    assert scope in said["roles"]["user"]
    assert scope in said["server"]
    # Users' servers see neither the GPU nor each other's environment.
    assert said["spawner"] == "systemd"
    assert said["devices"] is True
    assert said["environment"]["CUDA_VISIBLE_DEVICES"] == ""
    assert not any("SECRET" in name or "TOKEN" in name for name in said["environment"])


def test_a_server_gets_its_own_store_while_the_store_is_away(
    prepared: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = read_unit(DEPLOY / "systemd" / "erp-hub.service")
    for name, value in prepared.runner.environment(unit).items():
        monkeypatch.setenv(name, value)
    config = PyFileConfigLoader(str(DEPLOY / "jupyterhub_config.py")).load_config()
    shared = dict(config.Spawner.environment)
    given = {}
    for user in ("ada", "bob", "ada"):
        spawner = SimpleNamespace(
            user=SimpleNamespace(name=user), environment=shared, log=logging.getLogger("hub")
        )
        # In a thread: this one may have a loop already, that of a browser's driver.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, config.Spawner.pre_spawn_hook(spawner)).result()
        address = spawner.environment["ERP_STORE"]
        assert spawner.environment["ERP_USER"] == user
        assert f"/{database_name(user)}?" in address
        # The same again: a second server of a user cuts off no first one.
        assert given.setdefault(user, address) == address
    passwords = {address.partition("@")[0].rpartition(":")[2] for address in given.values()}
    assert len(passwords) == 2 and all(len(password) > 40 for password in passwords)
    assert shared == config.Spawner.environment  # nobody's address is in what all share


def test_the_guide_names_every_file_and_no_other() -> None:
    guide = (DEPLOY / "README.md").read_text()
    top = {path.name for path in DEPLOY.iterdir()} - {"README.md", "__pycache__"}
    assert {name for name in top if f"`{name}`" not in guide and f"`{name}/`" not in guide} == set()
    named = set(re.findall(r"/opt/erp/deploy/([\w./-]+\w)", guide))
    assert {path for path in named if not (DEPLOY / path).exists()} == set()
    units = set(re.findall(r"\berp-(?:[a-z]+)(?:\.\w+)?", guide))
    known = {path.stem for path in UNITS} | {path.name for path in UNITS} | {"erp-admin"}
    assert units <= known


def test_systemd_takes_the_units(prepared: Node, tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("no systemd on this machine; the tests above read the units")
    for path in UNITS:
        text = prepared.runner.here(path.read_text())
        (tmp_path / path.name).write_text(text)
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    (tmp_path / "erp-charts.service.d").mkdir()
    shutil.copy(DEPLOY / "cluster.conf", tmp_path / "erp-charts.service.d")
    done = subprocess.run(
        [verify, "verify", "--man=no", *units],
        env={"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    ours = [line for line in done.stderr.splitlines() if "erp-" in line]
    assert ours == []
    assert done.returncode == 0, done.stderr
