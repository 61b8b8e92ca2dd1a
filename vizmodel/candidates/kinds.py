"""Owns the list of the kinds of charts that a table may be asked for, whoever asks."""

from __future__ import annotations

from vizmodel.candidates.cycle_charts import CALENDAR
from vizmodel.candidates.experiments import EXPERIMENTS
from vizmodel.candidates.kind import ChartKind
from vizmodel.candidates.layout_charts import LAYOUT
from vizmodel.candidates.record_charts import RECORDS
from vizmodel.design import Design
from vizmodel.profile import Profile

KINDS: tuple[ChartKind, ...] = (RECORDS, CALENDAR, EXPERIMENTS, *LAYOUT)


def charts_by_name(profile: Profile, *, narrow: bool = False) -> list[Design]:
    """Return the charts that all kinds propose of a table; of a narrow one few of them do."""
    kinds = [kind for kind in KINDS if kind.narrow] if narrow else KINDS
    return [design for kind in kinds for design in kind.charts(profile)]
