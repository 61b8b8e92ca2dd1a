"""Owns the titles of charts: what is shown, by what, split how."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from msgspec.structs import replace

from erp_widget.telling.bounded import WITH, bounds_name
from erp_widget.telling.gathered_names import (
    PLAIN_KEYS,
    PLAIN_VALUES,
    is_named,
    members,
    named_fold,
    says_little,
    subject_of,
)
from erp_widget.telling.mark_words import NAMES
from erp_widget.telling.quotes import with_quotes
from erp_widget.words import (
    SUMMARY_WORDS,
    amount,
    begun,
    called,
    channel_title,
    clean_name,
    holds_measure,
    is_share_of_ones,
    listed,
    measure_title,
    name_of,
    parts_are_answers,
    phrase,
    titled,
    unisolated,
    unit_word,
    where_words,
)
from vizmodel.design import Design, Encoding, Fold
from vizmodel.form.rates import ShareOf, as_rate
from vizmodel.patterns import late_pattern
from vizmodel.profile import Profile
from vizmodel.profile.layouts.common_ends import shared_ends
from vizmodel.profile.places import place_name
from vizmodel.profile.words import split_name

#: A name that says no more than when: of it a title need not speak.
PLAIN_TIME = late_pattern(
    r"((the|record|event|start|date|datum|fecha|data|time|timestamp|datetime|utc|local|at|on|ts"
    r"|day|week|month|year|quarter|period|ds|zeit|tag|jour|created|when|index|\d+)\s?)+",
    re.IGNORECASE,
)


def title(design: Design, profile: Profile | None = None) -> str:
    """Return a chart's title: what is shown, by what, split how.

    Examples
    --------
    >>> title(Design("bar", (Encoding("x", "city", "category", "nominal"),
    ...                      Encoding("y", None, "count", "quantitative"))))
    'Number of records by city'
    """
    # Titles are searched and compared.
    return unisolated(told_title(design, profile))


def told_title(design: Design, profile: Profile | None = None) -> str:
    """Return a chart's title as other sentences stand beside it: see `words.isolated`."""
    design = as_rate(design)
    told = profile is not None and any(holds_measure(name, profile) for name in design.fields)
    named = profile.within if profile is not None and told else ()
    where = where_words([held for held in titled(design.style.where) if held not in named])
    head = _gathered_headline(design, profile) or _headline(design, profile)
    plain = _without_plain_key(design, profile)
    bounds = f"{WITH}{name}" if (name := bounds_name(design, profile)) else ""
    whole = head + _split(plain, profile) + (f", {where}" if where else "") + bounds
    return with_quotes(whole, profile)


def told_apart(shown: Iterable[tuple[Design, Profile]], beside: Collection[str] = ()) -> list[str]:
    """Return the titles of a list's charts; one that an earlier chart has names its marks as well.

    Bars under a line of the same numbers, or a box plot under a histogram, look like a repetition.

    Parameters
    ----------
    shown
        The charts in their order, each with the profile of its table.
    beside
        Titles of other charts that are shown with them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = profile_table(pa.table({"pay": [1.5, 2.5, 4.5]}))
    >>> pay = Encoding("x", "pay", "value", "quantitative")
    >>> told_apart((Design(mark, (pay,)), table) for mark in ("point", "tick"))
    ['Values of pay', 'Values of pay (ticks)']
    """
    found: list[str] = []
    for design, profile in shown:
        plain = title(design, profile)
        is_taken = plain in found or plain in beside
        found.append(f"{plain} ({_marks(design)})" if is_taken else plain)
    return found


def _body_title(design: Design, profile: Profile | None) -> str:
    """Return the four prices of candlesticks; nothing of other charts."""
    if design.ends is None or design.style.body is None:
        return ""
    low, high = (str(end.field) for end in design.ends)
    first, last = design.style.body
    told = [called(name, profile) for name in (first, high, low, last)]
    # What all are of is told once.
    prefix, suffix = shared_ends(told)
    *names, final = (name[len(prefix) : len(name) - len(suffix)] for name in told)
    return f"{prefix}{', '.join(names)} and {final}{suffix}"


def _marks(design: Design) -> str:
    if design.style.body is not None:
        return "candlesticks"
    binned = design.mark == "bar" and any(e.bin for e in design.encodings)
    return "histogram" if binned else NAMES[as_rate(design).mark]


