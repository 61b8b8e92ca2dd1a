"""Importing this package collects no garbage, and leaves the collection as it was."""

from __future__ import annotations

import gc
import subprocess
import sys

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
