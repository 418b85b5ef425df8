"""The one hash of the protocol."""

from __future__ import annotations

import hashlib

__all__ = ["HASH_BYTES", "blake2b_256"]

HASH_BYTES = 32


def blake2b_256(*parts: bytes) -> bytes:
    """blake2b-256 of the parts put together."""
    state = hashlib.blake2b(digest_size=HASH_BYTES)
    for part in parts:
        state.update(part)
    return state.digest()
