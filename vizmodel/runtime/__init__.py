"""Who runs the network: LiteRT on a CPU, Keras on a GPU, numpy everywhere."""

from vizmodel.runtime.opening import RUNTIMES, newest_weights, open_runtime, weights_fingerprint
from vizmodel.runtime.protocol import Runtime, RuntimeUnavailableError, StepRequest

__all__ = [
    "RUNTIMES",
    "Runtime",
    "RuntimeUnavailableError",
    "StepRequest",
    "newest_weights",
    "open_runtime",
    "weights_fingerprint",
]
