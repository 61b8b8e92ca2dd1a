"""Owns the reading of headers: which names of columns are values of one variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.layouts.common_ends import PART, ends_around_quarters, shared_ends
from vizmodel.profile.layouts.header_words import kind_of, value_name, words_of
from vizmodel.profile.layouts.horizons import Horizons, horizons
from vizmodel.profile.layouts.visits import Visits, visits
from vizmodel.profile.orders.labels import order_of
from vizmodel.profile.orders.occasions import names_occasion, occasion_places
from vizmodel.profile.orders.opinions import opinion_places
from vizmodel.profile.orders.scales import may_be_step, scale_of
from vizmodel.profile.reading.counted_times import FIRST_YEARS
from vizmodel.profile.reading.time_forms import plain
from vizmodel.profile.reading.times import ISO, time_format
from vizmodel.profile.words import SEQUENCE_NAME, split_name
from vizmodel.seen_rows import FoldKind

MIN_GROUP = 3
YEAR = late_pattern(r"(?:1[89]|20)\d\d")
#: The same as the World Bank writes it.
TWICE_A_YEAR = late_pattern(r"(\d{4}) \[YR\1\]")
#: Years before those that are told by their digits alone.
OLD_YEAR = late_pattern(r"1\d\d\d|20\d\d")
#: The shortest date, 1-Jan-05, has three; a month of a year has two.
DIGIT, LEAST_DIGITS = late_pattern(r"\d"), 3
SHORT_MONTH = late_pattern(r"[a-z]{3}[-' /.]+\d\d")
#: Seasons and years of account, as 2019/20.
YEAR_SPAN = late_pattern(r"(?:FY ?)?(?:1[89]|20)\d\d ?[-/–] ?(?:\d\d|\d{4})")
#: Times of day, and ages or sizes from one number to another.
CLOCK = late_pattern(r"(?:[01]?\d|2[0-4])[:h][0-5]\d")
RANGE = late_pattern(
    r"(?:[<>≤≥] ?)?\d+(?: ?[-–] ?\d+| ?\+| to \d+)?(?: and over| years?)?", re.IGNORECASE
)
#: Headers that count from nought or one: how many there are says what is counted.
COUNTED = {24: "hour", 28: "day", 29: "day", 30: "day", 31: "day", 52: "week", 53: "week"}
#: What comes after one another in the calendar, whatever columns stand beside it.
CALENDAR = frozenset({"year", "quarter", "month", "week", "weekday", "date", "day", "hour"})
#: What occasions are called on which the same was measured again.
OCCASION = "time"
#: Headers of what sums up or bounds the others: such columns belong together, but are not alike.
#: All others are what is left of the parts, and not at all is an answer.
SUMMARIES = late_pattern(
    r"\b(?:totals?|tot|sum|(?<!at )all(?! others?\b)|overall|annual|yearly|whole year"
    r"|gesamt|insgesamt|summe|jahr|anual|annuel|(?<!rest of )(?<!rest of the )world|averages?|avg"
    r"|means?|medians?|min|minimum|max|maximum"
    r"|lower|upper|low|high|bottom|top|std|sd|se|stderr|ci|lci|hci|uci|number|num|count|n|m"
    r"|lat|latitude|lon|lng|longitude|running|ma\d*)\b"
)
#: Units that headers end in; they name no measure by themselves.
UNITS = late_pattern(
    r"mm|cm|m|km|in|inch|ft|g|kg|mg|lb|s|sec|ms|min|h|hours|usd|eur|gbp|pct|percent|c|f|[kmgt]wh?"
    r"|[kmg]?t|bn|mn|mio|mrd",
    re.IGNORECASE,
)
#: Last words of headers that say what is measured: what has another unit is no like column.
QUANTITIES = {
    word: kind
    for kind, said in {
        "angle": "dir direction angle bearing heading azimuth deg degrees aspect slope",
        "speed": "speed velocity gust gusts acceleration",
        "length": "length width height depth thickness diameter radius perimeter distance",
        "area": "area surface",
        "volume": "volume capacity",
        "mass": "weight mass",
        "time": "time duration hours minutes seconds days age",
        "money": "price prices cost costs revenue income salary wage usd eur",
        "share": "pct percent percentage rate ratio share proportion fraction",
        "heat": "temp temperature",
        "pressure": "pressure",
        "damp": "humidity humid dewpoint",
    }.items()
    for word in said.split()
}

Evidence = Literal["time", "told", "parts", "plans", "word", "none", "states", "ends"]


class Header(Struct, frozen=True):
    """Columns whose names hold the values of one variable.

    Parameters
    ----------
    names
        Of the columns.
    key, value
        What to call the variable in the headers, and the measure.
    kind
        What the headers are, once prefix and suffix are taken off.
    prefix, suffix
        What all names begin and end with.
    format
        How dates are written, as `parse_time` reads them.
    baseline
        The one that stands for nought, whatever it is called.
    evidence
        What says that the columns are alike: points in time or steps of a scale, who made the
        table, that they add up, that they are what was planned and what came, a shared word,
        nothing, states that are set against each other, or that they are the ends of a range.
    """

    names: frozenset[str]
    key: str
    value: str
    kind: FoldKind = "text"
    prefix: str = ""
    suffix: str = ""
    format: str | None = None
    baseline: str | None = None
    evidence: Evidence = "word"


def headings(names: Sequence[str], series: Sequence[Header] = ()) -> Iterator[Header]:
    """Yield the groups of columns that their names put together.

    Parameters
    ----------
    names
        Of the columns that may be gathered.
    series
        Groups that other evidence puts together; a group within one of them is no group.

    Examples
    --------
    >>> next(headings(["2019", "2020", "2021"])).key
    'year'
    >>> found = next(headings(["score_math", "score_read", "score_art"]))
    >>> found.value, found.prefix
    ('score', 'score_')
    """
    groups = [group for group in dict.fromkeys(_groups(names)) if len(group) >= MIN_GROUP]
    spans = [_spanned(one) for one in horizons(names)]
    counted = [counted_headers(one) for one in visits(names) if len(one.names) >= MIN_GROUP]
    counted = spans + [one for one in counted if all(one.names != other.names for other in spans)]
    read = [found for group in groups if (found := read_headers(group, names)) is not None]
    stems = (found for group in _of_stems(names) if (found := read_headers(group, names)))
    read += [found for found in stems if found.evidence == "time"]
    read += series
    known = {one.names for one in counted}
    read = counted + [one for one in read if one.names not in known]
    # Of "q1" to "q6" the first four are no quarters; months stay months beside other numbers.
    yield from (one for one in read if not any(_holds(other, one) for other in read))


def _spanned(one: Horizons) -> Header:
    """Return what the headers of a measure over several spans of time are."""
    names, value = frozenset(one.names), one.value or "value"
    return Header(names, "period", value, "text", one.prefix, one.suffix, evidence="time")


def counted_headers(one: Visits) -> Header:
    """Return what the headers of a measure at several visits are."""
    names, ends = frozenset(one.names), (one.prefix, one.suffix)
    return Header(
        names, one.key, one.value, "integer", *ends, baseline=one.baseline, evidence="time"
    )


def _holds(other: Header, one: Header) -> bool:
    """Whether a group is a part of another, and nothing but that."""
    sure = one.key in (*CALENDAR, OCCASION) or one.evidence in ("told", "parts")
    measured = bool(one.prefix or one.suffix)
    vague = other.evidence == "none" or (other.evidence == "word" and measured)
    return one.names < other.names and not (sure and vague)


def _groups(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield names that are values by themselves, and those that share a first or a last part."""
    for form in (YEAR, YEAR_SPAN, CLOCK, RANGE):
        yield tuple(name for name in names if form.fullmatch(name.strip()))
    yield tuple(name for name in names if time_format_of([name]) is not None)
    yield tuple(filter(names_occasion, names))
    yield from _of_one_scale(names)
    parts = {name: PART.findall(name) for name in names}
    for end in (0, -1):
        shared: dict[str, list[str]] = {}
        for name in names:
            if len(parts[name]) >= 2:
                shared.setdefault(parts[name][end].lower(), []).append(name)
        yield from map(tuple, shared.values())


