"""The network is causal, ignores padding and column order, and steps as it decodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from vizmodel.network.config import NetworkConfig, read_description, weights_description
from vizmodel.network.features import Features, make_features
from vizmodel.profile import Profile
from vizmodel.runtime.keras import KerasRuntime
from vizmodel.tokens import N_STATIC

Batch = dict[str, np.ndarray[Any, Any]]
LENGTH = 8


@pytest.fixture(scope="module")
def features(random_profile: Callable[..., Profile]) -> Features:
    """Return the features of a table of five columns."""
    return make_features(random_profile(11, n_columns=5))


@pytest.fixture(scope="module")
def tokens() -> np.ndarray[Any, Any]:
    """Return any tokens, static ones and pointers: int32 [LENGTH]."""
    return np.array([1, 5, 12, N_STATIC + 2, 22, 13, N_STATIC, 30], dtype=np.int32)


def _batch(features: Features, tokens: np.ndarray[Any, Any]) -> Batch:
    return {
        "columns": features.columns[None],
        "pairs": features.pairs[None],
        "table": features.table[None],
        "column_mask": np.ones((1, features.n_columns), np.float32),
        "tokens": tokens[None],
    }


def _padded(batch: Batch, n_columns: int) -> Batch:
    more = n_columns - batch["columns"].shape[1]
    return {
        **batch,
        "columns": np.pad(batch["columns"], ((0, 0), (0, more), (0, 0)), constant_values=9.0),
        "pairs": np.pad(batch["pairs"], ((0, 0), (0, more), (0, more), (0, 0))),
        "column_mask": np.pad(batch["column_mask"], ((0, 0), (0, more))),
    }


def test_shapes(tiny_network: Any, features: Features, tokens: np.ndarray[Any, Any]) -> None:
    out = tiny_network(_batch(features, tokens))
    assert tuple(out["logits"].shape) == (1, LENGTH, N_STATIC + 5)
    assert tuple(out["used"].shape) == (1, 5)
    assert tuple(out["marks"].shape) == (1, tiny_network.config.marks)


def test_later_tokens_do_not_change_earlier_logits(
    tiny_network: Any, features: Features, tokens: np.ndarray[Any, Any]
) -> None:
    changed = tokens.copy()
    changed[5:] = [14, N_STATIC + 4, 33]
    first = np.asarray(tiny_network(_batch(features, tokens))["logits"])
    second = np.asarray(tiny_network(_batch(features, changed))["logits"])
    np.testing.assert_allclose(first[:, :5], second[:, :5], atol=1e-5)
    assert np.abs(first[:, 5:] - second[:, 5:]).max() > 1e-3


def test_padding_does_not_change_logits(
    tiny_network: Any, features: Features, tokens: np.ndarray[Any, Any]
) -> None:
    batch = _batch(features, tokens)
    plain, padded = tiny_network(batch), tiny_network(_padded(batch, 9))
    real = N_STATIC + 5
    np.testing.assert_allclose(
        np.asarray(plain["logits"]), np.asarray(padded["logits"])[..., :real], atol=1e-4
    )
    np.testing.assert_allclose(np.asarray(plain["marks"]), np.asarray(padded["marks"]), atol=1e-4)
    assert np.asarray(padded["logits"])[..., real:].max() < -1e8


def test_columns_are_a_set(
    tiny_network: Any, features: Features, tokens: np.ndarray[Any, Any]
) -> None:
    order = [3, 0, 4, 1, 2]
    moved = tokens.copy()
    for place, token in enumerate(tokens):
        if token >= N_STATIC:
            moved[place] = N_STATIC + order.index(token - N_STATIC)
    first = np.asarray(tiny_network(_batch(features, tokens))["logits"])
    second = np.asarray(tiny_network(_batch(features.take(order), moved))["logits"])
    np.testing.assert_allclose(first[..., :N_STATIC], second[..., :N_STATIC], atol=1e-4)
    np.testing.assert_allclose(first[..., N_STATIC:][..., order], second[..., N_STATIC:], atol=1e-4)


def test_steps_give_the_logits_of_teacher_forcing(
    tiny_network: Any, features: Features, tokens: np.ndarray[Any, Any]
) -> None:
    expected = np.asarray(tiny_network(_batch(features, tokens))["logits"])[0]
    runtime = KerasRuntime(tiny_network.config, network=tiny_network)
    memory = runtime.encode(features)
    cache = runtime.start(memory)
    for place, token in enumerate(tokens):
        # Three equal beams: all must agree with the one chart.
        beams = np.full(3, token, dtype=np.int32)
        logits = runtime.step(memory, cache, beams, np.zeros(3, dtype=np.int32))
        np.testing.assert_allclose(logits, np.tile(expected[place], (3, 1)), atol=1e-4)


def test_training_reaches_every_weight(
    tiny_network: Any, features: Features, tokens: np.ndarray[Any, Any]
) -> None:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        out = tiny_network(_batch(features, tokens), training=True)
        loss = sum(tf.reduce_sum(tf.square(part)) for part in out.values())
    gradients = tape.gradient(loss, tiny_network.trainable_weights)
    missing = [
        weight.path
        for weight, gradient in zip(tiny_network.trainable_weights, gradients, strict=True)
        if gradient is None
    ]
    assert missing == []


def test_size_of_the_default_network() -> None:
    from vizmodel.network.model import ChartNetwork

    assert 1_000_000 <= ChartNetwork().count_params() <= 2_000_000


def test_description_round_trip(tiny_config: NetworkConfig) -> None:
    assert read_description(weights_description(tiny_config)) == tiny_config


@pytest.mark.parametrize(
    ("entry", "value", "message"),
    [
        ("network_version", 99, "network version 99"),
        ("static_tokens", ["PAD", "mark:pie"], r"only in the weights \['mark:pie'\]"),
    ],
)
def test_mismatched_description(
    tiny_config: NetworkConfig, entry: str, value: object, message: str
) -> None:
    description = {**weights_description(tiny_config), entry: value}
    with pytest.raises(ValueError, match=message):
        read_description(description)
