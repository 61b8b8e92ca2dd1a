"""Importing this package collects no garbage, and files need no pandas."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from erp_widget.imports import without_collections

FIRST_CALL = """
import gc, json, pandas
found = []
gc.callbacks.append(lambda phase, about: found.append((phase, about["generation"])))
import erp_widget as erp
erp.recommend(pandas.DataFrame({"a": [1.5, 2.5, 4.0] * 9, "b": ["x", "y", "z"] * 9}))
print(json.dumps({"full": found.count(("start", 2)), "on": gc.isenabled()}))
"""

FROM_A_FILE = """
import sys
import erp_widget as erp
assert len(erp.recommend(sys.argv[1], store=":memory:")) > 0
assert "pandas" not in sys.modules
"""


def _days(n_rows: int) -> Iterator[str]:
    return (f"{at % 28 + 1:02}.{at % 12 + 1:02}.2024" for at in range(n_rows))


def _many_rows() -> str:
    rows = (f"{day},{at % 7}.5, City {at % 9} " for at, day in enumerate(_days(90_000)))
    return "\n".join(["day,sales,city", *rows])


def _lines_of_other_lengths() -> str:
    rows = (f"{at % 7}.5,City {at % 9}" + ",late" * (at % 2) for at in range(300))
    return "\n".join(["sales,city,note", *rows])


def _measures() -> str:
    rows = (
        f"{2000 + at // 2},{'births' if at % 2 else 'income'},{at * (at % 2 + 1)}"
        for at in range(60)
    )
    return "\n".join(["year,measure,value", *rows])


@pytest.mark.parametrize("text", [_many_rows, _lines_of_other_lengths, _measures])
def test_a_csv_needs_no_pandas(text: Callable[[], str], tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text())
    subprocess.run([sys.executable, "-c", FROM_A_FILE, str(path)], check=True, timeout=120)


def test_a_parquet_file_with_dictionaries_needs_no_pandas(tmp_path: Path) -> None:
    n_rows, path = 90_000, tmp_path / "table.parquet"
    cities = pa.array([f"City {at % 9}" for at in range(n_rows)]).dictionary_encode()
    numbers = pa.array([at % 7 + 0.5 for at in range(n_rows)])
    days = pa.array(_days(n_rows))
    pq.write_table(pa.table({"city": cities, "sales": numbers, "day": days}), path)
    subprocess.run([sys.executable, "-c", FROM_A_FILE, str(path)], check=True, timeout=120)


def test_the_first_call_makes_no_full_collection() -> None:
    command = [sys.executable, "-c", FIRST_CALL]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == '{"full": 0, "on": true}'


def test_what_was_made_meanwhile_is_old_and_what_was_frozen_stays_so() -> None:
    with without_collections():
        made = [[number] for number in range(1_000)]
    assert not any(one is made for one in gc.get_objects(generation=0))
    assert gc.get_freeze_count() == 0
    gc.freeze()
    try:
        with without_collections():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_the_collection_is_as_it_was_whatever_happens() -> None:
    assert gc.isenabled()
    with pytest.raises(ImportError), without_collections():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()
    gc.disable()
    try:
        with without_collections():
            pass
        assert not gc.isenabled(), "who has switched it off keeps it off"
    finally:
        gc.enable()
