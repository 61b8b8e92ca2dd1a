"""Owns one update of the network: losses, gradients, step, moving average, on any backend.

Losses are written with `keras.ops`. On TensorFlow an update is a `tf.function` over variables, on
JAX a pure function of their values (`pure`), which can be compiled, scanned and mapped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from vizmodel.network.config import NetworkConfig
from vizmodel.network.model import ChartNetwork
from vizmodel.runtime import weights_file
from vizmodel.tokens import FIRST_CHANNEL, FIRST_MARK, N_STATIC, PAD
from vizmodel.training.batches import Batch

Tensor = Any
Weights = dict[str, Any]

#: The file of the weights, by their path in the network.
WEIGHTS_FILE = "weights.npz"


@dataclass(frozen=True)
class FitConfig:
    """Settings of one run; written beside the weights."""

    minutes: float = 64.0
    teacher_share: float = 0.6  # of the time, for the first phase
    tables: int = 16
    charts: int = 6  # per table and step
    learning_rate: float = 1.2e-3
    warm_up: float = 0.02
    weight_decay: float = 0.02
    clip: float = 1.0
    auxiliary: float = 0.1
    average: float = 0.998  # decay of the moving average of the weights
    mix_people: float = 0.4
    mix_wanted: float = 0.25
    mix_program: float = 0.06
    seed: int = 7

    def mix(self, progress: float) -> dict[str, float]:
        """Return the share of each kind of example at a share of the run, 0..1."""
        if progress < self.teacher_share:
            return {"teacher": 1.0}
        others = self.mix_people, self.mix_wanted, self.mix_program
        kinds = "person", "wanted", "program", "teacher"
        return dict(zip(kinds, (*others, 1 - sum(others)), strict=True))

    def rate(self, progress: float) -> float:
        """Return the learning rate at a share of the run, 0..1: it warms up, then falls."""
        if progress < self.warm_up:
            return self.learning_rate * max(progress / self.warm_up, 0.02)
        return self.learning_rate * (0.02 + 0.49 * (1 + float(np.cos(np.pi * progress))))


def losses(network: ChartNetwork, batch: Batch, training: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Return negative log-likelihood of a chart by table (nats), and the auxiliary losses.

    Each table [B] is read once for all its charts: `tokens` is [B, charts, L].
    """
    mask, tokens = batch["column_mask"], batch["tokens"]
    memory, heads = network.encode(batch["columns"], batch["pairs"], batch["table"], mask, training)
    flat = ops.reshape(tokens, (-1, ops.shape(tokens)[2]))
    logits = network.decode(memory, flat[:, :-1], training)
    target = flat[:, 1:]
    nll = keras.losses.sparse_categorical_crossentropy(target, logits, from_logits=True)
    per_chart = ops.sum(nll * ops.cast(target != PAD, "float32"), axis=1)
    by_table = ops.mean(ops.reshape(per_chart, (-1, ops.shape(tokens)[1])), axis=1)
    pointed = ops.max(ops.one_hot(tokens - N_STATIC, ops.shape(mask)[1]), axis=2)  # [B, charts, C]
    wanted, asked = ops.mean(pointed, axis=1), heads["used"]
    used = (ops.softplus(asked) - wanted * asked) * mask
    n_marks = FIRST_CHANNEL - FIRST_MARK
    marks = ops.mean(ops.one_hot(tokens[:, :, 1] - FIRST_MARK, n_marks), axis=1)
    mark = -ops.sum(marks * ops.log_softmax(heads["marks"]), axis=1)
    return by_table, ops.sum(used) / ops.sum(mask), ops.mean(mark)


