"""Owns the traits of a chart on its table: the numbers from which the taste tells charts apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import get_args

import numpy as np
import numpy.typing as npt

from vizmodel.design import CHANNELS, MARKS, Design, Encoding
from vizmodel.grammar.sliced import shown_slice
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.columns import Kind, Semantic
from vizmodel.worth.interest import interest

Floats = npt.NDArray[np.float32]

#: What stands for a trait that a chart does not have; below every value that one can have.
NONE = -9.0
#: The largest number that traits hold, which is what larger ones are.
LARGEST = float(np.finfo(np.float32).max)
#: What stands on a channel, in the order in which trees may cut.
_STANDS = ("nothing", "count", "sum", "summary", "bin", "period", "group", "time", "value")
_KINDS, _SEMANTICS = get_args(Kind), get_args(Semantic)
_PAIRS = (
    "abs_spearman",
    "eta_squared",
    "cramers_v",
    "determines",
    "joint_key",
    "fill",
    "name_similarity",
    "same_scale",
)
_BACK = ("eta_squared", "determines")

_COLUMN: dict[str, Callable[[ColumnProfile], float]] = {
    "kind": lambda c: _KINDS.index(c.kind),
    "meaning": lambda c: _SEMANTICS.index(c.semantic),
    "distinct": lambda c: math.log1p(c.n_distinct),
    "unique": lambda c: c.n_distinct / max(c.n_present, 1),
    "nulls": lambda c: c.null_share,
    "skew": lambda c: c.skew if math.isfinite(c.skew) else 0.0,
    "monotonic": lambda c: c.monotonic,
    "entropy": lambda c: c.entropy,
    "top_share": lambda c: c.top_share,
    "label_length": lambda c: c.label_mean_length,
    "integer": lambda c: c.integer,
    "negative": lambda c: c.share_negative,
    "spread": lambda c: c.std / abs(c.mean) if math.isfinite(c.std) and c.mean else 0.0,
    "span": lambda c: math.log1p(c.span_days),
}
_PLACES = ("place", "relative_place", "last")
_TABLE = (
    "columns",
    "rows",
    "keyed",
    "shaped",
    "few_named_rows",
    "numbers",
    "texts",
    "times",
    "measures",
    "telling",
    "held",
)
_CHANNELS = tuple(channel for channel in CHANNELS if channel != "x2")
_CHART = (
    "mark",
    *(f"on:{channel}" for channel in _CHANNELS),
    "encodings",
    "shown",
    "summarised",
    "share_shown",
    "left_out",
    "skipped",
    "interest",
    "identified",
    "key_shown",
    "held",
    "mixed",
    "y_among_numbers",
    "x_among_groups",
    "x_among_numbers",
)
#: Names of the traits, in the order of `Traits.of`.
TRAITS: tuple[str, ...] = (
    *_CHART,
    *(f"table:{name}" for name in _TABLE),
    *(f"{at}:{name}" for at in ("x", "y", "third") for name in (*_PLACES, *_COLUMN)),
    *(
        f"{pair}:{name}"
        for pair in ("x-y", "x-third", "y-third")
        for name in (*_PAIRS, *(f"back_{name}" for name in _BACK))
    ),
)


class Traits:
    """The traits of the charts of one table.

    Parameters
    ----------
    profile
        Of the table; what concerns it alone is worked out once.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> design = Design("tick", (Encoding("x", "a", "value", "quantitative"),))
    >>> row = Traits(profile_table(pa.table({"a": [1.5, 2.5]}))).of(design)
    >>> row.shape == (len(TRAITS),), MARKS[int(row[TRAITS.index("mark")])]
    (True, 'tick')
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        own = profile.own_columns
        self._width = len(own)
        self._telling = {c.name for c in own if not c.constant and not c.identifier}
        usable = [c for c in profile.columns if c.usable]
        self._numbers = _numbered(c for c in usable if c.kind == "number")
        self._groups = _numbered(c for c in usable if c.kind in ("text", "boolean"))
        self._usable = [column.usable for column in profile.columns]
        self._usable_before = [0, *accumulate(self._usable)]
        self._pairs: dict[tuple[str, str], list[float]] = {}
        self._columns = {c.name: self._column(c) for c in profile.columns}
        self._table = (
            self._width,
            math.log1p(profile.n_rows),
            bool(profile.keys),
            profile.shaped,
            profile.few_named_rows,
            sum(c.kind == "number" for c in own),
            sum(c.kind == "text" for c in own),
            sum(c.is_time for c in own),
            sum(c.semantic == "measure" for c in own),
            len(self._telling),
            len(profile.held_columns),
        )

    def of(self, design: Design) -> Floats:
        """Return the traits of one chart in canonical orientation, float32 [len(TRAITS)]."""
        standing = {e.channel: e for e in design.encodings}
        thirds = (e for e in design.encodings if e.channel not in ("x", "y"))
        columns = [
            e.field if e is not None else None
            for e in (standing.get("x"), standing.get("y"), next(thirds, None))
        ]
        x, y, third = columns
        row = [*self._chart(design, x, y), *self._table]
        for name in columns:
            row += self._columns[name] if name else [NONE] * (len(_PLACES) + len(_COLUMN))
        for first, second in ((x, y), (x, third), (y, third)):
            row += self._pair(first, second)
        return np.array(row, dtype=np.float64).clip(-LARGEST, LARGEST).astype(np.float32)

    def _column(self, column: ColumnProfile) -> list[float]:
        place, last = self._profile.index(column.name), self._width - 1
        places = [place, place / last if last else 0.0, place == last]
        return [float(value) for value in (*places, *(of(column) for of in _COLUMN.values()))]

    def _pair(self, first: str | None, second: str | None) -> list[float]:
        if not first or not second:
            return [NONE] * (len(_PAIRS) + len(_BACK))
        known = self._pairs.get((first, second))
        if known is None:
            known = [self._profile.pair(first, second, name) for name in _PAIRS]
            known += [self._profile.pair(second, first, name) for name in _BACK]
            self._pairs[first, second] = known
        return known

    def _chart(self, design: Design, x: str | None, y: str | None) -> list[float]:
        shown = set(design.fields)
        used = {self._profile.index(name) for name in shown}
        last = max(used, default=0)
        kept = shown_slice(design, self._profile)
        return [
            MARKS.index(design.mark),
            *self._stands(design),
            len(design.encodings),
            len(shown),
            design.summarised,
            len(shown) / max(self._width, 1),
            len(self._telling - shown),
            self._usable_before[last] - sum(self._usable[i] for i in used if i < last),
            interest(design, self._profile),
            self._profile.identifies_rows(self._keys(design)),
            max((len(used.intersection(k)) / len(k) for k in self._profile.keys), default=NONE),
            0 if kept is None else len(kept.held),
            len(self._profile.held_columns - shown) if design.summarised else 0,
            NONE if y is None else self._numbers.get(y, NONE),
            NONE if x is None else self._groups.get(x, NONE),
            NONE if x is None else self._numbers.get(x, NONE),
        ]

    def _stands(self, design: Design) -> list[int]:
        """Return what stands on each channel."""
        found = dict.fromkeys(_CHANNELS, _STANDS.index("nothing"))
        for encoding in design.encodings:
            if encoding.channel in found:
                found[encoding.channel] = _STANDS.index(self._what(encoding))
        return list(found.values())

    def _what(self, encoding: Encoding) -> str:
        if encoding.aggregate:
            return {"count": "count", "sum": "sum"}.get(encoding.aggregate, "summary")
        if encoding.bin:
            return "bin"
        if encoding.time_unit:
            return "period"
        if encoding.transform == "category":
            return "group"
        field = encoding.field
        return "time" if field and self._profile.column(field).is_time else "value"

    def _keys(self, design: Design) -> set[str]:
        """Return the columns shown that could tell rows apart: groups and times."""
        return {
            e.field
            for e in design.encodings
            if e.field
            and (
                e.transform == "category"
                or (e.transform == "value" and self._profile.column(e.field).is_time)
            )
        }


def _numbered(columns: Iterable[ColumnProfile]) -> dict[str, float]:
    return {column.name: float(place) for place, column in enumerate(columns)}
