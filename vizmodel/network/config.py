"""Owns the sizes of the network; imports no framework, so that every runtime can read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from vizmodel.design import MARKS
from vizmodel.network.features import (
    COLUMN_FEATURES,
    PAIR_FEATURES,
    TABLE_FEATURES,
    FeatureMismatchError,
    check_features,
    feature_description,
)
from vizmodel.tokens import MAX_TOKENS, N_STATIC, STATIC_TOKENS

#: Raised by hand whenever the network computes something else from the same weights.
NETWORK_VERSION = 1


class NetworkConfig(Struct, frozen=True):
    """Sizes of the network; stored beside the weights.

    Parameters
    ----------
    width
        Channels of every column and token, a multiple of `heads`.
    heads
        Attention heads.
    encoder_layers, decoder_layers
        Number of blocks.
    encoder_expansion, decoder_expansion
        Width of the feed-forward layer over `width`; the decoder's is smaller because it runs
        once per beam and token.
    dropout
        Share of activations dropped in training.
    column_features, pair_features, table_features, static_tokens, marks, max_tokens
        Sizes of input and vocabulary; they follow from the package.
    """

    width: int = 128
    heads: int = 4
    encoder_layers: int = 3
    decoder_layers: int = 2
    encoder_expansion: int = 4
    decoder_expansion: int = 2
    dropout: float = 0.1
    column_features: int = len(COLUMN_FEATURES)
    pair_features: int = len(PAIR_FEATURES)
    table_features: int = len(TABLE_FEATURES)
    static_tokens: int = N_STATIC
    marks: int = len(MARKS)
    max_tokens: int = MAX_TOKENS

    @property
    def relation_features(self) -> int:
        """Features of an ordered pair: both directions, and whether it is the same column."""
        return 2 * self.pair_features + 1

    def to_dict(self) -> dict[str, Any]:
        """Return the sizes as JSON-ready data."""
        return asdict(self)


def weights_description(config: NetworkConfig) -> dict[str, Any]:
    """Return the part of the weights' `config.json` that a loader checks."""
    return {
        "network_version": NETWORK_VERSION,
        "network": config.to_dict(),
        "features": feature_description(),
        "static_tokens": list(STATIC_TOKENS),
    }


def read_description(description: Mapping[str, Any]) -> NetworkConfig:
    """Check that weights fit this version of the package, and return their sizes.

    Parameters
    ----------
    description
        Content of the weights' `config.json`; entries beyond those of `weights_description` are
        ignored.

    Raises
    ------
    FeatureMismatchError
        Naming what differs on both sides.
    """
    check_features(description.get("features", {}))
    version = description.get("network_version")
    if version != NETWORK_VERSION:
        msg = f"the weights are of network version {version}, vizmodel has {NETWORK_VERSION}"
        raise FeatureMismatchError(msg)
    theirs = tuple(description.get("static_tokens", ()))
    if theirs != STATIC_TOKENS:
        only_weights = sorted(set(theirs) - set(STATIC_TOKENS))
        only_package = sorted(set(STATIC_TOKENS) - set(theirs))
        msg = (
            "the weights do not fit this vizmodel: tokens differ "
            f"(only in the weights {only_weights}, only in vizmodel {only_package})"
        )
        raise FeatureMismatchError(msg)
    known = set(NetworkConfig.__struct_fields__)
    sizes = description.get("network", {})
    return NetworkConfig(**{name: value for name, value in sizes.items() if name in known})
