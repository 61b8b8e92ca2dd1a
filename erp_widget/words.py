"""Owns what columns, axes and legends are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from vizmodel.design import Design, Encoding, Held, Level
from vizmodel.form.rates import ShareOf
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import Kind
from vizmodel.profile.layouts.mixtures import is_any_number
from vizmodel.profile.reading.clocks import DURATIONS, tells_minutes
from vizmodel.seen_rows import plain_name

SUMMARY_WORDS = {
    "mean": "Mean",
    "median": "Median",
    "sum": "Total",
    "min": "Smallest",
    "max": "Largest",
    "distinct": "Distinct values of",
}
#: A time unit after "by" in a title, and behind the column's name on an axis.
UNIT_WORDS = {
    "year": "year",
    "quarter": "quarter of the year",
    "month": "month of the year",
    "yearmonth": "month",
    "yearmonthdate": "day",
    "day": "weekday",
    "hours": "hour of the day",
}
MAX_NAME_LENGTH = 48
#: Characters that a name may be longer before it is cut, and most of a word that are cut with it.
SLACK, MAX_REST = 8, 16
#: A level that rows have in common is often the only name of what is shown.
MAX_LEVEL_LENGTH = 90
#: What a frame's index is called that has no name in its file, by what it holds.
INDEX_WORDS: dict[Kind, str] = {"text": "name", "time": "time", "number": "row"}
#: Columns of whose totals a title speaks.
MAX_WHOLE_NAMES = 3
#: Columns whose totals a note names.
MAX_LISTED = 5
#: Words of a name that a sentence holds without quotes, what is in brackets left out.
MAX_WORDS = 3
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
RECORDS = "Number of records"
#: Characters of what is written from right to left, in the words of Unicode.
RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
#: Between these, text has a direction of its own and leaves what is around it in place.
ISOLATE, ISOLATE_END = "\u2068", "\u2069"
_UNISOLATED = str.maketrans("", "", ISOLATE + ISOLATE_END)


def clean_name(name: str, longest: int = MAX_NAME_LENGTH) -> str:
    r"""Return a column's name on one line and not too long; its characters stay text.

    What is written from right to left is isolated from the sentence about it.

    Examples
    --------
    >>> clean_name("two\nlines")
    'two lines'
    """
    name = plain_name(name)
    text = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    text = text or ascii(name)[1:-1] or "(no name)"
    return isolated(text if len(text) <= longest + SLACK else f"{_begin(text, longest - 1)}…")


def _begin(text: str, longest: int) -> str:
    """Return what a text begins with, up to the end of a word where one is near."""
    words, _, rest = text[: longest + 1].rpartition(" ")
    return (words if len(rest) <= MAX_REST else text[:longest]).rstrip(" ,;:-")


def isolated(text: str) -> str:
    r"""Return a name or a value whose right-to-left part moves no figure that stands beside it.

    Without, "77% in A, 20% in B" is painted with the figures beside the wrong names. Any other text
    is returned as it is.

    Examples
    --------
    >>> isolated("Rome"), isolated("\u05ea\u05dc 5"), isolated("Total \u05ea\u05dc (EUR)")
    ('Rome', '\u2068\u05ea\u05dc 5\u2069', 'Total \u2068\u05ea\u05dc\u2069 (EUR)')
    """
    if text.isascii():
        return text
    ways = [unicodedata.bidirectional(letter) for letter in text]
    turned = [at for at, way in enumerate(ways) if way in RIGHT_TO_LEFT]
    if not turned:
        return text
    # A name that begins from left to right stays as it is, but for the part that does not.
    inside = "L" in ways[: turned[0]]
    start, stop = (turned[0], turned[-1] + 1) if inside else (0, len(text))
    return f"{text[:start]}{ISOLATE}{text[start:stop]}{ISOLATE_END}{text[stop:]}"


def unisolated(text: str) -> str:
    """Return a text as it is searched, compared and written in code."""
    return text.translate(_UNISOLATED)


def spoken(name: str) -> str:
    """Return a column's clean name as a sentence holds it: in quotes where it has many words.

    Examples
    --------
    >>> spoken("price per unit (EUR)"), spoken("I am satisfied with my work")
    ('price per unit (EUR)', '“I am satisfied with my work”')
    """
    clean = clean_name(name)
    return f"“{clean}”" if is_long(clean) else clean


def is_long(name: str) -> bool:
    """Whether a clean name has so many words that a sentence needs quotes about it, or asks."""
    words = _BRACKETS.sub(" ", name).split()
    return len(words) > MAX_WORDS or (len(words) > 1 and name.endswith("?"))


def begun(text: str) -> str:
    """Return a text as a sentence begins.

    Examples
    --------
    >>> begun("the 12 largest of 90")
    'The 12 largest of 90'
    """
    return f"{text[:1].upper()}{text[1:]}"


def channel_title(encoding: Encoding, profile: Profile | None = None) -> str:
    """Return the title of an axis or a legend.

    Examples
    --------
    >>> channel_title(Encoding("y", "price", "mean", "quantitative"))
    'Mean price'
    """
    if encoding.field is None:
        return RECORDS
    name = name_of(encoding, profile)
    if encoding.aggregate == "count":
        return RECORDS
    if isinstance(encoding, ShareOf):
        level = clean_name(level_text(encoding.level))
        return f"Share with {name_of(encoding, profile)} = {level}"
    if is_share_of_ones(encoding, profile):
        said = profile is not None and profile.gathered_as(encoding.field) is not None
        return f"Share of {name}" if said else f"Share with {name} = 1"
    if encoding.aggregate == "sum" and name.lower().startswith("total"):
        return f"Sum of {name}"
    if encoding.aggregate:
        word = SUMMARY_WORDS[encoding.aggregate]
        of = " of" if name.lower().startswith(word.lower()) else ""
        return f"{word}{of} {name}{_unit(encoding, profile)}"
    if encoding.time_unit:
        unit = unit_word(encoding, profile)
        return name if name.lower() == unit else f"{name} ({unit})"
    return f"{name}{_unit(encoding, profile)}"


def unit_word(encoding: Encoding, profile: Profile | None = None) -> str | None:
    """Return what a time unit is called; None where a channel has none. Quarters stay quarters."""
    column = _column(encoding, profile)
    if encoding.time_unit == "yearmonth" and column is not None and column.by_quarters:
        return "quarter"
    return UNIT_WORDS.get(encoding.transform)


def level_text(level: Level) -> str:
    """Return a level as charts label it.

    Examples
    --------
    >>> level_text(True), level_text(1), level_text("yes")
    ('true', '1', 'yes')
    """
    return str(level).lower() if isinstance(level, bool) else str(level)


def measure_title(design: Design, encoding: Encoding, profile: Profile | None = None) -> str:
    """Return what an encoding of a chart shows, as shares where its parts are drawn as such.

    Examples
    --------
    >>> from vizmodel.design import Style
    >>> count = Encoding("y", None, "count", "quantitative")
    >>> measure_title(Design("bar", (count,), Style(stack="normalize")), count)
    'Share of records'
    """
    if design.ends is not None and encoding is design.ends[0]:
        low, high = design.ends
        return f"{channel_title(low, profile)} to {phrase(high, profile)}"
    if design.style.stack != "normalize" or encoding.aggregate not in ("count", "sum"):
        return channel_title(encoding, profile)
    return f"Share of {'answers' if parts_are_answers(design) else amount(encoding, profile)}"


def parts_are_answers(design: Design) -> bool:
    """Whether the parts of bars are how items of a questionnaire were answered."""
    fold, color = design.style.fold, design.encoding("color")
    return fold is not None and color is not None and color.field == fold.value and color.discrete


def phrase(encoding: Encoding, profile: Profile | None = None) -> str:
    """Return a channel's title within a sentence; a column's own name keeps its letters.

    Examples
    --------
    >>> phrase(Encoding("y", "Price", "mean", "quantitative"))
    'mean Price'
    """
    text = channel_title(encoding, profile)
    if encoding.aggregate == "distinct":
        return f"number of {text[0].lower()}{text[1:]}"
    ours = encoding.field is None or encoding.aggregate is not None
    return text[0].lower() + text[1:] if ours else text


def is_share_of_ones(encoding: Encoding, profile: Profile | None) -> bool:
    """Whether a mean is the share of ones in a column of zeros and ones, or of one level."""
    if isinstance(encoding, ShareOf):
        return True
    column = _column(encoding, profile)
    if column is None or encoding.aggregate != "mean":
        return False
    return column.integer and column.zero_one


def _unit(encoding: Encoding, profile: Profile | None) -> str:
    """Say "%" where the values are percentages and the name does not say so, or how clocks are."""
    column = _column(encoding, profile)
    if column is not None and column.written in DURATIONS and encoding.aggregate != "distinct":
        return " (min:s)" if tells_minutes(column.written) else " (h:min)"
    if column is None or column.semantic != "percent" or encoding.discrete:
        return ""
    share = "share" in column.name.lower() and not _says_percent(column.name)
    return " (%)" if column.maximum > 1.5 and share else ""


def written_unit(encoding: Encoding, profile: Profile, title: str) -> str:
    """Return the unit or money that a table's numbers bear, where no name says it; else nothing.

    Axes have it. Titles and sentences go without: figures in sentences have it themselves.

    Parameters
    ----------
    encoding, profile
        What is shown, of which table.
    title
        What it is called: of gathered columns what their names have in common.
    """
    column = _column(encoding, profile)
    if column is None or not column.unit or encoding.discrete or _unit(encoding, profile):
        return ""
    if encoding.aggregate in ("count", "distinct") or isinstance(encoding, ShareOf):
        return ""
    shares = column.unit == "%" and (column.maximum <= 1.5 or _says_percent(column.name))
    told = re.compile(rf"(^|[\W_]){re.escape(column.unit)}[\W_]*$", re.IGNORECASE)
    named = told.search(column.name) or told.search(title)
    return "" if named or shares else column.unit


def _says_percent(name: str) -> bool:
    lowered = name.lower()
    return "%" in lowered or "percent" in lowered or "pct" in lowered


def _column(encoding: Encoding, profile: Profile | None) -> ColumnProfile | None:
    if profile is None or encoding.field is None:
        return None
    try:
        return profile.column(encoding.field)
    except KeyError:
        return None


def titled(where: Sequence[Held]) -> tuple[Held, ...]:
    """Return which of the levels that rows have in common a title tells; a note tells the others.

    Examples
    --------
    >>> [one.level for one in titled((Held("sex", None), Held("kind", "rate")))]
    ['rate']
    """
    kept = tuple(held for held in where if not held.but)
    named = tuple(held for held in kept if held.level is not None)
    return named[:1] or kept[:MAX_WHOLE_NAMES]


def where_words(where: Sequence[Held]) -> str:
    """Say at which levels columns are held; no value is the total of all.

    Examples
    --------
    >>> where_words((Held("sex", "Total"), Held("age", None), Held("region", None)))
    'where sex is Total, for all of age and region'
    >>> where_words([Held(name, None) for name in "abcdefgh"])
    'for all of a, b, c, d and 4 other columns'
    >>> where_words([Held("country", "World", but=True)])
    'without World'
    """
    named = [
        f"{spoken(held.column)} is {clean_name(str(held.level), MAX_LEVEL_LENGTH)}"
        for held in where
        if held.level is not None and not held.but
    ]
    whole = [spoken(held.column) for held in where if held.level is None]
    parts = [f"where {listed(named)}"] if named else []
    left = [clean_name(str(held.level), MAX_LEVEL_LENGTH) for held in where if held.but]
    if len(left) > MAX_LISTED:
        left = [*left[: MAX_LISTED - 1], f"{len(left) - MAX_LISTED + 1} more"]
    parts += [f"without {listed(left)}"] if left else []
    if len(whole) > MAX_LISTED:
        more = len(whole) - MAX_LISTED + 1
        whole = [*whole[: MAX_LISTED - 1], f"{more} other columns"]
    return ", ".join([*parts, f"for all of {listed(whole)}"] if whole else parts)


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def amount(encoding: Encoding, profile: Profile | None) -> str:
    """Name what is divided into shares."""
    if encoding.field is None or encoding.aggregate == "count":
        return "records"
    name = name_of(encoding, profile)
    return name if name.lower().startswith("total") else phrase(encoding, profile)


def name_of(encoding: Encoding, profile: Profile | None = None) -> str:
    """Return the clean name of an encoding's column, or of the measure that its numbers are.

    Examples
    --------
    >>> name_of(Encoding("y", "net  price", "value", "quantitative"))
    'net price'
    """
    return called(encoding.field or "records", profile)


def called(name: str, profile: Profile | None = None) -> str:
    """Return the clean name of a column, or of the measure that its numbers are.

    Where only the rows of one measure of a long table are shown, "value" says nothing; nor does
    the name that the first column gets where a frame's index left it without one.
    """
    if profile is None:
        return clean_name(name)
    if profile.within and not profile.leaves_wholes and holds_measure(name, profile):
        return clean_name(str(profile.within[0].level), MAX_LEVEL_LENGTH)
    first = profile.columns[0]
    if name == first.name and first.unnamed:
        if first.semantic == "year":
            return "year"
        counts = first.integer and first.n_distinct == first.n_present
        if counts or first.kind in ("text", "time"):
            return INDEX_WORDS[first.kind]
    return clean_name(name)


def holds_measure(name: str, profile: Profile) -> bool:
    """Whether a column, and none beside it, holds the measure of a part of a long table."""
    return [c.name for c in profile.columns if is_any_number(c)] == [name]
