"""Watching the chain: how far finality is behind, whether it stands still, who of the validators is silent."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import TYPE_CHECKING

from offchain.chain import BlockRef, ChainClient
from offchain.chain.types import Validator

if TYPE_CHECKING:
    from validators._health import Health
    from validators._log import Log

__all__ = ["STALLED_BLOCKS", "ChainWatch", "ValidatorState", "state_of"]

STALLED_BLOCKS = 10
"""With so many blocks of the best chain not final, finality is said to stand still."""
STANDSTILL_S = 30.0
"""With no new finalized block for so long, the other nodes are asked whether they are further."""
LOOK_EVERY_S = 3.0


class ValidatorState(StrEnum):
    """What the chain says of a validator."""

    ALIVE = "alive"
    """It can be drawn and did what it last owed."""
    SILENT = "silent"
    """It can be drawn, and let its last duty pass, or several."""
    CHILLED = "chilled"
    """It cannot be drawn: by its own wish, or after misses in a row."""


def state_of(entry: Validator) -> ValidatorState:
    """What the chain's counts say; each duty that is done sets them back."""
    if not entry.active:
        return ValidatorState.CHILLED
    return ValidatorState.SILENT if entry.misses + entry.absences else ValidatorState.ALIVE


class ChainWatch:
    """Looks at the best chain now and then, and tells when finality stands still and when it goes on.

    Args:
        client: the nodes.
        health: shows best block and lag.
        log: told ``finality.stalled``, ``finality.resumed`` and ``node.behind``.
    """

    def __init__(self, client: ChainClient, health: Health, log: Log) -> None:
        self._client = client
        self._health = health
        self._log = log
        self._looked = self._moved = self._asked = time.monotonic() - LOOK_EVERY_S
        self._head = -1
        self.is_stalled = False

    def look(self, finalized: BlockRef) -> None:
        """Takes in the finalized head that the agent knows."""
        now = time.monotonic()
        if finalized.number > self._head:
            self._head, self._moved = finalized.number, now
        if now - self._looked >= LOOK_EVERY_S:
            self._looked = now
            self._compare(finalized.number, self._client.height())
        if now - max(self._moved, self._asked) >= STANDSTILL_S and len(self._client.endpoints.urls) > 1:
            self._asked = now
            ahead = self._client.overtake(finalized.number)
            if ahead is not None:
                self._log("node.behind", finalized=finalized.number, taken=ahead)

    def _compare(self, finalized: int, best: int) -> None:
        self._health.head(finalized, best)
        stalled = best - finalized >= STALLED_BLOCKS
        if stalled != self.is_stalled:
            self.is_stalled = stalled
            self._log("finality.stalled" if stalled else "finality.resumed", finalized=finalized, best=best)
