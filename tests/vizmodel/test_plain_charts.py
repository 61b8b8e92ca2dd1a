"""The plain charts of a table are candidates, however wide it is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from vizmodel.candidates.plain_charts import plain_charts
from vizmodel.design import Design, Encoding, Intent, Without
from vizmodel.grammar import Grammar, violations
from vizmodel.profile import profile_table
from vizmodel.recommend import recommend
from vizmodel.runtime import open_runtime
from vizmodel.search.beam_search import Search, beam_searches
from vizmodel.search.decoder import ANYTHING, Ask, LocalDecoder
from vizmodel.search.paths import Paths
from vizmodel.worth.outcomes import asked_about

RNG = np.random.default_rng(2)
N = 90
CITY = RNG.choice(["Rome", "Oslo", "Bern"], N, p=[0.6, 0.3, 0.1])
PRICE = RNG.normal(50, 9, N).round(2) + 8 * (CITY == "Rome")
COLUMNS = {f"m{i}": RNG.normal(size=N).round(3) for i in range(18)}
WIDE = profile_table(
    pa.table({"city": CITY, "price": PRICE, "cost": PRICE * 0.6 + RNG.normal(size=N), **COLUMNS})
)


def decoded(intent: Intent = ANYTHING) -> dict[Design, float]:
    (found,) = LocalDecoder().decode([Ask(WIDE, intent)])
    assert not isinstance(found, Exception), found
    return {design: candidate.log_probability for design, candidate in found.items()}


def test_every_column_of_a_wide_table_has_its_plain_chart() -> None:
    alone = {d.fields for d in decoded() if d.mark == "bar" and len(d.fields) == 1}
    assert {(column.name,) for column in WIDE.columns} <= alone


def test_the_strongest_pairs_have_theirs() -> None:
    shown = {(d.mark, frozenset(d.fields)) for d in decoded() if len(d.encodings) == 2}
    assert ("point", frozenset({"price", "cost"})) in shown
    assert ("boxplot", frozenset({"city", "price"})) in shown


def test_groups_in_time_have_a_line_each() -> None:
    years = np.tile(np.arange(2001, 2016), 4)
    shops = np.repeat(["north", "south", "east", "west"], 15)
    sales = RNG.normal(100, 9, 60).round(1)
    profile = profile_table(pa.table({"shop": shops, "year": years, "sales": sales}))
    lines = [d for d in plain_charts(profile) if d.mark == "line"]
    assert [(e.channel, e.field) for e in lines[0].encodings] == [
        ("x", "year"),
        ("y", "sales"),
        ("color", "shop"),
    ]


def test_years_are_counted_and_amounts_added_up_over_them() -> None:
    n = 900
    games = {
        "title": [f"game {i}" for i in range(n)],
        "year": RNG.integers(1975, 2016, n),
        "genre": RNG.choice(["action", "sport", "puzzle"], n, p=[0.5, 0.3, 0.2]),
        "sales": RNG.lognormal(0, 1, n).round(2),
        "length": RNG.normal(30, 4, n).round(1),
    }
    profile = profile_table(pa.table(games))
    shown = {
        (d.mark, *((e.field, e.transform) for e in d.encodings)) for d in plain_charts(profile)
    }
    assert ("bar", ("year", "value"), (None, "count")) in shown
    assert ("line", ("year", "value"), ("sales", "sum")) in shown
    assert ("bar", ("genre", "category"), ("sales", "sum")) in shown


def test_all_candidates_are_legal() -> None:
    assert not [design for design in decoded() if list(violations(design, WIDE))]


def test_what_is_not_wanted_is_no_candidate() -> None:
    found = decoded(Intent(without=Without(columns=("m3",))))
    assert found and not [design for design in found if "m3" in design.fields]


def test_paths_give_the_probability_that_a_free_search_gives() -> None:
    grammar = Grammar(WIDE)
    free = dict(beam_searches(open_runtime(), [Search(grammar, 64)])[0])
    charts = list(free)[:9]
    paths = Paths(grammar, charts)
    (found,) = beam_searches(open_runtime(), [Search(grammar, paths.n, per_mark=0, paths=paths)])
    assert {d for d, _ in found} == set(charts)
    assert all(abs(free[design] - p) < 1e-3 for design, p in found)


def test_what_is_not_legal_has_no_way() -> None:
    other = Design("line", (Encoding("x", "city", "category", "nominal"),))
    assert Paths(Grammar(WIDE), [other]).n == 0


def test_a_few_whole_numbers_have_a_bar_each_and_many_have_bins() -> None:
    table = {"nights": 1 + RNG.poisson(1.5, N), "spent": RNG.normal(90, 9, N).round(2)}
    profile = profile_table(pa.table(table | {"city": CITY, "age": RNG.integers(18, 80, N)}))
    alone = {
        d.fields: d.encodings[0].transform for d in plain_charts(profile) if len(d.fields) == 1
    }
    assert alone[("nights",)] == "category"
    assert alone[("spent",)] == alone[("age",)] == "bin"


def test_the_distribution_of_what_is_asked_is_among_the_charts() -> None:
    content = RNG.normal(size=400)
    table = {f"trait {i}": content * (i < 2) + RNG.normal(size=400) for i in range(8)}
    table |= {"team": RNG.choice(["a", "b", "c"], 400), "age": RNG.integers(18, 80, 400)}
    profile = profile_table(pa.table(table | {"satisfaction_score": content.round(2)}))
    (first, *_) = asked_about(profile)
    assert first.name == "satisfaction_score"
    fields = [one.design.fields for one in recommend(profile, 8)]
    assert (first.name,) in fields


def test_years_of_few_rows_each_have_bins() -> None:
    years = np.clip(2020 - RNG.gamma(2, 12, 400).astype(int), 1900, 2020)
    films = {"year": years, "rating": RNG.normal(6, 1, 400).round(1)}
    films |= {"title": [f"film {n}" for n in range(400)], "genre": ["drama", "action"] * 200}
    profile = profile_table(pa.table(films))
    alone = [d for d in plain_charts(profile) if d.fields == ("year",)]
    assert [d.encodings[0].transform for d in alone] == ["bin"]
    assert not violations(alone[0], profile)


def test_how_items_were_answered_is_among_the_candidates_however_many_columns_there_are() -> None:
    rng = np.random.default_rng(4)
    table: dict[str, object] = {"section": rng.choice(["A", "B", "C"], 150)}
    for at in range(1, 9):
        scores = np.clip(rng.normal(2 + at, 2, 139).round(), 0, 10).astype(int)
        table[f"Q{at}_score"] = np.r_[np.arange(11), scores]
        table[f"Q{at}_time"] = rng.gamma(3, 20, 150).round()
    profile = profile_table(pa.table(table))
    items = next(fold for fold in profile.folds if fold.columns[0] == "Q1_score")
    means = [d for d in plain_charts(profile) if set(d.fields) == set(items.pair)]
    assert means and not violations(means[0], profile)
    assert set(recommend(profile, 1)[0].design.fields) == set(items.pair)
