"""The chain under a scene: the embedded one, a native node that seals on demand, or a network that nobody commands.

``pytest tests/e2e`` takes an embedded chain for each test. ``--chain native`` starts a native node for each test, which
seals on demand too. ``--chain ws://...`` takes the network there: it makes blocks when it likes, holds other people's
accounts and data, and is never at genesis, so that a scene on it has accounts of its own and asks of no others.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import Any

from offchain.chain import ChainClient
from offchain.devchain import DevChain

__all__ = ["EmbeddedGround", "Ground", "LiveGround", "SealingGround"]

PAGE = 500


class Ground(ABC):
    """A chain.

    Attributes:
        is_ours: whether nobody else acts on the chain and each block is sealed at our word.
        more_seals: how many blocks may pass a transaction by: the first of a session takes none, and a native node's
            pool may be late.
        patience_s: how long a transaction may take to become final.
    """

    is_ours: bool = True
    more_seals: int = 1
    patience_s: float = 20.0

    @property
    @abstractmethod
    def height(self) -> int:
        """Number of the last final block."""

    @abstractmethod
    def seal(self) -> None:
        """Has the chain make a block, if it makes blocks at our word."""

    @abstractmethod
    def run_to(self, block: int) -> None:
        """Comes back when the chain is that high; it may be higher where it is not ours."""

    @abstractmethod
    def keys(self, prefix: bytes) -> list[bytes]:
        """Storage keys that begin so, in the last block."""

    @abstractmethod
    def get(self, key: bytes) -> bytes | None:
        """What is stored there, in the last block."""


class EmbeddedGround(Ground):
    """The chain of this process."""

    def __init__(self, chain: DevChain) -> None:
        self.chain = chain

    @property
    def height(self) -> int:
        return self.chain.height

    def seal(self) -> None:
        self.chain.seal()

    def run_to(self, block: int) -> None:
        self.chain.run_to(block)

    def keys(self, prefix: bytes) -> list[bytes]:
        return list(self.chain.store.keys(prefix, None, None, self.height))

    def get(self, key: bytes) -> bytes | None:
        return self.chain.get(key, self.height)


class _RpcGround(Ground):
    """A chain behind JSON-RPC."""

    def __init__(self, client: ChainClient) -> None:
        self.client = client

    @property
    def height(self) -> int:
        return self.client.finalized().number

    def keys(self, prefix: bytes) -> list[bytes]:
        found: list[str] = []
        head = self.client.head()
        while page := self._ask("state_getKeysPaged", "0x" + prefix.hex(), PAGE, found[-1] if found else None, head):
            found += page
        return [bytes.fromhex(key[2:]) for key in found]

    def get(self, key: bytes) -> bytes | None:
        found = self._ask("state_getStorage", "0x" + key.hex(), self.client.head())
        return None if found is None else bytes.fromhex(found[2:])

    def _ask(self, method: str, *params: Any) -> Any:
        return self.client.connection.call(method, list(params))


class SealingGround(_RpcGround):
    """A node that seals on demand, which nobody else uses."""

    more_seals = 5
    patience_s = 180.0

    def seal(self) -> None:
        before = self.height
        self._ask("engine_createBlock", True, True, None)
        deadline = time.monotonic() + self.patience_s
        while self.height == before:
            assert time.monotonic() < deadline, "the sealed block does not become final"
            time.sleep(0.01)

    def run_to(self, block: int) -> None:
        while self.height < block:
            self.seal()


class LiveGround(_RpcGround):
    """A network that makes blocks by the clock, with other people on it."""

    is_ours = False
    more_seals = 0
    patience_s = 180.0

    def seal(self) -> None:
        """Nothing: a transaction's receipt waits for its block."""

    def run_to(self, block: int) -> None:
        self.client.wait_for_block(block, timeout_s=60 + 9 * max(block - self.height, 0))
