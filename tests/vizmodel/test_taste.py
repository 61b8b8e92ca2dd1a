"""The taste: traits of a chart, weights fitted to what people chose, kept beside the network's."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.vizmodel.tiny_corpus import write_corpus
from vizmodel.design import Design, Encoding, Mark
from vizmodel.profile import Profile, profile_table
from vizmodel.rank import rank
from vizmodel.taste import Taste, read_taste, traits
from vizmodel.training.taste import Choice, fit_taste, write_taste

CITIES = pa.table({"city": ["Rome", "Oslo", "Lima", "Kyiv"], "visits": [3.0, 5.5, 4.0, 9.5]})


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_table(CITIES)


def drawn(mark: Mark) -> Design:
    city = Encoding("x", "city", "category", "nominal")
    return Design(mark, (city, Encoding("y", "visits", "value", "quantitative")))


def test_traits_tell_charts_apart_and_never_name_a_column(profile: Profile) -> None:
    bars, points = set(traits(drawn("bar"), profile)), set(traits(drawn("point"), profile))
    assert "mark=bar" in bars - points
    assert bars & points
    renamed = profile_table(CITIES.rename_columns(["place", "guests"]))
    city = Encoding("x", "place", "category", "nominal")
    same = Design("bar", (city, Encoding("y", "guests", "value", "quantitative")))
    assert set(traits(same, renamed)) == bars


def test_an_opinion_is_the_sum_of_known_traits(profile: Profile) -> None:
    taste = Taste({"mark=bar": 1.5, "mark=line": 9.0})
    assert taste.opinion(drawn("bar"), profile) == 1.5
    assert taste.opinion(drawn("point"), profile) == 0.0


def test_the_list_follows_the_taste(profile: Profile) -> None:
    candidates = [(drawn("point"), -1.0), (drawn("bar"), -1.0)]
    for liked in ("bar", "point"):
        ranked = rank(candidates, profile, 2, taste=Taste({f"mark={liked}": 2.0}))
        assert ranked[0].design.mark == liked
        assert dict(ranked[0].terms)["taste"] == 2.0


def test_a_fit_likes_what_people_chose(profile: Profile) -> None:
    charts = [list(traits(drawn(mark), profile)) for mark in ("bar", "point", "tick")]
    choices = [Choice(family, charts, [True, False, False]) for family in range(30)]
    taste = Taste(fit_taste(choices, ridge=1.0))
    opinions = [taste.opinion(drawn(mark), profile) for mark in ("bar", "point", "tick")]
    assert opinions[0] > max(opinions[1:]) + 1


def test_it_is_fitted_to_a_corpus_and_read_back(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    corpus, out = write_corpus(tmp_path / "corpus"), tmp_path / "weights"
    out.mkdir()
    assert read_taste(tmp_path) is None
    assert write_taste(corpus, out, processes=1) > 0
    taste = read_taste(out)
    assert taste is not None
    bars = drawn("bar")
    assert taste.opinion(bars, profile_table(CITIES)) != 0.0
