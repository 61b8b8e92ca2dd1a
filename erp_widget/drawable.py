"""Owns what is refused or left out before a chart is drawn: by its table, grammar and intent."""

from __future__ import annotations

from msgspec.structs import replace

from erp_widget.errors import InputError
from vizmodel.design import Design, Without
from vizmodel.form.bounds import with_bounds
from vizmodel.grammar.ranges import candle_body
from vizmodel.profile import Profile

#: Rules without which there is no picture; the others are about which pictures are good.
NEEDED = ("unknown_shape", "value_is_number_or_time", "aggregate_needs_numbers", "type_is_as_told")


def check_fields(design: Design, profile: Profile) -> None:
    """Refuse a chart of columns that a table does not have.

    Raises
    ------
    InputError
        The message names the column.
    """
    known = {column.name for column in profile.columns}
    for name in design.fields:
        if name not in known:
            raise InputError(f"the chart shows {name!r}, which this table does not have")


def check_legal(design: Design, profile: Profile, kept: bool = False) -> None:
    """Refuse a chart that the grammar forbids.

    Parameters
    ----------
    design, profile
        The chart, and the table that it is to be drawn of.
    kept
        Whether a person keeps it: then only what could not be drawn is refused.

    Raises
    ------
    InputError
        The message says which rule it breaks.
    """
    from vizmodel.grammar import CHART_RULES, ENCODING_RULES, violations

    check_fields(design, profile)
    sentences = {rule.name: rule.sentence for rule in ENCODING_RULES}
    sentences |= {rule.name: rule.sentence for rule in CHART_RULES}
    found = violations(design.upright(), profile)
    broken = [name for name in found if not kept or name in NEEDED]
    if broken:
        why = sentences.get(broken[0], "No chart has this mark with these channels.")
        raise InputError(
            f"this chart cannot be drawn: {why}{'' if kept else ' Choose something else'}"
        )


def without_unwanted(design: Design, profile: Profile, without: Without) -> Design:
    """Return a design without what stands beside its marks and nobody wants to see.

    Names, bounds and bodies that the table has no more do not stand there either.
    """
    style = design.style
    if style.names in without.columns or style.names != profile.named:
        style = replace(style, names=None)
    now = with_bounds(design.upright(), profile).style if style.around else style
    if style.around != now.around or not set(without.columns).isdisjoint(style.around):
        style = replace(style, bounds=None, margin=None, estimate=None)
    known = style.body is None or style.body == candle_body(design.upright(), profile)
    if not known or not set(without.columns).isdisjoint(style.body or ()):
        style = replace(style, body=None)
    return design if style == design.style else design.with_style(style)
