"""Of clusters it is seen how they lie apart, how large they are, and what they differ in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from vizmodel.candidates.cluster_charts import cluster_charts
from vizmodel.grammar import violations
from vizmodel.profile import Profile, apply_casts, infer_casts, profile_table
from vizmodel.profile.layouts.clusters import find_clusters
from vizmodel.recommend import recommend

N = 400


def _profiled(frame: pd.DataFrame) -> Profile:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return profile_table(apply_casts(table, infer_casts(table)))


def _customers(name: str = "cluster", labels: tuple[object, ...] = (0, 1, 2, 3)) -> pd.DataFrame:
    drawn = np.random.default_rng(5)
    at = drawn.choice(4, N, p=[0.4, 0.3, 0.2, 0.1])
    table = {"age": drawn.integers(18, 80, N), "income": 20 + 15 * at + drawn.normal(0, 5, N)}
    table |= {"spending": 40 + 20 * (3 - at) % 40 + drawn.normal(0, 6, N)}
    table |= {"tenure": drawn.uniform(1, 90, N), name: [labels[code] for code in at]}
    return pd.DataFrame(table)


@pytest.mark.parametrize(("name", "labels"), [
    ("cluster", (0, 1, 2, 3)), ("kmeans", (1, 2, 3, 4)), ("Cluster", ("A", "B", "C", "D")),
    ("dbscan", (-1, 0, 1, 2)), ("cluster_id", (0, 1, 2, 3)), ("segment", ("a", "b", "c", "d")),
])  # fmt: skip
def test_clusters_come_first_where_they_lie_apart(name: str, labels: tuple[object, ...]) -> None:
    first = recommend(_profiled(_customers(name, labels)))[0].design
    assert first.mark == "point"
    assert set(first.fields) == {"income", "spending", name}
    assert first.encoding("color").field == name


def test_labels_that_count_on_are_clusters_or_as_good_as_such() -> None:
    shown = [one.design for one in recommend(_profiled(_customers("label", (-1, 0, 1, 2))))[:2]]
    assert {"income", "spending", "label"} in [set(design.fields) for design in shown]


def test_how_many_there_are_and_their_boxes_follow() -> None:
    shown = [one.design for one in recommend(_profiled(_customers()))[:8]]
    told = {(d.mark, d.fields) for d in shown}
    assert ("bar", ("cluster",)) in told
    assert {("boxplot", ("cluster", "income")), ("boxplot", ("cluster", "spending"))} <= told


def test_all_charts_are_legal() -> None:
    profile = _profiled(_customers())
    found = [design for design, _ in cluster_charts(profile)]
    assert found and not any(violations(design, profile) for design in found)


def test_a_measure_that_tells_clusters_apart_is_no_copy_of_them() -> None:
    frame = _customers()
    frame["income"] = 20 + 15 * frame["cluster"] + np.arange(N) % 10 / 2
    profile = _profiled(frame)
    assert frozenset(("cluster", "income")) not in profile.copies


@pytest.mark.parametrize(("name", "labels"), [
    ("label", (1, 5, 9, 20)), ("label", ("a", "b", "c", "d")), ("region", (0, 1, 2, 3)),
])  # fmt: skip
def test_other_groups_are_no_clusters(name: str, labels: tuple[object, ...]) -> None:
    assert find_clusters(_profiled(_customers(name, labels)).columns) is None
