"""Owns the reading of the corpus: tables, and people's charts as designs of our vocabulary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from vizmodel.design import (
    AGGREGATES,
    CHANNELS,
    MARK_ALIASES,
    MARKS,
    TIME_UNITS,
    TURNED,
    Channel,
    Design,
    Transform,
    canonical,
)
from vizmodel.grammar.roles import role_of
from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.tokens import MAX_ENCODINGS, make_encoding

#: Charts of these sources were made by programs: at most a tenth of what is learned.
PROGRAM_SOURCES = frozenset({"data2vis", "nlvcorpus"})
TRAINING_SPLIT = "train"
#: Share of the families that training holds out to watch itself.
HELD_OUT = 0.1

_CHANNEL_ALIASES: dict[str, Channel] = {
    "facet": "column",
    "strokeDash": "color",
    "detail": "color",
    "fill": "color",
    "stroke": "color",
    "xOffset": "color",
    "yOffset": "color",
    "longitude": "x",
    "latitude": "y",
}
_ENDS: tuple[tuple[Channel, Channel], ...] = (("y", "y2"), ("x", "x2"))
_AGGREGATE_ALIASES = {"average": "mean", "valid": "count", "q2": "median"}
_UNIT_ALIASES = {
    "yearquarter": "yearmonth",
    "yearmonthdatehours": "yearmonthdate",
    "monthdate": "month",
    "date": "yearmonthdate",
    "week": "yearmonthdate",
    "yearweek": "yearmonthdate",
    "yearmonthdatehoursminutes": "hours",
    "hoursminutes": "hours",
}


class CorpusError(ValueError):
    """The corpus is not where it should be, or a split is asked for that training may not see."""


@dataclass(frozen=True, slots=True)
class CorpusChart:
    """One chart of the corpus.

    `spec` is the reduced Vega-Lite spec as the corpus gives it, `group` joins tables of one family
    or of one header, which must not be on both sides of a split.
    """

    id: str
    table: str
    source: str
    family: int
    group: str
    human: bool
    spec: Mapping[str, Any]


def read_charts(path: Path, split: str = TRAINING_SPLIT) -> list[CorpusChart]:
    """Read the charts of a split, without those that need a derived or folded column.

    Raises
    ------
    CorpusError
        Where the file is missing or the split has no chart.
    """
    if not path.is_file():
        msg = f"no corpus at {path}; give its folder with --corpus"
        raise CorpusError(msg)
    charts = [
        CorpusChart(
            row["id"],
            row["table"],
            row["source"],
            row["family"],
            _group(row),
            row["human"],
            row["spec"],
        )
        for row in read_json_lines(path)
        if row["split"] == split and not row["spec"].get("derived") and not row["spec"].get("fold")
    ]
    if not charts:
        msg = f"no charts of split {split!r} in {path}"
        raise CorpusError(msg)
    return charts


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """Read one JSON a line; a line ends at a line feed only, whatever its texts hold."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _group(row: Mapping[str, Any]) -> str:
    return str(row["family"])