def _headline(design: Design, profile: Profile | None) -> str:
    summaries = _subjects(design)
    places = [e for e in design.encodings if e.channel in ("x", "y", "theta") and e.is_key]
    if design.mark == "boxplot":
        measure = next((e for e in places if e.transform == "value"), places[0])
        subject = f"Distribution of {name_of(measure, profile)}"
        return _by(subject, [e for e in places if e is not measure], profile)
    if design.mark == "arc":
        groups = [e for e in design.encodings if e.channel == "color"]
        return _by(f"Share of {_whole(design, profile)}", groups, profile)
    if design.ends is not None:
        places = [e for e in places if e not in design.ends]
        subject = _body_title(design, profile) or measure_title(design, design.ends[0], profile)
        timed = bool(places) and places[0].transform == "value"
        return f"{subject} over {name_of(places[0])}" if timed else _by(subject, places, profile)
    if not summaries:
        return _plain_headline(design, places, profile)
    if len(places) == 1 and places[0].bin and summaries[0].field is None:
        return f"Distribution of {name_of(places[0], profile)}"
    if len(summaries) == 2 and not places:
        y, x = summaries[1], summaries[0]
        return f"{channel_title(y, profile)} against {phrase(x, profile)}"
    return _by(measure_title(design, summaries[0], profile), places, profile)


def _gathered_headline(design: Design, profile: Profile | None) -> str | None:
    """Say which columns are gathered, where what they were called together says little."""
    fold = named_fold(design)
    told = [] if fold is None else [e for e in design.encodings if e.field == fold.value]
    summaries = _subjects(design)
    answers = parts_are_answers(design)
    if fold is None or len(told) != 1 or not (answers or _is_about(told[0], summaries)):
        return None
    value, names, subject = told[0], members(fold, clean_name), subject_of(fold, clean_name)
    places = [e for e in design.encodings if e.channel in ("x", "y") and e.is_key and e != value]
    places = [e for e in places if e.field != fold.key or not _is_plain(fold)]
    said = "" if says_little(fold.value, PLAIN_VALUES) else f" {clean_name(fold.value)}"
    if value.bin and summaries:
        return _by(f"Distribution of {subject}", places, profile)
    if answers:
        return _answers_headline(design, names, places, profile)
    if isinstance(value, ShareOf):
        return _by(f"{channel_title(value, profile)}, {names}", places, profile)
    if is_share_of_ones(value, profile):
        return _by(f"Share of yes for {names}", places, profile)
    if design.mark == "boxplot":
        return _by(f"Distribution of {subject}", places, profile)
    if value.aggregate is not None:
        return _by(f"{SUMMARY_WORDS[value.aggregate]}{said} of {names}", places, profile)
    if len(places) == 1 and places[0].field_type == "temporal":
        return f"{subject} over {name_of(places[0], profile)}"
    # A column's own name keeps its letters.
    if not said and (not is_named(fold, clean_name) or not (places or fold.couple)):
        subject = f"Values of {names}"
    return _by(subject if subject.startswith(names) else begun(subject), places, profile)


def _answers_headline(
    design: Design, names: str, places: list[Encoding], profile: Profile | None
) -> str | None:
    """Say whether answers to some items are counted, or another number is told by them."""
    measure = next(iter(_subjects(design)), None)
    if measure is not None and measure.field is None:
        told = "Share" if design.style.stack == "normalize" else "Number"
        return _by(f"{told} of answers to {names}", places, profile)
    groups = [e for e in places if e.transform != "value"]
    if design.mark == "boxplot" and len(groups) < len(places):
        boxed = next(e for e in places if e not in groups)
        subject = f"Distribution of {name_of(boxed, profile)}"
    elif measure is not None:
        subject = measure_title(design, measure, profile)
    else:
        return None
    return _by(f"{subject} by answers to {names}", groups, profile)


def _is_about(value: Encoding, summaries: list[Encoding]) -> bool:
    """Whether a chart shows these values, and not another number by them."""
    counted = all(one.field is None for one in summaries) and value.bin
    return not summaries or value in summaries or counted


def _without_plain_key(design: Design, profile: Profile | None) -> Design:
    """Return a chart without what a title has told already: which columns are gathered."""
    fold = named_fold(design)
    if fold is None or _gathered_headline(design, profile) is None:
        return design
    told = {fold.value, fold.key} if _is_plain(fold) else {fold.value}
    return replace(design, encodings=tuple(e for e in design.encodings if e.field not in told))


