"""Owns what TensorFlow and JAX, on either of which Keras runs, do each in their own way."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from vizmodel.runtime.protocol import RuntimeUnavailableError

#: Those that the network runs on, the usual one first, and the extra that brings each for a GPU.
BACKENDS = {"tensorflow": "gpu", "jax": "gpu-jax"}
#: Environment variable by which Keras is told.
VARIABLE = "KERAS_BACKEND"
Run = Callable[..., Any]


class Backend(Protocol):
    """What Keras computes by."""

    name: str
    #: Shapes that are compiled at a time, each in a thread.
    threads: int

    def compiled(self, function: Run, weights: Sequence[Any], xla: bool) -> Run:
        """Return a function that is compiled when it is first called; it may read the weights."""
        ...

    def gpus(self) -> int:
        """Return how many GPUs this process sees."""
        ...


class TensorFlow:
    """Shapes are left open unless XLA needs them: then one trace serves all."""

    name = "tensorflow"
    threads = 1

    def __init__(self) -> None:
        import tensorflow as tf

        self._tf = tf
        for device in tf.config.list_physical_devices("GPU"):
            # Kernels share the card: take what is needed, not all there is.
            tf.config.experimental.set_memory_growth(device, True)
        # float32 is float32: with fewer bits, charts that score alike may change places.
        tf.config.experimental.enable_tensor_float_32_execution(False)

    def compiled(self, function: Run, weights: Sequence[Any], xla: bool) -> Run:
        """Return it as a graph, compiled by XLA where wanted."""
        del weights  # a graph reads variables when it runs
        made: Run = self._tf.function(function, reduce_retracing=not xla, jit_compile=xla or None)
        return made

    def gpus(self) -> int:
        """Return how many GPUs this process sees."""
        return len(self._tf.config.list_physical_devices("GPU"))


class Jax:
    """XLA compiles each shape: seconds each, so all processors do it at once."""

    name = "jax"

    def __init__(self) -> None:
        # Kernels share the card: take what is needed, not three quarters of it at once.
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
        import jax

        self._jax = jax
        self.threads = os.cpu_count() or 1

    def compiled(self, function: Run, weights: Sequence[Any], xla: bool) -> Run:
        """Return it with the weights as arguments: as constants, each shape would hold its own."""
        del xla  # there is no other way
        from keras import StatelessScope

        def stateless(values: Sequence[Any], *parts: Any) -> Any:
            # float32 is float32: with fewer bits, charts that score alike may change places.
            full = self._jax.default_matmul_precision("highest")
            with StatelessScope(state_mapping=list(zip(weights, values, strict=True))), full:
                return function(*parts)

        run = self._jax.jit(stateless)
        return lambda *parts: run([weight.value for weight in weights], *parts)

    def gpus(self) -> int:
        """Return how many GPUs this process sees."""
        return sum(device.platform == "gpu" for device in self._jax.devices())


def chosen_backend() -> str:
    """Return what Keras runs on here.

    Returns
    -------
    str
        What Keras was imported with, else what KERAS_BACKEND says, else JAX where Keras's own file
        says so or TensorFlow is missing, else TensorFlow.

    Raises
    ------
    RuntimeUnavailableError
        It is not installed, or the network does not run on it.
    """
    # Another thread may be half through importing it: that is waited for.
    loaded = import_module("keras") if "keras" in sys.modules else None
    name = loaded.config.backend() if loaded else os.environ.get(VARIABLE) or _configured()
    if name not in BACKENDS:
        msg = f"the network runs on {' or '.join(BACKENDS)}: {VARIABLE}={name!r} is neither"
        raise RuntimeUnavailableError(msg)
    for package in ("keras", name):
        if not find_spec(package):
            wanted = f"pip install 'erp-widget[{BACKENDS[name]}]'"
            msg = f"the runtime 'keras' needs the package {package}: {wanted}"
            raise RuntimeUnavailableError(msg)
    return str(name)


def open_backend() -> Backend:
    """Let Keras run on what is chosen; to be called before Keras is imported.

    Raises
    ------
    RuntimeUnavailableError
        As `chosen_backend`.
    """
    name = os.environ[VARIABLE] = chosen_backend()
    # Keras imports TensorFlow where it is installed, whatever it runs on.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    return Jax() if name == "jax" else TensorFlow()


def _configured() -> str:
    """Return what Keras's file says where that is of use here, else what is installed."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    try:
        told = json.loads((home / "keras.json").read_text()).get("backend")
    except (OSError, ValueError, AttributeError):
        told = None
    wants_jax = told == "jax" or not find_spec("tensorflow")
    return "jax" if wants_jax and find_spec("jax") else "tensorflow"
