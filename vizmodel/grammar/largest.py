"""Owns bars of the largest rows of a table that names more of them than an axis holds."""

from __future__ import annotations

from vizmodel.design import Design
from vizmodel.grammar.gathering import shown_fold
from vizmodel.grammar.room import MAX_SHAPED_CATEGORIES
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import MAX_CATEGORIES
from vizmodel.profile.words import split_name

#: Bars that are read at a glance, of rows each of which has a name.
TOP_ROWS = 20
#: Of what is called so the least is best: nobody looks for the largest.
LESS_IS_BETTER = late_pattern(
    r"\b(loss(es)?|errors?|err|rmse|mse|mae|mape|nll|perplexity|wer|[pq] ?val(ue)?s?|fdr)$"
)
#: Different values from which the largest are few.
MIN_VALUES = 12


def shows_largest(design: Design, profile: Profile) -> bool:
    """Whether bars show the largest rows of a table that names too many for an axis.

    Rows of a wide table have one colour: they are there for what they have in common, too.
    """
    x, y = design.encoding("x"), design.encoding("y")
    if design.mark != "bar" or design.summarised:
        return False
    if x is None or y is None or x.field is None or y.field is None or x.field != profile.named:
        return False
    others = [e for e in design.encodings if e not in (x, y)]
    plain = x.transform == "category" and shown_fold(design, profile) is None
    names = profile.column(x.field)
    long = names.n_distinct > (MAX_SHAPED_CATEGORIES if profile.roomy else MAX_CATEGORIES)
    # Bars of one name would lie on top of each other.
    alone = not others or (profile.shaped and not shares_names(names))
    coloured = alone and all(e.channel == "color" and e.discrete for e in others)
    return plain and long and coloured and has_leaders(profile.column(y.field))


def has_leaders(column: ColumnProfile) -> bool:
    """Whether the largest of some numbers are few: not one in twenty, and one in four positive."""
    told = column.is_size and column.semantic != "sequence"
    told &= not LESS_IS_BETTER.search(split_name(column.name))
    differ = column.n_distinct >= MIN_VALUES and column.quantiles[-1] < column.maximum
    return told and differ and column.quantiles[3] > 0


def shares_names(column: ColumnProfile) -> bool:
    """Whether a few rows have the name of another."""
    return column.n_distinct < column.n_present
