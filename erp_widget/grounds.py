"""Owns what counted for a chart and against it: the terms of its score in words."""

from __future__ import annotations

from collections.abc import Iterable

#: Term of the score -> what it rewards or charges.
WORDS = {
    "network": "Drawn often from columns like these (the network)",
    "taste": "Chosen by people among such charts",
    "interest": "Strength of the relation that it shows",
    "simplicity": "Channels beyond two",
    "copied": "A number beside its copy",
    "faint": "Columns that have little to do with each other",
    "striped": "Points on a few lines",
    "summarised": "Sums up rows that are worth seeing themselves",
    "gathered": "Shows like columns in one chart",
    "variety": "New beside the charts before it",
    "nearness": "Likeness to the chart that was liked",
}
#: Smaller amounts would read as nothing.
MIN_SHOWN = 0.005


def grounds(terms: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return terms in words, the weightiest first; those that count nothing are left out.

    Parameters
    ----------
    terms
        Name and amount (in nats), as the ranking gives them; a name without words stays as it is.

    Examples
    --------
    >>> grounds([("copied", 0.0), ("interest", 0.61), ("simplicity", -0.15)])
    [('Strength of the relation that it shows', 0.61), ('Channels beyond two', -0.15)]
    """
    told = [(WORDS.get(name, name), round(amount, 2)) for name, amount in terms]
    shown = [(said, amount) for said, amount in told if abs(amount) >= MIN_SHOWN]
    return sorted(shown, key=lambda term: -abs(term[1]))
