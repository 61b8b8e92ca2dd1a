"""Makes a new mongod the hub's store: its replica set and the hub's account; twice is once.

Run on the node itself: a server without accounts lets a process of its own machine make the first.
The account's name, password and the server's address are those of ERP_ADMIN.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

WAIT_S = 60.0
ALREADY_INITIALIZED = 23
#: Makes users and their databases, prepares and backs up each; nothing of the server itself.
ROLES = ("userAdminAnyDatabase", "readWriteAnyDatabase", "dbAdminAnyDatabase")


def main(address: str) -> None:
    """Prepare the server of an address, or say what is missing."""
    parts = urlsplit(address)
    if not (parts.hostname and parts.port and parts.username and parts.password):
        sys.exit("ERP_ADMIN must be mongodb://name:password@host:port/...; see make_secrets.py")
    with MongoClient[dict[str, Any]](
        parts.hostname, parts.port, directConnection=True, serverSelectionTimeoutMS=5_000
    ) as client:
        initiate(client, f"{parts.hostname}:{parts.port}")
        make_account(client, parts.username, parts.password)
    with MongoClient[dict[str, Any]](address, serverSelectionTimeoutMS=10_000) as client:
        client.admin.command("usersInfo")  # the account works, or this says why not
    print(f"the store at {parts.hostname}:{parts.port} is ready")


def initiate(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Make the server a replica set of one, and wait until it takes writes."""
    try:
        config = {"_id": "erp", "members": [{"_id": 0, "host": host}]}
        client.admin.command("replSetInitiate", config)
    except OperationFailure as error:
        # A server that has accounts asks who we are before it says that it has been done.
        if error.code not in (ALREADY_INITIALIZED, 13):
            raise
    deadline = time.monotonic() + WAIT_S
    while not client.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > deadline:
            sys.exit(f"{host} takes no writes after {WAIT_S:.0f} s; see its log")
        time.sleep(0.2)


def make_account(client: MongoClient[dict[str, Any]], name: str, password: str) -> None:
    """Make the hub's account, if the server has none yet."""
    try:
        client.admin.command("createUser", name, pwd=password, roles=list(ROLES))
    except OperationFailure as error:
        if error.code != 13:  # not authorized: there is an account already
            raise


if __name__ == "__main__":
    try:
        main(os.environ.get("ERP_ADMIN", ""))
    except PyMongoError as error:
        sys.exit(f"the store could not be prepared: {error}")
