"""No export takes the place of a table, a store or a notebook of a person."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import nbformat
import pytest

import erp_widget as erp
from erp_widget.commands.cli import main
from erp_widget.errors import InputError

RECORDS = [{"city": city, "sales": n} for n, city in enumerate(["Rome", "Oslo", "Bonn"] * 4)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    erp.configure(store=tmp_path / "s.sqlite3", user="ada")
    return tmp_path


def status(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def notebook_of_a_person(path: Path) -> bytes:
    cell = nbformat.v4.new_code_cell("import erp_widget as erp")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path.read_bytes()


@pytest.mark.parametrize("form", [(), ("--format", "specs")])
def test_a_table_stays_under_each_of_its_names(
    folder: Path, form: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    table = folder / "t.json"
    table.write_text(json.dumps(RECORDS))
    (folder / "link.json").symlink_to(table)
    os.link(table, folder / "hard.json")
    before = table.read_bytes()
    for name in ("t.json", "link.json", "hard.json"):
        assert status("recommend", "t.json", *form, "-o", name) == 2
    assert "choose another name, such as t-charts.json" in capsys.readouterr().err
    with pytest.raises(InputError, match="a table that was read here"):
        erp.recommend(table).save(table)
    assert table.read_bytes() == before
    # An export is written again.
    for _ in range(2):
        assert status("recommend", "t.json", *form, "-o", "out.json") == 0


def test_a_notebook_of_a_person_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = notebook_of_a_person(folder / "analysis.ipynb")
    report = erp.report("analysis.ipynb")
    report.add(erp.recommend(RECORDS)[0])
    with pytest.raises(InputError, match=r"no export wrote.*such as analysis-charts\.ipynb"):
        report.to_notebook("analysis.ipynb")
    assert status("report", "analysis.ipynb", "-o", "analysis.ipynb") == 2
    assert (folder / "analysis.ipynb").read_bytes() == before

    for _ in range(2):
        report.to_notebook("export.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "export.ipynb"))
    with pytest.raises(InputError, match="the notebook that runs here"):
        report.to_notebook("export.ipynb")


def test_an_export_that_was_run_is_written_again_and_one_with_own_cells_is_not(
    folder: Path,
) -> None:
    gallery = erp.recommend(RECORDS)
    gallery.save("export.ipynb")
    found = nbformat.read("export.ipynb", 4)
    ran = next(cell for cell in found.cells if cell.cell_type == "code")
    ran.outputs, ran.execution_count = [], 7
    nbformat.write(found, "export.ipynb")
    gallery.save("export.ipynb")
    found.cells.append(nbformat.v4.new_markdown_cell("What I think of it."))
    nbformat.write(found, "export.ipynb")
    with pytest.raises(InputError, match="cells were changed"):
        gallery.save("export.ipynb")
    assert "What I think" in (folder / "export.ipynb").read_text()


def test_a_store_stays(folder: Path) -> None:
    erp.recommend(RECORDS)[0].save()
    for path in (folder / "s.sqlite3", "s.sqlite3"):
        with pytest.raises(InputError, match=re.escape("the store that is open here")):
            erp.export_store(path)
    erp.configure(store=folder / "other.sqlite3")
    assert status("store", "export", "s.sqlite3") == 2
    erp.configure(store=folder / "s.sqlite3")
    assert len(erp.saved()) == 1
    for _ in range(2):
        erp.export_store("mine.zip")
