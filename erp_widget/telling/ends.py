"""Owns what shares say: among whom a level, such as an outcome, is commonest, and rarest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from erp_widget.aggregate import MISSING, WHOLE, ChartRows
from erp_widget.context.group_order import MIN_ROWS, Sizes, shares_by_end, told_end
from erp_widget.telling.alt_text import measure_of
from erp_widget.telling.course_reasons import course_finding
from erp_widget.telling.figures import value_text
from erp_widget.telling.group_reasons import BEYOND_CHANCE
from erp_widget.telling.percents import percent_beside
from erp_widget.words import clean_name, level_text, name_of, parts_are_answers, phrase
from vizmodel.chance import chi_squared_limit
from vizmodel.design import Design
from vizmodel.form.rates import as_rate, share_told
from vizmodel.profile import Profile

#: Rows below which a sentence tells of how many a share is.
FEW_ROWS = 30
#: Standard deviations by which shares of two groups differ, and the outer two of several.
CHANCE_OF_TWO, CHANCE_OF_OUTER = 2.0, 3.0
#: Shares that are told as alike: the part that the smaller is of the larger, and the difference of
#: the two up to which that holds however many rows say that they differ.
NEARLY, TINY = 0.9, 0.02


def share_finding(design: Design, profile: Profile, rows: ChartRows | None) -> str | None:
    """Return where a level, such as having left, is commonest and where rarest, in shares.

    Parameters
    ----------
    design, profile
        The chart and its table.
    rows
        What is drawn.

    Returns
    -------
    str or None
        None where a chart does not show shares in groups, or these are the same. The commonest
        level is not told, but that of the others in which groups differ most.
    """
    end, measure = design.encoding("color"), measure_of(design)
    if rows is not None and design.style.rate is not None:
        return _rate_finding(as_rate(design), profile, rows)
    if rows is None or measure is None or end is None or design.style.stack != "normalize":
        return None
    groups = [e for e in design.encodings if e is not end and e is not measure]
    if len(groups) != 1 or groups[0].field == end.field:
        return None
    answers = parts_are_answers(design)
    sizes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    # Of a part of a month there are few, mostly; those without a value are no group to tell of.
    for record in (one for one in rows.records if not one.get("partial")):
        if record.get(groups[0].channel) in (MISSING, WHOLE):
            continue
        at, level = (value_text(record.get(e.channel), e, profile) for e in (groups[0], end))
        sizes[at][level] += record[measure.channel]
    if answers:
        return _answered(sizes, profile.column(str(end.field)).listed)
    if measure.aggregate != "count":
        return _amounts(sizes, phrase(measure, profile), name_of(groups[0], profile))
    return _rows_of(sizes, name_of(end, profile), name_of(groups[0], profile))


def _rate_finding(design: Design, profile: Profile, rows: ChartRows) -> str | None:
    """Say in which group the share that is drawn is largest, and in which smallest, or its course.

    A course that may be chance is none.
    """
    share = share_told(design)
    if share is None:
        return None
    group = next(e for e in design.encodings if e is not share)
    level = clean_name(level_text(share.level))
    sizes: dict[str, dict[str, float]] = {}
    for record in (one for one in rows.records if not one.get("partial")):
        if record.get(group.channel) in (MISSING, WHOLE):
            continue
        part = record[share.channel] * record["rows"]
        at = value_text(record[group.channel], group, profile)
        sizes[at] = {level: part, "": record["rows"] - part}
    if design.mark == "line":
        if _by_chance(sizes, level, ()):
            course = _steady_course(sizes, level, phrase(share, profile))
        else:
            course = course_finding(design, profile, rows)
        if course is not None:
            return course
    return _rows_of(sizes, name_of(share), name_of(group), level)


def _steady_course(sizes: dict[str, dict[str, float]], level: str, name: str) -> str | None:
    """Say between which shares a course stays that goes up and down by chance."""
    told = _told(sizes, level)
    if told is None:
        return None
    _, (high, most), (low, least) = told
    return f"{name} changes by no more than chance: {_from_to((low, least), (high, most))}"


def _rows_of(
    sizes: dict[str, dict[str, float]], end: str, group: str, level: str | None = None
) -> str | None:
    """Say in which groups of rows a level is commonest and rarest, or that they are alike."""
    told = _told(sizes, level)
    if told is None:
        return None
    level, (high, most), (low, least) = told
    by_chance = _by_chance(sizes, level, [high, low])
    among = ""
    if not by_chance:
        (high, most), (low, least), among = _steady(sizes, level)
    n_rows = [sum(sizes[at].values()) for at in (high, low)]
    of_few = [f" (of {n:,.0f} rows)" if n < FEW_ROWS else "" for n in n_rows]
    # That a test finds no difference does not make one share as large as another.
    if _nearly(least, most) and (by_chance or most - least <= TINY):
        ends = _from_to((low, least), (high, most))
        return f"{end} is {level} about as often whatever {group} is: {ends}"
    high_share, low_share = percent_beside(most, least), percent_beside(least, most)
    most_of, least_of = f"{high_share}{of_few[0]}", f"{low_share}{of_few[1]}"
    said = f"{end} is {level} for {most_of} where {group} is {high}, {least_of} where it is {low}"
    return f"{said}{among}{', which may be chance' if by_chance else ''}"


def _nearly(least: float, most: float) -> bool:
    """Whether two shares are about as large, and so are what each leaves of the whole.

    Examples
    --------
    >>> _nearly(0.47, 0.5), _nearly(0.07, 0.16), _nearly(0.9, 0.98)
    (True, False, False)
    """
    return least >= NEARLY * most and 1 - most >= NEARLY * (1 - least)


def _by_chance(
    sizes: Sizes, level: str, groups: Sequence[str], of_two: float = CHANCE_OF_TWO
) -> bool:
    """Whether shares of a level in all groups differ by no more than chance (chi squared).

    The outer two of many groups are far apart, but may have few rows; all of them together tell.
    """
    large = [at for at, parts in sizes.items() if sum(parts.values()) >= MIN_ROWS] or groups
    if not large:
        return True
    n_rows = [sum(sizes[at].values()) for at in large]
    found = [sizes[at].get(level, 0.0) for at in large]
    both = sum(found) / sum(n_rows)
    if not 0 < both < 1:
        return True
    off = [(n - both * of) ** 2 / of for n, of in zip(found, n_rows, strict=True)]
    free = len(large) - 1
    limit = of_two**2 if free == 1 else chi_squared_limit(free, BEYOND_CHANCE)
    return sum(off) / (both * (1 - both)) <= limit


def _steady(sizes: Sizes, level: str) -> tuple[tuple[str, float], tuple[str, float], str]:
    """Return where a level is commonest and rarest by more than chance, without the groups of few.

    Those of few rows are left out one by one until the outer two differ.
    """
    n_rows = {at: sum(parts.values()) for at, parts in sizes.items()}
    large = [at for at, n in n_rows.items() if n >= MIN_ROWS]
    share = {at: sizes[at].get(level, 0.0) / n_rows[at] for at in large}
    left = sorted(large, key=lambda at: n_rows[at])
    while True:
        # Of two shares alike that of more rows is told.
        high = max(left, key=lambda at: (share[at], n_rows[at]))
        low = min(left, key=lambda at: (share[at], -n_rows[at]))
        outer = {at: sizes[at] for at in (high, low)}
        if len(left) == 2 or not _by_chance(outer, level, (), CHANCE_OF_OUTER):
            break
        left.remove(min((high, low), key=lambda at: n_rows[at]))
    least = min(n_rows[at] for at in left)
    named = len(left) < len(large)
    among = f", of groups of {least:,.0f} rows or more" if named else ""
    return (high, share[high]), (low, share[low]), among


def _from_to(low: tuple[str, float], high: tuple[str, float]) -> str:
    """Return the smallest and the largest share, and where they are."""
    (low_at, least), (high_at, most) = low, high
    from_share, to_share = percent_beside(least, most), percent_beside(most, least)
    return f"{from_share} {_at(low_at)} to {to_share} {_at(high_at)}"


def _at(label: str) -> str:
    """Return a group behind its share; one that has brackets gets no more of them.

    Examples
    --------
    >>> _at("north"), _at("(40, 50]")
    ('(north)', 'at (40, 50]')
    """
    return f"at {label}" if label[:1] in "([" else f"({label})"


def _amounts(sizes: dict[str, dict[str, float]], amount: str, group: str) -> str | None:
    """Say where a part of an amount is largest and where smallest."""
    positive = [at for at, parts in sizes.items() if sum(parts.values()) > 0]
    shares = shares_by_end(sizes, positive)
    if len(positive) < 2 or len(shares) < 2:
        return None
    level = told_end(sizes, shares)
    high, low = (end(shares[level], key=lambda at: shares[level][at]) for end in (max, min))
    most, least = _both(shares[level], high, low)
    if most == least:
        return None
    return f"{level} is {most} of {amount} where {group} is {high}, {least} where it is {low}"


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
    most, least = _both(shares, high, low)
    return f"{said} is the answer of {most} to {high} and of {least} to {low}"


def _both(shares: Mapping[str, float], high: str, low: str) -> tuple[str, str]:
    """Return the largest and the smallest of some shares as they stand beside each other."""
    most, least = shares[high], shares[low]
    return percent_beside(most, least), percent_beside(least, most)


def _told(
    sizes: dict[str, dict[str, float]], level: str | None = None
) -> tuple[str, tuple[str, float], tuple[str, float]] | None:
    """Return an end, the given one if any, and where its share is largest and smallest."""
    large = [at for at, parts in sizes.items() if sum(parts.values()) >= MIN_ROWS]
    shares = shares_by_end(sizes, large)
    if len(large) < 2 or len(shares) < 2:
        return None
    shares = {end: found for end, found in shares.items() if end != MISSING}
    level = level or told_end(sizes, shares)
    high, low = (end(shares[level], key=lambda at: shares[level][at]) for end in (max, min))
    most, least = shares[level][high], shares[level][low]
    return None if most == least else (level, (high, most), (low, least))
