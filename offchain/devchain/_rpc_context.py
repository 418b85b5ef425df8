"""What the method tables share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from ._chain import DevChain
from ._hub import Hub
from ._jsonrpc import Handler, RpcError, hex_bytes
from ._session import Session, Subscription, TooManySubscriptions
from ._worker import ChainWorker

__all__ = ["Context", "subscription_of", "unsubscribe"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Context:
    """The chain, the thread that works on it, and its subscriptions."""

    chain: DevChain
    worker: ChainWorker
    hub: Hub

    def work(self, job: Callable[[], _T]) -> Awaitable[_T]:
        """Runs a job in the chain's thread: what calls the runtime would hold up the loop."""
        return asyncio.wrap_future(self.worker.do(job))

    def number(self, block: object) -> int:
        """Height of a block given by its hash, or of the last one where that is null."""
        return self.chain.height if block is None else self.chain.number_of(hex_bytes(block))


def subscription_of(open_it: Callable[..., Subscription]) -> Handler:
    """A handler that subscribes, with the errors of one who cannot."""

    def handler(session: Session, *params: object) -> Subscription:
        if not session.is_persistent:
            raise RpcError(-32601, "Method not found", "subscriptions need a WebSocket")
        try:
            return open_it(session, *params)
        except TooManySubscriptions:
            raise RpcError(-32006, "Too many subscriptions on the connection") from None

    return handler


def unsubscribe(session: Session, subscription: object) -> bool:
    """Ends a subscription; False when there is none."""
    return isinstance(subscription, str) and session.unsubscribe(subscription)
