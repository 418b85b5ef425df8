"""Hashes, commitments, Merkle trees, encrypted frames, sealed keys and the secrets behind them."""

from offchain.crypto._commitments import ScoreCommitment, claim_hash, label_leaf, shard_key_commitment
from offchain.crypto._hash import blake2b_256
from offchain.crypto._merkle import MerkleTree, merkle_proof, merkle_root, merkle_verify

__all__ = [
    "MerkleTree",
    "ScoreCommitment",
    "blake2b_256",
    "claim_hash",
    "label_leaf",
    "merkle_proof",
    "merkle_root",
    "merkle_verify",
    "shard_key_commitment",
]
