"""Carries what happens on the chain, in its thread, to the subscriptions, in the server's loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ._chain import BlockAdded, DevChain
from ._session import Session, Subscription

__all__ = ["Hub"]


@dataclass
class _StorageWatch:
    subscription: Subscription
    keys: frozenset[bytes] | None
    last: dict[bytes, bytes | None]


class Hub:
    """Subscriptions to heads, storage and the runtime's version. To be used in the loop only.

    A new subscription begins with the last block that the loop has heard of, so that none comes twice.
    """

    def __init__(self, chain: DevChain, loop: asyncio.AbstractEventLoop) -> None:
        self._chain = chain
        self._loop = loop
        self._heads: set[Subscription] = set()
        self._versions: set[Subscription] = set()
        self._storage: dict[Subscription, _StorageWatch] = {}
        with chain.lock:
            self._head = chain.head.header
            self._stop = chain.listen(lambda added: self.call(self._added, added))

    def close(self) -> None:
        """Hears nothing more from the chain."""
        self._stop()

    def call(self, action: Callable[..., Any], *arguments: Any) -> None:
        """Runs ``action`` in the loop, from any thread; does nothing once the loop is closed."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(action, *arguments)

    def heads(self, session: Session, method: str) -> Subscription:
        """Each new last block's header, the present one first. All of them are new, best and final at once."""
        subscription = session.subscribe(method)
        self._heads.add(subscription)
        subscription.on_close(lambda: self._heads.discard(subscription))
        subscription.send(self._head.as_json())
        return subscription

    def versions(self, session: Session, method: str) -> Subscription:
        """The runtime's version, now and whenever it changes."""
        subscription = session.subscribe(method)
        self._versions.add(subscription)
        subscription.on_close(lambda: self._versions.discard(subscription))
        subscription.send(self._chain.runtime.version.as_json())
        return subscription

    def storage(self, session: Session, method: str, keys: Iterable[bytes] | None) -> Subscription:
        """Values of the keys, now and whenever they change; all changes where no keys are given."""
        subscription = session.subscribe(method)
        watch = _StorageWatch(subscription, None if keys is None else frozenset(keys), {})
        self._storage[subscription] = watch
        subscription.on_close(lambda: self._storage.pop(subscription, None))
        for key in watch.keys or ():
            watch.last[key] = self._chain.get(key, self._head.number)
        if watch.keys is not None:
            subscription.send(_change_set(self._head.hash, watch.last))
        return subscription

    def _added(self, added: BlockAdded) -> None:
        header = self._head = added.block.header
        if self._heads:
            shown = header.as_json()
            for subscription in tuple(self._heads):
                subscription.send(shown)
        if added.new_version is not None:
            for subscription in tuple(self._versions):
                subscription.send(added.new_version.as_json())
        for watch in tuple(self._storage.values()):
            _tell_changes(watch, header.hash, added.changes)


def _tell_changes(watch: _StorageWatch, block: bytes, changes: dict[bytes, bytes | None]) -> None:
    if watch.keys is None:
        watch.subscription.send(_change_set(block, changes))
        return
    changed = {key: changes[key] for key in watch.keys & changes.keys() if changes[key] != watch.last[key]}
    if changed:
        watch.last.update(changed)
        watch.subscription.send(_change_set(block, changed))


def _change_set(block: bytes, changes: dict[bytes, bytes | None]) -> dict[str, Any]:
    shown = [["0x" + key.hex(), None if value is None else "0x" + value.hex()] for key, value in changes.items()]
    return {"block": "0x" + block.hex(), "changes": shown}
