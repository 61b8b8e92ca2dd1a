"""Owns the settings: which store, which user, which service, which limits; code first."""

from __future__ import annotations

import getpass
import os
import re
from enum import Enum
from functools import cache
from pathlib import Path

from msgspec import Struct

from erp_widget.errors import InputError
from vizmodel.patterns import late_pattern


class Unset(Enum):
    """Marks an argument that was left out, since None means "back to the default"."""

    UNSET = "unset"


#: How an address begins; the drive of a Windows path is one letter.
_ADDRESS = late_pattern(r"[A-Za-z][A-Za-z0-9+.-]+:/+")
_given: dict[str, str | None] = {}
#: With less DuckDB cannot even read a file.
MIN_MEMORY_BYTES = 100 * 10**6


class Settings(Struct, frozen=True):
    """The settings in force.

    Parameters
    ----------
    store
        Path of a SQLite file, or a ``mongodb://`` or ``mongodb+srv://`` address.
    user
        Whose charts are read and written.
    service
        Address of a recommendation service; None runs the network in this process.
    memory
        How much memory queries may take, as it was given; None leaves it to DuckDB.
    """

    store: str
    user: str
    service: str | None = None
    memory: str | None = None


def configure(
    *,
    store: str | os.PathLike[str] | Unset | None = Unset.UNSET,
    user: str | Unset | None = Unset.UNSET,
    service: str | Unset | None = Unset.UNSET,
    memory: str | Unset | None = Unset.UNSET,
) -> Settings:
    """Choose the store, the user, the service or the memory for this process.

    Parameters
    ----------
    store
        Path of a SQLite file or a MongoDB address; None goes back to ``ERP_STORE`` or the
        platform's data folder.
    user
        Name under which charts are kept; None goes back to ``ERP_USER`` or the login name.
    service
        Address of a recommendation service; None goes back to ``ERP_SERVICE`` or to none.
    memory
        How much memory the queries behind charts may take, such as ``"2 GB"``; beyond it they go
        on on disk. None goes back to ``ERP_MEMORY``, or to four fifths of the machine's.

    Returns
    -------
    Settings
        The settings now in force; arguments left out stay as they were.

    Raises
    ------
    InputError
        If a value is empty or not text, or no amount of memory.

    Examples
    --------
    >>> configure(user="ada").user
    'ada'
    >>> _ = configure(user=None)
    """
    checked: dict[str, str | None] = {}
    given = (("store", store), ("user", user), ("service", service), ("memory", memory))
    for name, value in given:
        if value is not Unset.UNSET:
            checked[name] = None if value is None else _text(name, value)
    _given.update(checked)
    return settings()


def settings() -> Settings:
    """Return the settings in force: `configure`, then the environment, then the defaults.

    Returns
    -------
    Settings
        The store always names a place, the user is never empty.

    Raises
    ------
    InputError
        If no user name can be found.

    Examples
    --------
    >>> bool(settings().store)
    True
    """
    return Settings(
        store=_given.get("store") or _store_of_environment() or default_store(),
        user=_setting("user", "ERP_USER") or _login_name(),
        service=service_address(),
        memory=_setting("memory", "ERP_MEMORY"),
    )


def service_address() -> str | None:
    """Return the address of the recommendation service; None where there is none."""
    return _setting("service", "ERP_SERVICE")


def memory_bytes() -> int | None:
    """Return how much memory queries may take; None leaves it to DuckDB.

    Raises
    ------
    InputError
        If it is no amount of memory, or too little to work with.
    """
    said = _setting("memory", "ERP_MEMORY")
    return None if said is None else _memory(said)


def _memory(said: str) -> int:
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(i?)B\s*", said, re.IGNORECASE)
    unit = 0
    if found is not None:
        power = " KMGT".index(found[2].upper() or " ")
        unit = (1024 if found[3] else 1000) ** power
    size = 0 if found is None else int(float(found[1]) * unit)
    if size < MIN_MEMORY_BYTES:
        raise InputError(
            f"memory must be an amount of at least {MIN_MEMORY_BYTES // 10**6} MB such as "
            f'"2 GB" or "500 MB", not {said!r}: set it by configure(memory=...) or ERP_MEMORY'
        )
    return size


