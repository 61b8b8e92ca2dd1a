"""Where a table is raw, trees weigh the terms of a score, which stays their sum."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from msgspec.structs import replace

from vizmodel.design import Design
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.rank import arranged_once, rank, scored_designs
from vizmodel.ranking.weights import WEIGHTS, fitted
from vizmodel.runtime import newest_weights
from vizmodel.search.decoder import ANYTHING, Ask, LocalDecoder
from vizmodel.training.taste import as_trees
from vizmodel.training.wanted import WantedTable, named_in_list
from vizmodel.training.weighed import fit_weighed, weighing_of
from vizmodel.worth.room import rawness
from vizmodel.worth.taste import RECORDED_TRAITS, TERMS, WEIGHED_TRAITS, Taste, read_taste
from vizmodel.worth.weighed import term_of, weighed, weighed_rows

Candidates = list[tuple[Design, float]]


def sold(n: int = 400, seed: int = 5) -> pa.Table:
    rng = np.random.default_rng(seed)
    price = rng.lognormal(3, 0.5, n).round(2)
    columns: dict[str, object] = {
        "ordered": [f"2025-{1 + i * 12 // n:02d}-{1 + i % 28:02d}" for i in range(n)],
        "branch": rng.choice(["north", "south", "east"], n),
        "channel": rng.choice(["web", "shop", "phone"], n),
        "price": price,
        "weight_kg": (price / 9 + rng.normal(0, 0.4, n)).round(2),
        "days_to_ship": rng.poisson(3, n),
        "rating": rng.integers(1, 6, n),
    }
    return pa.table(columns)


@pytest.fixture(scope="module")
def raw() -> Profile:
    profile = profile_table(sold())
    assert rawness(profile) > 0.5
    return profile


@pytest.fixture(scope="module")
def taste() -> Taste:
    found = read_taste(newest_weights())
    assert found is not None
    assert found.weighed is not None
    return found


@pytest.fixture(scope="module")
def candidates(raw: Profile) -> Candidates:
    (found,) = LocalDecoder().decode([Ask(raw, ANYTHING)])
    assert isinstance(found, dict)
    return arranged_once([(d, one.log_probability) for d, one in found.items()])


def test_every_trait_belongs_to_a_term() -> None:
    assert {term_of(trait) for trait in WEIGHED_TRAITS} == set(TERMS)
    assert {term_of(trait) for trait in RECORDED_TRAITS} == {"wanted", "records"}


def test_all_terms_of_a_score_are_weighed_but_three_rules(
    raw: Profile, taste: Taste, candidates: Candidates
) -> None:
    scored, _ = scored_designs(candidates, raw, taste, WEIGHTS)
    assert {name for _, terms in scored for name in terms} - set(TERMS) == {
        "about",
        "alike",
        "aside",
    }


def test_parts_add_up_to_what_the_trees_say(
    raw: Profile, taste: Taste, candidates: Candidates
) -> None:
    sums = replace(taste, weighed=None)
    scored, _ = scored_designs(candidates, raw, sums, fitted(WEIGHTS, raw))
    terms, nats = [one for _, one in scored], np.array([one for _, one in candidates])
    seen = taste.opinions([design for design, _ in candidates], raw).seen
    rows = weighed_rows(terms, nats, seen, raw)
    trees = taste.weighed
    assert trees is not None
    found = weighed(terms, rows, trees, 2.0)
    gained = [
        sum(after.values()) - sum(before.values())
        for before, after in zip(terms, found, strict=True)
    ]
    said = 2.0 * trees.sum(rows)
    assert np.ptp(said) > 1
    np.testing.assert_allclose(gained - np.mean(gained), said - said.mean(), atol=1e-4)


def test_scores_stay_sums_and_other_charts_come_first(
    raw: Profile, taste: Taste, candidates: Candidates
) -> None:
    ranked = rank(candidates, raw, 8, taste=taste)
    for one in ranked:
        assert one.score == pytest.approx(sum(value for _, value in one.terms))
    added_up = rank(candidates, raw, 8, taste=replace(taste, weighed=None))
    assert [one.design for one in ranked] != [one.design for one in added_up]


def test_a_table_that_is_drawn_as_it_is_keeps_its_order(taste: Taste) -> None:
    table = pa.table({"city": ["Rome", "Oslo", "Lima", "Kyiv"], "visits": [3.0, 5.5, 4.0, 9.5]})
    profile = profile_table(table)
    assert rawness(profile) == 0
    (found,) = LocalDecoder().decode([Ask(profile, ANYTHING)])
    assert isinstance(found, dict)
    pairs = [(design, one.log_probability) for design, one in found.items()]
    one, other = (
        rank(pairs, profile, 8, taste=each) for each in (taste, replace(taste, weighed=None))
    )
    assert one == other


def test_trees_put_first_what_was_named(raw: Profile, taste: Taste, candidates: Candidates) -> None:
    named = next(
        at
        for at, (design, _) in enumerate(candidates)
        if set(design.fields) == {"branch", "days_to_ship"}
    )
    matches = np.zeros((len(candidates), 1), np.int64)
    matches[named] = 3
    table = WantedTable(1, False, True, [], raw, candidates, matches)
    one = weighing_of(table, taste)
    assert one.rows.shape == (len(candidates), len(WEIGHED_TRAITS))
    assert one.target[named] == one.target.sum() == pytest.approx(1)
    trees = as_trees(fit_weighed([one] * 40))
    assert trees.sum(one.rows).argmax() == named
    ranked = rank(candidates, raw, 8, taste=replace(taste, weighed=None))
    matches = np.array([[3 * (design == ranked[0].design)] for design, _ in candidates])
    assert named_in_list(dataclasses.replace(table, matches=matches), taste) == [1.0, 1.0]
