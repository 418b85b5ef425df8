"""The journal of transactions: every signed transaction is here, and on disk, before anyone else sees it.

One SQLite file serves every process that uses the same keys; signing happens under its write lock, so that no two of
them take the same nonce. A row is one signature. Its state is one of::

    signed ──┬── succeeded   finalized, and everything in it was carried out
             ├── failed      finalized, and refused by the runtime, whole or in part
             ├── untold      finalized, and the node no longer keeps the state that says which of the two
             ├── expired     the finalized head passed its death and the finalized nonce shows that it is in no block
             ├── displaced   another transaction was finalized with its nonce
             └── refused     the pool did not take it; its bytes may still be sent again
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offchain.chain._events import Event
from offchain.chain._files import private_folder
from offchain.chain._typed import encode, plain
from offchain.chain.errors import DispatchFailed

__all__ = ["Entry", "Journal"]

LOCK_TIMEOUT_S = 90.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY,
    genesis TEXT NOT NULL,
    intent TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    account TEXT NOT NULL,
    nonce INTEGER NOT NULL,
    digest TEXT NOT NULL,
    extrinsic TEXT NOT NULL,
    birth INTEGER NOT NULL,
    death INTEGER NOT NULL,
    scanned INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'signed',
    block_hash TEXT,
    block_number INTEGER,
    events TEXT,
    error TEXT,
    proof_head INTEGER,
    proof_nonce INTEGER,
    signed_at REAL NOT NULL,
    UNIQUE (genesis, intent, attempt)
) STRICT;
CREATE INDEX IF NOT EXISTS by_account ON transactions (genesis, account, state);
"""


@dataclass(frozen=True)
class Entry:
    """One signature of one intent. ``death`` is the first block that cannot hold it."""

    id: int
    intent: str
    attempt: int
    account: str
    nonce: int
    digest: str
    extrinsic: str
    birth: int
    death: int
    scanned: int
    state: str
    block_hash: str | None
    block_number: int | None
    events: tuple[Event, ...]
    error: DispatchFailed | None