def default_store() -> str:
    """Return the path of the SQLite file in the platform's folder for user data."""
    from platformdirs import user_data_dir

    return str(Path(user_data_dir("erp-widget", appauthor=False)) / "store.sqlite3")


def outbox_folder() -> str:
    """Return where saves wait for a server: ``ERP_OUTBOX``, else in the folder for user data."""
    from platformdirs import user_data_dir

    default = Path(user_data_dir("erp-widget", appauthor=False)) / "outbox"
    return os.environ.get("ERP_OUTBOX") or str(default)


def max_upload_bytes() -> int:
    """Return how large an uploaded file may be, once unpacked: ``ERP_MAX_UPLOAD_MB``, else 1 GB.

    Raises
    ------
    InputError
        If the variable holds no number above 0.
    """
    said = os.environ.get("ERP_MAX_UPLOAD_MB") or "1024"
    try:
        megabytes = float(said)
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes < float("inf"):
        raise InputError(f"ERP_MAX_UPLOAD_MB must be a number of megabytes, not {said!r}")
    return int(megabytes * 2**20)


def max_upload_rows() -> int:
    """Return how many rows an uploaded file may have: ``ERP_MAX_UPLOAD_ROWS``, else 50 million.

    Raises
    ------
    InputError
        If the variable holds no whole number above 0.
    """
    said = os.environ.get("ERP_MAX_UPLOAD_ROWS") or "50000000"
    rows = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    if not rows:
        raise InputError(f"ERP_MAX_UPLOAD_ROWS must be a number of rows, not {said!r}")
    return rows


def is_mongodb(location: str) -> bool:
    """Return whether a store location is a MongoDB address rather than a path."""
    return location.lower().startswith(("mongodb://", "mongodb+srv://"))


def placed(location: str) -> str:
    """Return the place of a store whatever becomes of the working directory: a path is absolute.

    Raises
    ------
    InputError
        It is an address of another kind, which would become a folder with the password in its
        name. The message says nothing of it but how it begins.

    Examples
    --------
    >>> placed("mongodb://host/erp")
    'mongodb://host/erp'
    """
    scheme = _ADDRESS.match(location)
    if scheme is not None and not is_mongodb(location):
        raise InputError(
            f"the store begins with {scheme[0]!r}: write a path, or an address that begins with "
            "mongodb:// or mongodb+srv://"
        )
    if is_mongodb(location) or location == ":memory:":
        return location
    return os.path.abspath(os.path.expanduser(location))


def _store_of_environment() -> str | None:
    said = os.environ.get("ERP_STORE")
    return _placed_once(said) if said else None


#: Of `ERP_STORE`: what it named at first it names for as long as the process runs.
_placed_once = cache(placed)


def _setting(name: str, variable: str) -> str | None:
    """Return what `configure` was given, else the environment variable, else None."""
    return _given.get(name) or os.environ.get(variable) or None


def _text(name: str, value: object) -> str:
    """Return a setting as text; a path loses its tilde, an address is left alone."""
    if name == "store" and isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{name} must be non-empty text, not {value!r}; for example {_HINT[name]}")
    if "\x00" in value:
        raise InputError(f"{name} contains a null character; remove it")
    if name == "service":
        _check_service(value)
    if name == "memory":
        _memory(value)
    return placed(value) if name == "store" else value


def _check_service(address: str) -> None:
    from erp_widget.service.exchange import AddressError, Place

    try:
        Place.of(address)
    except AddressError as error:
        raise InputError(f"{error}, not {address!r}") from error


_HINT = {
    "store": 'store="charts.sqlite3" or store="mongodb://host/erp"',
    "user": 'user="ada"',
    "service": 'service="http://hub:8000/services/erp"',
    "memory": 'memory="2 GB"',
}


def _login_name() -> str:
    """Return the login name; in a container without one, the numeric user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        if hasattr(os, "getuid"):
            return f"uid-{os.getuid()}"
        raise InputError('no user name found; give one: erp.configure(user="ada")') from None
