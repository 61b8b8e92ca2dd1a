"""Embeddings: places that a method gave to rows by likeness, in a scatter plot and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from erp_widget.recommendation import recommend as recommended
from tests.vizmodel.raw_tables import profile_of
from tests.vizmodel.written_charts import design_of
from vizmodel.grammar import violations
from vizmodel.grammar.embedded import shown_embedding
from vizmodel.recommend import recommend

N, K = 300, 6


def placed(*axes: str, **more: Any) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    centres, cluster = rng.normal(0, 6, (K, len(axes))), rng.integers(0, K, N)
    places = centres[cluster] + rng.normal(0, 1, (N, len(axes)))
    return pd.DataFrame(
        {"reads": rng.integers(500, 9000, N), "leiden": cluster, "batch": rng.choice(["a", "b"], N)}
        | dict(zip(axes, (places - places.mean(axis=0)).T, strict=True))
        | more
    )


@pytest.mark.parametrize(
    "axes",
    [
        ("umap_1", "umap_2"),
        ("UMAP1", "UMAP2"),
        ("X_umap_0", "X_umap_1"),
        ("tsne-2d-one", "tsne-2d-two"),
        ("t-SNE 1", "t-SNE 2"),
        ("PC1", "PC2", "PC3"),
        ("Dim.1", "Dim.2"),
        ("dim_1", "dim_2"),
        ("umap_x", "umap_y"),
        ("NMDS1", "NMDS2"),
        ("Principal Component 1", "Principal Component 2"),
    ],
    ids=lambda axes: axes[0],
)
def test_rows_are_drawn_where_they_lie_by_the_group_that_lies_apart(axes: tuple[str, ...]) -> None:
    profile = profile_of(placed(*axes))
    assert profile.embeddings == (axes,)
    first, *others = (one.design for one in recommend(profile, 12))
    assert shown_embedding(first, profile) == axes[:2]
    assert [e.field for e in first.encodings] == [*axes[:2], "leiden"]
    shown = [design for design in others if {*axes} & {*design.fields}]
    assert all(shown_embedding(design, profile) for design in shown)


@pytest.mark.parametrize(
    "columns",
    [
        {"comp1": [n * 7 % 41 + 1.5 for n in range(N)], "comp2": [n % 29 + 0.5 for n in range(N)]},
        {"factor 1": [n % 3 for n in range(N)], "factor 2": [n % 2 for n in range(N)]},
        {"umap_1": [n * 7 % 41 - 9.5 for n in range(N)]},
        {"dim_7": [n * 7 % 41 - 9.5 for n in range(N)], "dim_8": [n % 29 - 9.5 for n in range(N)]},
    ],
    ids=["sizes", "levels", "one axis", "no first"],
)
def test_other_numbered_columns_are_no_axes(columns: dict[str, list[float]]) -> None:
    assert profile_of(pd.DataFrame(columns)).embeddings == ()


def test_the_first_axis_runs_along_x_and_axes_are_not_gathered() -> None:
    profile = profile_of(placed("PC1", "PC2", "PC3", "PC4"))
    assert profile.folds == ()
    assert not violations(design_of("point x=PC1:value y=PC3:value", profile), profile)
    turned = design_of("point x=PC2:value y=PC1:value", profile)
    assert violations(turned, profile) == ("axes_stand_together",)


def test_reasons_tell_how_far_groups_lie_apart() -> None:
    first = recommended(placed("umap_1", "umap_2"))[0]
    assert first.reason.startswith("Groups of leiden lie apart: they explain ")
    assert first.title == "umap_2 against umap_1, split by leiden"
