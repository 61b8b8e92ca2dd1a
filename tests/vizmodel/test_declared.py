"""The declared spec: what a person would write, over the table's own columns."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding, Style
from vizmodel.form.declared import declared, escape_field
from vizmodel.profile import Profile, profile_table


def profile(**columns: Any) -> Profile:
    return profile_table(pa.table(columns))


def bars(name: str) -> Design:
    return Design(
        "bar",
        (Encoding("x", name, "category", "nominal"), Encoding("y", "n", "mean", "quantitative")),
    )


TABLE: dict[str, Any] = {
    "city": ["a", "b"] * 9,
    "n": list(range(18)),
    "m": [v / 7 for v in range(18)],
}


def test_aggregates_are_declared_and_nothing_is_inside() -> None:
    spec = declared(bars("city"), profile(**TABLE))
    assert "data" not in spec
    assert spec["encoding"] == {
        "x": {"field": "city", "type": "nominal"},
        "y": {"field": "n", "aggregate": "mean", "type": "quantitative"},
    }


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.b", r"a\.b"),
        ("a[0]", r"a\[0\]"),
        ("it's", r"it\'s"),
        ('"x"', r"\"x\""),
        ("plain", "plain"),
    ],
)
def test_names_are_escaped_as_vega_lite_reads_them(name: str, written: str) -> None:
    assert escape_field(name) == written
    table = profile(**{**TABLE, name: TABLE["city"]})
    assert declared(bars(name), table)["encoding"]["x"]["field"] == written
    assert declared(bars(name), table, escape=False)["encoding"]["x"]["field"] == name


def test_names_that_cannot_be_spoken_are_replaced_by_like_ones() -> None:
    table = profile(**{**TABLE, "two\nlines": TABLE["city"], "two lines": TABLE["city"]})
    spec = declared(bars("two\nlines"), table)
    (step,) = spec["transform"]
    assert step == {"calculate": 'datum["two\\nlines"]', "as": "two lines (3)"}
    assert spec["encoding"]["x"]["field"] == "two lines (3)"


def test_years_under_bars_become_dates() -> None:
    table = profile(year=list(range(1990, 2020)), n=list(range(30)))
    design = Design(
        "bar",
        (
            Encoding("x", "year", "value", "quantitative"),
            Encoding("y", "n", "value", "quantitative"),
        ),
    )
    spec = declared(design, table)
    assert spec["transform"] == [{"calculate": 'datetime(datum["year"], 0, 1)', "as": "year"}]
    assert spec["encoding"]["x"]["type"] == "temporal"


def test_style_is_written_down() -> None:
    table = profile(**TABLE)
    largest_first = bars("city").with_style(Style(sort="x"))
    assert declared(largest_first, table)["encoding"]["x"]["sort"] == "-y"
    points = Design(
        "point",
        (Encoding("x", "n", "value", "quantitative"), Encoding("y", "m", "value", "quantitative")),
        Style(log=("y",)),
    )
    assert declared(points, table)["encoding"]["y"]["scale"]["type"] == "symlog"  # it has a zero
    above = profile(**TABLE | {"m": [value + 1 for value in TABLE["m"]]})
    assert declared(points, above)["encoding"]["y"]["scale"] == {"type": "log"}
    assert declared(points, table)["encoding"]["x"]["scale"] == {"zero": False}


def test_what_does_not_add_up_stands_side_by_side() -> None:
    color = Encoding("color", "kind", "category", "nominal")
    grouped = Design("bar", (*bars("city").encodings, color))
    table = profile(**TABLE, kind=["x", "y", "z"] * 6)
    assert "xOffset" in declared(grouped, table)["encoding"]


def test_what_is_measured_is_written_as_it_is_drawn() -> None:
    day = Encoding("color", "day", "category", "nominal")
    hours = Encoding("x", "hour", "value", "quantitative")
    table = profile(
        hour=[0, 1, 2, 3] * 2,
        day=["a"] * 4 + ["b"] * 4,
        level=[3.4, 5.1, 4.2] * 2 + [1.5, 2.5],
        visits=range(8),
    )
    for name, piled in (("level", False), ("visits", True)):
        measure = Encoding("y", name, "value", "quantitative")
        written = declared(Design("area", (hours, measure, day), Style(stack="zero")), table)
        assert ("stack" not in written["encoding"]["y"]) is piled
        assert "stack" not in written["encoding"]["x"]


def test_labels_have_the_order_of_the_gallery_where_the_alphabet_has_another() -> None:
    rows: dict[str, Any] = {"rate": ["low", "high", "medium"] * 4, "kind": ["a", "b", "c", "d"] * 3}
    table = profile(**rows, n=list(range(12)))
    for name, wanted in (("rate", ["low", "medium", "high"]), ("kind", None)):
        assert declared(bars(name), table)["encoding"]["x"].get("sort") == wanted


ANSWERS = ["never", "sometimes", "always"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("use", {"sort": ANSWERS}),
        ("Q1. use?", {"scale": {"domain": ANSWERS}}),
        ("Q1[a]", {"scale": {"domain": ANSWERS}}),
    ],
)
def test_answers_keep_their_order_under_every_name(name: str, written: dict[str, Any]) -> None:
    table = profile(**{"n": TABLE["n"], name: ANSWERS * 6})
    spec = declared(bars(name), table)["encoding"]["x"]
    assert spec == {"field": escape_field(name), "type": "nominal"} | written


def test_an_order_in_a_domain_has_a_place_for_missing_answers() -> None:
    table = profile(**{"n": TABLE["n"], "Q.1": [None, *(ANSWERS * 6)[1:]]})
    domain = declared(bars("Q.1"), table)["encoding"]["x"]["scale"]["domain"]
    assert domain == [*ANSWERS, None]
