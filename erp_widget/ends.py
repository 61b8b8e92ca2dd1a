"""Owns what shares of an outcome say: among whom it is commonest, and among whom rarest."""

from __future__ import annotations

from collections import defaultdict

from erp_widget.aggregate import ChartRows
from erp_widget.alt_text import measure_of
from erp_widget.figures import value_text
from erp_widget.words import name_of
from vizmodel.design import Design
from vizmodel.outcomes import is_outcome
from vizmodel.profile import Profile
from vizmodel.record_charts import tells_ends

#: Rows of a group from which a share of them is worth naming.
MIN_ROWS = 10


def share_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return where an end, such as having left, is commonest and where rarest, in shares.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where a chart does not show shares of an outcome in groups, or these are the same. Of
        two ends the rarer is told, of several the one in which groups differ most.
    """
    end, measure = design.encoding("color"), measure_of(design)
    if rows is None or measure is None or end is None or design.style.stack != "normalize":
        return None
    groups = [e for e in design.encodings if e is not end and e is not measure]
    name = str(end.field)
    if len(groups) != 1 or not (is_outcome(name, profile) or tells_ends(design.upright(), profile)):
        return None
    sizes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for record in rows.records:
        at, level = (value_text(record.get(e.channel), e, profile) for e in (groups[0], end))
        sizes[at][level] += record[measure.channel]
    told = _told(sizes)
    if told is None:
        return None
    level, (high, most), (low, least) = told
    among = f"where {name_of(groups[0])} is"
    return (
        f"{name_of(end)} is {level} for {most:.0%} of those {among} {high}"
        f" and for {least:.0%} of those {among} {low}"
    )


def _told(
    sizes: dict[str, dict[str, float]],
) -> tuple[str, tuple[str, float], tuple[str, float]] | None:
    """Return an end, and the groups in which its share is largest and smallest."""
    whole = {at: sum(parts.values()) for at, parts in sizes.items()}
    large = [at for at, size in whole.items() if size >= MIN_ROWS]
    totals: dict[str, float] = defaultdict(float)
    for parts in sizes.values():
        for level, size in parts.items():
            totals[level] += size
    if len(large) < 2 or len(totals) < 2:
        return None
    shares = {
        level: {at: sizes[at].get(level, 0.0) / whole[at] for at in large} for level in totals
    }
    if len(totals) == 2:
        level = min(totals, key=lambda one: totals[one])
    else:
        level = max(shares, key=lambda one: max(shares[one].values()) - min(shares[one].values()))
    high, low = (end(shares[level], key=lambda at: shares[level][at]) for end in (max, min))
    most, least = shares[level][high], shares[level][low]
    return None if f"{most:.0%}" == f"{least:.0%}" else (level, (high, most), (low, least))
