"""Trie roots of a whole mapping at once: extrinsics roots, and the plain measure for the incremental trie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offchain.scale import compact

from ._trie_codec import EMPTY_ROOT, blake2_256, branch_node, leaf_node, reference

__all__ = ["ordered_trie_root", "trie_root"]

_Items = Sequence[tuple[str, bytes]]


def trie_root(values: Mapping[bytes, bytes], version: int = 1) -> bytes:
    """The 32-byte root over ``values`` in state layout ``version`` (0, or 1: long values are hashed)."""
    if not values:
        return EMPTY_ROOT
    items = sorted((key.hex(), value) for key, value in values.items())
    return blake2_256(_encode(items, 0, hash_long=version == 1))


def ordered_trie_root(values: Sequence[bytes], version: int = 1) -> bytes:
    """The root over ``values`` keyed by their compact-encoded positions: a block's extrinsics root."""
    return trie_root({compact(index): value for index, value in enumerate(values)}, version)


def _encode(items: _Items, start: int, *, hash_long: bool) -> bytes:
    """The node over sorted ``items`` whose paths agree before ``start``."""
    first, last = items[0][0], items[-1][0]
    if len(items) == 1:
        return leaf_node(first[start:], items[0][1], hash_long=hash_long)
    end = start
    while end < len(first) and end < len(last) and first[end] == last[end]:
        end += 1
    value = None
    position = 0
    if len(first) == end:
        value = items[0][1]
        position = 1
    children = []
    while position < len(items):
        nibble = items[position][0][end]
        stop = position + 1
        while stop < len(items) and items[stop][0][end] == nibble:
            stop += 1
        children.append((nibble, reference(_encode(items[position:stop], end + 1, hash_long=hash_long))))
        position = stop
    return branch_node(first[start:end], value, children, hash_long=hash_long)
