"""Owns the environments of other tools: made once from pinned requirements, kept out of the way."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.processes import ROOT, RunError

FOLDER = ROOT / ".bench"
REQUIREMENTS = Path(__file__).parent
#: The newest Python for which all of them have wheels.
PYTHON = "3.11"


def python_of(name: str) -> Path:
    """Return the interpreter of a tool's environment; make the environment where there is none.

    Raises
    ------
    RunError
        It cannot be made: no uv, no Python of that version, or no package index.
    """
    requirements = REQUIREMENTS / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    place = FOLDER / f"{name}-{digest}"
    python = place / "bin" / "python"
    if not python.is_file():
        new = place.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        _uv("venv", "--python", PYTHON, "--relocatable", str(new))
        # Compiled now: a first run would pay for it else.
        install = ("pip", "install", "--compile-bytecode", "--python", str(new / "bin" / "python"))
        _uv(*install, "--requirement", str(requirements))
        new.rename(place)
    return python


def _uv(*arguments: str) -> None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv is None:
        raise RunError("uv is missing: run `make setup`")
    done = subprocess.run(
        [uv, arguments[0], "--quiet", *arguments[1:]], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RunError(done.stderr.strip()[-400:])
