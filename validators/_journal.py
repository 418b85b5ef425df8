"""What a validator must not forget: one row per round, written before the chain hears of it.

A stage is journalled *before* the transaction that it allows is sent, and the transaction manager journals the signed
bytes, so a kill between any two lines repeats a step but never takes a different one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from validators._database import forget_deleted, open_database
from validators._errors import CommitmentChanged, JournalUnreadable

__all__ = ["Journal", "RoundEntry", "Stage"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cursor (id INTEGER PRIMARY KEY CHECK (id = 0), block INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rounds (
    round INTEGER PRIMARY KEY,
    stage TEXT NOT NULL,
    secret BLOB,
    salt BLOB,
    reveal TEXT,
    commitment BLOB,
    reason TEXT
);
"""


class Stage(StrEnum):
    """How far the validator is with a round."""

    DRAWN = "drawn"
    """On the committee; nothing checked yet."""
    CHECKED = "checked"
    """Checkpoint and card fetched, hashed and loaded; the one-time key is journalled; ``accept`` may be sent."""
    ACCEPTED = "accepted"
    """``accept`` is final."""
    EVALUATED = "evaluated"
    """Scores, salt and commitment are journalled; ``commit`` may be sent."""
    COMMITTED = "committed"
    """``commit`` is final; the one-time secret is deleted."""
    REVEALED = "revealed"
    """``reveal`` is final."""
    DECLINING = "declining"
    """A reason is journalled; ``decline`` may be sent."""
    DONE = "done"
    """Nothing left to do: declined, missed, or the round ended."""


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """A row of the journal."""

    round: int
    stage: Stage
    secret: bytes | None = None
    salt: bytes | None = None
    reveal: dict[str, object] | None = None
    commitment: bytes | None = None
    reason: str | None = None

    def __repr__(self) -> str:
        return f"RoundEntry(round={self.round}, stage={self.stage.value})"


class Journal:
    """The journal of one account on one chain, in one SQLite file of mode 0600.

    Args:
        path: the file; made where it does not exist.
        account: SS58 address of the validator.
        genesis: genesis hash as hexadecimal text.

    Raises:
        JournalUnreadable: the file is damaged, or belongs to another account or chain.
    """

    def __init__(self, path: Path, *, account: str, genesis: str) -> None:
        self._db = open_database(path, _SCHEMA, account=account, genesis=genesis)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def cursor(self) -> int | None:
        """The last finalized block that was worked through, or None."""
        row = self._db.execute("SELECT block FROM cursor").fetchone()
        return None if row is None else int(row[0])

    @cursor.setter
    def cursor(self, block: int) -> None:
        self._db.execute(
            "INSERT INTO cursor VALUES (0, ?) ON CONFLICT (id) DO UPDATE SET block = excluded.block", (block,)
        )

    def entry(self, round_: int) -> RoundEntry | None:
        """The row of a round, or None."""
        row = self._db.execute("SELECT * FROM rounds WHERE round = ?", (round_,)).fetchone()
        return None if row is None else _entry(row)

    def unfinished(self) -> list[RoundEntry]:
        """Rounds that are not done, in order."""
        rows = self._db.execute("SELECT * FROM rounds WHERE stage != ? ORDER BY round", (Stage.DONE.value,))
        return [_entry(row) for row in rows]

    def drawn(self, round_: int) -> RoundEntry:
        """Begin a round, unless it is already there."""
        self._db.execute("INSERT OR IGNORE INTO rounds (round, stage) VALUES (?, ?)", (round_, Stage.DRAWN.value))
        entry = self.entry(round_)
        if entry is None:
            raise JournalUnreadable("the journal lost a round it just wrote", subject=str(round_))
        return entry

    def checked(self, round_: int, secret: bytes) -> None:
        """The checkpoint is good; ``secret`` is the one-time X25519 secret, 32 bytes."""
        self._set(round_, Stage.CHECKED, secret=secret)

    def accepted(self, round_: int) -> None:
        """``accept`` is final."""
        self._set(round_, Stage.ACCEPTED)

    def evaluated(self, round_: int, *, salt: bytes, reveal: dict[str, object], commitment: bytes) -> None:
        """Scores are known; from here on this is the only commitment of the round.

        Raises:
            CommitmentChanged: another commitment was journalled before.
        """
        entry = self.entry(round_)
        if entry is not None and entry.commitment is not None and entry.commitment != commitment:
            raise CommitmentChanged(
                "a different commitment is already journalled",
                subject=f"round {round_}",
                hint="the first one stands; do not edit the journal",
            )
        self._set(round_, Stage.EVALUATED, salt=salt, reveal=json.dumps(reveal), commitment=commitment)

    def committed(self, round_: int) -> None:
        """``commit`` is final: the one-time secret is deleted."""
        self._set(round_, Stage.COMMITTED, secret=None)
        forget_deleted(self._db)

    def revealed(self, round_: int) -> None:
        """``reveal`` is final."""
        self._set(round_, Stage.REVEALED)

    def declining(self, round_: int, reason: str) -> None:
        """The member will decline for ``reason``."""
        self._set(round_, Stage.DECLINING, reason=reason)

    def done(self, round_: int, reason: str | None = None) -> None:
        """Nothing is left to do; every secret of the round is deleted."""
        self._set(round_, Stage.DONE, secret=None, salt=None, reason=reason)
        forget_deleted(self._db)

    def _set(self, round_: int, stage: Stage, **columns: object) -> None:
        names = "".join(f", {name} = ?" for name in columns)
        statement = f"UPDATE rounds SET stage = ?{names} WHERE round = ?"  # noqa: S608 - the names are this file's
        self._db.execute(statement, (stage.value, *columns.values(), round_))


def _entry(row: tuple[object, ...]) -> RoundEntry:
    round_, stage, secret, salt, reveal, commitment, reason = row
    return RoundEntry(
        round=int(str(round_)),
        stage=Stage(str(stage)),
        secret=secret if isinstance(secret, bytes) else None,
        salt=salt if isinstance(salt, bytes) else None,
        reveal=json.loads(str(reveal)) if reveal else None,
        commitment=commitment if isinstance(commitment, bytes) else None,
        reason=None if reason is None else str(reason),
    )
