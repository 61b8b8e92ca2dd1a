"""Owns reading systemd units and running them where no systemd is: as the same programs do."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import ROOT

DEPLOY = ROOT / "deploy"
STOP_TIMEOUT_S = 30.0
#: As often does systemd start a unit that ends at once.
START_LIMIT = 5
#: Settings of a unit that make a folder: its place on a node, and the variable that names it.
FOLDERS = {
    "StateDirectory": ("/var/lib", "STATE_DIRECTORY"),
    "LogsDirectory": ("/var/log", "LOGS_DIRECTORY"),
    "RuntimeDirectory": ("/run", "RUNTIME_DIRECTORY"),
    "ConfigurationDirectory": ("/etc", "CONFIGURATION_DIRECTORY"),
}


@dataclass(frozen=True)
class Unit:
    """A unit's settings by section and name; a name may come several times."""

    name: str
    sections: dict[str, dict[str, list[str]]]

    def all(self, name: str, section: str = "Service") -> list[str]:
        """Return every value of a setting."""
        return self.sections.get(section, {}).get(name, [])

    def one(self, name: str, section: str = "Service") -> str:
        """Return the only value of a setting."""
        (value,) = self.all(name, section)
        return value


def read_unit(path: Path) -> Unit:
    """Read a unit file as systemd.syntax(7) has it."""
    sections: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    lines = [line for line in path.read_text().splitlines() if not re.match(r"\s*[#;]", line)]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]\s*", line):
            section = sections.setdefault(heading[1], {})
        elif line.strip():
            name, equals, value = line.partition("=")
            assert equals, f"{path.name}: {line}"
            section.setdefault(name.strip(), []).append(value.strip())
    return Unit(path.name, sections)


def read_environment(path: Path) -> dict[str, str]:
    """Read a file of NAME=value lines as systemd does, quotes aside."""
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _, value in pairs if name and not name.startswith(("#", " "))}


@dataclass
class Runner:
    """Runs units with a node's paths moved to where the same things are here.

    Parameters
    ----------
    folder
        Below it lies what a node has in /etc, /var and /run.
    moved
        Path on a node -> path here, longest first.
    extra
        Unit -> arguments added to its command.
    """

    folder: Path
    moved: Mapping[str, str]
    extra: Mapping[str, Sequence[str]] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """Return a text with a node's paths as they are here."""
        for path, place in self.moved.items():
            text = re.sub(rf"(?<![\w/.-]){re.escape(path)}", place, text)
        return text

    def environment(self, unit: Unit) -> dict[str, str]:
        """Make a unit's folders and return its environment, which has nothing of ours but PATH."""
        found = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        for setting, (parent, variable) in FOLDERS.items():
            for name in unit.all(setting):
                place = Path(self.here(f"{parent}/{name}"))
                place.mkdir(parents=True, exist_ok=True)
                found[variable] = str(place)
        for line in unit.all("Environment"):
            for pair in shlex.split(line):
                name, _, value = pair.partition("=")
                found[name] = self.here(value)
        for said in unit.all("EnvironmentFile"):
            file = Path(self.here(said.removeprefix("-")))
            if file.exists() or not said.startswith("-"):
                found |= read_environment(file)
        return found

    def command(self, unit: Unit, environment: Mapping[str, str]) -> list[str]:
        """Return a unit's command with its variables filled in."""
        words: list[str] = []
        for said in shlex.split(self.here(unit.one("ExecStart"))):
            if whole := re.fullmatch(r"\$(\w+)", said):
                words += environment[whole[1]].split()
            else:
                words.append(re.sub(r"\$\{(\w+)\}", lambda at: environment[at[1]], said))
        return [*words, *self.extra.get(unit.name, ())]

    def start(self, name: str) -> None:
        """Start a unit; what it prints goes to a file of its name."""
        unit = read_unit(DEPLOY / "systemd" / name)
        environment = self.environment(unit)
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.command(unit, environment),
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, name: str) -> None:
        """Ask a unit to end, as systemd does; one that takes too long is killed as it is there."""
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def is_running(self, name: str) -> bool:
        """Tell whether a unit was started and has not ended."""
        return name in self.running and self.running[name].poll() is None

    def keep(self, name: str) -> bool:
        """Start a unit that ended by itself again, as systemd does; tell whether it runs."""
        if self.is_running(name):
            return True
        again = read_unit(DEPLOY / "systemd" / name).all("Restart")
        self.restarts[name] = self.restarts.get(name, 0) + 1
        if name not in self.running or again == [] or self.restarts[name] > START_LIMIT:
            return False
        self.start(name)
        return True

    def log(self, name: str) -> Path:
        """Return the file of what a unit prints."""
        return self.folder / f"{name}.log"

    def said(self, name: str) -> str:
        """Return the end of what a unit printed."""
        return self.log(name).read_text(errors="replace")[-3000:]


def new_folder() -> Path:
    """Return a new folder with a short path: sockets lie below it."""
    return Path(tempfile.mkdtemp(prefix="erp", dir="/tmp"))
