"""When something on the chain waits for nothing but blocks."""

from __future__ import annotations

from ._chain import DevChain

__all__ = ["next_deadline"]


def next_deadline(chain: DevChain) -> int | None:
    """The next block for which an open round or claim waits, or None."""
    return None
