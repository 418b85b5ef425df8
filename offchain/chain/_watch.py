"""What a node's pool says about one transaction: our own subscription, in which every status ends or is timed."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from offchain.chain._transport import Connection, ConnectionLost, Subscription
from offchain.chain.errors import RpcError

__all__ = ["Refusal", "Watch"]

SILENCE_S = 30.0
"""The pool says nothing for so long: it may have lost the transaction, so it is sent again."""
INVALID, UNKNOWN_VALIDITY, BANNED, IMPORTED, PRIORITY_TOO_LOW, POOL_FULL = 1010, 1011, 1012, 1013, 1014, 1016
PASSING = (UNKNOWN_VALIDITY, BANNED, IMPORTED, PRIORITY_TOO_LOW, POOL_FULL)
"""Refusals that say nothing about the transaction: it is there already, or there is no room for it now."""
DECIDED_BY_THE_CHAIN = ("outdated", "stale", "ancient", "future")
"""Invalid because of where the chain is; the finalized head and nonce tell whether it was included."""
ENDS = ("finalized", "finalityTimeout", "usurped", "dropped", "invalid")


class Refusal(Exception):
    """The pool does not take a transaction, for a reason that lies in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Watch:
    """A transaction in a node's pool."""

    def __init__(self, connection: Connection, extrinsic: str, subscription: Subscription | None) -> None:
        self._connection = connection
        self._extrinsic = extrinsic
        self._subscription = subscription
        self._heard = time.monotonic()
        self.statuses: list[str] = []

    @classmethod
    def start(cls, connection: Connection, extrinsic: str, earlier: list[str]) -> Watch:
        """Sends a transaction, after the account's earlier ones, and listens.

        Raises:
            Refusal: the pool does not take it.
        """
        for missing in earlier:
            with contextlib.suppress(RpcError):
                connection.call("author_submitExtrinsic", [missing])
        try:
            subscription = connection.subscribe(
                "author_submitAndWatchExtrinsic", [extrinsic], "author_unwatchExtrinsic"
            )
        except RpcError as error:
            _judge(error)
            subscription = None
        return cls(connection, extrinsic, subscription)

    def listen(self, seconds: float) -> bool:
        """Listens for at most so long; returns early when something changed.

        Returns:
            Whether the pool may say more: otherwise the transaction is to be sent again, if it is not final.
        """
        if self._subscription is None:
            time.sleep(min(seconds, 0.5))
            return time.monotonic() - self._heard < SILENCE_S
        try:
            status = self._subscription.next(seconds)
        except ConnectionLost:
            return False
        if status is None:
            return time.monotonic() - self._heard < SILENCE_S
        self._heard = time.monotonic()
        name = name_of(status)
        self.statuses.append(name)
        if name in ENDS:
            self.close()
            time.sleep(0.0 if name == "finalized" else min(seconds, 0.5))
            return False
        return True

    def close(self) -> None:
        """Stops listening."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None


def name_of(status: Any) -> str:
    """``ready``, ``inBlock`` and so on, whether or not the status carries more."""
    return status if isinstance(status, str) else next(iter(status), "unknown")


def _judge(error: RpcError) -> None:
    text = f"{error.what} {error.data}".lower()
    if error.rpc_code in PASSING or any(word in text for word in DECIDED_BY_THE_CHAIN):
        return
    if error.rpc_code == INVALID:
        raise Refusal(error.data or error.what)
    raise error
