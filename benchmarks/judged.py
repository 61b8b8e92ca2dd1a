"""Owns what readers kept of lists of charts: ours and other tools', on the same tables."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import RESULTS
from benchmarks.markdown import table

JUDGED = RESULTS / "judged.jsonl"
OURS = "ERP"
#: Tables that everybody knows come from this source, and are told beside all.
CLASSIC = "seaborn/"
FIRST = 5
RESAMPLES = 10_000
#: Good, kept, or dropped: a repeat of an earlier place, nothing said, a meaningless measure, a
#: wrong form, unreadable, or a fault of the drawing alone.
VERDICT = re.compile(r"g|k|dR[1-9]\d*|d[NMWUD]")


@dataclass(frozen=True, slots=True)
class Judged:
    """One chart of a list, with each reader's verdict.

    Parameters
    ----------
    table
        What the list was made for.
    tool
        Who made it.
    place
        Which of the list it is, from 1.
    verdicts
        Reader -> verdict.
    """

    table: str
    tool: str
    place: int
    verdicts: dict[str, str]


def read(path: Path = JUDGED) -> list[Judged]:
    """Return the charts of a file with one of them a line, as JSON.

    Raises
    ------
    ValueError
        A verdict is none, or a chart lacks a reader that another one has.
    """
    charts = [Judged(**json.loads(line)) for line in path.read_text().splitlines()]
    for chart in charts:
        named = f"{path.name}: {chart.table}, {chart.tool}, place {chart.place}"
        if chart.verdicts.keys() != charts[0].verdicts.keys():
            raise ValueError(f"{named} has not the readers {', '.join(charts[0].verdicts)}")
        for reader, verdict in chart.verdicts.items():
            if not VERDICT.fullmatch(verdict):
                raise ValueError(f"{named}: {reader} says {verdict!r}, which is no verdict")
    return charts


def kept(verdict: str) -> bool:
    """Return whether a reader keeps the chart as it is, where it is."""
    return verdict in ("g", "k")


def kept_alone(verdict: str) -> bool:
    """Return whether a reader would keep the chart if it stood alone and were drawn well."""
    return kept(verdict) or verdict.startswith(("dR", "dD"))


def per_table(
    charts: Sequence[Judged], tool: str, counts: Callable[[str], bool] = kept, places: int = 15
) -> NDArray[np.float64]:
    """Return how many charts of a tool count, for each reader (rows) and table (columns).

    A table for which a tool listed nothing has zero.
    """
    readers = list(charts[0].verdicts)
    tables = sorted({chart.table for chart in charts})
    found = np.zeros((len(readers), len(tables)))
    for chart in charts:
        if chart.tool == tool and chart.place <= places:
            for row, reader in enumerate(readers):
                found[row, tables.index(chart.table)] += counts(chart.verdicts[reader])
    return found


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return between what the mean lies in 95 of 100 draws of as many tables (bootstrap)."""
    drawn = np.random.default_rng(0).choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def agreement(charts: Sequence[Judged]) -> tuple[float, float]:
    """Return how often two readers agree on keeping, and Cohen's kappa; means over all pairs."""
    readers = list(charts[0].verdicts)
    said = np.array([[kept(chart.verdicts[reader]) for chart in charts] for reader in readers])
    found = []
    for one, other in itertools.combinations(said, 2):
        same, p, q = np.mean(one == other), one.mean(), other.mean()
        chance = p * q + (1 - p) * (1 - q)
        found.append((same, (same - chance) / (1 - chance)))
    share, kappa = np.mean(found, axis=0)
    return float(share), float(kappa)


def judged(path: Path = JUDGED) -> str | None:
    """Return what is kept of each tool's lists, and how far the readers agree."""
    if not path.is_file():
        return None
    charts = read(path)
    readers = list(charts[0].verdicts)
    tools = list(dict.fromkeys(chart.tool for chart in charts))
    head = [
        "kept charts a list, of up to 15",
        "listed",
        "of these kept",
        *readers,
        f"less than {OURS}",
    ]
    head += [f"of the first {FIRST}", "good", "each by itself", "classic tables"]
    share, kappa = agreement(charts)
    told = f"The readings agree on {share:.0%} of the {len(charts)} charts"
    told += f" (Cohen's kappa {kappa:.2f})."
    return f"{table(head, [_row(charts, tool) for tool in tools])}\n\n{told}"


def _row(charts: Sequence[Judged], tool: str) -> list[str]:
    """Return the cells of a tool."""
    found = per_table(charts, tool)
    listed = per_table(charts, tool, counts=lambda _: True)[0].mean()
    less = (per_table(charts, OURS) - found).mean(axis=0)
    classic = [chart for chart in charts if chart.table.startswith(CLASSIC)]
    return [
        f"**{tool}**" if tool == OURS else tool,
        f"{listed:.1f}",
        f"{found.mean() / listed:.0%}",
        *(_with_interval(values) for values in found),
        "-" if tool == OURS else _with_interval(less),
        _each(per_table(charts, tool, places=FIRST)),
        _each(per_table(charts, tool, counts=lambda verdict: verdict == "g")),
        _each(per_table(charts, tool, counts=kept_alone)),
        _each(per_table(classic, tool)),
    ]


def _each(found: NDArray[np.float64]) -> str:
    """Return the mean over tables of each reader, once where they are the same."""
    return ", ".join(dict.fromkeys(f"{values.mean():.1f}" for values in found))


def _with_interval(values: NDArray[np.float64]) -> str:
    low, high = interval(values)
    return f"{values.mean():.1f} ({low:.1f} to {high:.1f})"
