"""SQLite files that belong to one account on one chain, readable by their owner only, durable at every statement."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from validators._errors import JournalUnreadable

__all__ = ["forget_deleted", "open_database"]

_IDENTITY = """
CREATE TABLE IF NOT EXISTS identity (
    id INTEGER PRIMARY KEY CHECK (id = 0),
    account TEXT NOT NULL,
    genesis TEXT NOT NULL
);
"""


def open_database(path: Path, schema: str, *, account: str, genesis: str) -> sqlite3.Connection:
    """The database, made where it does not exist.

    Args:
        path: the file; made with mode 0600.
        schema: statements that make the tables where they are not there.
        account: SS58 address of its owner.
        genesis: genesis hash as hexadecimal text.

    Raises:
        JournalUnreadable: the file is damaged, or belongs to another account or chain.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA secure_delete=ON")
        database.executescript(_IDENTITY + schema)
        database.execute("INSERT OR IGNORE INTO identity VALUES (0, ?, ?)", (account, genesis))
        forget_deleted(database)
        owner = database.execute("SELECT account, genesis FROM identity").fetchone()
    except sqlite3.DatabaseError as error:
        database.close()
        raise JournalUnreadable(
            "the journal is damaged", subject=str(path), hint="restore it with `assay keys restore`"
        ) from error
    if owner != (account, genesis):
        database.close()
        raise JournalUnreadable(
            f"the journal belongs to {owner[0]} on the chain {owner[1][:18]}",
            subject=str(path),
            hint="give each account and chain a journal of its own",
        )
    return database


def forget_deleted(database: sqlite3.Connection) -> None:
    """Empty the write-ahead log, in which values that were deleted since would stay readable."""
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
