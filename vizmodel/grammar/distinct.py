"""Owns the rules about counts of distinct values: how many customers, countries, products."""

from __future__ import annotations

from vizmodel.design import Design, Encoding
from vizmodel.grammar.rule import ChartRule
from vizmodel.profile import Profile

#: Share of the combinations of groups and values from which each group has them all.
ALL_MET = 0.95
#: Parts of a time that comes round again, and rows for each of them and each value from which
#: hardly a combination is never met.
CYCLE_LENGTHS = {"quarter": 4, "month": 12, "day": 7, "hours": 24}
MANY_EACH = 30
#: Rows for each combination up to which it comes once, but for slips.
ONCE = 1.05


def distinct_count(design: Design) -> Encoding | None:
    """Return the encoding that counts distinct values; None where there is none.

    Examples
    --------
    >>> distinct_count(Design("bar", (Encoding("y", "customer", "distinct", "quantitative"),)))
    Encoding(channel='y', field='customer', transform='distinct', field_type='quantitative')
    """
    return next((e for e in design.encodings if e.transform == "distinct"), None)


def _counts_distinct(design: Design, profile: Profile) -> bool:
    return distinct_count(design) is not None


def _distinct_is_plain(design: Design, profile: Profile) -> bool:
    return len(design.encodings) == 2 and all(e.channel in ("x", "y") for e in design.encodings)


def _distinct_differs(design: Design, profile: Profile) -> bool:
    """Whether the count is neither that of the records nor the same everywhere."""
    counted = distinct_count(design)
    names = [e.field for e in design.encodings if e is not counted and e.field]
    if counted is None or counted.field is None:
        return True
    if profile.identifies_rows({counted.field, *names}):
        return False
    values = profile.column(counted.field)
    periods = [CYCLE_LENGTHS.get(e.transform, 0) for e in design.encodings]
    if any(n and values.n_present >= MANY_EACH * n * values.n_distinct for n in periods):
        return False  # each part of a year, or of a week, has them all
    # Of long lists, the rows tell whether each comes once in each group.
    return not any(
        profile.pair(name, values.name, "fill") >= ALL_MET
        or ALL_MET < values.n_present / (values.n_distinct * profile.column(name).n_distinct) < ONCE
        for name in names
    )


DISTINCT_RULES: tuple[ChartRule, ...] = (
    ChartRule(
        "distinct_is_plain",
        "Distinct values are counted along one axis, with no colour, size or panel.",
        _distinct_is_plain,
        _counts_distinct,
    ),
    ChartRule(
        "distinct_differs",
        "Distinct values are counted where they are not the records, nor as many everywhere.",
        _distinct_differs,
        _counts_distinct,
    ),
)
