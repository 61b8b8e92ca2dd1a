"""Owns the charts of trials of settings: what came of each setting, and of one trial after another.

Of two settings cells are drawn where each combination was tried out (`grid_charts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from vizmodel.candidates.grid_charts import grid_factors
from vizmodel.candidates.kind import Told
from vizmodel.grammar.legality import violations
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.layouts.trials import Trials
from vizmodel.tokens import Part, make_design
from vizmodel.worth.interest import strengths

#: Most settings that the main result is set beside, and results.
MAX_SETTINGS, MAX_RESULTS = 6, 2
#: Levels up to which a setting has a box each, and rows of each at least; most colours.
MAX_BOXES, MIN_EACH, MAX_COLOURS = 10, 4, 6
#: What each further setting counts of the one before it, and the next result of the main one.
LESS, NEXT_RESULT = 0.9, 0.4
#: What points are worth without the colours of another setting, and trials in their order.
PLAIN, IN_TURN = 0.2, 0.9
#: Tie from which another setting is told by colour, and of results that say the same.
TIED, SAME = 0.15, 0.8


def trial_charts(profile: Profile) -> Iterator[Told]:
    """Yield what came of each setting that was tried out, and of one trial after the other.

    Parameters
    ----------
    profile
        Of the table.

    Yields
    ------
    (design, worth)
        In canonical orientation, all of them legal; 0 to 1 for how much it is worth.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"lr": [0.1 / (n + 1) for n in range(24)], "optimizer": ["sgd", "adam"] * 12}
    >>> table |= {"batch_size": [32, 64, 128] * 8, "val_loss": [n * 7 % 24 / 9 for n in range(24)]}
    >>> [(d.mark, d.fields[:2]) for d, _ in trial_charts(profile_table(pa.table(table)))][:2]
    [('point', ('lr', 'val_loss')), ('boxplot', ('batch_size', 'val_loss'))]
    """
    trials = profile.trials
    if trials is None:
        return
    for place, result in enumerate(_results(trials, profile)[:MAX_RESULTS]):
        worth = NEXT_RESULT**place
        for at, setting in enumerate(_by_tie(trials, result, profile)[:MAX_SETTINGS]):
            for design, share in _of_setting(setting, result, trials, profile):
                yield design, share * worth * LESS**at
        if trials.order is not None:
            in_turn: Part = ("x", trials.order, "value")
            turns = make_design("point", profile, in_turn, ("y", result, "value"))
            if not violations(turns, profile):
                yield turns, worth * IN_TURN


def _results(trials: Trials, profile: Profile) -> list[str]:
    """Return the main result, and those that say something else: losses fall as scores rise."""
    asked = profile.asked or ()
    main, *others = sorted(trials.results, key=lambda name: name not in asked)
    new = (n for n in others if n in asked or profile.pair(n, main, "abs_spearman") < SAME)
    return [main, *new]


def _by_tie(trials: Trials, result: str, profile: Profile) -> list[ColumnProfile]:
    """Return the settings that a chart can be about, the one that tells most of a result first."""
    ties = strengths(profile)[profile.index(result)]
    usable = [profile.column(name) for name in trials.settings if profile.column(name).usable]
    return sorted(usable, key=lambda c: -ties[profile.index(c.name)])


def _of_setting(
    setting: ColumnProfile, result: str, trials: Trials, profile: Profile
) -> Iterator[Told]:
    """Yield boxes of a result by few levels of a setting; points along many, also by another."""
    y: Part = ("y", result, "value")
    if _has_levels(setting):
        boxes = make_design("boxplot", profile, ("x", setting.name, "category"), y)
        if not violations(boxes, profile):
            yield boxes, 1.0
            return
    points: list[Part] = [("x", setting.name, "value"), y]
    ties = strengths(profile)[profile.index(result)]
    others = [c for c in _by_tie(trials, result, profile) if _paints(c) and c is not setting]
    told = [c for c in others[:1] if ties[profile.index(c.name)] >= TIED]
    if setting in grid_factors(profile):
        told = []  # cells show both
    plain = make_design("point", profile, *points)
    if violations(plain, profile):
        return
    for other in told:
        painted = make_design("point", profile, *points, ("color", other.name, "category"))
        if not violations(painted, profile):
            yield painted, 1.0
    yield plain, PLAIN if told else 1.0


def _has_levels(setting: ColumnProfile) -> bool:
    few = setting.n_distinct <= MAX_BOXES and setting.n_present >= MIN_EACH * setting.n_distinct
    return few or setting.kind != "number" or setting.semantic == "category"


def _paints(setting: ColumnProfile) -> bool:
    return _has_levels(setting) and setting.n_distinct <= MAX_COLOURS
