"""Owns how a declared chart comes to the rows that are drawn: its bins, gaps left out, zeros."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from erp_widget.aggregate.bins import Bins
from erp_widget.aggregate.gaps import step_of
from erp_widget.aggregate.result import ChartRows
from erp_widget.words import RECORDS
from vizmodel.design import Design, Encoding
from vizmodel.form.declared import escape_field, speakable
from vizmodel.form.rates import as_rate, share_told
from vizmodel.form.steps import Steps, free_name, known, quoted
from vizmodel.profile import Profile

#: What each row counts where rows of none are added, and where a bin ends.
COUNTED, END = "records", "end"
#: Time unit -> which year it is, or how many of it lie between the start of a year and a time; and
#: back.
COUNTING = {
    "year": ("year({time})", "datetime({time}, 0, 1)"),
    "yearmonth": ("12 * (year({time}) - {year}) + month({time})", "datetime({year}, {time}, 1)"),
    "yearmonthdate": (
        "round((datetime(year({time}), month({time}), date({time}))"
        " - datetime({year}, 0, 1)) / 864e5)",
        "datetime({year}, 0, 1 + {time})",
    ),
}


def with_rows(
    spec: dict[str, Any], found: ChartRows, design: Design, profile: Profile
) -> dict[str, Any]:
    """Return a declared spec that counts the same as what is drawn.

    A chart that Vega-Lite itself counts so stays as it is.

    Parameters
    ----------
    spec
        From `declared`.
    found
        The rows that are drawn.
    design, profile
        The chart and its table.
    """
    encoding: dict[str, Any] = {}
    share = share_told(as_rate(design))
    steps: Steps = [
        _present(name, profile, texts=profile.column(name).kind == "text")
        for name in found.known
        if share is None or name != share.field  # `declared` says so itself
    ]
    for channel, definition in spec["encoding"].items():
        bins, one = found.bins.get(channel), design.encoding(channel)
        if bins is None or one is None:
            encoding[channel] = definition
            continue
        more, parts = (_logarithmic if bins.log else _equal)(one, bins, profile)
        steps += more
        plain = {name: part for name, part in definition.items() if name != "bin"}
        encoding |= parts | {channel: plain | parts[channel]}
    if _misses_zeros(found, design):
        steps += _zeros(found, design, profile, encoding)
    whole = {"transform": [*spec.get("transform", ()), *steps]} if steps else {}
    return spec | whole | {"encoding": encoding}


def _value(name: str, profile: Profile) -> str:
    return f"datum[{quoted(speakable(name, profile))}]"


def _present(name: str, profile: Profile, *, texts: bool = False) -> dict[str, Any]:
    """Return the step that leaves out rows without a value."""
    value = _value(name, profile)
    return {"filter": known(value) if texts else f"isValid({value})"}


def _gaps(name: str, profile: Profile) -> Steps:
    """Return the step that leaves out gaps, which would be read as zeros, where there are some."""
    column = profile.column(name)
    some = column.n_present < column.n_rows or profile.approximate
    return [_present(name, profile)] if some else []


def _equal(encoding: Encoding, bins: Bins, profile: Profile) -> tuple[Steps, dict[str, Any]]:
    """Return bins as they are drawn; the outermost hold what lies beyond them."""
    name = str(encoding.field)
    step = int(bins.step) if float(bins.step).is_integer() else bins.step
    first, last = bins.edge(0), bins.edge(bins.count)
    parts: dict[str, Any] = {
        encoding.channel: {"bin": {"extent": [first, last], "step": step, "nice": False}}
    }
    if bins.below is None and bins.above is None:
        return [], parts
    inside = f"clamp({_value(name, profile)}, {first}, {last})"
    step_of = {"calculate": inside, "as": speakable(name, profile)}
    return [*_gaps(name, profile), step_of], parts


def _logarithmic(encoding: Encoding, bins: Bins, profile: Profile) -> tuple[Steps, dict[str, Any]]:
    """Return bars and cells that are equal on a log scale: Vega-Lite itself has no such bins."""
    name = str(encoding.field)
    said, value = speakable(name, profile), _value(name, profile)
    times = round(1 / bins.step) if bins.step <= 1 else 1
    scaled, back = (f" * {times}", f" / {times}") if times > 1 else ("", "")
    if bins.step > 1:
        scaled, back = f" / {bins.step:g}", f" * {bins.step:g}"
    # Of a thousand a processor makes a little less than three.
    index = f"floor(log({value}) / LN10{scaled} + 1e-9)"
    first = round(bins.start / bins.step)
    if bins.below is not None or profile.column(name).maximum >= bins.edge(bins.count):
        index = f"clamp({index}, {first}, {first + bins.count - 1})"
    end = free_name(f"{said} {END}", {column.name for column in profile.columns})
    steps: Steps = [
        *_gaps(name, profile),
        {"calculate": f"pow(10, {index}{back})", "as": said},
        {"calculate": f"{value} * {10**bins.step:.6g}", "as": end},
    ]
    shown = {"bin": "binned", "scale": {"type": "log"}, "title": said}
    return steps, {encoding.channel: shown, f"{encoding.channel}2": {"field": escape_field(end)}}


def _misses_zeros(found: ChartRows, design: Design) -> bool:
    """Whether Vega-Lite would draw a line past zeros; it fills those of areas that it stacks."""
    x = design.encoding("x")
    if not found.steps or x is None or x.bin:
        return False
    channels = {e.channel for e in design.encodings}
    stacked = design.mark == "area" and channels == {"x", "y", "color"}
    return not stacked or bool(_absent(found))


def _absent(found: ChartRows) -> set[Any]:
    """Return the steps at which nothing at all was counted."""
    return {*found.steps} - {record["x"] for record in found.records if record["y"]}


def _zeros(found: ChartRows, design: Design, profile: Profile, encoding: dict[str, Any]) -> Steps:
    """Return the steps that add rows that count nothing; the measure becomes a sum."""
    x = next(e for e in design.encodings if e.channel == "x")
    taken = {column.name for column in profile.columns}
    counted, said = free_name(COUNTED, taken), speakable(str(x.field), profile)
    names = (str(e.field) for e in design.encodings if e.field and e is not x)
    before, after, keys = _along(x, found, encoding["x"]["type"], said)
    added: dict[str, Any] = {"impute": counted, "key": escape_field(said), "value": 0}
    added |= {} if keys is None else {"keyvals": keys}
    groups = [escape_field(speakable(name, profile)) for name in names]
    added |= {"groupby": groups} if groups else {}
    title = encoding["y"].get("title", RECORDS)
    shown = encoding["y"] | {"aggregate": "sum", "title": title}
    encoding["y"] = {"field": counted} | shown
    return [{"calculate": "1", "as": counted}, *before, added, *after]


def _along(
    x: Encoding, found: ChartRows, field_type: str, said: str
) -> tuple[Steps, Steps, dict[str, int] | list[int] | None]:
    """Return how times are counted and read again, and the counts that have to be added.

    Where all steps are in the table, they are taken from there.
    """
    value = f"datum[{quoted(said)}]"
    if not _absent(found):
        cut = {"timeUnit": x.time_unit, "field": escape_field(said), "as": said}
        return ([cut] if x.time_unit else []), [], None
    unit = x.time_unit or (_unit(x, found.steps) if field_type == "temporal" else None)
    if unit not in COUNTING:
        return [], [], _keys(found, lambda step: int(step))
    year = int(str(found.steps[0])[:4])
    there, back = (text.format(time=value, year=year) for text in COUNTING[unit])
    keys = _keys(found, lambda step: _count(step, year, unit))
    return [{"calculate": there, "as": said}], [{"calculate": back, "as": said}], keys


def _unit(x: Encoding, steps: Sequence[Any]) -> str:
    """Return how far apart plain years or dates are, as a time unit."""
    if type(steps[0]) is int:
        return "year"
    return step_of(x, [date.fromisoformat(step) for step in steps])


def _keys(found: ChartRows, count: Callable[[Any], int]) -> dict[str, int] | list[int]:
    """Return the keys to add: all between two ends, or those absent where weekends are no steps."""
    counts = [count(step) for step in found.steps]
    if counts == [*range(counts[0], counts[0] + len(counts))]:
        return {"start": counts[0], "stop": counts[-1] + 1}
    return sorted(map(count, _absent(found)))


def _count(time: Any, year: int, unit: str) -> int:
    """Return a year, or how many units lie between the start of a year and a time."""
    if unit == "year":
        return int(str(time)[:4])
    day = date.fromisoformat(time)
    if unit == "yearmonth":
        return 12 * (day.year - year) + day.month - 1
    return (day - date(year, 1, 1)).days
