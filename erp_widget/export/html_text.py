"""Owns text in HTML that notebooks show."""

from __future__ import annotations

import html


def text(raw: str) -> str:
    """Return text for HTML; notebooks typeset what stands between two bare dollars.

    Examples
    --------
    >>> text("<b> $5")
    '&lt;b&gt; <span>$</span>5'
    """
    return html.escape(raw).replace("$", "<span>$</span>").replace("\\", "<span>\\</span>")
