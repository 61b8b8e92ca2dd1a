"""The figures: scripts run on the lists, what they print is kept, slices and planted relations."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.vizmodel.tiny_corpus import DEV_SPLITS, write_corpus
from vizmodel.training import metrics
from vizmodel.training.metrics import NEW_HEADER, MetricsError
from vizmodel.training.pairs import write_preferences
from vizmodel.training.printed import read_quality, read_scores

#: Scripts that print in the bench's form what they see in their arguments.
SCORE = """
import json, sys
charts, split, lists = sys.argv[1:]
lists = json.load(open(lists))
rows = [json.loads(line) for line in open(charts)]
rows = [r for r in rows if r["split"] == split and not r["spec"].get("derived")]
tables = {r["table"] for r in rows}
families = {r["family"] for r in rows}
listed = sum(table in lists for table in tables)
print(f"{split}: {len(tables)} tables, {len(rows)} charts, {len(families)} families, "
      f"{listed} tables have a list")
def share(k):
    wanted = {r["table"]: r["spec"]["mark"].replace("circle", "point") for r in rows}
    got = [{s["mark"]["type"] for s in lists[t][:k]} for t in wanted]
    return sum(mark in marks for mark, marks in zip(wanted.values(), got)) / len(wanted)
for level in ("mark", "fields", "mark+fields", "chart"):
    cells = [f"@{k} {share(k):.3f} [0.01,0.99] r {share(k) / 2:.3f}" for k in (1, 5, 15)]
    print(f"  {level:12s} hit " + " | ".join(cells))
"""
QUALITY = """
import json, pathlib, sys
lists = json.load(open(sys.argv[1]))
assert all((pathlib.Path(sys.argv[2]) / name).is_file() for name in lists)
print(f"{len(lists)} lists, k=15")
print(f"  length                 {sum(map(len, lists.values())) / len(lists)}")
print("  sane                   0.975")
print("  flags                  {'zigzag_line': 2, 'no_field': 1}")
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tiny corpus."""
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Return a folder with tiny scoring scripts."""
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "score.py").write_text(SCORE)
    (folder / "quality.py").write_text(QUALITY)
    return folder


