"""What fault tests ask of a network, and how they wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from offchain.chain import ChainClient, authorship
from offchain.testnet import Testnet

__all__ = ["RECOVERY_S", "eventually", "finalized", "heads", "same_chain", "slot_of"]

RECOVERY_S = 60.0
"""Within which a network is itself again."""

T_ = TypeVar("T_")


def eventually(what: str, look: Callable[[], T_ | None], *, within_s: float = RECOVERY_S) -> T_:
    """What ``look`` returns as soon as it is neither None nor False; fails after ``within_s``."""
    until = time.monotonic() + within_s
    last = ""
    while time.monotonic() < until:
        try:
            found = look()
        except Exception as error:
            found, last = None, repr(error)
        if found is not None and found is not False:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what}: not within {within_s:.0f} s {last}")


def heads(network: Testnet, name: str) -> tuple[int, int]:
    """A node's best and finalized height."""
    with ChainClient(network.endpoint(name), timeout_s=10) as client:
        return client.best().number, client.finalized().number


def finalized(network: Testnet, name: str) -> int:
    """A node's finalized height."""
    return heads(network, name)[1]


def same_chain(network: Testnet, height: int) -> bool:
    """Whether every node has finalized the same block at a height."""
    hashes = set()
    for url in network.endpoints:
        with ChainClient(url, timeout_s=10) as client:
            if client.finalized().number < height:
                return False
            hashes.add(client.block_hash(height))
    return len(hashes) == 1


def slot_of(client: ChainClient, number: int) -> int:
    """The slot in which a block was made."""
    slot = authorship.slot_of(client.connection.call("chain_getHeader", [client.block_hash(number)]))
    assert slot is not None, f"block {number} claims no slot"
    return slot
