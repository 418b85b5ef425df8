"""Where the chain's storage items lie, as ``frame_support::storage`` places them."""

from __future__ import annotations

import xxhash

__all__ = ["storage_prefix", "twox_64_concat", "twox_128"]


def twox_128(name: str) -> bytes:
    """Where everything of a pallet begins: 16 bytes."""
    return b"".join(xxhash.xxh64_intdigest(name.encode(), seed).to_bytes(8, "little") for seed in (0, 1))


def storage_prefix(pallet: str, item: str) -> bytes:
    """Where a pallet's storage item lies, or a map's entries begin: 32 bytes."""
    return twox_128(pallet) + twox_128(item)


def twox_64_concat(number: int) -> bytes:
    """How a map's key shows an unsigned integer of 32 bits: its hash, then itself."""
    plain = number.to_bytes(4, "little")
    return int(xxhash.xxh64_intdigest(plain, 0)).to_bytes(8, "little") + plain
