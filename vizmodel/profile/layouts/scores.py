"""Owns which columns are scores of one scale: accuracy, precision and recall of each model.

Whoever compares models, classes or folds sets them side by side: they are one measure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.headers import Header
from vizmodel.profile.layouts.states import trained_metrics
from vizmodel.profile.words import split_name

#: Fewest scores, fewest that only models have, and most rows that are set side by side.
MIN_SCORES, MIN_SURE, MAX_ROWS = 3, 2, 40
#: Largest score of each scale.
SCALES = (1.0, 100.0)
_SURE = (
    r"(balanced |top ?\d )?(acc(uracy)?|recall)|f ?[12]( measure)?|f beta|(roc |pr )?auc( roc| pr)?"
    r"|au(ro|pr)c|m?ap|average precision|specificity|mcc|matthews( corr(elation)?( coefficient)?)?"
    r"|(cohen'?s? )?kappa|jaccard|m?iou|dice|ppv|npv|tpr|tnr|r squared|ndcg|bleu|exact match"
    r"|genauigkeit|spezifität|trefferquote|exactitude|rappel|spécificité|exactitud|exhaustividad"
    r"|sensibilidad|especificidad|acurácia|revocação|accuratezza|specificità"
)
_VAGUE = (
    r"precision|sensitivity|r ?2|präzision|sensitivität|précision|sensibilité|precisión|precisão"
    r"|sensibilidade|precisione|sensibilità"
)
_NAMES = late_pattern(
    rf"((?P<sure>{_SURE})|{_VAGUE})( (score|macro|micro|weighted|avg|mean|pct|percent|%))*"
)
#: By how much a model was off.
LOSS_NAME = late_pattern(
    r"\b(loss|rmse|mse|mae|mape|nll|log ?loss|perplexity|wer|cer|error|rmsle|bpb|ppl)$"
)
#: On which data scores were taken.
_DATA = late_pattern(r"\b(train(ing)?|val(id(ation)?)?|test(ing)?|dev|eval|cv|mean)\b")


def score_headers(columns: Sequence[ColumnProfile]) -> Iterator[Header]:
    """Yield the scores of one scale that were taken on the same data.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"model": ["a", "b", "c"], "accuracy": [0.81, 0.92, 0.88], "n": [100, 80, 90]}
    >>> table |= {"recall": [0.7, 0.9, 0.85], "f1": [0.75, 0.91, 0.86]}
    >>> [sorted(one.names) for one in score_headers(profile_table(pa.table(table)).own_columns)]
    [['accuracy', 'f1', 'recall']]
    """
    if not columns or columns[0].n_rows > MAX_ROWS:
        return
    found: dict[tuple[str, float], list[str]] = defaultdict(list)
    sure: set[str] = set()
    for column in columns:
        told, scale = _told(column), _scale(column)
        if told and scale:
            data = _DATA.search(split_name(column.name))
            found["" if data is None else data[1], scale].append(column.name)
            sure |= {column.name} if told == "sure" else set()
    for names in found.values():
        if len(names) >= MIN_SCORES and len(sure.intersection(names)) >= MIN_SURE:
            yield Header(frozenset(names), "metric", "score", evidence="told")


def with_scores(columns: Sequence[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """Tell that scores do not add up, nor losses in training and on other data.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"f1_macro": [0.7, 0.8, 0.9], "loss": [3.5, 2.5, 1.5], "val_loss": [3.0, 2.0, 1.0]}
    >>> [column.additive for column in profile_table(pa.table(table)).own_columns]
    [False, False, False]
    """
    sizes = [c for c in columns if c.is_size]
    losses = [c.name for c in sizes if LOSS_NAME.search(split_name(c.name).replace("/", " "))]
    trained = trained_metrics(losses) if len(losses) > 1 else frozenset()
    scores = {c.name for c in sizes if _told(c) and _scale(c)}
    return tuple(replace(c, rate=True) if c.name in scores | trained else c for c in columns)


def _told(column: ColumnProfile) -> str | None:
    """Return how surely a name is that of a score; None where it is none."""
    name = _DATA.sub(" ", split_name(column.name))
    found = _NAMES.fullmatch(" ".join(name.replace("-", " ").split()))
    return None if found is None else "sure" if found["sure"] else "vague"


def _scale(column: ColumnProfile) -> float | None:
    """Return the largest score of the scale on which the values of a column lie."""
    if column.kind != "number":
        return None
    lowest, highest = column.minimum, column.maximum
    return next((most for most in SCALES if -most <= lowest and highest <= most), None)
