"""Owns the profile of a table: its columns, statistics of pairs, and what identifies a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import asdict, replace

from vizmodel.design import Fold, Held, Slice, Transform
from vizmodel.once import once
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.clusters import Clusters, find_clusters
from vizmodel.profile.layouts.embeddings import find_embeddings
from vizmodel.profile.layouts.panels import Panel, find_panel
from vizmodel.profile.layouts.records import has_times, holds_records
from vizmodel.profile.layouts.slices import is_total, mixes, slice_data, slice_of
from vizmodel.profile.layouts.trials import Trials, find_trials
from vizmodel.profile.relations.cycles import Cycle
from vizmodel.profile.relations.pairs import PAIR_STATISTICS
from vizmodel.profile.relations.prices import Prices
from vizmodel.profile.relations.ranges import Range
from vizmodel.profile.relations.triples import Triple

__all__ = ["PAIR_STATISTICS", "Profile"]

# Asked for at each trait of each chart: looked up, not searched for.
_PLACES = {name: place for place, name in enumerate(PAIR_STATISTICS)}
#: Most columns of a table that somebody shaped for one chart.
MAX_SHAPED_COLUMNS = 3
#: Most columns of one whose rows have names and whose charts may show many groups.
MAX_ROOMY_COLUMNS = 4
#: Most columns of a table whose rows have names and whose one story has many forms.
MAX_SERIES_COLUMNS = 5
#: Rows up to which a table is drawn row by row, where something identifies them.
MAX_NAMED_ROWS = 60


class Profile(Struct, frozen=True, dict=True, weakref=True):
    """What the model knows of a table.

    Its only cells are levels of slices, labels in order, the rarer of two values and the only text
    of a column.

    Parameters
    ----------
    columns
        One profile per column that can be charted, in the table's order.
    n_rows
        Rows of the whole table.
    pairs
        float32 [n_columns, n_columns, len(PAIR_STATISTICS)]; entry [i, j] describes what column i
        says about column j.
    keys
        Minimal sets of positions (1 to 3, sorted) whose values identify each row of the sample.
    approximate
        Whether the statistics come from a sample rather than from all rows.
    folds
        Like columns that are gathered, the most telling first: several where several questions have
        a column for each answer. For each its headers and its values are two of `columns`, behind
        all others.
    slices
        Rows of a long table that can be drawn while its other columns are held at a level.
    triples
        Columns that say more together than each two of them.
    ranges
        Columns that are the lower and the upper end of something.
    copies
        Pairs of columns of which one is computed from the other, or has values in one of its groups
        only.
    counted
        Columns that say how many there are of each combination of all others.
    within
        What the rows have in common, where they are those of one measure of a long table.
    measures
        Profiles of the rows of each measure of a long table, or of all but totals of others.
    twice
        Whether `keys` leave out a few rows, which are there twice.
    named
        The column whose texts name the rows; None where none does.
    cycles
        How much numbers differ by months, weekdays and hours.
    asked
        Columns that a person asks about, the most first; none in particular where empty. None where
        nobody has said, and it is guessed.
    prices
        Columns that hold the prices of days, for each thing that is traded.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> profile = profile_table(pa.table({"city": ["Rome", "Oslo"], "sales": [3, 4]}))
    >>> profile.column("sales").kind
    'number'
    """

    columns: tuple[ColumnProfile, ...]
    n_rows: int
    pairs: npt.NDArray[np.float32]
    keys: frozenset[tuple[int, ...]]
    approximate: bool = False
    folds: tuple[Fold, ...] = ()
    slices: tuple[Slice, ...] = ()
    triples: tuple[Triple, ...] = ()
    ranges: tuple[Range, ...] = ()
    copies: frozenset[frozenset[str]] = frozenset()
    counted: frozenset[str] = frozenset()
    within: tuple[Held, ...] = ()
    measures: tuple[Profile, ...] = ()
    twice: bool = False
    named: str | None = None
    cycles: tuple[Cycle, ...] = ()
    asked: tuple[str, ...] | None = None
    prices: tuple[Prices, ...] = ()

    @once
    def _positions(self) -> dict[str, int]:
        return {column.name: index for index, column in enumerate(self.columns)}

    @once
    def _shown(self) -> frozenset[int]:
        """Places of the own columns that say more than which row it is."""
        own = enumerate(self.own_columns)
        return frozenset([i for i, column in own if not column.numbers_rows])

    @once
    def _levels(self) -> list[Held]:
        return [held for one in self.slices for held in one.held]

    def _are_told(self) -> bool:
        """Whether groups or times name the rows: two together, or one the few rows there are."""
        names = [key for key in self.keys if not any(self.columns[i].identifier for i in key)]
        few = self.n_rows <= MAX_NAMED_ROWS
        return any(len(key) == 2 or (few and len(key) == 1) for key in names)

    @property
    def own_columns(self) -> tuple[ColumnProfile, ...]:
        """The table's own columns, without the two that stand for gathered ones."""
        return self.columns[: len(self.columns) - 2 * len(self.folds)]

    @property
    def fold(self) -> Fold | None:
        """The like columns that are most telling when they are gathered; None where none are."""
        return self.folds[0] if self.folds else None

    def gathered_as(self, name: str | None) -> Fold | None:
        """Return what is gathered as a column, its headers or its values; None where nothing is."""
        return None if name is None else self.gathered.get(name)

    @once
    def gathered(self) -> dict[str, Fold]:
        """Return what is gathered as each column of headers or of values."""
        # Of two that are called the same, the first.
        return {name: one for one in reversed(self.folds) for name in one.pair}

    @once
    def recorded(self) -> bool:
        """Whether its rows are records of what happened, such as orders."""
        return holds_records(self.own_columns)

    @once
    def embeddings(self) -> tuple[tuple[str, ...], ...]:
        """Return the axes of each embedding: places that a method gave to rows by likeness."""
        return find_embeddings(self.own_columns)

    @once
    def clusters(self) -> Clusters | None:
        """Return the labels of clusters, and the measures beside them."""
        return find_clusters(self.own_columns)

    @once
    def trials(self) -> Trials | None:
        """Return which columns are settings that were tried out, and which what came of them."""
        return find_trials(self.own_columns)

    @once
    def logged(self) -> bool:
        """Whether its rows have times of their own, as runs, calls and days of rain have."""
        return has_times(self.own_columns)

    @once
    def panel(self) -> Panel | None:
        """Return what tells readings of several things at like times apart; None where none are."""
        return find_panel(self.own_columns, self.keys)

    @once
    def shaped(self) -> bool:
        """Whether the table is so narrow that it was made to be drawn as it is.

        The row numbers that a frame's index leaves in a file do not count.
        """
        return len(self._shown) <= MAX_SHAPED_COLUMNS

    @once
    def roomy(self) -> bool:
        """Whether a chart of the table may show many groups: it was shaped, or few groups name it.

        So are tables of four columns whose rows are told by one or two, such as country and year,
        and which hold no totals of their parts.
        """
        few = len(self._shown) <= MAX_ROOMY_COLUMNS and not self.total_columns
        return self.shaped or (few and self._are_told())

    @once
    def is_series(self) -> bool:
        """Whether the table is narrow and something names its rows, such as a country and year."""
        return bool(self.keys) and len(self.own_columns) <= MAX_SERIES_COLUMNS

    @once
    def few_named_rows(self) -> bool:
        """Whether the table has few rows and something tells them apart, such as a country."""
        few = self.n_rows <= MAX_NAMED_ROWS
        return few and any(map(self._shown.issuperset, self.keys))

    @once
    def held_columns(self) -> frozenset[str]:
        """Names of the columns that some slice holds at a level."""
        return frozenset([one.column for one in self._levels])

    @once
    def mixed_columns(self) -> frozenset[str]:
        """Names of those over which no summary means anything: totals and parts, or measures."""
        return frozenset([one.column for one in self._levels if mixes(one)])

    @once
    def total_columns(self) -> frozenset[str]:
        """Names of those of which some rows are the totals of others."""
        return frozenset([one.column for one in self._levels if is_total(one)])

    @property
    def blank_totals(self) -> frozenset[str]:
        """Names of those of which the rows without a value are the totals of others."""
        return frozenset([one.column for one in self._levels if one.level is None])

    @property
    def leaves_wholes(self) -> bool:
        """Whether it is of all rows but those that stand for many of the others together."""
        return bool(self.within) and self.within[0].but

    def of(self, where: Collection[Held]) -> Profile:
        """Return the profile of the rows that a chart keeps to: of one measure, or of all."""
        # What all but the totals have in common is told by the chart itself.
        kinds = {held.column for held in where if not held.but}
        near = [m for m in self.measures if m.within[0].column in kinds and not m.leaves_wholes]
        near += [one for one in self.measures if one.within[0] in where]
        # What a person chose may be none of the measures that were looked at: it is like them.
        return next((one for one in near if one.within[0] in where), (*near, self)[0])

    def asking(self, names: Sequence[str] | None) -> Profile:
        """Return the profile of the same table, asked about some columns; None to guess them.

        What the rows of one measure do not have is not asked of them.
        """
        known = [name for name in dict.fromkeys(names or ()) if name in self._positions]
        told = None if names is None or (names and not known) else tuple(known)
        measures = tuple(one.asking(names) for one in self.measures)
        return replace(self, asked=told, measures=measures)

    def index(self, name: str) -> int:
        """Return a column's position; KeyError for an unknown name."""
        return self._positions[name]

    def column(self, name: str) -> ColumnProfile:
        """Return a column's profile; KeyError for an unknown name."""
        return self.columns[self._positions[name]]

    @once
    def _known(self) -> dict[tuple[str, str], tuple[float, ...]]:
        return {}

    def pair(self, first: str, second: str, statistic: str) -> float:
        """Return one statistic of what column `first` says about column `second`."""
        key = first, second
        known = self._known.get(key)
        if known is None:
            known = tuple(self.pairs[self.index(first), self.index(second)].tolist())
            self._known[key] = known
        return known[_PLACES[statistic]]

    def cycle(self, time: str, unit: Transform, measure: str) -> float | None:
        """Return which share of a number's variance parts of a time explain; None: not known."""
        return self._shares.get((time, unit, measure))

    @once
    def _shares(self) -> dict[tuple[str, str, str], float]:
        return {(one.time, one.unit, one.measure): one.share for one in self.cycles}

    def is_range(self, low: str | None, high: str | None) -> bool:
        """Whether two columns are the lower and the upper end of one thing."""
        return any((one.low, one.high) == (low, high) for one in self.ranges)

    @once
    def _apart(self) -> dict[frozenset[str], bool]:
        return {}

    def identifies_rows(self, names: set[str]) -> bool:
        """Whether the named columns together differ in every row of the sample."""
        asked = frozenset(names)
        known = self._apart.get(asked)
        if known is None:
            positions = {self.index(name) for name in names}
            known = any(map(positions.issuperset, self.keys))
            self._apart[asked] = known
        return known

    def identifying_beside(self, name: str) -> frozenset[str]:
        """Return the columns beside which one that does not identify the rows does."""
        here = {self.index(name)}
        rest = [set(key) - here for key in self.keys]
        return frozenset(self.columns[at].name for key in rest if len(key) == 1 for at in key)

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as JSON-ready data; NaN becomes null."""
        columns = [
            {name: _jsonable(value) for name, value in asdict(column).items()}
            for column in self.columns
        ]
        return {
            "columns": columns,
            "n_rows": self.n_rows,
            "pairs": [[[round(float(v), 6) for v in row] for row in rows] for rows in self.pairs],
            "keys": sorted(list(key) for key in self.keys),
            "approximate": self.approximate,
            "folds": [asdict(one) for one in self.folds],
            "slices": list(map(slice_data, self.slices)),
            "triples": [asdict(one) for one in self.triples],
            "ranges": [asdict(one) for one in self.ranges],
            "copies": sorted(sorted(pair) for pair in self.copies),
            "counted": sorted(self.counted),
            "within": [asdict(one) for one in self.within],
            "measures": [one.to_dict() for one in self.measures],
            "twice": self.twice,
            "named": self.named,
            "cycles": [asdict(one) for one in self.cycles],
            "asked": None if self.asked is None else list(self.asked),
            "prices": [asdict(one) for one in self.prices],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Profile:
        """Read what `to_dict` wrote."""
        columns = tuple(
            ColumnProfile(**{name: _restored(name, value) for name, value in column.items()})
            for column in data["columns"]
        )
        size = len(columns)
        pairs = np.asarray(data["pairs"], dtype=np.float32).reshape(
            size, size, len(PAIR_STATISTICS)
        )
        keys = frozenset(tuple(key) for key in data["keys"])
        gathered = tuple(
            Fold(**fold | {"columns": tuple(fold["columns"])}) for fold in data.get("folds", ())
        )
        slices = tuple(map(slice_of, data.get("slices", ())))
        triples = tuple(Triple(**one) for one in data.get("triples", ()))
        copies = frozenset(frozenset(pair) for pair in data.get("copies", ()))
        return cls(
            columns,
            data["n_rows"],
            pairs,
            keys,
            data["approximate"],
            gathered,
            slices,
            triples,
            tuple(Range(**one) for one in data.get("ranges", ())),
            copies,
            frozenset(data.get("counted", ())),
            tuple(Held(**one) for one in data.get("within", ())),
            tuple(map(cls.from_dict, data.get("measures", ()))),
            data.get("twice", False),
            data.get("named"),
            tuple(Cycle(**one) for one in data.get("cycles", ())),
            None if data.get("asked") is None else tuple(data["asked"]),
            tuple(Prices(**one) for one in data.get("prices", ())),
        )


def _jsonable(value: object) -> object:
    if isinstance(value, tuple):
        return [_jsonable(part) for part in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


_MAY_BE_NAN = {"minimum", "maximum", "mean", "std", "skew"}


def _restored(name: str, value: Any) -> Any:
    if name == "quantiles" and isinstance(value, list):
        return tuple(np.nan if part is None else part for part in value)
    if name in ("listed", "still"):
        return tuple(value)
    return np.nan if value is None and name in _MAY_BE_NAN else value
