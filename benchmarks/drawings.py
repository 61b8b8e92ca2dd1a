"""Owns the charts of what was measured: recommended, drawn and written by the project itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import erp_widget as erp

PICTURES = Path(__file__).parent / "figures"


def bars(
    name: str, rows: Sequence[Mapping[str, Any]], encoding: Mapping[str, str], alt: str
) -> str:
    """Ask for a bar chart of some rows with the given encoding, write it and return its Markdown.

    Raises
    ------
    ValueError
        No such chart is recommended for these rows.
    """
    PICTURES.mkdir(exist_ok=True)
    gallery = erp.recommend(
        [dict(row) for row in rows], 1, mark="bar", encoding=encoding, store=":memory:"
    )
    if not len(gallery):
        raise ValueError(f"no chart for {name}: {' '.join(gallery.notes)}")
    path = PICTURES / f"{name}.png"
    gallery[0].to_png(path)
    return f"![{alt}]({path})"
