"""Owns dataclasses that are Python's own to whoever uses them, and made in a third of the time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(
        cls: type | None = None, *, eq: bool = True, frozen: bool = False, slots: bool = False
    ) -> Any:
        """Make a dataclass, as `dataclasses.dataclass` does.

        That writes the text of six functions for each frozen class and compiles them, half a
        millisecond, and a first call makes a hundred classes. Here only `__init__` is written; what
        compares, hashes, shows, keeps and guards an object is the same code for all classes.

        Examples
        --------
        >>> @dataclass(frozen=True, slots=True)
        ... class Point:
        ...     x: int
        ...     y: int = 0
        >>> Point(2), Point(2) == Point(2, 0), dataclasses.replace(Point(2), y=1)
        (Point(x=2, y=0), True, Point(x=2, y=1))
        """
        if cls is None:
            return partial(dataclass, eq=eq, frozen=frozen, slots=slots)
        own = {**vars(cls)}
        init = not frozen
        made = dataclasses.dataclass(cls, init=init, repr=False, eq=False, slots=slots)
        fields = dataclasses.fields(made)
        methods = {"__repr__": _shown_by([one.name for one in fields if one.repr])}
        if eq:
            values = _values_of([one.name for one in fields if one.compare])
            methods |= {"__eq__": _compared_by(values), "__hash__": None}
        if eq and frozen:
            methods["__hash__"] = lambda self: hash(values(self))
        if frozen:
            methods["__init__"] = _init_of(fields, hasattr(made, "__post_init__"))
            methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        if frozen and slots:
            methods |= {"__getstate__": _state, "__setstate__": _take_state}
        for name, method in methods.items():
            if own.get(name) is None:
                setattr(made, name, method)
        return made


def _init_of(fields: Sequence[dataclasses.Field[Any]], goes_on: bool) -> Any:
    """Return an `__init__` that sets fields past what guards them.

    Parameters
    ----------
    fields
        Of the class, none of them for keywords alone.
    goes_on
        Whether the class has a `__post_init__`.
    """
    given: dict[str, Any] = {"_set": object.__setattr__, "_none": dataclasses.MISSING}
    arguments, lines = ["self"], []
    for one in fields:
        name, value = one.name, one.name
        if one.default is not dataclasses.MISSING:
            given[f"_of_{name}"] = one.default
        elif one.default_factory is not dataclasses.MISSING:
            given[f"_make_{name}"] = one.default_factory
            value = f"_make_{name}() if {name} is _none else {name}"
        if one.init:
            default = f"_of_{name}" if f"_of_{name}" in given else "_none"
            arguments.append(name if value == name and default == "_none" else f"{name}={default}")
        elif value != name:
            value = f"_make_{name}()"
        elif f"_of_{name}" in given:
            value = f"_of_{name}"
        else:  # `__post_init__` sets it
            continue
        lines.append(f"    _set(self, {name!r}, {value})")
    lines += ["    self.__post_init__()"] if goes_on else []
    exec(f"def __init__({', '.join(arguments)}):\n" + "\n".join(lines or ["    pass"]), given)
    given["__init__"].__annotations__ = {one.name: one.type for one in fields if one.init}
    return given["__init__"]


def _values_of(names: Sequence[str]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda self: ()


def _compared_by(values: Callable[[Any], Any]) -> Any:
    def __eq__(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    return __eq__


def _shown_by(names: Sequence[str]) -> Any:
    @recursive_repr()
    def __repr__(self: Any) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    return __repr__


def _refuse_to_set(self: Any, name: str, value: Any) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _take_state(self: Any, state: Sequence[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=False):
        object.__setattr__(self, one.name, value)
