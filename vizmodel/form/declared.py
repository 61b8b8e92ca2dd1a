"""Owns the declared spec: a design as a person would write it over the table's columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from vizmodel.design import Design, Encoding
from vizmodel.form.log_scales import log_constant, log_ticks
from vizmodel.form.steps import (
    RANK,
    datum,
    elapsed,
    free_name,
    gathering,
    keeping,
    known,
    largest,
    leading,
    naming_whole,
    quoted,
    ranking,
    reading,
)
from vizmodel.form.style import adds_up, merged_measure
from vizmodel.grammar.gathering import shown_fold
from vizmodel.patterns import late_pattern
from vizmodel.profile import ColumnProfile, Profile
from vizmodel.profile.reading.clocks import DURATIONS, tells_minutes
from vizmodel.profile.reading.durations import span_unit
from vizmodel.profile.words import UNSPEAKABLE
from vizmodel.seen_rows import plain_name

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_SPECIAL = late_pattern(r"([.\[\]\\'\"])")
#: What else ends the code that Vega-Lite makes of a box plot, whose names it does not escape.
_QUOTES = late_pattern(r"[\"']+")


def escape_field(name: str) -> str:
    r"""Return a column's name as Vega-Lite reads it: dots, brackets and quotes are taken literally.

    Examples
    --------
    >>> escape_field("Sepal.Length")
    'Sepal\\.Length'
    """
    return _SPECIAL.sub(r"\\\1", name)


def declared(design: Design, profile: Profile, *, escape: bool = True) -> dict[str, Any]:
    """Write a design as a Vega-Lite spec without data.

    Parameters
    ----------
    design
        Styled or not.
    profile
        Of its table.
    escape
        Whether names are escaped as Vega-Lite wants; False keeps them as the table has them, for
        comparing charts.

    Returns
    -------
    dict
        Mark, and encoding with aggregates declared over the columns. Year numbers on a time axis
        are made dates by a transform, and a name that Vega-Lite cannot speak is replaced by one.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from vizmodel.profile import profile_table
    >>> profile = profile_table(pa.table({"price": [1.5, 2.0, 4.0]}))
    >>> design = Design("tick", (Encoding("x", "price", "value", "quantitative"),))
    >>> declared(design, profile)["encoding"]
    {'x': {'field': 'price', 'type': 'quantitative', 'scale': {'zero': False}}}
    """
    # A box plot tells its figures by itself, and its mark knows no such property.
    tooltip = {} if design.mark == "boxplot" else {"tooltip": True}
    spec: dict[str, Any] = {"$schema": SCHEMA, "mark": {"type": design.mark} | tooltip}
    plain = design.mark == "boxplot"
    names = {name: speakable(name, profile, plain) if escape else name for name in design.fields}
    written = {name: escape_field(said) if escape else said for name, said in names.items()}
    transform = _transform(design, profile, names, escape)
    if design.of_largest:
        transform += _largest(design, profile, names, written)
    elif design.style.top is not None:
        transform += _ranking(design, profile, names, written)
    if design.style.lines is not None:
        transform += _leading(design, profile, names, written)
    if transform:
        spec["transform"] = transform
    if design.style.projected:
        spec["projection"] = {"type": "mercator"}
    spec["encoding"] = {
        _place(e, design): _channel(e, design, profile, written) for e in design.encodings
    }
    return spec


def speakable(name: str, profile: Profile, plain: bool = False) -> str:
    """Return a column's name, or one like it where Vega-Lite cannot speak the name itself.

    Durations in another unit than the name says have one that says theirs, and what is gathered
    needs no sign of what else is. With `plain`, names have no quotes either.
    """
    column = profile.column(name)
    form = column.written
    if form in DURATIONS:
        return f"{UNSPEAKABLE.sub(' ', name)} {'in minutes' if tells_minutes(form) else 'in hours'}"
    if column.between is not None:
        return f"{UNSPEAKABLE.sub(' ', name)} in {column.unit}"
    alone = _said_alone(name, profile)
    said = UNSPEAKABLE.sub(" ", _QUOTES.sub(" ", alone) if plain else alone)
    if said == alone:
        return said
    said = " ".join(said.split()) or "column"
    taken = {column.name for column in profile.columns}
    position = profile.column(name).position
    return f"{said} ({position})" if said in taken else said


def _said_alone(name: str, profile: Profile) -> str:
    """Return what a column is called on a chart that gathers nothing else."""
    fold = profile.gathered_as(name)
    if fold is None:
        return name
    taken = {column.name for column in profile.own_columns} | {*fold.pair} - {name}
    return name if plain_name(name) in taken else plain_name(name)


def _transform(
    design: Design, profile: Profile, names: dict[str, str], escape: bool
) -> list[dict[str, Any]]:
    """Return which rows are kept, what is gathered and calculated: years as dates, new names."""
    dated = {e.field for e in design.encodings if _stands_as_date(e, design, profile)}
    fold = shown_fold(design, profile)
    columns = () if fold is None else fold.columns
    references = [escape_field(name) if escape else name for name in columns]
    made = {} if fold is None else {name: names.get(name, name) for name in fold.pair}
    if fold is None:
        steps = keeping(design.style.where)
    else:
        called = replace(fold, key=made[fold.key], value=made[fold.value])
        steps = [*_read(columns, profile), *gathering(called, references)]
    steps += _read(design.style.around, profile)
    for name, said in names.items():
        source = made.get(name, name)
        value = datum(source)
        written = _written(profile.column(name), profile, value)
        if name in design.style.whole:
            steps.append(naming_whole(value, said))
        elif written is not None and name in dated:
            gone = written.replace(f": {value}", f": datetime({value}, 0, 1)")
            steps.append({"calculate": gone, "as": said})
        elif written is not None:
            steps.append({"calculate": written, "as": said})
        elif name in dated:
            steps.append({"calculate": f"datetime({value}, 0, 1)", "as": said})
        elif said != source:
            steps.append({"calculate": value, "as": said})
    return steps


def _read(columns: Sequence[str], profile: Profile) -> list[dict[str, Any]]:
    """Return how columns that no channel shows by themselves are read where they are texts."""
    read = ((n, _written(profile.column(n), profile, datum(n))) for n in columns)
    return [{"calculate": form, "as": name} for name, form in read if form is not None]


def _written(column: ColumnProfile, profile: Profile, value: str) -> str | None:
    """Return the expression for what a column holds; None where a viewer reads it by itself."""
    if column.between is None:
        return None if column.written is None else reading(value, column.written)
    times = ((profile.column(name), datum(name)) for name in column.between)
    start, end = (_written(time, profile, value) or value for time, value in times)
    return elapsed(start, end, span_unit(column.written))


def _ranking(
    design: Design, profile: Profile, names: dict[str, str], written: dict[str, str]
) -> list[dict[str, Any]]:
    """Return how the largest of many groups are found."""
    group = next(e for e in design.encodings if e.aggregate is None and e.field)
    measure = next(e for e in design.encodings if e.aggregate is not None)
    taken = {column.name for column in profile.columns}
    field = written.get(str(measure.field))
    name = str(group.field)
    return ranking(names[name], written[name], measure, field, design.style.top or 0, taken)


def _largest(
    design: Design, profile: Profile, names: dict[str, str], written: dict[str, str]
) -> list[dict[str, Any]]:
    """Return how the rows with the largest values are found; what has no value has no rank."""
    group, measure = sorted(
        (e for e in design.encodings if e.channel in ("x", "y")), key=lambda e: not e.discrete
    )
    steps: list[dict[str, Any]] = []
    for encoding in (group, measure):
        column = profile.column(str(encoding.field))
        value = f"datum[{quoted(names[column.name])}]"
        if column.n_present < column.n_rows or profile.approximate:
            steps.append({"filter": known(value) if encoding is group else f"isValid({value})"})
    taken = {column.name for column in profile.columns}
    name, field = written[str(group.field)], written[str(measure.field)]
    n_rows = design.style.top or 0
    return steps + largest(name, field, n_rows, taken, merged=design.style.merged)


def _leading(
    design: Design, profile: Profile, names: dict[str, str], written: dict[str, str]
) -> list[dict[str, Any]]:
    """Return how the lines of the largest groups are found."""
    group, measure = (
        next(str(e.field) for e in design.encodings if e.channel == channel)
        for channel in ("color", "y")
    )
    taken = {column.name for column in profile.columns}
    n_lines = design.style.lines or 0
    return leading(names[group], written[group], written[measure], n_lines, taken)


def _place(encoding: Encoding, design: Design) -> str:
    """Return the channel that a person would write: an offset where colours stand side by side."""
    if encoding.channel == "color" and design.side_by_side:
        return "yOffset" if design.style.horizontal else "xOffset"
    if design.style.projected:
        return {"x": "longitude", "y": "latitude"}.get(encoding.channel, encoding.channel)
    return encoding.channel


def _stands_as_date(encoding: Encoding, design: Design, profile: Profile) -> bool:
    """Whether year numbers must become dates: bars and areas need a time axis to stand on."""
    return (
        design.mark in ("bar", "area")
        and encoding.transform == "value"
        and encoding.field is not None
        and profile.column(encoding.field).semantic == "year"
    )


def _channel(
    encoding: Encoding, design: Design, profile: Profile, names: dict[str, str]
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if encoding.field is not None:
        out["field"] = names[encoding.field]
    if encoding.channel in ("x2", "y2"):
        # The upper end of a range has the type, the scale and the axis of the lower one.
        return out | ({"aggregate": encoding.aggregate} if encoding.aggregate else {})
    name = encoding.field or ""
    if '"' in name or ("'" in name and design.mark == "boxplot"):
        # Vega-Lite's own title would keep the escapes, which end its tooltip's code.
        of = f"{encoding.transform.capitalize()} of " if encoding.aggregate else ""
        out["title"] = of + name
    if encoding.aggregate:
        out["aggregate"] = encoding.aggregate
    elif encoding is merged_measure(design):
        out |= {"aggregate": "mean", "title": encoding.field}
    if encoding.bin:
        out["bin"] = True
    if encoding.time_unit:
        out["timeUnit"] = encoding.time_unit
    dated = _stands_as_date(encoding, design, profile)
    out["type"] = "temporal" if dated else encoding.field_type
    if encoding.channel == design.style.sort and _sorts(design):
        out["sort"] = _sort(design, profile, names)
    elif order := _listed(encoding, design, profile):
        out |= _ordered(order, encoding, profile, out["field"])
    placed = encoding.channel in ("x", "y") and not design.style.projected
    scaled = encoding.transform == "value" or encoding.channel in design.style.log
    if placed and scaled and not encoding.bin and not dated:
        out |= _scale(encoding, design, profile)
    if design.style.stack == "normalize" and encoding.aggregate:
        out |= {"stack": "normalize", "axis": {"format": "%"}}
        out["title"] = f"Share of {encoding.field or 'records'}"
    if _lies_over_others(encoding, design, profile):
        out["stack"] = None
    return out


def _sorts(design: Design) -> bool:
    """Whether Vega-Lite can sort groups by what a chart measures.

    It drops the order of box plots: each of their layers has a domain of its own. By which end
    bars of equal height are sorted is seen from the rows.
    """
    return design.mark != "boxplot" and design.style.stack != "normalize"


def _lies_over_others(encoding: Encoding, design: Design, profile: Profile) -> bool:
    """Whether coloured marks would be piled though what they measure does not add up."""
    extent = "x" if design.style.horizontal else "y"
    if design.style.stack != "zero" or design.side_by_side or encoding.channel != extent:
        return False
    column = None if encoding.field is None else profile.column(encoding.field)
    return encoding.field_type == "quantitative" and not adds_up(encoding, column)


def _listed(encoding: Encoding, design: Design, profile: Profile) -> list[str]:
    """Return the order of labels that have one of their own; none where the alphabet has it."""
    labelled = encoding.field is not None and encoding.transform == "category"
    if not labelled or design.mark == "boxplot":
        return []
    order = list(profile.column(str(encoding.field)).listed)
    return [] if order == sorted(order) else order


def _ordered(order: list[str], encoding: Encoding, profile: Profile, field: str) -> dict[str, Any]:
    """Return how an order of labels is written: as that of the scale where a name has escapes.

    Vega-Lite sorts by a column of its own, and does not find it again under a name with escapes.
    """
    if "\\" not in field or encoding.channel in ("row", "column"):
        return {"sort": order}
    column = profile.column(str(encoding.field))
    # A scale with a domain has a place for nothing else.
    missing = [None] if column.n_present < column.n_rows else []
    return {"scale": {"domain": [*order, *missing]}}


def _sort(design: Design, profile: Profile, names: dict[str, str]) -> Any:
    """Largest first, by the channel that holds the measure; what is ranked keeps its rank."""
    if design.style.top is not None and not design.of_largest:
        rank = free_name(RANK, {column.name for column in profile.columns})
        return {"field": rank, "op": "min", "order": "ascending"}
    if design.mark == "arc":
        theta = design.encoding("theta")
        if theta is None or theta.field is None:
            return {"op": "count", "order": "descending"}
        operation = theta.aggregate or "sum"
        return {"field": names[theta.field], "op": operation, "order": "descending"}
    other = "x" if design.style.sort == "y" else "y"
    # What began first stands first.
    begins = design.ends is not None and design.ends[0].field_type == "temporal"
    return other if begins else f"-{other}"


def _scale(encoding: Encoding, design: Design, profile: Profile) -> dict[str, Any]:
    if encoding.field is None or encoding.field_type != "quantitative":
        return {}
    if encoding.channel in design.style.log:
        column = profile.column(encoding.field)
        if column.minimum > 0:
            return {"scale": {"type": "log"}}
        constant = log_constant(column)
        # By itself such an axis writes a tenth as 0.
        small = {"format": ",~r"} if constant < 1 else {}
        axis = {"values": log_ticks(constant, column.maximum)} | small
        return {"scale": {"type": "symlog", "constant": constant}, "axis": axis}
    if profile.column(encoding.field).semantic == "year":
        return {"axis": {"format": "d"}, "scale": {"zero": False}}
    grows = design.mark in ("bar", "area") and design.ends is None
    return {} if grows else {"scale": {"zero": False}}
