"""Owns the closed vocabularies of a chart and the records that describe one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from vizmodel.once import once
from vizmodel.seen_rows import Fold as Fold
from vizmodel.seen_rows import Held as Held
from vizmodel.seen_rows import Slice as Slice

Mark = Literal["point", "bar", "line", "area", "tick", "rect", "arc", "boxplot"]
Channel = Literal["x", "y", "theta", "color", "size", "shape", "row", "column", "x2", "y2"]
Aggregate = Literal["count", "mean", "median", "sum", "min", "max", "distinct"]
TimeUnit = Literal["year", "quarter", "month", "yearmonth", "yearmonthdate", "day", "hours"]
FieldType = Literal["quantitative", "temporal", "nominal", "ordinal"]
Transform = Literal[
    "value",  # the column as it is, on a continuous scale
    "category",  # the column as it is, on a discrete scale
    "bin",
    "count", "mean", "median", "sum", "min", "max", "distinct",
    "year", "quarter", "month", "yearmonth", "yearmonthdate", "day", "hours",
]  # fmt: skip

MARKS: tuple[Mark, ...] = get_args(Mark)
#: In canonical order: a design lists its encodings in this order, so each chart is written once.
CHANNELS: tuple[Channel, ...] = get_args(Channel)
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
TIME_UNITS: tuple[TimeUnit, ...] = get_args(TimeUnit)
#: Where a channel stands once the chart is turned on its side.
TURNED: dict[Channel, Channel] = {"x": "y", "y": "x", "x2": "y2", "y2": "x2"}
#: Channels that are one to whoever looks.
_ALIKE = {"x": "position", "y": "position", "row": "panel", "column": "panel", "x2": "y2"}
#: Units that come round again: how a measure follows the calendar says nothing of them.
CYCLES: tuple[TimeUnit, ...] = ("quarter", "month", "day", "hours")
FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
TRANSFORMS: tuple[Transform, ...] = get_args(Transform)
#: Columns with what happens to them, as `Design.story` gives them.
Story = frozenset[tuple[str, str]]
#: A chart whichever way it lies, as `Design.identity` gives it.
Identity = frozenset[tuple[str, ...]]

#: What makes one mark of several rows.
_SUMMARIES = frozenset((*AGGREGATES, "bin", *TIME_UNITS))

#: Canonical mark of each Vega-Lite mark that differs from it in looks only.
MARK_ALIASES: dict[str, Mark] = {"circle": "point", "square": "point", "trail": "line"}


class Encoding(Struct, frozen=True, dict=True, cache_hash=True):
    """One channel of a chart.

    Parameters
    ----------
    channel
        Where the values are shown.
    field
        Name of the column; None only for a count of records.
    transform
        What happens to the column before it is shown; fixes aggregate, bin and time unit.
    field_type
        Vega-Lite's type of the values shown (after the transform).

    Examples
    --------
    >>> Encoding("y", "price", "mean", "quantitative").aggregate
    'mean'
    """

    channel: Channel
    field: str | None
    transform: Transform
    field_type: FieldType

    @once
    def aggregate(self) -> Aggregate | None:
        """Return the aggregate, or None where rows are not summarised on this channel."""
        return next((name for name in AGGREGATES if name == self.transform), None)

    @once
    def bin(self) -> bool:
        """Whether the values are put into bins."""
        return self.transform == "bin"

    @once
    def time_unit(self) -> TimeUnit | None:
        """Return the time unit, or None."""
        return next((unit for unit in TIME_UNITS if unit == self.transform), None)

    @once
    def discrete(self) -> bool:
        """Whether the channel shows separate groups rather than a continuous scale."""
        return self.transform == "category"

    @property
    def is_key(self) -> bool:
        """Whether the channel groups rows where another channel aggregates."""
        return self.aggregate is None


#: One value of a column of groups.
Level = str | int | float | bool


class Style(Struct, frozen=True):
    """What the token sequence leaves open and the profile decides.

    Parameters
    ----------
    horizontal
        Draw the dimension on y and the measure on x; the encodings are already swapped.
    sort
        Channel whose labels the measure sorts, largest first; None where they keep their order.
    stack
        How coloured bars and areas of one position combine; None where they do not.
    log
        Channels drawn on a logarithmic scale.
    top
        How many of the largest groups are drawn by themselves, the others as one; or how many rows
        are drawn, where each is one: those with the largest values.
    lines
        How many lines are drawn of many: those of the groups with the largest mean.
    projected
        Draw x and y as longitude and latitude on a map.
    fold
        What is gathered before anything else; None where the table's own columns are shown.
    where
        What the rows shown have in common; none where all rows are shown.
    whole
        Columns in which no value stands for all of them together.
    merged
        Whether the few rows that share a place are drawn as their mean.
    rate
        The one of two parts whose share is drawn alone; None where all parts are drawn.
    course
        Whether that share is drawn as a line along a time.
    names
        Column whose texts name the points; None where they have no names.
    bounds
        Columns that the figures lie between, the lower first; None where the table has none.
    margin
        Column that says how far the bounds lie from the figures, on either side; None where no
        column does, or there are columns of bounds.
    estimate
        Of gathered columns the one that lies between them, such as a forecast beside what came.
    body
        Columns from the first to the second of which the bars of ranges are thick: the opening and
        the closing price of candlesticks; None where bars are of one width.
    """

    horizontal: bool = False
    sort: Channel | None = None
    stack: Literal["zero", "normalize"] | None = None
    log: tuple[Channel, ...] = ()
    top: int | None = None
    lines: int | None = None
    projected: bool = False
    fold: Fold | None = None
    where: tuple[Held, ...] = ()
    whole: tuple[str, ...] = ()
    merged: bool = False
    rate: Level | None = None
    course: bool = False
    names: str | None = None
    bounds: tuple[str, str] | None = None
    margin: str | None = None
    estimate: str | None = None
    body: tuple[str, str] | None = None

    @property
    def around(self) -> tuple[str, ...]:
        """Names of the columns that tell the bounds of the figures; none where nothing does."""
        return self.bounds or (() if self.margin is None else (self.margin,))


class Design(Struct, frozen=True, dict=True, cache_hash=True):
    """A chart without its data: a mark, encodings in canonical order, and a style.

    Examples
    --------
    >>> bars = Design("bar", (Encoding("x", "city", "category", "nominal"),
    ...                       Encoding("y", None, "count", "quantitative")))
    >>> bars.fields
    ('city',)
    """

    mark: Mark
    encodings: tuple[Encoding, ...]
    style: Style = Style()

    @once
    def fields(self) -> tuple[str, ...]:
        """Names of the columns shown, in canonical order, each once."""
        return tuple(dict.fromkeys([e.field for e in self.encodings if e.field is not None]))

    @property
    def aggregated(self) -> bool:
        """Whether rows are summarised before they are drawn."""
        return any(e.aggregate is not None or e.bin for e in self.encodings)

    @once
    def summarised(self) -> bool:
        """Whether a mark stands for several rows: by an aggregate, a bin or a time unit."""
        return any(e.transform in _SUMMARIES for e in self.encodings)

    @property
    def of_largest(self) -> bool:
        """Whether only the rows with the largest values are drawn."""
        return self.style.top is not None and not self.summarised

    @property
    def implied(self) -> tuple[str, ...]:
        """Names of the columns that are shown though no channel has them."""
        names = () if self.style.names is None else (self.style.names,)
        return (*names, *self.style.around, *(self.style.body or ()))

    @property
    def side_by_side(self) -> bool:
        """Whether coloured bars or boxes stand beside each other: what does not add up.

        So do two states, and scores, which are compared.
        """
        color = self.encoding("color")
        if color is None or not color.discrete:
            return False
        if self.mark == "bar" and self.style.fold is not None and self.style.stack is None:
            x = self.encoding("x")
            return color.field == self.style.fold.key and (x is None or x.field != color.field)
        summaries = ("mean", "median", "min", "max", "distinct")
        bars = self.mark == "bar" and any(e.transform in summaries for e in self.encodings)
        return bars or self.mark == "boxplot"

    @once
    def ends(self) -> tuple[Encoding, Encoding] | None:
        """Return the two ends of a range, the lower first; None where marks show single values."""
        standing = self._standing
        for first, second in (("y", "y2"), ("x", "x2")):
            if second in standing:
                return (standing[first], standing[second]) if first in standing else None
        return None

    @once
    def grouped_by(self) -> frozenset[str]:
        """Names of the columns whose values are groups."""
        return frozenset([e.field for e in self.encodings if e.discrete and e.field])

    @once
    def _standing(self) -> dict[Channel, Encoding]:
        return {e.channel: e for e in reversed(self.encodings)}

    def encoding(self, channel: Channel) -> Encoding | None:
        """Return the encoding of a channel, or None."""
        return self._standing.get(channel)

    def relation(self) -> frozenset[tuple[str, str]]:
        """Return what is shown, whatever the mark, channel or axis order.

        Two charts with the same relation tell the same story.
        """
        return frozenset(
            (e.field or "*", "" if e.transform in ("value", "category") else e.transform)
            for e in self.encodings
        )

    def story(self) -> Story:
        """Return the relation; a mean and a median of the same tell the same story."""
        return self._story

    @once
    def _story(self) -> Story:
        return frozenset((n, "mean" if how == "median" else how) for n, how in self.relation())

    def identity(self) -> Identity:
        """Return what makes two designs one chart: neither axis nor side of panels matters."""
        return self._identity

    @once
    def _identity(self) -> Identity:
        return frozenset(
            (self.mark, _ALIKE.get(e.channel, e.channel), e.field or "*", e.transform)
            for e in self.encodings
        )

    def upright(self) -> Design:
        """Return the design as it was decoded: not turned, without a style."""
        if not self.style.horizontal:
            return self.with_style(Style())
        turned = (replace(e, channel=TURNED.get(e.channel, e.channel)) for e in self.encodings)
        return Design(self.mark, canonical(turned))

    def with_style(self, style: Style) -> Design:
        """Return the same chart in another style."""
        return replace(self, style=style)


def canonical(encodings: Iterable[Encoding]) -> tuple[Encoding, ...]:
    """Return encodings in canonical channel order."""
    return tuple(sorted(encodings, key=lambda e: CHANNELS.index(e.channel)))


class Without(Struct, frozen=True):
    """What no chart may show.

    Parameters
    ----------
    columns
        Names that no chart shows.
    marks
        Marks that no chart has.
    stories
        Relations that no chart tells, whatever its mark.
    charts
        Single charts, such as those that were shown before.

    Examples
    --------
    >>> Without(marks=("arc",)) | Without(columns=("id",))
    Without(columns=('id',), marks=('arc',), stories=(), charts=())
    """

    columns: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    stories: tuple[Story, ...] = ()
    charts: tuple[Identity, ...] = ()

    def __or__(self, other: Without) -> Without:
        """Return what one or the other rules out."""
        return Without(
            tuple(dict.fromkeys((*self.columns, *other.columns))),
            tuple(dict.fromkeys((*self.marks, *other.marks))),
            tuple(dict.fromkeys((*self.stories, *other.stories))),
            tuple(dict.fromkeys((*self.charts, *other.charts))),
        )


class Intent(Struct, frozen=True):
    """What the user already knows; honoured while decoding, never by filtering afterwards.

    Parameters
    ----------
    columns
        Names that every chart must show.
    mark
        The mark of every chart.
    encoding
        Channel -> column that every chart must show there.
    without
        What no chart may show.

    Examples
    --------
    >>> Intent(columns=("price",), mark="line").mark
    'line'
    """

    columns: tuple[str, ...] = ()
    mark: Mark | None = None
    encoding: tuple[tuple[Channel, str], ...] = ()
    without: Without = Without()
