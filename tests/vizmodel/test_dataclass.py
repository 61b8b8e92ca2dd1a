"""Dataclasses behave as Python's own do."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import Any

import pytest

from vizmodel.dataclass import dataclass


def made(decorate: Any, **how: bool) -> Any:
    """Return a class with fields of every sort."""

    class Thing:
        """A thing."""

        name: str
        size: float = 1.0
        parts: list[int] = dataclasses.field(default_factory=list)
        unit: str = dataclasses.field(default="m", compare=False)
        found: dict[str, int] = dataclasses.field(default_factory=dict, init=False, repr=False)
        length: int = dataclasses.field(init=False, repr=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(self.name))

    return decorate(**how)(Thing)


@dataclass(frozen=True, slots=True)
class Kept:
    """One that is kept, as only those of a module can be."""

    name: str
    size: float = 1.0


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize("eq", [True, False])
def test_one_is_made_shown_compared_and_changed_as_one_of_python(
    frozen: bool, slots: bool, eq: bool
) -> None:
    ours, theirs = (
        made(decorate, frozen=frozen, slots=slots, eq=eq)
        for decorate in (dataclass, dataclasses.dataclass)
    )
    for of in (ours, theirs):
        one, same = of("a", 2.0), of("a", 2.0, unit="km")
        assert (one == same) == eq
        assert one != of("b", 2.0)
        assert one != ("a", 2.0)
        assert dataclasses.asdict(one) == dataclasses.asdict(of("a", size=2.0)) | {"unit": "m"}
        assert dataclasses.replace(one, parts=[1]).parts == [1]
        assert one.parts is not same.parts
        assert one.length == 1
        assert copy.deepcopy(one).parts == []
        assert hasattr(one, "__dict__") != slots
        if frozen:
            with pytest.raises(dataclasses.FrozenInstanceError, match="name"):
                one.name = "b"
            with pytest.raises(dataclasses.FrozenInstanceError, match="name"):
                del one.name
        else:
            one.name = "b"
        if not frozen and eq:
            assert of.__hash__ is None
        with pytest.raises(TypeError, match="name"):
            of()
    assert repr(ours("a")) == repr(theirs("a"))
    assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)


def test_one_that_is_frozen_is_a_key_and_is_kept() -> None:
    one = Kept("a", 2.0)
    assert {one: 1}[Kept("a", 2.0)] == 1
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.copy(one) == one


def test_what_a_class_says_itself_counts() -> None:
    @dataclass(frozen=True)
    class Own:
        name: str

        def __repr__(self) -> str:
            return self.name

        def __hash__(self) -> int:
            return 7

    assert (repr(Own("a")), hash(Own("a")), Own("a") == Own("a")) == ("a", 7, True)
