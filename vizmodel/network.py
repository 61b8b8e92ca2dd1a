"""Owns the whole network: a set encoder over columns and a decoder that points into the set.

Written with `keras.ops` only, so it runs on TensorFlow and on JAX. Two ways through the same
weights: `call` for teacher forcing (training, scoring a given chart) and `encode` + `step` for
decoding one token at a time. Letters in shape comments:

    B tables or beams   C columns   L tokens   T cached tokens   V = N_STATIC + C
    F, P, G features of a column, a pair, the table   R relation features
    D width   H heads   E = D / H

Training calls the network on a dict of arrays and gets a dict of logits:

    network = ChartNetwork(NetworkConfig())
    out = network({"columns": [B, C, F], "pairs": [B, C, C, P], "table": [B, G],
                   "column_mask": [B, C] (1 = a column, 0 = padding), "tokens": [B, L] int32},
                  training=True)
    out["logits"]  # [B, L, V]: position i predicts token i + 1; tokens of padded columns get -1e9
    out["used"]    # [B, C]: logit that a good chart shows this column (auxiliary)
    out["marks"]   # [B, n_marks]: logits of the marks of good charts (auxiliary)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from vizmodel.network_config import NetworkConfig

__all__ = ["ChartNetwork", "Memory", "NetworkConfig"]

Tensor = Any
BLOCKED = -1e9


@dataclass(frozen=True)
class Memory:
    """What the decoder needs of a table, computed once; tensors of the runtime's own kind.

    Parameters
    ----------
    keys, values
        [layers, B, C, D], of the columns, for cross-attention.
    inputs
        [B, V, D], what each token looks like to the decoder.
    outputs
        [B, V, D], what the decoder's state is compared with to score each token.
    relations
        [B, C, C, R], what column i says about column j.
    blocked
        [B, C], 0 for a column and -1e9 for padding.
    """

    keys: Tensor
    values: Tensor
    inputs: Tensor
    outputs: Tensor
    relations: Tensor
    blocked: Tensor


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
        scores = ops.matmul(query * scale, ops.transpose(key, (0, 1, 3, 2))) + bias  # [B, H, N, M]
        mixed = ops.matmul(ops.softmax(scores, axis=-1), value)  # [B, H, N, E]
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
        bias = ops.transpose(self.relation(relations), (0, 3, 1, 2)) + blocked  # [B, H, C, C]
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
        """All tokens at once: [B, L, D], [L, L], [B, C, D] twice, [B, 1, 1, C] -> [B, L, D]."""
        x = self.earlier.among(x, causal, training)
        x = self.columns.over(x, key, value, blocked, training)
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


class ChartNetwork(keras.Model):  # type: ignore[misc]
    """The network; see the module's text for its inputs and outputs.

    Parameters
    ----------
    config
        Its sizes.
    """

    def __init__(self, config: NetworkConfig | None = None) -> None:
        super().__init__(name="chart_network")
        self.config = config = config or NetworkConfig()
        width = config.width
        dense, norm = keras.layers.Dense, keras.layers.LayerNormalization
        self.column_in = dense(2 * width, activation="relu", name="column_in")
        self.column_mid = dense(width, name="column_mid")
        self.table_in = dense(width, name="table_in")
        self.encoder = [EncoderBlock(config, f"encoder_{i}") for i in range(config.encoder_layers)]
        self.encoder_norm = norm(epsilon=1e-5, name="encoder_norm")
        self.used_head = dense(1, name="used_head")
        self.mark_head = dense(config.marks, name="mark_head")
        self.column_token = dense(width, name="column_token")
        self.column_key = dense(width, name="column_key")
        self.static_in = keras.layers.Embedding(config.static_tokens, width, name="static_in")
        self.static_out = keras.layers.Embedding(config.static_tokens, width, name="static_out")
        self.order = keras.layers.Embedding(config.max_tokens, width, name="order")
        self.decoder = [DecoderBlock(config, f"decoder_{i}") for i in range(config.decoder_layers)]
        self.decoder_norm = norm(epsilon=1e-5, name="decoder_norm")
        self.relation_query = dense(config.relation_features, name="relation_query")
        self.input_drop = keras.layers.Dropout(config.dropout)
        self.build(None)

    def build(self, shape: Any) -> None:
        """Create every weight, so that the network can be loaded before it is called."""
        config, width = self.config, self.config.width
        self.column_in.build((None, config.column_features))
        self.column_mid.build((None, 2 * width))
        self.table_in.build((None, config.table_features))
        for block in (*self.encoder, *self.decoder, self.static_in, self.static_out, self.order):
            block.build(None)
        for layer in (
            self.encoder_norm,
            self.used_head,
            self.mark_head,
            self.column_token,
            self.column_key,
            self.decoder_norm,
            self.relation_query,
        ):
            layer.build((None, width))
        self.built = True

    def call(self, inputs: Mapping[str, Tensor], training: bool | None = None) -> dict[str, Tensor]:
        """Score every next token of given charts, all at once."""
        mask = ops.cast(inputs["column_mask"], "float32")  # [B, C]
        memory, heads = self.encode(
            inputs["columns"], inputs["pairs"], inputs["table"], mask, training
        )
        return {"logits": self.decode(memory, inputs["tokens"], training), **heads}

    def encode(
        self,
        columns: Tensor,
        pairs: Tensor,
        table: Tensor,
        mask: Tensor,
        training: bool | None = None,
    ) -> tuple[Memory, dict[str, Tensor]]:
        """Read tables: [B, C, F], [B, C, C, P], [B, G], [B, C] -> Memory and auxiliary logits."""
        relations = self.relate(pairs)  # [B, C, C, R]
        blocked = (1.0 - mask) * BLOCKED  # [B, C]
        x = self.column_mid(self.column_in(columns))  # [B, C, D]
        x = self.input_drop(x + ops.expand_dims(self.table_in(table), 1), training=training)
        for block in self.encoder:
            x = block(x, relations, ops.expand_dims(blocked, (1, 2)), training=training)
        x = self.encoder_norm(x)  # [B, C, D]
        weight = ops.expand_dims(mask / (ops.sum(mask, axis=1, keepdims=True) + 1e-6), 2)
        heads = {
            "used": self.used_head(x)[..., 0],  # [B, C]
            "marks": self.mark_head(ops.sum(x * weight, axis=1)),  # [B, n_marks]
        }
        keys = ops.stack([block.columns.key(x) for block in self.decoder])  # [layers, B, C, D]
        values = ops.stack([block.columns.value(x) for block in self.decoder])
        inputs = self.beside_static(self.static_in, self.column_token(x))  # [B, V, D]
        outputs = self.beside_static(self.static_out, self.column_key(x))  # [B, V, D]
        return Memory(keys, values, inputs, outputs, relations, blocked), heads

    def relate(self, pairs: Tensor) -> Tensor:
        """[B, C, C, P] -> [B, C, C, R]: i of j, j of i, and whether i is j."""
        same = ops.ones_like(pairs[..., :1]) * ops.expand_dims(ops.eye(ops.shape(pairs)[1]), (0, 3))
        return ops.concatenate([pairs, ops.transpose(pairs, (0, 2, 1, 3)), same], axis=-1)

    def beside_static(self, static: Any, columns: Tensor) -> Tensor:
        """Join static embeddings [N_STATIC, D] and columns [B, C, D] to one table [B, V, D]."""
        table = ops.convert_to_tensor(static.embeddings)[None]  # [1, N_STATIC, D]
        repeated = table + ops.zeros_like(columns[:, :1, :])  # [B, N_STATIC, D]
        return ops.concatenate([repeated, columns], axis=1)

    def decode(self, memory: Memory, tokens: Tensor, training: bool | None = None) -> Tensor:
        """Score the successor of every token: [B, L] -> [B, L, V]."""
        length = ops.shape(tokens)[1]
        tokens = ops.cast(tokens, "int32")
        picked = ops.one_hot(tokens, ops.shape(memory.inputs)[1])  # [B, L, V]
        x = ops.matmul(picked, memory.inputs)  # [B, L, D]
        x = x + ops.convert_to_tensor(self.order.embeddings)[None, :length]
        x = self.input_drop(x, training=training)
        places = ops.arange(length)
        causal = ops.where(places[None, :] <= places[:, None], 0.0, BLOCKED)  # [L, L]
        blocked = ops.expand_dims(memory.blocked, (1, 2))
        for i, block in enumerate(self.decoder):
            x = block(x, causal, memory.keys[i], memory.values[i], blocked, training=training)
        n_columns = ops.shape(memory.blocked)[1]
        pointed = ops.one_hot(tokens - self.config.static_tokens, n_columns)  # [B, L, C]
        return self.score(x, ops.cumsum(pointed, axis=1), memory)

    def step(
        self,
        memory: Memory,
        tokens: Tensor,
        position: Tensor,
        keys: Tensor,
        values: Tensor,
        chosen: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score the successors of one token per beam.

        Parameters
        ----------
        memory
            Of one or of several tables, each with equally many beams.
        tokens
            int32 [B], the newest of each beam, table by table, the `position`-th of its chart.
        keys, values
            [layers, B, H, T, E], of earlier tokens; those from `position` on are not looked at.
        chosen
            [B, C], how often each beam has pointed to each column, the newest token included.

        Returns
        -------
        logits [B, V], and the new token's key and value [layers, B, H, E]
        """
        x = self.look_up(memory.inputs, tokens) + ops.take(self.order.embeddings, position, axis=0)
        x = ops.expand_dims(x, 1)  # [B, 1, D]
        places = ops.arange(self.config.max_tokens)  # T is at most max_tokens - 1
        places = places[: ops.shape(keys)[3]]
        past = ops.where(places < position, 0.0, BLOCKED)  # [T]
        past = ops.reshape(ops.concatenate([past, ops.zeros((1,))]), (1, 1, 1, -1))
        blocked = ops.expand_dims(memory.blocked, (1, 2))
        new_keys, new_values = [], []
        for i, block in enumerate(self.decoder):
            cache = (keys[i], values[i])
            x, key, value = block.step(x, cache, past, memory.keys[i], memory.values[i], blocked)
            new_keys.append(key[:, :, 0])
            new_values.append(value[:, :, 0])
        logits = self.score_beams(x[:, 0], chosen, memory)
        return logits, ops.stack(new_keys), ops.stack(new_values)

    def look_up(self, inputs: Tensor, tokens: Tensor) -> Tensor:
        """Look tokens up, table by table: [T, V, D], [B] -> [B, D]."""
        shape = ops.shape(inputs)
        starts = ops.arange(shape[0], dtype="int32")[:, None] * shape[1]  # [T, 1]
        rows = ops.reshape(ops.reshape(tokens, (shape[0], -1)) + starts, (-1,))
        return ops.take(ops.reshape(inputs, (-1, shape[2])), rows, axis=0)

    def score(self, x: Tensor, chosen: Tensor, memory: Memory) -> Tensor:
        """States [B, L, D] and columns pointed to so far [B, L, C] -> logits [B, L, V]."""
        x = self.decoder_norm(x)
        logits = ops.matmul(x, ops.transpose(memory.outputs, (0, 2, 1)))  # [B, L, V]
        shape = ops.shape(memory.relations)
        flat = ops.reshape(memory.relations, (-1, shape[1], shape[2] * shape[3]))
        related = ops.matmul(chosen, flat)  # [B, L, C * R]: what the chosen say about each column
        related = ops.reshape(related, (-1, ops.shape(x)[1], shape[2], shape[3]))
        pull = ops.sum(related * ops.expand_dims(self.relation_query(x), 2), axis=-1)  # [B, L, C]
        pull = pull + ops.expand_dims(memory.blocked, 1)
        static = ops.zeros_like(logits[..., : self.config.static_tokens])
        return logits * self.config.width**-0.5 + ops.concatenate([static, pull], axis=-1)

    def score_beams(self, x: Tensor, chosen: Tensor, memory: Memory) -> Tensor:
        """[B, D], [B, C] -> logits [B, V]; beams of one table are rows of one batch entry."""
        tables = ops.shape(memory.blocked)[0]
        x, chosen = (ops.reshape(part, (tables, -1, ops.shape(part)[1])) for part in (x, chosen))
        return ops.reshape(self.score(x, chosen, memory), (-1, ops.shape(memory.inputs)[1]))
