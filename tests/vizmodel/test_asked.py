"""What a table asks: guessed from names and values, learned from labels, and drawn on y, first."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from tests.vizmodel.written_charts import design_of
from vizmodel.candidates.plain_charts import plain_charts
from vizmodel.design import Intent
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend
from vizmodel.runtime import newest_weights
from vizmodel.search.decoder import LocalDecoder
from vizmodel.training import asked as fitting
from vizmodel.training.wanted import (
    form_of,
    match,
    shares_found,
    target_of,
    wanted_table,
)
from vizmodel.training.wanted import main as fit_all
from vizmodel.worth.asked import (
    ASKED_TRAITS,
    COLUMN_TRAITS,
    SIGNS,
    Asked,
    asked_chances,
    asked_rows,
    column_rows,
    known_words,
    read_asked,
    signs,
)
from vizmodel.worth.outcomes import asked_about, explained, is_outcome, upright
from vizmodel.worth.taste import WANTED_FILE, WANTED_TRAITS, read_taste
from vizmodel.worth.trees import read_trees

N = 240


def workers(seed: int = 0) -> pa.Table:
    """Wages that hang on schooling, on tenure and on where one works."""
    rng = np.random.default_rng(seed)
    schooling, tenure = rng.integers(6, 19, N), rng.gamma(2, 4, N).round(1)
    plant = rng.choice(["north", "south", "west"], N)
    wage = 5 + schooling + 0.4 * tenure + 3.0 * (plant == "north") + rng.normal(0, 3, N)
    return pa.table(
        {
            "schooling": schooling,
            "wage": wage.round(2),
            "tenure": tenure,
            "plant": plant,
            "age": 20 + rng.integers(0, 40, N),
            "released": rng.choice(["yes", "no"], N, p=[0.3, 0.7]),
        }
    )


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_table(workers())


def test_what_the_others_explain_is_guessed(profile: Profile) -> None:
    chances = asked_chances(profile)
    assert max(chances, key=lambda name: chances[name]) == "wage"
    assert 0.0 < sum(chances.values()) < 1.0
    assert asked_chances(profile) is chances  # once for each profile


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("lwage", {"wage"}),
        ("totWage_75", {"wage"}),
        ("wage", {"wage"}),
        ("sewage", set()),
        ("price per wage", {"wage"}),
        ("Relative Energy New Tariff", {"rent"}),
    ],
)
def test_words_of_names(name: str, known: set[str]) -> None:
    assert known_words(name, {"wage": 1.0, "rent": 0.0}) == known


def test_signs_are_finite_and_named(profile: Profile) -> None:
    found = signs(profile, ["wage", "plant"])
    assert found.shape == (2, len(SIGNS))
    assert np.isfinite(found).all()
    assert found[0, SIGNS.index("kind:number")] == found[1, SIGNS.index("kind:text")] == 1


def test_rows_tell_where_what_is_asked_stands(profile: Profile) -> None:
    up, down = (
        design_of(f"point x={x}:value y={y}:value", profile)
        for x, y in (("schooling", "wage"), ("wage", "schooling"))
    )
    rows = asked_rows([up, down], profile, {"wage": 0.6, "schooling": 0.05})
    at = {name: place for place, name in enumerate(ASKED_TRAITS)}
    assert rows.shape == (2, len(ASKED_TRAITS))
    assert rows[0, at["y:asked"]] == rows[1, at["x:asked"]] > rows[0, at["x:asked"]]
    assert rows[0, at["y:asked_before"]] == 0
    assert (rows[:, at["asked_shown"]] == 1).all()
    assert asked_rows([], profile).shape == (0, len(ASKED_TRAITS))


def test_it_stands_on_y_and_comes_first(profile: Profile) -> None:
    assert [column.name for column in asked_about(profile)][:1] == ["wage"]
    assert design_of("point x=tenure:value y=wage:value", profile) in list(plain_charts(profile))
    ranked = [one.design for one in recommend(profile)]
    scatters = [d for d in ranked if d.mark == "point" and "wage" in d.fields]
    assert scatters
    for design in scatters:
        y = design.encoding("y")
        assert y is not None
        assert y.field == "wage"
    assert sum("wage" in design.fields for design in ranked[:5]) >= 3


def test_the_right_way_round(profile: Profile) -> None:
    right = design_of("point x=schooling:value y=wage:value color=plant:category", profile)
    wrong = design_of("point x=wage:value y=schooling:value color=plant:category", profile)
    assert upright(wrong, profile) == right == upright(right, profile)
    box = design_of("boxplot x=plant:category y=wage:value", profile)
    assert upright(box, profile) == box
    asked = Intent(encoding=(("x", "wage"), ("y", "schooling")), mark="point")
    assert all(one.design.fields[0] == "wage" for one in recommend(profile, 3, asked))


@pytest.mark.parametrize(
    ("explains", "follows"),
    [
        ("age", "years_of_education"),
        ("Alter", "Gehalt"),
        ("GDP_per_capita", "Life_expectancy"),
        ("pib_per_capita", "esperanza_de_vida"),
        ("education", "income"),
        ("temp_c", "humidity"),
        ("Weight", "MPG.city"),
        ("dose_mg", "temperature"),
        ("edad", "presion"),
    ],
)
def test_what_explains_runs_along_x(explains: str, follows: str) -> None:
    rng = np.random.default_rng(4)
    first = rng.normal(40, 9, N).round(1)
    values = {explains: first, follows: (first / 2 + rng.normal(20, 4, N)).round(1)}
    profile = profile_table(pa.table(values))
    right = design_of(f"point x={explains}:value y={follows}:value", profile)
    wrong = design_of(f"point x={follows}:value y={explains}:value", profile)
    assert upright(wrong, profile) == right == upright(right, profile)
    asked = profile.asking([explains])
    assert upright(right, asked) == wrong == upright(wrong, asked)


def test_few_groups_that_are_asked_about_are_an_outcome() -> None:
    rng = np.random.default_rng(1)
    checks = rng.integers(0, 6, N)
    table = pa.table(
        {
            "released": np.where(rng.random(N) < 0.9 - 0.12 * checks, "Yes", "No"),
            "checks": checks,
            "colour": rng.choice(["White", "Black"], N),
            "age": rng.integers(16, 60, N),
            "employed": rng.choice(["Yes", "No"], N),
        }
    )
    arrests = profile_table(table)
    assert is_outcome("released", arrests)
    assert not is_outcome("colour", arrests)
    bars = design_of("bar x=checks:category y=*:count color=released:category", arrests)
    assert explained(bars, arrests) == "released"


def write_labels(folder: Path, n_tables: int = 24) -> Path:
    """Write tables, what they ask and what is drawn first of them."""
    lines = []
    for seed in range(n_tables):
        name = f"made/staff{seed}.csv"
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        pa_csv.write_csv(workers(seed), path)
        wanted = [
            [["schooling", "wage"], "wage", "scatter"],
            [["plant", "wage"], "wage", "box"],
            [["wage"], None, "histogram"],
            [["no such column"], None, "histogram"],
        ]
        lines.append(json.dumps({"table": name, "outcomes": ["wage"], "wanted": wanted}))
    lines.append(json.dumps({"table": "made/gone.csv", "outcomes": [], "wanted": []}))
    labels = folder / "wanted.jsonl"
    labels.write_text("\n".join(lines) + "\n")
    return labels


def test_a_fit_learns_names_and_places(tmp_path: Path) -> None:
    found = list(fitting.read_wanted([tmp_path], write_labels(tmp_path, 6)))
    assert len(found) == 6  # a table that is not there is left out
    questions = [fitting.question_of(record["outcomes"], p) for record, p in found]
    learned = fitting.fit_asked([q for q in questions if q is not None])
    chances = learned.chances(profile_table(workers(99)))
    assert chances["wage"] > 0.8
    assert learned.words["wage"] > learned.words["tenure"]
    fitting.write_asked(learned, tmp_path)
    again = read_asked(tmp_path)
    assert isinstance(again, Asked)
    assert again.chances(profile_table(workers(99))) == pytest.approx(chances, abs=1e-3)
    assert read_asked(tmp_path / "made") is None


def test_trees_travel_with_the_logit(tmp_path: Path) -> None:
    found = list(fitting.read_wanted([tmp_path], write_labels(tmp_path, 6)))
    questions = [q for record, p in found if (q := fitting.question_of(record["outcomes"], p))]
    learned = fitting.fit_asked(questions * 12)
    assert learned.trees is not None
    fitting.write_asked(learned, tmp_path)
    again = read_asked(tmp_path)
    assert again is not None
    staff = profile_table(workers(98))
    assert again.chances(staff) == pytest.approx(learned.chances(staff), abs=1e-3)
    assert again.chances(staff)["wage"] > 0.8
    assert sum(again.chances(staff).values()) <= 1.0


def test_a_table_without_an_outcome_asks_about_none(profile: Profile) -> None:
    question = fitting.question_of([], profile)
    assert question is not None
    assert question.asked[-1] == 1.0
    narrow = profile_table(pa.table({"a": [1.5, 2.5, 4.0]}))
    assert fitting.question_of(["a"], narrow) is None


@pytest.mark.parametrize(
    ("text", "named", "level"),
    [
        ("point x=schooling:value y=wage:value", (["wage", "schooling"], "wage", "scatter"), 3),
        ("point x=wage:value y=schooling:value", (["wage", "schooling"], "wage", "scatter"), 2),
        ("bar x=plant:category y=*:count", (["plant"], None, "counts"), 3),
        ("boxplot x=plant:category y=wage:value", (["plant", "wage"], "wage", "bars"), 3),
        (
            "boxplot x=released:category y=wage:value",
            (["released", "wage"], "released", "shares"),
            3,
        ),
        (
            "bar x=plant:category y=*:count color=released:category",
            (["plant", "released"], "released", "shares"),
            3,
        ),
        (
            "bar x=released:category y=*:count color=plant:category",
            (["plant", "released"], "released", "shares"),
            2,
        ),
        ("bar x=wage:bin y=*:count", (["wage"], None, "scatter"), 1),
        ("bar x=wage:bin y=*:count", (["tenure"], None, "histogram"), 0),
    ],
)
def test_how_well_a_design_is_what_was_named(
    profile: Profile, text: str, named: tuple[list[str], str | None, str], level: int
) -> None:
    assert match(design_of(text, profile), named, profile) == level


def test_forms_have_names(profile: Profile) -> None:
    assert form_of(design_of("bar x=plant:category y=wage:mean", profile)) == "bars"
    assert form_of(design_of("rect x=wage:bin y=tenure:bin color=*:count", profile)) == "heat map"
    assert form_of(design_of("boxplot x=wage:value", profile)) == "box"


def test_each_chart_named_has_a_share() -> None:
    target = target_of(np.array([[3, 0], [0, 2], [0, 2], [0, 0]]))
    assert target.sum() == pytest.approx(1.0)
    assert target[0] > target[1] == target[2] > target[3] == 0.0
    assert target_of(np.zeros((3, 1), dtype=np.int64)).sum() == 0.0


def test_fitted_trees_travel_and_say_what_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "LABELS", write_labels(tmp_path))
    monkeypatch.setattr("vizmodel.training.wanted.ROUNDS", 8)
    monkeypatch.setattr("vizmodel.training.wanted.FOLDS", 2)
    monkeypatch.setattr(fitting.read_wanted, "__defaults__", (tmp_path / "wanted.jsonl",))
    fit_all(["--tables", str(tmp_path), "--out", str(tmp_path)])
    trees = read_trees(tmp_path / WANTED_FILE, WANTED_TRAITS)
    assert trees is not None
    assert trees.depth > 0


def test_lists_are_measured_on_tables_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vizmodel.training.wanted.ROUNDS", 8)
    monkeypatch.setattr("vizmodel.training.wanted.FOLDS", 2)
    decoder, taste = LocalDecoder(), read_taste(newest_weights())
    assert taste is not None
    found = list(fitting.read_wanted([tmp_path], write_labels(tmp_path, 10)))
    tables = [wanted_table(record, p, decoder) for record, p in found]
    known = [table for table in tables if table is not None]
    first, whole = shares_found(known, [{"wage": 0.9}] * len(known), taste)
    assert 0.0 < first <= whole <= 1.0


def test_words_that_no_table_has_are_known_by_their_sound(tmp_path: Path) -> None:
    found = list(fitting.read_wanted([tmp_path], write_labels(tmp_path, 6)))
    questions = [q for record, p in found if (q := fitting.question_of(record["outcomes"], p))]
    sounds = {"wage": 2.0, "mortality": 2.0, "tenure": -1.0, "plant": -1.0, "batch": -2.0}
    learned = fitting.fit_logit(questions, sounds)
    assert learned.words["mortality"] > 0 > learned.words["batch"]
    assert set(sounds) <= set(learned.words)
    deaf = fitting.fit_logit(questions, {})
    assert "mortality" not in deaf.words


def test_the_sounds_of_words_are_read() -> None:
    sounds = fitting.read_sounds()
    assert len(sounds) > 1_000
    assert all(0.0 < abs(score) <= 2.0 for score in sounds.values())
    assert sounds["salary"] > 0 > sounds["subject"]


def test_trees_see_what_the_logit_says_of_all_columns() -> None:
    seen = np.zeros((3, len(SIGNS)))
    named, signed = np.array([1.0, 0.0, -1.0]), np.array([0.5, 2.0, 0.0])
    rows = column_rows(seen, named, signed)
    assert rows.shape == (3, len(COLUMN_TRAITS))
    told = {name: rows[:, at].tolist() for at, name in enumerate(COLUMN_TRAITS)}
    assert told["logit:both"] == [1.5, 2.0, -1.0]
    assert told["logit:both_below"] == [-0.5, 0.0, -3.0]
    assert told["logit:before"] == [1.0, 0.0, 2.0]
    assert told["logit:lead"] == [0.5] * 3
