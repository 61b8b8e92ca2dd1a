"""Owns one database and one credential per user of a hub: made, renewed, listed, taken away."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote, urlencode, urlsplit

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from erp_widget.errors import NotInStoreError
from erp_widget.store.mongo_server import (
    Document,
    client_of,
    explained,
    without_secrets,
    written_for_good,
)
from erp_widget.store.mongo_versions import prepare
from erp_widget.store.values import checked_user

#: Every database that this module makes begins so; no other is ever dropped.
PREFIX = "erp_"
_EXISTS = 51003
_NO_SUCH_USER = 11
#: Options of the administrator's address that are about the administrator.
_OF_ADMIN = frozenset({"authsource", "authmechanism", "authmechanismproperties"})


def database_name(user: str) -> str:
    """Return the name of a user's database: readable, and different for every user.

    Examples
    --------
    >>> database_name("ada@lab.org")
    'erp_adalaborg_1bf7c89bec43'
    """
    readable = re.sub(r"[^a-z0-9]", "", checked_user(user).lower())[:20]
    distinct = hashlib.sha256(user.encode()).hexdigest()[:12]
    return f"{PREFIX}{readable}_{distinct}"


def add_user(admin_address: str, user: str, password: str | None = None) -> str:
    """Make a user's database with a credential that opens no other; of an old one renew it.

    Parameters
    ----------
    admin_address
        Address whose user may administer users and databases.
    user
        Name of the user at the hub.
    password
        For the credential; None draws a new one.

    Returns
    -------
    str
        The address for the user's ``ERP_STORE``, password included; a drawn one is kept nowhere
        else.

    Raises
    ------
    StoreError
        If the server cannot be reached or refuses.
    """
    name, password = database_name(user), password or secrets.token_urlsafe(24)
    with _opened(admin_address) as client:
        database = written_for_good(client[name])
        prepare(database, name)
        _credential(database, name, user, password)
    return user_address(admin_address, user, password)


def user_address(admin_address: str, user: str, password: str) -> str:
    """Return the address that `add_user` gives for a password, without asking the server.

    Examples
    --------
    >>> address = user_address("mongodb://root:p@host/?authSource=admin&w=1", "ada", "secret")
    >>> address.partition("@")[2]
    'host/erp_ada_fdee430d40bd?w=1&authSource=erp_ada_fdee430d40bd'
    """
    name = database_name(user)
    parts = urlsplit(admin_address)
    hosts = parts.netloc.rpartition("@")[2]
    options = [
        pair
        for pair in parts.query.split("&")
        if pair and pair.split("=")[0].lower() not in _OF_ADMIN
    ]
    options.append(urlencode({"authSource": name}))
    credential = f"{name}:{quote(password, safe='')}"
    return f"{parts.scheme}://{credential}@{hosts}/{name}?{'&'.join(options)}"


def remove_user(admin_address: str, user: str, *, keep_data: bool = False) -> None:
    """Take a user's credential away, and the database with all that is in it.

    Raises
    ------
    NotInStoreError
        If there is neither.
    """
    name = database_name(user)
    with _opened(admin_address) as client:
        known = False
        # The credential first: nobody writes into a database that is being dropped.
        with suppress(_NoSuchUser):
            with _no_such_user():
                client[name].command("dropUser", name)
            known = True
        if name in client.list_database_names():
            known = True
            if not keep_data:
                client.drop_database(name)
    if not known:
        raise NotInStoreError(f"there is no user {user[:80]!r} on this server")


def users(admin_address: str) -> list[str]:
    """Return the names of all who have a credential."""
    with _opened(admin_address) as client:
        every = {"usersInfo": {"forAllDBs": True}}
        found = client["admin"].command(every)["users"]
        return sorted(
            entry["customData"]["erp_user"]
            for entry in found
            if "erp_user" in (entry.get("customData") or {})
        )


class _NoSuchUser(Exception):
    pass


@contextmanager
def _no_such_user() -> Iterator[None]:
    try:
        yield
    except OperationFailure as error:
        if error.code != _NO_SUCH_USER:
            raise
        raise _NoSuchUser from error


def _credential(database: Database[Document], name: str, user: str, password: str) -> None:
    said: Document = {
        "pwd": password,
        "roles": [{"role": "readWrite", "db": name}],
        "customData": {"erp_user": user},
        "writeConcern": {"w": "majority"},
    }
    try:
        database.command("createUser", name, **said)
    except OperationFailure as error:
        if error.code != _EXISTS:
            raise
        database.command("updateUser", name, **said)


@contextmanager
def _opened(admin_address: str) -> Iterator[MongoClient[Document]]:
    place = without_secrets(admin_address)
    with explained(place), client_of(admin_address, place) as client:
        yield client
