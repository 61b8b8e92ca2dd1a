"""Owns what is said of matrices: which two things have most and least to do with each other."""

from __future__ import annotations

from erp_widget.aggregate import ChartRows
from erp_widget.telling.figures import figure
from erp_widget.words import name_of
from vizmodel.design import Design
from vizmodel.profile import Profile

#: Fewest things.
MIN_THINGS = 3


def matrix_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return which two different things of a symmetric matrix have the largest cell, and smallest.

    What each thing has to do with itself is the same for all.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None of other charts, and where all cells are alike.
    """
    color = design.encoding("color")
    if rows is None or design.mark != "rect" or color is None or color.field is None:
        return None
    cells = {(r.get("x"), r.get("y")): r.get("color") for r in rows.records}
    names = list(dict.fromkeys(x for x, _ in cells))
    if len(names) < MIN_THINGS or set(names) != {y for _, y in cells}:
        return None
    own = [cells.get((name, name)) for name in names]
    pairs = {}
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            value, mirrored = cells.get((one, other)), cells.get((other, one))
            if not isinstance(value, int | float) or value != mirrored:
                return None
            pairs[one, other] = value
    if len(set(own)) > 1 or len(set(pairs.values())) == 1:
        return None
    (high, most), (low, least) = (end(pairs.items(), key=lambda one: one[1]) for end in (max, min))
    said = [
        f"for {one} with {other} ({figure(value, color, profile)})"
        for (one, other), value in ((high, most), (low, least))
    ]
    subject = name_of(color, profile)
    return f"apart from each with itself, {subject} is highest {said[0]} and lowest {said[1]}"
