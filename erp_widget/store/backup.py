"""Owns the copies of all users' stores on a hub: one file for each, and the way back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from erp_widget.errors import ErpError, InputError
from erp_widget.store.archive import archived_user, export_archive, import_archive
from erp_widget.store.mongo import MongoStore
from erp_widget.store.mongo_users import database_name, users

#: A user's name, and what became of the copy: how many records, or the error.
Outcome = tuple[str, int | ErpError]


def back_up(admin_address: str, folder: str | os.PathLike[str]) -> Iterator[Outcome]:
    """Write every user's store into a folder; a file is replaced when its new copy is complete.

    Parameters
    ----------
    admin_address
        Address whose user may read every database.
    folder
        Made if it is not there. The files are readable by their owner only.

    Yields
    ------
    Outcome
        One for each user; a store that cannot be read does not keep the others back.

    Raises
    ------
    StoreError
        If the server cannot be reached or refuses.
    InputError
        If the folder cannot be made.
    """
    place = Path(folder).expanduser()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {place} ({error.strerror}): choose another place") from error
    for user in users(admin_address):
        file = place / f"{database_name(user)}.zip"
        yield _outcome(admin_address, user, file, export_archive)


def restore(admin_address: str, folder: str | os.PathLike[str]) -> Iterator[Outcome]:
    """Bring the files that `back_up` wrote into the users' databases; twice is once.

    Records that are there stay as they are. A database that is gone is made anew; its user gets a
    credential when the hub next starts their server, or by `add_user`.

    Raises
    ------
    InputError
        If there is no such file in the folder.
    """
    files = sorted(Path(folder).expanduser().glob("*.zip"))
    if not files:
        raise InputError(f"there are no copies in {folder}; name the folder of erp store backup")
    for file in files:
        try:
            user = archived_user(file)
            if file.stem != database_name(user):
                raise InputError(f"{file} holds records of {user!r}; its name must be that user's")
        except ErpError as error:
            yield file.name, error
            continue
        yield _outcome(admin_address, user, file, _brought_back)


def _brought_back(store: MongoStore, user: str, file: Path) -> dict[str, int]:
    return import_archive(store, user, file).added


def _outcome(
    admin_address: str,
    user: str,
    file: Path,
    moved: Callable[[MongoStore, str, Path], dict[str, int]],
) -> Outcome:
    try:
        with closing(MongoStore(_administered(admin_address, user))) as store:
            return user, sum(moved(store, user, file).values())
    except ErpError as error:
        return user, error


def _administered(admin_address: str, user: str) -> str:
    """Return the address of a user's database with the administrator's credential."""
    parts = urlsplit(admin_address)
    options = [pair for pair in parts.query.split("&") if pair]
    if not any(pair.lower().startswith("authsource=") for pair in options):
        options.append(urlencode({"authSource": parts.path.strip("/") or "admin"}))
    return parts._replace(path=f"/{database_name(user)}", query="&".join(options)).geturl()
