"""Owns the tables of the SQLite file, version by version, and the way from one to the next."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from erp_widget.store.rows import shown_by
from erp_widget.store.values import folded

#: Statements that lead from one version to the next; never edit one that was released.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE contents (
            user TEXT NOT NULL, hash TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (user, hash, part)) WITHOUT ROWID""",
        """CREATE TABLE datasets (
            user TEXT NOT NULL, id TEXT NOT NULL, created_us INTEGER NOT NULL, deleted_us INTEGER,
            name TEXT NOT NULL, n_rows INTEGER NOT NULL, columns TEXT NOT NULL,
            fingerprint TEXT NOT NULL, format TEXT, n_bytes INTEGER, content_hash TEXT,
            PRIMARY KEY (user, id))""",
        """CREATE TABLE galleries (
            user TEXT NOT NULL, id TEXT NOT NULL, created_us INTEGER NOT NULL,
            dataset_id TEXT, title TEXT NOT NULL, charts TEXT NOT NULL,
            PRIMARY KEY (user, id))""",
        """CREATE TABLE charts (
            user TEXT NOT NULL, id TEXT NOT NULL, created_us INTEGER NOT NULL, deleted_us INTEGER,
            dataset_id TEXT, dataset_name TEXT NOT NULL, title TEXT NOT NULL, mark TEXT NOT NULL,
            fields TEXT NOT NULL, record TEXT NOT NULL,
            PRIMARY KEY (user, id))""",
        """CREATE TABLE reports (
            user TEXT NOT NULL, name TEXT NOT NULL, notebook TEXT NOT NULL, entries TEXT NOT NULL,
            revision INTEGER NOT NULL, changed_us INTEGER NOT NULL,
            PRIMARY KEY (user, name))""",
        """CREATE TABLE events (
            user TEXT NOT NULL, id TEXT NOT NULL, created_us INTEGER NOT NULL, kind TEXT NOT NULL,
            subject_id TEXT NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (user, id))""",
        "CREATE INDEX datasets_newest ON datasets (user, created_us, id)",
        "CREATE INDEX galleries_newest ON galleries (user, created_us, id)",
        "CREATE INDEX charts_newest ON charts (user, created_us, id)",
        "CREATE INDEX events_newest ON events (user, created_us, id)",
    ),
    (
        # What lists are searched by.
        *(
            f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT {default}"
            for table in ("datasets", "galleries", "charts", "events")
            for column, default in (
                ("search_text", "''"),
                ("search_columns", "'[]'"),
                ("search_marks", "'[]'"),
            )
        ),
        "UPDATE datasets SET search_text = erp_folded(name), search_columns = columns",
        """UPDATE charts SET search_text = erp_folded(title || char(10) || dataset_name),
            search_columns = fields, search_marks = json_array(mark)""",
        """UPDATE galleries SET search_text = erp_folded(title),
            search_columns = erp_columns(charts), search_marks = erp_marks(charts)""",
        "UPDATE events SET search_text = erp_folded(name)",
        # Galleries can be hidden, and say which network chose their charts.
        "ALTER TABLE galleries ADD COLUMN deleted_us INTEGER",
        "ALTER TABLE galleries ADD COLUMN weights TEXT",
        # A record itself tells of its first event.
        "DELETE FROM events WHERE kind IN ('gallery', 'save')",
        """DELETE FROM events WHERE kind = 'upload' AND created_us =
            (SELECT min(e.created_us) FROM events AS e WHERE e.user = events.user
            AND e.subject_id = events.subject_id AND e.kind = 'upload')""",
        # Even an empty file has a part, so that a missing one is seen.
        """INSERT OR IGNORE INTO contents
            SELECT user, content_hash, 0, x'' FROM datasets WHERE n_bytes = 0""",
        "ALTER TABLE reports RENAME COLUMN name TO id",
        "ALTER TABLE reports RENAME COLUMN changed_us TO created_us",
        # For forgetting a dataset with all that was made from it.
        "CREATE INDEX galleries_dataset ON galleries (user, dataset_id)",
        "CREATE INDEX charts_dataset ON charts (user, dataset_id)",
    ),
    # Reports hold sections, notes and summaries beside charts, which versions before cannot read.
    # What they wrote can be read as it is.
    (),
)
VERSION = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the file's tables, 0 if it has none."""
    made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'erp_version'").fetchone()
    if made is None:
        return 0
    found = connection.execute("SELECT max(version) AS n FROM erp_version").fetchone()["n"]
    return int(found or 0)


def migrate(
    connection: sqlite3.Connection,
    application_id: int,
    begin: Callable[[sqlite3.Connection], None],
    to: int = VERSION,
) -> None:
    """Apply what is missing, all of it or nothing, one process at a time."""
    if version_of(connection) >= to:
        return
    connection.create_function("erp_folded", 1, folded, deterministic=True)
    connection.create_function("erp_marks", 1, lambda text: _shown(text)[0], deterministic=True)
    connection.create_function("erp_columns", 1, lambda text: _shown(text)[1], deterministic=True)
    begin(connection)
    try:
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS erp_version "
            "(version INTEGER PRIMARY KEY, applied_us INTEGER NOT NULL)"
        )
        for version in range(version_of(connection) + 1, to + 1):
            for statement in MIGRATIONS[version - 1]:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO erp_version VALUES (?, ?)", (version, time.time_ns() // 1000)
            )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _shown(charts: str) -> tuple[str, str]:
    """Return marks and columns of a gallery as JSON; none of one that cannot be read."""
    try:
        records: Any = json.loads(charts)
    except ValueError:
        return "[]", "[]"
    marks, columns = shown_by(records)
    return json.dumps(marks), json.dumps(columns)
