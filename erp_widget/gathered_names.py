"""Owns how a title names columns that are gathered, of which "value by variable" says nothing."""

from __future__ import annotations

from collections.abc import Callable

from vizmodel.design import Design, Fold

#: Names that gathered columns were given where their headers have none in common.
PLAIN_KEYS = ("variable", "series", "item", "statement")
PLAIN_VALUES = ("value",)
#: What headers are that follow each other, of which the first and the last say all.
TIME_KEYS = ("year", "month", "quarter", "week", "weekday", "day", "date", "season", "hour", "age")
#: Columns that are all named, and else how many; letters that all of the names may have.
MAX_NAMED, SOME_NAMED, MAX_LETTERS = 4, 3, 44
#: Letters of what all names begin with, and is told once.
MAX_LEAD = 16


def says_little(name: str, names: tuple[str, ...]) -> bool:
    """Whether a gathered column has no name of its own."""
    return name.removesuffix(" (gathered)") in names


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
    """
    if fold.kind != "text" or says_little(fold.key, TIME_KEYS):
        return f"columns {cleaned(fold.columns[0])} to {cleaned(fold.columns[-1])}"
    names, lead = [cleaned(name) for name in fold.labels], cleaned(fold.prefix).strip(" _-.:")
    start = f"{lead} " if fold.prefix and len(lead) <= MAX_LEAD else ""
    all_named = start + " and ".join((", ".join(names[:-1]), names[-1]))
    if len(names) <= MAX_NAMED and len(all_named) <= MAX_LETTERS:
        return all_named
    for some in range(min(SOME_NAMED, len(names) - 2), 0, -1):
        told = f"{start}{', '.join(names[:some])} and {len(names) - some} more"
        if len(told) <= MAX_LETTERS:
            return told
    return f"{len(names)} {'questions' if fold.value == 'answer' else 'columns'}"


def named_fold(design: Design, fold: Fold | None) -> Fold | None:
    """Return what a chart gathers, where its columns are to be named; None where its own names do.

    A chart of the measures "score" of several subjects is named by these.
    """
    if fold is None or design.style.fold is None or fold.value not in design.fields:
        return None
    plain = says_little(fold.key, PLAIN_KEYS) or says_little(fold.value, PLAIN_VALUES)
    return fold if plain else None
