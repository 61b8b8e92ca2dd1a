"""The taste: traits of a chart, trees fitted to what people chose, kept beside the network."""

from __future__ import annotations

from pathlib import Path

import lightgbm as lgb
import numpy as np
import pyarrow as pa
import pytest

from tests.vizmodel.tiny_corpus import write_corpus
from vizmodel.design import Design, Encoding, Mark
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.rank import rank
from vizmodel.training import taste as fitting
from vizmodel.training.taste import Choice, fit_taste, write_taste
from vizmodel.worth.taste import CHOSEN_FILE, Taste, read_taste
from vizmodel.worth.traits import NONE, TRAITS, Traits
from vizmodel.worth.trees import TraitMismatchError

CITIES = pa.table({"city": ["Rome", "Oslo", "Lima", "Kyiv"], "visits": [3.0, 5.5, 4.0, 9.5]})
#: Few rows are enough for a cut.
SMALL = {"min_data_in_leaf": 1, "lambda_l2": 0.0, "feature_fraction": 1.0}


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_table(CITIES)


def drawn(mark: Mark, city: str = "city", visits: str = "visits") -> Design:
    x = Encoding("x", city, "category", "nominal")
    return Design(mark, (x, Encoding("y", visits, "value", "quantitative")))


def liking(mark: Mark, profile: Profile) -> Taste:
    """Return a taste fitted to people who always draw one mark."""
    rows = np.stack([Traits(profile).of(drawn(m)) for m in ("bar", "point", "tick")])
    chosen = np.array([m == mark for m in ("bar", "point", "tick")])
    return Taste(fit_taste([Choice(family, rows, chosen) for family in range(30)], **SMALL))


def test_traits_tell_charts_apart_and_never_name_a_column(profile: Profile) -> None:
    bars, points = Traits(profile).of(drawn("bar")), Traits(profile).of(drawn("point"))
    assert [TRAITS[i] for i in np.flatnonzero(bars != points)] == ["mark"]
    renamed = profile_table(CITIES.rename_columns(["place", "guests"]))
    same = Traits(renamed).of(drawn("bar", "place", "guests"))
    differ = {TRAITS[i] for i in np.flatnonzero(bars != same)}
    assert differ <= {name for name in TRAITS if name.endswith("name_similarity")}


def test_every_trait_is_a_number(profile: Profile) -> None:
    row = Traits(profile).of(Design("tick", (Encoding("x", "visits", "value", "quantitative"),)))
    assert len(TRAITS) == len(set(TRAITS)) == len(row)
    assert np.isfinite(row).all()
    assert row[TRAITS.index("y:distinct")] == NONE


def test_the_list_follows_the_taste(profile: Profile) -> None:
    candidates = [(drawn("point"), -1.0), (drawn("bar"), -1.0)]
    for liked in ("bar", "point"):
        ranked = rank(candidates, profile, 2, taste=liking(liked, profile))
        assert ranked[0].design.mark == liked
        assert dict(ranked[0].terms)["taste"] == 0.0 > dict(ranked[1].terms)["taste"]


def test_a_fit_likes_what_people_chose(profile: Profile) -> None:
    designs = [drawn(mark) for mark in ("bar", "point", "tick")]
    said = liking("bar", profile).opinions(designs, profile)
    assert not said.kept.any()
    assert not said.wanted.any()
    assert said.chosen[0] == 0.0
    assert said.chosen[1:].max() < -1
    none = liking("bar", profile).opinions([], profile)
    assert len(none.chosen) == len(none.kept) == len(none.wanted) == 0


def test_the_arrays_say_what_the_trees_say(monkeypatch: pytest.MonkeyPatch) -> None:
    models: list[lgb.Booster] = []
    train = lgb.train

    def keep(*arguments: object, **more: object) -> lgb.Booster:
        models.append(train(*arguments, **more))  # type: ignore[arg-type]
        return models[-1]

    monkeypatch.setattr(fitting.lgb, "train", keep)
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(40, 30, len(TRAITS))).astype(np.float32)
    choices = [Choice(i, one, one[:, 4] == one[:, 4].max()) for i, one in enumerate(rows)]
    found = fit_taste(choices, rounds=30).sum(rows[0])
    assert np.ptp(found) > 0.5
    np.testing.assert_allclose(found, models[0].predict(rows[0]), atol=1e-5)


def test_it_is_fitted_to_a_corpus_and_read_back(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    corpus, out = write_corpus(tmp_path / "corpus"), tmp_path / "weights"
    out.mkdir()
    assert read_taste(tmp_path) is None
    assert write_taste(corpus, out, processes=1, **SMALL) > 0
    taste = read_taste(out)
    assert taste is not None
    opinions = taste.opinions([drawn("bar"), drawn("tick")], profile_table(CITIES)).chosen
    assert opinions.max() == 0.0 > opinions.min()


def test_a_taste_for_other_traits_names_the_difference(tmp_path: Path, profile: Profile) -> None:
    liking("bar", profile).chosen.save(tmp_path / CHOSEN_FILE)
    with np.load(tmp_path / CHOSEN_FILE) as found:
        arrays = dict(found)
    arrays["traits"][0] = "colour of the sky"
    np.savez(tmp_path / CHOSEN_FILE, **arrays)
    with pytest.raises(TraitMismatchError, match="colour of the sky"):
        read_taste(tmp_path)
