"""The state of a chain after one block, read over JSON-RPC key by key as somebody asks for it."""

from __future__ import annotations

import time
from typing import Any

from governance._errors import SimulationOverdue
from offchain.chain import ChainClient
from offchain.chain.errors import DeadlineExceeded

__all__ = ["RemoteState"]

_PAGE = 64


class RemoteState:
    """A state for a fork. What was read once is not asked for again.

    Args:
        client: the node.
        block: hash of the block, as ``0x`` hex.
        deadline: of everything together, on the monotonic clock.
    """

    def __init__(self, client: ChainClient, block: str, deadline: float) -> None:
        self._client = client
        self._block = block
        self._deadline = deadline
        self._values: dict[bytes, bytes | None] = {}
        self._next: dict[bytes, bytes | None] = {}
        self.requests = 0

    def get(self, key: bytes) -> bytes | None:
        """A value."""
        if key not in self._values:
            found = self._ask("state_getStorage", ["0x" + key.hex(), self._block])
            self._values[key] = None if found is None else bytes.fromhex(found[2:])
        return self._values[key]

    def next_key(self, key: bytes) -> bytes | None:
        """The first key after ``key``, which itself need not exist."""
        if key not in self._next:
            page = self._page(b"", key, _PAGE)
            for before, after in zip([key, *page], page, strict=False):
                self._next[before] = after
            if len(page) < _PAGE:
                self._next[page[-1] if page else key] = None
        return self._next[key]

    def keys(self, prefix: bytes = b"", start: bytes | None = None, limit: int | None = None) -> list[bytes]:
        """The keys with ``prefix`` in order, after ``start`` if given, at most ``limit``."""
        found: list[bytes] = []
        while limit is None or len(found) < limit:
            wanted = _PAGE if limit is None else min(_PAGE, limit - len(found))
            page = self._page(prefix, found[-1] if found else start, wanted)
            found.extend(page)
            if len(page) < wanted:
                break
        return found

    def _page(self, prefix: bytes, start: bytes | None, count: int) -> list[bytes]:
        after = None if start is None else "0x" + start.hex()
        page = self._ask("state_getKeysPaged", ["0x" + prefix.hex(), count, after, self._block])
        return [bytes.fromhex(key[2:]) for key in page]

    def _ask(self, method: str, params: list[Any]) -> Any:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise SimulationOverdue("the fork took longer than it may", subject=f"{self.requests} requests to the node")
        self.requests += 1
        try:
            return self._client.connection.call(method, params, timeout_s=left)
        except DeadlineExceeded as error:
            raise SimulationOverdue("the node did not answer in time", subject=error.subject) from error
