"""Keras fills tables up to a few shapes, all prepared before: no chart changes, none is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from raw_tables import profile_of, realistic

from vizmodel.grammar import Grammar, violations
from vizmodel.network.config import NetworkConfig
from vizmodel.network.features import make_features
from vizmodel.profile import Profile
from vizmodel.recommend import Request, recommend_many
from vizmodel.runtime import Computing, Precision, Runtime, StepRequest, open_runtime
from vizmodel.runtime.buckets import Buckets
from vizmodel.runtime.keras import KerasRuntime
from vizmodel.runtime.numpy import NumpyRuntime
from vizmodel.search.beam_search import Search, beam_search, beam_searches
from vizmodel.search.decoder import LocalDecoder
from vizmodel.tokens import MAX_TOKENS, N_STATIC, START

#: Raw tables of 3 to 30 columns, as people bring them.
TABLES = ("sales", "wide", "tidy")
REDUCED: tuple[Precision, ...] = ("bfloat16", "float16")


@dataclass
class Tiny:
    """The tiny network, and who runs it."""

    config: NetworkConfig
    weights: dict[str, np.ndarray[Any, Any]]

    def keras(self, **given: Any) -> KerasRuntime:
        return KerasRuntime(self.config, self.weights, **given)

    def numpy(self) -> NumpyRuntime:
        return NumpyRuntime(self.config, self.weights)


@pytest.fixture(scope="module")
def tiny(tiny_network: Any) -> Tiny:
    weights = {one.path: np.asarray(one, np.float32) for one in tiny_network.trainable_weights}
    return Tiny(tiny_network.config, weights)


def _charts(runtime: Runtime | None, profiles: list[Profile]) -> list[list[str]]:
    found = recommend_many([Request(one) for one in profiles], LocalDecoder(runtime))
    return [[str(chart.design) for chart in one] for one in found if not isinstance(one, Exception)]


@pytest.fixture(scope="module")
def profiles() -> list[Profile]:
    """Return the profiles of tables that people bring."""
    return [profile_of(realistic()[name]) for name in TABLES]


@pytest.fixture(scope="module")
def own(profiles: list[Profile]) -> list[list[str]]:
    """Return the charts of these tables by LiteRT, each alone."""
    return [charts for one in profiles for charts in _charts(None, [one])]


def _two_searches() -> list[Search]:
    """Return searches in a narrow and in a wider table."""
    sales = realistic()["sales"]
    columns = (["city", "revenue"], ["date", "city", "product", "units", "revenue"])
    return [Search(Grammar(profile_of(sales[names])), 24) for names in columns]


@pytest.mark.parametrize(
    ("tables", "columns", "beams", "tokens"),
    [(1, 8, 24, 8), (4, 64, 256, MAX_TOKENS - 1), (4, 8, 24, 8), (1, 64, 256, 8)],
)
def test_a_table_is_in_any_bucket_what_it_is_alone(
    tables: int,
    columns: int,
    beams: int,
    tokens: int,
    tiny: Tiny,
) -> None:
    buckets = Buckets((tables,), (columns,), (beams,), (tokens, MAX_TOKENS - 1))
    runtime = tiny.keras(buckets=buckets)
    searches = _two_searches()
    found = beam_searches(runtime, searches)
    for search, mine in zip(searches, found, strict=True):
        alone = beam_search(tiny.numpy(), search.grammar.profile, search.grammar, 24)
        assert len(alone) > 3
        assert [design for design, _ in mine] == [design for design, _ in alone]
        np.testing.assert_allclose([p for _, p in mine], [p for _, p in alone], atol=1e-3)


def test_charts_are_those_of_litert_alone_and_in_a_batch(
    profiles: list[Profile], own: list[list[str]]
) -> None:
    runtime = open_runtime(prefer="keras")
    assert [charts for one in profiles for charts in _charts(runtime, [one])] == own
    assert _charts(runtime, profiles) == own


def test_no_shape_is_new_after_the_warm_up(
    tiny: Tiny, random_profile: Callable[..., Profile]
) -> None:
    buckets = Buckets((1, 4, 16), (4, 16), (16, 64), (8, MAX_TOKENS - 1))
    runtime = tiny.keras(buckets=buckets)
    calls = [_seen(runtime, name) for name in ("_encode", "_step", "_follow", "_select")]
    runtime.warm_up(4)
    warm = [set(shapes) for shapes in calls]
    sizes = (1, 2, 5, 9, 3, 3, 3, 3, 16)
    searches = [
        Search(Grammar(random_profile(70 + place, size)), width)
        for place, size in enumerate(sizes)
        for width in (5, 64)
    ]
    assert len(beam_searches(runtime, searches)) == len(searches)
    assert [set(shapes) for shapes in calls] == warm
    assert len(warm[1]) == len(buckets.up_to(4).shapes()) == 2 * 2 * 2 * 2


def _seen(runtime: KerasRuntime, name: str) -> list[tuple[Any, ...]]:
    """Return a list into which the shapes go that a function of the runtime is called with."""
    inner, shapes = getattr(runtime, name), []

    def called(*parts: Any) -> Any:
        flat = [p for part in parts for p in (part.values() if isinstance(part, dict) else [part])]
        shapes.append(tuple(tuple(part.shape) for part in flat))
        return inner(*parts)

    setattr(runtime, name, called)
    return shapes


@pytest.mark.parametrize("precision", REDUCED)
def test_mixed_precision_gives_near_logits_and_sane_charts(
    precision: Precision, profiles: list[Profile], own: list[list[str]]
) -> None:
    full = open_runtime(prefer="keras")
    runtime = open_runtime(prefer="keras", computing=Computing(precision))
    steps = [_first_steps(one, profiles) for one in (full, runtime)]
    for theirs, mine in zip(*steps, strict=True):
        assert mine.dtype == np.float32
        assert np.abs(theirs - mine).max() > 0  # it does compute in less
        np.testing.assert_allclose(mine, theirs, atol=0.5)
    found = recommend_many([Request(one) for one in profiles], LocalDecoder(runtime))
    for profile, charts in zip(profiles, found, strict=True):
        assert not isinstance(charts, Exception)
        assert all(not violations(chart.design, profile) for chart in charts)
        alike = {str(chart.design) for chart in charts} & set(own[profiles.index(profile)])
        assert len(alike) > len(charts) / 2


def _first_steps(runtime: Runtime, profiles: list[Profile]) -> list[np.ndarray[Any, Any]]:
    """Return the logits of two steps in each table, all tables together."""
    memories = runtime.encode_many([make_features(one) for one in profiles])
    caches = [runtime.start(memory) for memory in memories]
    found: list[np.ndarray[Any, Any]] = []
    for token in (START, N_STATIC):
        one = np.array([token], np.int32)
        parts = zip(memories, caches, strict=True)
        found += runtime.step_many([StepRequest(*part, one, 0 * one) for part in parts])
    return found


def test_layers_are_made_in_full_precision_afterwards(tiny: Tiny) -> None:
    import keras

    runtime = tiny.keras(computing=Computing("bfloat16"))
    assert runtime.network.column_in.compute_dtype == "bfloat16"
    assert {str(weight.dtype) for weight in runtime.network.trainable_weights} == {"float32"}
    assert keras.layers.Dense(1).compute_dtype == "float32"


def test_xla_changes_no_chart(tiny: Tiny) -> None:
    one_shape = Buckets((2,), (8,), (24,), (MAX_TOKENS - 1,))
    runtime = tiny.keras(computing=Computing(xla=True), buckets=one_shape)
    searches = _two_searches()
    plain = beam_searches(tiny.numpy(), searches)
    compiled = beam_searches(runtime, searches)
    for theirs, mine in zip(plain, compiled, strict=True):
        assert [design for design, _ in mine] == [design for design, _ in theirs]


@pytest.mark.parametrize("computing", [Computing("bfloat16"), Computing(xla=True)])
def test_other_runtimes_know_one_way_to_compute(computing: Computing) -> None:
    with pytest.raises(ValueError, match="choose keras"):
        open_runtime(prefer="numpy", computing=computing)
