"""Owns how an engine of the user's is asked, and what is said where it does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from erp_widget.errors import SourceError

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: What to do, by the name of an engine's own error or of a kind of errors that it belongs to.
FIXES = {
    "InsufficientPrivilege": "ask its owner for the right to read the table (GRANT SELECT)",
    "Forbidden": "ask its owner for the right to read the table",
    "UndefinedTable": "the table is gone: pass one that is there",
    "QueryCanceled": "it took too long for the engine: raise its limit, or pass fewer rows",
    "OperationalError": "see that it runs and can be reached, connect again, and pass the table of "
    "the new connection",
    "InterfaceError": "the connection is closed: connect again, and pass its table",
}
ELSE = "see what it says to `table.limit(5).to_pyarrow()`; cast or leave out what it cannot give"


def answer(expression: ir.Table | ir.Scalar) -> Any:
    """Return what an engine answers to an ibis expression, as Arrow's table or scalar.

    Parameters
    ----------
    expression
        Of any backend.

    Raises
    ------
    SourceError
        The engine does not answer, or not with what Arrow can hold; the message names the fix.

    Examples
    --------
    >>> import ibis
    >>> answer(ibis.memtable({"city": ["Rome", "Oslo"]}).count()).as_py()
    2
    """
    try:
        return expression.to_pyarrow()
    except Exception as error:  # each engine has errors of its own
        if was_cancelled(error):
            raise
        raise SourceError(refusal(expression, error)) from error


def was_cancelled(error: Exception) -> bool:
    """Whether an error only says that a person stopped a query, or interrupted the kernel."""
    import duckdb

    interrupted = isinstance(error, RuntimeError) and str(error) == "Query interrupted"
    return interrupted or isinstance(error, duckdb.InterruptException)


def refusal(expression: ir.Table | ir.Scalar, error: Exception) -> str:
    """Return in one line what an engine said, and the fix."""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    fix = next((FIXES[kind] for kind in kinds if kind in FIXES), ELSE)
    said = str(error).strip().partition("\n")[0].rstrip(".") or kinds[0]
    return f"{expression.get_backend().name} gave no rows ({said}): {fix}"
