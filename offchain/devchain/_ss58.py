"""Account addresses: SS58, the way ``sp_core::crypto`` writes them."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import base58

__all__ = ["decode_account"]

_CHECKSUM_PREFIX: Final = b"SS58PRE"


def decode_account(address: str) -> bytes:
    """The 32-byte account of an address, whatever its network prefix; ValueError when it is none."""
    raw = base58.b58decode(address)
    prefix = 2 if raw and raw[0] & 0x40 else 1
    if len(raw) != prefix + 34:
        raise ValueError("an account's address has 32 bytes between its prefix and checksum")
    if blake2b(_CHECKSUM_PREFIX + raw[:-2]).digest()[:2] != raw[-2:]:
        raise ValueError("the address has a wrong checksum")
    return raw[prefix:-2]
