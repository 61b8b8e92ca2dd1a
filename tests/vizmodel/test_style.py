"""The drawn form: which way bars lie, their order, what is piled, where a scale is logarithmic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.design import Design, Encoding
from vizmodel.form.style import styled
from vizmodel.profile import Profile, profile_table

COUNT = Encoding("y", None, "count", "quantitative")


def profile(**columns: Any) -> Profile:
    return profile_table(pa.table(columns))


def bars(*more: Encoding) -> Design:
    return Design("bar", (Encoding("x", "g", "category", "nominal"), COUNT, *more))


@pytest.mark.parametrize(
    ("labels", "lies"),
    [
        (["a", "b", "c"], False),
        (["a label of some length", "b"], True),
        ([f"g{i}" for i in range(14)], True),
        (["twelve chars"] + [f"another {i:02d}xx" for i in range(8)], True),
        (["January", "February", "September", "October", "November", "December"], False),
    ],
    ids=["short", "long", "many", "long together", "months"],
)
def test_bars_lie_where_their_labels_would_not_fit(labels: list[str], lies: bool) -> None:
    design = styled(bars(), profile(g=labels * 4))
    assert design.style.horizontal is lies
    group = next(e for e in design.encodings if e.field == "g")
    assert group.channel == ("y" if lies else "x")
    assert [e.channel for e in design.encodings] == ["x", "y"], "in canonical order"


def test_the_caller_may_turn_a_chart() -> None:
    table = profile(g=["a", "b"] * 5)
    assert styled(bars(), table, turn=True).style.horizontal
    assert not styled(
        bars(), profile(g=["a label of some length", "b"] * 5), turn=False
    ).style.horizontal


@pytest.mark.parametrize(
    ("labels", "sorted_"),
    [
        (["a", "b", "c"], True),
        (["low", "medium", "high"], False),
        (["Mon", "Tue", "Wed"], False),
        (["I", "II", "III"], False),
        (["a", "b"], False),  # in one order in all charts of a list
        (["no", "yes"], False),
    ],
)
def test_only_groups_without_an_order_of_their_own_are_sorted(
    labels: list[str], sorted_: bool
) -> None:
    assert (styled(bars(), profile(g=labels * 5)).style.sort == "x") is sorted_


@pytest.mark.parametrize(("step", "sorted_"), [(1, False), (7, True)], ids=["counts on", "codes"])
def test_many_codes_that_count_on_stay_in_their_order(step: int, sorted_: bool) -> None:
    table = profile(pair_id=[at * step for at in range(1, 15)] * 20, n=list(range(280)))
    assert table.column("pair_id").semantic == "category"
    pairs = Design("bar", (Encoding("x", "pair_id", "category", "nominal"), COUNT))
    assert (styled(pairs, table).style.sort == "x") is sorted_


def test_colours_are_piled() -> None:
    color = Encoding("color", "h", "category", "nominal")
    table = profile(g=["a", "b"] * 6, h=["x", "y", "z"] * 4)
    assert styled(bars(color), table).style.stack == "zero"
    assert styled(bars(), table).style.stack is None


def points(x: str, y: str) -> Design:
    return Design(
        "point",
        (Encoding("x", x, "value", "quantitative"), Encoding("y", y, "value", "quantitative")),
    )


def test_scales_are_logarithmic_where_the_data_ask_for_it() -> None:
    rng = np.random.default_rng(0)
    skewed = rng.lognormal(4, 3, 400)
    table = profile(skewed=skewed, even=rng.uniform(1, 9, 400), signed=skewed - skewed.mean())
    assert styled(points("skewed", "even"), table).style.log == ("x",)
    assert styled(points("signed", "even"), table).style.log == ()
    grouped = Design(
        "bar",
        (Encoding("x", "skewed", "bin", "quantitative"), COUNT),
    )
    assert styled(grouped, table).style.log == ("x",)


def test_two_axes_of_one_quantity_have_one_scale() -> None:
    rng = np.random.default_rng(4)
    last, rest = rng.lognormal(4, 1.2, 400), rng.normal(50, 9, 400)
    now = np.minimum(last * rng.lognormal(0, 0.2, 400), np.quantile(last, 0.95))
    table = profile(last=last, now=now, rest=rest)
    # All charts of a list show a column alike.
    assert styled(points("now", "rest"), table).style.log == ("x",)
    assert styled(points("last", "now"), table).style.log == ("x", "y")
    assert styled(points("last", "rest"), table).style.log == ("x",)
    # Histograms have no place for many zeros beside the smallest numbers.
    counts = np.concatenate([np.zeros(150), rng.lognormal(3, 2, 250).round() + 1])
    table = profile(counts=counts, rest=rest)
    bins = Design("bar", (Encoding("x", "counts", "bin", "quantitative"), COUNT))
    assert styled(points("counts", "rest"), table).style.log == ("x",)
    assert styled(bins, table).style.log == ()


@pytest.mark.parametrize(
    ("numbers", "log"),
    [
        ([1.0] * 80 + [3.0] * 15 + [30.0, 60.0, 110.0], True),
        ([1.0] * 160 + [3.0] * 30 + [30.0, 60.0, 90.0], False),  # not two decades
        ([1.0] * 80 + [3.0] * 15 + [30.0, 60.0, 90.0], True),  # few values, a giant among them
        ([2.0, 3.0, 5.0, 8.0, 13.0, 21.0] * 9, False),  # few, and no giant
        ([2.0, 5.0, 90.0, 130.0, 9_000.0] * 60, True),  # no tail, but orders of magnitude
        ([float(n) for n in range(1, 2_000)], False),  # as many, evenly
        ([0.0] * 100 + [1.0] * 60 + [9.0] * 100 + [300.0, 900.0, 4_000.0] * 9, True),  # zeros
        ([float(n) for n in range(1, 200)], False),  # no long tail
        ([*map(float, range(1, 200)), 9e6], False),  # one giant
        ([*map(float, range(1, 50)), 900.0], False),  # few and even, with a giant
        ([0.0] * 16 + [10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0] * 7, True),  # doses
        ([0.1, 0.12, 0.16, 0.17, 0.2, 0.25, 0.3, 0.4, 0.05, 0.02, 1.0] * 2, False),  # correlations
        ([100.0 + n / 9 for n in range(150)] + [200.0 * 1.06**n for n in range(55)], True),
    ],
)
def test_two_decades_and_a_long_tail_ask_for_a_log_scale(numbers: list[float], log: bool) -> None:
    table = profile(tailed=numbers, even=[float(n) for n in range(len(numbers))])
    assert (styled(points("tailed", "even"), table).style.log == ("x",)) is log


RNG = np.random.default_rng(12)
#: Long tails: points of a test, percentages, parts of one, and what has no ends of its own.
TAILS = {
    "phq9": np.minimum(RNG.lognormal(1.2, 0.9, 400).round(), 27),
    "exam score": np.minimum(RNG.lognormal(1.5, 1, 400).round(), 80),
    "share_black": np.minimum(RNG.lognormal(-3.5, 1.2, 400), 0.9),
    "blight_pct": np.minimum(RNG.lognormal(1, 1.6, 400), 99.0),
    "conversion_rate": np.minimum(RNG.lognormal(-5, 1.3, 400), 0.2),
    "learning_rate": np.minimum(RNG.lognormal(-6, 2, 400), 0.2),
    "visits": RNG.lognormal(3, 1.4, 400).round() + 1,
    "spread_ratio": RNG.lognormal(1, 1.2, 400),
}


@pytest.mark.parametrize("name", TAILS)
def test_what_ends_by_itself_has_no_log_scale(name: str) -> None:
    table = profile(**{name: TAILS[name], "even": RNG.normal(50, 9, 400)})
    free = name in ("learning_rate", "visits", "spread_ratio")
    assert bool(styled(points(name, "even"), table).style.log) is free


def test_lines_of_growth_over_time_have_a_log_scale_and_sums_none() -> None:
    years = [1950 + at // 4 for at in range(280)]
    price = [16 * 1.02**at * (1 + at % 4 / 50) for at in range(280)]
    table = profile(year=years, price=price, lot=list(range(280)))

    def line(*measure: Any) -> tuple[str, ...]:
        time = Encoding("x", "year", "value", "temporal")
        return styled(Design("line", (time, Encoding("y", *measure))), table).style.log

    assert line("price", "mean", "quantitative") == ("y",)
    assert line("price", "sum", "quantitative") == ()
    assert line(None, "count", "quantitative") == ()


def test_styling_changes_only_looks() -> None:
    table = profile(g=["a label of some length", "b"] * 9, n=list(range(18)))
    design = Design(
        "boxplot",
        (Encoding("x", "g", "category", "nominal"), Encoding("y", "n", "value", "quantitative")),
    )
    turned = styled(design, table)
    assert turned.relation() == design.relation()
    assert set(turned.fields) == set(design.fields)


def test_two_axes_that_go_together_are_logarithmic_both_or_neither() -> None:
    rng = np.random.default_rng(6)
    people = rng.lognormal(7, 1, 100)
    paid = people**1.4 * rng.lognormal(-7, 0.2, 100)
    scatter = Design(
        "point",
        (
            Encoding("x", "people", "value", "quantitative"),
            Encoding("y", "paid", "value", "quantitative"),
        ),
    )
    # A log scale for one of them would bend what is nearly a line.
    assert styled(scatter, profile(people=people, paid=paid)).style.log == ("x", "y")
    # What has no tail stays as it is.
    years = 20 + 8 * np.log(paid)
    alone = styled(scatter, profile(people=years, paid=paid)).style.log
    assert alone == ("y",)
