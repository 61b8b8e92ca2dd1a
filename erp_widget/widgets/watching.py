"""Owns whether a person watches the running cell, and whether widgets come to life."""

from __future__ import annotations

import os
import sys
from typing import Any


def is_person_there() -> bool:
    """Tell whether a person may be asked something: not while a notebook is run as a batch."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython  # type: ignore[attr-defined]  # re-exported

    parent: dict[str, Any] = getattr(get_ipython(), "get_parent", dict)()
    return bool((parent.get("content") or {}).get("allow_stdin"))


def has_widgets() -> bool:
    """Tell whether a widget that is shown now is connected to this kernel.

    Of a notebook that is run as a batch only the file is left, where a widget is a megabyte that
    shows nothing by itself. Voilà runs notebooks so, too, and then serves their widgets.
    """
    return is_person_there() or os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


def sends_from_one_thread(comm: object) -> bool:
    """Tell whether a widget's host takes messages only while it brings one, as Shiny does."""
    return type(comm).__module__.partition(".")[0] == "shinywidgets"


def shows_text_only() -> bool:
    """Tell whether all that is displayed ends as plain text, as in IPython in a terminal."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython  # type: ignore[attr-defined]  # re-exported

    formatter = getattr(get_ipython(), "display_formatter", None)
    return getattr(formatter, "active_types", None) == ["text/plain"]