def _is_plain(fold: Fold) -> bool:
    """Whether the names of gathered columns say all that there is to say of their headers."""
    return fold.couple or says_little(fold.key, PLAIN_KEYS)


def _whole(design: Design, profile: Profile | None) -> str:
    """Say what the slices of a donut add up to."""
    return amount(design.encoding("theta") or design.encodings[0], profile)


def _subjects(design: Design) -> list[Encoding]:
    """Return the summaries a chart is about; sizes only where both axes show groups."""
    summaries = [e for e in design.encodings if e.aggregate]
    return [e for e in summaries if e.channel != "size"] or [
        e for e in summaries if all(p.transform != "value" for p in design.encodings[:2])
    ]


def _plain_headline(design: Design, places: list[Encoding], profile: Profile | None) -> str:
    if design.style.projected:
        return f"Map of {_places(design)}"
    if len(places) < 2:
        subject = places[0] if places else design.encodings[0]
        return f"Values of {name_of(subject, profile)}"
    x, y = places[0], places[1]
    if x.discrete and y.discrete:
        colored = design.encoding("color")
        if colored is not None:
            return _by(name_of(colored, profile), places, profile)
        return f"{name_of(y)} by {name_of(x)}"
    for size in _timeline(design):
        return f"{name_of(size, profile)} over {name_of(x, profile)} by {name_of(y, profile)}"
    measure, other = (x, y) if y.discrete or y.field_type == "temporal" else (y, x)
    if other.field_type == "temporal":
        return f"{name_of(measure, profile)} over {name_of(other, profile)}"
    grows = design.mark in ("line", "area", "bar")
    joint = "by" if other.discrete or other.bin or grows else "against"
    return f"{name_of(measure, profile)} {joint} {name_of(other, profile)}"


def _by(subject: str, groups: list[Encoding], profile: Profile | None) -> str:
    names = [_group(e, profile) for e in groups]
    if len(names) > 1 and len(set(names)) == 1:  # a matrix of things whose frame says what they are
        return f"{subject} by {names[0]}, each with each"
    return f"{subject} by {' and '.join(names)}" if names else subject


def _group(encoding: Encoding, profile: Profile | None) -> str:
    """Name a group; "year" alone says not of what, where there is a choice."""
    unit = unit_word(encoding, profile)
    if unit is None:
        return name_of(encoding, profile)
    columns = () if profile is None else profile.columns
    several = sum(column.kind == "time" for column in columns) > 1
    plain = PLAIN_TIME.fullmatch(split_name(str(encoding.field)))
    if plain and not several and all(column.name.lower() != unit for column in columns):
        return unit
    name = name_of(encoding, profile)
    if name.lower() == unit:
        return name  # the month of a month
    # A month of the year of a day would be one too many.
    return f"{name} ({unit})" if " of " in unit else f"{unit} of {name}"


def _split(design: Design, profile: Profile | None) -> str:
    parts = []
    told = [*_subjects(design), *_timeline(design)]
    groups: dict[str, None] = {}
    for encoding in design.encodings:
        on_title = design.mark == "arc" and encoding.channel == "color"
        if encoding in told or encoding.field is None or on_title:
            continue
        if encoding.channel in ("color", "shape") and encoding.discrete:
            groups[name_of(encoding, profile)] = None
        elif encoding.channel == "color" and design.mark != "rect":
            parts.append(f"coloured by {phrase(encoding, profile)}")
        elif encoding.channel == "size":
            parts.append(f"sized by {phrase(encoding, profile)}")
    if groups:
        parts.insert(0, f"split by {listed(list(groups))}")
    panels = [name_of(e, profile) for e in design.encodings if e.channel in ("row", "column")]
    if panels:
        parts.append(f"one panel per {' and '.join(panels)}")
    return "".join(f", {part}" for part in dict.fromkeys(parts))


def _places(design: Design) -> str:
    """Name the places of a map as their coordinates are named: "start" of "start_lat"."""
    whose = place_name(str(design.encodings[1].field))
    return f"places ({clean_name(whose)})" if whose else "places"


def _timeline(design: Design) -> list[Encoding]:
    """Return the size of bubbles along a time, which is what such a chart is about."""
    x, y, size = (design.encoding(channel) for channel in ("x", "y", "size"))
    if x is None or y is None or size is None or size.aggregate is not None:
        return []
    return [size] if y.discrete and x.field_type == "temporal" else []
