"""A list goes on after what was shown, and turns to what is liked; nothing comes twice."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.vizmodel.raw_tables import profile_of, realistic
from tests.vizmodel.walks import walks
from vizmodel.design import Design, Encoding, Intent, Without
from vizmodel.grammar import Grammar, IntentError, violations
from vizmodel.neighbours import closeness, neighbours
from vizmodel.recommend import recommend

SALES = profile_of(realistic()["sales"])


def _pages(n: int, intent: Intent | None = None) -> list[list[Design]]:
    pages: list[list[Design]] = []
    for _ in range(n):
        shown = [design for page in pages for design in page]
        pages.append([r.design for r in recommend(SALES, 15, intent, shown=shown)])
    return pages


def test_pages_repeat_no_chart_and_stay_full() -> None:
    pages = _pages(6)
    assert [len(page) for page in pages] == [15] * 6
    designs = [design for page in pages for design in page]
    assert len({design.identity() for design in designs}) == len(designs)
    assert all(violations(design.upright(), SALES) == () for design in designs)


def test_pages_honour_what_is_asked_and_ruled_out() -> None:
    first = recommend(SALES, 1)[0].design
    intent = Intent(columns=("revenue",), without=Without(("city",), ("bar",), (first.story(),)))
    for design in (design for page in _pages(3, intent) for design in page):
        assert "revenue" in design.fields
        assert "city" not in design.fields
        assert design.mark != "bar"
        assert design.story() != first.story()


def test_the_next_page_turns_to_columns_that_were_not_shown() -> None:
    hidden = ("city", "satisfaction")
    first = recommend(SALES, 9, Intent(without=Without(hidden)))
    fresh = [r.design for r in recommend(SALES, 5, shown=[r.design for r in first])]
    assert set(hidden) <= {name for design in fresh for name in design.fields}


def test_a_small_table_gives_each_legal_chart_once_and_then_none() -> None:
    frame = pd.DataFrame({"city": ["Rome", "Oslo"] * 15, "sales": [float(n) for n in range(30)]})
    profile = profile_of(frame)
    legal = {design.identity() for design in walks(Grammar(profile), 500)}
    shown: list[Design] = []
    while page := recommend(profile, 4, shown=shown):
        shown += [r.design for r in page]
        assert len(shown) < 500
    assert {design.identity() for design in shown} == legal
    assert recommend(profile, 4, shown=shown) == []


def test_what_rules_out_all_that_fits_is_told() -> None:
    frame = pd.DataFrame({"sales": [float(n * n) for n in range(30)]})
    profile = profile_of(frame)
    stories = tuple({design.story() for design in walks(Grammar(profile), 300)})
    with pytest.raises(IntentError, match="every chart that fits tells what without rules out"):
        recommend(profile, 5, Intent(without=Without(stories=stories)))


class TestNeighbours:
    @pytest.mark.parametrize("place", range(6))
    def test_they_are_near_and_new(self, place: int) -> None:
        liked = recommend(SALES, 15)[place].design
        found = neighbours(liked, SALES, 10)
        assert 5 <= len(found) <= 10
        identities = {r.design.identity() for r in found}
        assert len(identities) == len(found)
        assert liked.identity() not in identities
        for ranked in found:
            assert violations(ranked.design.upright(), SALES) == ()
            assert ranked.design.mark == liked.mark or set(liked.fields) & set(ranked.design.fields)
        near = [closeness(r.design.upright(), liked.upright()) for r in found]
        usual = [closeness(r.design.upright(), liked.upright()) for r in recommend(SALES, 15)[1:]]
        assert sum(near) / len(near) > sum(usual) / len(usual)

    def test_they_honour_the_intent_and_what_was_shown(self) -> None:
        shown = [r.design for r in recommend(SALES, 15)]
        intent = Intent(without=Without(("city",), ("rect",)))
        found = neighbours(shown[0], SALES, 15, intent, shown=shown)
        assert found
        for ranked in found:
            assert "city" not in ranked.design.fields
            assert ranked.design.mark != "rect"
            assert ranked.design.identity() not in {design.identity() for design in shown}

    def test_each_says_how_near_it_is(self) -> None:
        found = neighbours(recommend(SALES, 1)[0].design, SALES, 3)
        assert all(dict(ranked.terms)["nearness"] > 0 for ranked in found)


def test_a_design_turned_back_is_the_one_that_was_decoded() -> None:
    for ranked in recommend(SALES, 15):
        assert violations(ranked.design.upright(), SALES) == ()
        assert ranked.design.upright().identity() == ranked.design.identity()


def test_panels_below_or_beside_are_one_chart() -> None:
    x = Encoding("x", "a", "value", "quantitative")
    below = Design("tick", (x, Encoding("row", "g", "category", "nominal")))
    beside = Design("tick", (x, Encoding("column", "g", "category", "nominal")))
    assert below.identity() == beside.identity()
