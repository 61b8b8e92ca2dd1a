"""Owns that what readers kept is counted as they said it."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from benchmarks.judged import Judged, agreement, interval, judged, kept_alone, per_table, read

#: Two tables; the other tool has no list for the second one.
SAID = {
    ("seaborn/a", "ERP"): [("g", "k"), ("dR1", "k"), ("dM", "dM")],
    ("seaborn/a", "other"): [("k", "k"), ("dD", "dN"), ("k", "k")],
    ("b", "ERP"): [("k", "k"), ("k", "dW"), ("k", "g")],
}
CHARTS = [
    Judged(table, tool, place, {"one": one, "two": two})
    for (table, tool), verdicts in SAID.items()
    for place, (one, two) in enumerate(verdicts, 1)
]


def written(charts: list[Judged], path: Path) -> Path:
    lines = [
        {"table": c.table, "tool": c.tool, "place": c.place, "verdicts": c.verdicts} for c in charts
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_kept_charts_are_counted_for_each_reader_and_table() -> None:
    # Tables in order of their names: b, seaborn/a.
    assert per_table(CHARTS, "ERP").tolist() == [[3, 1], [2, 2]]
    assert per_table(CHARTS, "ERP", places=1).tolist() == [[1, 1], [1, 1]]
    assert per_table(CHARTS, "other").tolist() == [[0, 2], [0, 2]]
    assert per_table(CHARTS, "other", counts=kept_alone).tolist() == [[0, 3], [0, 2]]


def test_readers_who_agree_by_chance_alone_have_no_kappa() -> None:
    share, kappa = agreement(CHARTS)
    assert share == pytest.approx(7 / 9)
    assert kappa == pytest.approx((7 / 9 - 5 / 9) / (1 - 5 / 9))
    sides = [("k", "k"), ("k", "dN"), ("dN", "k"), ("dN", "dN")]
    chance = [Judged("a", "ERP", 1, {"one": one, "two": two}) for one, two in sides]
    assert agreement(chance) == (0.5, 0.0)


def test_the_interval_holds_the_mean_and_narrows_with_the_tables() -> None:
    assert interval(np.full(12, 7.0)) == (7.0, 7.0)
    few = np.arange(12.0)
    low, high = interval(few)
    assert low < few.mean() < high
    many_low, many_high = interval(np.tile(few, 9))
    assert high - low > 2 * (many_high - many_low)


def test_the_table_tells_each_tool_and_how_far_readers_agree(tmp_path: Path) -> None:
    told = judged(written(CHARTS, tmp_path / "judged.jsonl"))
    assert told is not None
    assert "| **ERP** | 3.0 | 67% | 2.0 (1.0 to 3.0) | 2.0 (2.0 to 2.0) | - |" in told
    assert "| other | 1.5 | 67% | 1.0 (0.0 to 2.0) |" in told
    assert "78% of the 9 charts (Cohen's kappa 0.50)" in told
    assert judged(tmp_path / "none.jsonl") is None


@pytest.mark.parametrize(
    ("verdicts", "names"),
    [({"one": "good", "two": "k"}, "one says 'good'"), ({"one": "k"}, "not the readers one, two")],
)
def test_what_is_no_verdict_is_an_error_that_names_the_chart(
    tmp_path: Path, verdicts: dict[str, str], names: str
) -> None:
    bad = [*CHARTS, Judged("b", "other", 1, verdicts)]
    with pytest.raises(ValueError, match=rf"b, other, place 1.*{names}"):
        read(written(bad, tmp_path / "judged.jsonl"))


def test_the_kept_verdicts_are_of_whole_lists() -> None:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for chart in read():
        places[chart.table, chart.tool].append(chart.place)
        for verdict in chart.verdicts.values():
            assert not verdict.startswith("dR") or int(verdict[2:]) < chart.place
    assert all(found == list(range(1, len(found) + 1)) for found in places.values())
    assert all(len(found) <= 15 for found in places.values())
    assert len({table for table, _ in places}) * len({tool for _, tool in places}) == len(places)
