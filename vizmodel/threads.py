"""Owns how many threads products of matrices take."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Keep products to one thread: of small matrices, others would only wait for work.

    Threads of the linear algebra library wait for each other far longer than they compute: measured
    70 CPU-ms a search instead of 300 to 1,700.

    Examples
    --------
    >>> with one_thread():
    ...     pass
    """
    limit: AbstractContextManager[Any] = _threads().limit(limits=1, user_api="blas")
    return limit


@cache
def _threads() -> ThreadpoolController:
    """Return what sets the threads; looking for the libraries takes 5 ms."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
