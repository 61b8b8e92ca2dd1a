"""The command line as a person or a script meets it: a process, its output, its exit status."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import erp_widget.store
from erp_widget.errors import SourceError
from erp_widget.sources.files import FileName, read_file
from erp_widget.store import ChartDraft
from erp_widget.store.sqlite import SqliteStore

ROOT = Path(erp_widget.store.__file__).parents[2]
#: Loaded by none of the commands that print specs.
HEAVY = ("pandas", "ibis", "altair", "anywidget", "tensorflow", "keras", "vl_convert", "pymongo")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `erp` in a folder of its own, with a store of its own."""

    def started(*arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "ERP_STORE": str(tmp_path / "store.sqlite3"),
            "ERP_USER": "ada",
            **extra,
        }
        return subprocess.run(
            [sys.executable, "-m", "erp_widget.commands.cli", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            cwd=tmp_path,
            timeout=300,
            check=False,
        )

    return started


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """Write a table of 400 rows."""
    path = tmp_path / "sales.csv"
    lines = ["day,city,price,units"]
    for n in range(400):
        city = ("Rome", "Oslo", "Lima")[n % 3]
        lines.append(f"2024-{n % 12 + 1:02d}-{n % 28 + 1:02d},{city},{n * 7 % 101 + 0.5},{n % 40}")
    path.write_text("\n".join(lines) + "\n")
    return path


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line on stderr of a command that was refused."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    line, *more = done.stderr.splitlines()
    assert not more
    assert line.startswith("erp: ")
    return line


def fields_of(spec: dict[str, Any]) -> set[str]:
    return {one["field"] for one in spec["encoding"].values() if "field" in one}


class TestSpecs:
    def test_specs_are_all_that_stdout_gets(self, run: Run, csv: Path) -> None:
        done = run("recommend", csv, "-k", "5", "--format", "specs")
        assert done.returncode == 0, done.stderr
        specs = json.loads(done.stdout)
        assert len(specs) == 5
        for spec in specs:
            assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
            assert "data" not in spec
            assert fields_of(spec) <= {"day", "city", "price", "units"}

    def test_what_is_not_wanted_and_what_a_column_is(self, run: Run, csv: Path) -> None:
        done = run(
            *("recommend", csv, "--format", "specs"),
            *("--without", "bar,city", "--types", "units=ordinal"),
        )
        specs = json.loads(done.stdout)
        assert specs
        fields = [d for spec in specs for d in spec["encoding"].values()]
        assert "bar" not in {spec["mark"]["type"] for spec in specs}
        assert "city" not in {d.get("field") for d in fields}
        assert {d["type"] for d in fields if d.get("field") == "units"} <= {"ordinal"}
        bad = run("recommend", csv, "--types", "units")
        assert bad.returncode == 2
        assert "write --types COLUMN=TYPE, such as zip=nominal" in bad.stderr

    def test_what_the_user_knows_is_honoured(self, run: Run, csv: Path) -> None:
        known = ("--columns", "price,city", "--mark", "bar", "--encoding", "y=price")
        done = run("recommend", csv, "-k", "3", *known, "--format", "specs")
        assert done.returncode == 0, done.stderr
        specs = json.loads(done.stdout)
        assert specs
        for spec in specs:
            assert {"price", "city"} <= fields_of(spec)
            assert spec["mark"]["type"] == "bar"
            assert spec["encoding"]["y"]["field"] == "price"

    def test_what_the_table_is_asked_about(self, run: Run, csv: Path) -> None:
        done = run("recommend", csv, "-k", "3", "--about", "units", "--format", "specs")
        assert done.returncode == 0, done.stderr
        assert all("units" in fields_of(spec) for spec in json.loads(done.stdout))
        assert "did you mean 'units'" in refused(run("recommend", csv, "--about", "unit"))

    def test_specs_may_go_to_a_file(self, run: Run, csv: Path, tmp_path: Path) -> None:
        done = run("recommend", csv, "-k", "2", "--format", "specs", "-o", "specs.json")
        assert (done.returncode, done.stdout) == (0, "")
        assert len(json.loads((tmp_path / "specs.json").read_text())) == 2

    def test_nothing_heavy_is_loaded(self, csv: Path, tmp_path: Path) -> None:
        code = (
            "import atexit, gc, json, sys\n"
            f"sys.argv = ['erp', 'recommend', {str(csv)!r}, '--format', 'specs', '-o', 's.json']\n"
            "told = lambda: print(json.dumps([list(sys.modules), gc.isenabled()]))\n"
            "atexit.register(told)\n"
            "from erp_widget.commands.cli import main\n"
            "main()"
        )
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            cwd=tmp_path,
            check=True,
        )
        names, looks_for_garbage = json.loads(done.stdout)
        loaded = set(names)
        assert "erp_widget.specs" in loaded
        assert not loaded & set(HEAVY)
        assert not looks_for_garbage

    def test_names_in_any_script_survive_any_terminal(self, run: Run, tmp_path: Path) -> None:
        lines = ["città 🎨,b.c[0]", *(f"x{n % 3},{n}" for n in range(30))]
        (tmp_path / "n.csv").write_text("\n".join(lines), encoding="utf-8")
        done = run("recommend", "n.csv", "--format", "specs", PYTHONIOENCODING="ascii")
        assert done.returncode == 0, done.stderr
        assert "città 🎨" in {f for spec in json.loads(done.stdout) for f in fields_of(spec)}

    def test_a_column_with_a_comma_is_one_column(self, run: Run, tmp_path: Path) -> None:
        lines = ['"a,b",c', *(f"{n % 3},{n * 5 % 17}" for n in range(60))]
        (tmp_path / "n.csv").write_text("\n".join(lines))
        done = run("recommend", "n.csv", "--columns", "a,b", "--format", "specs")
        assert done.returncode == 0, done.stderr


