"""Keras runs on JAX as on TensorFlow: the same lists as LiteRT's, in shapes that are prepared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from import_graph import ROOT

from vizmodel.runtime import RuntimeUnavailableError
from vizmodel.runtime.backends import chosen_backend

#: Prints what Keras runs on, and in each precision whether the lists are LiteRT's.
#: Two shapes for all: each takes a second to compile.
CHILD = """
import json, sys
from raw_tables import profile_of, realistic
from vizmodel.search.decoder import LocalDecoder
from vizmodel.network.config import read_description
from vizmodel.recommend import Request, recommend_many
from vizmodel.runtime import Computing, newest_weights, open_runtime
from vizmodel.runtime.buckets import Buckets
from vizmodel.runtime.keras import KerasRuntime
from vizmodel.runtime.weights_file import read_weights

def lists(runtime):
    found = recommend_many([Request(one) for one in profiles], LocalDecoder(runtime))
    return [[str(chart.design) for chart in one] for one in found]

profiles = [profile_of(realistic()[name]) for name in ("sales", "tidy")]
folder = newest_weights()
config = read_description(json.loads((folder / "config.json").read_text()))
weights = read_weights(folder / "weights.npz")
own = lists(open_runtime(prefer="litert"))
told = {"lengths": [len(one) for one in own]}
for precision in ("float32", "bfloat16"):
    runtime = KerasRuntime(
        config, weights, computing=Computing(precision), buckets=Buckets((2,), (16,), (256,), (17,))
    )
    runtime.warm_up(2)
    mine = lists(runtime)
    told[precision] = [a == b for a, b in zip(mine, own)]
    told["alike"] = [len(set(a) & set(b)) for a, b in zip(mine, own)]
    told["dtype"] = str(runtime.network.column_in.compute_dtype)
told |= {"backend": runtime.backend.name, "gpus": runtime.backend.gpus()}
print(json.dumps(told))
"""


def _python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(str(ROOT / part) for part in ("", "tests", "tests/vizmodel"))
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path, "JAX_PLATFORMS": "cpu"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def test_lists_are_those_of_litert() -> None:
    done = _python(CHILD, KERAS_BACKEND="jax")
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["backend"] == "jax"
    assert told["gpus"] == 0
    assert min(told["lengths"]) > 5
    assert told["float32"] == [True, True]
    assert told["dtype"] == "bfloat16"
    for alike, length in zip(told["alike"], told["lengths"], strict=True):
        assert alike > length / 2


@pytest.mark.parametrize(
    ("told", "file", "installed", "expected"),
    [
        (None, None, ("keras", "tensorflow", "jax"), "tensorflow"),
        (None, None, ("keras", "jax"), "jax"),
        (None, "jax", ("keras", "tensorflow", "jax"), "jax"),
        (None, "jax", ("keras", "tensorflow"), "tensorflow"),
        (None, "torch", ("keras", "tensorflow", "torch"), "tensorflow"),
        ("jax", "tensorflow", ("keras", "tensorflow", "jax"), "jax"),
        ("torch", None, ("keras", "tensorflow", "torch"), "runs on tensorflow or jax"),
        ("jax", None, ("keras", "tensorflow"), r"package jax: pip install 'erp-widget\[gpu-jax\]'"),
        (None, None, ("keras",), r"package tensorflow: pip install 'erp-widget\[gpu\]'"),
        (None, None, ("tensorflow",), r"package keras: pip install 'erp-widget\[gpu\]'"),
    ],
)
def test_what_keras_runs_on(
    told: str | None,
    file: str | None,
    installed: tuple[str, ...],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    if told:
        monkeypatch.setenv("KERAS_BACKEND", told)
    if file:
        (tmp_path / "keras.json").write_text(json.dumps({"backend": file}))
    monkeypatch.setattr(
        "vizmodel.runtime.backends.find_spec", lambda name: name if name in installed else None
    )
    if expected in ("tensorflow", "jax"):
        assert chosen_backend() == expected
    else:
        with pytest.raises(RuntimeUnavailableError, match=expected):
            chosen_backend()
