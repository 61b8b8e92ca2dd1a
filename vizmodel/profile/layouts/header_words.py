"""Owns what gathered columns and their numbers are called by what all of their headers say."""

from __future__ import annotations

import re


def kind_of(said: str) -> str:
    """Return what headers are by what all of them say: what is in signs names no kind of anything.

    Examples
    --------
    >>> kind_of("score"), kind_of("(TWh)"), kind_of("- % electricity")
    ('kind of score', 'variable', 'variable')
    """
    return f"kind of {said}" if said[0].isalpha() else "variable"


def value_name(said: str, *, unit: bool = False) -> str:
    """Return what to call numbers by what all headers say of them, which may be their unit only.

    Examples
    --------
    >>> value_name("(in m)"), value_name("kg", unit=True), value_name("jobs"), value_name("%")
    ('value (in m)', 'value (kg)', 'jobs', 'value')
    """
    if not re.search(r"[^\W\d_]", said):
        return "value"
    noted = said.startswith("(") and said.endswith(")")
    return f"value ({said.strip('()')})" if unit or noted else said


def words_of(text: str) -> str:
    """Return a prefix or a suffix as words, without the signs that programs take for their own.

    Examples
    --------
    >>> words_of("/loss"), words_of("_per_km/h_")
    ('loss', 'per km/h')
    """
    words = re.sub(r"[^\w%$€£¥()+/-]|_", " ", text).split()
    return " ".join(words).strip("/")