class TestStore:
    def test_an_uploaded_file_is_recommended_without_the_file(self, run: Run, csv: Path) -> None:
        done = run("upload", csv, "--name", "last year")
        assert done.returncode == 0, done.stderr
        id = done.stdout.strip()
        assert f"erp recommend {id}" in done.stderr
        assert "400 rows" in done.stderr
        csv.unlink()
        specs = run("recommend", id, "-k", "2", "--format", "specs")
        assert len(json.loads(specs.stdout)) == 2
        listed = run("history").stdout.splitlines()
        assert id in listed[1]
        assert "last year" in listed[1]

    def test_another_user_has_none_of_it(self, run: Run, csv: Path) -> None:
        id = run("upload", csv).stdout.strip()
        assert id not in run("--user", "bob", "history").stdout
        assert "neither a file nor a dataset" in refused(run("--user", "bob", "recommend", id))

    def test_lists_can_be_read_by_programs(self, run: Run, csv: Path) -> None:
        id = run("upload", csv).stdout.strip()
        assert json.loads(run("history", "--format", "json").stdout)[0]["id"] == id
        assert json.loads(run("saved", "--format", "json").stdout) == []
        assert "No saved charts yet" in run("saved").stdout

    def test_lists_can_be_searched(self, run: Run, csv: Path, tmp_path: Path) -> None:
        id = run("upload", csv, "--name", "Sales of May").stdout.strip()
        assert id in run("history", "--search", "sales").stdout
        assert id not in run("history", "--search", "costs").stdout
        assert id not in run("history", "--until", "2020-12-31").stdout
        store = SqliteStore(str(tmp_path / "store.sqlite3"))
        for mark, column in (("bar", "price"), ("line", "day")):
            store.save_chart("ada", ChartDraft(f"Chart of {column}", mark, (column,), {}))
        assert "Chart of price" not in run("saved", "--mark", "line").stdout
        assert "Chart of price" in run("saved", "--column", "price").stdout
        assert "did you mean 'line'" in refused(run("saved", "--mark", "lnie"))
        assert "2026-01-31" in refused(run("history", "--since", "yesterday"))

    def test_a_removed_chart_comes_back(self, run: Run, tmp_path: Path) -> None:
        store = SqliteStore(str(tmp_path / "store.sqlite3"))
        id = store.save_chart("ada", ChartDraft("Price", "bar", ("price",), {})).id
        assert "Price" in run("saved").stdout
        removed = run("saved", "--remove", id)
        assert "No saved charts" in removed.stdout
        assert f"--restore {id}" in removed.stderr
        assert "Price" in run("saved", "--restore", id).stdout

    def test_names_cannot_command_the_terminal(self, run: Run, tmp_path: Path) -> None:
        store = SqliteStore(str(tmp_path / "store.sqlite3"))
        store.save_chart("ada", ChartDraft("\x1b[2J\r\nhidden", "bar", ("\x07",), {}))
        done = run("saved")
        assert "\x1b" not in done.stdout
        assert len(done.stdout.splitlines()) == 2


