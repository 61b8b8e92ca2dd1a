"""Owns which queries are answered by one scan: groups by all their keys, summarised once more.

Reading the rows costs far more than one figure more of each group, and more than a finer group:
so queries whose keys together make few groups share those. Figures that do not follow from those
of finer groups (a median, the number of distinct values) are shared where the keys are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod

from msgspec import Struct, field
from msgspec.structs import replace

from erp_widget.sources.query import Answer, Key, Measure, Query
from erp_widget.sources.relation import DuckRelation, Relation, in_memory

#: Most groups of a scan that is shared, as they are estimated: their sums fit a core's cache.
MAX_GROUPS = 8_192
#: More groups than one for so many rows are no saving.
MIN_ROWS_PER_GROUP = 8
#: Fewer rows than this are read faster than groups of them are passed on.
MIN_SHARED_ROWS = 100_000
#: Parts of a time that follow from its day.
OF_DAYS = ("year", "yearmonth", "yearmonthdate", "quarter", "month", "day")

#: How many groups a key makes, about; infinity where nobody knows.
Size = Callable[[Key], float]


class Share(Struct):
    """Queries that are answered by one scan.

    Parameters
    ----------
    keys
        What its groups are.
    firm
        Whether its figures hold for these very groups only.
    queries
        What it answers.
    """

    keys: frozenset[Key]
    firm: bool
    queries: list[Query] = field(default_factory=list)
    _names: dict[Key | Measure, str] = field(default_factory=dict)
    _groups: DuckRelation | None = None

    def takes(self, query: Query, keys: frozenset[Key], most: float, size: Size) -> bool:
        """Tell whether it can answer one query more."""
        if self.firm or _is_firm(query):
            return keys == self.keys and (not _is_firm(query) or _own(query) == self.keys)
        return prod(map(size, self.keys | keys)) <= most

    def add(self, query: Query, keys: frozenset[Key]) -> None:
        """Answer one query more."""
        self.keys |= keys
        self.firm |= _is_firm(query)
        self.queries.append(query)

    def answer(self, relation: Relation, query: Query) -> Answer:
        """Answer one of the queries; the first one that is asked for costs the scan."""
        if len(self.queries) == 1:
            return relation.ask(query)
        if self._groups is None:
            self._groups = in_memory(relation.table(self._asked()))
        return self._groups.ask(self._again(query))

    def _asked(self) -> Query:
        """Return the query for all groups and all figures."""
        measures = {
            part for query in self.queries for _, one in query.measures for part in _parts(one)
        }
        self._names = {key: f"k{at}" for at, key in enumerate(sorted(self.keys, key=repr))}
        ordered = sorted(measures, key=repr)
        figures = {f"m{at}": one for at, one in enumerate(ordered)}
        self._names |= {one: name for name, one in figures.items()}
        return Query({self._names[key]: key for key in sorted(self.keys, key=repr)}, figures)

    def _again(self, query: Query) -> Query:
        """Return what a query asks of the shared groups."""
        keys = {name: self._key(key) for name, key in query.keys}
        columns = {key.column: keys[name].column for name, key in query.keys}
        return Query(
            keys,
            {name: self._measure(one) for name, one in query.measures},
            present=tuple(columns[column] for column in query.present),
            largest=query.largest,
            limit=query.limit,
        )

    def _key(self, key: Key) -> Key:
        if key in self._names:
            return Key(self._names[key])
        return replace(key, column=self._names[_day(key)])

    def _measure(self, measure: Measure) -> Measure:
        names = [self._names[part] for part in _parts(measure)]
        if measure.summary == "mean":
            return Measure("ratio", names[0], names[1])
        if measure.summary in ("rows", "count"):
            return Measure("total", names[0])
        # Of one value, where the groups are the same, the largest is that value.
        kept = measure.summary if measure.summary in ("sum", "min") else "max"
        return Measure(kept, names[0])


def shares(queries: Iterable[Query], n_rows: int, size: Size) -> list[Share]:
    """Return which queries are answered together.

    Parameters
    ----------
    queries
        Of one relation, in order of rank.
    n_rows
        How many rows it has.
    size
        How many groups a key makes.
    """
    most = min(MAX_GROUPS, n_rows / MIN_ROWS_PER_GROUP)
    found: list[Share] = []
    for query in dict.fromkeys(queries):
        keys = _own(query) if _is_firm(query) else _fine(query, size)
        fitting = (share for share in found if share.takes(query, keys, most, size))
        share = next(fitting, None)
        if share is None:
            share = Share(frozenset(), False)
            found.append(share)
        share.add(query, keys)
    return found


def _own(query: Query) -> frozenset[Key]:
    return frozenset(key for _, key in query.keys)


def _fine(query: Query, size: Size) -> frozenset[Key]:
    """Return a query's keys, with days in place of what follows from them where these are few."""
    return frozenset(
        day if key.part in OF_DAYS and size(day := _day(key)) <= MAX_GROUPS / 4 else key
        for _, key in query.keys
    )


def _day(key: Key) -> Key:
    return replace(key, part="yearmonthdate")


def _is_firm(query: Query) -> bool:
    """Tell whether some figure does not follow from those of finer groups, or keys do not tell."""
    columns = {key.column for _, key in query.keys}
    hidden = not columns.issuperset(query.present)
    return hidden or any(one.summary in ("median", "distinct") for _, one in query.measures)


def _parts(measure: Measure) -> tuple[Measure, ...]:
    """Return the figures of groups from which that of all of them follows."""
    if measure.summary == "mean":
        return Measure("sum", measure.column), Measure("count", measure.column)
    return (measure,)