class Journal:
    """Transactions of one chain.

    Args:
        path: the SQLite file, made for its owner only where it is not there.
        genesis: which chain, as ``0x`` hex: one file may serve several.
    """

    def __init__(self, path: Path, genesis: str) -> None:
        self.path = path
        self.genesis = genesis
        private_folder(path.parent)
        path.touch(mode=0o600, exist_ok=True)
        with self._open() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(SCHEMA)

    def latest(self, intent: str) -> Entry | None:
        """The last signature of an intent."""
        found = self._select("WHERE genesis = ? AND intent = ? ORDER BY attempt DESC LIMIT 1", (self.genesis, intent))
        return found[0] if found else None

    def history(self, intent: str) -> tuple[Entry, ...]:
        """Every signature of an intent, oldest first."""
        return self._select("WHERE genesis = ? AND intent = ? ORDER BY attempt", (self.genesis, intent))

    def open_entries(self, account: str | None = None) -> tuple[Entry, ...]:
        """Signatures whose fate is not known yet, by nonce."""
        return self._select(
            "WHERE genesis = ? AND state = 'signed' AND (? IS NULL OR account = ?) ORDER BY account, nonce",
            (self.genesis, account, account),
        )

    @contextmanager
    def signing(self) -> Iterator[Signing]:
        """The exclusive right to choose a nonce, until the block ends and what was signed is on disk."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield Signing(self, database)
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def scanned(self, entry: Entry, number: int) -> None:
        """Finalized blocks up to this one do not hold the transaction."""
        self._update(entry, "scanned = ?", (number,))

    def conclude(
        self, entry: Entry, *, block_hash: str, number: int, events: tuple[Event, ...], error: DispatchFailed | None
    ) -> None:
        """The transaction is in a finalized block."""
        told = [[event.pallet, event.name, encode(event.fields), event.extrinsic] for event in events]
        why = None if error is None else json.dumps([error.pallet, error.name, error.docs])
        self._update(
            entry,
            "state = ?, block_hash = ?, block_number = ?, events = ?, error = ?",
            ("succeeded" if error is None else "failed", block_hash, number, json.dumps(told), why),
        )

    def untold(self, entry: Entry, *, block_hash: str, number: int) -> None:
        """The transaction is in a finalized block whose events no node tells any more."""
        self._update(entry, "state = ?, block_hash = ?, block_number = ?", ("untold", block_hash, number))

    def bury(self, entry: Entry, state: str, head: int, nonce: int) -> None:
        """The transaction is in no block and never will be; ``head`` and ``nonce``, both finalized, prove it."""
        self._update(entry, "state = ?, proof_head = ?, proof_nonce = ?", (state, head, nonce))

    def refuse(self, entry: Entry) -> None:
        """The pool did not take the transaction."""
        self._update(entry, "state = ?", ("refused",))

    def revive(self, entry: Entry) -> None:
        """The pool took a transaction that it had refused."""
        self._update(entry, "state = ?", ("signed",))

    def _update(self, entry: Entry, what: str, values: tuple[Any, ...]) -> None:
        with self._open() as database:
            database.execute(f"UPDATE transactions SET {what} WHERE id = ?", (*values, entry.id))  # noqa: S608

    def _select(self, where: str, values: tuple[Any, ...]) -> tuple[Entry, ...]:
        with self._open() as database:
            rows = database.execute(f"SELECT * FROM transactions {where}", values).fetchall()  # noqa: S608
        return tuple(map(_entry, rows))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=LOCK_TIMEOUT_S, isolation_level=None)
        try:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA synchronous = FULL")
            yield database
        finally:
            database.close()


class Signing:
    """The moment between choosing a nonce and having the signed bytes on disk."""

    def __init__(self, journal: Journal, database: sqlite3.Connection) -> None:
        self._journal = journal
        self._database = database

    def latest(self, intent: str) -> Entry | None:
        """The last signature of the intent, seen under the lock."""
        row = self._database.execute(
            "SELECT * FROM transactions WHERE genesis = ? AND intent = ? ORDER BY attempt DESC LIMIT 1",
            (self._journal.genesis, intent),
        ).fetchone()
        return None if row is None else _entry(row)

    def taken(self, account: str, head: int) -> set[int]:
        """Nonces of the account's transactions that can still be included after the finalized head."""
        rows = self._database.execute(
            "SELECT nonce FROM transactions WHERE genesis = ? AND account = ? AND state = 'signed' AND death > ?",
            (self._journal.genesis, account, head),
        )
        return {row["nonce"] for row in rows}

    def record(
        self,
        *,
        intent: str,
        attempt: int,
        account: str,
        nonce: int,
        digest: str,
        extrinsic: str,
        birth: int,
        death: int,
    ) -> Entry:
        """Writes what was signed."""
        row = self._database.execute(
            "INSERT INTO transactions"
            " (genesis, intent, attempt, account, nonce, digest, extrinsic, birth, death, scanned, signed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (
                self._journal.genesis,
                intent,
                attempt,
                account,
                nonce,
                digest,
                extrinsic,
                birth,
                death,
                birth,
                time.time(),
            ),
        ).fetchone()
        return _entry(row)


def _entry(row: sqlite3.Row) -> Entry:
    names = ("id", "intent", "attempt", "account", "nonce", "digest", "extrinsic", "birth", "death", "scanned", "state")
    told = json.loads(row["events"]) if row["events"] else []
    return Entry(
        **{name: row[name] for name in names},
        block_hash=row["block_hash"],
        block_number=row["block_number"],
        events=tuple(Event(pallet, name, plain(fields), index) for pallet, name, fields, index in told),
        error=DispatchFailed.of(*json.loads(row["error"])) if row["error"] else None,
    )
