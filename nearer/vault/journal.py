"""What was deleted must not stay behind in SQLite's journal beside the database."""

from __future__ import annotations

import logging

from django.db import connection, transaction

_log = logging.getLogger("nearer")
_WAIT_MS = 500
"""For readers of older pages, such as a backup that is being written."""
_AS_BEFORE_MS = 20_000
"""The timeout of nearer.web.settings."""


def empty_journal() -> None:
    """Once the present transaction is written, leave no older page of it in the journal.

    The write-ahead log keeps each page as it was before and after, until it is written over. The
    database file itself is cleaned by ``secure_delete``. PostgreSQL cleans up by its own rules.
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(_truncate, robust=True)


def _truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
        is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={_AS_BEFORE_MS}")
    if is_busy:
        _log.warning("the journal was in use: deleted words stay in it until it is emptied again")
