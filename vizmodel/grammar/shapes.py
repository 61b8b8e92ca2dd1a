"""Owns the shapes: which roles a chart of each mark may combine, before any table is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, product

from msgspec import Struct, field

from vizmodel.design import CHANNELS, Channel, Mark
from vizmodel.grammar.roles import Role

#: Most encodings of one chart.
MAX_ENCODINGS = 4

Roles = frozenset[Role]


def _roles(*names: Role) -> Roles:
    return frozenset(names)


DIMENSION = _roles("category", "period")
FACETS: Mapping[Channel, Roles] = {"row": _roles("category"), "column": _roles("category")}
COLOURED: Mapping[Channel, Roles] = {"color": _roles("category"), **FACETS}


class Pattern(Struct, frozen=True):
    """A family of shapes: channels that must be there, and channels that may be added.

    Parameters
    ----------
    name
        What a person calls such a chart.
    mark
        Its mark.
    required
        Channel -> roles, one of which it must have.
    optional
        Channel -> roles, one of which it may have.
    """

    name: str
    mark: Mark
    required: Mapping[Channel, Roles]
    optional: Mapping[Channel, Roles] = field(default_factory=dict)


#: Dimension on x and measure on y; the style may turn a chart on its side afterwards.
PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "scatter plot",
        "point",
        {"x": _roles("measure", "time"), "y": _roles("measure")},
        {
            "color": _roles("category", "measure"),
            "size": _roles("measure"),
            "shape": _roles("category"),
            **FACETS,
        },
    ),
    Pattern(
        "dot plot of rows", "point", {"x": _roles("category"), "y": _roles("measure")}, COLOURED
    ),
    Pattern(
        "dot plot of summaries",
        "point",
        {"x": _roles("category"), "y": _roles("summary", "total", "count")},
        {"color": _roles("category"), **FACETS},
    ),
    Pattern(
        "bubble table",
        "point",
        {
            "x": DIMENSION | {"bin"},
            "y": DIMENSION | {"bin"},
            "size": _roles("count", "total", "summary"),
        },
    ),
    Pattern(
        "bubble timeline",
        "point",
        {"x": _roles("time"), "y": _roles("category"), "size": _roles("measure")},
    ),
    Pattern("strip of points", "point", {"x": _roles("measure", "time")}, COLOURED),
    Pattern(
        "bars",
        "bar",
        {"x": DIMENSION | {"time"}, "y": _roles("count", "total", "summary")},
        FACETS,
    ),
    Pattern(
        "stacked bars",
        "bar",
        {"x": DIMENSION, "y": _roles("count", "total"), "color": _roles("category")},
        FACETS,
    ),
    Pattern(
        "grouped bars",
        "bar",
        {"x": DIMENSION, "y": _roles("summary"), "color": _roles("category")},
        FACETS,
    ),
    Pattern(
        "bars of rows, shaded",
        "bar",
        {"x": _roles("category"), "y": _roles("measure"), "color": _roles("measure")},
    ),
    Pattern(
        "bars of rows", "bar", {"x": _roles("category", "time"), "y": _roles("measure")}, COLOURED
    ),
    Pattern("histogram", "bar", {"x": _roles("bin"), "y": _roles("count")}, COLOURED),
    Pattern("bars of bins", "bar", {"x": _roles("bin"), "y": _roles("summary", "total")}, FACETS),
    Pattern(
        "line of rows",
        "line",
        {"x": _roles("time", "measure", "category"), "y": _roles("measure")},
        COLOURED,
    ),
    Pattern(
        "line of summaries",
        "line",
        {
            "x": _roles("time", "period", "category", "measure"),
            "y": _roles("summary", "total", "count"),
        },
        COLOURED,
    ),
    Pattern(
        "area of rows",
        "area",
        {"x": _roles("time", "measure", "category"), "y": _roles("measure")},
        COLOURED,
    ),
    Pattern(
        "area of totals",
        "area",
        {"x": _roles("time", "period", "category"), "y": _roles("total", "count")},
        COLOURED,
    ),
    Pattern(
        "band",
        "area",
        {
            "x": _roles("time", "measure", "category"),
            "y": _roles("measure"),
            "y2": _roles("measure"),
        },
        {"color": _roles("category")},
    ),
    Pattern(
        "band of summaries",
        "area",
        {"x": DIMENSION | {"time"}, "y": _roles("summary"), "y2": _roles("summary")},
        {"color": _roles("category")},
    ),
    Pattern(
        "bars from one value to another",
        "bar",
        {
            "x": _roles("category", "time"),
            "y": _roles("measure", "time"),
            "y2": _roles("measure", "time"),
        },
        {"color": _roles("category")},
    ),
    Pattern(
        "bars from one summary to another",
        "bar",
        {"x": DIMENSION, "y": _roles("summary"), "y2": _roles("summary")},
    ),
    Pattern("strip of values", "tick", {"x": _roles("measure")}),
    Pattern(
        "strips of values", "tick", {"x": _roles("category"), "y": _roles("measure")}, COLOURED
    ),
    Pattern(
        "heat map",
        "rect",
        {
            "x": _roles("category", "bin", "period"),
            "y": _roles("category", "bin", "period"),
            "color": _roles("count", "total", "summary"),
        },
        FACETS,
    ),
    Pattern(
        "heat map of rows",
        "rect",
        {"x": _roles("category"), "y": _roles("category"), "color": _roles("measure")},
        FACETS,
    ),
    Pattern("pie", "arc", {"theta": _roles("count", "total"), "color": _roles("category")}),
    Pattern("pie of rows", "arc", {"theta": _roles("measure"), "color": _roles("category")}),
    Pattern("box plot", "boxplot", {"x": _roles("measure")}),
    Pattern("box plots", "boxplot", {"x": _roles("category"), "y": _roles("measure")}, COLOURED),
    Pattern("box plots in time", "boxplot", {"x": _roles("period"), "y": _roles("measure")}),
)


class Shape(Struct, frozen=True):
    """One combination of a mark and roles by channel, in canonical channel order.

    `pattern` names the chart; `rows` says that rows are drawn as they are, one mark each.
    """

    pattern: str
    mark: Mark
    roles: tuple[tuple[Channel, Role], ...]

    @property
    def n_columns(self) -> int:
        """Number of columns that the shape needs."""
        return sum(role != "count" for _, role in self.roles)

    @property
    def draws_rows(self) -> bool:
        """Whether rows are drawn as they are, one mark each."""
        return self.mark != "boxplot" and not any(
            role in ("count", "total", "summary", "bin") for _, role in self.roles
        )


@cache
def all_shapes() -> tuple[Shape, ...]:
    """Return every shape, each once, in the order of the patterns."""
    seen: dict[tuple[Mark, tuple[tuple[Channel, Role], ...]], Shape] = {}
    for pattern in PATTERNS:
        for shape in _expand(pattern):
            seen.setdefault((shape.mark, shape.roles), shape)
    return tuple(seen.values())


def _expand(pattern: Pattern) -> Iterator[Shape]:
    room = MAX_ENCODINGS - len(pattern.required)
    for size in range(min(room, len(pattern.optional)) + 1):
        for added in combinations(sorted(pattern.optional), size):
            channels = sorted([*pattern.required, *added], key=CHANNELS.index)
            choices = [
                sorted(pattern.required.get(channel) or pattern.optional[channel])
                for channel in channels
            ]
            for roles in product(*choices):
                yield Shape(pattern.name, pattern.mark, tuple(zip(channels, roles, strict=True)))
