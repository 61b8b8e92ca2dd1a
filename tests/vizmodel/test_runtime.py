"""All runtimes give the same probabilities and the same beam; weights that do not fit say so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vizmodel.grammar import Grammar
from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import make_features
from vizmodel.profile import Profile
from vizmodel.runtime import RUNTIMES, Runtime, RuntimeUnavailableError, open_runtime
from vizmodel.runtime.keras import load_weights
from vizmodel.runtime.weights_file import read_weights
from vizmodel.search.beam_search import Search, beam_search, beam_searches
from vizmodel.tokens import N_STATIC, START


@pytest.fixture(scope="module", params=RUNTIMES)
def runtime(request: pytest.FixtureRequest, tiny_folder: Path) -> Runtime:
    """Return each runtime on the tiny network."""
    return open_runtime(tiny_folder, prefer=request.param)


def _walk(runtime: Runtime, profile: Profile) -> list[np.ndarray[Any, Any]]:
    """Return the logits of four steps with beams that split, swap and die."""
    last = N_STATIC + len(profile.columns) - 1
    moves = [
        ([START], [0]),
        ([4, 5, 6], [0, 0, 0]),
        ([12, 13, 12, 12], [2, 0, 0, 1]),
        ([last, N_STATIC], [3, 1]),
        ([22, 24], [1, 0]),
    ]
    memory = runtime.encode(make_features(profile))
    cache = runtime.start(memory)
    return [
        runtime.step(memory, cache, np.array(tokens, np.int32), np.array(parents, np.int32))
        for tokens, parents in moves
    ]


def test_is_a_runtime(runtime: Runtime) -> None:
    assert isinstance(runtime, Runtime)
    assert runtime.name in RUNTIMES


@pytest.mark.parametrize(("seed", "n_columns"), [(1, 1), (2, 4), (3, 11), (4, 40)])
def test_same_logits(
    runtime: Runtime,
    tiny_folder: Path,
    random_profile: Callable[..., Profile],
    seed: int,
    n_columns: int,
) -> None:
    profile = random_profile(seed, n_columns)
    expected = _walk(open_runtime(tiny_folder, prefer="numpy"), profile)
    for ours, theirs in zip(_walk(runtime, profile), expected, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("seed", [21, 22, 24])
def test_same_beam(
    runtime: Runtime, tiny_folder: Path, random_profile: Callable[..., Profile], seed: int
) -> None:
    profile = random_profile(seed, 7)
    expected = beam_search(open_runtime(tiny_folder, "numpy"), profile, Grammar(profile), width=16)
    found = beam_search(runtime, profile, Grammar(profile), width=16)
    assert [design for design, _ in found] == [design for design, _ in expected]
    np.testing.assert_allclose(
        [score for _, score in found], [score for _, score in expected], atol=1e-3
    )


def test_searches_do_not_disturb_each_other(
    runtime: Runtime, random_profile: Callable[..., Profile]
) -> None:
    first, second = random_profile(31, 3), random_profile(32, 9)
    alone = _walk(runtime, first)
    _walk(runtime, second)
    for before, after in zip(alone, _walk(runtime, first), strict=True):
        np.testing.assert_array_equal(before, after)


def test_many_tables_together_give_what_each_gives_alone(
    runtime: Runtime, random_profile: Callable[..., Profile]
) -> None:
    profiles = [random_profile(40 + n, n) for n in (1, 3, 12, 3, 7)]
    searches = [Search(Grammar(profile), width) for profile in profiles for width in (5, 24)]
    together = beam_searches(runtime, searches)
    assert sum(map(bool, together)) >= 6
    for search, found in zip(searches, together, strict=True):
        alone = beam_search(runtime, search.grammar.profile, search.grammar, search.width)
        assert [design for design, _ in found] == [design for design, _ in alone]
        np.testing.assert_allclose(
            [score for _, score in found], [score for _, score in alone], atol=1e-4
        )


def test_opened_once(tiny_folder: Path) -> None:
    assert open_runtime(tiny_folder, "numpy") is open_runtime(tiny_folder, "numpy")


def test_numpy_is_the_default(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ERP_RUNTIME", raising=False)
    assert open_runtime(tiny_folder).name == "numpy"


def test_environment_forces_a_runtime(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_RUNTIME", "litert")
    assert open_runtime(tiny_folder).name == "litert"
    monkeypatch.setenv("ERP_RUNTIME", "abacus")
    with pytest.raises(ValueError, match="ERP_RUNTIME='abacus' is no runtime; choose one of"):
        open_runtime(tiny_folder)


def test_where_litert_is_absent(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vizmodel.runtime.opening.find_spec", lambda name: None)
    with pytest.raises(RuntimeUnavailableError, match="pip install ai_edge_litert"):
        open_runtime(tiny_folder, prefer="litert")


def test_missing_weights(tmp_path: Path) -> None:
    with pytest.raises(RuntimeUnavailableError, match=r"no config\.json"):
        open_runtime(tmp_path, prefer="numpy")


def test_weights_of_other_features(tiny_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_folder, tmp_path / "old")
    description = json.loads((folder / "config.json").read_text())
    description["features"]["columns"].append("moon_phase")
    (folder / "config.json").write_text(json.dumps(description))
    with pytest.raises(ValueError, match="moon_phase"):
        open_runtime(folder, prefer="numpy")


def test_weights_of_another_size(tiny_folder: Path) -> None:
    from vizmodel.network.model import ChartNetwork

    other = ChartNetwork(NetworkConfig(width=4, heads=2, encoder_layers=1, decoder_layers=1))
    with pytest.raises(ValueError, match="weights do not fit the network"):
        load_weights(other, read_weights(tiny_folder / "weights.npz"))