class TestGallery:
    """The way that draws: charts, files of them, a chart that is kept, a report."""

    def test_charts_of_an_upload_whose_file_is_gone_go_to_files(
        self, run: Run, csv: Path, tmp_path: Path
    ) -> None:
        id = run("upload", csv).stdout.strip()
        csv.unlink()
        done = run("recommend", id, "-k", "2", "-o", "charts.json")
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "2 charts in charts.json" in done.stderr
        for spec in json.loads((tmp_path / "charts.json").read_text(encoding="utf-8")):
            assert spec["data"]["values"]

    def test_charts_are_listed_with_their_reasons_and_notes(self, run: Run, csv: Path) -> None:
        done = run("recommend", csv, "-k", "2")
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert len(lines) == 4
        assert re.fullmatch(r"  1  .+ \((bar|line|point|area|boxplot|rect|tick|arc)\)", lines[0])
        assert "note: Read as dates: day." in done.stderr
        kinds = [event["what"] for event in json.loads(run("history", "--format", "json").stdout)]
        assert kinds == ["gallery"]

    def test_a_kept_chart_goes_to_pictures_and_into_a_report(
        self, run: Run, csv: Path, tmp_path: Path
    ) -> None:
        code = (
            "import erp_widget as erp\n"
            f"chart = erp.recommend({str(csv)!r}, k=1, store='store.sqlite3')[0]\n"
            "erp.configure(store='store.sqlite3', user='ada')\n"
            "print(chart.save(report='mine').id)"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "ERP_USER": "ada"}
        made = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            check=True,
        )
        id = made.stdout.strip()
        assert id in run("saved").stdout
        for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<svg"), ("a.json", b"{")):
            done = run("saved", id, "-o", name)
            assert done.returncode == 0, done.stderr
            assert (tmp_path / name).read_bytes().startswith(start)
        assert run("report", "mine").stdout.startswith("  1  ")
        done = run("report", "mine", "-o", "mine.html")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "mine.html").stat().st_size > 10_000
        assert run("report", "mine", "--remove", "-o", "mine.html").returncode == 2
        done = run("report", "mine", "--remove")
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == "removed; to undo: erp report mine --restore\n"
        assert run("report", "mine").stdout == ""
        assert id in run("saved").stdout
        done = run("report", "mine", "--remove")
        assert (done.returncode, done.stderr) == (
            2,
            "erp: the report 'mine' has no charts to delete\n",
        )
        assert run("report", "mine", "--restore").stdout.startswith("  1  ")
        assert run("report", "mine").stdout.startswith("  1  ")


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "fix"),
        [
            (("recommend", "sale.csv"), "did you mean sales.csv"),
            (("recommend", "."), "pass one file"),
            (("recommend", "https://example.org/a.csv"), "download"),
            (("recommend", "sales.csv", "-k", "0"), "--help"),
            (("recommend", "sales.csv", "-o", "x.txt"), ".html"),
            (("recommend", "sales.csv", "-o", "no/such/x.html"), "make it first"),
            (("recommend", "sales.csv", "-c", "prise", "--format", "specs"), "'price'"),
            (("recommend", "sales.csv", "-m", "bra", "--format", "specs"), "bar"),
            (("recommend", "sales.csv", "-e", "price"), "y=price"),
            (("recommend", "sales.csv", "-e", "yy=price", "--format", "specs"), "y"),
            (("recommend", "empty.csv"), "header"),
            (("recommend", "bad.parquet"), "complete"),
            (("recommend", "0123456789abcdef"), "erp history"),
            (("recommend",), "--help"),
            (("recommend", "sales.csv", "--colums", "a"), "--columns"),
            (("recomend", "sales.csv"), "--help"),
            (("upload", "nope.csv"), "check the path"),
            (("saved", "abc"), "erp saved ID -o chart.png"),
            (("saved", "abc", "-o", "chart.png"), "erp.saved()"),
            (("saved", "--remove", "abc"), "erp.saved()"),
            (("history", "--limit", "9999"), "--help"),
            (("report", "-o", "x.docx"), ".html"),
            (("--store", "/proc/nowhere/s.sqlite3", "history"), "ERP_STORE"),
            (("--store", "mongodb://127.0.0.1:1/erp", "history"), "start it"),
            (("--user", "", "history"), "user"),
        ],
    )
    def test_bad_input_is_one_line_that_names_the_fix(
        self, run: Run, csv: Path, tmp_path: Path, arguments: tuple[str, ...], fix: str
    ) -> None:
        (tmp_path / "empty.csv").write_text("")
        (tmp_path / "bad.parquet").write_bytes(b"PAR1")
        assert fix in refused(run(*arguments))

    def test_a_fault_of_ours_is_one_line_too(self, run: Run, tmp_path: Path) -> None:
        store = SqliteStore(str(tmp_path / "store.sqlite3"))
        id = store.save_chart("ada", ChartDraft("Price", "bar", (), {"no": "chart"})).id
        done = run("saved", id, "-o", "a.png")
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help").stdout
    assert "..." not in shown.split("Commands:")[1], "no line is cut at the usual width"
    for command in ("recommend", "upload", "history", "saved", "report", "model"):
        assert command in shown
        assert run(command, "--help").returncode == 0


