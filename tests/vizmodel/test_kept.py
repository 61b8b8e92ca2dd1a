"""What is worth keeping: verdicts on lists, trees fitted to them, lists that end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from vizmodel.design import Channel, Design, Encoding, Mark
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.lengths import LEAST_CHARTS
from vizmodel.ranking.rank import rank
from vizmodel.ranking.variety import BESIDE
from vizmodel.training.kept import (
    VERDICTS,
    JudgedList,
    discrimination,
    fit_beside,
    fit_kept,
    main,
    out_of_fold,
    read_lists,
)
from vizmodel.training.taste import Choice, as_trees, fit_taste
from vizmodel.worth.taste import Taste
from vizmodel.worth.traits import Traits

#: Few rows are enough for a cut.
SMALL: dict[str, Any] = {"min_data_in_leaf": 1, "lambda_l2": 0.1, "feature_fraction": 1.0}
MARKS: tuple[Mark, ...] = ("point", "line", "area", "bar", "rect", "tick")


def plots(seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    return pa.table({name: rng.normal(size=50).round(3) for name in ("a", "b", "c")})


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_table(plots())


def drawn(mark: Mark, x: str = "a", y: str = "b") -> Design:
    places: tuple[tuple[Channel, str], ...] = (("x", x), ("y", y))
    return Design(mark, tuple(Encoding(c, f, "value", "quantitative") for c, f in places))


def judged(profile: Profile, verdicts: dict[Mark, str], table: str = "t") -> JudgedList:
    rows = np.stack([Traits(profile).of(drawn(mark)) for mark in verdicts])
    beside = np.zeros((len(rows), len(BESIDE)))
    beside[1:, BESIDE.index("shown")] = 1
    return JudgedList(table, rows, beside, tuple(verdicts.values()))


def test_what_was_kept_is_liked_and_repeats_say_nothing(profile: Profile) -> None:
    verdicts: dict[Mark, str] = {"point": "g", "line": "k", "tick": "N", "area": "R"}
    lists = [judged(profile, verdicts, f"t{i}") for i in range(12)]
    rows = np.stack([Traits(profile).of(drawn(mark)) for mark in verdicts])
    good, kept, dropped, repeated = as_trees(fit_kept(lists, **SMALL)).sum(rows)
    assert good > kept > 0.5 > -1 > dropped
    without = [
        JudgedList(one.table, one.rows[:3], one.beside[:3], one.verdicts[:3]) for one in lists
    ]
    assert as_trees(fit_kept(without, **SMALL)).sum(rows)[3] == pytest.approx(repeated)


def test_what_the_list_showed_counts_beside_the_chart_itself(profile: Profile) -> None:
    lists = [judged(profile, {"point": "k", "line": "R", "area": "R"}, f"t{i}") for i in range(20)]
    found = fit_beside(lists, [np.zeros(3)] * len(lists))
    assert list(found) == ["base", "worth", "worth_again", *BESIDE]
    assert found["shown"] < -2
    assert found["base"] > 1


def test_what_was_shown_is_hardly_worth_more_for_being_good(profile: Profile) -> None:
    rng = np.random.default_rng(4)
    charts: dict[Mark, str] = {"point": "k", "line": "R"}
    lists, worth = [], []
    for number in range(40):
        one = judged(profile, charts, f"t{number}")
        one.beside[1, BESIDE.index("again")] = 1
        logits = rng.normal(size=2)
        fresh = "k" if logits[0] > 0 else "N"
        lists.append(JudgedList(one.table, one.rows, one.beside, (fresh, "kR"[number % 2])))
        worth.append(logits)
    found = fit_beside(lists, worth)
    assert found["worth"] > 1
    assert abs(found["worth"] + found["worth_again"]) < 0.5


def test_trees_are_measured_on_tables_that_they_have_not_seen(profile: Profile) -> None:
    lists = [judged(profile, {"point": "k", "line": "k", "tick": "W"}, f"t{i}") for i in range(16)]
    logits = out_of_fold(lists, rounds=20, **SMALL)
    assert discrimination(lists, logits) == 1.0
    contrary = [judged(profile, {"point": "N", "line": "M", "tick": "g"}, "other")]
    assert (
        discrimination(contrary, out_of_fold([*lists, *contrary], rounds=20, **SMALL)[-1:]) == 0.0
    )


def test_a_list_that_may_end_ends_before_what_is_hardly_kept(profile: Profile) -> None:
    rows = np.stack([Traits(profile).of(drawn(mark)) for mark in MARKS])
    chosen = fit_taste([Choice(i, rows, np.arange(6) == 0) for i in range(30)], **SMALL)
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    candidates = [(drawn(mark, *pair), -1.0) for pair in pairs for mark in MARKS]
    lengths = []
    for verdict in "gN":
        lists = [judged(profile, dict.fromkeys(MARKS, verdict), f"t{i}") for i in range(9)]
        taste = Taste(chosen, as_trees(fit_kept(lists, **SMALL)))
        ranked = rank(candidates, profile, 15, taste=taste, patient=False)
        lengths.append(len(ranked))
        assert all("worth" in dict(one.terms) for one in ranked)
        assert len(rank(candidates, profile, 15, taste=taste)) == 15, "who asks for all gets all"
    assert lengths[1] == LEAST_CHARTS <= lengths[0]


def test_verdicts_are_read_for_the_tables_at_hand(tmp_path: Path) -> None:
    table = plots(1).add_column(0, "", pa.array(range(50)))
    (tmp_path / "pack").mkdir()
    pa_csv.write_csv(table, tmp_path / "pack" / "plots.csv")
    chart = ["point", [["y", "b", "value"], ["x", "a", "value"]], "k"]
    gone = ["point", [["x", "no such column", "value"]], "k"]
    lines = [
        {"table": "pack/plots.csv", "charts": [chart, [*chart[:2], "R"]]},
        {"table": "pack/elsewhere.csv", "charts": [chart]},
        {"table": "pack/plots.csv", "charts": [chart, gone]},
    ]
    verdicts = tmp_path / "verdicts.jsonl"
    verdicts.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (one,) = read_lists([tmp_path / "corpus", tmp_path], verdicts)
    assert (one.table, one.verdicts) == ("pack/plots.csv", ("k", "R"))
    assert dict(zip(BESIDE, one.beside[0], strict=True))["fresh"] == 2, "two new columns"
    assert one.beside[1, BESIDE.index("shown")] == 1


def test_tables_that_are_missing_name_the_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--tables", str(tmp_path)])
    assert "none of the tables of verdicts.jsonl is in" in capsys.readouterr().err


def test_the_verdicts_that_travel_are_whole() -> None:
    records = [json.loads(line) for line in VERDICTS.read_text().splitlines()]
    assert len({record["table"] for record in records}) >= 150
    for record in records:
        for mark, encodings, verdict in record["charts"]:
            assert verdict in "gkRNMWUD"
            assert mark
            assert all(len(encoding) == 3 for encoding in encodings)
