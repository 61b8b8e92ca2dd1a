"""Owns numbers that stand for missing values: -999, 9999, or 0 where nothing can be zero."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vizmodel.patterns import late_pattern
from vizmodel.profile.reading.arrays import as_floats, from_numbers, nothing
from vizmodel.profile.words import split_name

#: Begins the format of a cast of numbers of which some stand for nothing; they follow.
MISSING_NUMBERS = "without "
#: What people write for a value that is not there, farthest from all others first.
_STAND_INS = tuple(
    sign * (number + part)
    for number in (99_999, 9_999, 999, 99)
    for part in (0.0, 0.9, 0.99)
    for sign in (-1, 1)
)
#: Most of the values that may be missing, and fewest of one stand-in and different others.
MAX_SHARE, MIN_TIMES, MIN_OTHERS = 0.5, 2, 5
#: The same of scores that were not given; it must come so often, and this many spans off.
MINUS_ONE, MIN_OFTEN, FAR_ONE = -1.0, 5, 0.5
#: Stand-ins that tell themselves where nothing else is below zero, however large the others are.
_BELOW = (-99_999.0, -9_999.0, -999.0, -99.0, -9.0)
#: From which number on, and how many spans from all others, one of them is enough.
LEAST_ALONE, FAR_ALONE = 9_999.0, 20.0
#: How far a stand-in is from all others, in spans of these; and a zero, where only the name speaks
#: against it, from their mean, in standard deviations.
FAR, FAR_ZERO = 2.0, 2.0
#: What nobody and nothing has none of.
_NEVER_ZERO = late_pattern(
    r"\b(bp|blood ?pressure|systolic|diastolic|bmi|body ?mass|glucose|insulin|cholesterol"
    r"|(heart|pulse|resp\w*) rate|pulse|skin ?thickness|ha?emoglobin|height|body ?weight)\b"
)
_PLACE = late_pattern(r"\b(lat|latitude|lon|lng|long|longitude)$")
#: Years that a column may hold besides zeros.
YEARS = (1_500, 2_200)


def stand_ins(name: str, column: pa.ChunkedArray) -> tuple[float, ...]:
    """Return the numbers of a column that stand for missing values.

    Only what comes again and lies far from all other values is one; a zero only among years, and
    where nothing is zero by its name.

    Parameters
    ----------
    name
        Of the column.
    column
        Numbers.

    Examples
    --------
    >>> stand_ins("temp", pa.chunked_array([[-999, 12, 14, 11, 17, 13, -999]]))
    (-999.0,)
    >>> stand_ins("built", pa.chunked_array([[0, 1950, 1970, 1971, 1982, 2001, 0]]))
    (0.0,)
    >>> stand_ins("sold", pa.chunked_array([[0, 12, 14, 11, 17, 13, 0]]))
    ()
    """
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return ()
    numbers = as_floats(column)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return ()
    low, high = float(numbers.min()), float(numbers.max())
    ends = low in _STAND_INS or low in _BELOW or high in _STAND_INS
    if not (ends or low == MINUS_ONE or _zeros(name, low, high)):
        return ()
    values, counts = np.unique(numbers, return_counts=True)
    found: list[float] = []
    for number in (*_STAND_INS, _BELOW[-1], MINUS_ONE, 0.0):
        others = values != number
        times = int(counts[~others].sum())
        if others.sum() < MIN_OTHERS or not times:
            continue
        if times < MIN_TIMES and not _is_alone(number, values[others]):
            continue
        if number == MINUS_ONE:
            stands = (
                _is_minus_one(values[others]) and MIN_OFTEN <= times <= MAX_SHARE * counts.sum()
            )
        elif number:
            alone = times >= MIN_OFTEN and _is_below(number, values[others])
            far = number != _BELOW[-1] and _is_far(number, values[others])
            stands = (alone or far) and times <= MAX_SHARE * counts.sum()
        else:
            stands = _is_no_zero(name, values[others], counts[others])
        if stands:
            found.append(number)
            values, counts = values[others], counts[others]
    return tuple(found)


def without(column: pa.ChunkedArray, form: str) -> pa.ChunkedArray:
    """Return numbers of which some are null, as the format of a cast says.

    Examples
    --------
    >>> without(pa.chunked_array([[1, -999]]), "without -999.0").to_pylist()
    [1, None]
    """
    numbers = np.array(form.removeprefix(MISSING_NUMBERS).split(), dtype=np.float64)
    gone = pc.is_in(pc.cast(column, pa.float64(), safe=False), value_set=from_numbers(numbers))
    return pc.if_else(gone, nothing(column.type), column)


def _zeros(name: str, low: float, high: float) -> bool:
    """Whether zeros may stand for nothing, by the ends of a column and its name."""
    said = split_name(name)
    named = _NEVER_ZERO.search(said) or _PLACE.search(said)
    return low <= 0 <= high and bool(named or YEARS[0] <= high <= YEARS[1])


def _is_far(number: float, others: npt.NDArray[np.float64], spans: float = FAR) -> bool:
    gap = float(np.abs(others - number).min())
    return gap > spans * float(others.max() - others.min())


def _is_below(number: float, others: npt.NDArray[np.float64]) -> bool:
    """Whether only stand-ins are below zero, among whole numbers where one is small itself."""
    whole = number != _BELOW[-1] or bool((others == np.floor(others)).all())
    least = float(others[~np.isin(others, _BELOW)].min(initial=np.inf))
    return number in _BELOW and whole and least >= 0


def _is_alone(number: float, others: npt.NDArray[np.float64]) -> bool:
    """Whether a number of many nines is so far off that once is enough."""
    differ = bool(others.max() > others.min())
    return abs(number) >= LEAST_ALONE and differ and _is_far(number, others, FAR_ALONE)


def _is_minus_one(others: npt.NDArray[np.float64]) -> bool:
    """Whether all others are whole, and lie together on the other side of zero."""
    low, high = float(others.min()), float(others.max())
    whole = bool((others == np.floor(others)).all())
    return whole and low > 0 and low - MINUS_ONE >= FAR_ONE * (high - low)


def _is_no_zero(name: str, others: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]) -> bool:
    """Whether zeros stand for nothing: among years, of bodies and of places."""
    said, low, high = split_name(name), float(others.min()), float(others.max())
    years = YEARS[0] <= low and high <= YEARS[1] and bool((others == np.floor(others)).all())
    if years or _PLACE.search(said):
        return _is_far(0.0, others)
    if _NEVER_ZERO.search(said) is None or low <= 0:
        return False
    mean = float(np.average(others, weights=counts))
    spread = float(np.sqrt(np.average((others - mean) ** 2, weights=counts)))
    return mean > FAR_ZERO * spread
