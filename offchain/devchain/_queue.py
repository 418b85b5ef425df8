"""The transaction pool's order: what may go into a block now, what waits, and what replaces what.

The rules are those of Substrate's ``sc-transaction-pool``: a transaction requires and provides tags (for an account's
transactions, its nonces); it is *ready* when everything it requires is provided by the state or by ready transactions,
and *future* otherwise.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

__all__ = ["BestFirst", "Imported", "PoolTransaction", "Queue", "TooLow"]


@dataclass(frozen=True)
class PoolTransaction:
    """A validated transaction.

    Args:
        hash: blake2b-256 of ``data``.
        data: the extrinsic with its length prefix.
        priority: who goes first, and who replaces whom.
        requires: tags that must be provided before it.
        provides: tags it provides.
        valid_till: last block that may hold it.
        arrival: a number that grows with each transaction.
    """

    hash: bytes
    data: bytes = field(repr=False)
    priority: int
    requires: tuple[bytes, ...]
    provides: tuple[bytes, ...]
    valid_till: int
    arrival: int


@dataclass
class Imported:
    """What an import did.

    Args:
        ready: transactions that became ready, the imported one first; empty when it went to the future queue.
        usurped: transactions that were replaced, each with the hash of the one that replaced it.
    """

    ready: list[PoolTransaction]
    usurped: list[tuple[PoolTransaction, bytes]]


class TooLow(Exception):
    """The transaction's priority does not exceed that of what it would replace."""

    def __init__(self, old: int, new: int) -> None:
        super().__init__(f"{new} does not exceed {old}")
        self.old = old
        self.new = new


class Queue:
    """Ready and future transactions by hash."""

    def __init__(self) -> None:
        self.ready: dict[bytes, PoolTransaction] = {}
        self.future: dict[bytes, PoolTransaction] = {}
        self._providers: dict[bytes, bytes] = {}
        self._requirers: dict[bytes, set[bytes]] = {}
        self._waiting: dict[bytes, set[bytes]] = {}
        self._missing: dict[bytes, set[bytes]] = {}

    def __contains__(self, transaction: object) -> bool:
        return transaction in self.ready or transaction in self.future

    def __len__(self) -> int:
        return len(self.ready) + len(self.future)

    def provides(self, tag: bytes) -> bool:
        """Whether a ready transaction provides the tag."""
        return tag in self._providers

    def get(self, transaction: bytes) -> PoolTransaction | None:
        """The transaction with the hash, ready or future."""
        return self.ready.get(transaction) or self.future.get(transaction)

    def add(self, transaction: PoolTransaction) -> Imported:
        """Puts a transaction that is not here yet where it belongs.

        Raises:
            TooLow: a ready transaction of the same or a higher priority provides one of its tags.
        """
        missing = {tag for tag in transaction.requires if tag not in self._providers}
        if missing:
            self._add_future(transaction, missing)
            return Imported([], [])
        self._check_priority(transaction)
        return self._settle([transaction])

    def included(self, hashes: Iterable[bytes], tags: Iterable[bytes] = ()) -> Imported:
        """Takes out what a block holds, and makes ready what waited for it.

        Args:
            hashes: transactions of the block.
            tags: further tags that the block is known to provide.
        """
        provided = list(tags)
        for one in hashes:
            transaction = self._take(one)
            if transaction is not None:
                provided += transaction.provides
        return self._settle(self._satisfy(provided))

    def remove(self, hashes: Iterable[bytes]) -> list[PoolTransaction]:
        """Takes out transactions and all ready ones that depend on them; returns what was taken out."""
        removed = []
        left = list(hashes)
        while left:
            transaction = self._take(left.pop())
            if transaction is not None:
                removed.append(transaction)
                for tag in transaction.provides:
                    left += self._requirers.get(tag, ())
        return removed

    def expired(self, number: int) -> list[bytes]:
        """Hashes of the transactions that no block after ``number`` may hold."""
        return [one.hash for group in (self.ready, self.future) for one in group.values() if one.valid_till <= number]

    def worst_ready(self) -> PoolTransaction:
        """The ready transaction to drop first: the newest of the lowest priority."""
        return min(self.ready.values(), key=lambda one: (one.priority, -one.arrival))

    def oldest_future(self) -> PoolTransaction:
        """The future transaction to drop first."""
        return min(self.future.values(), key=lambda one: one.arrival)

    def best(self) -> BestFirst:
        """The ready transactions in the order in which a block takes them."""
        return BestFirst(self.ready, self._providers, self._requirers)

    def _settle(self, satisfied: list[PoolTransaction]) -> Imported:
        """Makes satisfied transactions ready, and what they unlock in turn.

        One that only now meets a rival of at least its priority gives way to it.
        """
        done = Imported([], [])
        left = deque(satisfied)
        while left:
            transaction = left.popleft()
            try:
                self._check_priority(transaction)
            except TooLow:
                done.usurped.append((transaction, min(self._rivals(transaction))))
                continue
            done.usurped += [(rival, transaction.hash) for rival in self._replace(transaction)]
            self._insert(transaction)
            done.ready.append(transaction)
            left += self._satisfy(transaction.provides)
        return done

    def _rivals(self, transaction: PoolTransaction) -> set[bytes]:
        return {self._providers[tag] for tag in transaction.provides if tag in self._providers}

    def _check_priority(self, transaction: PoolTransaction) -> None:
        rivals = self._rivals(transaction)
        old = sum(self.ready[one].priority for one in rivals)
        if rivals and old >= transaction.priority:
            raise TooLow(old, transaction.priority)

    def _replace(self, transaction: PoolTransaction) -> list[PoolTransaction]:
        """Takes out the rivals, and what depends on a tag of theirs that ``transaction`` does not provide."""
        removed = []
        left = list(self._rivals(transaction))
        while left:
            rival = self._take(left.pop())
            if rival is not None:
                removed.append(rival)
                for tag in set(rival.provides) - set(transaction.provides):
                    left += self._requirers.get(tag, ())
        return removed

    def _insert(self, transaction: PoolTransaction) -> None:
        self.ready[transaction.hash] = transaction
        for tag in transaction.provides:
            self._providers[tag] = transaction.hash
        for tag in transaction.requires:
            self._requirers.setdefault(tag, set()).add(transaction.hash)

    def _add_future(self, transaction: PoolTransaction, missing: set[bytes]) -> None:
        self.future[transaction.hash] = transaction
        self._missing[transaction.hash] = missing
        for tag in missing:
            self._waiting.setdefault(tag, set()).add(transaction.hash)

    def _satisfy(self, tags: Iterable[bytes]) -> list[PoolTransaction]:
        """Takes out of the future queue what lacks nothing once ``tags`` are provided, oldest first."""
        satisfied = []
        for tag in tags:
            for one in sorted(self._waiting.pop(tag, ()), key=lambda one: self.future[one].arrival):
                missing = self._missing[one]
                missing.discard(tag)
                if not missing:
                    del self._missing[one]
                    satisfied.append(self.future.pop(one))
        return satisfied

    def _take(self, transaction: bytes) -> PoolTransaction | None:
        future = self.future.pop(transaction, None)
        if future is not None:
            for tag in self._missing.pop(transaction):
                _discard(self._waiting, tag, transaction)
            return future
        ready = self.ready.pop(transaction, None)
        if ready is not None:
            for tag in ready.provides:
                self._providers.pop(tag, None)
            for tag in ready.requires:
                _discard(self._requirers, tag, transaction)
        return ready


