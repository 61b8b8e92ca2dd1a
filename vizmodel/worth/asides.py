"""Owns which columns are beside the point: spreads, notes of tools, other prices of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vizmodel.design import Design
from vizmodel.grammar.gathering import shown_fold, shows_time
from vizmodel.grammar.remembered import once_per_profile
from vizmodel.patterns import late_pattern
from vizmodel.profile import Profile
from vizmodel.profile.relations.reckoned import find_reckoned
from vizmodel.profile.words import split_name
from vizmodel.worth.effects import find_effects
from vizmodel.worth.price_asides import misses_course, shows_reach, told_by_course
from vizmodel.worth.spreads import MIDDLE, margins, spreads, without

#: What was done several times, for a mean that stands beside it, and what is said of the mean.
_REPEATED = late_pattern(
    r"\b(splits?|folds?|cv|reps?|replicates?|runs?|trials?|seeds?|rounds?|repeats?) ?\d+\b"
)
_RANKED = late_pattern(r"\b(rank(ed|ing)?|rang|place)\b")
#: Names of what an account comes to, and of its entries.
_BALANCE_NAME = late_pattern(r"\b(balance|solde|saldo|kontostand|zůstatek|egyenleg|saldi)\b")
_ENTRY_NAME = late_pattern(
    r"\b(amount|paid (in|out)|money (in|out)|debits?|credits?|withdrawals?|deposits?|betrag|soll"
    r"|haben|débits?|crédits?|montant|importe|cargos?|abonos?|importo|dare|avere|bedrag|belopp|kwota)\b"
)
#: What tools write beside the figures that they record, and the step along which these run.
_STEP_NAME = "_step"
_NOTED_NAME = late_pattern(
    r"_(runtime|timestamp|wandb\w*|merge|rev|etag|airbyte\w*|fivetran\w*|dlt\w*|sdc\w*|etl\w*"
    r"|loaded_at|ingested_at|inserted_at|extracted_at|synced(_at)?)|__v|dw_\w*(date|time|at|ts)",
    re.IGNORECASE,
)


def shows_an_aside(design: Design, profile: Profile) -> bool:
    """Whether a chart shows a column that is beside the point; what a person asks about is not.

    Along the steps of what a tool recorded lines run, and both bounds together are a range. What an
    account comes to after each entry has a course, and nothing else.
    """
    if misses_course(design, profile) or _leaves_course(design, profile):
        return True
    if _leaves_what_came(design, profile) or _compares_ends(design, profile):
        return True
    if _joins_events(design, profile) or _counts_readings(design, profile):
        return True
    if _tells_when_it_ended(design, profile):
        return True
    found = asides(profile).difference(profile.asked or ())
    if shows_reach(design, profile):
        found -= {end.field for end in design.ends or ()}
    x = design.encoding("x")
    if x is not None and x.field == _STEP_NAME and design.mark in ("line", "area"):
        found -= {_STEP_NAME}
    return not found.isdisjoint(design.fields) or _shows_settings_alone(design, profile)


def _leaves_what_came(design: Design, profile: Profile) -> bool:
    """Whether a chart along time shows a forecast or its bounds without what came beside them."""
    foreseen = _foreseen(profile).difference(profile.asked or ())
    return not foreseen.isdisjoint(design.fields) and shows_time(design, profile)


def _compares_ends(design: Design, profile: Profile) -> bool:
    """Whether a chart only sets the upper end of ranges beside the lower: it is known as higher."""
    fold = shown_fold(design, profile) if profile.ranges else None
    if fold is None or not {*design.fields} <= {*fold.pair}:
        return False
    return any(one.columns == {*fold.columns} for one in profile.ranges)


def _joins_events(design: Design, profile: Profile) -> bool:
    """Whether a line joins numbers of events of which none tells anything of the next."""
    if design.mark not in ("line", "area") or design.summarised or not shows_time(design, profile):
        return False
    fold = shown_fold(design, profile)
    figures = (
        [e.field for e in design.encodings if e.channel == "y"] if fold is None else fold.columns
    )
    return all(profile.column(str(name)).restless for name in figures)


def _tells_when_it_ended(design: Design, profile: Profile) -> bool:
    """Whether a chart shows how long something took by when it ended, not by when it began."""
    shown = set(design.fields)
    pairs = (profile.column(name).between for name in shown)
    return any(pair and pair[1] in shown and pair[0] not in shown for pair in pairs)


def _counts_readings(design: Design, profile: Profile) -> bool:
    """Whether a chart counts readings by when and of what they were taken: there is one of each."""
    panel = profile.panel
    if panel is None or not any(e.transform == "count" for e in design.encodings):
        return False
    of = panel.group
    return all(
        name in (panel.time, of) or (of and profile.pair(of, name, "determines") > 0)
        for name in design.fields
    )


@once_per_profile
def _foreseen(profile: Profile) -> frozenset[str]:
    """Return forecasts and their bounds, of which one chart shows what came, too."""
    gathered = {name for fold in profile.folds if fold.couple for name in fold.columns}
    around = (one for one in profile.ranges if one.middle in gathered)
    return frozenset(name for one in around for name in (str(one.middle), *one.columns))


def _shows_settings_alone(design: Design, profile: Profile) -> bool:
    """Whether a chart shows what somebody set, and nothing of what came of it."""
    if profile.trials is None:
        return False
    settings = set(profile.trials.settings).difference(profile.asked or ())
    others = [profile.column(name) for name in design.fields if name not in settings]
    told = (c.is_size and c.name != profile.trials.order for c in others)
    return not settings.isdisjoint(design.fields) and not any(told)


@once_per_profile
def asides(profile: Profile) -> frozenset[str]:
    """Return the columns that are beside the point where there are others.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> table = {"level": [1.5, 2.5, 4.0], "level uncertainty": [0.1, 0.25, 0.5]}
    >>> asides(profile_table(pa.table(table)))
    frozenset({'level uncertainty'})
    """
    own = [column for column in profile.own_columns if column.usable]
    tools = (c.name for c in own if c.name == _STEP_NAME or _NOTED_NAME.fullmatch(c.name))
    noted = frozenset(tools)
    sizes = [column for column in own if column.is_size]
    local = (local for local, _ in find_reckoned(sizes))
    return noted.union(spreads(profile), told_by(profile), local)


@once_per_profile
def told_by(profile: Profile) -> Mapping[str, str]:
    """Return the columns that are seen with another one: name -> that one's.

    Such are the folds that a mean was taken of, its place among others, the bounds or the margin of
    an estimate, and the first, highest and lowest price of a day.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> scores = {"fold1_score": [0.71, 0.83], "fold2_score": [0.74, 0.88], "rank_score": [2, 1]}
    >>> [*told_by(profile_table(pa.table(scores | {"mean_score": [0.725, 0.855]})))]
    ['fold1_score', 'fold2_score', 'rank_score']
    """
    names = {c.name: split_name(c.name) for c in profile.own_columns if c.usable}
    means = {without(MIDDLE, words): name for name, words in names.items()}
    found: dict[str, str] = {}
    for name, words in names.items():
        for said in (_REPEATED, _RANKED):
            mean = means.get(without(said, words)) if said.search(words) else None
            if mean and MIDDLE.search(names[mean]):
                found[name] = mean
    found |= told_by_course(profile)
    effects = find_effects(profile)
    found |= {} if effects is None else dict.fromkeys(effects.chances, effects.sure)
    found |= {margin: figure for figure, margin in margins(profile).items()}
    around = [one for one in profile.ranges if one.middle is not None]
    return found | {end: str(one.middle) for one in around for end in (one.low, one.high)}


@once_per_profile
def running_balances(profile: Profile) -> frozenset[str]:
    """Return what an account comes to after each of its entries, which are there in their order."""
    own = profile.own_columns
    ordered = any(c.kind == "time" and c.monotonic in (0.0, 1.0) for c in own)
    entries = [c for c in own if c.is_size and _ENTRY_NAME.search(split_name(c.name))]
    if not profile.recorded or not ordered or not entries:
        return frozenset()
    balances = (c.name for c in own if c.is_size and _BALANCE_NAME.search(split_name(c.name)))
    return frozenset(balances)


def _leaves_course(design: Design, profile: Profile) -> bool:
    """Whether a chart shows the balance of an account as anything but a line in time."""
    shown = running_balances(profile).difference(profile.asked or ()).intersection(design.fields)
    line = design.mark in ("line", "area") and len(design.fields) > len(shown)
    timed = line and all(profile.column(name).is_time for name in {*design.fields} - shown)
    return bool(shown) and not timed
