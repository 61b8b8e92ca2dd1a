"""Owns what a person may change of one chart: other forms of it, each legal for its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.design import (
    MARKS,
    TIME_UNITS,
    Channel,
    Design,
    Level,
    Mark,
    Transform,
    canonical,
)
from vizmodel.form.rates import rate_level, runs_in_time, two_parts
from vizmodel.form.style import styled
from vizmodel.grammar import violations
from vizmodel.profile import Profile
from vizmodel.tokens import make_encoding

Kind = Literal["axes", "mark", "aggregate", "time_unit", "sort", "parts", "color"]

#: How numbers are summarised.
SUMMARIES: tuple[Transform, ...] = ("value", "mean", "median", "sum", "min", "max", "distinct")
#: Marks that read as well on their side.
TURNED: tuple[Mark, ...] = ("point", "bar", "rect", "tick", "boxplot")
#: Channels whose transform may be changed.
PLACES: tuple[Channel, ...] = ("x", "y", "theta", "color", "size")
#: Most columns that are offered for colour, in the table's order.
MAX_COLOURS = 12
#: How a column may be coloured by.
COLOURED_AS: tuple[Transform, ...] = ("category", "value")


class Edit(Struct, frozen=True):
    """One change of a chart.

    Parameters
    ----------
    kind
        What is changed.
    choice
        What it becomes: a mark, a transform, a column's name, "swap", "measure" or "natural", "one"
        or "all" of two parts; empty for no colour.
    design
        The chart afterwards, as it is drawn.
    current
        Whether that is the chart as it is.
    """

    kind: Kind
    choice: str
    design: Design
    current: bool = False


def edits(design: Design, profile: Profile) -> tuple[Edit, ...]:
    """Return every change of a chart that the grammar allows.

    Parameters
    ----------
    design
        As it is drawn.
    profile
        Of its table.

    Returns
    -------
    tuple of Edit
        By kind; a kind with nothing to choose is left out, and so is all where the chart itself is
        none that the grammar knows.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.design import Encoding
    >>> from vizmodel.profile import profile_table
    >>> sales = [float(n * 7 % 31) for n in range(40)]
    >>> table = {"city": ["Rome", "Oslo"] * 20, "shop": ["a", "b", "b", "c"] * 10, "sales": sales}
    >>> profile = profile_table(pa.table(table | {"costs": sales[::-1]}))
    >>> bars = Design("bar", (Encoding("x", "city", "category", "nominal"),
    ...                       Encoding("y", "sales", "mean", "quantitative")))
    >>> [e.choice for e in edits(styled(bars, profile), profile) if e.kind == "aggregate"]
    ['mean', 'median', 'sum', 'min', 'max']
    """
    upright = design.upright()
    if violations(upright, profile):
        return ()
    found = [
        *_swapped(design, profile),
        *_marks(design, profile),
        *_kind("aggregate", design, profile, _transformed(upright, profile, SUMMARIES)),
        *_kind("time_unit", design, profile, _transformed(upright, profile, TIME_UNITS)),
        *_sorted(design, profile),
        *_parts(design, profile),
        *_kind("color", design, profile, _coloured(upright, profile)),
    ]
    return tuple(found)


# --- one kind after the other


def _swapped(design: Design, profile: Profile) -> list[Edit]:
    has_both = design.encoding("x") is not None and design.encoding("y") is not None
    if design.mark not in TURNED or not has_both:
        return []
    turned = styled(design.upright(), profile, turn=not design.style.horizontal)
    return [Edit("axes", "swap", _chosen_as(design, turned, profile))]


def _marks(design: Design, profile: Profile) -> list[Edit]:
    """Return the chart with each mark; the share of one part along a time is a line or bars."""
    upright = design.upright()
    found = _kind("mark", design, profile, [(m, _marked(upright, m, profile)) for m in MARKS])
    style = design.style
    if style.rate is None or not runs_in_time(design, profile):
        return found
    both: list[tuple[Mark, bool]] = [("bar", False), ("line", True)]
    told = [
        Edit("mark", mark, design.with_style(replace(style, course=line)), style.course == line)
        for mark, line in both
    ]
    return told + [one for one in found if one.choice not in ("bar", "line")]


def _sorted(design: Design, profile: Profile) -> list[Edit]:
    """Return both orders of groups on an axis: by the measure, or their own."""
    axis, other = ("y", "x") if design.style.horizontal else ("x", "y")
    groups, measure = design.encoding(_channel(axis)), design.encoding(_channel(other))
    if design.mark not in ("bar", "point", "boxplot") or groups is None or measure is None:
        return []
    if groups.transform != "category" or measure.field_type != "quantitative":
        return []
    if design.mark == "point" and measure.aggregate is None:
        return []
    return [
        Edit(
            "sort",
            name,
            design.with_style(replace(design.style, sort=sort)),
            current=design.style.sort == sort,
        )
        for name, sort in (("measure", groups.channel), ("natural", None))
    ]


def _parts(design: Design, profile: Profile) -> list[Edit]:
    """Return both ways to tell shares of two parts: that of one, and all of full bars."""
    column = two_parts(design, profile)
    if column is None or design.style.stack != "normalize":
        return []
    told = design.style.rate
    level = rate_level(design, profile) if told is None else told
    level = column.rarer if level is None else level
    return [
        Edit(
            "parts",
            name,
            _sharing(rate, design, design, profile),
            current=(told is None) == (rate is None),
        )
        for name, rate in (("one", level), ("all", None))
    ]


def _channel(name: str) -> Channel:
    return "y" if name == "y" else "x"


def _marked(design: Design, mark: Mark, profile: Profile) -> Design | None:
    """Return a chart of another mark with the same columns: as it is, else as that mark wants."""
    if mark == design.mark:
        return design
    moved = _moved(design, mark)
    for candidate in (moved, *_summarised_anew(moved, profile)):
        if not violations(candidate, profile):
            return candidate
    return None


def _moved(design: Design, mark: Mark) -> Design:
    """Return a chart with another mark; slices have no axes, so what was on them moves."""
    to: dict[Channel, Channel] = {}
    if mark == "arc":
        to = {"x": "color", "y": "theta"}
    elif design.mark == "arc":
        to = {"color": "x", "theta": "y"}
    moved = (replace(e, channel=to.get(e.channel, e.channel)) for e in design.encodings)
    return Design(mark, canonical(moved))


def _summarised_anew(design: Design, profile: Profile) -> Iterator[Design]:
    """Return the same columns with the measure as it is, or summarised in the common ways."""
    for at, encoding in enumerate(design.encodings):
        if encoding.field is None or profile.column(encoding.field).kind != "number":
            continue
        choices: tuple[Transform, ...] = ("value", "mean", "sum")
        for transform in choices:
            yield _with(design, at, transform, profile)


def _transformed(
    design: Design, profile: Profile, choices: Sequence[Transform]
) -> list[tuple[str, Design | None]]:
    """Return the chart with each transform of the one encoding that allows another."""
    # The measure stands on the last of the axes.
    for at, encoding in reversed(list(enumerate(design.encodings))):
        if encoding.channel in PLACES and encoding.field and encoding.transform in choices:
            found = [(name, _with(design, at, name, profile)) for name in choices]
            legal: list[tuple[str, Design | None]] = [
                (name, one) for name, one in found if not violations(one, profile)
            ]
            if len(legal) > 1:
                return legal
    return []


def _with(design: Design, at: int, transform: Transform, profile: Profile) -> Design:
    old = design.encodings[at]
    made = make_encoding(old.channel, old.field, transform, profile)
    return replace(design, encodings=(*design.encodings[:at], made, *design.encodings[at + 1 :]))


def _coloured(design: Design, profile: Profile) -> list[tuple[str, Design | None]]:
    """Return the chart without colour and with each column as colour."""
    color = design.encoding("color")
    plain = replace(design, encodings=tuple(e for e in design.encodings if e != color))
    found: list[tuple[str, Design | None]] = [("", plain)]
    names = [c.name for c in profile.columns if c.usable and c.name not in plain.fields]
    if color is not None and color.field is not None:
        names = list(dict.fromkeys([color.field, *names]))
    for name in names:
        for transform in COLOURED_AS:
            made = make_encoding("color", name, transform, profile)
            # The chart as it is, however its colour is summarised.
            if color is not None and color.field == name:
                made = color
            candidate = replace(plain, encodings=canonical((*plain.encodings, made)))
            if not violations(candidate, profile):
                found.append((name, candidate))
                break
    return found[: MAX_COLOURS + 1]


# --- what all kinds share


def _kind(
    kind: Kind, design: Design, profile: Profile, choices: Sequence[tuple[str, Design | None]]
) -> list[Edit]:
    """Return the legal ones among choices, drawn; none where there is nothing to choose."""
    upright = design.upright()
    found = []
    for choice, changed in choices:
        if changed is None or violations(changed, profile):
            continue
        current = changed.mark == upright.mark and changed.encodings == upright.encodings
        drawn = design if current else _drawn(changed, design, profile)
        found.append(Edit(kind, choice, drawn, current))
    return found if any(not one.current for one in found) else []


def _drawn(changed: Design, before: Design, profile: Profile) -> Design:
    """Style a changed chart, on the side that a person chose before, if they did."""
    usual = styled(before.upright(), profile).style.horizontal
    turn = before.style.horizontal if before.style.horizontal != usual else None
    drawn = styled(changed, profile, turn if changed.mark in TURNED else None)
    return _chosen_as(before, drawn, profile)


def _chosen_as(before: Design, changed: Design, profile: Profile) -> Design:
    """Return a chart with all that a person chose for the one before it."""
    held = held_as(before, changed)
    return _told_as(before, _ordered_as(before, held, profile), profile)


def _ordered_as(before: Design, changed: Design, profile: Profile) -> Design:
    """Return a chart with its groups in the order that a person chose, if it is not the usual."""
    usual = styled(before.upright(), profile, before.style.horizontal).style
    if (before.style.sort is None) == (usual.sort is None):
        return changed
    chosen = "natural" if before.style.sort is None else "measure"
    orders = _sorted(changed, profile)
    return next((edit.design for edit in orders if edit.choice == chosen), changed)


def _told_as(before: Design, changed: Design, profile: Profile) -> Design:
    """Return a chart that tells as many of two parts as the one before it did."""
    same = before.encoding("color") == changed.encoding("color")
    if not same or before.style.stack != "normalize" or changed.style.stack != "normalize":
        return changed
    return _sharing(before.style.rate, changed, before, profile)


def _sharing(rate: Level | None, changed: Design, before: Design, profile: Profile) -> Design:
    """Return a chart that tells the share of one part; bars that a person chose stay bars."""
    chose_bars = before.style.rate is not None and not before.style.course
    bars = chose_bars and runs_in_time(before, profile)
    course = rate is not None and not bars and runs_in_time(changed, profile)
    return changed.with_style(replace(changed.style, rate=rate, course=course))


def held_as(before: Design, changed: Design) -> Design:
    """Return a chart that holds columns at the values that a person chose for the one before."""
    chosen = {held.column: held for held in before.style.where}
    where = tuple(chosen.get(held.column, held) for held in changed.style.where)
    return changed.with_style(replace(changed.style, where=where))
