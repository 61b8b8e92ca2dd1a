"""Owns what the model may know of one column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.design import FieldType, Level, TimeUnit
from vizmodel.patterns import late_pattern
from vizmodel.profile import words
from vizmodel.profile.reading.counted_times import DECIMAL_QUARTERS
from vizmodel.profile.reading.values import NAN

#: Names of what is set to one base, and of changes in it: neither adds up.
_REBASED_NAME = late_pattern(
    r"\b(indice|índice|indeks|indexed|indexiert|rebased|normali[sz](ed|ado|ada)|normiert|normalisé"
    r"|standardi[sz]ed|z ?score|growth|yoy|wachstum|croissance|crecimiento|crescita)\b"
)
#: Rows for each different value from which values come again.
MIN_AGAIN = 2
Kind = Literal["number", "time", "text", "boolean"]
Semantic = Literal[
    "measure",
    "category",
    "ordinal",
    "identifier",
    "year",
    "sequence",
    "latitude",
    "longitude",
    "percent",
    "currency",
    "weekday",
    "month",
    "country",
    "time",
    "text",
    "constant",
]
Resolution = Literal["year", "month", "day", "hour"]

#: Most groups that one axis can show.
MAX_CATEGORIES = 30
#: Columns that are left to draw where those that only repeat others are not drawn.
MIN_LEFT = 3


class ColumnProfile(Struct, frozen=True):
    """What the model may know of one column.

    Counts refer to the sample; `minimum`, `maximum`, `mean`, `std` and `quantiles` (5, 25, 50, 75
    and 95 %) are in the column's own unit, times in seconds since 1970; NaN for text. `evidence`
    says in words where `semantic` comes from. `even` is the share of steps from one time to the
    next that are about as long as the middle one; `still` are the units of a calendar that are the
    same at all times. `told` is the type that the user gave the column,
    None where it was guessed; `written` is how its times are written in the table, as d3 and
    strptime read it, where no viewer could know. `rate` says that another column calls the numbers
    rates, shares or indices, whatever their own name; `within` names the column that tells their
    units or currencies, where there are several; `listed` are its labels in the order in which they
    are listed, where they have one: also where a chart shows some of them only. `given` says that
    they are the arms of an experiment, `cumulative` that numbers are totals so far. `rarer` is the
    less common of two values, where there are just two. `geometric` is the smallest above nought of
    a few numbers that grow by factors; 0 for others. `axis` says that curves run along the numbers,
    one for each of some things, or a single one. `unit` is what all its numbers bear in the table,
    such as kg or €; `parts` says that gathered numbers are the parts of a whole, whatever they are
    called; `only` is the text that all rows have, where there is one; `sorts` says that the numbers
    are only there to put another column's labels in order; `faces` names a column of the same
    things that these are crossed with, such as what was beside what was predicted; `restless` says
    that no number tells anything of the next in time; `between` names the two times that computed
    durations lie between.

    Examples
    --------
    >>> ColumnProfile("year", 0, "number", "year", "its name", 3, 3, 3).is_time
    True
    """

    name: str
    position: int
    kind: Kind
    semantic: Semantic
    evidence: str
    n_rows: int
    n_present: int
    n_distinct: int
    minimum: float = NAN
    maximum: float = NAN
    mean: float = NAN
    std: float = NAN
    skew: float = NAN
    quantiles: tuple[float, float, float, float, float] = (NAN, NAN, NAN, NAN, NAN)
    integer: bool = False
    share_negative: float = 0.0
    share_zero: float = 0.0
    entropy: float = 0.0
    top_share: float = 0.0
    label_mean_length: float = 0.0
    label_max_length: int = 0
    monotonic: float = 0.0
    resolution: Resolution | None = None
    span_days: float = 0.0
    even: float = 0.0
    still: tuple[TimeUnit, ...] = ()
    told: FieldType | None = None
    written: str | None = None
    rate: bool = False
    within: str | None = None
    listed: tuple[str, ...] = ()
    given: bool = False
    cumulative: bool = False
    rarer: Level | None = None
    geometric: float = 0.0
    axis: bool = False
    unit: str = ""
    parts: bool = False
    only: str | None = None
    sorts: bool = False
    faces: str | None = None
    restless: bool = False
    between: tuple[str, str] | None = None

    @property
    def field_type(self) -> FieldType:
        """Vega-Lite's type for the column: as told, or what its meaning comes to."""
        if self.told is not None:
            return self.told
        if self.is_time:
            return "temporal"
        if self.semantic in ("ordinal", "weekday", "month"):
            return "ordinal"
        names = self.semantic in ("category", "identifier", "country", "text")
        return "quantitative" if self.kind == "number" and not names else "nominal"

    @property
    def null_share(self) -> float:
        """Share of rows without a value, 0..1."""
        return 1.0 - self.n_present / self.n_rows if self.n_rows else 1.0

    @property
    def constant(self) -> bool:
        """Whether there is at most one distinct value."""
        return self.n_distinct <= 1

    @property
    def identifier(self) -> bool:
        """Whether the column names rows rather than describing them."""
        return self.semantic == "identifier"

    @property
    def zero_one(self) -> bool:
        """Whether the numbers are zeros and ones, and both are there."""
        return (self.n_distinct, self.minimum, self.maximum) == (2, 0, 1)

    @property
    def usable(self) -> bool:
        """Whether a chart can be about this column."""
        return self.semantic not in ("constant", "identifier", "text")

    @property
    def is_size(self) -> bool:
        """Whether the values are numbers that say how much, how many or how far."""
        meant = ("measure", "currency", "percent", "sequence")
        return self.kind == "number" and self.semantic in meant

    @property
    def is_time(self) -> bool:
        """Whether the values are points in time (dates, or years as numbers)."""
        return self.kind == "time" or self.semantic == "year"

    @property
    def by_quarters(self) -> bool:
        """Whether times are quarters of a year: written as such, or called so where months are."""
        named = words.QUARTER_NAME.search(words.split_name(self.name)) is not None
        told = self.written == DECIMAL_QUARTERS or "%q" in (self.written or "")
        return told or (self.resolution == "month" and named)

    @property
    def names_a_time(self) -> bool:
        """Whether the values are points in time, or the name says so though they are all one."""
        named = words.YEAR_NAME.search(words.split_name(self.name)) is not None
        return self.is_time or named or words.calendar_limit(self.name) > 0

    @property
    def ordered(self) -> bool:
        """Whether a line along the values has a meaning."""
        if self.told == "nominal":
            return False
        return self.kind in ("number", "time") or self.semantic in ("ordinal", "weekday", "month")

    @property
    def intensive(self) -> bool:
        """Whether a sum of the values means nothing: they are rates, ages, temperatures."""
        if self.rate or self.semantic == "percent" or words.EACH_NAME.search(self.name):
            return True
        if self.between is not None:  # what takes its time beside others does not add up
            return True
        name = words.split_name(self.name)
        return bool(words.INTENSIVE_NAME.search(name) or _REBASED_NAME.search(name))

    @property
    def additive(self) -> bool:
        """Whether a sum of the values means something."""
        measures = self.kind == "number" and self.semantic in ("measure", "currency")
        return measures and self.share_negative == 0.0 and not self.intensive

    @property
    def has_few_groups(self) -> bool:
        """Whether there are so few groups that they may be the ends of something."""
        groups = self.kind in ("text", "boolean") or self.semantic == "category"
        return groups and 2 <= self.n_distinct <= words.MAX_ENDS

    @property
    def tells_an_outcome(self) -> bool:
        """Whether a few groups say how something ended, such as died or survived."""
        name = words.split_name(self.name)
        return self.has_few_groups and words.OUTCOME_NAME.search(name) is not None

    @property
    def comes_again(self) -> bool:
        """Whether the values are half as many as the rows that have them, or fewer."""
        return self.n_present >= MIN_AGAIN * self.n_distinct

    @property
    def adds_up(self) -> bool:
        """Whether whole numbers count what other rows count as well: sums are what is asked for."""
        counts = self.kind == "number" and self.integer and self.share_negative == 0
        return counts and words.COUNT_NAME.fullmatch(words.split_name(self.name)) is not None

    @property
    def counts_rows(self) -> bool:
        """Whether whole numbers count rows that follow each other, as weeks of a record do."""
        counted = self.integer and self.n_distinct == self.n_present == self.n_rows
        return self.semantic == "sequence" and counted and self.monotonic == 1.0

    @property
    def unnamed(self) -> bool:
        """Whether the column is the index that a frame left in a file, which has no name there."""
        return words.INDEX_NAME.match(self.name) is not None

    @property
    def numbers_rows(self) -> bool:
        """Whether such an index only counts the rows: one of texts names them, one of times dates.

        Examples
        --------
        >>> ColumnProfile("Unnamed: 0", 0, "text", "category", "", 3, 3, 3).numbers_rows
        False
        """
        return self.unnamed and self.integer and self.kind == "number" and not self.is_time

    @property
    def begins_anew(self) -> bool:
        """Whether several curves run along the numbers, one after the other."""
        return self.axis and 0.0 < self.monotonic < 1.0

    @property
    def calendar(self) -> bool:
        """Whether whole numbers are days of a month, months of a year or hours of a day."""
        if self.kind != "number" or not self.integer or self.told or self.minimum < 0:
            return False
        return self.maximum <= words.calendar_limit(self.name)


def taken_for_names(
    columns: Sequence[ColumnProfile], evidence: Mapping[int, str]
) -> tuple[ColumnProfile, ...]:
    """Take some columns for mere names; none where hardly another would be left to draw.

    Parameters
    ----------
    columns
        Of the table.
    evidence
        Place of a column -> why it is drawn no more.
    """
    found = list(columns)
    for at, said in evidence.items():
        found[at] = replace(columns[at], semantic="identifier", evidence=said)
    return tuple(found if sum(column.usable for column in found) >= MIN_LEFT else columns)
