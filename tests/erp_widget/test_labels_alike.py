"""Labels that look alike: blanks around them are left out, also by a chart's code, and told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import vl_convert

import erp_widget as erp
from erp_widget.chart import Chart
from erp_widget.gallery.gallery import Gallery

RNG = np.random.default_rng(4)


def recommended(labels: list[str]) -> tuple[pd.DataFrame, Gallery]:
    column = RNG.permutation(np.repeat(labels, 20))
    frame = pd.DataFrame({"sex": column, "pay": RNG.normal(50, 9, len(column))})
    return frame, erp.recommend(frame)


def drawn_by_code(chart: Chart, frame: pd.DataFrame) -> str:
    names: dict[str, Any] = {"df": frame}
    exec(chart.code(), names)
    return str(vl_convert.vegalite_to_svg(names["chart"].to_json()))


def test_labels_that_differ_in_capitals_or_inner_blanks_are_told_and_drawn_apart() -> None:
    _, gallery = recommended(["male", "Male", "fe  male", "fe male", "other"])
    told = [note for note in gallery.notes if note.startswith("Labels of sex")]
    assert told == [
        "Labels of sex differ in capitals or blanks only and are drawn apart: "
        "“Male” and “male”; “fe␣␣male” and “fe male”."
    ]
    groups = next(chart for chart in gallery if chart.fields == ("sex", "pay"))
    channel = "x" if not groups.design.style.horizontal else "y"
    assert len({row[channel] for row in groups.to_vegalite()["data"]["values"]}) == 5


def test_more_than_a_few_are_counted() -> None:
    labels = [label for letter in "abcd" for label in (f"kind {letter}", f"Kind {letter}")]
    _, gallery = recommended(labels)
    assert any(note.endswith("“Kind b” and “kind b”; 2 more.") for note in gallery.notes)


def test_pairs_of_genes_are_what_their_capitals_say() -> None:
    _, gallery = recommended(["SS", "Ss", "ss"])
    assert not [note for note in gallery.notes if note.startswith("Labels of")]


def test_blanks_around_labels_are_left_out_in_the_code_as_well() -> None:
    frame, gallery = recommended(["male", "male ", " female", "female", "other"])
    assert "Left out blanks around labels: sex." in gallery.notes
    counted = next(c for c in gallery if c.fields == ("sex",) and c.mark in ("bar", "arc"))
    rows = counted.to_vegalite()["data"]["values"]
    assert len(rows) == 3
    svg = drawn_by_code(counted, frame)
    assert "sex: male; Count of Records: 40" in svg or "Count of Records: 40; sex: male" in svg
    _, gallery = recommended(["male", "female", "other"])
    assert not gallery.notes
