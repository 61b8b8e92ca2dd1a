"""Owns what an object works out of itself once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from msgspec import Struct
from msgspec.structs import force_setattr

Found = TypeVar("Found")


class once(Generic[Found]):
    """A property that is worked out when it is first asked for, and kept in the object.

    As `functools.cached_property`, which takes a lock before Python 3.12, and so six times as long:
    too much where the grammar asks thousands of charts for a property each. Two threads that ask at
    one time both work it out.

    Parameters
    ----------
    find
        The method.

    Examples
    --------
    >>> class Square:
    ...     side = 3
    ...
    ...     @once
    ...     def area(self) -> int:
    ...         return self.side**2
    >>> Square().area
    9
    """

    def __init__(self, find: Callable[[Any], Found]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Note under which name an object keeps what was found, and how: past frozen classes."""
        self._name = name
        # To ask for `__dict__` would make one where there is none, and each later look slower.
        self._keep = force_setattr if issubclass(owner, Struct) else object.__setattr__

    @overload
    def __get__(self, one: None, owner: type) -> once[Found]: ...

    @overload
    def __get__(self, one: object, owner: type) -> Found: ...

    def __get__(self, one: Any, owner: type) -> once[Found] | Found:
        """Work it out; from then on the object's own attribute answers."""
        if one is None:
            return self
        found = self._find(one)
        self._keep(one, self._name, found)
        return found
