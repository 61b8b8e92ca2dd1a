"""Owns which figures are drawn with the bounds that a table gives of them: estimates, forecasts."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from vizmodel.design import Design, Encoding
from vizmodel.grammar.gathering import shown_fold
from vizmodel.profile import Profile
from vizmodel.profile.relations.ranges import Range
from vizmodel.worth.spreads import margins

#: Most marks that have a rule of their own; a line has a band.
MAX_RULES = 60
_MARKS = ("line", "point", "bar")


def with_bounds(design: Design, profile: Profile) -> Design:
    """Give a design the columns that its figures lie between, or that tell how far from them.

    A line gets a band, a bar or a point a rule from one to the other. Each figure stands for
    itself: summaries have bounds of their own, and what is piled up hides them. Of two gathered
    lines one may be what is expected of the other, with bounds.

    Parameters
    ----------
    design
        With what else its style says, in any orientation.
    profile
        Of its table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> from vizmodel.tokens import make_design
    >>> trial = {"arm": ["a", "b"], "mean": [2.5, 4.0], "lower": [1.5, 3.0], "upper": [3.5, 5.5]}
    >>> profile = profile_table(pa.table(trial))
    >>> bars = make_design("bar", profile, ("x", "arm", "category"), ("y", "mean", "value"))
    >>> with_bounds(bars, profile).style.bounds
    ('lower', 'upper')
    """
    around = _range_of(design, profile)
    margin = None if around is not None else _margin_of(design, profile)
    style = replace(
        design.style,
        bounds=None if around is None else (around.low, around.high),
        margin=margin,
        estimate=None if around is None or design.style.fold is None else around.middle,
    )
    return design if style == design.style else design.with_style(style)


def has_bounds(design: Design, profile: Profile) -> bool:
    """Whether a design without its style would be drawn with bounds."""
    return (_range_of(design, profile) or _margin_of(design, profile)) is not None


def _range_of(design: Design, profile: Profile) -> Range | None:
    """Return the columns that a chart's figures lie between, and what lies there; else None."""
    figure = _figure(design) if profile.ranges else None
    if figure is None:
        return None
    fold = shown_fold(design, profile)
    one = _range_around((str(figure.field),) if fold is None else fold.columns, profile)
    if one is None or not one.columns.isdisjoint(design.fields):
        return None
    if fold is not None:
        color = design.encoding("color")
        lines = design.mark == "line" and color is not None and color.field == fold.key
        return one if lines and figure.field == fold.value else None
    return one if _has_room(design, str(figure.field), profile) else None


def _margin_of(design: Design, profile: Profile) -> str | None:
    """Return the column that tells how far from a chart's figures their bounds lie; else None."""
    known = margins(profile)
    figure = _figure(design) if known else None
    if figure is None or shown_fold(design, profile) is not None:
        return None
    margin = known.get(str(figure.field))
    # Of a size on a logarithmic scale no margin reaches as far on either side.
    if margin is None or margin in design.fields or figure.channel in design.style.log:
        return None
    return margin if _has_room(design, str(figure.field), profile) else None


def bounded(design: Design) -> Encoding | None:
    """Return what a styled design shows the bounds of; None where it shows none."""
    return _figure(design) if design.style.around else None


def estimated(design: Design) -> str | None:
    """Return how a styled design calls the gathered rows of what has the bounds; None if all do."""
    fold, estimate = design.style.fold, design.style.estimate
    if fold is None or estimate is None:
        return None
    return fold.labels[fold.columns.index(estimate)]


def _figure(design: Design) -> Encoding | None:
    """Return what stands for single rows along an axis; None where rows are summarised."""
    if design.mark not in _MARKS or design.summarised or design.ends is not None:
        return None
    if design.mark == "bar" and design.encoding("color") is not None:
        return None
    # Of two numbers the upright one is the figure.
    places = [design.encoding(channel) for channel in ("y", "x")]
    known = [e for e in places if e is not None]
    if len(known) < 2 or any(e.bin for e in known):
        return None
    upright = not design.style.horizontal
    sizes = [e for e in (known if upright else known[::-1]) if e.transform == "value"]
    sizes = [e for e in sizes if e.field_type == "quantitative"]
    return sizes[0] if sizes else None


def _has_room(design: Design, figure: str, profile: Profile) -> bool:
    """Whether a rule on each mark can be seen; a line has a band."""
    many = design.mark != "line" and profile.n_rows > MAX_RULES
    return not (many or _is_scattered(design, figure, profile))


def _is_scattered(design: Design, figure: str, profile: Profile) -> bool:
    """Whether points stand upon each other, or along a size that nobody set: rules hide them."""
    if design.mark != "point":
        return False
    places = [e for e in design.encodings if e.channel in ("x", "y") and e.transform == "value"]
    columns = [profile.column(str(e.field)) for e in places]
    sized = all(c.is_size and not (c.is_time or c.axis or c.given) for c in columns)
    told = {profile.index(name) for name in design.fields if name != figure}
    return (len(columns) > 1 and sized) or not any(told.issuperset(key) for key in profile.keys)


def _range_around(names: Collection[str], profile: Profile) -> Range | None:
    """Return the widest range around the one of some columns that has any; none is an end of it."""
    found = [one for one in profile.ranges if one.middle in names]
    if len({one.middle for one in found}) != 1 or not all(
        r.columns.isdisjoint(names) for r in found
    ):
        return None
    return max(found, key=lambda r: profile.column(r.high).mean - profile.column(r.low).mean)