def _of_stems(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield names that differ in their last part alone, or in their first: rt_cong_pre, _post."""
    shared: dict[tuple[str, str], list[str]] = {}
    for name in names:
        parts = list(PART.finditer(name))
        if len(parts) > MIN_GROUP - 1:
            shared.setdefault((name[: parts[-1].start()], ""), []).append(name)
            shared.setdefault(("", name[parts[0].end() :]), []).append(name)
    yield from (tuple(group) for group in shared.values() if len(group) >= MIN_GROUP)


def _of_one_scale(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the names that are months, weekdays, or steps of another known scale."""
    left = [name for name in names if may_be_step(_in_english(name))]
    while len(left) >= MIN_GROUP:
        first = left.pop(0)
        same = [first, *(other for other in left if _scale([first, other]) is not None)]
        if len(same) >= MIN_GROUP and _scale(same) is not None:
            yield tuple(same)
            left = [name for name in left if name not in same]


def _in_english(name: str) -> str:
    """Return a name that is a month in another language as the English one."""
    return name if DIGIT.search(name) else plain(name.strip())


def _scale(names: Sequence[str]) -> tuple[str, ...] | None:
    return scale_of([*map(_in_english, names)])


def _counted_or_ranged(group: tuple[str, ...]) -> str | None:
    """Return what headers are that count hours or days, are clocks, or go from a to b."""
    if all(name.strip().isdigit() for name in group):
        return COUNTED.get(len(group)) if counts_from_start(group) else None
    if all(CLOCK.fullmatch(name.strip()) for name in group):
        return "time of day"
    ranged = all(RANGE.fullmatch(name.strip()) for name in group)
    found = order_of(group) if ranged else None
    return None if found is None or found[0] != "steps" else "range"


def counts_from_start(names: Sequence[str]) -> bool:
    """Whether three names and more are whole numbers that count on from nought or one.

    Examples
    --------
    >>> counts_from_start(["0", "2", "1"]), counts_from_start(["10", "20", "30"])
    (True, False)
    """
    if len(names) < MIN_GROUP or not all(name.strip().isdigit() for name in names):
        return False
    numbers = sorted(map(int, names))
    return numbers[0] in (0, 1) and numbers == [*range(numbers[0], numbers[0] + len(names))]


def _read_whole(group: tuple[str, ...]) -> Header | None:
    """Say what headers are that are values as they stand: times, or steps of a scale."""
    names = frozenset(group)
    form, scale = time_format_of(group), _scale(group)
    if form is not None:
        return Header(names, _time_name(form), "value", "time", format=form, evidence="time")
    if _are_occasions(group):
        return Header(names, OCCASION, "value", evidence="time")
    if opinion_places([name.strip().lower() for name in group]) is not None:
        return Header(names, "answer", "value", evidence="time")
    if scale is not None:
        return Header(names, _scale_name(scale), "value", evidence="time")
    spans = all(YEAR_SPAN.fullmatch(name.strip()) for name in group)
    key = "year" if spans else _counted_or_ranged(group)
    return None if key is None else Header(names, key, "value", evidence="time")


def _are_occasions(labels: Sequence[str]) -> bool:
    """Whether labels say when the same was measured again: before, during, after.

    What comes first and last alone are two states.
    """
    spelled = [label.strip().lower() for label in labels]
    return len(labels) >= MIN_GROUP and occasion_places(spelled) is not None


def read_headers(group: tuple[str, ...], others: Sequence[str]) -> Header | None:
    """Say what the headers of a group are; None where they are nothing that a person would name.

    Examples
    --------
    >>> found = read_headers(("jobs, 2023", "jobs, 2033"), ())
    >>> found.key, found.value, found.prefix
    ('year', 'jobs', 'jobs, ')
    """
    names, whole = frozenset(group), _read_whole(group)
    if whole is not None:
        return whole
    prefix, suffix = ends_around_quarters(*shared_ends(group), group)
    labels = [name[len(prefix) : len(name) - len(suffix)] for name in group]
    bare = {label.strip() for label in labels}
    if len(bare) < len(group) or "" in bare:
        return None
    said = re.sub(r"\s+of$", "", words_of(prefix) or words_of(suffix))
    unit = not prefix and UNITS.fullmatch(said.strip("()")) is not None
    value = value_name(said, unit=unit)
    times = _read_times(labels, said, value)
    if times is not None:
        return replace(times, names=names, prefix=prefix, suffix=suffix)
    if not _of_one_quantity(labels):
        return None
    numbered = all(re.fullmatch(r"\d{1,4}", label) and str(int(label)) == label for label in labels)
    asked = numbered and said.lower() == "q"
    if not unit and not re.search(r"[^\W\d_]{3}", said) and not asked:
        return None  # V1 to V30 are different things as often as not
    if QUANTITIES.get(said.lower()) == "share":
        return None  # shares of different things are no one measure
    # "away" beside "m_away" and "x_away" is one of them, and has no label.
    if said in others or any(SUMMARIES.search(split_name(text)) for text in (said, *labels)):
        return None
    if numbered:
        return _numbered(names, said, prefix, suffix)
    if any(re.fullmatch(r"[\d.]+", label) for label in labels):
        return None
    key = "measurement" if unit else kind_of(said)
    return Header(names, key, value, "text", prefix, suffix)


def _read_times(labels: Sequence[str], said: str, value: str) -> Header | None:
    """Say what headers are, without what all say, that are years, dates, occasions or steps."""
    names = frozenset(labels)
    form = time_format_of(labels)
    named = said.lower() in ("year", "yr") and all(map(OLD_YEAR.fullmatch, labels))
    if named or all(YEAR.fullmatch(label) for label in labels):
        value = "value" if said.lower() in ("year", "y", "fy", "yr", "x") else value
        return Header(names, "year", value, "integer", evidence="time")
    if form is not None:
        return Header(names, _time_name(form), value, "time", format=form, evidence="time")
    if _are_occasions(labels):
        return Header(names, OCCASION, value, evidence="time")
    scale = _scale(labels)
    return None if scale is None else Header(names, _scale_name(scale), value, evidence="time")


def _of_one_quantity(labels: Sequence[str]) -> bool:
    """Whether no header names another quantity than the others do, as speed and direction would.

    Examples
    --------
    >>> _of_one_quantity(["speed", "gust"]), _of_one_quantity(["speed", "gust", "dir"])
    (True, False)
    """
    last = [split_name(label).split()[-1:] for label in labels]
    return len({QUANTITIES.get(word[0]) if word else None for word in last}) == 1


def _numbered(names: frozenset[str], said: str, prefix: str, suffix: str) -> Header:
    """Return columns that are counted: weeks of something, or questions 1 to 10."""
    if SEQUENCE_NAME.search(said):
        return Header(names, said, "value", "integer", prefix, suffix, evidence="time")
    if said.lower() in ("q", "question", "item"):
        return Header(names, "question", "answer", "text")
    return Header(names, f"{said} number", said, "text")


def time_format_of(labels: Sequence[str]) -> str | None:
    """Return how dates are written in headers, ISO first; None where they are no dates."""
    if not all(map(_may_be_date, labels)):
        return None
    if all(TWICE_A_YEAR.fullmatch(label) for label in labels):
        return FIRST_YEARS
    return None if any(label.isdigit() for label in labels) else time_format(labels)


def _may_be_date(label: str) -> bool:
    several = len(DIGIT.findall(label)) >= LEAST_DIGITS
    return several or SHORT_MONTH.fullmatch(plain(label.strip())) is not None


def _time_name(form: str) -> str:
    if form == FIRST_YEARS:
        return "year"
    if "%q" in form:
        return "quarter"
    return "date" if "%d" in form or form == ISO else "month"


def _scale_name(scale: Sequence[str]) -> str:
    known = {"jan": "month", "mon": "weekday", "sun": "weekday", "q1": "quarter", "sum": "season"}
    known |= {"gol": "medal", "mor": "time of day"}
    starts = {label[:3] for label in scale}
    return next((name for start, name in known.items() if start in starts), "level")
