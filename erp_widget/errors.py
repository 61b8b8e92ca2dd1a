"""Owns every error that erp_widget raises; one line each: what is wrong, then the fix.

::

    ErpError(Exception)
    ├── InputError(ErpError, ValueError)         what the caller gave cannot be used
    │   ├── UnknownColumnError                   a column that the table does not have
    │   ├── UnknownArgumentError                 a keyword argument that does not exist
    │   └── SourceError                          data that cannot be read as a table
    ├── StoreError                               the store refused or failed
    │   ├── StoreUnavailableError                it cannot be opened or written now
    │   │   ├── StoreBusyError                   another program holds its file for now
    │   │   └── StoreUnreachableError            no server answers; saves wait for it
    │   ├── NewerStoreError                      written by a newer version of this package
    │   ├── DamagedStoreError                    its content cannot be read back
    │   ├── NotInStoreError(StoreError, KeyError)  no such dataset, gallery, chart or report
    │   ├── TooLargeForStoreError                one record is larger than the store accepts
    │   └── ConflictError                        somebody else changed the record first
    └── ExportError                              a file or picture could not be made
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceback import FrameSummary

_HERE = Path(__file__).parent


class ErpError(Exception):
    """Base of every error raised by erp_widget on purpose."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: where one's own code asked, and the one line that helps.

        The way through this package would hide it below a screen of code; it is in the traceback
        all the same, for who asks for that.
        """
        import traceback

        own = [frame for frame in traceback.extract_tb(self.__traceback__) if _is_own(frame)]
        asked = [f"{_place(frame)}, line {frame.lineno}\n    {frame.line}\n" for frame in own]
        return [*asked, f"\x1b[31m{type(self).__name__}\x1b[39m: {self}"]


class InputError(ErpError, ValueError):
    """What the caller gave cannot be used."""


class UnknownColumnError(InputError):
    """A column name that the table does not have.

    Parameters
    ----------
    name
        The name that was asked for.
    known
        Names that exist; the nearest is suggested.

    Examples
    --------
    >>> print(UnknownColumnError("prise", ["price", "city"]))
    there is no column 'prise'; did you mean 'price'? Columns: 'price', 'city'
    >>> print(UnknownColumnError("prise", ["Unit Price (€)", "Discount"]))
    there is no column 'prise'; did you mean 'Unit Price (€)'? Columns: 'Unit Price (€)', 'Discount'
    """

    def __init__(self, name: object, known: Iterable[str] = ()) -> None:
        super().__init__(_unknown("column", "Columns", name, list(known)))


class UnknownArgumentError(InputError, TypeError):
    """A keyword argument or option that does not exist.

    Parameters
    ----------
    name
        The argument that was given.
    known
        Arguments that exist; the nearest is suggested.
    """

    def __init__(self, name: object, known: Iterable[str] = ()) -> None:
        super().__init__(_unknown("argument", "Arguments", name, list(known)))


class SourceError(InputError):
    """Data that cannot be read as a table."""


class StoreError(ErpError):
    """The store refused or failed."""


class StoreUnavailableError(StoreError):
    """The store cannot be reached, opened or written at the moment."""


class StoreUnreachableError(StoreUnavailableError):
    """No server answers in time; what is saved waits on this machine until one does."""


class StoreBusyError(StoreUnavailableError):
    """Another program holds the store's file; nothing was written, and later it may be.

    Parameters
    ----------
    place
        Path of the file.

    Examples
    --------
    >>> print(StoreBusyError("a.sqlite3").held)
    the store a.sqlite3 is held by another program (a database browser, a kernel that hangs)
    """

    def __init__(self, place: object) -> None:
        who = "another program (a database browser, a kernel that hangs)"
        self.held = f"the store {place} is held by {who}"
        super().__init__(
            f"{self.held}; close that and try again, or choose a place of your own: "
            'erp.configure(store="path") or ERP_STORE=path'
        )


class NewerStoreError(StoreError):
    """The store was written by a newer version of this package."""


class DamagedStoreError(StoreError):
    """The store, or a record in it, cannot be read back."""


class NotInStoreError(StoreError, KeyError):
    """No such dataset, gallery, chart or report for this user."""

    def __str__(self) -> str:
        """Return the message itself; KeyError would show its repr."""
        return str(self.args[0]) if self.args else ""


class TooLargeForStoreError(StoreError):
    """One record is larger than the store accepts."""


class ConflictError(StoreError):
    """Somebody else changed the record since it was read."""


class ExportError(ErpError):
    """A file or picture could not be made."""


def _unknown(what: str, heading: str, name: object, known: list[str]) -> str:
    """Say what is unknown, the nearest name and at most a dozen known names, on one line."""
    message = f"there is no {what} {str(name)!r}"
    nearest = _nearest(str(name), known)
    if nearest is not None:
        message += f"; did you mean {nearest!r}?"
    if known:
        shown = ", ".join(repr(k) for k in known[:12])
        more = f" and {len(known) - 12} more" if len(known) > 12 else ""
        message += f"; {heading.lower()}" if nearest is None else f" {heading}"
        message += f": {shown}{more}"
    return message


def _nearest(name: str, known: list[str]) -> str | None:
    """Return the known name that is meant, by all of it or by one of its words."""
    whole = {one.casefold(): one for one in reversed(known)}
    words = {word: one for one in reversed(known) for word in re.findall(r"\w+", one.casefold())}
    for forms, cutoff in ((whole, 0.5), (words, 0.7)):
        for found in difflib.get_close_matches(name.casefold(), forms, n=1, cutoff=cutoff):
            return forms[found]
    return None


def _is_own(frame: FrameSummary) -> bool:
    """Whether a line is of a person's own code: not of these packages, nor of another library."""
    path = Path(frame.filename)
    ours = any(path.is_relative_to(folder) for folder in (_HERE, _HERE.with_name("vizmodel")))
    return not ours and "site-packages" not in path.parts


def _place(frame: FrameSummary) -> str:
    """Return a file, or the cell of a notebook by its number."""
    found = sys.modules.get("IPython")
    shell = getattr(found, "get_ipython", lambda: None)()
    name = None if shell is None else shell.compile.format_code_name(frame.filename)
    return f"File {frame.filename}" if name is None else " ".join(name)
