"""Numbers of things that are linked are names of which it is counted how often each comes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

RNG = np.random.default_rng(12)
N = 90


def meanings(table: dict[str, object]) -> list[str]:
    return [column.semantic for column in profile_table(pa.table(table)).columns]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("source", "target"),
        ("Source", "Target"),
        ("src_node", "dst_node"),
        ("follower_id", "followee_id"),
        ("citing_paper", "cited_paper"),
        ("node1", "node2"),
        ("von", "nach"),
        ("from", "to"),
        ("from_station", "to_station"),
    ],
)
def test_ends_of_links_are_names(start: str, end: str) -> None:
    table = {start: RNG.integers(1, 35, N), end: RNG.integers(1, 35, N)}
    assert meanings(table) == ["category", "category"]
    ranked = recommend(profile_table(pa.table(table)), 4)
    assert ranked
    assert all(one.design.encodings[0].transform == "category" for one in ranked)


@pytest.mark.parametrize(
    "table",
    [
        {"from": np.arange(0, 900, 10) % 300, "to": np.arange(0, 900, 10) % 300 + 10},  # a range
        {"source": RNG.normal(size=N), "target": RNG.normal(size=N)},
        {"source": RNG.integers(1, 900, N), "price": RNG.integers(1, 900, N)},
    ],
    ids=str,
)
def test_other_numbers_stay_numbers(table: dict[str, object]) -> None:
    assert "category" not in meanings(table)


def pedigree(**more: object) -> Profile:
    parents = np.where(np.arange(N) < 12, 0, RNG.integers(1, 7, N))
    mothers = np.where(np.arange(N) < 12, 0, RNG.integers(7, 13, N))
    table = {"animal": np.arange(1, N + 1), "sire": parents, "dam": mothers}
    return profile_table(pa.table(table | more))


def test_parents_are_counted_where_nothing_else_is_told() -> None:
    profile = pedigree()
    assert [column.semantic for column in profile.columns] == ["identifier", "category", "category"]
    first = recommend(profile, 1)[0].design
    assert not {"sire", "dam"}.isdisjoint(first.fields)
    assert pedigree(weight=RNG.normal(30, 3, N)).column("sire").semantic == "identifier"


@pytest.mark.parametrize(
    "names",
    [
        ["Ada", "Bo", "Cy", "Di", "Eli", "Flo", "Gus", "Hal", "Ivy"],
        [f"p{n}" for n in range(9)],  # numbered, and no steps
    ],
    ids=["names", "numbers"],
)
def test_nought_and_one_are_the_cells_of_a_matrix_of_links(names: list[str]) -> None:
    links = np.triu(RNG.random((9, 9)) < 0.4, 1).astype(int)
    links[3] = links[:, 3] = 0  # linked with none
    table = {"name": names} | dict(zip(names, (links + links.T).tolist(), strict=True))
    first = recommend(profile_table(pa.table(table)), 1)[0].design
    assert first.mark == "rect"
