"""Owns the whole network: a set encoder over columns and a decoder that points into the set.

Written with `keras.ops` only, so it runs on TensorFlow and on JAX. Layers compute in what Keras's
dtype policy says when the network is made; logits are float32. Two ways through the same weights:
`call` for teacher forcing (training, scoring a given chart) and `encode` + `step` for decoding one
token at a time. Letters in shape comments:

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

from vizmodel.network.config import NetworkConfig
from vizmodel.network.layers import BLOCKED, DecoderBlock, EncoderBlock, Tensor, full

__all__ = ["ChartNetwork", "Memory", "NetworkConfig"]


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
            "used": full(self.used_head(x))[..., 0],  # [B, C]
            "marks": full(self.mark_head(ops.sum(full(x) * weight, axis=1))),  # [B, n_marks]
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
        table = ops.cast(static.embeddings, columns.dtype)[None]  # [1, N_STATIC, D]
        repeated = table + ops.zeros_like(columns[:, :1, :])  # [B, N_STATIC, D]
        return ops.concatenate([repeated, columns], axis=1)

    def decode(self, memory: Memory, tokens: Tensor, training: bool | None = None) -> Tensor:
        """Score the successor of every token: [B, L] -> [B, L, V].

        Charts of one table stand in a row; all tables of the memory have equally many.
        """
        length, tables = ops.shape(tokens)[1], ops.shape(memory.blocked)[0]
        tokens = ops.reshape(ops.cast(tokens, "int32"), (tables, -1))  # [T, B / T * L]
        kind = memory.inputs.dtype
        picked = ops.one_hot(tokens, ops.shape(memory.inputs)[1], dtype=kind)
        x = ops.reshape(ops.matmul(picked, memory.inputs), (-1, length, self.config.width))
        x = x + ops.cast(self.order.embeddings, kind)[None, :length]  # [B, L, D]
        x = self.input_drop(x, training=training)
        places = ops.arange(length)
        causal = ops.where(places[None, :] <= places[:, None], 0.0, BLOCKED)  # [L, L]
        blocked = ops.expand_dims(memory.blocked, (1, 2))
        for i, block in enumerate(self.decoder):
            x = block(x, causal, memory.keys[i], memory.values[i], blocked, training=training)
        n_columns = ops.shape(memory.blocked)[1]
        pointed = ops.one_hot(tokens - self.config.static_tokens, n_columns)
        so_far = ops.cumsum(ops.reshape(pointed, (-1, length, n_columns)), axis=1)  # [B, L, C]
        x = ops.reshape(x, (tables, -1, self.config.width))
        logits = self.score(x, ops.reshape(so_far, (tables, -1, n_columns)), memory)
        return ops.reshape(logits, (-1, length, ops.shape(memory.inputs)[1]))

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
        kind = memory.inputs.dtype
        order = ops.take(self.order.embeddings, position, axis=0)
        x = self.look_up(memory.inputs, tokens) + ops.cast(order, kind)
        x = ops.expand_dims(x, 1)  # [B, 1, D]
        places = ops.arange(self.config.max_tokens)  # T is at most max_tokens - 1
        places = places[: ops.shape(keys[0])[2]]
        past = ops.where(places < position, 0.0, BLOCKED)  # [T]
        past = ops.reshape(ops.concatenate([past, ops.zeros((1,))]), (1, 1, 1, -1))
        blocked = ops.expand_dims(memory.blocked, (1, 2))
        new_keys, new_values = [], []
        for i, block in enumerate(self.decoder):
            cache = (ops.cast(keys[i], kind), ops.cast(values[i], kind))
            x, key, value = block.step(x, cache, past, memory.keys[i], memory.values[i], blocked)
            new_keys.append(full(ops.squeeze(key, axis=2)))
            new_values.append(full(ops.squeeze(value, axis=2)))
        logits = self.score_beams(ops.squeeze(x, axis=1), chosen, memory)
        return logits, ops.stack(new_keys), ops.stack(new_values)

    def look_up(self, inputs: Tensor, tokens: Tensor) -> Tensor:
        """Look tokens up, table by table: [T, V, D], [B] -> [B, D]."""
        shape = ops.shape(inputs)
        starts = ops.arange(shape[0], dtype="int32")[:, None] * shape[1]  # [T, 1]
        rows = ops.reshape(ops.reshape(tokens, (shape[0], -1)) + starts, (-1,))
        return ops.take(ops.reshape(inputs, (-1, shape[2])), rows, axis=0)

    def score(self, x: Tensor, chosen: Tensor, memory: Memory) -> Tensor:
        """States [B, L, D] and columns pointed to so far [B, L, C] -> logits [B, L, V]."""
        x = full(self.decoder_norm(x))
        logits = ops.matmul(x, ops.transpose(full(memory.outputs), (0, 2, 1)))  # [B, L, V]
        shape = ops.shape(memory.relations)
        flat = ops.reshape(memory.relations, (-1, shape[1], shape[2] * shape[3]))
        related = ops.matmul(chosen, flat)  # [B, L, C * R]: what the chosen say about each column
        related = ops.reshape(related, (-1, ops.shape(x)[1], shape[2], shape[3]))
        query = ops.expand_dims(full(self.relation_query(x)), 2)  # [B, L, 1, R]
        pull = ops.sum(related * query, axis=-1)  # [B, L, C]
        pull = pull + ops.expand_dims(memory.blocked, 1)
        pull = ops.pad(pull, ((0, 0), (0, 0), (self.config.static_tokens, 0)))  # [B, L, V]
        return logits * self.config.width**-0.5 + pull

    def score_beams(self, x: Tensor, chosen: Tensor, memory: Memory) -> Tensor:
        """[B, D], [B, C] -> logits [B, V]; beams of one table are rows of one batch entry."""
        tables = ops.shape(memory.blocked)[0]
        x, chosen = (ops.reshape(part, (tables, -1, ops.shape(part)[1])) for part in (x, chosen))
        return ops.reshape(self.score(x, chosen, memory), (-1, ops.shape(memory.inputs)[1]))
