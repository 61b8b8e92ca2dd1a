"""Owns the words for what was planned or expected of a figure, and for what came of it."""

from __future__ import annotations

#: Letters of a word up to which its last one makes no plural.
SHORT = 3


def singular(text: str) -> str:
    """Return words without what makes them plurals; short ones and those of others stay.

    Parameters
    ----------
    text
        In small letters.

    Examples
    --------
    >>> singular("actuals and ls")
    'actual and ls'
    """
    return " ".join(w[:-1] if len(w) > SHORT and w[-1] == "s" else w for w in text.split())


def _said(words: str) -> frozenset[str]:
    """Return words, and the same as they are compared."""
    return frozenset((*words.split(), *singular(words).split()))


#: What came.
CAME = _said(
    "actual observed obs true real measured reality reported realized realised spent outturn"
    " truth ist réel réalisé observé ejecutado observado consuntivo reale realizado werkelijk"
    " faktisk utfall wykonanie"
)
#: What somebody set out to reach or to spend.
PLANNED = _said(
    "budget budgeted plan planned target goal scheduled soll presupuesto objectif prévu"
    " preventivo orçado begroot budsjett budżet"
)
#: What somebody, or a model, says is to come.
FORESEEN = _said(
    "forecast forecasted fcst fc expected predicted prediction pred projected projection"
    " outlook prognose prognos hochrechnung vorhersage erwartet prévision pronóstico previsión"
    " previsto previsione previsão voorspelling"
)
#: What a model makes of figures, whether they are to come or not.
MODELLED = _said(
    "hat yhat fit fitted smoothed modelled modeled model simulated sim estimated estimate"
    " calculated computed"
)
#: The same a year or a month before.
PRIOR = _said("prior previous py ly vorjahr vj")
#: What was no figure yet when it was said.
EXPECTED = FORESEEN | MODELLED
