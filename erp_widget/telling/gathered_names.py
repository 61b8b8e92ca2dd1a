"""Owns how gathered columns are named, of which "value by variable" says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from erp_widget.words import SUMMARY_WORDS, clean_name, is_share_of_ones
from vizmodel.design import Design, Encoding, Fold
from vizmodel.patterns import late_pattern
from vizmodel.profile import Profile
from vizmodel.profile.orders.labels import in_order
from vizmodel.profile.words import split_name
from vizmodel.seen_rows import plain_name

#: Names that gathered columns were given where their headers have none in common.
ANSWERS = ("answer", "level")
PLAIN_KEYS = ("variable", "series", "measurement", "item", "statement", "medal", *ANSWERS)
PLAIN_VALUES = ("value",)
#: What headers are that follow each other, of which the first and the last say all.
_CALENDAR = ("year", "month", "quarter", "week", "weekday", "day", "date", "season")
TIME_KEYS = (*_CALENDAR, "hour", "time", "age")
#: Columns that are all named, and else how many; letters that all of the names may have.
MAX_NAMED, SOME_NAMED, MAX_LETTERS = 4, 3, 44
#: Letters of what all names begin with, and is told once.
MAX_LEAD = 16
#: Letters of an axis up to which the columns themselves are its name.
MAX_AXIS = 30
#: Names of columns whose only text says what all numbers are.
MEASURE_NAME = late_pattern(
    r"\b(units?|measures?|indicators?|items?|metrics?|subjects?|einheit|unité|unidad|unità|eenheid)\b"
)
#: Words that columns may share without being of one kind.
PLAIN_WORDS = frozenset({"of", "the", "and", "in", "for", "by", "no", "total", "col", "column"})


def says_little(name: str, names: tuple[str, ...]) -> bool:
    """Whether a gathered column has no name of its own."""
    return plain_name(name) in names


def members(fold: Fold, cleaned: Callable[[str], str]) -> str:
    """Name gathered columns: all of a few, the first of many, both ends of a time.

    Examples
    --------
    >>> members(Fold(("Con", "Lab", "LD", "Green", "SNP"), "series", "value"), str)
    'Con, Lab, LD and 2 more'
    >>> members(Fold(("Coffee A", "Coffee B", "Coffee C"), "item", "rating", prefix="Coffee "), str)
    'Coffee A, B and C'
    >>> members(Fold(("2008", "2009", "2010"), "year", "value", "integer"), str)
    'columns 2008 to 2010'
    >>> members(Fold(("Fri", "Mon", "Sat", "Sun"), "weekday", "value"), str)
    'columns Mon to Sun'
    >>> members(Fold(("2012", "2022"), "year", "value", "integer"), str)
    '2012 and 2022'
    """
    if fold.couple:
        return _all_named(fold, cleaned)
    if fold.kind != "text" or says_little(fold.key, TIME_KEYS):
        ends = in_order(fold.columns) or fold.columns
        return f"columns {cleaned(ends[0])} to {cleaned(ends[-1])}"
    names, start = [cleaned(name) for name in fold.labels], _lead(fold, cleaned)
    all_named = _all_named(fold, cleaned)
    if len(names) <= MAX_NAMED and len(all_named) <= MAX_LETTERS:
        return all_named
    for some in range(min(SOME_NAMED, len(names) - 2), 0, -1):
        told = f"{start}{', '.join(names[:some])} and {len(names) - some} more"
        if len(told) <= MAX_LETTERS:
            return told
    return f"{len(names)} {'questions' if plain_name(fold.value) == 'answer' else 'columns'}"


def _lead(fold: Fold, cleaned: Callable[[str], str]) -> str:
    """Return what the names of all columns begin with, where it is short enough to be told."""
    lead = cleaned(fold.prefix).strip(" _-.:,") if fold.prefix else ""
    return f"{lead} " if lead and len(lead) <= MAX_LEAD else ""


def _all_named(fold: Fold, cleaned: Callable[[str], str]) -> str:
    names = [cleaned(name) for name in fold.labels]
    return _lead(fold, cleaned) + " and ".join((", ".join(names[:-1]), names[-1]))


def subject_of(fold: Fold, cleaned: Callable[[str], str]) -> str:
    """Say what is gathered, and what it measures where that has a name.

    Examples
    --------
    >>> subject_of(Fold(("train_loss", "val_loss"), "series", "loss", suffix="_loss"), str)
    'train and val loss'
    >>> subject_of(Fold(("pay men", "pay women"), "variable", "pay", prefix="pay "), str)
    'pay men and women'
    >>> subject_of(Fold(("loss", "val_loss"), "series", "value"), str)
    'loss and val_loss'
    >>> subject_of(Fold(("math", "reading", "art"), "variable", "score"), str)
    'score of math, reading and art'
    """
    names = members(fold, cleaned)
    if says_little(fold.value, PLAIN_VALUES):
        return names
    said, lead = cleaned(fold.value), _lead(fold, cleaned).strip()
    if lead and said.casefold().startswith(lead.casefold()) and not _are_counted(names):
        return names
    after = fold.suffix and not fold.prefix and cleaned(fold.suffix).strip(" _-.:,") == said
    return f"{names} {said}" if after and not _are_counted(names) else f"{said} of {names}"


def _are_counted(names: str) -> bool:
    """Whether gathered columns are too many to be named."""
    return names.startswith("columns ") or names.endswith((" columns", " questions", " more"))


def is_named(fold: Fold, cleaned: Callable[[str], str]) -> bool:
    """Whether all gathered columns have room to be named."""
    return not _are_counted(members(fold, cleaned))


def named_fold(design: Design) -> Fold | None:
    """Return what a chart gathers, where its columns are to be named; None where its own names do.

    A chart of the measures "score" of several subjects is named by these, and so is one along the
    cities that a cross table has in its headers. Courses of "value" are those of its columns,
    whatever these are called together.
    """
    fold = design.style.fold
    if fold is None or fold.value not in design.fields:
        return None
    if fold.couple:
        return fold
    told = fold.kind == "text" and not says_little(fold.key, (*PLAIN_KEYS, *TIME_KEYS))
    nameless = says_little(fold.value, PLAIN_VALUES)
    if told and fold.key in design.fields and not (nameless and _are_courses(design, fold)):
        return None
    return fold if nameless or says_little(fold.key, PLAIN_KEYS) else None


def _are_courses(design: Design, fold: Fold) -> bool:
    """Whether gathered columns have a line each along times."""
    x, color = design.encoding("x"), design.encoding("color")
    along = x is not None and x.field_type == "temporal"
    return along and color is not None and color.field == fold.key


def is_plain_key(design: Design, encoding: Encoding) -> bool:
    """Whether a channel shows gathered headers that have no name of their own, such as "series"."""
    fold = design.style.fold
    return fold is not None and encoding.field == fold.key and says_little(fold.key, PLAIN_KEYS)


def value_title(design: Design, encoding: Encoding, profile: Profile) -> str | None:
    """Return what an axis of gathered numbers is called; None where they have a name of their own.

    What the columns have in common says more than "value", such as a unit; so does what all rows
    are about, or else the columns themselves.

    Parameters
    ----------
    design, encoding, profile
        The chart, what stands on the axis, and the table.
    """
    fold = named_fold(design)
    if fold is None or encoding.field != fold.value or not says_little(fold.value, PLAIN_VALUES):
        return None
    share = design.style.stack == "normalize" or is_share_of_ones(encoding, profile)
    if share or encoding.discrete or encoding.aggregate in ("count", "distinct"):
        return None
    name, joint = _in_common(fold) or _measure_of_all(profile), " "
    if name is None:
        name, joint = members(fold, clean_name), " of "
        if len(name) > MAX_AXIS or name.endswith(" columns"):
            return None
    return f"{SUMMARY_WORDS[encoding.aggregate]}{joint}{name}" if encoding.aggregate else name


def _in_common(fold: Fold) -> str | None:
    """Return the words that the names of all gathered columns have, such as a unit.

    How important something is to people is no name of how many they are.
    """
    if says_little(fold.key, ANSWERS):
        return None
    first, *others = (re.findall(r"[^\W_]+|[%€$£°]", name) for name in fold.columns)
    told = [{word.lower() for word in words} for words in others]
    shared = [word for word in first if all(word.lower() in words for words in told)]
    telling = [w for w in shared if w.lower() not in PLAIN_WORDS and not w.isdecimal()]
    return " ".join(shared) if any(len(w) > 1 or not w.isalnum() for w in telling) else None


def _measure_of_all(profile: Profile) -> str | None:
    """Return what a column without other texts says of all rows, such as an indicator."""
    named = (c for c in profile.columns if c.only and MEASURE_NAME.search(split_name(c.name)))
    return next((clean_name(str(column.only)) for column in named), None)