@pytest.mark.parametrize("group", [(), ("store",)])
def test_a_group_without_a_command_shows_its_help(run: Run, group: tuple[str, ...]) -> None:
    done = run(*group)
    # The stream and the status are click's, and differ between its versions.
    assert (done.stdout + done.stderr).strip() == run(*group, "--help").stdout.strip()


def test_a_reader_that_goes_away_is_no_fault(run: Run, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ERP_STORE": str(tmp_path / "s.sqlite3")}
    command = [sys.executable, "-m", "erp_widget.commands.cli", "history"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, env=environment)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(
    run: Run, csv: Path, tmp_path: Path
) -> None:
    assert run("upload", csv).stderr.count("\n") == 1
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    environment["ERP_STORE"] = str(tmp_path / "store.sqlite3")
    command = [sys.executable, "-m", "erp_widget.commands.cli", "upload", str(csv)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    assert b"Reading sales.csv" in shown
    assert len(done.stdout.split()) == 1


def test_the_model_is_described(run: Run) -> None:
    done = run("model")
    assert done.returncode == 0, done.stderr
    assert "Metrics of version" in done.stdout
    assert "dev_eco.chart.5.hit" in done.stdout
    assert "interval" not in done.stdout
    found = json.loads(run("model", "--format", "json").stdout)
    assert set(found) == {"version", "metrics"}


class TestRefused:
    """What goes wrong around a command names its fix, and is no fault of the package."""

    @pytest.mark.parametrize(
        ("variable", "said"),
        [("ERP_RUNTIME", "choose one of numpy, litert, keras"), ("ERP_MEMORY", '"2 GB"')],
    )
    def test_a_setting_that_cannot_be(self, run: Run, csv: Path, variable: str, said: str) -> None:
        line = refused(run("recommend", csv, **{variable: "foo"}))
        assert said in line
        assert "foo" in line
        assert "complete" not in line

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    @pytest.mark.parametrize("to", ["/dev/full", "&-"])
    def test_an_output_that_takes_no_more(
        self, run: Run, csv: Path, tmp_path: Path, to: str, unbuffered: str
    ) -> None:
        assert run("upload", csv).returncode == 0
        for command in ("history", f"recommend {csv.name} --format specs"):
            done = in_shell(tmp_path, f"{command} >{to}", PYTHONUNBUFFERED=unbuffered)
            assert "cannot write the output" in refused(done)
        # What writes no output needs none.
        done = in_shell(tmp_path, f"recommend {csv.name} -k 2 -o charts.json >{to}")
        assert done.returncode == 0
        assert in_shell(tmp_path, "history 2>&-").returncode == 0

    def test_a_pipe_is_no_file(self, tmp_path: Path, csv: Path) -> None:
        line = refused(in_shell(tmp_path, f"recommend <(cat {csv.name})"))
        assert "is a pipe" in line
        assert "did you mean" not in line

    def test_specs_are_written_as_json_only(self, run: Run, csv: Path, tmp_path: Path) -> None:
        line = refused(run("recommend", csv, "--format", "specs", "-o", "x.html"))
        assert ".json" in line
        assert not (tmp_path / "x.html").exists()

    def test_a_file_without_permission(self, csv: Path) -> None:
        csv.chmod(0)
        name = FileName(csv, "csv", False)
        if os.getuid() == 0:  # root may read anything, so another looks

            def child() -> None:
                os.setgid(65534)
                os.setuid(65534)
                with pytest.raises(SourceError, match="no permission to read"):
                    read_file(name)

            for folder in csv.parents[:3]:
                folder.chmod(0o755)
            import duckdb  # noqa: F401  # loaded while it may be

            assert in_child(child) == 0
        else:
            with pytest.raises(SourceError, match="no permission to read"):
                read_file(name)


def in_child(act: Callable[[], None]) -> int:
    """Run something in a forked process and return its exit status."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_shell(folder: Path, command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run `erp` as a shell does, with its redirections."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ERP_STORE": str(folder / "store.sqlite3"),
        "ERP_USER": "ada",
        **extra,
    }
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m erp_widget.commands.cli {command}"],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=folder,
        timeout=300,
        check=False,
    )
