"""Owns patterns that are compiled when they are first needed: most tables ask for few of them."""

from __future__ import annotations

import re
from typing import Any, cast


class _Later:
    """Stands for a compiled pattern until something is asked of it."""

    def __init__(self, text: str, flags: int) -> None:
        self._how = text, flags

    def __getattr__(self, name: str) -> Any:
        """Compile it; what was asked for answers by itself from then on."""
        found = getattr(re.compile(*self._how), name)
        setattr(self, name, found)
        return found


def late_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` does, without the time that compiling takes: up to 2 ms each.

    It is no argument of functions of `re`.

    Examples
    --------
    >>> late_pattern(r"(day|week)s?").fullmatch("weeks") is not None
    True
    """
    return cast(re.Pattern[str], _Later(text, flags))
