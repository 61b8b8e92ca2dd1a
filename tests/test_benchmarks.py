"""Owns that kept figures reach the READMEs, and that a tool that fails takes no other along."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import gpu
from benchmarks.peers.environments import REQUIREMENTS
from benchmarks.peers.rounds import Tool, in_turns, ratio
from benchmarks.published import FILES, SECTIONS, filled, publish
from benchmarks.tables import orders, small

TEXT = "Before.\n<!-- figures: goals -->\nold\n<!-- end -->\nBetween.\n"


def test_a_section_is_written_anew_between_its_markers_and_nowhere_else() -> None:
    text = TEXT + TEXT.replace("goals", "batch")
    made = filled(text, {"goals": "new | 1\n", "batch": None})
    assert made == text.replace("old", "new | 1", 1)
    assert filled(made, {"goals": "new | 1\n", "batch": None}) == made


@pytest.mark.parametrize("text", [TEXT.replace("goals", "gaols"), TEXT.replace("<!-- end -->", "")])
def test_a_marker_that_cannot_be_filled_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"gaols|goals"):
        filled(text, {"goals": "new"})


def test_the_readmes_hold_every_section_and_what_is_published_is_what_is_kept(
    tmp_path: Path,
) -> None:
    named = [re.findall(r"<!-- figures: (\w+) -->", path.read_text()) for path in FILES]
    assert {name for names in named for name in names} == set(SECTIONS)
    copies = []
    for path in FILES:
        copies.append(tmp_path / path.relative_to(path.parents[1 if path is FILES[1] else 0]))
        copies[-1].parent.mkdir(exist_ok=True)
        copies[-1].write_text(path.read_text())
    publish(copies)
    assert "| ERP |" in copies[0].read_text()
    for copy in copies:
        for picture in re.findall(r"!\[[^\]]*by tool[^\]]*\]\(([^)]+)\)", copy.read_text()):
            assert (copy.parent / picture).resolve().is_file(), picture


def test_ratios_are_taken_round_by_round() -> None:
    runs = {
        "ours": {"runs": [{"cpu_s": 1.0}, {"cpu_s": 4.0}, {"cpu_s": 1.0}]},
        "theirs": {"runs": [{"cpu_s": 2.0}, {"cpu_s": 8.0}, {"cpu_s": 4.0}]},
        "none": {"failed": "gone"},
    }
    assert ratio(runs, "ours", "theirs") == 0.5
    assert ratio(runs, "ours", "none") is None


def test_a_tool_that_fails_says_why_and_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    orders(50).to_csv(path, index=False)
    found = in_turns([Tool("gone", "no_such_job"), Tool("here", "erp_job")], path, 1, False)
    assert "no_such_job" in found["gone"]["failed"]
    told = found["here"]
    assert told["charts"] >= 10
    assert told["cpu_s"] > 0.1
    assert told["over_frame_mb"] > 10
    assert told["bytes"] > 10_000


def test_other_tools_are_pinned() -> None:
    for path in REQUIREMENTS.glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        assert lines
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), path.name


def test_small_tables_differ_and_are_the_same_at_every_run() -> None:
    tables = [small(seed) for seed in range(20)]
    pd.testing.assert_frame_equal(tables[3], small(3))
    assert len({(len(table), *table.columns) for table in tables}) == 20


def test_what_was_cut_on_a_gpu_is_a_note_and_what_failed_is_a_failure() -> None:
    steps = [{"step": {"tables": size, "beams": 64, "ms": 2.0}} for size in (1, 4, 16)]
    rated = {"together": 1, "tables": 5, "wall_s": 1.0, "cpu_s": 1.0}
    cut = {"told": [*steps, {"designs": rated}], "failed": "not done after 9 s: "}
    broken = {"told": [], "failed": "ended with 1: a trace\nValueError: no room"}
    found = {"device": "a card", "parts": {"gpu": cut, "precision": broken}}
    told = {row.what: row for row in gpu.rows(found)}
    left = told["Keras, a card: choice of charts, 4 and 16 together, charts drawn"]
    assert (left.measured, left.goal, left.met) == ("not measured: not done after 9 s", "", None)
    failed = told["Keras, a card: precision"]
    assert (failed.measured, failed.met) == ("failed: ValueError: no room", False)
    assert told["numpy, a processor: small tables"].measured == "not measured: not begun"
    assert told["Keras, a card: small tables, choice of charts, 1 together"].met is None
