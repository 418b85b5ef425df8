"""Which slot a block gets.

The chain's time begins 30 days in the past and moves by slots of 3 seconds, so that a chain that seals faster than that
never claims a slot which a native node, importing its blocks later, would call future.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from ._errors import SlotInFuture

__all__ = ["GENESIS_AGE_S", "SLOT_MS", "genesis_slot", "next_slot", "slot_now"]

SLOT_MS: Final = 3_000
GENESIS_AGE_S: Final = 30 * 24 * 3600


def slot_now() -> int:
    """The slot of the wall clock."""
    return time.time_ns() // 1_000_000 // SLOT_MS


def genesis_slot() -> int:
    """The slot in which a chain created now begins."""
    return slot_now() - GENESIS_AGE_S * 1000 // SLOT_MS


def next_slot(parent: int, clock: int, owned: Callable[[int], bool], authorities: int) -> int:
    """The larger of ``parent + 1`` and ``clock``, moved on to the first slot whose author is ours.

    Args:
        parent: slot of the parent block.
        clock: slot the caller wants.
        owned: whether this chain has the key of a slot's author.
        authorities: number of authorities, after which the turns repeat.

    Raises:
        SlotInFuture: the wall clock has not reached the slot.
    """
    first = max(parent + 1, clock)
    slot = next((one for one in range(first, first + authorities) if owned(one)), None)
    if slot is None:
        raise SlotInFuture("none of the chain's authorities is a development account", hint="use a development spec")
    if slot > slot_now():
        raise SlotInFuture("the chain has caught up with the wall clock", subject=f"slot {slot}", hint="wait a moment")
    return slot
