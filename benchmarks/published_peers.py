"""Owns what is shown of the comparison with other tools."""

from __future__ import annotations

from typing import Any

from benchmarks.drawings import bars
from benchmarks.machine import kept
from benchmarks.markdown import machine_line, table
from benchmarks.peers.comparison import (
    COMMAND,
    ERP,
    FLOOR,
    FROM_FILE,
    MEMORY_GOAL_MB,
    OURS,
    PANDAS,
    SIZES,
)
from benchmarks.peers.rounds import Run, ratio

#: What a picture shows -> the measure, its unit's size, and the header of its axis.
PICTURES = {
    "cpu": ("cpu_s", 1.0, "CPU-seconds"),
    "memory": ("over_frame_mb", 1.0, "MB over the frame"),
    "bytes": ("bytes", 1000.0, "KB sent to the browser"),
}


def overview() -> str | None:
    """Return a short table of both sizes, with the picture of the larger one."""
    found = kept("peers")
    if found is None:
        return None
    sizes = [size for size in SIZES if str(size.n_rows) in found["tables"]]
    rows = []
    for name in found["tables"][str(sizes[0].n_rows)]:
        cells = [name]
        for size in sizes:
            run = found["tables"][str(size.n_rows)][name]
            cells += [_number(run, "cpu_s", "{:.1f}"), _number(run, "over_frame_mb", "{:,.0f}")]
            cells.append(_number(run, "bytes", "{:,.0f}", 1000))
        rows.append(cells)
    head = ["", *(f"{s.n_rows:,} rows: {w}" for s in sizes for w in ("CPU-s", "MB", "KB sent"))]
    picture = _picture(found, sizes[-1].n_rows, "cpu")
    return f"{table(head, rows)}\n\n{picture}\n\n{machine_line(found['machine'])}"


def tools() -> str | None:
    """Return a table for each size with all measures, versions and ratios, and their pictures."""
    found = kept("peers")
    if found is None:
        return None
    parts = []
    for size in SIZES:
        runs = found["tables"].get(str(size.n_rows))
        if runs is None:
            continue
        rounds = max(len(run.get("runs", ())) for run in runs.values())
        told = f"medians of {rounds} rounds" if rounds > 1 else "one round"
        parts.append(f"{size.n_rows:,} rows x 10 columns, {told}:")
        parts.append(_measures(runs))
        parts += [_picture(found, size.n_rows, what) for what in PICTURES]
    for name, why in found["not_measured"].items():
        parts.append(f"{name} is not measured: {why}.")
    return "\n\n".join([*parts, machine_line(found["machine"])])


def goals() -> str | None:
    """Return what we want to reach against each tool, and whether we do."""
    found = kept("peers")
    if found is None:
        return None
    rows = []
    for size in SIZES:
        runs = found["tables"].get(str(size.n_rows), {})
        for theirs, goal in size.goals.items() if runs else ():
            shares = [ratio(runs, ours, theirs) for ours in OURS if ours in runs]
            told = [_share(share, goal) for share in shares]
            told.append(_plain(ratio(runs, PANDAS, theirs) if PANDAS in runs else None))
            rows.append([f"{size.n_rows:,} rows: CPU against {theirs}", f"{goal:.3g}x", *told])
        if runs and "over_frame_mb" in runs[ERP]:
            grown = runs[ERP]["over_frame_mb"]
            met = "met" if grown <= MEMORY_GOAL_MB else "missed"
            what = f"{size.n_rows:,} rows: peak memory over the frame"
            told = [f"{MEMORY_GOAL_MB:.0f} MB", f"{grown:.0f} MB, {met}"]
            rows.append([what, *told, *["-"] * (len(OURS) - 1), "-"])
    ways = ["in a notebook, from a frame", "in a notebook, from the file", COMMAND]
    return table(["", "at most", *ways, PANDAS], rows)


def _plain(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}x"


def _share(share: float | None, goal: float) -> str:
    if share is None:
        return "not measured"
    return f"{share:.2f}x, {'met' if share <= goal else 'missed'}"


def _measures(runs: dict[str, Run]) -> str:
    head = ["", "CPU-s", "wall s", "MB over the frame", "charts", "KB sent", "ERP's CPU / its CPU"]
    rows = []
    for name, run in runs.items():
        if "failed" in run:
            rows.append([name, f"failed: {run['failed']}", *[""] * (len(head) - 2)])
            continue
        share = ratio(runs, ERP, name)
        rows.append(
            [
                _named(name, run),
                _number(run, "cpu_s", "{:.2f}"),
                _number(run, "wall_s", "{:.1f}"),
                _number(run, "over_frame_mb", "{:,.0f}"),
                _number(run, "charts", "{:.0f}"),
                _number(run, "bytes", "{:,.0f}", 1000),
                "-" if share is None or name == ERP else f"{share:.2f}",
            ]
        )
    return table(head, rows)


def _named(name: str, run: Run) -> str:
    """Return a tool's name with the versions it ran with."""
    versions = ", ".join(f"{package} {number}" for package, number in run["versions"].items())
    return (
        f"{name} ({versions})" if versions and name not in (ERP, FROM_FILE, FLOOR, PANDAS) else name
    )


def _number(run: Run, measure: str, form: str, per: float = 1.0) -> str:
    value = run.get(measure)
    return form.format(value / per) if value else "-"


def _picture(found: dict[str, Any], n_rows: int, what: str) -> str:
    measure, per, header = PICTURES[what]
    rows = [
        {"tool": name, header: round(run[measure] / per, 2 if per == 1 else 0)}
        for name, run in found["tables"][str(n_rows)].items()
        if run.get(measure)
    ]
    rounded = [row | {header: round(row[header])} if row[header] > 100 else row for row in rows]
    alt = f"{header} by tool, {n_rows:,} rows"
    return bars(f"peers-{n_rows}-{what}", rounded, {"x": header, "y": "tool"}, alt)
