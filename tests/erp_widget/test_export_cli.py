"""Galleries and reports written from the shell, in every format that the help names."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pypdf
import pytest
from exported import charts, sales

from erp_widget.commands.cli import main
from erp_widget.reports.report import report

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the test's folder and in this process, which saves many starts of one."""
    monkeypatch.chdir(tmp_path)

    def started(*arguments: str) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return subprocess.CompletedProcess(arguments, ended.value.code or 0, *capsys.readouterr())

    return started


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    data = sales()
    rows = [",".join(data), *(",".join(map(str, row)) for row in zip(*data.values(), strict=True))]
    (tmp_path / "sales.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "sales.csv"


def count(path: Path) -> int:
    """Return how many charts a file shows."""
    content = path.read_bytes()
    kind = path.suffix.lower()
    if kind == ".html":
        return content.count(b"<figure>")
    if kind == ".json":
        return len(json.loads(content))
    if kind == ".ipynb":
        found = nbformat.reads(content.decode(), as_version=4)
        nbformat.validate(found)
        return sum(bool(cell.get("outputs")) for cell in found.cells)
    if path.suffix == ".md":
        return len(list(path.with_name("out_files").glob("*.png")))
    outline = pypdf.PdfReader(io.BytesIO(content)).outline
    return sum(len(entry) for entry in outline if isinstance(entry, list))


@pytest.mark.parametrize(
    "name", ["out.html", "out.json", "out.ipynb", "out.md", "out.pdf", "OUT.JSON"]
)
def test_a_gallery_is_written(run: Run, csv: Path, tmp_path: Path, name: str) -> None:
    done = run("recommend", csv.name, "-k", "3", "-o", name)
    assert done.returncode == 0, done.stderr
    assert f"3 charts in {name}" in done.stderr
    assert count(tmp_path / name) == 3


def test_one_chart_is_one_chart(run: Run, csv: Path) -> None:
    done = run("recommend", csv.name, "-k", "1", "-o", "out.json")
    assert done.stderr.endswith("1 chart in out.json\n")


@pytest.mark.parametrize("name", ["out.html", "out.ipynb", "out.md", "out.pdf"])
def test_a_report_is_written(run: Run, tmp_path: Path, name: str) -> None:
    report("Q3 sales").add(charts()[0], "Prices rise.").add(charts()[1])
    done = run("report", "Q3 sales", "-o", name)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"2 charts in {name}\n"
    assert count(tmp_path / name) == 2


def test_a_change_of_a_report_is_taken_back(run: Run) -> None:
    report("Q3 sales").add_section("Prices").add(charts()[0])
    assert run("report", "Q3 sales").stdout.startswith("  1  [section] Prices\n  2  ")
    assert run("report", "Q3 sales", "--undo").stdout == "  1  [section] Prices\n"
    done = run("report", "Q3 sales", "--undo", "--restore")
    assert (done.returncode, "give one of" in done.stderr) == (2, True)
    run("report", "Q3 sales", "--undo")
    assert "no change to take back" in run("report", "Q3 sales", "--undo").stderr


def test_a_notebooks_report_is_found_by_its_path(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "analysis.ipynb"))
    report().add(charts()[0])
    assert charts()[0].title in run("report").stdout
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert charts()[0].title in run("report", "analysis.ipynb").stdout
    outside = run("report")
    assert (outside.returncode, outside.stdout) == (0, "")
    assert "erp report analysis.ipynb" in outside.stderr


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (("report", "-o", "out.html"), "erp report analysis.ipynb"),
        (("report", "Q4", "-o", "out.html"), "'Q4' is empty"),
        (("report", "-o", "out.docx"), ".html, .ipynb, .md, .pdf"),
        (("report", "-o", "no/out.pdf"), "make it first"),
        (("report", " "), "name"),
        (("recommend", "sales.csv", "-o", "out.docx"), ".html, .json, .ipynb, .md, .pdf"),
        (("recommend", "sales.csv", "-k", "1", "-o", "folder.pdf"), "choose another place"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    run: Run, csv: Path, tmp_path: Path, arguments: tuple[str, ...], fix: str
) -> None:
    (tmp_path / "folder.pdf").mkdir()
    done = run(*arguments)
    assert done.returncode == 2, done.stderr
    line, *more = done.stderr.splitlines()
    assert not more
    assert line.startswith("erp: ")
    assert fix in line


def test_pdf_without_typst_says_what_to_install(csv: Path, tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "typst.py").write_text("raise ImportError('not here')")
    path = os.pathsep.join([str(tmp_path / "without"), *(p for p in sys.path if p)])
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "erp_widget.commands.cli",
            "recommend",
            csv.name,
            "-k",
            "1",
            "-o",
            "out.pdf",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 2
    assert 'pip install "erp-widget[pdf]"' in done.stderr
    assert not (tmp_path / "out.pdf").exists()
