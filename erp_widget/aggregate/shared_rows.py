"""Owns the rows of the charts of one table, which share what is read of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import pyarrow.compute as pc

from erp_widget.aggregate.asked import Asked
from erp_widget.aggregate.boxes import box_rows
from erp_widget.aggregate.folded import AnyTable, FoldedTable
from erp_widget.aggregate.gaps import with_zeros
from erp_widget.aggregate.groups import group_rows
from erp_widget.aggregate.known import with_known
from erp_widget.aggregate.largest import largest_rows
from erp_widget.aggregate.leading import line_rows
from erp_widget.aggregate.limits import with_limits
from erp_widget.aggregate.partial import with_partial
from erp_widget.aggregate.plain import Read, plain_rows
from erp_widget.aggregate.rates import with_rates
from erp_widget.aggregate.result import (
    ChartRows,
    with_few_values,
    with_full_panels,
    with_plain_labels,
    with_shares,
)
from erp_widget.aggregate.sharing import MIN_SHARED_ROWS, Share, shares
from erp_widget.aggregate.sliced import SlicedTable, with_totals, with_where
from erp_widget.aggregate.thin import with_thin
from erp_widget.aggregate.top import top_rows
from erp_widget.sources import Table
from erp_widget.sources.answers import was_cancelled
from erp_widget.sources.counted_rows import CountedRows
from erp_widget.sources.memory import spilled_note
from erp_widget.sources.query import Answer, Key, Query
from vizmodel.design import Design, Fold, Held
from vizmodel.form.rates import as_rate

if TYPE_CHECKING:
    import pyarrow as pa

#: How a chart sees a table: gathered columns, and what its rows have in common.
Seen: TypeAlias = "tuple[Fold | None, tuple[Held, ...]]"
#: Groups that parts of a time make.
PARTS_OF_TIME = {"quarter": 4, "month": 12, "day": 7, "hours": 24}
#: Days that each of its stretches has at least.
DAYS = {"yearmonthdate": 1, "yearmonth": 28, "year": 365}
#: More distinct values for so many rows of the sample are not counted on: there may be many more.
COUNTED_SHARE = 0.1

_log = logging.getLogger("erp_widget")


class SharedRows:
    """The rows of some charts; a scan of the table answers all charts that can share it.

    Nothing is asked before the first rows are.

    Parameters
    ----------
    table
        Where the rows are.
    designs
        Drawn designs on that table, in order of rank.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> from vizmodel.design import Encoding
    >>> bars = Design("bar", (Encoding("x", "c", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative")))
    >>> SharedRows(open_table({"c": ["a", "a", "b"]}), [bars]).rows(bars).records
    [{'x': 'a', 'y': 2}, {'x': 'b', 'y': 1}]
    """

    def __init__(self, table: Table, designs: Sequence[Design]) -> None:
        self._table = table
        self._designs = tuple(designs)
        self._sources: dict[Seen, AnyTable] = {}
        self._known: dict[Design, Asked] = {}
        self._read: dict[int, Read] = {}

    def rows(self, design: Design) -> ChartRows:
        """Return the rows of one chart; a design that is not among those given is asked alone.

        Where a shared scan fails, the chart is asked alone; a query that somebody stops is not.
        """
        asked = self._asked(design)
        source = self._source(design)
        n_spilled = self._table.n_spilled
        found = asked.finished([] if asked.query is None else self._answer(source, asked.query))
        if self._table.n_spilled > n_spilled:
            found = found.noted(spilled_note())
        found = with_partial(with_known(found, source.n_rows, design), source, design)
        found = with_rates(found, source.n_rows, design)
        design = as_rate(design)
        found = with_zeros(with_few_values(found, design), design)
        found = with_plain_labels(with_full_panels(found, design), design)
        found = with_limits(with_totals(with_shares(found, design), design), design)
        return with_where(with_thin(found, design), design.style.where)

    def _answer(self, source: AnyTable, query: Query) -> Answer:
        share = self._shares.get((id(source), query))
        if share is not None:
            try:
                return share.answer(source.relation, query)
            except Exception as error:
                if was_cancelled(error):
                    raise
                _log.warning("a shared scan failed; its charts are asked alone", exc_info=True)
        return source.relation.ask(query)

    @cached_property
    def _shares(self) -> dict[tuple[int, Query], Share]:
        """What answers each query of each source."""
        if self._table.n_rows < MIN_SHARED_ROWS:
            return {}
        return {
            (id(source), query): share
            for source, asked in self._queries()
            if not isinstance(source.relation, CountedRows)  # which take as long for each figure
            for share in shares(asked, source.n_rows, _Sizes(source))
            for query in share.queries
        }

    def _queries(self) -> Iterable[tuple[AnyTable, list[Query]]]:
        """Return what the charts ask first of each source."""
        found: dict[int, tuple[AnyTable, list[Query]]] = {}
        for design in self._designs:
            query = self._query(design)
            if query is not None:
                source = self._source(design)
                found.setdefault(id(source), (source, []))[1].append(query)
        return found.values()

    def _query(self, design: Design) -> Query | None:
        """Return what a chart asks first; None where it asks nothing, or cannot."""
        try:
            return self._asked(design).query
        except Exception as error:  # it is told when the chart itself is asked for
            if was_cancelled(error):  # maybe while the ends of bins are asked
                raise
            return None

    def _prepare_extents(self) -> None:
        """Ask for the ends of all columns that are put into bins at once."""
        whole = [design for design in self._designs if self._source(design) is self._table]
        binned = [e.field for design in whole for e in design.encodings if e.bin and e.field]
        self._table.prepare_extents(binned)

    def _asked(self, design: Design) -> Asked:
        """Return what a chart asks, worked out once."""
        known = self._known.get(design)
        if known is None:
            known = self._known[design] = self._asking(design)
        return known

    def _asking(self, design: Design) -> Asked:
        source = self._source(design)
        if design.mark == "boxplot":
            return box_rows(source, design)
        if design.style.top is not None:
            rows_of = largest_rows if design.of_largest else top_rows
            return rows_of(source, design, design.style.top)
        if design.style.lines is not None:
            return line_rows(source, design, design.style.lines)
        if design.summarised:
            if any(e.bin for e in design.encodings):
                self._prepare_extents()
            return group_rows(source, design)
        read = self._read.setdefault(id(source), {})
        return Asked(None, lambda _: plain_rows(source, design, read))

    def _source(self, design: Design) -> AnyTable:
        """Return the table as a chart sees it: whole, gathered, or a slice of it."""
        fold, where = design.style.fold, design.style.where
        if fold is None and not where:
            return self._table
        if (fold, where) not in self._sources:
            gathered = None if fold is None else FoldedTable(self._table, fold)
            self._sources[fold, where] = gathered or SlicedTable(self._table, where)
        return self._sources[fold, where]


class _Sizes:
    """How many groups the keys of a source make, as its sample tells."""

    def __init__(self, source: AnyTable) -> None:
        self._sample = source.sample()
        self._names = {source.internal(name): name for name in self._sample.column_names}
        self._known: dict[Key, float] = {}

    def __call__(self, key: Key) -> float:
        """Return the number for one key; infinity where nobody knows."""
        if key not in self._known:
            # One more for rows without a value.
            self._known[key] = 1 + self._size(key, self._sample.column(self._names[key.column]))
        return self._known[key]

    def _size(self, key: Key, column: pa.ChunkedArray) -> float:
        if key.part == "bin":
            return key.count
        if key.part in PARTS_OF_TIME:
            return PARTS_OF_TIME[key.part]
        if key.part != "value":
            ends = pc.min_max(column).as_py()
            if ends["min"] is None:
                return 1
            days = float((ends["max"] - ends["min"]).days + 1)
            return days / DAYS[key.part] + 1
        n_values = int(pc.count_distinct(column).as_py())
        return n_values if n_values <= COUNTED_SHARE * len(column) else float("inf")
