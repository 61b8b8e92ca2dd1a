"""Owns the judgement of one finished chart: which rules it breaks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from vizmodel.design import Channel, Design, Mark
from vizmodel.grammar.chart_rules import CHART_RULES
from vizmodel.grammar.encoding_rules import rules_for
from vizmodel.grammar.roles import Role, role_of
from vizmodel.grammar.shapes import all_shapes
from vizmodel.profile import Profile


@cache
def _known_shapes() -> frozenset[tuple[Mark, tuple[tuple[Channel, Role], ...]]]:
    return frozenset((shape.mark, shape.roles) for shape in all_shapes())


def violations(design: Design, profile: Profile) -> tuple[str, ...]:
    """Return the names of the rules that a chart in canonical orientation breaks.

    Parameters
    ----------
    design
        As decoded, before a style turns it.
    profile
        Of the table that the chart is about.

    Returns
    -------
    tuple of str
        Empty for a legal chart; "unknown_column" and "unknown_shape" besides the rules' names.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.design import Encoding
    >>> from vizmodel.profile import profile_table
    >>> profile = profile_table(pa.table({"a": [1, 2, 3]}))
    >>> violations(Design("tick", (Encoding("x", "b", "value", "quantitative"),)), profile)
    ('unknown_column',)
    """
    names = {column.name for column in profile.columns}
    if any(e.field is not None and e.field not in names for e in design.encodings):
        return ("unknown_column",)
    found = []
    columns = [None if e.field is None else profile.column(e.field) for e in design.encodings]
    roles = tuple(
        (e.channel, role_of(e.transform, column))
        for e, column in zip(design.encodings, columns, strict=True)
    )
    if (design.mark, roles) not in _known_shapes():
        found.append("unknown_shape")
    for encoding, column in zip(design.encodings, columns, strict=True):
        if column is not None:
            found += [
                rule.name
                for rule in rules_for(profile)
                if not rule.allows(design.mark, encoding.channel, encoding.transform, column)
            ]
    found += [rule.name for rule in CHART_RULES if not rule.allows(design, profile)]
    return tuple(dict.fromkeys(found))


def first_legal(designs: Iterable[Design], profile: Profile) -> Design | None:
    """Return the first of some forms that a chart may have; None where it may have none."""
    return next((design for design in designs if not violations(design, profile)), None)
