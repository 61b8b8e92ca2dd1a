"""Owns the choice of a runtime, and finding and checking the weights it runs."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from vizmodel.network.config import read_description
from vizmodel.runtime.protocol import (
    PLAIN,
    Computing,
    Runtime,
    RuntimeUnavailableError,
    UnknownRuntimeError,
)

#: The first on a CPU, the others when asked for.
RUNTIMES = ("numpy", "litert", "keras")
#: Environment variable that forces one of them.
VARIABLE = "ERP_RUNTIME"
_LITERT = "ai_edge_litert"
_WEIGHTS = Path(__file__).parent.parent / "weights"


def open_runtime(
    weights_dir: str | Path | None = None,
    prefer: str | None = None,
    computing: Computing = PLAIN,
) -> Runtime:
    """Open the runtime that suits this machine; opened once per process.

    Parameters
    ----------
    weights_dir
        Folder with `config.json`, `weights.npz` and `network.tflite`; None takes the newest that
        came with the package.
    prefer
        One of RUNTIMES; None takes the environment variable ERP_RUNTIME, else numpy.
    computing
        In which precision Keras computes, and whether by XLA. Keras runs on TensorFlow or on JAX,
        see `vizmodel.runtime.backends`.

    Returns
    -------
    Runtime

    Raises
    ------
    ValueError
        For a way of computing that a runtime has not; FeatureMismatchError for weights of another
        version; UnknownRuntimeError, which is both, for an unknown runtime.
    RuntimeUnavailableError
        Where what runs the network, or the weights, are missing.
    """
    wanted = prefer or os.environ.get(VARIABLE) or RUNTIMES[0]
    if wanted not in RUNTIMES:
        source = "prefer" if prefer else VARIABLE
        msg = f"{source}={wanted!r} is no runtime; choose one of {', '.join(RUNTIMES)}"
        raise UnknownRuntimeError(msg)
    if wanted == "litert" and not find_spec(_LITERT):
        msg = f"the runtime {wanted!r} needs the package {_LITERT}: pip install {_LITERT}"
        raise RuntimeUnavailableError(msg)
    if computing != PLAIN and wanted != "keras":
        msg = f"the runtime {wanted!r} computes in float32, without XLA; choose keras"
        raise ValueError(msg)
    return _open(Path(weights_dir) if weights_dir else newest_weights(), wanted, computing)


def newest_weights() -> Path:
    """Return the folder of the newest weights in the package.

    Raises
    ------
    RuntimeUnavailableError
        Where there are none.
    """
    return _newest(_WEIGHTS)


@lru_cache(maxsize=4)
def _newest(weights: Path) -> Path:
    folders = [path.parent for path in weights.glob("*/config.json")]
    if not folders:
        msg = f"no weights in {weights}; reinstall the package, or train them with `make train`"
        raise RuntimeUnavailableError(msg)
    return max(folders, key=lambda folder: [int(part) for part in re.findall(r"\d+", folder.name)])


@lru_cache(maxsize=4)
def weights_fingerprint(folder: Path | None = None) -> str:
    """Return what tells weights from others: a digest of the arrays and of their description.

    Parameters
    ----------
    folder
        With `config.json` and `weights.npz`; None takes the newest that came with the package.

    Raises
    ------
    RuntimeUnavailableError
        Where there are none.
    """
    place = folder or newest_weights()
    digest = sha256()
    for name in ("config.json", "weights.npz"):
        try:
            digest.update((place / name).read_bytes())
        except FileNotFoundError:
            msg = f"no weights in {place}: it has no {name}"
            raise RuntimeUnavailableError(msg) from None
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _open(folder: Path, name: str, computing: Computing) -> Runtime:
    try:
        description = json.loads((folder / "config.json").read_text())
    except FileNotFoundError:
        msg = f"no weights in {folder}: it has no config.json"
        raise RuntimeUnavailableError(msg) from None
    config = read_description(description)
    if name == "litert":
        from vizmodel.runtime.litert import LiteRTRuntime

        return LiteRTRuntime(config, folder / "network.tflite")
    if name == "numpy":
        from vizmodel.runtime.numpy import NumpyRuntime

        return NumpyRuntime.open(config, folder / "weights.npz")
    from vizmodel.runtime.keras import KerasRuntime

    return KerasRuntime.open(config, folder / "weights.npz", computing)
