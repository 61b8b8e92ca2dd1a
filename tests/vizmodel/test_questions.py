"""Each question of a survey with several answers is one chart, also where there are several."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.walks import walks
from tests.vizmodel.written_charts import design_of
from vizmodel.design import Intent, Without
from vizmodel.form.style import styled
from vizmodel.grammar import Grammar, violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.search.decoder import Ask
from vizmodel.wire import read_request, write_request

N = 400
#: Question -> how many say yes to each answer.
ASKED = {
    "q3": {"a": 0.7, "b": 0.3, "c": 0.5},
    "q7": {"1": 0.6, "2": 0.2, "3": 0.4, "4": 0.1, "5": 0.8},
}
SCALE, CHOSEN = [1, 2, 3, 4, 5], [0.05, 0.1, 0.2, 0.4, 0.25]


def survey(n: int = N) -> pa.Table:
    """Return what people answered to two questions of which each may have several answers."""
    rng = np.random.default_rng(31)
    said = {
        f"{question}_{answer}": (rng.random(n) < share).astype(int)
        for question, answers in ASKED.items()
        for answer, share in answers.items()
    }
    return pa.table(
        {
            "person": np.arange(1, n + 1),
            "age": rng.integers(18, 80, n),
            "sex": rng.choice(["female", "male"], n),
            **said,
            "smoker": (rng.random(n) < 0.3).astype(int),
        }
    )


@pytest.fixture(scope="module")
def asked() -> Profile:
    return profile_table(survey())


def test_each_question_is_gathered(asked: Profile) -> None:
    found = {fold.key: (fold.value, fold.labels) for fold in asked.folds}
    assert found == {
        "q7": ("yes", ("1", "2", "3", "4", "5")),
        "q3": ("yes (gathered)", ("a", "b", "c")),
    }
    assert [c.name for c in asked.columns[-4:]] == ["q7", "yes", "q3", "yes (gathered)"]
    assert "smoker" in [c.name for c in asked.own_columns]
    assert not asked.column("q7").ordered, "answers that are numbered have no order"
    assert Profile.from_dict(asked.to_dict()).folds == asked.folds


def test_scales_and_questions_are_gathered_side_by_side() -> None:
    rng = np.random.default_rng(32)
    rated = {f"rate_{what}": rng.choice(SCALE, N, p=CHOSEN) for what in ("food", "room", "staff")}
    many = {f"trust_{who}": rng.integers(0, 11, N) for who in ("press", "court", "police")}
    table = survey().drop_columns(["smoker"])
    for name, values in (rated | many).items():
        table = table.append_column(name, pa.array(values))
    folds = profile_table(table).folds
    assert len(folds) == 3, "three at most"
    assert {folds[0].columns, folds[1].columns} == {tuple(rated), tuple(many)}
    assert len({name for fold in folds for name in (fold.key, fold.value)}) == 6


def test_items_of_one_scale_that_are_asked_by_two_questions_are_apart() -> None:
    rng = np.random.default_rng(33)
    names = [f"q{question}_{item}" for question in (4, 5) for item in (1, 2, 3, 4)]
    table = pa.table({name: rng.choice(SCALE, N, p=CHOSEN) for name in names} | {"id": range(N)})
    assert [fold.key for fold in profile_table(table).folds] == ["q4", "q5"]


def test_statements_that_begin_with_the_same_verb_are_no_question() -> None:
    rng = np.random.default_rng(34)
    table = {f"has_{what}": rng.integers(0, 2, N) * rng.integers(0, 2, N) for what in "abc"}
    flags = table | {"smoker": rng.integers(0, 2, N) * rng.integers(0, 2, N)}
    folds = profile_table(pa.table({"age": rng.normal(40, 9, N), **flags})).folds
    assert [(fold.key, len(fold.columns)) for fold in folds] == [("statement", 4)]


def test_random_charts_show_one_question_whole(asked: Profile) -> None:
    pairs = {fold.key: {fold.key, fold.value} for fold in asked.folds}
    seen = dict.fromkeys(pairs, 0)
    grammars = [Grammar(asked), *(Grammar(asked, Intent(columns=(key,))) for key in pairs)]
    for design in (one for grammar in grammars for one in walks(grammar, 400)):
        assert violations(design, asked) == ()
        shown = [key for key, pair in pairs.items() if pair & set(design.fields)]
        assert len(shown) <= 1
        fold = styled(design, asked).style.fold
        assert ([fold.key] if fold else []) == shown
        for key in shown:
            assert pairs[key] <= set(design.fields)
            assert not {name for name in design.fields if name.startswith(f"{key}_")}
            seen[key] += 1
    assert min(seen.values()) >= 10


def test_what_two_questions_are_gathered_in_never_stands_together(asked: Profile) -> None:
    mixed = design_of("bar x=q3:category y=yes:mean", asked)
    assert "gathered_whole" in violations(mixed, asked)
    beside = design_of("bar x=q7:category y=yes:mean color=q3_a:category", asked)
    assert violations(beside, asked) == ()


def test_a_list_tells_of_each_question_early(asked: Profile) -> None:
    charts = [set(one.design.fields) for one in recommend(asked)]
    for fold in asked.folds:
        assert {fold.key, fold.value} in charts[:5]


def test_a_column_that_is_ruled_out_rules_out_its_question_alone(asked: Profile) -> None:
    without = Intent(without=Without(columns=("q3_a",)))
    shown = {name for one in recommend(asked, 8, without) for name in one.design.fields}
    assert "q3" not in shown
    assert "q7" in shown


def test_both_questions_travel_to_a_service(asked: Profile) -> None:
    there = read_request(write_request([Ask(asked)]))[0].profile
    told = [(fold.columns, fold.key, fold.value) for fold in asked.folds]
    assert [(fold.columns, fold.key, fold.value) for fold in there.folds] == told
