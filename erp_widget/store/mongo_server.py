"""Owns the connection to a MongoDB server: how it is made, how long it waits, how it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pymongo
from bson.errors import BSONError
from gridfs.errors import GridFSError
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    InvalidName,
    InvalidOperation,
    InvalidURI,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from erp_widget.errors import (
    DamagedStoreError,
    StoreError,
    StoreUnavailableError,
    StoreUnreachableError,
    TooLargeForStoreError,
)
from erp_widget.store.mongo_versions import prepare

Document = dict[str, Any]

DEFAULT_DATABASE = "erp"
#: A notebook waits this long for a server that is not there.
SELECTION_TIMEOUT_MS = 3_000
#: And this long for what one call asks of a server that is, with all tries of the driver.
ANSWER_TIMEOUT_MS = 5_000
#: Indexes of a database of many records take longer, once.
PREPARATION_S = 60.0

_AUTHENTICATION_CODES = frozenset({13, 18, 8000})
_DISK_FULL = 14031
_BREAKS_RULE = 121
#: A server that steps down, shuts down or was asked for too long; another try may succeed.
_PASSING_CODES = frozenset({11600, 11602, 91, 189, 10107, 13435, 13436, 50, 262, 64, 100})
_TOO_LARGE_CODES = frozenset({10334, 17419, 17420})


def connect(address: str) -> tuple[MongoClient[Document], Database[Document]]:
    """Connect to a server and make the indexes of a new database.

    Raises
    ------
    StoreError
        If the address is wrong, the server does not answer, or its database is newer.
    """
    place = without_secrets(address)
    client = client_of(address, place)
    try:
        with explained(place):
            database = written_for_good(client.get_default_database(DEFAULT_DATABASE))
            with pymongo.timeout(SELECTION_TIMEOUT_MS / 1000):
                client.admin.command("ping")
            with bounded(extra_s=PREPARATION_S):
                prepare(database, place)
    except BaseException:
        client.close()
        raise
    return client, database


def written_for_good(database: Database[Document]) -> Database[Document]:
    """Return a database whose writes a majority of the servers acknowledges.

    A write that one server acknowledged alone is lost when that server is.
    """
    return database.with_options(
        write_concern=WriteConcern("majority", j=True, wtimeout=ANSWER_TIMEOUT_MS),
        read_concern=ReadConcern("majority"),
        read_preference=ReadPreference.PRIMARY,
    )


def check_address(address: str) -> None:
    """Raise unless an address can be used; no server is asked.

    Raises
    ------
    StoreUnavailableError
        It says how an address is written.
    """
    place = without_secrets(address)
    if address.lower().startswith("mongodb+srv:"):
        return  # its hosts are looked up where it is used
    with explained(place), client_of(address, place) as client:
        client.get_default_database(DEFAULT_DATABASE)


def client_of(address: str, place: str) -> MongoClient[Document]:
    """Return a client that gives up soon, whatever the address says."""
    try:
        with explained(place):
            return MongoClient(
                address,
                appname="erp-widget",
                serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
                connectTimeoutMS=SELECTION_TIMEOUT_MS,
                waitQueueTimeoutMS=SELECTION_TIMEOUT_MS,
                socketTimeoutMS=ANSWER_TIMEOUT_MS,
                retryWrites=True,
                retryReads=True,
                connect=False,
            )
    except (ValueError, TypeError) as error:  # how pymongo refuses ports and options
        raise _unusable(place) from error


def _unusable(place: str) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"{place} is no usable address; write mongodb://user:password@host:27017/database "
        "with special characters percent-encoded"
    )


def without_secrets(address: str) -> str:
    """Return an address without name, password and options, for people to read.

    Examples
    --------
    >>> without_secrets("mongodb://ada:secret@host:27017/erp?authSource=admin")
    'mongodb://host:27017/erp'
    """
    scheme, _, rest = address.partition("://")
    hosts_and_path = re.split(r"[?#]", rest.rpartition("@")[2], maxsplit=1)[0]
    return f"{scheme}://{hosts_and_path}"


def bounded(extra_s: float = 0.0) -> AbstractContextManager[object]:
    """Let what is asked of the server inside take so long and no longer, retries included."""
    return pymongo.timeout(ANSWER_TIMEOUT_MS / 1000 + extra_s)


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn every failure of pymongo into an error that names the fix."""
    try:
        yield
    except (PyMongoError, BSONError, GridFSError) as error:
        raise _explain(error, place) from error
    except (OverflowError, UnicodeError, RecursionError) as error:
        raise StoreError(f"a value cannot be stored in {place}: {error}") from error
    except OSError as error:
        raise StoreUnreachableError(f"the store {place} cannot be reached ({error})") from error


def _explain(error: Exception, place: str) -> StoreError:
    code = getattr(error, "code", None)
    if isinstance(error, DocumentTooLarge) or code in _TOO_LARGE_CODES:
        return TooLargeForStoreError(f"one record is too large for {place}; make it smaller")
    if isinstance(error, GridFSError):
        return DamagedStoreError(
            f"stored bytes are missing in {place}; recommend the original file, "
            "or restore the database from a backup"
        )
    if isinstance(error, ConfigurationError) and "lifetime expired" in str(error):
        return StoreUnreachableError(f"the name of {place} cannot be looked up now; try again")
    if isinstance(error, InvalidURI | InvalidName | ConfigurationError):
        return _unusable(place)
    if isinstance(error, WTimeoutError):
        return StoreUnreachableError(
            f"{place} did not confirm the write by a majority of its servers; try again"
        )
    if isinstance(error, OperationFailure) and code == _DISK_FULL:
        # What is saved waits here meanwhile, as for a server that is away.
        return StoreUnreachableError(f"no space left on the server of {place}; free some there")
    if isinstance(error, OperationFailure) and code == _BREAKS_RULE:
        return StoreError(f"{place} refused a record that breaks its rules; upgrade erp-widget")
    waited = ConnectionFailure | NetworkTimeout | ExecutionTimeout | WaitQueueTimeoutError
    if isinstance(error, waited) or code in _PASSING_CODES:
        return StoreUnreachableError(
            f"the store {place} cannot be reached; start it, or choose another: "
            'erp.configure(store="path or mongodb://host/database")'
        )
    if isinstance(error, OperationFailure) and code in _AUTHENTICATION_CODES:
        return StoreUnavailableError(
            f"{place} refused the user or password; correct them in the address"
        )
    if isinstance(error, InvalidOperation) and "close" in str(error).lower():
        return StoreUnavailableError(f"the store {place} is closed; open it again")
    return StoreError(f"the store {place} failed: {str(error).splitlines()[0][:200]}")
