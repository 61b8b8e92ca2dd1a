"""What makes a chart senseless or unreadable, judged on the raw table alone.

Independent of the profile and the grammar on purpose: it reads the table with pandas and looks at
what a person would see.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vizmodel.design import Design, Encoding, Fold

NULL_TEXTS = ("", "NA", "NaN", "nan", "null", "None")
COUNTING = ("count", "distinct")
ROW_LIMIT, CATEGORY_LIMIT, COLOUR_LIMIT, FACET_LIMIT, SLICE_LIMIT = 5000, 30, 12, 12, 8


@dataclass(frozen=True)
class RawColumn:
    """What a reader of the raw table sees of one column."""

    n_distinct: int
    numeric: bool
    date: bool
    #: Every one of at least ten rows differs, in a text or in a count from 0 or 1 upwards.
    names_rows: bool


def look_at(values: pd.Series) -> RawColumn:
    """Read one raw column."""
    present = values.dropna()
    texts = present.astype(str).str.strip()
    kept = ~texts.isin(NULL_TEXTS)
    present, texts = present[kept], texts[kept]
    if not len(texts):
        return RawColumn(0, False, False, False)
    numbers = pd.to_numeric(texts.replace({"True": "1", "False": "0"}), errors="coerce")
    numeric = bool(numbers.notna().all())
    numbers = numbers[numbers.abs() != float("inf")]
    whole = numeric and bool((numbers % 1 == 0).all())
    year = whole and bool(numbers.between(1500, 2200).all())
    date = year or pd.api.types.is_datetime64_any_dtype(values.dtype)
    if not numeric and not date:
        date = _are_dates(texts)
    differ = texts.nunique() == len(texts) >= 10
    counter = whole and not year and numbers.max() - numbers.min() == len(numbers) - 1
    return RawColumn(
        texts.nunique(), numeric, date, differ and ((not numeric and not date) or counter)
    )


def _are_dates(texts: pd.Series) -> bool:
    parsed = pd.Series(False, index=texts.index)
    for dayfirst in (False, True):
        read = pd.to_datetime(texts, format="mixed", dayfirst=dayfirst, errors="coerce", utc=True)
        parsed |= read.notna()
    return bool(parsed.mean() >= 0.9)


def flags(design: Design, frame: pd.DataFrame) -> set[str]:
    """Return what is wrong with a chart of a raw table; an empty set for a good one."""
    if design.style.fold is not None:
        frame = gathered(frame, design, design.style.fold)
    for held in design.style.where:
        column = frame[held.column]
        frame = frame[column.isna() if held.level is None else column == held.level]
    fields = [e.field for e in design.encodings if e.field is not None]
    if unknown := set(fields) - set(frame.columns):
        return {f"phantom:{name}" for name in unknown}
    columns = {name: look_at(frame[name]) for name in fields}
    found = {f for e in design.encodings if e.field for f in _encoding_flags(design, e, columns)}
    if len(fields) != len(set(fields)):
        found.add("field_twice")
    if not fields:
        found.add("no_field")
    return found | _row_flags(design, frame)


def gathered(frame: pd.DataFrame, design: Design, fold: Fold) -> pd.DataFrame:
    """Return what a chart shows as a person would melt it; as it is where columns are missing."""
    if set(fold.columns) - set(frame.columns):
        return frame
    labels = dict(zip(fold.columns, fold.labels, strict=True))
    others = [name for name in design.fields if name in frame and name not in labels]
    shown = frame[[*others, *fold.columns]].drop(columns=[fold.key, fold.value], errors="ignore")
    others = [name for name in others if name in shown]
    long = shown.melt(id_vars=others, var_name=fold.key, value_name=fold.value)
    return long.assign(**{fold.key: long[fold.key].map(labels)})


def _encoding_flags(design: Design, encoding: Encoding, columns: dict[str, RawColumn]) -> set[str]:
    column = columns[encoding.field or ""]
    summarised = encoding.aggregate is not None
    discrete = encoding.field_type in ("nominal", "ordinal") and not summarised
    # Of ranked groups only the largest are drawn by themselves.
    groups = discrete and encoding.time_unit is None and design.style.top is None
    checks = {
        "constant": column.n_distinct <= 1,
        "aggregate_on_text": summarised
        and encoding.aggregate not in COUNTING
        and not column.numeric,
        "bin_on_text": encoding.bin and not column.numeric,
        "value_of_text": encoding.field_type == "quantitative"
        and encoding.transform == "value"
        and not column.numeric,
        "time_of_no_date": (encoding.field_type == "temporal" or encoding.time_unit is not None)
        and not column.date,
        "row_number_as_measure": column.names_rows
        and column.numeric
        and encoding.field_type == "quantitative",
        "over_30_categories": groups and column.n_distinct > CATEGORY_LIMIT,
        "over_12_colours": groups
        and encoding.channel in ("color", "shape")
        and column.n_distinct > COLOUR_LIMIT,
        "over_12_facets": groups
        and encoding.channel in ("row", "column")
        and column.n_distinct > FACET_LIMIT,
        "over_8_slices": groups and design.mark == "arc" and column.n_distinct > SLICE_LIMIT,
    }
    return {name for name, hit in checks.items() if hit}


def _row_flags(design: Design, frame: pd.DataFrame) -> set[str]:
    """Check marks that draw each row: that they are told apart and few enough."""
    if design.aggregated or any(e.time_unit for e in design.encodings):
        return set()
    found = set()
    y = "x" if design.style.horizontal else "y"
    keys = [
        e.field
        for e in design.encodings
        if e.field and (e.transform == "category" or (e.channel in ("x", "y") and e.channel != y))
    ]
    repeated = bool(frame.duplicated(keys).any()) if keys else True
    if design.mark in ("bar", "area", "arc", "rect") and repeated:
        found.add(f"{design.mark}_of_repeated_rows")
    if design.mark == "line" and repeated:
        found.add("zigzag_line")
    if design.mark in ("point", "tick", "line") and len(frame) > ROW_LIMIT:
        found.add("over_5000_marks")
    return found
