"""Whose turn it is to move a round on that waits for anyone: not everybody's at once."""

from __future__ import annotations

from collections.abc import Iterable

from offchain.chain import account_bytes
from offchain.crypto import blake2b_256

__all__ = ["BLOCKS_PER_RANK", "blocks_to_wait"]

BLOCKS_PER_RANK = 4
"""Long enough that the call of the one before is final, and seen, before the next one sends its own."""


def blocks_to_wait(account: str, round_: int, deadline: int, others: Iterable[str]) -> int:
    """Blocks past the deadline before this account sends ``advance``: its rank by hash among ``others``, times four."""
    own = _ticket(account, round_, deadline)
    return BLOCKS_PER_RANK * sum(1 for other in set(others) - {account} if _ticket(other, round_, deadline) < own)


def _ticket(account: str, round_: int, deadline: int) -> bytes:
    numbers = round_.to_bytes(4, "little") + deadline.to_bytes(4, "little")
    return blake2b_256(b"assay/advance/1", account_bytes(account), numbers)
