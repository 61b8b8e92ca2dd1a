"""Numbers that stand for missing values are none; numbers that do not are kept."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import vl_convert as vlc

from vizmodel.form.steps import reading
from vizmodel.profile import apply_casts, infer_casts, profile_table, told_casts
from vizmodel.profile.reading.missing import stand_ins

TEMPERATURES = [12.5, 14.0, 11.25, 17.0, 13.5, -3.0]


def found(name: str, values: list[Any]) -> tuple[float, ...]:
    return stand_ins(name, pa.chunked_array([pa.array(values)]))


@pytest.mark.parametrize(
    ("name", "values", "numbers"),
    [
        ("temp", [*TEMPERATURES, -999, -999], (-999,)),
        ("temp", [*TEMPERATURES, -999.9, -999.9, 9999, 9999], (9999, -999.9)),
        ("answer", [1, 2, 3, 4, 5, 99, 99], (99,)),
        ("Year Built", [0, 1950, 1951, 1971, 1982, 2001, 0, 0], (0,)),
        ("renovated", [*[0] * 20, 1990, 1991, 1992, 1993, 1994, 2001], (0,)),
        ("Systolic BP", [0, 0, 120, 125, 131, 140, 118], (0,)),
        ("lat", [0.0, 0.0, 47.1, 47.2, 47.3, 47.4, 47.5], (0,)),
        ("score", [*[-1] * 6, 41, 55, 72, 80, 81, 99, 60], (-1,)),
        ("score", [-1, -1, 41, 55, 72, 80, 81, 99, 60], ()),
        ("change", [*[-1] * 6, 1, 2, 3, 4, 5, 6, 7], ()),
        ("change", [*[-1] * 6, 41, 55, 72, 80, 81, -9, 60], ()),
        ("minutes", [*[-99] * 5, 0, 20, 40, 60, 168], (-99,)),
        ("minutes", [*[-99] * 4, 0, 20, 40, 60, 168], ()),
        ("balance", [*[-99] * 5, -20, 20, 40, 60, 168], ()),
        ("visits", [*[-9] * 5, *[-99] * 5, 0, 1, 2, 3, 14], (-99, -9)),
        ("share", [*[-9] * 5, 0.5, 1.5, 2.5, 3.0, 14.0], ()),
        ("keyed", [*[-1] * 6, *[1] * 6], ()),
        ("temp", [*TEMPERATURES, -999], ()),  # once is a slip, or a value
        ("ears", [*range(10, 70), -9999], (-9999,)),  # but not so many nines so far off
        ("n", [1, 500, 700, 999, 999, 998, 300], ()),  # among others
        ("age", [70, 85, 99, 99, 92, 60, 33], ()),
        ("sold", [0, 0, 120, 125, 131, 140, 118], ()),
        ("bonus", [0, 0, 5000, 5000, 5100, 4900, 5050, 4950], ()),
        ("year", [0, 0, 500, 900, 1200, 1900, 2000], ()),
        ("height", [0, 0, 1, 2, 3, 4, 9], ()),
        ("lat", [-40.0, 0.0, 0.0, 12.0, 47.3, 60.4, 47.5], ()),
        ("x", [-999, -999, -999], ()),
        ("x", [None, None], ()),
        ("x", [-9999], ()),
        ("lat", [0.0], ()),
        ("x", [float("nan"), float("inf"), -999.0, -999.0], ()),
    ],
)
def test_stand_ins(name: str, values: list[Any], numbers: tuple[float, ...]) -> None:
    assert found(name, values) == numbers


def test_they_are_nulls_unless_a_user_says_that_they_are_numbers() -> None:
    raw = pa.table({"temp": [*TEMPERATURES, -999.0, -999.0], "built": [0, 0, *range(1990, 1996)]})
    casts = infer_casts(raw)
    typed = apply_casts(raw, casts)
    assert typed.column("temp").to_pylist() == [*TEMPERATURES, None, None]
    assert typed.column("built").to_pylist() == [None, None, *range(1990, 1996)]
    profile = profile_table(typed, None, casts)
    assert profile.column("temp").minimum == -3
    assert profile.column("built").semantic == "year"
    told = told_casts(raw, casts, {"temp": "quantitative", "built": "temporal"})
    kept = apply_casts(raw, told)
    assert kept.column("temp").to_pylist()[-1] == -999
    assert kept.column("built").to_pylist()[0] is None
    # Those of an engine would all have to be sent.
    assert {cast.to for cast in infer_casts(raw, dated_numbers=False)} == {"keep"}


@pytest.mark.parametrize(("value", "said"), [(-999, "null"), (-99.9, "null"), (3.5, "3.5")])
def test_vega_reads_the_same(value: float, said: str) -> None:
    expression = reading("datum['v']", "without -999 -99.9")
    spec = {
        "data": {"values": [{"v": value}]},
        "transform": [{"calculate": f"'=' + ({expression}) + '='", "as": "said"}],
        "mark": "text",
        "encoding": {"text": {"field": "said"}},
    }
    shown = re.search("=([^=<>]+)=<", vlc.vegalite_to_svg(spec))
    assert shown is not None and shown[1] == said


def test_any_numbers_are_looked_at() -> None:
    for kind in (np.int8, np.uint64, np.float16, np.float32, np.int64):
        assert found("x", list(np.array([1, 2, 3, 4, 5, 99, 99], dtype=kind))) == (99,)
