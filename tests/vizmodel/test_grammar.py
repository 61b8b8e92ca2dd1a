"""Any walk through the grammar is a legal and sane chart, and honours what the user asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.vizmodel.raw_tables import profile_of, raw_frames, realistic, wide_frame
from tests.vizmodel.sanity import flags
from tests.vizmodel.walks import accepts, walks
from vizmodel import tokens
from vizmodel.design import CHANNELS, MARKS, Channel, Design, Intent, Transform, Without, canonical
from vizmodel.form.style import styled
from vizmodel.grammar import Grammar, IntentError, violations
from vizmodel.grammar.gathering import shown_fold
from vizmodel.grammar.shapes import MAX_ENCODINGS, PATTERNS, all_shapes
from vizmodel.profile import Profile

FUZZ = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
REALISTIC = realistic()


def _check(frame: pd.DataFrame, n: int, seed: int = 0) -> int:
    """Walk a table's grammar and check each chart; return how many there were."""
    profile = profile_of(frame)
    grammar = Grammar(profile)
    found = 0
    for design in walks(grammar, n, seed):
        found += 1
        assert violations(design, profile) == (), design
        assert flags(styled(design, profile), frame) == set(), design
        assert tokens.decode(tokens.encode(design, profile), profile) == design
    return found


class TestWalks:
    @given(frame=raw_frames(), seed=st.integers(0, 9))
    @FUZZ
    def test_random_tables_give_only_sane_charts(self, frame: pd.DataFrame, seed: int) -> None:
        _check(frame, 12, seed)

    @pytest.mark.parametrize("name", sorted(REALISTIC))
    def test_realistic_tables_give_only_sane_charts(self, name: str) -> None:
        found = _check(REALISTIC[name], 60)
        assert found > 0 or name == "one row"

    @pytest.mark.parametrize("n_columns", [1, 2, 5, 17, 40])
    def test_width_does_not_matter(self, n_columns: int) -> None:
        _check(wide_frame(n_columns, 90, seed=n_columns), 20)

    def test_large_tables_are_not_drawn_row_by_row(self) -> None:
        rng = np.random.default_rng(0)
        frame = pd.DataFrame(
            {
                "a": rng.normal(size=6000),
                "b": rng.normal(size=6000),
                "g": rng.choice(["u", "v"], 6000),
            }
        )
        assert _check(frame, 60) > 0

    def test_a_table_without_anything_to_show_has_an_empty_grammar(self) -> None:
        for frame in (pd.DataFrame(), pd.DataFrame({"a": [1, 1, 1]}), REALISTIC["one row"]):
            grammar = Grammar(profile_of(frame))
            assert grammar.empty
            assert not grammar.allowed(grammar.start()).any()

    def test_an_empty_prefix_is_no_chart(self) -> None:
        grammar = Grammar(profile_of(REALISTIC["ranking"]))
        with pytest.raises(ValueError, match="advance it by a mark"):
            grammar.design(grammar.start())


def _neighbours(design: Design, profile: Profile, rng: np.random.Generator) -> Iterator[Design]:
    """Yield charts that differ in one thing: mark, channel, column, transform, an encoding less."""
    names = [column.name for column in profile.columns]
    yield replace(design, mark=MARKS[rng.integers(len(MARKS))])
    for place, encoding in enumerate(design.encodings):
        rest = [*design.encodings[:place], *design.encodings[place + 1 :]]
        if rest:
            yield replace(design, encodings=tuple(rest))
        free = [c for c in CHANNELS if c not in {e.channel for e in rest}]
        changes: list[tuple[str, str | None, str]] = [
            (str(rng.choice(free)), encoding.field, encoding.transform)
        ]
        if encoding.field is not None:
            changes.append((encoding.channel, str(rng.choice(names)), encoding.transform))
            transform = str(rng.choice(tokens.COLUMN_TRANSFORMS))
            changes.append((encoding.channel, encoding.field, transform))
        for channel, name, transform in changes:
            changed = tokens.make_encoding(
                cast(Channel, channel), name, cast(Transform, transform), profile
            )
            yield replace(design, encodings=canonical([*rest, changed]))


class TestMasks:
    @given(frame=raw_frames(max_columns=6), seed=st.integers(0, 99))
    @FUZZ
    def test_masks_agree_with_the_rules(self, frame: pd.DataFrame, seed: int) -> None:
        profile = profile_of(frame)
        grammar, rng = Grammar(profile), np.random.default_rng(seed)
        for design in walks(grammar, 6, seed):
            assert accepts(grammar, design, profile)
            for other in _neighbours(design, profile, rng):
                broken = violations(other, profile)
                assert accepts(grammar, other, profile) == (not broken), (other, broken)

    def test_both_verdicts_occur_among_the_neighbours(self) -> None:
        profile, rng = profile_of(REALISTIC["sales"]), np.random.default_rng(0)
        verdicts = {
            not violations(other, profile)
            for design in walks(Grammar(profile), 10)
            for other in _neighbours(design, profile, rng)
        }
        assert verdicts == {True, False}


