"""Owns what a person gets who installs the wheel: its files, and a working command in them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from import_graph import ROOT

MAX_WHEEL_BYTES = 20_000_000
MAX_WEIGHTS_BYTES = 15_000_000
MAX_PLUGIN_BYTES = 32_000
PLUGIN = ".data/data/share/jupyter/labextensions/erp-widget/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `make wheel` does, without asking the network for the build tool."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    """List the files inside."""
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < MAX_WHEEL_BYTES


def test_the_browser_files_are_inside(names: list[str]) -> None:
    assert "erp_widget/static/gallery.js" in names
    assert "erp_widget/static/library.js" in names
    assert "erp_widget/static/report.js" in names
    assert "erp_widget/static/runtime.js" in names
    assert "erp_widget/static/page.js" in names


def test_the_jupyterlab_plugin_is_where_jupyterlab_looks(names: list[str]) -> None:
    plugin = [name.partition(PLUGIN)[2] for name in names if PLUGIN in name]
    assert "package.json" in plugin
    assert any(name.startswith("static/remoteEntry") for name in plugin)
    assert not any(name.startswith("erp_widget/labextension") for name in names)


def test_the_jupyterlab_plugin_is_small(wheel: Path) -> None:
    infos = zipfile.ZipFile(wheel).infolist()
    assert sum(info.file_size for info in infos if PLUGIN in info.filename) < MAX_PLUGIN_BYTES


def test_the_weights_are_inside(wheel: Path, names: list[str]) -> None:
    weights = [name for name in names if name.startswith("vizmodel/weights/")]
    for part in (".tflite", "config.json", "metrics.json", "MODEL_CARD.md"):
        assert any(name.endswith(part) for name in weights), part
    sizes = [info.file_size for info in zipfile.ZipFile(wheel).infolist()]
    held = dict(zip(names, sizes, strict=True))
    assert sum(held[name] for name in weights) < MAX_WEIGHTS_BYTES


def test_nothing_else_is_inside(names: list[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("erp_widget-")} == {"erp_widget", "vizmodel"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_wheel_runs_by_itself(wheel: Path, tmp_path: Path) -> None:
    # Unpacked far from the sources: what it needs of its own must be inside.
    place = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(place)
    table = tmp_path / "table.csv"
    rows = "\n".join(f"{city},{n},{n * n % 17}" for n in range(20) for city in ("Rome", "Oslo"))
    table.write_text(f"city,sales,visits\n{rows}\n")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import erp_widget; "
        "assert erp_widget.__file__.startswith(sys.argv[1]); "
        "from erp_widget.commands.cli import main; "
        "main(['recommend', sys.argv[2], '-k', '3', '--format', 'specs'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(place), str(table)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert '"mark"' in done.stdout
