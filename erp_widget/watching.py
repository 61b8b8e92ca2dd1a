"""Owns whether a person watches the running cell."""

from __future__ import annotations

import sys
from typing import Any


def is_person_there() -> bool:
    """Tell whether a person may be asked something: not while a notebook is run as a batch."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython  # type: ignore[attr-defined]  # re-exported

    parent: dict[str, Any] = getattr(get_ipython(), "get_parent", dict)()
    return bool((parent.get("content") or {}).get("allow_stdin"))
