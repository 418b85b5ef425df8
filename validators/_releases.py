"""What a steward's key agent must not forget: which sealed keys it gave to whom, written before the chain hears of it.

A sealed box is random: sealing again would make another transaction of the same deed. So boxes are kept, and a kill
between any two lines sends the same bytes again. They are sealed to their member and go on chain: no secret lies here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from offchain.crypto import SEALED_KEY_BYTES
from validators._database import open_database

__all__ = ["Releases"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS releases (
    round INTEGER NOT NULL,
    member TEXT NOT NULL,
    boxes BLOB NOT NULL,
    PRIMARY KEY (round, member)
) STRICT;
"""


class Releases:
    """The releases of one steward on one chain, in one SQLite file.

    Raises:
        JournalUnreadable: the file is damaged, or belongs to another account or chain.
    """

    def __init__(self, path: Path, *, account: str, genesis: str) -> None:
        self._db = open_database(path, _SCHEMA, account=account, genesis=genesis)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def find(self, round_: int, member: str) -> list[bytes] | None:
        """The sealed keys that were made for a member, or None."""
        row = self._db.execute("SELECT boxes FROM releases WHERE round = ? AND member = ?", (round_, member)).fetchone()
        return None if row is None else _cut(row[0])

    def keep(self, round_: int, member: str, boxes: Sequence[bytes]) -> list[bytes]:
        """Keep sealed keys for a member; those that were kept first stand, and are returned."""
        self._db.execute("INSERT OR IGNORE INTO releases VALUES (?, ?, ?)", (round_, member, b"".join(boxes)))
        return self.find(round_, member) or []


def _cut(boxes: bytes) -> list[bytes]:
    return [boxes[at : at + SEALED_KEY_BYTES] for at in range(0, len(boxes), SEALED_KEY_BYTES)]
