"""Owns where the values of a chart are highest and lowest, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

from msgspec import Struct

from erp_widget.aggregate import MISSING, WHOLE, ChartRows
from erp_widget.aggregate.thin import thin_rows
from erp_widget.telling.figures import at_place, briefs, place, same_labels
from erp_widget.words import called
from vizmodel.design import Encoding
from vizmodel.profile import Profile

#: Letters of a second place up to which it is told.
LONGEST_TIE = 44
#: Values from which the middle one tells how far the first and the last are from the others.
MIN_MIDDLE = 5


class Extremes(Struct, frozen=True):
    """The largest and the smallest value of a chart and their places, in words.

    `high` and `low` say where they are, such as "for Rome in 2024".
    """

    high: str
    most: str
    low: str
    least: str
    #: Which groups these are of, where others are drawn, too.
    among: str = ""
    #: How many values there are, and what the middle one is, where there are several.
    n_values: int = 0
    middle: str | None = None
    #: What part of the largest value the smallest is.
    part: float = 1.0

    def said(self, name: str) -> str:
        """Return the sentence that tells them, without its stop."""
        if self.n_values == 2:
            ends = f"higher {self.high} ({self.most}) than {self.low} ({self.least})"
            return f"{name} is {ends}{self.among}"
        ends = f"highest {self.high} ({self.most}) and lowest {self.low} ({self.least})"
        return f"{name} is {ends}{self.among}"

    @property
    def figures(self) -> str:
        """The two values with their places, for a sentence about how they differ."""
        return f"{self.most} {self.high} and {self.least} {self.low}"

    @property
    def midway(self) -> str:
        """What may be added to the sentence: the middle value."""
        return (
            "" if self.middle is None else f"; the median of the {self.n_values} is {self.middle}"
        )


def extremes(
    rows: ChartRows, measure: Encoding, keys: Sequence[Encoding], profile: Profile
) -> Extremes | None:
    """Return the largest and the smallest value of a chart; None where it has none.

    Parameters
    ----------
    rows
        What is drawn.
    measure, keys
        Of what the values are, and what tells their places.
    profile
        Of the table.
    """
    name, told = valued(rows, measure, keys)
    if not told:
        return None
    firm, of_many = firm_groups(told)
    (high, low), every = (
        [end(some, key=lambda record: record[name]) for end in (max, min)] for some in (firm, told)
    )
    left_out = [high[name], low[name]] != [record[name] for record in every]
    named = same_labels(told, keys)
    high_at, low_at = (_where(end, firm, name, keys, profile, named) for end in (high, low))
    if len(keys) == 1:
        # What the numbers are of is told once.
        low_at = low_at.replace(f"for {called(str(keys[0].field), profile)} = ", "for ", 1)
    among = f", {of_many}" if left_out else ""
    drawn, _ = firm_groups([r for r in rows.records if isinstance(r.get(name), int | float)])
    if is_beyond(drawn, [high[name], low[name]], name, keys):
        among = f"{among or ', of groups'} with a value"
    whole = len(firm) == len(told) >= MIN_MIDDLE
    middle = median(r[name] for r in firm) if whole else None
    shown = [high[name], low[name], *([] if middle is None else [middle])]
    most_said, least_said, *middle_said = briefs(shown, measure, profile)
    return Extremes(
        high_at,
        most_said,
        low_at,
        least_said,
        among,
        len(firm) if left_out else len(told),
        middle_said[0] if middle_said else None,
        low[name] / high[name] if high[name] else 1.0,
    )


def firm_groups(told: Sequence[Mapping[str, Any]]) -> tuple[Sequence[Mapping[str, Any]], str]:
    """Return the groups that are of more than a few rows, all if hardly any is, and of how many.

    What a few rows come to is no finding, where other groups have more of them.

    Examples
    --------
    >>> firm_groups([{"x": "a", "rows": 1}, {"x": "b", "rows": 30}, {"x": "c", "rows": 20}])[1]
    'of groups of 5 rows or more'
    """
    least = thin_rows([r.get("rows") for r in told]) + 1
    firm = [r for r in told if r.get("rows", least) >= least and not r.get("thin")]
    firm = firm if len(firm) > 1 else list(told)
    n_rows = least if least > 1 else min((r.get("rows") or 1 for r in firm), default=1)
    return firm, f"of groups of {n_rows:,} row{'' if n_rows == 1 else 's'} or more"


def _where(
    end: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    name: str,
    keys: Sequence[Encoding],
    profile: Profile,
    named: bool,
) -> str:
    """Say where the largest or the smallest value is, and where else, if anywhere."""
    other = partial(_other_place, end=end, keys=keys, profile=profile, named=named)
    return at_place(end, keys, profile, named=named) + as_well(end, told, name, other)


def is_beyond(
    records: Sequence[Mapping[str, Any]],
    ends: Sequence[float],
    name: str,
    keys: Sequence[Encoding],
) -> bool:
    """Whether a group without a value, which is drawn as well, is beyond those that are told.

    Parameters
    ----------
    records
        What is drawn.
    ends
        The values that are told.
    name, keys
        Where records have a value, and what tells their places.
    """
    return any(
        MISSING in (record.get(key.channel) for key in keys)
        and isinstance(record.get(name), int | float)
        and not min(ends) <= record[name] <= max(ends)
        for record in records
    )


def as_well(
    end: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    name: str,
    place_of: Callable[[Mapping[str, Any]], str],
) -> str:
    """Name the other place that has the same value, or say how many have it.

    Examples
    --------
    >>> counts = [{"x": "a", "y": 5}, {"x": "b", "y": 5}, {"x": "c", "y": 2}]
    >>> as_well(counts[0], counts, "y", lambda record: record["x"])
    ' and b'
    """
    more = [record for record in told if record[name] == end[name] and record is not end]
    if len(more) == 1:
        said = f" and {place_of(more[0])}"
        if len(said) <= LONGEST_TIE:
            return said
    return f" and {len(more):,} more" if more else ""


def _other_place(
    other: Mapping[str, Any],
    end: Mapping[str, Any],
    keys: Sequence[Encoding],
    profile: Profile,
    *,
    named: bool,
) -> str:
    """Say where the other of two equal values is; where only what is told last differs, that."""
    if len(keys) == 1:
        return place(other, keys, profile)
    whole, said = (at_place(one, keys, profile, named=named) for one in (other, end))
    differ = [key for key in keys if other.get(key.channel) != end.get(key.channel)]
    told, last = (at_place(one, differ, profile, named=named) for one in (other, end))
    if len(differ) > 1 or not said.endswith(last.removeprefix("for ")):
        return whole
    return told.removeprefix("for ")


def valued(
    rows: ChartRows, measure: Encoding, keys: Sequence[Encoding]
) -> tuple[str, list[Mapping[str, Any]]]:
    """Return what a chart's values are called in its records, and those that have one.

    A part of a month, the others of a ranking, and groups that have no name are none to tell of.
    """
    # A box has its median where others have a value.
    name = "median" if any("median" in record for record in rows.records) else measure.channel
    told = [r for r in rows.records if isinstance(r.get(name), int | float)]
    told = [r for r in told if not r.get("partial") and "others" not in r] or told
    channels = [key.channel for key in keys]
    known = [r for r in told if not {MISSING, WHOLE}.intersection(map(r.get, channels))]
    return name, list(known if len(known) > 1 else told)
