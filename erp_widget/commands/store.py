"""Owns the commands for a whole store: show, check, export, import, forget, and a hub's users."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from erp_widget.commands.output import printable, progress
from erp_widget.errors import InputError

if TYPE_CHECKING:
    from erp_widget.store.backup import Outcome


@click.group(short_help="Show, check, take along or forget what is kept.")
def store() -> None:
    """Show, check, export, import or forget what is kept for you; manage the users of a hub."""


@store.command()
@click.option("--check", is_flag=True, help="Read everything back and name what is damaged.")
def info(check: bool) -> None:
    """Show what is kept for you: how much, since when, and where."""
    from erp_widget.library.own_data import store_info

    sys.stdout.write(f"{store_info(check=check)!r}\n")


@store.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path) -> None:
    """Write everything that is kept for you into one file."""
    from erp_widget.library.own_data import export_store

    with progress(f"Writing {file.name}"):
        counts = export_store(file)
    sys.stderr.write(f"{sum(counts.values()):,} records in {file}\n")


@store.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def bring_in(file: Path) -> None:
    """Add what `export` wrote, from any kind of store; records that exist already stay."""
    from erp_widget.library.own_data import import_store

    with progress(f"Reading {file.name}"):
        moved = import_store(file)
    sys.stderr.write(f"new records: {sum(moved.added.values()):,}, there before: {moved.there:,}\n")
    for why in moved.refused:
        sys.stderr.write(f"note: {printable(why)}\n")


@store.command()
@click.argument("dataset_id", required=False)
@click.option("--everything", is_flag=True, help="Remove everything that is kept for you.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def forget(dataset_id: str | None, everything: bool, yes: bool) -> None:
    """Remove a dataset with everything made from it, or all data, for good."""
    from erp_widget.library.own_data import forget as remove

    if (dataset_id is not None) == everything:
        raise InputError("name a dataset, or --everything: erp store forget DATASET-ID")
    if not yes:
        click.confirm("This cannot be undone. Remove it?", abort=True, err=True)
    removed = remove(dataset_id, everything=everything)
    sys.stderr.write(f"removed: {', '.join(f'{n} {k}' for k, n in removed.items()) or 'nothing'}\n")


ADMIN = click.option(
    "--admin",
    required=True,
    envvar="ERP_ADMIN",
    show_envvar=True,
    help="mongodb:// address of an administrator.",
)


@store.command()
@click.argument("user")
@ADMIN
def add_user(user: str, admin: str) -> None:
    """Create a database and a credential for USER, and print the address for ERP_STORE.

    For a user who has one already, this sets a new password.
    """
    from erp_widget.store import mongo_users

    sys.stdout.write(f"{mongo_users.add_user(admin, user)}\n")


@store.command()
@click.argument("user")
@click.option("--keep-data", is_flag=True, help="Remove the credential only.")
@ADMIN
def remove_user(user: str, keep_data: bool, admin: str) -> None:
    """Remove USER's credential, and the database with all its data."""
    from erp_widget.store import mongo_users

    mongo_users.remove_user(admin, user, keep_data=keep_data)


@store.command()
@ADMIN
def users(admin: str) -> None:
    """List all users who have a credential."""
    from erp_widget.store import mongo_users

    for user in mongo_users.users(admin):
        sys.stdout.write(f"{printable(user)}\n")


@store.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@ADMIN
def backup(folder: Path, admin: str) -> None:
    """Write every user's store into FOLDER, one file each."""
    from erp_widget.store.backup import back_up

    _tell(back_up(admin, folder), "records kept")


@store.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@ADMIN
def restore(folder: Path, admin: str) -> None:
    """Bring back what `backup` wrote into FOLDER; records that exist already stay."""
    from erp_widget.store.backup import restore as bring_back

    _tell(bring_back(admin, folder), "records brought back")


def _tell(outcomes: Iterator[Outcome], said: str) -> None:
    """Print what became of each user's copy; if one failed, say so to whoever runs the command."""
    failed = 0
    for user, outcome in outcomes:
        failed += not isinstance(outcome, int)
        line = f"{outcome:,} {said}" if isinstance(outcome, int) else f"failed: {outcome}"
        sys.stdout.write(f"{printable(user)}: {printable(line)}\n")
    if failed:
        raise InputError(f"{failed} of the copies failed; see above")
