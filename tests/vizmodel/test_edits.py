"""What a person may change of a chart: all that is offered is legal, and nothing is lost."""

from __future__ import annotations

import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding
from vizmodel.form.edits import Edit, edits
from vizmodel.form.style import styled
from vizmodel.grammar import violations
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend


@pytest.fixture(scope="module")
def profile() -> Profile:
    """A table with two measures, two groups and dates."""
    n_rows = 120
    return profile_table(
        pa.table(
            {
                "city": ["Rome", "Oslo", "Rome", "Kyiv"] * 30,
                "shop": [f"shop {n % 5}" for n in range(n_rows)],
                "sales": [float(n * 7 % 31) for n in range(n_rows)],
                "costs": [float(n * 11 % 37) + 0.5 for n in range(n_rows)],
                "day": pa.array(
                    [(20_000 + n) * 86_400_000_000 for n in range(n_rows)], pa.timestamp("us")
                ),
            }
        )
    )


@pytest.fixture(scope="module")
def bars(profile: Profile) -> Design:
    """Mean sales by city."""
    city = Encoding("x", "city", "category", "nominal")
    return styled(Design("bar", (city, Encoding("y", "sales", "mean", "quantitative"))), profile)


def of(kind: str, found: tuple[Edit, ...]) -> dict[str, Edit]:
    """Return the edits of one kind by their choice."""
    return {edit.choice: edit for edit in found if edit.kind == kind}


def test_all_that_is_offered_is_legal_and_each_kind_has_one_that_is_now(
    profile: Profile, bars: Design
) -> None:
    seen = set()
    for design in (bars, *(ranked.design for ranked in recommend(profile, k=15))):
        found = edits(design, profile)
        assert found, design
        for edit in found:
            assert violations(edit.design.upright(), profile) == (), edit
            seen.add(edit.kind)
        for kind in {edit.kind for edit in found} - {"axes"}:
            now = [edit for edit in of(kind, found).values() if edit.current]
            assert [edit.design for edit in now] == [design], (kind, design)
    assert seen >= {"axes", "mark", "aggregate", "sort", "color"}


def test_a_swap_lays_bars_down_and_up_again(profile: Profile, bars: Design) -> None:
    down = of("axes", edits(bars, profile))["swap"].design
    assert [(e.channel, e.field) for e in down.encodings] == [("x", "sales"), ("y", "city")]
    assert down.style.sort == "y"
    assert of("axes", edits(down, profile))["swap"].design == bars


def test_what_a_person_turned_stays_turned(profile: Profile, bars: Design) -> None:
    down = of("axes", edits(bars, profile))["swap"].design
    median = of("aggregate", edits(down, profile))["median"].design
    assert median.style.horizontal
    assert median.encoding("x") == Encoding("x", "sales", "median", "quantitative")


def test_the_order_is_by_the_measure_or_the_groups_own(profile: Profile, bars: Design) -> None:
    found = of("sort", edits(bars, profile))
    assert [choice for choice, edit in found.items() if edit.current] == ["measure"]
    assert found["natural"].design.style.sort is None


def test_what_a_person_ordered_stays_in_that_order(profile: Profile, bars: Design) -> None:
    by_name = of("sort", edits(bars, profile))["natural"].design
    down = of("axes", edits(by_name, profile))["swap"].design
    assert down.style.horizontal
    assert down.style.sort is None
    assert of("axes", edits(down, profile))["swap"].design == by_name
    assert of("aggregate", edits(by_name, profile))["median"].design.style.sort is None
    boxes = of("mark", edits(by_name, profile))["boxplot"].design
    assert boxes.style.sort is None


def test_an_order_by_the_measure_stays_where_groups_have_their_own() -> None:
    sizes = {"size": ["small", "medium", "large"] * 20, "sales": [n * 7 % 31 for n in range(60)]}
    profile = profile_table(pa.table(sizes))
    size = Encoding("x", "size", "category", "ordinal")
    bars = Design("bar", (size, Encoding("y", "sales", "mean", "quantitative")))
    usual = styled(bars, profile)
    assert of("axes", edits(usual, profile))["swap"].design.style.sort is None
    chosen = of("sort", edits(usual, profile))["measure"].design
    turned = of("axes", edits(chosen, profile))["swap"].design
    assert (chosen.style.sort, turned.style.sort) == ("x", "y")


def test_colour_comes_and_goes(profile: Profile, bars: Design) -> None:
    found = of("color", edits(bars, profile))
    assert found[""].current
    shaded = found["shop"].design
    assert shaded.encoding("color") == Encoding("color", "shop", "category", "nominal")
    assert of("color", edits(shaded, profile))[""].design == bars


def test_slices_become_bars_of_the_same_columns(profile: Profile) -> None:
    count = Encoding("theta", None, "count", "quantitative")
    slices = styled(
        Design("arc", (count, Encoding("color", "city", "category", "nominal"))), profile
    )
    turned = of("mark", edits(slices, profile))["bar"].design
    assert turned.upright().encoding("x") == Encoding("x", "city", "category", "nominal")
    assert of("mark", edits(turned, profile))["arc"].design == slices


def test_a_chart_that_is_not_legal_has_no_edits(profile: Profile) -> None:
    strange = Design("line", (Encoding("x", "nobody", "value", "quantitative"),))
    assert edits(strange, profile) == ()
