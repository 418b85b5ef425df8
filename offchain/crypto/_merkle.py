"""Merkle trees over byte strings, byte for byte those of the runtime's `math::merkle`.

Leaves, inner nodes and roots are hashed under different first bytes, so that none can pass for another; the
root covers the number of leaves, so that a tree cannot be extended or shortened under the same root.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offchain.crypto._hash import HASH_BYTES, blake2b_256

__all__ = ["MerkleTree", "merkle_proof", "merkle_root", "merkle_verify"]


class MerkleTree:
    """The levels of one tree, kept so that many proofs cost O(log n) each.

    Args:
        leaves: the leaf data, in order; hashed as they come, so a generator is enough.
    """

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = [blake2b_256(b"\x00", leaf) for leaf in leaves]
        self._levels = [level]
        while len(level) > 1:
            level = [
                blake2b_256(b"\x01", level[at], level[at + 1]) if at + 1 < len(level) else level[at]
                for at in range(0, len(level), 2)
            ]
            self._levels.append(level)

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """The 32-byte root, which binds the number of leaves."""
        return _root(len(self), self._levels[-1][0] if len(self) else b"")

    def proof(self, index: int) -> list[bytes]:
        """Sibling hashes of leaf ``index``, bottom up; none at levels where the node is promoted."""
        if not 0 <= index < len(self):
            raise IndexError(f"leaf {index} of a tree of {len(self)}")
        siblings = []
        for level in self._levels[:-1]:
            if (index ^ 1) < len(level):
                siblings.append(level[index ^ 1])
            index >>= 1
        return siblings


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root of the tree over ``leaves``."""
    return MerkleTree(leaves).root


def merkle_proof(leaves: Iterable[bytes], index: int) -> list[bytes]:
    """Proof of one leaf; use `MerkleTree` for several."""
    return MerkleTree(leaves).proof(index)


def merkle_verify(root: bytes, data: bytes, index: int, count: int, proof: Sequence[bytes]) -> bool:
    """Whether ``data`` is leaf ``index`` of the ``count`` leaves under ``root``."""
    if not 0 <= index < count or any(len(sibling) != HASH_BYTES for sibling in proof):
        return False
    node, width, siblings = blake2b_256(b"\x00", data), count, iter(proof)
    while width > 1:
        if (index ^ 1) < width:
            sibling = next(siblings, None)
            if sibling is None:
                return False
            node = blake2b_256(b"\x01", sibling, node) if index & 1 else blake2b_256(b"\x01", node, sibling)
        index, width = index >> 1, (width + 1) >> 1
    return next(siblings, None) is None and _root(count, node) == root


def _root(count: int, top: bytes) -> bytes:
    return blake2b_256(b"\x02", count.to_bytes(8, "little"), top)
