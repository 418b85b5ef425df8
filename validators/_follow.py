"""From finalized blocks to the rounds that are open: restored by a scan, kept up to date by events."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from offchain.chain import BlockRef, ChainClient
from offchain.chain.errors import RpcError
from offchain.chain.types import Round

__all__ = ["Follower", "Moment"]

CATCH_UP_BLOCKS = 64
"""Further behind than this a scan is cheaper than reading every block's events, and nodes forget old states."""
FIRST_GUESS_S = 3.0
"""Seconds between blocks, until they were measured."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A finalized head, and every round that changed since the one before, those that ended included."""

    head: BlockRef
    changed: dict[int, Round]


class Follower:
    """Keeps ``open``, the rounds that have not ended, as of the finalized head.

    A failed :meth:`poll` changes nothing: the next one starts from the same block.

    Args:
        client: the node.
        also: rounds to report in the first moment even where they have ended.
    """

    def __init__(self, client: ChainClient, also: Iterable[int] = ()) -> None:
        self._client = client
        self._also = frozenset(also)
        self._head: BlockRef | None = None
        self._first: tuple[int, float] | None = None
        self.open: dict[int, Round] = {}
        self.pace_s = FIRST_GUESS_S

    def poll(self) -> Moment | None:
        """What is new, or None while the finalized head stands still."""
        head = self._client.finalized()
        if self._head is not None and head.number <= self._head.number:
            return None
        if self._head is None or head.number - self._head.number > CATCH_UP_BLOCKS:
            changed = self._scan(head)
        else:
            try:
                changed = self._replay(self._head, head)
            except RpcError:  # the node no longer keeps a state on the way
                changed = self._scan(head)
        self.open = {number: each for number, each in (self.open | changed).items() if not each.state.is_final}
        self._head = head
        self._measure(head)
        return Moment(head, changed)

    def _scan(self, head: BlockRef) -> dict[int, Round]:
        reader = self._client.evaluation
        found = reader.open_rounds(at=head.hash)
        ended = sorted((self._also | self.open.keys()) - found.keys())
        return found | {number: reader.round(number, at=head.hash) for number in ended}

    def _replay(self, last: BlockRef, head: BlockRef) -> dict[int, Round]:
        touched: set[int] = set()
        for number in range(last.number + 1, head.number + 1):
            block = head.hash if number == head.number else self._client.block_hash(number)
            events = [event for event in self._client.events(block) if event.pallet in {"Evaluation", "Datasets"}]
            touched.update(int(event.fields["round"]) for event in events if "round" in event.fields)
            if any(event.name == "ClockStopped" for event in events):
                touched.update(self.open)  # every deadline is a block later
        return {number: self._client.evaluation.round(number, at=head.hash) for number in sorted(touched)}

    def _measure(self, head: BlockRef) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = head.number, now
        elif head.number > self._first[0]:
            self.pace_s = (now - self._first[1]) / (head.number - self._first[0])
