"""Owns one row of the table: what was measured, the goal, and whether it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Parameters
    ----------
    what
        What was measured.
    measured
        The figure in words, with its unit.
    goal
        What it should reach; empty for a figure that is only printed.
    met
        Whether it does; None where there is no goal or nothing could be measured.
    """

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None

    @classmethod
    def at_most(cls, what: str, value: float, goal: float, unit: str, detail: str = "") -> Figure:
        """Return a figure whose goal is an upper bound."""
        return cls(what, f"{value:,.2f}{unit}{detail}", f"at most {goal:,g}{unit}", value <= goal)

    @classmethod
    def at_least(cls, what: str, value: float, goal: float) -> Figure:
        """Return a figure whose goal is a lower bound."""
        return cls(what, f"{value:,.3f}", f"at least {goal:,g}", value >= goal)

    @classmethod
    def missing(cls, what: str, why: str) -> Figure:
        """Return the row of a figure that cannot be measured here."""
        return cls(what, f"not measured: {why}")


def print_table(figures: Sequence[Figure]) -> None:
    """Print the rows as one table."""
    table = Table(box=box.SIMPLE)
    table.add_column("what", overflow="fold")
    table.add_column("measured", overflow="fold")
    table.add_column("goal")
    table.add_column("met")
    for figure in figures:
        met = {True: "yes", False: "NO", None: "-"}[figure.met]
        table.add_row(figure.what, figure.measured, figure.goal, met)
    Console(width=120, highlight=False).print(table)