@pytest.fixture
def weights(tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the package have the tiny network's weights; return their folder."""
    folder = shutil.copytree(tiny_folder, tmp_path / "weights" / "1")
    monkeypatch.setattr("vizmodel.runtime.opening._WEIGHTS", tmp_path / "weights")
    return folder


def _measured(corpus: Path, bench: Path, tmp_path: Path, *more: str) -> None:
    folders = ["--corpus", str(corpus), "--bench", str(bench), "--lists", str(tmp_path / "lists")]
    metrics.main([*folders, "--planted", "2", *more])


class TestTheCommand:
    def test_it_keeps_what_the_scripts_say_beside_the_weights(
        self,
        corpus: Path,
        bench: Path,
        weights: Path,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        write_preferences(corpus / "pairs.jsonl", weights)
        _measured(corpus, bench, tmp_path)
        figures = json.loads((weights / "metrics.json").read_text())
        printed = capsys.readouterr().out
        self._check_people(figures["people"], printed)
        self._check_slices(figures["slices"])
        quality = figures["quality"]
        assert (quality["lists"], quality["k"], quality["sane"]) == (2, 15, 0.975)
        assert quality["flags"] == {"zigzag_line": 2, "no_field": 1}
        assert figures["pairs"] == {"leave_condition_out": 1.0, "pairs": 8}
        for width in ("10 columns", "40 columns"):
            planted = figures["planted"][width]
            assert planted["tables"] == 2
            assert planted["relations"] >= 2
            assert 0.0 <= planted["relations found @5"] <= 1.0
        assert "2 lists, k=15" in printed
        assert "quality sane" in printed
        assert f"wrote {weights / 'metrics.json'}" in printed

    @staticmethod
    def _check_people(people: dict[str, Any], printed: str) -> None:
        assert list(people) == list(DEV_SPLITS)
        eco = people["dev_eco"]
        assert (eco["tables"], eco["charts"], eco["families"], eco["listed"]) == (2, 2, 2, 2)
        assert set(eco["chart"]) == {"1", "5", "15"}
        assert set(eco) >= {"mark", "fields", "mark+fields", "chart"}
        last = eco["chart"]["15"]
        assert last["hit"] >= eco["chart"]["1"]["hit"]
        assert last["recall"] == pytest.approx(last["hit"] / 2, abs=1e-3)
        assert last["interval"] == [0.01, 0.99]
        for split in DEV_SPLITS:
            assert f"{split}: {people[split]['tables']} tables" in printed, "the script's own words"
            hits = [f"{people[split]['chart'][k]['hit']:.3f}" for k in ("1", "5", "15")]
            row = next(line for line in printed.splitlines() if line.startswith(f"{split}  "))
            assert row.split()[2:5] == hits

    @staticmethod
    def _check_slices(slices: dict[str, Any]) -> None:
        counts = {name: (s["tables"], s["charts"], s["listed"]) for name, s in slices.items()}
        assert counts == {
            "1-2 columns": (2, 2, 2),
            "4-5 columns": (1, 2, 1),
            "9+ columns": (1, 2, 1),
            # Births and orders have headers that training knows.
            NEW_HEADER: (2, 3, 2),
        }
        assert all("mark" not in scores and scores["chart"] for scores in slices.values())

    def test_it_writes_where_it_is_told(
        self,
        corpus: Path,
        bench: Path,
        weights: Path,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        out = tmp_path / "figures.json"
        _measured(corpus, bench, tmp_path, "--out", str(out))
        assert "pairs" not in json.loads(out.read_text())
        assert not (weights / "metrics.json").exists()
        assert f"no preferences.json in {weights}" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("script", "message"),
        [
            ("raise SystemExit('no such split')", r"score\.py failed: no such split"),
            ("print('nothing to say')", r"score\.py printed no figures"),
        ],
    )
    @pytest.mark.usefixtures("weights")
    def test_a_script_that_fails_is_named(
        self, corpus: Path, bench: Path, tmp_path: Path, script: str, message: str
    ) -> None:
        (bench / "score.py").write_text(script)
        with pytest.raises(MetricsError, match=message):
            _measured(corpus, bench, tmp_path)


class TestPrinted:
    def test_scores(self) -> None:
        text = (
            "dev_eco: 107 tables, 112 charts, 98 families, 107 tables have a list\n"
            "  mark         hit @1 0.505 [0.41,0.60] r 0.501 | @15 1.000 [1.00,1.00] r 0.999\n"
            "  mark+fields  hit @1 0.400 [0.30,0.50] r 0.350\n"
            "  chart        hit @1 0.350 [0.26,0.44] r 0.340\n"
        )
        found = read_scores(text)
        assert (found["tables"], found["charts"], found["families"]) == (107, 112, 98)
        assert found["mark"]["15"] == {"hit": 1.0, "interval": [1.0, 1.0], "recall": 0.999}
        assert found["mark+fields"]["1"]["recall"] == 0.35
        assert found["chart"]["1"]["interval"] == [0.26, 0.44]

    def test_quality(self) -> None:
        text = (
            "100 lists, k=15\n  length   14.9\n  lists_without_useful   0\n"
            "  flags                  {'over_12_colours': 3}\n"
        )
        assert read_quality(text) == {
            "lists": 100,
            "k": 15,
            "length": 14.9,
            "lists_without_useful": 0,
            "flags": {"over_12_colours": 3},
        }

    @pytest.mark.parametrize(
        "text", ["", "Traceback", "a: 1 tables\n", "  chart hit\n", "  a (b\n"]
    )
    def test_anything_else_is_an_error(self, text: str) -> None:
        with pytest.raises(ValueError, match="no counts"):
            read_scores(text)
        with pytest.raises(ValueError, match="no count of lists"):
            read_quality(text)
