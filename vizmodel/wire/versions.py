"""Owns what both sides must have in common for their charts to be the same, and what differs."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from msgspec import Meta, Struct

from vizmodel.runtime import weights_fingerprint

#: Raised by hand whenever a form of this package changes.
WIRE_VERSION = 11
PACKAGE = "erp-widget"

Word = Annotated[str, Meta(max_length=100)]


class WireError(ValueError):
    """A message cannot be written or read; one line says why."""


class VersionsDifferError(WireError):
    """The other side runs another version of this package, or other weights."""


class Versions(Struct, frozen=True, kw_only=True):
    """What decides which charts come of a profile.

    Parameters
    ----------
    wire
        Version of the forms.
    package
        Version of this package: its rules and its search.
    weights
        Fingerprint of the weights.
    """

    wire: Annotated[int, Meta(ge=0, le=2**31)]
    package: Word
    weights: Word

    def check(self, theirs: Versions) -> None:
        """Compare with the other side's.

        Raises
        ------
        VersionsDifferError
            Naming both sides.
        """
        if (self.wire, self.package, self.weights) != (theirs.wire, theirs.package, theirs.weights):
            raise VersionsDifferError(f"here {self.told()}, there {theirs.told()}")

    def told(self) -> str:
        """Return the versions in words."""
        package, weights = self.package[:20], self.weights[:12]
        return f"version {package}, weights {weights}, messages {self.wire}"


@cache
def versions() -> Versions:
    """Return the versions of this process, with the weights that came with the package.

    Examples
    --------
    >>> versions().wire == WIRE_VERSION
    True
    """
    try:
        package = version(PACKAGE)
    except PackageNotFoundError:  # used from its sources
        package = "unknown"
    return Versions(wire=WIRE_VERSION, package=package, weights=weights_fingerprint())
