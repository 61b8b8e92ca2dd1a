"""Owns the layers that the network is made of: attention, and what stands around it.

They compute in what Keras's dtype policy says when they are made; attention weights stay float32.
Letters in shape comments are those of `vizmodel.network.model`.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from vizmodel.network.config import NetworkConfig

Tensor = Any
BLOCKED = -1e9


def full(x: Tensor) -> Tensor:
    """Return float32, whatever the layers compute in: what is compared or normalised keeps it."""
    return ops.cast(x, "float32")


class FeedForward(keras.layers.Layer):  # type: ignore[misc]
    """Pre-norm two-layer perceptron with a residual connection."""

    def __init__(self, config: NetworkConfig, expansion: int, name: str) -> None:
        super().__init__(name=name)
        self.norm = keras.layers.LayerNormalization(epsilon=1e-5, name="norm")
        self.up = keras.layers.Dense(expansion * config.width, activation="relu", name="up")
        self.down = keras.layers.Dense(config.width, name="down")
        self.drop = keras.layers.Dropout(config.dropout)
        self.width = config.width

    def build(self, shape: Any) -> None:
        """Create the weights."""
        self.norm.build((None, self.width))
        self.up.build((None, self.width))
        self.down.build((None, self.up.units))

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """[..., D] -> [..., D]."""
        return x + self.drop(self.down(self.up(self.norm(x))), training=training)


class Attention(keras.layers.Layer):  # type: ignore[misc]
    """Pre-norm multi-head attention with an additive bias and a residual connection.

    Queries, keys and values are separate methods, so that the decoder can keep keys and values of
    columns and of earlier tokens.
    """

    def __init__(self, config: NetworkConfig, name: str) -> None:
        super().__init__(name=name)
        self.width, self.heads = config.width, config.heads
        self.norm = keras.layers.LayerNormalization(epsilon=1e-5, name="norm")
        self.query = keras.layers.Dense(config.width, name="query")
        self.key = keras.layers.Dense(config.width, use_bias=False, name="key")
        self.value = keras.layers.Dense(config.width, name="value")
        self.out = keras.layers.Dense(config.width, name="out")
        self.drop = keras.layers.Dropout(config.dropout)

    def build(self, shape: Any) -> None:
        """Create the weights."""
        for layer in (self.norm, self.query, self.key, self.value, self.out):
            layer.build((None, self.width))

    def split(self, x: Tensor) -> Tensor:
        """[B, N, D] -> [B, H, N, E]."""
        length = ops.shape(x)[1]
        x = ops.reshape(x, (-1, length, self.heads, self.width // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def mix(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
        """Attend; all split by head: [B, H, N, E], [B, H, M, E] twice, bias -> [B, N, D]."""
        scale = (self.width // self.heads) ** -0.5
        scores = ops.matmul(query * scale, ops.transpose(key, (0, 1, 3, 2)))  # [B, H, N, M]
        weights = ops.softmax(full(scores) + full(bias), axis=-1)
        mixed = ops.matmul(ops.cast(weights, value.dtype), value)  # [B, H, N, E]
        length = ops.shape(query)[2]
        return ops.reshape(ops.transpose(mixed, (0, 2, 1, 3)), (-1, length, self.width))

    def among(self, x: Tensor, bias: Tensor, training: bool | None = None) -> Tensor:
        """Attend among the rows of x [B, N, D]; bias broadcasts to [B, H, N, N]."""
        normed = self.norm(x)
        query, key = self.split(self.query(normed)), self.split(self.key(normed))
        mixed = self.mix(query, key, self.split(self.value(normed)), bias)
        return x + self.drop(self.out(mixed), training=training)

    def over(
        self, x: Tensor, key: Tensor, value: Tensor, bias: Tensor, training: bool | None = None
    ) -> Tensor:
        """Attend from x [B, N, D] to keys and values [B, M, D] computed before."""
        query = self.split(self.query(self.norm(x)))
        mixed = self.mix(query, self.split(key), self.split(value), bias)
        return x + self.drop(self.out(mixed), training=training)


class EncoderBlock(keras.layers.Layer):  # type: ignore[misc]
    """Columns attend to columns; what two columns have to do with each other biases it."""

    def __init__(self, config: NetworkConfig, name: str) -> None:
        super().__init__(name=name)
        self.relation = keras.layers.Dense(config.heads, name="relation")
        self.attention = Attention(config, name="attention")
        self.feed_forward = FeedForward(config, config.encoder_expansion, name="feed_forward")
        self.config = config

    def build(self, shape: Any) -> None:
        """Create the weights."""
        self.relation.build((None, self.config.relation_features))
        self.attention.build(None)
        self.feed_forward.build(None)

    def call(
        self, x: Tensor, relations: Tensor, blocked: Tensor, training: bool | None = None
    ) -> Tensor:
        """[B, C, D], [B, C, C, R], [B, 1, 1, C] -> [B, C, D]."""
        bias = ops.transpose(self.relation(relations), (0, 3, 1, 2))  # [B, H, C, C]
        bias = full(bias) + full(blocked)
        return self.feed_forward(self.attention.among(x, bias, training), training=training)


class DecoderBlock(keras.layers.Layer):  # type: ignore[misc]
    """Tokens attend to earlier tokens, then to the columns."""

    def __init__(self, config: NetworkConfig, name: str) -> None:
        super().__init__(name=name)
        self.earlier = Attention(config, name="earlier")
        self.columns = Attention(config, name="columns")
        self.feed_forward = FeedForward(config, config.decoder_expansion, name="feed_forward")

    def build(self, shape: Any) -> None:
        """Create the weights."""
        for layer in (self.earlier, self.columns, self.feed_forward):
            layer.build(None)

    def call(
        self,
        x: Tensor,
        causal: Tensor,
        key: Tensor,
        value: Tensor,
        blocked: Tensor,
        training: bool | None = None,
    ) -> Tensor:
        """All tokens at once: [B, L, D], [L, L], [T, C, D] twice, [T, 1, 1, C] -> [B, L, D].

        Charts of one table stand in a row, B / T of them.
        """
        x = self.earlier.among(x, causal, training)
        length = ops.shape(x)[1]
        # They share their table: as rows of one batch entry they need one product each.
        x = ops.reshape(x, (ops.shape(key)[0], -1, self.columns.width))  # [T, B / T * L, D]
        x = self.columns.over(x, key, value, blocked, training)
        x = ops.reshape(x, (-1, length, self.columns.width))
        return self.feed_forward(x, training=training)

    def step(
        self,
        x: Tensor,
        cache: tuple[Tensor, Tensor],
        past: Tensor,
        key: Tensor,
        value: Tensor,
        blocked: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One token: [B, 1, D], cache [B, H, T, E] twice -> [B, 1, D], its key, value [B, H, 1, E].

        `past` [1, 1, 1, T + 1] is 0 for cached tokens and for the new one, -1e9 elsewhere.
        """
        normed = self.earlier.norm(x)
        split = self.earlier.split
        new_key, new_value = split(self.earlier.key(normed)), split(self.earlier.value(normed))
        keys = ops.concatenate([cache[0], new_key], axis=2)
        values = ops.concatenate([cache[1], new_value], axis=2)
        mixed = self.earlier.mix(split(self.earlier.query(normed)), keys, values, past)
        x = x + self.earlier.out(mixed)  # [B, 1, D]
        # Beams share their table: as rows of one batch entry they need one product, not B.
        x = ops.reshape(x, (ops.shape(key)[0], -1, self.columns.width))  # [T, B / T, D]
        x = self.columns.over(x, key, value, blocked)
        x = ops.reshape(x, (-1, 1, self.columns.width))
        return self.feed_forward(x), new_key, new_value
