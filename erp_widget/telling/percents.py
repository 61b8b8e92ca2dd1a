"""Owns how shares are written in percent: none and all are never told by rounding."""

from __future__ import annotations

#: Shares below this, and two that are closer than that, have one digit more.
SMALL, CLOSE = 0.1, 0.01


def percent(share: float) -> str:
    """Return a share in percent; one that is no whole is never told as all or none.

    Examples
    --------
    >>> percent(0.3049), percent(0.997), percent(0.005), percent(1.0)
    ('30%', '99%', 'under 1%', '100%')
    """
    if 0 < share <= 0.005:  # which is rounded to the even 0
        return "under 1%"
    return f"{share if share == 1 else min(share, 0.99):.0%}"


def percent_beside(share: float, beside: float) -> str:
    """Return one of two shares: a small one with one digit more, and one of two alike.

    Examples
    --------
    >>> percent_beside(0.083, 0.4), percent_beside(0.4, 0.083), percent_beside(0.401, 0.399)
    ('8.3%', '40%', '40.1%')
    >>> percent_beside(0.0003, 0.9996), percent_beside(0.9996, 0.0003), percent_beside(1, 0)
    ('under 0.1%', '99%', '100%')
    """
    if share in (0, 1):
        return f"{share:.0%}"
    if share < SMALL or abs(share - beside) < CLOSE:
        least = f"{min(share, 0.999):.1%}".replace(".0%", "%")
        return "under 0.1%" if least == "0%" else least
    return f"{min(share, 0.99):.0%}"


def short_percent(share: float) -> str:
    """Return a share as a cell of a table has it.

    Examples
    --------
    >>> short_percent(0.004), short_percent(0.3049), short_percent(0.995), short_percent(1.0)
    ('<1%', '30%', '>99%', '100%')
    """
    if share < 0.01:
        return "<1%"
    return f"{share:.0%}" if share <= 0.99 or share == 1 else ">99%"