class BestFirst(Iterator[PoolTransaction]):
    """Ready transactions: dependencies first, then priority, then the shorter life, then the earlier arrival.

    After a transaction is taken, ``skip`` leaves out everything that depends on it.
    """

    def __init__(
        self, ready: dict[bytes, PoolTransaction], providers: dict[bytes, bytes], requirers: dict[bytes, set[bytes]]
    ) -> None:
        self._ready = dict(ready)
        self._requirers = {tag: frozenset(hashes) for tag, hashes in requirers.items()}
        self._last: PoolTransaction | None = None
        self._heap: list[tuple[int, int, int, bytes]] = []
        self._blocked: dict[bytes, int] = {}
        for transaction in ready.values():
            needs = sum(tag in providers for tag in transaction.requires)
            if needs:
                self._blocked[transaction.hash] = needs
            else:
                self._push(transaction)

    def __next__(self) -> PoolTransaction:
        self._release()
        if not self._heap:
            raise StopIteration
        self._last = self._ready[heapq.heappop(self._heap)[3]]
        return self._last

    def skip(self) -> None:
        """What depends on the transaction taken last does not follow."""
        self._last = None

    def _release(self) -> None:
        if self._last is None:
            return
        for tag in self._last.provides:
            for one in self._requirers.get(tag, ()):
                self._blocked[one] -= 1
                if not self._blocked[one]:
                    self._push(self._ready[one])
        self._last = None

    def _push(self, transaction: PoolTransaction) -> None:
        order = (-transaction.priority, transaction.valid_till, transaction.arrival, transaction.hash)
        heapq.heappush(self._heap, order)


def _discard(groups: dict[bytes, set[bytes]], tag: bytes, member: bytes) -> None:
    group = groups.get(tag)
    if group is not None:
        group.discard(member)
        if not group:
            del groups[tag]
