"""Node encodings of the base-16 Merkle-Patricia trie (Substrate's state layouts 0 and 1).

Paths are strings of hexadecimal digits, one a nibble: Python slices, compares and packs them fast.
Source: Polkadot specification, "State Storage Trie"; ``sp-trie`` ``node_header.rs`` and ``trie_stream.rs``.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from offchain.scale import compact

__all__ = [
    "EMPTY_NODE",
    "EMPTY_ROOT",
    "HASHED_FROM",
    "HASH_BYTES",
    "blake2_256",
    "branch_node",
    "leaf_node",
    "reference",
]

HASH_BYTES = 32
HASHED_FROM = 33
"""Layout 1 puts the hash of a value in its node from this many bytes on."""


def blake2_256(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


EMPTY_NODE = b"\x00"
EMPTY_ROOT = blake2_256(EMPTY_NODE)


def _header(kind: int, bits: int, path: str) -> bytes:
    """The node's kind, the number of nibbles (its first ``bits`` bits beside the kind), and the packed nibbles."""
    most = (1 << bits) - 1
    count = len(path)
    packed = bytes.fromhex(path if count % 2 == 0 else "0" + path)
    if count < most:
        return bytes((kind | count,)) + packed
    rest = count - most
    return bytes((kind | most,)) + b"\xff" * (rest // 255) + bytes((rest % 255,)) + packed


def leaf_node(path: str, value: bytes, *, hash_long: bool = True) -> bytes:
    """The encoded leaf; a value of 33 bytes or more stands in it as its hash if ``hash_long`` (layout 1)."""
    if hash_long and len(value) >= HASHED_FROM:
        return _header(0x20, 5, path) + blake2_256(value)
    return _header(0x40, 6, path) + compact(len(value)) + value


def branch_node(
    path: str, value: bytes | None, children: Iterable[tuple[str, bytes]], *, hash_long: bool = True
) -> bytes:
    """The encoded branch with children as (nibble, reference) in the order of the nibbles."""
    bitmap = 0
    parts = []
    for nibble, child in children:
        bitmap |= 1 << int(nibble, 16)
        parts.append(child)
    joined = bitmap.to_bytes(2, "little"), b"".join(parts)
    if value is None:
        return _header(0x80, 6, path) + joined[0] + joined[1]
    if hash_long and len(value) >= HASHED_FROM:
        return _header(0x10, 4, path) + joined[0] + blake2_256(value) + joined[1]
    return _header(0xC0, 6, path) + joined[0] + compact(len(value)) + value + joined[1]


def reference(encoded: bytes) -> bytes:
    """How a parent names a node: the node itself if shorter than its hash, otherwise the hash; with its length."""
    if len(encoded) < HASH_BYTES:
        return compact(len(encoded)) + encoded
    return b"\x80" + blake2_256(encoded)
