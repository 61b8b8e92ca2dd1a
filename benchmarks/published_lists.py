"""Owns what is shown of the quality of lists: ours by the weights' own metrics, others' as kept."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.markdown import table
from vizmodel.runtime import newest_weights

#: How often a person's chart is among the first five of other tools, and how that was measured.
OTHERS = Path(__file__).parent / "peers" / "lists.json"
SPLITS = {
    "dev_eco": "Economics Observatory",
    "dev_chartllm": "public Vega-Lite specs",
    "dev_docs": "seaborn's documentation",
}


def quality() -> str | None:
    """Return hit@5 beside other tools, and the lists for Data2Vis's test tables beside its own."""
    metrics = json.loads((newest_weights() / "metrics.json").read_text())
    others = json.loads(OTHERS.read_text())
    people = metrics["people"]
    ours = ["**ERP**", *(_two(people[split]["chart"]["5"]["hit"]) for split in SPLITS)]
    rows = [ours, *([name, *map(_two, hits)] for name, hits in others["hit_at_5"].items())]
    head = ["a person's chart among the first five", *SPLITS.values()]
    found = metrics["quality"]
    lists = [
        ["ERP", *(_two(found[name]) for name in others["lists_of"]), f"{found['useful']:.1f}"],
        *(
            [name, *(_two(values[key]) for key in others["lists_of"]), f"{values['useful']:.1f}"]
            for name, values in others["lists"].items()
        ),
    ]
    head_of_lists = [f"lists for {found['lists']} test tables of Data2Vis"]
    head_of_lists += [*others["lists_of"].values(), "useful relations of 15"]
    return f"{table(head, rows)}\n\n{table(head_of_lists, lists)}\n\n{others['how']}"


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