class TestShapes:
    def test_shapes_are_distinct_and_in_canonical_order(self) -> None:
        shapes = all_shapes()
        assert len({(s.mark, s.roles) for s in shapes}) == len(shapes)
        for shape in shapes:
            channels = [channel for channel, _ in shape.roles]
            assert channels == sorted(set(channels), key=CHANNELS.index)
            assert 1 <= len(channels) <= MAX_ENCODINGS

    def test_each_pattern_and_mark_is_reachable(self) -> None:
        names = {s.pattern for s in all_shapes()}
        assert {p.name for p in PATTERNS} - names == set()
        assert {s.mark for s in all_shapes()} == set(MARKS)

    @pytest.mark.parametrize("mark", MARKS)
    def test_a_sales_table_shows_each_mark(self, mark: str) -> None:
        grammar = Grammar(SALES, Intent(mark=mark))  # type: ignore[arg-type]
        assert {design.mark for design in walks(grammar, 10)} == {mark}


class TestIntent:
    @given(frame=raw_frames(max_columns=7), seed=st.integers(0, 99), data=st.data())
    @FUZZ
    def test_each_walk_honours_the_intent(
        self, frame: pd.DataFrame, seed: int, data: st.DataObject
    ) -> None:
        profile = profile_of(frame)
        example = next(walks(Grammar(profile), 10, seed), None)
        assume(example is not None)
        assert example is not None
        shown = [e for e in example.encodings if e.field is not None]
        fixed = data.draw(st.lists(st.sampled_from(shown), unique=True)) if shown else []
        named = data.draw(st.lists(st.sampled_from(example.fields), unique=True)) if shown else []
        intent = Intent(
            columns=tuple(named),
            mark=data.draw(st.sampled_from([None, example.mark])),
            encoding=tuple((e.channel, e.field) for e in fixed if e.field is not None),
        )
        grammar = Grammar(profile, intent)
        assert accepts(grammar, example, profile)
        for design in walks(grammar, 8, seed):
            assert violations(design, profile) == ()
            assert intent.mark in (None, design.mark)
            assert set(intent.columns) <= set(design.fields)
            for channel, name in intent.encoding:
                encoding = design.encoding(channel)
                assert encoding is not None
                assert encoding.field == name


class TestWithout:
    @given(frame=raw_frames(max_columns=7), seed=st.integers(0, 99), data=st.data())
    @FUZZ
    def test_no_walk_shows_what_is_ruled_out(
        self, frame: pd.DataFrame, seed: int, data: st.DataObject
    ) -> None:
        profile = profile_of(frame)
        examples = list(walks(Grammar(profile), 8, seed))
        assume(examples)
        told = data.draw(st.lists(st.sampled_from(examples), max_size=3))
        drawn = data.draw(st.lists(st.sampled_from(examples), max_size=3))
        names = sorted({name for design in examples for name in design.fields})
        columns = data.draw(st.lists(st.sampled_from(names), max_size=2)) if names else []
        without = Without(
            columns=tuple(columns),
            marks=tuple(data.draw(st.lists(st.sampled_from(MARKS), max_size=2, unique=True))),
            stories=tuple(design.story() for design in told),
            charts=tuple(design.identity() for design in drawn),
        )
        intent = Intent(without=without)
        try:
            grammar = Grammar(profile, intent)
        except IntentError:
            return
        for design in walks(grammar, 12, seed):
            assert violations(design, profile) == ()
            assert not set(design.fields) & set(without.columns)
            assert design.mark not in without.marks
            assert design.story() not in without.stories
            assert design.identity() not in without.charts
        for design in examples:
            fold = shown_fold(design, profile)
            shown = {*design.fields, *(() if fold is None else fold.columns)}
            banned = (
                bool(shown & set(without.columns))
                or design.mark in without.marks
                or design.story() in without.stories
                or design.identity() in without.charts
            )
            # What is not ruled out can still be written.
            assert accepts(grammar, design, profile) == (not banned)

    def test_a_story_is_ruled_out_whatever_its_mark_or_average(self) -> None:
        bars = next(
            d
            for d in walks(Grammar(SALES, Intent(mark="bar")), 400)
            if {e.transform for e in d.encodings} == {"category", "mean"}
        )
        grammar = Grammar(SALES, Intent(without=Without(stories=(bars.story(),))))
        medians = replace(
            bars,
            encodings=tuple(
                replace(e, transform="median") if e.transform == "mean" else e
                for e in bars.encodings
            ),
        )
        points = replace(bars, mark="point")
        for design in (bars, medians, points):
            assert accepts(Grammar(SALES), design, SALES)
            assert not accepts(grammar, design, SALES)


SALES = profile_of(REALISTIC["sales"])


