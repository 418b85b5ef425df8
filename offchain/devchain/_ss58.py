"""Account addresses: SS58, the way ``sp_core::crypto`` writes them."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

__all__ = ["decode_account"]

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CHECKSUM_PREFIX: Final = b"SS58PRE"
_LONGEST: Final = 64


def decode_account(address: str) -> bytes:
    """The 32-byte account of an address, whatever its network prefix; ValueError when it is none."""
    raw = _base58(address)
    prefix = 2 if raw and raw[0] & 0x40 else 1
    if len(raw) != prefix + 34:
        raise ValueError("an account's address has 32 bytes between its prefix and checksum")
    if blake2b(_CHECKSUM_PREFIX + raw[:-2]).digest()[:2] != raw[-2:]:
        raise ValueError("the address has a wrong checksum")
    return raw[prefix:-2]


def _base58(text: str) -> bytes:
    if len(text) > _LONGEST:
        raise ValueError("the address is too long")
    number = 0
    for character in text:
        number = number * 58 + _ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
