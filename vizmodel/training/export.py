"""Owns the files a trained network travels in: `config.json`, `weights.npz`, `network.tflite`.

    export(network, folder, extra={"metrics": ...})
    python -m vizmodel.training.export WEIGHTS.npz FOLDER [--snapshot NAME]

write all three; the command takes weights that were trained elsewhere. `weights.npz` holds the
weights by path, for the numpy and the Keras runtime; `network.tflite` holds the signatures `encode`
and `step` for LiteRT, with any number of columns and of beams.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import tensorflow as tf

from vizmodel.network.config import NetworkConfig, weights_description
from vizmodel.network.model import ChartNetwork, Memory
from vizmodel.runtime.weights_file import write_weights
from vizmodel.training.learner import WEIGHTS_FILE, read_weights, weights_of


def export(network: ChartNetwork, folder: Path, extra: Mapping[str, Any] | None = None) -> None:
    """Write a network to a folder.

    Parameters
    ----------
    network
        Trained on the TensorFlow backend, or loaded into it.
    folder
        Created where it does not exist; files of the same name are replaced.
    extra
        More entries of `config.json`, JSON-ready.
    """
    folder.mkdir(parents=True, exist_ok=True)
    description = {**weights_description(network.config), **(extra or {})}
    (folder / "config.json").write_text(json.dumps(description, indent=1) + "\n")
    write_weights(folder / WEIGHTS_FILE, weights_of(network))
    # A process that has the old file open keeps it: files are replaced, never rewritten.
    fresh = folder / "network.tflite.new"
    fresh.write_bytes(to_tflite(network))
    fresh.rename(folder / "network.tflite")


def to_tflite(network: ChartNetwork) -> bytes:
    """Convert the network to a LiteRT model with the signatures `encode` and `step`."""
    module = _Signatures(network)
    signatures = {"encode": module.encode, "step": module.step}
    with tempfile.TemporaryDirectory() as folder:
        # Only a saved model carries several signatures through the converter.
        tf.saved_model.save(module, folder, signatures=signatures)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[*signatures])
        return _convert(converter)


def _convert(converter: Any) -> bytes:
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    return bytes(converter.convert())


class _Signatures(tf.Module):  # type: ignore[misc]
    """The two ways through the network that a runtime needs, for one table and many beams."""

    def __init__(self, network: ChartNetwork) -> None:
        super().__init__()
        # The network hides behind a function: saving a Keras model as such would trace its `call`.
        self._network: Callable[[], ChartNetwork] = lambda: network
        self.tensors = [weight.value for weight in network.weights]
        sizes = network.config
        spec = tf.TensorSpec
        layers, width = sizes.decoder_layers, sizes.width
        heads = sizes.heads
        cached = spec([layers, None, heads, None, width // heads])
        self.encode = tf.function(
            self._encode,
            input_signature=[
                spec([1, None, sizes.column_features], name="columns"),
                spec([1, None, None, sizes.pair_features], name="pairs"),
                spec([1, sizes.table_features], name="table"),
            ],
        )
        self.step = tf.function(
            self._step,
            input_signature=[
                spec([layers, 1, None, width], name="memory_keys"),
                spec([layers, 1, None, width], name="memory_values"),
                spec([1, None, width], name="inputs"),
                spec([1, None, width], name="outputs"),
                spec([1, None, None, sizes.relation_features], name="relations"),
                spec([None], tf.int32, name="tokens"),
                spec([], tf.int32, name="position"),
                tf.TensorSpec(cached.shape, name="keys"),
                tf.TensorSpec(cached.shape, name="values"),
                spec([None, None], name="chosen"),
            ],
        )

    def _encode(self, columns: tf.Tensor, pairs: tf.Tensor, table: tf.Tensor) -> dict[str, Any]:
        mask = tf.ones(tf.shape(columns)[:2])
        memory, _ = self._network().encode(columns, pairs, table, mask)
        names = {"memory_keys": "keys", "memory_values": "values"}
        parts = ("memory_keys", "memory_values", "inputs", "outputs", "relations")
        return {name: getattr(memory, names.get(name, name)) for name in parts}

    def _step(
        self,
        memory_keys: tf.Tensor,
        memory_values: tf.Tensor,
        inputs: tf.Tensor,
        outputs: tf.Tensor,
        relations: tf.Tensor,
        tokens: tf.Tensor,
        position: tf.Tensor,
        keys: tf.Tensor,
        values: tf.Tensor,
        chosen: tf.Tensor,
    ) -> dict[str, Any]:
        blocked = tf.zeros(tf.shape(relations)[:2])
        # Taken apart in one copy: slices go number by number in LiteRT, as long as all else.
        memory = Memory(
            tf.unstack(memory_keys), tf.unstack(memory_values), inputs, outputs, relations, blocked
        )
        logits, new_keys, new_values = self._network().step(
            memory, tokens, position, tf.unstack(keys), tf.unstack(values), chosen
        )
        return {"logits": logits, "new_keys": new_keys, "new_values": new_values}


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the three files for weights of this version's network."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("weights", type=Path, help="weights by path, as training writes them")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--snapshot", default="", help="which of several in the file")
    options = parser.parse_args(arguments)
    network = ChartNetwork(NetworkConfig())
    finished = read_weights(network, options.weights, options.snapshot)
    for weight, value in zip(network.trainable_weights, finished, strict=True):
        weight.assign(value)
    about = {"weights": options.weights.name, "snapshot": options.snapshot}
    export(network, options.folder, {"training": about})
    print(f"wrote {options.folder}")


if __name__ == "__main__":
    main()
