"""Owns the forms of charts that readers seldom keep where a table is raw and wide.

Of the verdicts on tables of five columns and more, a quarter or less kept these, whatever they were
about: strips of dots and ticks by groups, dots and bins with a summary, lines along groups, cells
with a summary, boxes or dots that a further column colours. Of the plain forms of the same columns,
scatter plots, box plots, histograms and bars of counts, they kept .6 to .9. People draw the former
of tables that were made for one chart, so neither the network nor the taste knows the difference.
"""

from __future__ import annotations

from vizmodel.design import Design, Encoding, Mark

#: Columns from which a table has better to show.
MIN_COLUMNS = 5
#: What a mark with something on x and y, and on colour or in panels, is charged, in nats: g(roup),
#: v(alue), b(in), s(ummary), n (count), - nothing, * anything.
CHARGES: dict[tuple[Mark, str, str, str, str], float] = {
    ("point", "g", "v", "*", "*"): 1.5,
    ("point", "g", "s", "*", "*"): 1.5,
    ("tick", "*", "*", "*", "*"): 1.5,
    ("bar", "b", "s", "*", "*"): 1.5,
    ("bar", "g", "v", "*", "panels"): 1.5,
    ("line", "g", "*", "*", "*"): 1.5,
    ("area", "*", "*", "*", "*"): 1.0,
    ("rect", "*", "*", "s", "*"): 1.0,
    ("boxplot", "*", "*", "g", "*"): 1.0,
    ("point", "v", "*", "v", "*"): 1.0,
}


def charge_of(design: Design, n_columns: int) -> float:
    """Return what the form of a chart is charged in a raw table, in nats; 0 for most.

    Examples
    --------
    >>> strip = Design("tick", (Encoding("x", "a", "value", "quantitative"),))
    >>> charge_of(strip, 3), charge_of(strip, 8)
    (0.0, 1.5)
    """
    if n_columns < MIN_COLUMNS:
        return 0.0
    on = (_stands(design.encoding(channel)) for channel in ("x", "y", "color"))
    panels = any(e.channel in ("row", "column") for e in design.encodings)
    form = (design.mark, *on, "panels" if panels else "-")
    found = (
        nats
        for known, nats in CHARGES.items()
        if all(part in ("*", shown) for part, shown in zip(known, form, strict=True))
    )
    return max(found, default=0.0)


def _stands(encoding: Encoding | None) -> str:
    if encoding is None:
        return "-"
    if encoding.transform == "count":
        return "n"
    if encoding.aggregate:
        return "s"
    if encoding.bin:
        return "b"
    return {"category": "g", "value": "v"}.get(encoding.transform, "p")
