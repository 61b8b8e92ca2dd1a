"""Owns values as people write them in files: decimal commas, thousands apart, true and false."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from erp_widget.sources.gathering import gather
from erp_widget.sources.rows import Rows
from vizmodel.patterns import late_pattern

#: What stands between thousands besides a point or a comma: spaces of three widths, apostrophes.
_GAPS = " \u00a0\u202f'\u2019"
_SIGN = r"^\s*[+-]?"
#: Grouped by points or gaps, decimals after a comma.
CONTINENTAL = rf"{_SIGN}(\d{{1,3}}([.{_GAPS}]\d{{3}})+|\d+)(,\d+)?\s*$"
#: Grouped by commas or gaps, decimals after a point.
ENGLISH = rf"{_SIGN}(\d{{1,3}}([,{_GAPS}]\d{{3}})+|\d+)(\.\d+)?\s*$"
FLAG = r"(?i)^(true|false)$"
#: Read by one as thousands, by the other as decimals; or without a comma.
EITHER = rf"{_SIGN}\d{{1,3}}(,\d{{3}})?\s*$"
#: A whole value of thousands that points part, and one that is a fraction; how many of the first.
_PARTED = late_pattern(r"(?<![^;\n\"])[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?![^;\r\n\"])")
_FRACTION = late_pattern(r"(?<![^;\n\"])[+-]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+)(?![^;\r\n\"])")
#: The same behind thousands that commas part, and before a sign.
_POINTED = late_pattern(
    r"(?<![^;|\t\n\"$€£¥])(?:\d{1,3}(?:,\d{3})+|0(?=\.)|\d+(?!\.\d{3}\b))\.\d+ ?(?![^;|\t\r\n\"%€])"
)
MIN_PARTED = 2


class Written(Struct):
    """What the texts of one column look like, as far as they were seen."""

    continental: bool = True
    english: bool = True
    either: bool = True
    flags: bool = True
    commas: bool = False
    points: bool = False
    gaps: bool = False
    zeros: bool = False
    there: bool = False

    def look(self, texts: pa.ChunkedArray) -> None:
        """See some more."""
        if not (self.continental or self.english or self.flags):
            return
        self.flags = self.flags and _all(texts, FLAG)
        self.there |= texts.null_count < len(texts)
        self.continental = self.continental and _all(texts, CONTINENTAL)
        self.english = self.english and _all(texts, ENGLISH)
        self.either = self.either and _all(texts, EITHER)
        self.commas |= _any(texts, ",")
        self.points |= _any(texts, r"\.")
        self.gaps |= _any(texts, rf"\d[{_GAPS}]\d")
        # Codes would lose their zeros.
        self.zeros |= _any(texts, r"^0\d")

    def is_flag(self) -> bool:
        """Return whether all are true or false; yes and no are words to be shown as they are."""
        return self.flags and self.there

    def is_number(self, continental: bool) -> bool:
        """Return whether all are numbers that no computer writes so."""
        fits = self.continental if continental else self.english
        marked = self.commas or self.gaps or (continental and self.points)
        return fits and self.there and marked and not self.zeros


def written(rows: Rows) -> dict[str, Written]:
    """Return what the texts of each column of texts look like."""
    found = {field.name: Written() for field in rows.schema if _is_text(field.type)}
    if found:
        for piece in rows.pieces(list(found)):
            for name, seen in found.items():
                seen.look(piece.column(name))
    return found


def is_continental(found: Mapping[str, Written], start: str, delimiter: str) -> bool:
    r"""Return whether a file writes decimals after a comma.

    One column whose numbers cannot be read otherwise says so. Where all can be read both ways,
    commas part thousands in a file that is separated by them, or whose decimals are after a point.

    Parameters
    ----------
    found
        What the texts of its columns look like.
    start, delimiter
        What the file begins with, and what separates its values.
    """
    thousands = delimiter == "," or _POINTED.search(start) is not None
    return any(
        seen.there and seen.commas and seen.continental and not (seen.either and thousands)
        for seen in found.values()
    )


def parts_thousands(start: str, delimiter: str) -> bool:
    r"""Whether points part thousands in a file, though no comma of it says so: 84.531.

    Values are separated by semicolons where commas are decimal points. No number there has one or
    two digits behind its point, or a nought before it.

    Parameters
    ----------
    start, delimiter
        What the file begins with, and what separates its values.

    Examples
    --------
    >>> table = "year;turnover\n2024;84.531\n2025;{}\n2026;1.204.500\n"
    >>> parts_thousands(table.format("9.250"), ";"), parts_thousands(table.format("9.25"), ";")
    (True, False)
    """
    if delimiter != ";" or _FRACTION.search(start):
        return False
    return sum(1 for _ in _PARTED.finditer(start)) >= MIN_PARTED


def with_values(
    rows: Rows,
    numbers: Collection[str],
    flags: Collection[str],
    continental: bool,
    max_rows: int | None = None,
) -> Rows:
    """Return rows in which some columns of text are the numbers, or booleans, that they write."""
    kinds = {**dict.fromkeys(numbers, pa.float64()), **dict.fromkeys(flags, pa.bool_())}
    schema = pa.schema([(f.name, kinds.get(f.name, f.type)) for f in rows.schema])

    def read(piece: pa.Table) -> pa.Table:
        columns = [
            _numbers(column, continental)
            if name in numbers
            else pc.cast(column, pa.bool_())
            if name in flags
            else column
            for name, column in zip(piece.column_names, piece.columns, strict=True)
        ]
        return pa.table(columns, schema=schema)

    return gather(schema, map(read, rows.pieces()), max_rows=max_rows)


def _numbers(texts: pa.ChunkedArray, continental: bool) -> pa.ChunkedArray:
    group = rf"[{'.' if continental else ','}\s{_GAPS}]"
    bare = pc.replace_substring_regex(texts, group, "")
    if continental:
        bare = pc.replace_substring(bare, ",", ".")
    numbers: pa.ChunkedArray = pc.cast(pc.replace_substring_regex(bare, r"^\+", ""), pa.float64())
    return numbers


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _all(texts: pa.ChunkedArray, pattern: str) -> bool:
    """Return whether every value that is there fits."""
    return pc.all(pc.match_substring_regex(texts, pattern)).as_py() is not False


def _any(texts: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())
