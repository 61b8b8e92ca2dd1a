"""Owns the forms of charts that readers seldom keep where a table is raw and wide.

Of the verdicts on tables of five columns and more, a quarter or less kept these, whatever they were
about: strips of dots and ticks by groups, dots and bins with a summary, lines along groups, cells
with a summary, boxes or dots that a further column colours. Of the plain forms of the same columns,
scatter plots, box plots, histograms and bars of counts, they kept .6 to .9. People draw the former
of tables that were made for one chart, so neither the network nor the taste knows the difference.
"""

from __future__ import annotations

from functools import cache

from vizmodel.candidates.clock_charts import counts_hours
from vizmodel.design import CYCLES, Design, Encoding, Mark

#: Columns from which a table has better to show.
MIN_COLUMNS = 5
#: What a mark with something on x and y, and on colour or in panels, is charged, in nats, by the
#: letters of `stands`; * is anything.
CHARGES: dict[tuple[Mark, str, str, str, str], float] = {
    ("point", "c", "v", "*", "*"): 1.5,
    ("point", "c", "a", "*", "*"): 1.5,
    ("tick", "*", "*", "*", "*"): 1.5,
    ("bar", "b", "a", "*", "*"): 1.5,
    ("bar", "c", "v", "*", "panels"): 1.5,
    ("line", "c", "*", "*", "*"): 1.5,
    ("area", "*", "*", "*", "*"): 1.0,
    ("rect", "*", "*", "a", "*"): 1.0,
    ("boxplot", "*", "*", "c", "*"): 1.0,
    ("point", "v", "*", "v", "*"): 1.0,
}
#: What bars of single rows are charged that a further number colours, however few rows there are:
#: of 68 of them readers kept a seventh, most said again what the bars alone had said.
COLORED_BARS = 4.0
#: What anything by a part of a time that comes round again is charged; numbers of what happened
#: in each hour of the day were not among the verdicts.
ROUND_AGAIN = 1.5


def charge_of(design: Design, n_columns: int, raw: float = 1.0) -> float:
    """Return what the form of a chart is charged, in nats; 0 for most.

    Parameters
    ----------
    design
        The chart, upright.
    n_columns
        Of its table.
    raw
        How raw the table is, 0..1.

    Examples
    --------
    >>> strip = Design("tick", (Encoding("x", "a", "value", "quantitative"),))
    >>> charge_of(strip, 3), charge_of(strip, 8)
    (0.0, 1.5)
    """
    on = tuple(stands(design.encoding(channel)) for channel in ("x", "y", "color"))
    if n_columns < MIN_COLUMNS:
        return 0.0
    if (design.mark, *on) == ("bar", "c", "v", "v"):
        return COLORED_BARS
    panels = any(e.channel in ("row", "column") for e in design.encodings)
    again = any(e.time_unit in CYCLES for e in design.encodings) and not counts_hours(design)
    return raw * (_charge(design.mark, *on, "panels" if panels else "-") + ROUND_AGAIN * again)


@cache
def _charge(*form: str) -> float:
    found = (
        nats
        for known, nats in CHARGES.items()
        if all(part in ("*", shown) for part, shown in zip(known, form, strict=True))
    )
    return max(found, default=0.0)


def stands(encoding: Encoding | None) -> str:
    """Return what stands on a channel, as a letter.

    c(ategory), v(alue), p(eriod), b(in), a(ggregate), n (count), - nothing.

    Examples
    --------
    >>> stands(Encoding("x", "sold", "mean", "quantitative")), stands(None)
    ('a', '-')
    """
    if encoding is None:
        return "-"
    if encoding.transform == "count":
        return "n"
    if encoding.aggregate:
        return "a"
    if encoding.bin:
        return "b"
    if encoding.time_unit:
        return "p"
    return "c" if encoding.transform == "category" else "v"
