"""Many tables at once: the same charts as one by one, and no table fails another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import erp_widget as erp
from erp_widget.errors import ErpError, InputError, SourceError, UnknownColumnError
from erp_widget.gallery.gallery import Gallery


def _frame(seed: int, n: int = 90) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    more = {f"more {i}": rng.normal(size=n) for i in range(seed)}
    area = rng.uniform(9, 99, n)
    return pd.DataFrame(
        {"city": rng.choice(["Rome", "Oslo"], n), "area": area, "rent": area * 3 + seed, **more}
    )


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return {f"table {seed}": _frame(seed) for seed in range(5)}


def test_charts_are_those_of_single_calls(frames: dict[str, pd.DataFrame]) -> None:
    together = erp.recommend_many(frames, k=6)
    assert list(together) == list(frames)
    for name, frame in frames.items():
        found, alone = together[name], erp.recommend(frame, k=6, name=name)
        assert isinstance(found, Gallery)
        assert found.title == alone.title == name
        assert found.notes == alone.notes
        assert [c.design for c in found] == [c.design for c in alone]
        assert [c.to_vegalite() for c in found] == [c.to_vegalite() for c in alone]
        assert [c.reason for c in found] == [c.reason for c in alone]
        assert found.dataset_id == alone.dataset_id


def test_one_bad_table_fails_no_other(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    good, bad, none = (tmp_path / name for name in ("good.csv", "bad.json", "none.csv"))
    frames["table 1"].to_csv(good, index=False)
    bad.write_text("{no json")
    tables: list[Any] = [good, bad, {}, 7, frames["table 2"], none]
    found = erp.recommend_many(tables, k=3)
    assert [type(one).__name__ for one in (found[0], found[4])] == ["Gallery", "Gallery"]
    assert len(found[0]) == len(found[4]) == 3  # type: ignore[arg-type]
    for place, kind in ((1, SourceError), (2, InputError), (3, InputError), (5, SourceError)):
        assert isinstance(found[place], kind)
        assert len(str(found[place]).splitlines()) == 1
    assert [event.kind for event in erp.history()].count("gallery") == 2


def test_wishes_hold_for_each_table(frames: dict[str, pd.DataFrame]) -> None:
    found = erp.recommend_many(frames, k=4, columns="more 0", without="bar")
    assert isinstance(found["table 0"], UnknownColumnError)
    for name in ("table 1", "table 4"):
        for chart in found[name]:  # type: ignore[union-attr]
            assert "more 0" in chart.fields
            assert chart.mark != "bar"
    contradicted = erp.recommend_many([frames["table 0"]], mark="arc", columns=["area", "rent"])
    assert isinstance(contradicted[0], ErpError)


def test_more_tables_than_are_read_together() -> None:
    found = erp.recommend_many([_frame(1, 30) for _ in range(18)], k=1)
    assert len({chart.title for gallery in found for chart in gallery}) == 1  # type: ignore[union-attr]
    assert erp.recommend_many([]) == []


@pytest.mark.parametrize(
    ("tables", "more", "message"),
    [
        ("sales.csv", {}, "pass a list of tables"),
        (_frame(0, 9), {}, "pass a list of tables"),
        (7, {}, "pass a list of tables"),
        ([], {"k": 0}, "k is a number of charts"),
        ([], {"colums": "city"}, "did you mean 'columns'"),
    ],
    ids=["path", "frame", "number", "k", "argument"],
)
def test_wrong_arguments_name_the_fix(tables: Any, more: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        erp.recommend_many(tables, **more)


def test_threads_of_a_fresh_process_do_not_wait_for_pandas_to_be_there() -> None:
    """Arrow imports pandas at the first array of numpy; meanwhile others read their tables."""
    code = """
import sys, threading
import numpy as np
import erp_widget as erp

failed = []

def recommend():
    try:
        table = {"city": ["Rome", "Oslo"] * 20, "sales": np.arange(40) * 1.5}
        assert len(erp.recommend(table, store=":memory:"))
    except BaseException as error:
        failed.append(error)

threads = [threading.Thread(target=recommend) for _ in range(6)]
assert "pandas" not in sys.modules
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failed, failed
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
