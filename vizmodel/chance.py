"""Owns up to which size a statistic is by chance."""

from __future__ import annotations

import math


def chi_squared_limit(free: int, deviate: float) -> float:
    """Return the size that chi squared passes as rarely as a normal number passes some deviate.

    By the cube of Wilson and Hilferty (1931).

    Parameters
    ----------
    free
        Degrees of freedom.
    deviate
        In standard deviations: 2.326 is passed by one in a hundred.

    Examples
    --------
    >>> round(chi_squared_limit(2, 2.326), 1), round(chi_squared_limit(9, 2.326), 1)
    (9.2, 21.7)
    """
    spread = 2.0 / (9.0 * free)
    return free * (1.0 - spread + deviate * math.sqrt(spread)) ** 3
