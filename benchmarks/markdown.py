"""Owns the few forms of Markdown that results are written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; bars in cells are text."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def machine_line(machine: Mapping[str, Any]) -> str:
    """Return on what and when something was measured, as one line in italics."""
    packages = machine["packages"]
    return (
        f"*{machine['taken_at'][:10]}, {machine['cores']} cores ({machine['processor']}), "
        f"{machine['memory_gb']:.0f} GB, load {machine['load_1_min']}, "
        f"Python {machine['python']}, pandas {packages['pandas']}, DuckDB {packages['duckdb']}*"
    )


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")
