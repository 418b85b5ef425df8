"""Moving on the rounds that wait for anyone."""

from __future__ import annotations

import time
from collections.abc import Mapping

from offchain.chain import ChainClient, calls
from offchain.chain.errors import DispatchFailed, IntentConflict
from offchain.chain.types import Round, State
from validators._log import Log
from validators._outbox import Outbox
from validators._stagger import BLOCKS_PER_RANK, blocks_to_wait

__all__ = ["Advancer"]

STANDSTILL_S = 1.0
"""Seconds that stand in for a block: a chain that seals on demand makes none past a deadline until somebody acts."""


class Advancer:
    """Sends ``advance`` when its account's turn has come.

    Args:
        client: the node.
        outbox: what sends.
        account: whose turn it is to be.
        log: told of refusals.
    """

    def __init__(self, client: ChainClient, outbox: Outbox, account: str, log: Log) -> None:
        self._client = client
        self._outbox = outbox
        self._account = account
        self._log = log
        self._turns: dict[tuple[int, int], tuple[int, float]] = {}
        self._refused: set[tuple[int, int]] = set()

    def tend(self, rounds: Mapping[int, Round], height: int) -> None:
        """Sees to every open round whose draw was missed or whose window has passed at finalized ``height``."""
        due = {(number, each.deadline) for number, each in rounds.items() if height >= each.deadline + _grace(each)}
        self._turns = {key: turn for key, turn in self._turns.items() if key in due}
        self._refused &= due
        for number, deadline in sorted(due - self._refused):
            blocks, since = self._turn(number, deadline)
            if height >= deadline + blocks or time.monotonic() - since >= blocks * STANDSTILL_S:
                self._send(number, deadline)

    def _send(self, number: int, deadline: int) -> None:
        try:
            self._outbox.send(f"round/{number}/advance/{deadline}", calls.evaluation.advance(number), own_name=True)
        except (DispatchFailed, IntentConflict) as error:
            self._log("advance.refused", round=number, code=error.code, what=error.what)
            self._refused.add((number, deadline))

    def _turn(self, number: int, deadline: int) -> tuple[int, float]:
        """Blocks to wait past the deadline, and when that began."""
        key = (number, deadline)
        if key not in self._turns:
            blocks = blocks_to_wait(self._account, number, deadline, self._client.evaluation.active())
            self._turns[key] = blocks, time.monotonic()
        return self._turns[key]


def _grace(round_: Round) -> int:
    """Blocks in which the chain moves a round on by itself: the draw comes with the block after the deadline."""
    return BLOCKS_PER_RANK if round_.state.state is State.REQUESTED else 0
