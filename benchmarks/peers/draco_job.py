"""Does what Draco 2 is for: reads the schema, completes 15 charts, renders them by Altair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.peers.child import measured

#: A chart with one mark and at least two encodings, all else free: what its own guide begins with.
PARTIAL = [
    "entity(view,root,v0).",
    "entity(mark,v0,m0).",
    "entity(encoding,m0,e0).",
    "entity(encoding,m0,e1).",
]


def job(frame: Any) -> Callable[[], dict[str, Any]]:
    """Return how to tell the size of 15 charts with their data."""
    import altair
    import draco
    from draco.renderer import AltairRenderer

    schema = draco.schema_from_dataframe(frame)
    facts = [*draco.dict_to_facts(schema), *PARTIAL]
    renderer = AltairRenderer()
    charts = [
        renderer.render(spec=draco.answer_set_to_dict(model.answer_set), data=frame)
        for model in draco.Draco().complete_spec(facts, 15)
    ]
    try:
        n_bytes = sum(len(chart.to_json(indent=None).encode()) for chart in charts)
    except altair.MaxRowsError:
        # Above 5,000 rows it has specs, and shows nothing.
        return lambda: {"charts": len(charts)}
    return lambda: {"charts": len(charts), "bytes": n_bytes}


measured(job, "draco", "clingo", "altair")
