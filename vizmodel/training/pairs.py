"""Owns the ranking of pairs of charts that people compared in experiments.

The pairs come from Kim and Heer (2018) and Saket et al. (2018). Each gives statistics of its fields
rather than a table. A chart is described by which kind of field stands on which channel; a logistic
regression on the difference of two descriptions (Bradley and Terry 1952) says which is preferred.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vizmodel.runtime.opening import newest_weights
from vizmodel.training.corpus import read_json_lines

Floats = npt.NDArray[np.float64]
FILE_NAME = "preferences.json"
#: Strength of the ridge penalty; from leave-condition-out on the pairs themselves.
RIDGE = 3.0
_STEPS = 25


def describe(spec: Mapping[str, Any], pair: Mapping[str, Any]) -> dict[str, float]:
    """Describe one chart of a pair by named indicators.

    Parameters
    ----------
    spec
        Mark and encoding.
    pair
        The row of the file: task, fields with type, cardinality, entropy, whether the task asks
        about them; number of rows.
    """
    fields = {field["name"]: field for field in pair["fields"]}
    task, crowd = pair["task"], "many" if pair.get("num_rows", 0) > 60 else "few"
    out: dict[str, float] = {}
    placed: list[tuple[str, str]] = []
    for channel, encoding in sorted(spec["encoding"].items()):
        field = fields.get(encoding.get("field") or "", {})
        kind = "q" if encoding.get("type") == "quantitative" else "g"
        asked = "asked" if field.get("interesting") else "other"
        spread = "even" if (field.get("entropy") or 0) > 2.5 else "uneven"
        groups = "many" if field.get("cardinality", 0) > 10 else "few"
        placed.append((channel, f"{kind}-{asked}"))
        where = f"{spec['mark']}:{channel}:{kind}"
        for part in (
            "",
            asked,
            f"{asked}:{task}",
            f"{asked}:{crowd}",
            f"{asked}:{task}:{crowd}",
            f"{asked}:{spread}",
            f"{asked}:{groups}:{task}",
            f"n={pair.get('num_rows')}",
            f"{asked}:{field.get('cardinality')}",
        ):
            out[f"{where}:{part}"] = 1.0
    out["both:" + ",".join(f"{c}={k}" for c, k in placed)] = 1.0
    out[f"both:{task}:" + ",".join(f"{c}={k}" for c, k in placed)] = 1.0
    out[f"both:{crowd}:" + ",".join(f"{c}={k}" for c, k in placed)] = 1.0
    return out


def difference(pair: Mapping[str, Any]) -> dict[str, float]:
    """Describe the preferred chart of a pair minus the other."""
    first, second = describe(pair["positive"], pair), describe(pair["negative"], pair)
    names = first.keys() | second.keys()
    values = {name: first.get(name, 0.0) - second.get(name, 0.0) for name in names}
    return {name: value for name, value in values.items() if value}


def fit(pairs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Fit a weight per indicator by ridge logistic regression (Newton's method)."""
    rows = [difference(pair) for pair in pairs]
    names = sorted({name for row in rows for name in row})
    place = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        for name, value in row.items():
            x[i, place[name]] = value
    weights = np.zeros(len(names))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (1 - chance) - RIDGE * weights
        curvature = (x * (chance * (1 - chance))[:, None]).T @ x + RIDGE * np.eye(len(names))
        step = np.linalg.solve(curvature, gradient)
        weights += step
        if float(np.abs(step).max()) < 1e-6:
            break
    return {name: round(float(w), 5) for name, w in zip(names, weights, strict=True)}


def agrees(pair: Mapping[str, Any], weights: Mapping[str, float]) -> bool:
    """Whether the preferred chart of a pair gets the higher score."""
    return sum(weights.get(n, 0.0) * v for n, v in difference(pair).items()) > 0


def leave_condition_out(pairs: Sequence[Mapping[str, Any]]) -> float:
    """Return the share of pairs ranked as people did by weights fitted without their condition."""
    hits = 0
    for condition in sorted({pair["condition"] for pair in pairs}):
        weights = fit([pair for pair in pairs if pair["condition"] != condition])
        hits += sum(agrees(pair, weights) for pair in pairs if pair["condition"] == condition)
    return hits / len(pairs)


def share_ranked_as_people(path: Path, weights_dir: Path | None = None) -> tuple[float, int]:
    """Return the share of a file's pairs that the weights rank as people did, and its size."""
    pairs = read_json_lines(path)
    stored = json.loads(((weights_dir or newest_weights()) / FILE_NAME).read_text())
    return sum(agrees(pair, stored["weights"]) for pair in pairs) / len(pairs), len(pairs)


def write_preferences(path: Path, out: Path) -> float:
    """Fit all pairs, store the weights, and return the share held out that is stored with them."""
    pairs = read_json_lines(path)
    share = leave_condition_out(pairs)
    stored = {"leave_condition_out": round(share, 4), "pairs": len(pairs), "weights": fit(pairs)}
    (out / FILE_NAME).write_text(json.dumps(stored, indent=1) + "\n")
    return share
