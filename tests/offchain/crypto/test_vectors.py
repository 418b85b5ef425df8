"""The vectors that hold Python and Rust to the same bytes."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from offchain.crypto import MerkleTree, ScoreCommitment, claim_hash, label_leaf, merkle_verify, shard_key_commitment

VECTORS = Path(__file__).resolve().parents[2] / "fixtures" / "vectors" / "crypto.json"


def _cases(kind: str) -> list[Any]:
    return list(json.loads(VECTORS.read_text())[kind])


def test_vectors_are_current_when_written_again() -> None:
    script = runpy.run_path(str(Path(__file__).with_name("make_vectors.py")))
    assert script["vectors"]() == json.loads(VECTORS.read_text())


@pytest.mark.parametrize("case", _cases("merkle"), ids=lambda case: str(len(case["leaves"])))
def test_tree_equals_vectors_when_built_from_their_leaves(case: Any) -> None:
    leaves = [bytes.fromhex(leaf) for leaf in case["leaves"]]
    tree, root = MerkleTree(leaves), bytes.fromhex(case["root"])
    assert tree.root == root
    for index, hexes in enumerate(case["proofs"]):
        proof = [bytes.fromhex(sibling) for sibling in hexes]
        assert tree.proof(index) == proof
        assert merkle_verify(root, leaves[index], index, len(leaves), proof)


@pytest.mark.parametrize("case", _cases("shard_key"))
def test_shard_key_commitment_equals_vectors(case: Any) -> None:
    assert shard_key_commitment(bytes.fromhex(case["key"])).hex() == case["commitment"]


@pytest.mark.parametrize("case", _cases("claim"))
def test_claim_hash_equals_vectors(case: Any) -> None:
    fields = (bytes.fromhex(case[name]) for name in ("checkpoint", "account", "salt"))
    assert claim_hash(*fields).hex() == case["hash"]


@pytest.mark.parametrize("case", _cases("label"))
def test_label_leaf_equals_vectors(case: Any) -> None:
    assert label_leaf(bytes.fromhex(case["salt"]), case["index"], case["label"]).hex() == case["leaf"]


@pytest.mark.parametrize("case", _cases("scores"))
def test_score_commitment_equals_vectors(case: Any) -> None:
    fields = {
        name: bytes.fromhex(value) if isinstance(value, str) else value
        for name, value in case.items()
        if name != "hash"
    }
    assert ScoreCommitment(**fields).digest().hex() == case["hash"]
