"""When something on the chain waits for nothing but blocks.

Two things do: an evaluation round, for the end of its window, and a sealed claim, until it may be opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from offchain.scale import decode_compact
from offchain.storage_key import storage_prefix

from ._chain import DevChain
from ._executor_errors import UnknownRuntimeMethod

__all__ = ["Deadlines"]

_CLAIM_MATURES: Final = 5
_FAILED: Final = 7
_FINAL: Final = frozenset({5, 6, _FAILED, 8})
_MEMBERS: Final = 3
_STEWARD: Final = 4


class Deadlines:
    """Remembers which rounds of one chain are still open, so that old ones are not asked about again."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._seen = 0

    def __call__(self, chain: DevChain) -> int | None:
        """The next block that a round or claim waits for, or None where nothing does."""
        with chain.lock:
            height = chain.height
            ahead = [block for block in (*self._rounds(chain), *_claims(chain)) if block > height]
        return min(ahead, default=None)

    def _rounds(self, chain: DevChain) -> Iterator[int]:
        """For each open round, the first block in which it can be moved on whatever its members do."""
        rounds = _u32(chain.get(storage_prefix("Evaluation", "NextRound")) or bytes(4))
        self._open.update(range(self._seen, rounds))
        self._seen = rounds
        for number in sorted(self._open):
            try:
                until = _until(chain.read("EvaluationApi_why", number.to_bytes(4, "little")))
            except UnknownRuntimeMethod:
                return
            if until is None:
                self._open.discard(number)
            else:
                yield until + 1


def _claims(chain: DevChain) -> Iterator[int]:
    """For each claim, the first block in which it can be opened."""
    height = chain.height
    for key in chain.store.keys(storage_prefix("Models", "Claims"), None, None, height):
        yield _u32(chain.get(key, height) or bytes(4)) + _CLAIM_MATURES


def _until(why: bytes) -> int | None:
    """Last block of an open round's window, of ``Option<Why>``; None where there is no round or it has ended."""
    if why[0] == 0 or why[1] in _FINAL:
        return None
    waits_for, offset = why[2], 3
    if waits_for == _STEWARD:
        offset += 32
    if waits_for in {_MEMBERS, _STEWARD}:
        members, offset = decode_compact(why, offset)
        offset += 32 * members
    return _u32(why[offset : offset + 4])


def _u32(data: bytes) -> int:
    return int.from_bytes(data[:4], "little")
