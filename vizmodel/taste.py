"""Owns the taste: how much people like each trait of a chart on its table, learned and added up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from vizmodel.design import Design, Encoding
from vizmodel.profile import Profile

FILE_NAME = "taste.json"
#: Edges of the ranges in which counts are told apart.
WIDTHS = (1, 2, 3, 4, 5, 8)
ROWS = (5, 12, 30, 80, 300, 1500)
DISTINCT = (2, 5, 8, 12, 20, 30)
LABELS = (3, 8, 15)
STRENGTHS = (0.2, 0.5, 0.8, 0.95)
EFFECTS = (0.1, 0.3, 0.6)
NULLS = (0.05, 0.3)
FIRST_PLACES = 3


class Taste:
    """A weight in nats for each known trait.

    Parameters
    ----------
    weights
        Trait -> weight; traits that are not named count nothing.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    def opinion(self, design: Design, profile: Profile) -> float:
        """Return how much people like a chart of a table, in nats; comparable within a table."""
        return sum(self._weights.get(trait, 0.0) for trait in traits(design, profile))


@lru_cache(maxsize=4)
def read_taste(folder: Path) -> Taste | None:
    """Read the taste that travels with a network's weights; None where there is none."""
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    return Taste(json.loads(path.read_text(encoding="utf-8"))["weights"])


def traits(design: Design, profile: Profile) -> Iterator[str]:
    """Return the traits of a chart: its shape, the table's width and length, each column's place.

    Parameters
    ----------
    design
        In canonical orientation, as decoded.
    profile
        Of its table.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> design = Design("tick", (Encoding("x", "a", "value", "quantitative"),))
    >>> next(traits(design, profile_table(pa.table({"a": [1.5, 2.5]}))))
    'mark=tick'
    """
    letters: dict[str, str] = {e.channel: _letter(e, profile) for e in design.encodings}
    yield from _whole(design, profile, letters)
    for encoding in design.encodings:
        if encoding.field is not None:
            yield from _part(design, profile, encoding, letters[encoding.channel])
    yield from _relation(design, profile, letters)


def _range(value: float, edges: tuple[float, ...]) -> int:
    return sum(value > edge for edge in edges)


def _letter(encoding: Encoding, profile: Profile) -> str:
    """Say in a letter what stands on a channel."""
    if encoding.transform == "count":
        return "n"
    if encoding.aggregate:
        return "s" if encoding.transform == "sum" else "m"
    if encoding.bin:
        return "b"
    if encoding.time_unit:
        return "p"
    if encoding.transform == "category":
        return "c"
    return "t" if encoding.field and profile.column(encoding.field).is_time else "v"


def _axes(letters: Mapping[str, str]) -> str:
    return letters.get("x", "-") + letters.get("y", "-")


def _whole(design: Design, profile: Profile, letters: Mapping[str, str]) -> Iterator[str]:
    """Traits of the chart as a whole."""
    mark, axes = design.mark, _axes(letters)
    more = "".join(f",{c}={v}" for c, v in letters.items() if c not in ("x", "y"))
    shape = f"{mark} {axes}{more}"
    width = _range(len(profile.own_columns), WIDTHS)
    rows = _range(profile.n_rows, ROWS)
    raw = "sum" if design.summarised else "raw"
    keyed = "key" if profile.keys else "no"
    told = sum(not column.constant for column in profile.own_columns)
    yield f"mark={mark}"
    yield f"shape={shape}"
    yield f"width={width} shape={shape}"
    yield f"width={width} shown={len(design.fields)} {raw}"
    yield f"width={width} {mark} {raw} {keyed}"
    yield f"all={len(design.fields) >= told} {raw} {width}"
    yield f"rows={rows} {mark} {axes}"
    yield f"rows={rows} {raw} {keyed} {width}"


def _part(design: Design, profile: Profile, encoding: Encoding, letter: str) -> Iterator[str]:
    """Traits of one channel and its column."""
    mark, channel = design.mark, encoding.channel
    column = profile.column(str(encoding.field))
    place, size = profile.index(column.name), len(profile.own_columns)
    later = "last" if place == size - 1 else "later"
    at = str(place) if place < FIRST_PLACES else later
    yield f"{channel} at={at} {_range(size, WIDTHS)}"
    yield f"{channel} at={at} {letter}"
    yield f"{channel} {mark} {column.semantic} {encoding.transform}"
    yield f"{channel} {column.semantic}"
    yield f"{channel} distinct={_range(column.n_distinct, DISTINCT)} {letter} {mark}"
    yield f"{channel} unique={column.n_distinct == column.n_present} {letter} {mark}"
    yield f"{channel} order={column.monotonic == 1.0} {letter} {mark}"
    if channel == "x":
        yield f"x time={column.is_time} {mark} rows={_range(profile.n_rows, ROWS)}"
        yield f"x label={_range(column.label_mean_length, LABELS)} {mark}"
    if column.null_share > 0:
        yield f"nulls={_range(column.null_share, NULLS)}"
    if column.share_negative > 0:
        yield f"{channel} negative {mark}"


def _relation(design: Design, profile: Profile, letters: Mapping[str, str]) -> Iterator[str]:
    """Traits of the two axes together, and of the columns that are passed over."""
    mark, axes = design.mark, _axes(letters)
    x, y = design.encoding("x"), design.encoding("y")
    if x is not None and y is not None and x.field and y.field:
        rho = profile.pair(x.field, y.field, "abs_spearman")
        eta = profile.pair(x.field, y.field, "eta_squared")
        yield f"rho={_range(rho, STRENGTHS)} {mark} {axes}"
        yield f"eta={_range(eta, EFFECTS)} {mark} {axes}"
    used = {profile.index(name) for name in design.fields}
    before = range(max(used, default=0))
    passed = sum(i not in used and profile.columns[i].usable for i in before)
    yield f"skipped={min(passed, 4)} {_range(len(profile.own_columns), WIDTHS)}"
