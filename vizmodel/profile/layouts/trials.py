"""Owns which columns are settings that were tried out, and which say how well each trial went.

Exports of trackers of experiments and of searches for settings have a row for each run: its rate of
learning, its number of layers, and what it came to. None of them adds up.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.patterns import late_pattern
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.scores import LOSS_NAME
from vizmodel.profile.words import split_name

#: Fewest trials, and fewest settings that were tried out.
MIN_TRIALS, MIN_SETTINGS = 8, 2
#: What tools put before the name of a setting.
_PREFIX = late_pattern(r"(params?|config|hparams?|hp|hyper ?param(eter)?s?) \w.*")
#: Names of settings of models and of what fits them.
_SETTING = late_pattern(
    r"(learning|decay|dropout|drop|momentum|sub ?sample) rate|lr|eta|(weight|lr) decay|wd"
    r"|dropout( \w+)?|(mini ?)?batch ?size|bs|(n|num) (estimators|trees|layers|units|hidden|heads"
    r"|neighbou?rs|components|leaves|filters|boost rounds?)|max (depth|features|leaf nodes|iter)"
    r"|min (samples (leaf|split)|child weight)|sub ?sample|col ?sample( by ?(tree|level|node))?"
    r"|reg (alpha|lambda)|l[12] (reg|ratio|penalty)|hidden( (size|dim|units|layers?))?|layers"
    r"|units|embed(ding)? (dim|size)|d model|filters|kernel( size)?|optimi[sz]er|activation"
    r"|scheduler|momentum|arch(itecture)?|backbone|warm ?up (steps|ratio)|alpha|gamma|c|lambda"
    r"|penalty"
)
#: Of these there are such in other tables as well.
_VAGUE = late_pattern(
    r"alpha|gamma|c|lambda|penalty|layers|units|hidden|filters|bs|wd|eta|momentum|kernel|lr"
)
#: How well a trial went.
_SCORE = late_pattern(
    r"\b(acc(uracy)?|auc|auroc|f1|precision|recall|r ?2|map|ndcg|iou|dice|mcc|kappa|bleu"
    r"|rouge ?\w?|reward|return|test score|sharpe|psnr|ssim|success rate)"
    r"( (score|macro|micro|weighted|mean))?$"
)
#: What a search calls what it looks for, where its settings have a prefix.
_SOUGHT = late_pattern(r"(values?|score|objective( value)?|metric|target)")
#: Data that a model was not fitted to, those that it was, and results that are of one part.
_HELD_OUT = late_pattern(r"\b(val(id(ation)?)?|test|dev|eval|hold ?out|cv|oof)\b")
_FITTED = late_pattern(r"\b(train(ing)?|split ?\d+|fold ?\d+|std|rank|best)\b")
#: What numbers trials in their order; and steps within one, of which each has a row in its course.
_NUMBER = late_pattern(
    r"(trial|run|iter(ation)?|number|experiment|config(uration)?)( (id|no|nr|number|index))?"
)
_STEP = late_pattern(r"(global |training )?(epochs?|steps?|iter(ation)?s?)")
_TOLD_FIRST = late_pattern(r"mean test score")


class Trials(Struct, frozen=True):
    """What was tried out: names of columns.

    Parameters
    ----------
    settings
        What was set, in the table's order.
    results
        What it came to, the main one first.
    order
        What numbers the trials; None where nothing does.
    """

    settings: tuple[str, ...]
    results: tuple[str, ...]
    order: str | None = None


def find_trials(columns: Sequence[ColumnProfile]) -> Trials | None:
    """Return the settings and the results of trials; None where a table has none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"lr": [0.1 / (n + 1) for n in range(9)], "max_depth": [2, 3, 4] * 3}
    >>> table |= {"val_loss": [n * 7 % 9 / 9 for n in range(9)]}
    >>> find_trials(profile_table(pa.table(table)).columns).results
    ('val_loss',)
    """
    if not columns or columns[0].n_rows < MIN_TRIALS:
        return None
    names = {c.name: " ".join(split_name(c.name).replace("/", " ").split()) for c in columns}
    if any(_runs_within(c, names[c.name]) for c in columns):
        return None
    prefixed = [c.name for c in columns if _PREFIX.fullmatch(names[c.name])]
    known = [n for n, said in names.items() if _SETTING.fullmatch(said)]
    if not prefixed and all(_VAGUE.fullmatch(names[name]) for name in known):
        return None
    found = {*prefixed, *known}
    varied = [c for c in columns if c.usable and not c.constant]
    settings = tuple(c.name for c in varied if c.name in found and c.kind != "time")
    others = [c for c in varied if c.name not in found and c.kind == "number"]
    results = [c.name for c in others if _is_result(names[c.name], sought=bool(prefixed))]
    if len(settings) < MIN_SETTINGS or not results:
        return None
    results.sort(key=lambda name: _place(names[name]))
    order = next((c.name for c in columns if _numbers_trials(c, names[c.name])), None)
    return Trials(settings, tuple(results), order)


def with_trials(columns: Sequence[ColumnProfile]) -> tuple[ColumnProfile, ...]:
    """Tell that neither settings nor results of trials add up, and along what trials follow."""
    trials = find_trials(columns)
    if trials is None:
        return tuple(columns)
    told = {*trials.settings, *trials.results}
    said = "counts the trials in their order"
    found = (replace(c, rate=c.rate or (c.is_size and c.name in told)) for c in columns)
    return tuple(
        replace(c, semantic="sequence", evidence=said)
        if c.name == trials.order and c.told is None
        else c
        for c in found
    )


def _runs_within(column: ColumnProfile, name: str) -> bool:
    """Whether a column counts the steps of each trial from the first on."""
    if _STEP.fullmatch(name) is None or column.n_distinct == column.n_rows:
        return False
    unbroken = column.maximum - column.minimum + 1 == column.n_distinct
    return column.begins_anew or (column.minimum in (0, 1) and unbroken)


def _is_result(name: str, *, sought: bool) -> bool:
    if _FITTED.search(name):
        return False
    named = _SCORE.search(name) or LOSS_NAME.search(name)
    return bool(named or (sought and _SOUGHT.fullmatch(name)))


def _place(name: str) -> tuple[bool, bool, bool]:
    """Return what puts results in order: what was sought, scores, those of data held out."""
    sought = _TOLD_FIRST.search(name) or _SOUGHT.fullmatch(name)
    return not sought, not _SCORE.search(name), not _HELD_OUT.search(name)


def _numbers_trials(column: ColumnProfile, name: str) -> bool:
    different = column.n_distinct == column.n_rows and column.integer
    return different and _NUMBER.fullmatch(name) is not None
