"""Random tables and a tiny network: two layers, eight units, random weights, no weights file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.network.config import NetworkConfig
from vizmodel.profile import Profile, profile_table


def _column(rng: np.random.Generator, kind: int, n_rows: int) -> pa.Array:
    days = np.datetime64("2019-01-01", "us") + rng.integers(0, 900, n_rows) * np.timedelta64(1, "D")
    n_labels = int(rng.integers(2, 60))
    makers: tuple[Callable[[], Any], ...] = (
        lambda: rng.normal(size=n_rows),
        lambda: rng.lognormal(3, 2, n_rows),
        lambda: rng.integers(0, 8, n_rows),
        lambda: rng.integers(1960, 2024, n_rows),
        lambda: rng.random(n_rows) < 0.4,
        lambda: days,
        lambda: np.array([f"label {i}" for i in range(n_labels)])[
            rng.integers(0, n_labels, n_rows)
        ],
        lambda: np.array(["low", "medium", "high"])[rng.integers(0, 3, n_rows)],
        lambda: np.arange(n_rows),
        lambda: np.array([f"row {i}" for i in range(n_rows)]),
        lambda: np.full(n_rows, 7.5),
    )
    nulls = rng.random(n_rows) < rng.choice([0.0, 0.0, 0.3, 1.0], p=[0.5, 0.3, 0.15, 0.05])
    array = pa.array(makers[kind](), mask=nulls)
    return array.cast(pa.timestamp("us")) if pa.types.is_timestamp(array.type) else array


@pytest.fixture(scope="session")
def random_profile() -> Callable[..., Profile]:
    """Return a function from a seed (and a number of columns) to a random table's profile."""

    def make(seed: int, n_columns: int | None = None) -> Profile:
        rng = np.random.default_rng(seed)
        size = int(rng.integers(1, 12)) if n_columns is None else n_columns
        n_rows = int(rng.choice([1, 2, 5, 40, 300]))
        words = ["price", "city", "year", "lat", "lon", "id", "date", "share %", "x.y", "größe", ""]
        names = [f"{rng.choice(words)}_{i}" for i in range(size)]
        columns = [_column(rng, int(rng.integers(0, 11)), n_rows) for _ in names]
        return profile_table(pa.table(columns, names=names))

    return make


@pytest.fixture(scope="session")
def tiny_config() -> NetworkConfig:
    """Return the sizes of the tiny network."""
    return NetworkConfig(width=8, heads=2, encoder_layers=2, decoder_layers=2, dropout=0.1)


@pytest.fixture(scope="session")
def tiny_network(tiny_config: NetworkConfig) -> Any:
    """Return the tiny network, with random weights large enough to matter."""
    import keras

    from vizmodel.network.model import ChartNetwork

    keras.utils.set_random_seed(7)
    network = ChartNetwork(tiny_config)
    rng = np.random.default_rng(7)
    for weight in network.trainable_weights:
        weight.assign(np.asarray(weight) + rng.normal(0, 0.3, weight.shape))
    return network


@pytest.fixture(scope="session")
def tiny_folder(tiny_network: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tiny network as it travels."""
    from vizmodel.training.export import export

    folder = tmp_path_factory.mktemp("weights")
    export(tiny_network, folder, extra={"metrics": {"loss": 1.0}})
    return folder
