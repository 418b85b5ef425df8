"""The transaction pool: validation by the runtime, bans, limits, and a status for everyone who watches."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Final

from ._block import extrinsic_length
from ._pool_errors import (
    AlreadyImported,
    BadFormat,
    ImmediatelyDropped,
    InvalidTransaction,
    NoTags,
    PoolRefusal,
    PriorityTooLow,
    TemporarilyBanned,
    UnknownValidity,
)
from ._queue import BestFirst, Imported, PoolTransaction, Queue, TooLow
from ._trie_codec import blake2_256
from ._validity import Refusal, Validity

__all__ = ["Limits", "Pool", "Status", "Watcher"]

_TOO_LOW: Final = "The transaction has too low priority to replace another transaction already in the pool."
_DROPPED: Final = "The transaction couldn't enter the pool because of the limit"


@dataclass(frozen=True)
class Status:
    """Where a transaction stands.

    Args:
        name: future, ready, inBlock, finalized, usurped, dropped or invalid.
        hash: the block that holds it, or the transaction that took its place.
    """

    name: str
    hash: bytes | None = None

    @property
    def is_final(self) -> bool:
        """Whether no other status follows."""
        return self.name in {"finalized", "usurped", "dropped", "invalid"}

    def as_json(self) -> str | dict[str, str]:
        """The status as ``author_extrinsicUpdate`` shows it."""
        return self.name if self.hash is None else {self.name: "0x" + self.hash.hex()}


Watcher = Callable[[Status], None]


@dataclass(frozen=True)
class Limits:
    """How much the pool holds, and for how long it remembers what it threw out."""

    ready: int = 8192
    future: int = 819
    size_bytes: int = 20 * 1024 * 1024
    ban_s: float = 1800.0
    bans: int = 4096


class Pool:
    """Transactions that wait for a block. Not safe for use by several threads at once.

    Args:
        validate: asks the runtime at the chain's head.
        limits: how much to hold.
    """

    def __init__(self, validate: Callable[[bytes], Validity | Refusal], limits: Limits = Limits()) -> None:
        self._validate = validate
        self._limits = limits
        self._queue = Queue()
        self._bans: OrderedDict[bytes, float] = OrderedDict()
        self._watchers: dict[bytes, list[Watcher]] = {}
        self._arrivals = count()
        self._size_bytes = 0

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def ready(self) -> int:
        """How many transactions a block could take now."""
        return len(self._queue.ready)

    def pending(self) -> list[bytes]:
        """The ready transactions, best first."""
        return [transaction.data for transaction in self.best()]

    def best(self) -> BestFirst:
        """The ready transactions in the order of the next block."""
        return self._queue.best()

    def provides(self, tag: bytes) -> bool:
        """Whether a ready transaction provides the tag."""
        return self._queue.provides(tag)

    def submit(self, data: bytes, height: int, watcher: Watcher | None = None) -> bytes:
        """Takes a transaction in and returns its hash.

        Args:
            data: the extrinsic with its length prefix.
            height: number of the chain's last block.
            watcher: is told each status, ``future`` or ``ready`` first.

        Raises:
            PoolRefusal: one of its kinds.
        """
        data = _whole(data)
        transaction_hash = blake2_256(data)
        if self._is_banned(transaction_hash):
            raise TemporarilyBanned("Transaction is temporarily banned")
        if transaction_hash in self._queue:
            raise AlreadyImported("Transaction Already Imported", "0x" + transaction_hash.hex())
        transaction = self._validated(transaction_hash, data, height)
        try:
            imported = self._queue.add(transaction)
        except TooLow as error:
            raise PriorityTooLow(f"Priority is too low: ({error.old} vs {error.new})", _TOO_LOW) from error
        self._size_bytes += len(data)
        if watcher is not None:
            self._watchers.setdefault(transaction_hash, []).append(watcher)
        if transaction_hash in self._queue.future:
            self._tell(transaction_hash, Status("future"))
        self._report(imported)
        self._enforce_limits(transaction_hash)
        return transaction_hash

    def watch(self, transaction: bytes, watcher: Watcher) -> None:
        """Adds a watcher to a transaction that is in the pool; it hears the next status."""
        self._watchers.setdefault(transaction, []).append(watcher)

    def unwatch(self, transaction: bytes, watcher: Watcher) -> None:
        """The watcher hears nothing more. Unknown ones are ignored."""
        watchers = self._watchers.get(transaction, [])
        if watcher in watchers:
            watchers.remove(watcher)

    def included(self, block: bytes, height: int, extrinsics: Iterable[bytes]) -> None:
        """A block that holds ``extrinsics`` was sealed, and is final."""
        hashes = [blake2_256(data) for data in extrinsics]
        known = [one for one in hashes if one in self._queue]
        self._forget_size(known)
        imported = self._queue.included(known)
        for one in known:
            self._ban(one)
            self._tell(one, Status("inBlock", block))
            self._tell(one, Status("finalized", block))
        self._report(imported)
        self.drop_invalid(self._queue.expired(height))

    def revalidate(self, height: int) -> None:
        """Asks the runtime about everything anew: after a foreign block, whose transactions the pool does not know."""
        waiting = set(self._queue.future)
        transactions = [*self._queue.ready.values(), *self._queue.future.values()]
        self._queue = Queue()
        self._size_bytes = 0
        for old in sorted(transactions, key=lambda one: one.arrival):
            try:
                imported = self._queue.add(self._validated(old.hash, old.data, height))
            except (PoolRefusal, TooLow):
                self._ban(old.hash)
                self._tell(old.hash, Status("invalid"))
                continue
            self._size_bytes += len(old.data)
            news = [transaction for transaction in imported.ready if transaction.hash in waiting]
            self._report(Imported(news, imported.usurped))

    def drop_invalid(self, hashes: Iterable[bytes]) -> list[bytes]:
        """Throws out transactions and what depends on them, bans them, and returns their hashes."""
        removed = self._queue.remove(hashes)
        for transaction in removed:
            self._size_bytes -= len(transaction.data)
            self._ban(transaction.hash)
            self._tell(transaction.hash, Status("invalid"))
        return [transaction.hash for transaction in removed]

    def _validated(self, transaction_hash: bytes, data: bytes, height: int) -> PoolTransaction:
        answer = self._validate(data)
        if isinstance(answer, Refusal):
            if answer.known:
                raise InvalidTransaction("Invalid Transaction", answer.text)
            raise UnknownValidity("Unknown Transaction Validity", answer.text)
        if not answer.provides:
            raise NoTags("No tags provided", "Transaction does not provide any tags, so the pool can't identify it")
        return PoolTransaction(
            hash=transaction_hash,
            data=data,
            priority=answer.priority,
            requires=answer.requires,
            provides=answer.provides,
            valid_till=height + answer.longevity,
            arrival=next(self._arrivals),
        )

    def _report(self, imported: Imported) -> None:
        for transaction in imported.ready:
            self._tell(transaction.hash, Status("ready"))
        for transaction, by in imported.usurped:
            self._size_bytes -= len(transaction.data)
            self._tell(transaction.hash, Status("usurped", by))

    def _enforce_limits(self, newest: bytes) -> None:
        limits, queue = self._limits, self._queue
        while len(queue.future) > limits.future:
            self._drop(queue.oldest_future())
        while len(queue.ready) > limits.ready or (self._size_bytes > limits.size_bytes and queue.ready):
            self._drop(queue.worst_ready())
        while self._size_bytes > limits.size_bytes:
            self._drop(queue.oldest_future())
        if newest not in queue:
            raise ImmediatelyDropped("Immediately Dropped", _DROPPED)

    def _drop(self, worst: PoolTransaction) -> None:
        for transaction in self._queue.remove([worst.hash]):
            self._size_bytes -= len(transaction.data)
            self._tell(transaction.hash, Status("dropped"))

    def _forget_size(self, hashes: Iterable[bytes]) -> None:
        for one in hashes:
            transaction = self._queue.get(one)
            if transaction is not None:
                self._size_bytes -= len(transaction.data)

    def _tell(self, transaction: bytes, status: Status) -> None:
        watchers = self._watchers.pop(transaction, []) if status.is_final else self._watchers.get(transaction, [])
        for watcher in tuple(watchers):
            watcher(status)

    def _ban(self, transaction: bytes) -> None:
        self._bans[transaction] = time.monotonic() + self._limits.ban_s
        self._bans.move_to_end(transaction)
        while len(self._bans) > self._limits.bans:
            self._bans.popitem(last=False)

    def _is_banned(self, transaction: bytes) -> bool:
        until = self._bans.get(transaction)
        if until is not None and until <= time.monotonic():
            del self._bans[transaction]
            return False
        return until is not None


def _whole(data: bytes) -> bytes:
    try:
        length = extrinsic_length(data)
    except ValueError as error:
        raise BadFormat(f"Extrinsic has invalid format: {error}") from error
    if length != len(data):
        raise BadFormat(f"Extrinsic has invalid format: {len(data) - length} bytes follow it")
    return data
