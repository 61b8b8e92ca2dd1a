"""Owns how separate numbers are written below an axis and in a legend: all of one in one form."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

#: Numbers from which their thousands are set apart, and from which they are shortened: 1M.
SEPARATED, SHORTENED = 10_000, 100_000
#: Smallest numbers that are written in full, and digits after the point of uneven ones.
LEAST_PLAIN, MOST_DECIMALS, FEW_DECIMALS = 1e-4, 3, 2
#: Largest over smallest number from which all have as many digits as they need.
WIDE = 100
#: What amounts of some thousands are mostly multiples of.
ROUND = 100
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def number_texts(numbers: Sequence[float]) -> list[str] | None:
    """Return how separate numbers that say how much are written; None where they stand as they are.

    Parameters
    ----------
    numbers
        All different.

    Examples
    --------
    >>> number_texts([1000, 10_000, 1_000_000]), number_texts([1.667, 1.5, 0.9222])
    (['1k', '10k', '1M'], ['1.67', '1.50', '0.92'])
    >>> number_texts([1e-6, 1e-4, 1.0]), number_texts([1, 2, 3])
    (['10⁻⁶', '10⁻⁴', '1'], None)
    >>> number_texts([19282.9, 61103.0, 167845.1])
    ['19,283', '61,103', '167,845']
    >>> number_texts([0.01, 0.3, 10.0]), number_texts([0.5, 1.0, 2.0])
    (['0.01', '0.3', '10'], ['0.5', '1.0', '2.0'])
    >>> number_texts([0.5, 12.5, 9999.7])
    ['0.5', '12.5', '10,000']
    """
    sizes = [abs(number) for number in numbers if number]
    if not sizes or not all(map(math.isfinite, sizes)):
        return None
    whole = all(float(number).is_integer() for number in numbers)
    if min(sizes) < LEAST_PLAIN:
        return _with_powers(numbers)
    if whole and max(sizes) < SEPARATED:
        return None
    if max(sizes) >= SHORTENED:
        short = [_short(number) for number in numbers]
        # Where it would be all the digits again, thousands apart are easier to read.
        brief = max(map(len, short)) <= len("-12.3M") and len({*short}) == len(short)
        if brief:
            return short
    full = [f"{number:,.0f}" for number in numbers]
    # Beside thousands fractions tell nothing.
    if whole or (max(sizes) >= SEPARATED and len({*full}) == len(full)):
        return full
    return _with_decimals(numbers, max(sizes) / min(sizes))


def _with_decimals(numbers: Sequence[float], span: float) -> list[str] | None:
    exact = next((d for d in range(MOST_DECIMALS + 1) if _are_exact(numbers, d)), None)
    if span > WIDE:
        return [
            f"{number:,.4g}" if abs(round(number)) < SEPARATED else f"{number:,.0f}"
            for number in numbers
        ]
    decimals = [exact] if exact is not None else range(FEW_DECIMALS, FEW_DECIMALS + 4)
    for digits in decimals:
        texts = [f"{number:,.{digits}f}" for number in numbers]
        if len({*texts}) == len(texts):
            return texts
    return None


def _are_exact(numbers: Sequence[float], digits: int) -> bool:
    return all(math.isclose(round(n, digits), n, rel_tol=1e-9, abs_tol=1e-12) for n in numbers)


def _with_powers(numbers: Sequence[float]) -> list[str]:
    """Write powers of ten as such, and others with them."""
    texts = []
    for number in numbers:
        power = math.floor(math.log10(abs(number)) + 1e-9) if number else 0
        factor = float(f"{number / 10.0**power:.3g}") if -300 < power < 300 else 1.0
        raised = f"10{str(power).translate(_RAISED)}"
        plain = f"{number:g}" if power in (-1, 0, 1) or not number else ""
        texts.append(plain or (raised if factor == 1 else f"{factor:g}×{raised}"))
    return texts


def _short(number: float) -> str:
    size, suffix = next((one for one in _SUFFIXES if abs(number) >= one[0]), (1.0, ""))
    return f"{number / size:.10g}{suffix}"


def label_expression(labels: Sequence[Any]) -> dict[str, str]:
    """Return what writes numbers among an axis' labels in one form; nothing where they are fine.

    Parameters
    ----------
    labels
        Of an axis, a legend or headers; texts among them stay.

    Examples
    --------
    >>> label_expression([1000, 1_000_000, "(missing)"])["labelExpr"]
    '["1k", "1M", "(missing)"][indexof([1000, 1000000, "(missing)"], datum.value)]'
    """
    texts = label_texts(labels)
    if texts is None:
        return {}
    written, places = json.dumps(texts, ensure_ascii=False), json.dumps([*labels])
    return {"labelExpr": f"{written}[indexof({places}, datum.value)]"}


def are_round(labels: Sequence[Any]) -> bool:
    """Return whether numbers among labels have fractions, or are hundreds: codes do not.

    Examples
    --------
    >>> are_round([0.5, 1]), are_round([1000, 2500]), are_round([1001, 2500])
    (True, True, False)
    """
    numbers = [label for label in labels if type(label) in (int, float)]
    fractions = any(isinstance(number, float) and not number.is_integer() for number in numbers)
    return fractions or all(number % ROUND == 0 for number in numbers)


def label_texts(labels: Sequence[Any]) -> list[str] | None:
    """Return labels with their numbers in one form; None where they stand as they are."""
    numbers = [label for label in labels if type(label) in (int, float)]
    texts = number_texts(numbers) if len(numbers) > 1 else None
    if texts is None:
        return None
    written = iter(texts)
    return [next(written) if type(label) in (int, float) else str(label) for label in labels]
