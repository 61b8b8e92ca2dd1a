"""Owns what a list has of charts of gathered columns: one of them stands for several others."""

from __future__ import annotations

from vizmodel.candidates.layout_charts import tells_layout
from vizmodel.candidates.state_charts import has_names, is_range
from vizmodel.design import Design
from vizmodel.grammar.gathering import gathers_answers, gathers_flags, shown_fold
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.axes import ROWS
from vizmodel.worth.asides import shows_an_aside

#: Gathered series up to which one chart holds them all.
FEW_SERIES = 4


def sets_beside(design: Design, profile: Profile) -> bool:
    """Whether gathered columns stand side by side; a few of them in panels do not.

    Two do where the layout asks for it: many a chart of one of them says more than one of both.
    """
    fold = shown_fold(design, profile)
    if fold is not None and shows_an_aside(design, profile):
        return False
    if fold is not None and fold.couple:
        return tells_layout(design, profile) > 0 and not is_range(profile, fold)
    if fold is not None and gathers_flags(profile, fold) and design.mark != "bar":
        return False  # shares are told by bars
    panels = {e.field for e in design.encodings if e.channel in ("row", "column")}
    return fold is not None and not (fold.key in panels and len(fold.columns) <= FEW_SERIES)


def is_gathered_course(design: Design, profile: Profile) -> bool:
    """Whether each gathered column has a line in time: one chart where else it takes several.

    Two ends of a range have a band, and rows with names follow no time.
    """
    fold, color = shown_fold(design, profile), design.encoding("color")
    if fold is None or (fold.couple and (is_range(profile, fold) or has_names(profile))):
        return False
    if design.mark != "line" or design.summarised or color is None:
        return False
    if shows_an_aside(design, profile):
        return False
    x = design.encoding("x")
    along = x is not None and x.field is not None and _goes_on(profile.column(x.field), profile)
    return along and color.field == fold.key and len(design.encodings) == 3


def _goes_on(column: ColumnProfile, profile: Profile) -> bool:
    """Whether rows follow each other along a time, their own numbers, or what was swept first."""
    swept = column.position == 0 and column.kind == "number" and column.monotonic == 1.0
    swept = swept and profile.identifies_rows({column.name})
    return column.is_time or swept or (column.name == ROWS and column.semantic == "sequence")


def tells_items(design: Design, profile: Profile) -> bool:
    """Whether each item of a questionnaire has a bar: its mean, or its answers."""
    fold = shown_fold(design, profile)
    if fold is None or design.mark != "bar" or set(design.fields) != set(fold.pair):
        return False
    words = profile.column(fold.value).kind == "text"
    return gathers_answers(profile, fold) and any(
        e.transform == ("count" if words else "mean") for e in design.encodings
    )


def stands_for_many(design: Design, profile: Profile) -> bool:
    """Whether a chart tells at once what several charts of single columns would."""
    fold = shown_fold(design, profile)
    if fold is not None and is_range(profile, fold):
        return False
    if fold is None or not gathers_flags(profile, fold):
        asked = is_gathered_course(design, profile) or tells_items(design, profile)
        return asked or (fold is not None and tells_layout(design, profile) > 0)
    return design.mark == "bar" and len(design.encodings) == len(fold.pair)