@pytest.mark.parametrize(
    ("intent", "message"),
    [
        (Intent(columns=("revenu",)), "no column 'revenu' .* did you mean 'revenue'"),
        (Intent(columns=("qqq",)), "no column 'qqq'"),
        (Intent(encoding=(("y", "citi"),)), "did you mean 'city'"),
        (Intent(mark="pie"), "no mark 'pie'; choose one of point, bar"),  # type: ignore[arg-type]
        (Intent(mark="circle"), "no mark 'circle'; use 'point'"),  # type: ignore[arg-type]
        (Intent(encoding=(("colour", "city"),)), "did you mean 'color'"),  # type: ignore[arg-type]
        (Intent(encoding=(("x", "city"), ("x", "date"))), "channel 'x' is asked for twice"),
        (Intent(encoding=(("x", "city"), ("y", "city"))), "column 'city' is asked for twice"),
        (
            Intent(mark="arc", encoding=(("x", "city"),)),
            "mark='arc' never shows column 'city' on x; it can stand on color",
        ),
        (Intent(encoding=(("size", "city"),)), "no chart shows column 'city' on size; .* x, y"),
        (
            Intent(columns=tuple(c.name for c in SALES.columns[:5])),
            "a chart shows at most 4 columns, not 5; ask for",
        ),
        (Intent(mark="tick", columns=("date",)), "mark='tick' never shows column 'date'; drop"),
        (Intent(without=Without(columns=("citi",))), "did you mean 'city'"),
        (Intent(without=Without(marks=("pie",))), "no mark 'pie'"),  # type: ignore[arg-type]
        (
            Intent(columns=("city",), without=Without(columns=("city",))),
            "column 'city' is asked for and ruled out by without; drop one",
        ),
        (
            Intent(mark="bar", without=Without(marks=("bar",))),
            "mark 'bar' is asked for and ruled out by without; drop one",
        ),
        (Intent(without=Without(marks=MARKS)), "rules out every mark that fits; allow one of"),
        (
            Intent(without=Without(columns=tuple(c.name for c in SALES.columns))),
            "rules out every column that can be shown; allow one of",
        ),
        (
            Intent(mark="arc", without=Without(columns=("city", "product", "satisfaction"))),
            "mark='arc' needs a column of 2 to 8 groups: none of 'order_id', .* is; choose another",
        ),
        (
            Intent(columns=("city", "product", "date", "units", "revenue", "satisfaction")),
            "a chart shows at most 4 columns, not 6; ask for fewer",
        ),
    ],
)
def test_a_contradiction_names_the_fix(intent: Intent, message: str) -> None:
    with pytest.raises(IntentError, match=message):
        Grammar(SALES, intent)


def test_a_column_that_no_chart_shows_is_explained() -> None:
    frame = pd.DataFrame(
        {
            "row": range(1, 81),
            "c": [5] * 80,
            "d": [True] * 80,
            "v": np.random.default_rng(0).normal(size=80),
        }
    )
    profile = profile_of(frame)
    with pytest.raises(IntentError, match=r"column 'row' cannot be charted: .*; leave it out"):
        Grammar(profile, Intent(columns=("row",)))
    with pytest.raises(IntentError, match="column 'c' cannot be charted: one value only"):
        Grammar(profile, Intent(columns=("c",)))
    needs = r"mark='line' needs an ordered column .*: none of 'row', 'c', 'd', 'v' is"
    with pytest.raises(IntentError, match=needs):
        Grammar(profile, Intent(mark="line"))


class TestTablesShapedForOneChart:
    """At most three columns: their rows are drawn as they are, within wider limits."""

    @staticmethod
    def _legal(frame: pd.DataFrame, mark: str, x: Transform, y: Transform) -> bool:
        profile = profile_of(frame)
        first, second = frame.columns[:2]
        encodings = (
            tokens.make_encoding("x", first, x, profile),
            tokens.make_encoding("y", second, y, profile),
        )
        return violations(Design(cast(Any, mark), encodings), profile) == ()

    @pytest.mark.parametrize(
        ("first", "second", "mark", "x"),
        [
            (range(1, 41), np.linspace(0, 1, 40) ** 2, "line", "value"),  # a count of the rows
            (
                [f"a place far away from all the others, number {i}" for i in range(45)],
                np.arange(45.0) + 0.5,
                "bar",
                "category",
            ),
            ([2001, 2002, 2003], [7.5, 7.5, 7.5], "line", "value"),  # one height
        ],
        ids=["row number", "long list", "level"],
    )
    def test_narrow_tables_are_drawn_as_they_are(
        self, first: Any, second: Any, mark: str, x: Transform
    ) -> None:
        narrow = pd.DataFrame({"first": first, "second": second})
        more = {f"more {i}": narrow.second * 2 for i in range(3)}
        wide = narrow.assign(third=list(np.arange(len(narrow)) % 2), **more)
        assert self._legal(narrow, mark, x, "value")
        assert not self._legal(wide, mark, x, "value")

    def test_wider_limits_hold(self) -> None:
        names = pd.DataFrame({"first": [f"n{i}" for i in range(61)], "second": np.arange(61.0)})
        assert not self._legal(names, "bar", "category", "value")
        numbers = pd.DataFrame({"first": range(1, 41), "second": np.arange(40.0) + 0.5})
        assert not self._legal(numbers, "bar", "category", "mean")


def test_bars_of_means_stand_side_by_side_by_colour() -> None:
    design = next(
        d
        for d in walks(Grammar(SALES, Intent(mark="bar")), 400)
        if d.side_by_side and d.encoding("color")
    )
    assert not replace(design, mark="point").side_by_side
