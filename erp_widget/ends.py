"""Owns what shares of an outcome say: among whom it is commonest, and among whom rarest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from erp_widget.aggregate import ChartRows
from erp_widget.alt_text import measure_of
from erp_widget.figures import value_text
from erp_widget.group_order import MIN_ROWS, shares_by_end, told_end
from erp_widget.words import clean_name, level_text, name_of, parts_are_answers
from vizmodel.design import Design
from vizmodel.profile import Profile
from vizmodel.rates import as_rate, share_told
from vizmodel.style import shows_ends

#: Shares below this differ by less than a percent.
SMALL = 0.1


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
        None where a chart does not show shares of an outcome in groups, or these are the same. The
        commonest end is not told, but that of the others in which groups differ most.
    """
    end, measure = design.encoding("color"), measure_of(design)
    if rows is not None and design.style.rate is not None:
        return _rate_finding(as_rate(design), profile, rows)
    if rows is None or measure is None or end is None or design.style.stack != "normalize":
        return None
    groups = [e for e in design.encodings if e is not end and e is not measure]
    answers = parts_are_answers(design)
    if len(groups) != 1 or not (answers or shows_ends(design.upright(), profile)):
        return None
    sizes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    # Of a part of a month there are few, mostly.
    for record in (one for one in rows.records if not one.get("partial")):
        at, level = (value_text(record.get(e.channel), e, profile) for e in (groups[0], end))
        sizes[at][level] += record[measure.channel]
    if answers:
        return _answered(sizes, profile.column(str(end.field)).listed)
    told = _told(sizes)
    if told is None:
        return None
    level, (high, most), (low, least) = told
    among = f"where {name_of(groups[0])} is"
    return (
        f"{name_of(end)} is {level} for {most:.0%} of those {among} {high}"
        f" and for {least:.0%} of those {among} {low}"
    )


def _rate_finding(design: Design, profile: Profile, rows: ChartRows) -> str | None:
    """Say in which group the share that is drawn is largest, and in which smallest."""
    share = share_told(design)
    groups = [e for e in design.encodings if e is not share]
    told = [r for r in rows.records if not r.get("partial") and r["rows"] >= MIN_ROWS]
    if share is None or len(told) < 2:
        return None
    high, low = (end(told, key=lambda record: record[share.channel]) for end in (max, min))
    most, least = (_percent(record[share.channel]) for record in (high, low))
    if most == least:
        return None
    first, last = (value_text(r[groups[0].channel], groups[0], profile) for r in (high, low))
    level, name = clean_name(level_text(share.level)), name_of(groups[0])
    if profile.fold is not None and share.field == profile.fold.value:
        return f"{level} is the answer of {most} to {first} and of {least} to {last}"
    return (
        f"{name_of(share)} is {level} for {most} of those where {name} is {first}"
        f" and for {least} of those where {name} is {last}"
    )


def _percent(share: float) -> str:
    """Return a share as it is told: a small one with one digit more.

    Examples
    --------
    >>> _percent(0.083), _percent(0.4), _percent(0)
    ('8.3%', '40%', '0%')
    """
    if not share:
        return "0%"
    return f"{share:.1%}" if share < SMALL else f"{share:.0%}"


def _answered(sizes: dict[str, dict[str, float]], scale: Sequence[str]) -> str | None:
    """Say to which item the upper answers of a scale were given most often, and to which least."""
    upper = scale[(len(scale) + 1) // 2 :]
    shares = {
        at: sum(parts[level] for level in upper) / sum(parts[level] for level in scale)
        for at, parts in sizes.items()
        if any(parts[level] for level in scale)
    }
    if not upper or len(shares) < 2:
        return None
    high, low = (end(shares, key=lambda at: shares[at]) for end in (max, min))
    said = " or ".join((", ".join(upper[:-1]), upper[-1]) if len(upper) > 1 else upper)
    return f"{said} is the answer of {shares[high]:.0%} to {high} and of {shares[low]:.0%} to {low}"


def _told(
    sizes: dict[str, dict[str, float]],
) -> tuple[str, tuple[str, float], tuple[str, float]] | None:
    """Return an end, and the groups in which its share is largest and smallest."""
    large = [at for at, parts in sizes.items() if sum(parts.values()) >= MIN_ROWS]
    shares = shares_by_end(sizes, large)
    if len(large) < 2 or len(shares) < 2:
        return None
    level = told_end(sizes, shares)
    high, low = (end(shares[level], key=lambda at: shares[level][at]) for end in (max, min))
    most, least = shares[level][high], shares[level][low]
    return None if f"{most:.0%}" == f"{least:.0%}" else (level, (high, most), (low, least))
