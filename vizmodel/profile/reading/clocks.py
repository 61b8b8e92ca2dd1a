"""Owns times of day and durations as numbers: 1430, "14:30" and "00:04:44" on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.arrays import as_floats, from_texts
from vizmodel.profile.words import split_name

#: How clocks are written: as whole numbers, hours and minutes; as texts whose first part is the
#: whole; and as texts of hours of which none is full, so that minutes are the whole.
HHMM, PARTS, MINUTES = "HHMM", "H:MM", "M:SS"
#: Durations as numbers of a unit that their name says, and how many of it are the whole of a clock:
#: so long ones that minutes or hours are meant.
DURATIONS: dict[str, float] = {
    "milliseconds, as minutes": 6e4,
    "milliseconds, as hours": 3.6e6,
    "seconds, as minutes": 60.0,
    "seconds, as hours": 3_600.0,
}
#: Clocks that are numbers, and all of them.
NUMBERS = (HHMM, *DURATIONS)
CLOCKS = (PARTS, MINUTES, *NUMBERS)
_LASTING = (
    r"\b(durations?|time|elapsed|run ?time|play ?time|uptime|downtime|length|wait(ing)?|dauer|zeit"
    r"|laufzeit|durée|temps|tiempo|duración|durata|tempo|session|trip|ride|track|handling|talk)\b"
)
#: Names that end with their unit; a letter alone is one behind a word for what lasts.
_UNITS = (
    ("milliseconds", late_pattern(r"\b(millis|milli ?seconds?|millisekunden|msecs?)$")),
    ("milliseconds", late_pattern(rf"{_LASTING}.* ms$|^ms played$")),
    ("seconds", late_pattern(r"\b(seconds|secs|sekunden|secondes|segundos|secondi)$")),
    ("seconds", late_pattern(rf"{_LASTING}.* (s|sec)$")),
)
#: Fewest different durations that are no settings; shortest middle one, in seconds, that is told in
#: minutes and in hours; and the longest of all, beyond which numbers are moments.
MIN_DURATIONS, MIN_MINUTE, MIN_HOUR, LONGEST = 20, 90.0, 7_200.0, 3e6
#: Names of times of day among whole numbers.
_NAME = late_pattern(
    r"\b(time|times|clock|hhmm|hour|(sched|crs)\w* (dep|arr)\w*|dep|arr|departure|arrival|start"
    r"|end|begin|open|close|admitted|discharged)$"
)
_TEXT = late_pattern(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?")
_NO_SECONDS, _NO_FRACTION = late_pattern(r":00(\.0+)?$"), late_pattern(r"\.0+$")
#: Fewest values, and fewest minutes among them, that are no round numbers; and an hour's largest.
MIN_VALUES, MIN_MINUTES, LAST = 20, 4, 2400
#: Fewest hours over which clocks with seconds are shown without these.
MIN_SPAN = 0.5


def number_clock(name: str, column: pa.ChunkedArray) -> bool:
    """Return whether whole numbers are hours and minutes, as 1430 is half past two.

    Parameters
    ----------
    name
        Of the column; it must speak of a time.
    column
        Numbers.

    Examples
    --------
    >>> times = [100 * hour + minute for hour in range(24) for minute in (5, 20, 35, 50)]
    >>> number_clock("dep_time", pa.chunked_array([times]))
    True
    >>> number_clock("air_time", pa.chunked_array([list(range(40, 340))]))
    False
    >>> number_clock("TIME", pa.chunked_array([list(range(2000, 2023))]))
    False
    """
    if not _NAME.search(split_name(name)):
        return False
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return False
    numbers = as_floats(column)
    values = np.unique(numbers[np.isfinite(numbers)])
    if len(values) < MIN_VALUES or values[0] < 0 or not 1000 <= values[-1] <= LAST:
        return False
    hours, minutes = np.divmod(values, 100)
    if hours[0] == hours[-1]:
        return False  # 2000 to 2022 are years rather than the minutes after eight
    whole = bool((values == np.floor(values)).all() and (minutes < 60).all())
    return whole and len(np.unique(minutes)) >= MIN_MINUTES


def number_duration(name: str, column: pa.ChunkedArray) -> str | None:
    """Return the form of durations whose name says their unit; None where it is the fitting one.

    Parameters
    ----------
    name
        Of the column.
    column
        Numbers.

    Examples
    --------
    >>> lengths = pa.chunked_array([[180_000 + 1_000 * at for at in range(60)]])
    >>> number_duration("duration_ms", lengths), number_duration("duration", lengths)
    ('milliseconds, as minutes', None)
    >>> number_duration("latency_ms", pa.chunked_array([list(range(20, 900))])) is None
    True
    """
    called = split_name(name)
    unit = next((unit for unit, words in _UNITS if words.search(called)), None)
    if unit is None or not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return None
    seconds = as_floats(column) / (1e3 if unit == "milliseconds" else 1.0)
    whole = whole_of(seconds)
    return whole and f"{unit}, as {whole}"


def whole_of(seconds: np.ndarray) -> str | None:
    """Return what durations are told in, minutes or hours; None where seconds are the fitting unit.

    Examples
    --------
    >>> whole_of(np.arange(100.0, 500.0)), whole_of(np.arange(20.0))
    ('minutes', None)
    """
    seconds = seconds[np.isfinite(seconds)]
    if len(np.unique(seconds)) < MIN_DURATIONS or seconds.min() < 0 or seconds.max() > LONGEST:
        return None
    middle = float(np.median(seconds))
    if middle < MIN_MINUTE:
        return None
    return "hours" if middle >= MIN_HOUR else "minutes"


def tells_minutes(form: str | None) -> bool:
    """Whether a clock is a number of minutes, rather than of hours.

    Examples
    --------
    >>> tells_minutes("M:SS"), tells_minutes("seconds, as hours")
    (True, False)
    """
    return form == MINUTES or (form is not None and form.endswith("as minutes"))


def text_clock(values: Sequence[str], most_labels: int) -> str | None:
    """Return how texts are written that are times of day or durations; None where they are not.

    Parameters
    ----------
    values
        Distinct texts.
    most_labels
        Up to so many they are labels, and stay texts.

    Examples
    --------
    >>> text_clock([f"{h}:{m:02}" for h in range(24) for m in (0, 30)], 30)
    'H:MM'
    >>> text_clock([f"00:{m:02}:{s:02}" for m in range(9) for s in range(50)], 30)
    'M:SS'
    """
    if len(values) <= most_labels:
        return None
    found = [_TEXT.fullmatch(value) for value in values]
    parts = [one for one in found if one]
    if len(parts) < len(values) or len({one[3] is None for one in parts}) > 1:
        return None
    if parts[0][3] is None:
        return PARTS
    read = clock_reader(PARTS)
    hours = [whole for value in values if (whole := read(value)) is not None]
    if max(hours) < 1:
        return MINUTES
    # On a scale of hours and minutes the seconds of a moment are all the same.
    return PARTS if max(hours) - min(hours) >= MIN_SPAN else None


def clock_reader(form: str) -> Callable[[str], float | None]:
    """Return what reads one text as a number of whole parts, hours or minutes.

    Examples
    --------
    >>> clock_reader("HHMM")("1430"), clock_reader("H:MM")("14:30"), clock_reader("M:SS")("0:04:30")
    (14.5, 14.5, 4.5)
    """
    return _read_number if form == HHMM else lambda text: _read_text(text, form)


def _read_number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    hours, minutes = divmod(number, 100)
    return hours + minutes / 60 if 0 <= number <= LAST and minutes < 60 else None


def _read_text(text: str, form: str) -> float | None:
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    whole = hours + minutes / 60 + seconds / 3600
    return whole * 60 if form == MINUTES else whole


def clock_text(value: float) -> str:
    """Return hours as a clock shows them, or minutes with their seconds.

    Examples
    --------
    >>> clock_text(14.5), clock_text(4.75), clock_text(-0.25)
    ('14:30', '4:45', '-0:15')
    """
    whole, rest = divmod(round(abs(value) * 60), 60)
    return f"{'-' if value < 0 else ''}{whole}:{rest:02}"


def times_of_day(column: pa.ChunkedArray) -> list[str]:
    """Return distinct times of day as texts."""
    texts = pc.unique(pc.cast(column.drop_null(), pa.string()))
    return [str(text) for text in texts.to_pylist()]


def clock_form(times: Sequence[str]) -> str:
    """Return how exactly times of day are told: to the minute, where none has seconds.

    Examples
    --------
    >>> clock_form(["15:00:00.000000", "17:30:00.000000"]), clock_form(["15:00:00", "15:00:30"])
    ('%H:%M', '%H:%M:%S')
    """
    return "%H:%M" if all(map(_NO_SECONDS.search, times)) else "%H:%M:%S"


def short_clocks(column: pa.ChunkedArray, form: str | None) -> pa.ChunkedArray:
    """Return times of day as texts without the seconds and fractions that none of them has.

    Parameters
    ----------
    column
        Times of day.
    form
        Of `clock_form`; a time that has seconds all the same keeps them.
    """
    encoded = pc.dictionary_encode(pc.cast(column, pa.string())).combine_chunks()
    needless = _NO_SECONDS if form == "%H:%M" else _NO_FRACTION
    texts = [needless.sub("", text) for text in encoded.dictionary.to_pylist()]
    return pa.chunked_array([from_texts(texts).take(encoded.indices)], type=pa.string())