class Learner:
    """A network, its optimiser, and the moving average of its weights."""

    def __init__(self, config: FitConfig, sizes: NetworkConfig) -> None:
        keras.utils.set_random_seed(config.seed)
        self.config = config
        self.network = ChartNetwork(sizes)
        self.optimizer = keras.optimizers.AdamW(
            config.learning_rate, weight_decay=config.weight_decay, clipnorm=config.clip
        )
        self.weights: list[keras.Variable] = self.network.trainable_variables
        self.optimizer.build(self.weights)
        self.average = [keras.Variable(np.array(w), trainable=False) for w in self.weights]

    @property
    def variables(self) -> list[keras.Variable]:
        """All that an update changes: weights and average come first."""
        chances = self.network.non_trainable_variables
        return [*self.weights, *self.average, *chances, *self.optimizer.variables]

    def update(self, batch: Batch, rate: Tensor) -> Tensor:
        """Learn from one batch; return its loss per chart, in nats."""
        chart, gradients = self.gradients(batch)
        self.optimizer.learning_rate.assign(rate)
        self.optimizer.apply(gradients, self.weights)
        for mean, weight in zip(self.average, self.weights, strict=True):
            mean.assign(mean + (1 - self.config.average) * (weight - mean))
        return chart

    def watch(self, batch: Batch) -> Tensor:
        """Return the loss of the network's weights by table, in nats."""
        return losses(self.network, batch, training=False)[0]

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return what is made small, and the part of it that a chart has, in nats."""
        by_table, used, mark = losses(self.network, batch, training=True)
        chart = ops.mean(by_table)
        return chart + self.config.auxiliary * (10.0 * used + mark), chart

    def gradients(self, batch: Batch) -> tuple[Tensor, list[Tensor]]:
        """Return the loss per chart and the gradients of the weights."""
        if keras.backend.backend() == "jax":
            return self._jax_gradients(batch)
        import tensorflow as tf

        with tf.GradientTape() as tape:
            total, chart = self.loss(batch)
        return chart, tape.gradient(total, [weight.value for weight in self.weights])

    def _jax_gradients(self, batch: Batch) -> tuple[Tensor, list[Tensor]]:
        import jax

        chances = self.network.non_trainable_variables

        def total(weights: list[Tensor], before: list[Tensor]) -> tuple[Tensor, Any]:
            state = zip([*self.weights, *chances], [*weights, *before], strict=True)
            with keras.StatelessScope(list(state)) as scope:
                loss, chart = self.loss(batch)
            return loss, (chart, [scope.get_current_value(v) for v in chances])

        differentiate = jax.value_and_grad(total, has_aux=True)
        (_, (chart, after)), gradients = differentiate(values(self.weights), values(chances))
        for variable, value in zip(chances, after, strict=True):
            variable.assign(value)
        return chart, gradients


def values(variables: Sequence[keras.Variable]) -> list[Tensor]:
    """Return the backend's tensors."""
    return [variable.value for variable in variables]


def pure(function: Callable[..., Any], variables: Sequence[keras.Variable]) -> Callable[..., Any]:
    """Return `f(values, *arguments) -> (result, new values)`, which leaves the variables alone."""

    def call(before: Sequence[Tensor], *arguments: Any) -> tuple[Any, list[Tensor]]:
        with keras.StatelessScope(list(zip(variables, before, strict=True))) as scope:
            result = function(*arguments)
        return result, [scope.get_current_value(variable) for variable in variables]

    return call


def compiled(
    function: Callable[..., Any], variables: Sequence[keras.Variable]
) -> Callable[..., Any]:
    """Compile a function of arrays that reads and changes variables."""
    if keras.backend.backend() != "jax":
        import tensorflow as tf

        return tf.function(function)  # type: ignore[no-any-return]
    import jax

    run = jax.jit(pure(function, variables))

    def call(*arguments: Any) -> Any:
        result, after = run(values(variables), *arguments)
        for variable, value in zip(variables, after, strict=True):
            variable.assign(value)
        return result

    return call


def weights_of(network: ChartNetwork) -> Weights:
    """Return the weights by their path in the network, as float32."""
    arrays = {w.path: np.asarray(w, dtype=np.float32) for w in network.trainable_weights}
    if len(arrays) != len(network.trainable_weights):
        msg = "two weights share a path; give their layers different names"
        raise ValueError(msg)
    return arrays


def read_weights(network: ChartNetwork, path: Path, snapshot: str = "") -> list[Any]:
    """Return the weights of a file in the order of the network's own.

    Parameters
    ----------
    network
        Whose weights they are.
    path
        Holds them by their path in the network, or by `SNAPSHOT/PATH`.
    snapshot
        Which of several in the file.

    Raises
    ------
    ValueError
        Naming the snapshots of the file, where this one is not among them.
    """
    before = f"{snapshot}/" if snapshot else ""
    names = [before + weight.path for weight in network.trainable_weights]
    found = weights_file.read_weights(path)
    if not set(names) <= found.keys():
        known = sorted({name.split("/")[0] for name in found})
        msg = f"{path} has no weights {snapshot!r} of this network; it has {', '.join(known)}"
        raise ValueError(msg)
    return [found[name] for name in names]
