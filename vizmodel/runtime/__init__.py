"""Who runs the network: numpy on a CPU, Keras on a GPU, LiteRT for who asks for it."""

from vizmodel.runtime.opening import RUNTIMES, newest_weights, open_runtime, weights_fingerprint
from vizmodel.runtime.protocol import (
    PLAIN,
    Computing,
    Precision,
    Runtime,
    RuntimeUnavailableError,
    StepRequest,
)

__all__ = [
    "PLAIN",
    "RUNTIMES",
    "Computing",
    "Precision",
    "Runtime",
    "RuntimeUnavailableError",
    "StepRequest",
    "newest_weights",
    "open_runtime",
    "weights_fingerprint",
]
