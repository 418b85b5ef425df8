"""The protocol's commitments, byte for byte those of the runtime's `math::commitment`.

All are blake2b-256 over a domain and fixed-width fields, integers little endian; ``tests/fixtures/vectors/crypto.json``
holds both sides to the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from offchain.crypto._hash import HASH_BYTES, blake2b_256

__all__ = ["ScoreCommitment", "claim_hash", "label_leaf", "shard_key_commitment"]


def shard_key_commitment(key: bytes) -> bytes:
    """What the chain stores of a shard's 32-byte key, so that a garbage key is seen at once."""
    return blake2b_256(b"assay/shard-key/1", _fixed(key, "key"))


def claim_hash(checkpoint: bytes, account: bytes, salt: bytes) -> bytes:
    """The sealed claim on a checkpoint id: bound to the account, hidden by 32 random bytes."""
    return blake2b_256(
        b"assay/claim/1", _fixed(checkpoint, "checkpoint"), _fixed(account, "account"), _fixed(salt, "salt")
    )


def label_leaf(salt: bytes, index: int, label: int) -> bytes:
    """Leaf data of one held-out label in the label tree; ``index`` counts through the whole held-out split."""
    return blake2b_256(b"assay/label/1", _fixed(salt, "salt"), _u32(index), label.to_bytes(1, "little"))


@dataclass(frozen=True, slots=True)
class ScoreCommitment:
    """Everything a committee member commits to before anyone reveals; hashes are 32 bytes, scores ppm."""

    genesis: bytes
    round: int
    checkpoint: bytes
    dataset: int
    version: int
    env_digest: bytes
    scores: Sequence[int]
    lower: int
    upper: int
    prediction_root: bytes
    salt: bytes = field(repr=False)
    account: bytes

    def digest(self) -> bytes:
        """The 32 bytes that go on chain."""
        return blake2b_256(
            b"assay/commit/1",
            _fixed(self.genesis, "genesis"),
            _u32(self.round),
            _fixed(self.checkpoint, "checkpoint"),
            _u32(self.dataset),
            _u32(self.version),
            _fixed(self.env_digest, "env_digest"),
            _u32(len(self.scores)),
            *(_u32(score) for score in self.scores),
            _u32(self.lower),
            _u32(self.upper),
            _fixed(self.prediction_root, "prediction_root"),
            _fixed(self.salt, "salt"),
            _fixed(self.account, "account"),
        )


def _fixed(value: bytes, name: str) -> bytes:
    if len(value) != HASH_BYTES:
        raise ValueError(f"{name} has {len(value)} bytes, not {HASH_BYTES}")
    return value


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "little")
