"""Owns the opinions of charts of which little was learned: they are borrowed from charts like them.

Each function takes what is said of some charts in some respects, [n_opinions, n_designs], and
returns the same once such charts count as much as those that they are like.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from vizmodel.candidates.cycle_charts import recurs
from vizmodel.candidates.gathered import stands_for_many
from vizmodel.candidates.kind import OPINIONS, Opinion
from vizmodel.candidates.layout_charts import tells_layout
from vizmodel.candidates.leader_charts import LEADERS
from vizmodel.candidates.record_charts import is_in_time, main_totals, tells_ends
from vizmodel.design import Design, Fold
from vizmodel.grammar.embedded import shown_embedding
from vizmodel.grammar.mapped import is_map, places
from vizmodel.profile import Profile
from vizmodel.ranking.variety import Floats
from vizmodel.ranking.worn import Flags
from vizmodel.worth.room import rawness

#: How many charts of a table are wanted first.
FIRST_WANTED = 10


def as_the_best(said: Floats, strange: Flags) -> Floats:
    """Let charts that an opinion knows nothing of count as the best of the others.

    Examples
    --------
    >>> as_the_best(np.array([[1.0, 3.0, -5.0]]), np.array([False, False, True])).tolist()
    [[1.0, 3.0, 3.0]]
    """
    best = said[:, ~strange].max(axis=1, keepdims=True) if not strange.all() else 0.0
    return np.where(strange, best, said)


def as_leaders(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    """Let who is first in what matters most count as the best of all."""
    leaders = [LEADERS.tells(design, profile) > 0 for design in designs]
    return as_the_best(said, np.array(leaders, dtype=bool))


def as_recurring(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    """Let how a number follows the calendar count as the best, the less the rawer a table is."""
    return said + (1.0 - rawness(profile)) * (_recurring(said, designs, profile) - said)


def as_recurring_if_shaped(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    """Let how a number follows the calendar count as the best of a table shaped for one chart."""
    return _recurring(said, designs, profile) if profile.shaped else said


def _recurring(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    again = [recurs(design, profile) for design in designs]
    return as_the_best(said, np.array(again, dtype=bool))


def as_members(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    """Let gathered columns count as much as the one of them that counts most.

    Nobody names a chart of them, since no column of the table is called so. Beside a group it is
    as one of them beside that group.
    """
    for fold in profile.folds:
        said = _as_members_of(fold, said, designs, profile)
    return said


def _as_members_of(fold: Fold, said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    columns, pair = set(fold.columns), set(fold.pair)
    gathered = np.array(
        [fold.value in d.fields and stands_for_many(d, profile) for d in designs], dtype=bool
    )
    members = np.array([not columns.isdisjoint(d.fields) for d in designs], dtype=bool)
    marks = np.array([design.mark for design in designs])
    others = [frozenset(design.fields) - columns - pair for design in designs]
    found = said.copy()
    for at in np.flatnonzero(gathered):
        beside = members & np.array([one == others[at] for one in others], dtype=bool)
        known = beside if beside.any() else members
        alike = known & (marks == marks[at])
        same = said[:, alike if alike.any() else known]
        found[:, at] = np.maximum(found[:, at], same.max(axis=1, initial=-np.inf))
    return found


def as_ends_by_kind(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    """Let an end over time count as the same end by kind does, at the middle of those.

    Of bars of months that are split hardly any have been learned from.
    """
    ends = _ends_shown(designs, profile)
    found = said.copy()
    for at, name in ends.items():
        like = [o for o, other in ends.items() if other == name and not is_in_time(designs[o])]
        if like and is_in_time(designs[at]):
            found[:, at] = np.maximum(said[:, at], np.median(said[:, like], axis=1))
    return found


def _ends_shown(designs: Sequence[Design], profile: Profile) -> dict[int, str]:
    """Return the end that a chart tells, of those that tell one."""
    if not profile.recorded:
        return {}
    colors = ((at, one.encoding("color")) for at, one in enumerate(designs) if one.mark == "bar")
    shown = {at: str(color.field) for at, color in colors if color is not None}
    return {at: name for at, name in shown.items() if tells_ends(designs[at], profile)}


def as_mapped(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    """Let maps and embeddings that the layout asks for count as much as the first charts are.

    Hardly a table has such places of those that taught what is wanted.
    """
    if not places(profile) and not profile.embeddings:
        return said
    told = np.array([_tells_place(design, profile) for design in designs], dtype=bool)
    least = np.sort(said, axis=1)[:, [-min(FIRST_WANTED, len(designs))]]
    return np.where(told, np.maximum(said, least), said)


def _tells_place(design: Design, profile: Profile) -> bool:
    placed = is_map(design, profile) or shown_embedding(design, profile) is not None
    return placed and tells_layout(design, profile) > 0


def as_numbers_of_records(said: Floats, designs: Sequence[Design], profile: Profile) -> Floats:
    """Let totals that are asked of records count as the numbers of records in their place do.

    Of counts more has been learned, and a total says what they say and more.
    """
    totals = main_totals(profile)
    if not totals:
        return said
    known = {design.identity(): at for at, design in enumerate(designs)}
    named = (design.identity() for design in designs)
    counted = [known.get(totals.get(one, one), at) for at, one in enumerate(named)]
    return np.maximum(said, said[:, counted])


Step = Callable[[Floats, Sequence[Design], Profile], Floats]
#: What becomes of which opinions, one after the other, once what they have never met counts as the
#: best of the others.
STEPS: tuple[tuple[tuple[Opinion, ...], Step], ...] = (
    (("network",), as_members),
    (("network",), as_leaders),
    (("network",), as_recurring),
    (("chosen",), as_recurring_if_shaped),
    (OPINIONS, as_ends_by_kind),
    (("wanted",), as_members),
    (("wanted",), as_mapped),
    (OPINIONS, as_numbers_of_records),
)
