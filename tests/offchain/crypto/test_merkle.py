"""Merkle trees beyond the vectors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.crypto import MerkleTree, merkle_proof, merkle_root, merkle_verify

LEAVES = st.lists(st.binary(max_size=40), min_size=1, max_size=40)


@given(LEAVES, st.data())
def test_proof_verifies_when_leaf_index_and_count_are_its_own(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert merkle_verify(merkle_root(leaves), leaves[index], index, len(leaves), merkle_proof(leaves, index))


@given(LEAVES, st.data())
@settings(max_examples=60)
def test_proof_fails_when_anything_is_changed(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    tree = MerkleTree(leaves)
    root, proof, count = tree.root, tree.proof(index), len(leaves)
    assert not merkle_verify(root, leaves[index] + b"x", index, count, proof)
    assert not merkle_verify(root, leaves[index], index, count + 1, proof)
    assert not merkle_verify(root, leaves[index], count, count, proof)
    assert not merkle_verify(root, leaves[index], index, count, [*proof, bytes(32)])
    assert not merkle_verify(bytes(32), leaves[index], index, count, proof)
    if proof:
        assert not merkle_verify(root, leaves[index], index, count, proof[:-1])
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof]
        changed[at] = bytes([changed[at][0] ^ 1]) + changed[at][1:]
        assert not merkle_verify(root, leaves[index], index, count, changed)
        changed[at] = proof[at] + b"\x00"
        assert not merkle_verify(root, leaves[index], index, count, changed)


def test_root_differs_when_an_inner_node_poses_as_a_leaf() -> None:
    tree = MerkleTree([b"a", b"b"])
    assert MerkleTree([tree._levels[1][0]]).root != tree.root


def test_proof_raises_when_index_is_outside() -> None:
    with pytest.raises(IndexError):
        MerkleTree([b"a"]).proof(1)
