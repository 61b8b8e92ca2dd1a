"""What a table is called in the history: so that ten analyses can be told apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

import erp_widget as erp
from erp_widget.errors import InputError
from erp_widget.gallery.gallery import Gallery

COLUMNS = {
    "species": ["a", "b", "b"] * 20,
    "island": ["x", "y", "z", "x", "y"] * 12,
    "mass": [n * n % 47 for n in range(60)],
}


def made() -> pd.DataFrame:
    return pd.DataFrame({**COLUMNS, "sex": ["f", "m"] * 30})


def test_it_is_called_as_the_variable_is() -> None:
    penguins = made()
    birds = pl.DataFrame(COLUMNS)
    orders = duckdb.sql("select range % 3 as shop, range as paid from range(30)")
    assert erp.recommend(penguins, k=1).title == "penguins"
    assert erp.recommend(birds, k=1).title == "birds"
    assert erp.recommend(orders, k=1).title == "orders"
    assert erp.recommend(penguins, k=1, name="given").title == "given"


def test_of_two_variables_the_one_that_is_written_counts() -> None:
    scope = {"erp": erp, "kept_from_before": (frame := made()), "penguins": frame}
    gallery = eval("erp.recommend(penguins, k=1)", scope)
    assert gallery.title == "penguins"


def test_a_name_that_says_nothing_gives_way_to_the_columns() -> None:
    df = made()
    assert erp.recommend(df, k=1).title == "species, island, mass +1"
    assert erp.recommend(made(), k=1).title == "species, island, mass +1"
    assert erp.recommend(COLUMNS | {}, k=1).title == "species, island, mass"
    df2 = df.rename(columns={"species": f"How long\n is {'very ' * 20}long?", "island": "  "})
    assert erp.recommend(df2, k=1).title == "How long is very very v…, Unnamed: 1, mass +1"


def test_a_file_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    made().to_csv(path, index=False)
    assert erp.recommend(path, k=1).title == "sales"
    assert erp.recommend(str(path), k=1).title == "sales"


def test_an_empty_table_is_called_by_its_variable_or_a_table() -> None:
    df = sales = pd.DataFrame()
    del df
    with pytest.raises(InputError, match=r"^sales has no columns"):
        erp.recommend(sales)
    with pytest.raises(InputError, match=r"^table has no columns"):
        erp.recommend({})


def test_many_tables_and_summaries_are_called_so_too() -> None:
    penguins, birds = made(), made().drop(columns="sex")
    first, second = erp.recommend_many([penguins, birds], k=1)
    assert isinstance(first, Gallery)
    assert isinstance(second, Gallery)
    assert [first.title, second.title] == ["penguins", "birds"]
    report = erp.report("named").add_summary(penguins)
    assert "penguins: 60 rows" in repr(report)


def test_the_history_tells_tables_apart() -> None:
    penguins, df = made(), made().rename(columns={"species": "kind"})
    for frame in (penguins, df):
        erp.recommend(frame, k=1)
    erp.recommend(penguins, k=1)
    told = str(erp.history())
    assert "penguins" in told
    assert "kind, island, mass +1" in told


def test_a_report_finds_its_table_by_the_variable() -> None:
    penguins = made()
    shops = pd.DataFrame({"city": ["a", "b", "b"] * 20, "visits": [n * n % 31 for n in range(60)]})
    report = erp.report("seen").add(erp.recommend(penguins, k=1)[0])
    report.add(erp.recommend(shops, k=1)[0])
    penguins = penguins.assign(mass=lambda frame: frame["mass"] * 2)
    erp.recommend(penguins, k=1)
    assert [chart.dataset_name for chart in report.outdated] == ["penguins"]
    assert report.refresh(penguins).outdated == ()


def test_tables_without_a_name_are_never_said_to_have_changed() -> None:
    df = made()
    report = erp.report("unnamed").add(erp.recommend(df, k=1)[0])
    erp.recommend(made().assign(mass=range(100, 160)), k=1)
    assert report.outdated == ()


@pytest.mark.parametrize(
    ("made_of", "way"),
    [
        (lambda frame: frame.groupby("species"), "reset_index"),
        (lambda frame: (row for row in [{"a": 1}]), "into a list"),
        (lambda frame: 5, "a dict of columns"),
    ],
)
def test_what_is_no_table_is_told_the_way_to_one(made_of: Any, way: str) -> None:
    with pytest.raises(InputError, match=f"cannot read a table from .*{way}"):
        erp.recommend(made_of(made()))
