"""Owns how many threads the products of a profile's matrices take."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

#: Columns and cells from which products take longer than to look for the libraries that make them.
WIDE_COLUMNS, MANY_CELLS = 20, 50_000


def in_one_thread(n_columns: int, n_rows: int) -> AbstractContextManager[Any]:
    """Keep products of matrices, small as they are, to one thread: others only wait for work.

    Parameters
    ----------
    n_columns, n_rows
        Of what is looked at; products of little are over in a moment, whoever makes them.

    Examples
    --------
    >>> with in_one_thread(200, 400):
    ...     pass
    """
    if n_columns < WIDE_COLUMNS and n_columns * n_rows < MANY_CELLS:
        return nullcontext()
    limit: AbstractContextManager[Any] = _threads().limit(limits=1, user_api="blas")
    return limit


@cache
def _threads() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
