"""Columns are written as Arrow has them, with every value as it was."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile.reading.arrays import from_numbers, from_texts


@pytest.mark.parametrize("kind", ["i1", "u4", "<i4", ">i8", "i8"])
def test_whole_numbers_stay_whole(kind: str) -> None:
    largest = min(np.iinfo(kind).max, 2**53 + 1)
    made = from_numbers(np.array([0, largest], dtype=kind)[::-1])
    assert made.type == pa.int64()
    assert made.to_pylist() == [largest, 0]


@pytest.mark.parametrize("kind", ["f2", "f4", ">f8", "f8"])
def test_fractions_stay_fractions(kind: str) -> None:
    made = from_numbers(np.array([0.5, 8.0], dtype=kind))
    assert made.type == pa.float64()
    assert made.to_pylist() == [0.5, 8.0]


@pytest.mark.parametrize("texts", [[], [None], ["", None, "é", "日本"], ["x"] * 20])
def test_texts_are_as_arrow_writes_them(texts: list[str | None]) -> None:
    assert from_texts(texts).equals(pa.array(texts, pa.string()))
