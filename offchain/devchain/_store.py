"""Blocks and every version of every storage value, in SQLite.

A block and its changes are one transaction in write-ahead mode, so a process killed at any moment leaves whole blocks.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ._block import Block, Header, encode_extrinsics
from ._errors import DatabaseCorrupt, DatabaseInUse, UnknownBlock

__all__ = ["HistoricState", "Store"]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blocks (
    number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, header BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS keys (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS versions (
    key INTEGER NOT NULL, number INTEGER NOT NULL, value BLOB, PRIMARY KEY (key, number)) WITHOUT ROWID;
"""
_VALUE: Final = """
SELECT value FROM versions WHERE key = (SELECT id FROM keys WHERE key = ?) AND number <= ? ORDER BY number DESC LIMIT 1
"""
_KEYS: Final = """
SELECT key FROM keys WHERE key >= :first AND key < :end
AND (SELECT value IS NOT NULL FROM versions
     WHERE versions.key = keys.id AND number <= :number ORDER BY number DESC LIMIT 1)
ORDER BY key LIMIT :limit
"""
_AFTER_ALL: Final = b"\xff" * 512
_LATEST: Final = """
SELECT keys.key, value FROM keys JOIN versions ON versions.key = keys.id AND number =
(SELECT max(number) FROM versions AS newest WHERE newest.key = keys.id AND newest.number <= ?) WHERE value IS NOT NULL
"""


class Store:
    """The chain's memory; safe for use by several threads.

    Args:
        folder: where the database lies; None keeps everything in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._mutex = threading.Lock()
        self._lock_file: int | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock_file = _take_lock(folder)
        where = ":memory:" if folder is None else folder / "chain.sqlite"
        try:
            self._db = sqlite3.connect(where, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            self._release_lock()
            raise DatabaseCorrupt(f"the chain's database cannot be read: {error}", subject=str(where)) from error

    def close(self) -> None:
        """Closes the database and gives the folder back. A second call does nothing."""
        with self._mutex:
            self._db.close()
        self._release_lock()

    def meta(self) -> dict[str, str]:
        """What was written with the genesis block; empty in a new database."""
        return dict(self._all("SELECT name, value FROM meta", ()))

    def write_genesis(self, block: Block, values: Mapping[bytes, bytes], meta: Mapping[str, str]) -> None:
        """Begins the chain with block 0."""
        with self._transaction() as db:
            db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            self._write(db, block, values)

    def append(self, block: Block, changes: Mapping[bytes, bytes | None]) -> None:
        """Adds a block and what it changed, whole or not at all."""
        with self._transaction() as db:
            self._write(db, block, changes)

    def height(self) -> int | None:
        """Number of the last block, or None in a new database."""
        (number,) = self._all("SELECT max(number) FROM blocks", ())[0]
        return None if number is None else int(number)

    def header(self, number: int) -> Header | None:
        """The header at a height."""
        rows = self._all("SELECT header FROM blocks WHERE number = ?", (number,))
        return Header.decode(rows[0][0])[0] if rows else None

    def block(self, number: int) -> Block | None:
        """The block at a height."""
        rows = self._all("SELECT header, body FROM blocks WHERE number = ?", (number,))
        return Block.decode(b"".join(rows[0]))[0] if rows else None

    def hash_at(self, number: int) -> bytes | None:
        """Hash of the block at a height."""
        rows = self._all("SELECT hash FROM blocks WHERE number = ?", (number,))
        return rows[0][0] if rows else None

    def number_of(self, block_hash: bytes) -> int:
        """Height of the block with the hash; UnknownBlock when there is none."""
        rows = self._all("SELECT number FROM blocks WHERE hash = ?", (block_hash,))
        if not rows:
            raise UnknownBlock("no block has this hash", subject="0x" + block_hash.hex())
        return int(rows[0][0])

    def value(self, key: bytes, number: int) -> bytes | None:
        """The value of ``key`` after block ``number``."""
        rows = self._all(_VALUE, (key, number))
        return rows[0][0] if rows else None

    def keys(self, prefix: bytes, start: bytes | None, limit: int | None, number: int) -> list[bytes]:
        """Keys with ``prefix`` after block ``number``, in order, those after ``start`` only, at most ``limit``."""
        arguments = {
            "first": prefix if start is None else max(prefix, start + b"\x00"),
            "end": _prefix_end(prefix),
            "number": number,
            "limit": -1 if limit is None else limit,
        }
        return [key for (key,) in self._all(_KEYS, arguments)]

    def values_at(self, number: int) -> dict[bytes, bytes]:
        """The whole state after block ``number``."""
        return dict(self._all(_LATEST, (number,)))

    def versions(self, key: bytes, first: int, last: int) -> list[tuple[int, bytes | None]]:
        """Blocks from ``first`` to ``last`` that wrote ``key``, in order, with what they wrote."""
        query = """SELECT number, value FROM versions WHERE key = (SELECT id FROM keys WHERE key = ?)
                   AND number BETWEEN ? AND ? ORDER BY number"""
        return list(self._all(query, (key, first, last)))

    def _write(self, db: sqlite3.Connection, block: Block, changes: Mapping[bytes, bytes | None]) -> None:
        header, number = block.header, block.header.number
        body = encode_extrinsics(block.extrinsics)
        db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?)", (number, header.hash, header.encode(), body))
        db.executemany("INSERT OR IGNORE INTO keys (key) VALUES (?)", ((key,) for key in changes))
        db.executemany(
            "INSERT INTO versions SELECT id, ?, ? FROM keys WHERE key = ?",
            ((number, value, key) for key, value in changes.items()),
        )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._mutex:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _all(self, query: str, arguments: Iterable[Any] | Mapping[str, Any]) -> list[Any]:
        with self._mutex:
            return self._db.execute(query, arguments).fetchall()  # type: ignore[arg-type]

    def _release_lock(self) -> None:
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None


class HistoricState:
    """The state after one block, read from the store: a ``StateReader`` for runtime calls."""

    __slots__ = ("_number", "_store")

    def __init__(self, store: Store, number: int) -> None:
        self._store = store
        self._number = number

    def get(self, key: bytes) -> bytes | None:
        return self._store.value(key, self._number)

    def next_key(self, key: bytes) -> bytes | None:
        found = self._store.keys(b"", key, 1, self._number)
        return found[0] if found else None

    def keys(self, prefix: bytes = b"", start: bytes | None = None, limit: int | None = None) -> list[bytes]:
        return self._store.keys(prefix, start, limit, self._number)


def _take_lock(folder: Path) -> int:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        hint = "stop the other chain, or choose another folder"
        raise DatabaseInUse("another process has this chain open", subject=str(folder), hint=hint) from error
    return descriptor


def _prefix_end(prefix: bytes) -> bytes:
    """The first key that sorts after all keys with ``prefix``."""
    trimmed = prefix.rstrip(b"\xff")
    return trimmed[:-1] + bytes([trimmed[-1] + 1]) if trimmed else _AFTER_ALL
