"""The lists have the forms that scoring scripts read; ranked pairs are counted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.vizmodel.tiny_corpus import RAW_TORN, ranked_pairs, write_corpus
from vizmodel.design import CHANNELS, MARKS
from vizmodel.runtime import RuntimeUnavailableError
from vizmodel.training import evaluate
from vizmodel.training.corpus import CorpusError
from vizmodel.training.pairs import agrees, fit, leave_condition_out, write_preferences


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tiny corpus."""
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def weights(tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the package have the tiny network's weights; return their folder."""
    folder = shutil.copytree(tiny_folder, tmp_path / "weights" / "1")
    monkeypatch.setattr("vizmodel.runtime.opening._WEIGHTS", tmp_path / "weights")
    return folder


def _check(specs: list[dict[str, Any]], columns: set[str]) -> None:
    """Check that specs declare their aggregates over the table's columns and hold no data."""
    assert specs
    assert len({json.dumps(spec) for spec in specs}) == len(specs)
    for spec in specs:
        assert spec["mark"]["type"] in MARKS
        assert "data" not in spec
        assert set(spec["encoding"]) <= {*CHANNELS, "yOffset"}
        fields = {c["field"] for c in spec["encoding"].values() if "field" in c}
        assert fields
        assert fields <= columns
        assert all("field" in c or c["aggregate"] == "count" for c in spec["encoding"].values())


@pytest.mark.usefixtures("weights")
class TestLists:
    def test_of_the_tables_of_a_split(
        self, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "lists.json"
        charts = str(corpus / "charts.jsonl")
        asked = ["--charts", charts, "--split", "dev_eco", "--tables-root", str(corpus)]
        evaluate.main([*asked, "--out", str(out)])
        lists = json.loads(out.read_text())
        assert set(lists) == {"tables/eco/dev_births.csv", "tables/eco/dev_mills.csv"}
        _check(lists["tables/eco/dev_mills.csv"], {"year", "mills"})
        assert f"2 of 2 tables have a list: {out}" in capsys.readouterr().out

    def test_of_a_folder_of_tables(self, corpus: Path, tmp_path: Path) -> None:
        shutil.copytree(corpus / "data2vis_test", tmp_path / "tables")
        shutil.copy(corpus / "tables/seaborn_docs/dev_wide.csv", tmp_path / "tables" / "wide.csv")
        out = tmp_path / "lists.json"
        evaluate.main(["--tables", str(tmp_path / "tables"), "--out", str(out), "-k", "4"])
        lists = json.loads(out.read_text())
        assert set(lists) == {"000_made.json", "001_made.json", "wide.csv"}
        assert [len(specs) for specs in lists.values()] == [4, 4, 4]
        _check(lists["000_made.json"], {"date", "city", "goods", "units", "revenue"})
        _check(lists["001_made.json"], {"year", "visits"})

    def test_names_stay_as_the_table_has_them(self, tmp_path: Path) -> None:
        (tmp_path / "tables").mkdir()
        rows = "".join(f"{i % 3},{i * i % 17 / 3}\n" for i in range(40))
        (tmp_path / "tables" / "odd.csv").write_text(f'"a.b [1]","it\'s"\n{rows}')
        out = tmp_path / "lists.json"
        evaluate.main(["--tables", str(tmp_path / "tables"), "--out", str(out)])
        _check(json.loads(out.read_text())["odd.csv"], {"a.b [1]", "it's"})

    def test_a_table_that_cannot_be_read_gets_no_list_and_is_named(
        self, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tables = tmp_path / "tables"
        tables.mkdir()
        shutil.copy(corpus / RAW_TORN, tables / "torn.csv")
        shutil.copy(corpus / "tables/eco/wages.csv", tables)
        out = tmp_path / "lists.json"
        evaluate.main(["--tables", str(tables), "--out", str(out)])
        assert set(json.loads(out.read_text())) == {"wages.csv"}
        printed = capsys.readouterr()
        assert "1 of 2 tables have a list" in printed.out
        assert "no list for torn.csv: cannot read" in printed.err

    def test_charts_with_other_line_ends_in_their_texts_are_read(
        self, corpus: Path, tmp_path: Path
    ) -> None:
        # A line of JSON may hold what Python, not JSON, takes for the end of a line.
        row = json.loads((corpus / "charts.jsonl").read_text().splitlines()[0])
        row |= {"split": "mine", "licence": "one\u2028two\x85three"}
        charts = tmp_path / "charts.jsonl"
        charts.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
        assert evaluate.tables_of(charts, "mine", corpus) == [(row["table"], corpus / row["table"])]

    def test_an_unknown_split_says_so(self, corpus: Path, tmp_path: Path) -> None:
        asked = ["--charts", str(corpus / "charts.jsonl"), "--tables-root", str(corpus)]
        with pytest.raises(CorpusError, match="no charts of split 'dev_moon'"):
            evaluate.main([*asked, "--split", "dev_moon", "--out", str(tmp_path / "a.json")])

    @pytest.mark.parametrize(
        ("asked", "message"),
        [
            (["--tables", "."], "--out says where the lists go"),
            (["--split", "dev_eco", "--out", "a.json"], "give --tables DIR, or --charts"),
        ],
    )
    def test_what_is_missing_is_said(
        self, asked: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            evaluate.main(asked)
        assert message in capsys.readouterr().err


def test_missing_weights_are_an_error_of_their_own(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vizmodel.runtime.opening._WEIGHTS", tmp_path)
    with pytest.raises(RuntimeUnavailableError, match="no weights in"):
        evaluate.main(["--tables", str(corpus / "data2vis_test"), "--out", str(tmp_path / "a")])


class TestPairs:
    def test_the_share_is_printed(
        self, corpus: Path, weights: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pairs = corpus / "pairs.jsonl"
        share = write_preferences(pairs, weights)
        assert share == 1.0, "each condition teaches the same"
        evaluate.main(["--pairs", str(pairs)])
        assert capsys.readouterr().out == "1.000 of 8 pairs ranked as people did\n"

    def test_pairs_that_people_would_rank_the_other_way_count_against_it(
        self, corpus: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write_preferences(corpus / "pairs.jsonl", weights)
        pairs = ranked_pairs()
        for pair in pairs[:2]:
            pair["positive"], pair["negative"] = pair["negative"], pair["positive"]
        turned = tmp_path / "pairs.jsonl"
        turned.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
        evaluate.main(["--pairs", str(turned)])
        assert capsys.readouterr().out == "0.750 of 8 pairs ranked as people did\n"

    def test_what_is_stored_says_how_it_does_on_unseen_conditions(
        self, corpus: Path, weights: Path
    ) -> None:
        write_preferences(corpus / "pairs.jsonl", weights)
        stored = json.loads((weights / "preferences.json").read_text())
        assert stored["pairs"] == 8
        assert stored["leave_condition_out"] == leave_condition_out(ranked_pairs())
        assert stored["weights"] == fit(ranked_pairs())

    def test_a_condition_is_judged_by_the_others(self) -> None:
        pairs = ranked_pairs()
        odd = [pair for pair in pairs if pair["condition"] == "value 30"]
        for pair in odd:
            pair["positive"], pair["negative"] = pair["negative"], pair["positive"]
        assert leave_condition_out(pairs) < 1.0
        weights = fit([pair for pair in pairs if pair not in odd])
        assert not any(agrees(pair, weights) for pair in odd)
