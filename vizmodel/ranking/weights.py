"""Owns how much each term of a chart's score counts."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.profile import Profile


class RankWeights(Struct, frozen=True):
    """How much each term of the score and each repetition counts, in nats.

    Chosen on the families of the training split that the network has not seen.
    """

    network: float = 0.35
    raw_network: float = 0.5
    worth: float = 0.3
    raw_worth: float = 0.7
    lasting: float = 2.0
    wanted: float = 3.0
    weighed: float = 3.0
    interest: float = 0.7
    raw_interest: float = 9.0
    simplicity: float = 0.15
    raw_simplicity: float = 0.6
    raw_panels: float = 1.0
    told: float = 4.0
    outcome: float = 10.0
    same_outcome: float = 2.5
    same_totals: float = 3.0
    lopsided: float = 6.0
    copied: float = 3.0
    form: float = 1.0
    faint: float = 2.0
    striped: float = 3.0
    summarised: float = 1.5
    gathered: float = 4.0
    gathered_course: float = 2.0
    items: float = 6.0
    answering: float = 12.0
    mixed: float = 4.0
    partial: float = 2.0
    headline: float = 3.0
    records: float = 7.0
    given: float = 5.0
    layout: float = 7.0
    about: float = 15.0
    alike: float = 10.0
    aside: float = 12.0
    new_column: float = 1.4
    same_relation: float = 4.5
    same_columns: float = 1.9
    same_axes: float = 2.5
    same_points: float = 4.0
    near_twin: float = 3.0
    retold: float = 3.0
    seen_enough: float = 3.0
    unplain: float = 0.5
    overview: float = 1.0
    asked_alone: float = 2.0
    course: float = 2.0
    same_mark: float = 0.6
    same_column: float = 0.2


WEIGHTS = RankWeights()


def fitted(weights: RankWeights, profile: Profile) -> RankWeights:
    """Return what counts for a table.

    What people drew and kept knows nothing of records: chosen on tables of records left out, four
    parts in turn. Where a person asks about a column it is no repetition that it comes again:
    chosen on tables for which analysts named charts.
    """
    if profile.recorded:
        weights = replace(weights, wanted=5.0, lasting=1.0, asked_alone=0.0)
    return replace(weights, near_twin=0.0, same_outcome=0.0) if profile.asked else weights


class KeptWeights(Struct, frozen=True):
    """What being kept rests on: the logit is their sum, a logistic regression on verdicts.

    As `python -m vizmodel.training.kept` prints it.
    """

    base: float = 0.1
    worth: float = 1.08
    worth_again: float = -0.43
    fresh: float = 0.39
    again: float = -0.96
    shown: float = -0.14
    shown_alone: float = -0.12
    axes: float = -0.21
    repainted: float = -0.07
    restated: float = -0.98
    worn: float = 0.58


KEPT = KeptWeights()
#: A list that may end does so before a chart that is less likely to be kept.
LEAST_CHANCE = 0.3
