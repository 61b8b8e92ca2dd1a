"""Features are finite, bounded, reproducible, and refuse weights of other features."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.network.features import (
    COLUMN_FEATURES,
    LIMIT,
    PAIR_FEATURES,
    TABLE_FEATURES,
    FeatureMismatchError,
    check_features,
    feature_description,
    make_features,
)
from vizmodel.profile import Profile, profile_table


@pytest.mark.parametrize("seed", range(25))
def test_shapes_and_bounds(random_profile: Callable[..., Profile], seed: int) -> None:
    profile = random_profile(seed)
    features = make_features(profile)
    size = len(profile.columns)
    assert features.columns.shape == (size, len(COLUMN_FEATURES))
    assert features.pairs.shape == (size, size, len(PAIR_FEATURES))
    assert features.table.shape == (len(TABLE_FEATURES),)
    for part in (features.columns, features.pairs, features.table):
        assert part.dtype == np.float32
        assert np.isfinite(part).all()
        assert np.abs(part).max(initial=0.0) <= LIMIT


@pytest.mark.parametrize(
    "values",
    [[1e308, -1e308, 1.0], [float("inf"), float("nan"), 1.0], [0.0, 0.0, 1e-300], [2**53, 1, 0]],
)
def test_extreme_numbers(values: list[float]) -> None:
    with np.errstate(all="ignore"):
        features = make_features(profile_table(pa.table({"x": pa.array(values, pa.float64())})))
    assert np.isfinite(features.columns).all()


def test_no_columns() -> None:
    features = make_features(profile_table(pa.table({})))
    assert features.columns.shape == (0, len(COLUMN_FEATURES))


def test_names_are_unique() -> None:
    for names in (COLUMN_FEATURES, PAIR_FEATURES, TABLE_FEATURES):
        assert len(set(names)) == len(names)


def test_features_carry_their_names() -> None:
    profile = profile_table(pa.table({"year": [2001, 2002, 2003], "unit_price": [1.5, 2.5, 9.0]}))
    year, price = make_features(profile).columns
    at = COLUMN_FEATURES.index
    assert year[at("semantic:year")] == year[at("name:year")] == year[at("monotonic")] == 1
    assert price[at("name:currency")] == 1
    assert price[at("integer")] == 0


def test_a_profile_read_back_gives_the_same_features(
    random_profile: Callable[..., Profile],
) -> None:
    profile = random_profile(3)
    again = make_features(Profile.from_dict(profile.to_dict()))
    first = make_features(profile)
    np.testing.assert_allclose(first.columns, again.columns, atol=1e-5)
    np.testing.assert_allclose(first.pairs, again.pairs, atol=1e-5)


def test_take(random_profile: Callable[..., Profile]) -> None:
    features = make_features(random_profile(5, n_columns=6))
    part = features.take([4, 1])
    assert part.n_columns == 2
    np.testing.assert_array_equal(part.columns, features.columns[[4, 1]])
    np.testing.assert_array_equal(part.pairs[0, 1], features.pairs[4, 1])


def test_own_description_fits() -> None:
    check_features(feature_description())


def test_mismatch_names_both_sides() -> None:
    description = feature_description()
    description["columns"] = [*description["columns"][1:], "moon_phase"]
    with pytest.raises(FeatureMismatchError, match=r"moon_phase.*kind:number"):
        check_features(description)
    with pytest.raises(FeatureMismatchError, match="version None in the weights"):
        check_features({})