def merge_groups(charts: list[CorpusChart], headers: Mapping[str, str]) -> dict[str, str]:
    """Map each table to its group: tables of one family or of one header share one (union-find)."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for chart in charts:
        parent[find(f"family {chart.family}")] = find(f"header {headers[chart.table]}")
    return {chart.table: find(f"family {chart.family}") for chart in charts}


def is_held_out(group: str, share: float = HELD_OUT) -> bool:
    """Whether a group is kept from training; decided by its name, so every run agrees."""
    return int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) / 2**32 < share


def read_table(path: Path) -> pa.Table:
    """Read a csv or json (records) table and type its columns.

    Raises
    ------
    CorpusError
        Where the file cannot be read as a table.
    """
    try:
        if path.suffix == ".json":
            records = json.loads(path.read_text())
            raw = pa.Table.from_pylist(records)
        else:
            parse = pa_csv.ParseOptions(
                newlines_in_values=True, invalid_row_handler=lambda row: "skip"
            )
            convert = pa_csv.ConvertOptions(
                strings_can_be_null=True, null_values=["", "NA", "NaN", "null"]
            )
            raw = pa_csv.read_csv(path, parse_options=parse, convert_options=convert)
    except (pa.ArrowException, ValueError, OSError) as error:
        msg = f"cannot read {path} as a table: {error}"
        raise CorpusError(msg) from error
    unique = [i for i, name in enumerate(raw.column_names) if name not in raw.column_names[:i]]
    return apply_casts(raw.select(unique), infer_casts(raw.select(unique)))


@lru_cache(maxsize=4096)
def profile_of(path: Path) -> Profile:
    """Return the profile of a table file."""
    return profile_table(read_table(path))


def chart_key(design: Design) -> tuple[str, frozenset[str], frozenset[tuple[object, ...]]]:
    """Return what two charts must share to count as the same: mark, columns, summaries and bins."""
    parts = ((e.field, e.aggregate, e.bin) for e in design.encodings if e.aggregate or e.bin)
    return design.mark, frozenset(design.fields), frozenset(parts)


def to_design(spec: Mapping[str, Any], profile: Profile) -> Design | None:
    """Write a person's chart in our vocabulary and canonical orientation.

    Returns
    -------
    Design or None
        None where the vocabulary has no word for the chart: another mark, a column that the
        profile lacks, no column at all.
    """
    mark = spec["mark"]["type"] if isinstance(spec["mark"], dict) else spec["mark"]
    mark = MARK_ALIASES.get(mark, mark)
    if mark not in MARKS:
        return None
    found: dict[Channel, tuple[str | None, Transform]] = {}
    # A channel of our own before one that stands for it.
    for name, channel_spec in sorted(
        spec["encoding"].items(), key=lambda one: one[0] not in CHANNELS
    ):
        channel = _CHANNEL_ALIASES.get(name, name)
        if channel not in CHANNELS or channel in found or not isinstance(channel_spec, dict):
            continue
        read = _read_channel(channel_spec, profile)
        if read is not None:
            found[channel] = read
        elif channel in ("x", "y", "theta") and channel_spec.get("field") is not None:
            return None
    found = _ranged(_one_channel_per_column(found), profile)
    if not found or len(found) > MAX_ENCODINGS or not any(field for field, _ in found.values()):
        return None
    found = _canonical_orientation(found, profile)
    found = _as_drawn(mark, found, profile)
    encodings = (make_encoding(ch, field, how, profile) for ch, (field, how) in found.items())
    return Design(mark, canonical(encodings))


def _read_channel(spec: Mapping[str, Any], profile: Profile) -> tuple[str | None, Transform] | None:
    written = spec.get("aggregate")
    aggregate = _AGGREGATE_ALIASES.get(str(written), written)
    field = spec.get("field")
    if aggregate == "count":
        return None, "count"
    names = {column.name for column in profile.columns}
    if not isinstance(field, str):
        return None
    field = field if field in names else field.replace("\\", "")
    if field not in names:
        return None
    column = profile.column(field)
    if aggregate:
        known = (name for name in AGGREGATES if name == aggregate)
        return next(((field, name) for name in known), None)
    if spec.get("bin"):
        return field, "bin" if column.kind == "number" else "category"
    unit = str(spec.get("timeUnit") or "").removeprefix("utc")
    unit = _UNIT_ALIASES.get(unit, unit)
    if unit in TIME_UNITS:
        return (field, unit) if column.kind == "time" else (field, "category")
    if column.kind in ("text", "boolean"):
        return field, "category"
    if column.kind == "time":
        return field, "value"
    if column.semantic == "category":
        return field, "category"
    discrete = spec.get("type") in ("nominal", "ordinal")
    return field, "category" if discrete else "value"


def _one_channel_per_column(
    found: dict[Channel, tuple[str | None, Transform]],
) -> dict[Channel, tuple[str | None, Transform]]:
    """Keep a column's first channel: a colour that repeats the axis is decoration."""
    seen: set[str] = set()
    kept: dict[Channel, tuple[str | None, Transform]] = {}
    for channel in CHANNELS:
        if channel in found:
            field, transform = found[channel]
            if field is None or field not in seen:
                kept[channel] = (field, transform)
            if field is not None:
                seen.add(field)
    return kept


def _ranged(
    found: dict[Channel, tuple[str | None, Transform]], profile: Profile
) -> dict[Channel, tuple[str | None, Transform]]:
    """Put the lower end of a range before the upper one; what is no range has one end."""
    kept = dict(found)
    for first, second in _ENDS:
        one, other = kept.get(first), kept.pop(second, None)
        if one is None or other is None:
            continue
        for low, high in ((one, other), (other, one)):
            if profile.is_range(low[0], high[0]):
                kept |= {first: low, second: high}
    return kept


def _as_drawn(
    mark: str, found: dict[Channel, tuple[str | None, Transform]], profile: Profile
) -> dict[Channel, tuple[str | None, Transform]]:
    """Drop what changes nothing: units of times that stand beside plain rows, scales under bars."""
    if "x" not in found or "y" not in found:
        return found
    (field, how), (_, measure) = found["x"], found["y"]
    if field is None:
        return found
    column = profile.column(field)
    if how in TIME_UNITS and measure == "value":
        found["x"] = (field, "value")
    if mark == "bar" and how == "value" and column.kind == "number" and column.semantic != "year":
        found["x"] = (field, "category")
    few_years = column.semantic == "year" and column.n_distinct <= 30
    if mark == "bar" and how == "value" and few_years:
        found["x"] = (field, "category")
    if (
        mark in ("bar", "area")
        and how == "category"
        and column.semantic == "year"
        and not few_years
    ):
        found["x"] = (field, "value")
    return found


#: Order in which roles claim the x axis.
_DIMENSION_FIRST = ("period", "time", "category", "bin", "measure", "summary", "total", "count")


def _canonical_orientation(
    found: dict[Channel, tuple[str | None, Transform]], profile: Profile
) -> dict[Channel, tuple[str | None, Transform]]:
    """Put the dimension on x and the measure on y."""
    if "x" not in found and "y" in found:
        found = {("x" if channel == "y" else channel): value for channel, value in found.items()}
    if "x2" in found:
        return {TURNED.get(channel, channel): value for channel, value in found.items()}
    if "x" not in found or "y" not in found or "y2" in found:
        return found

    def place(channel: Channel) -> int:
        field, transform = found[channel]
        return _DIMENSION_FIRST.index(role_of(transform, profile.column(field) if field else None))

    # Two groups keep their places: a person chose which one runs down the side.
    if place("y") < place("x") and not (place("x") <= 2 and place("y") <= 2):
        found["x"], found["y"] = found["y"], found["x"]
    return found
