"""Hashes, commitments, Merkle trees, encrypted frames, sealed keys and the secrets behind them."""

from offchain.crypto._bls import BlsKey, check_possession
from offchain.crypto._commitments import ScoreCommitment, claim_hash, label_leaf, shard_key_commitment
from offchain.crypto._errors import (
    CryptoError,
    FrameMalformed,
    FrameTampered,
    KeyInvalid,
    LabelMismatch,
    PossessionInvalid,
    SecretExposed,
    VaultInvalid,
    VaultLocked,
)
from offchain.crypto._frames import (
    FRAME_OVERHEAD_BYTES,
    FRAME_SIZES,
    FramePlace,
    SplitBinding,
    open_frame,
    seal_frame,
)
from offchain.crypto._hash import blake2b_256
from offchain.crypto._json import shallow_json
from offchain.crypto._merkle import MerkleTree, merkle_proof, merkle_root, merkle_verify
from offchain.crypto._sealing import KEY_BYTES, SEALED_KEY_BYTES, OneTimeKey, check_shard_key, seal_key
from offchain.crypto._secrets import SecretBytes
from offchain.crypto._vault import VAULT_LOG2_COST, read_vault, write_vault

__all__ = [
    "FRAME_OVERHEAD_BYTES",
    "FRAME_SIZES",
    "KEY_BYTES",
    "SEALED_KEY_BYTES",
    "VAULT_LOG2_COST",
    "BlsKey",
    "CryptoError",
    "FrameMalformed",
    "FramePlace",
    "FrameTampered",
    "KeyInvalid",
    "LabelMismatch",
    "MerkleTree",
    "OneTimeKey",
    "PossessionInvalid",
    "ScoreCommitment",
    "SecretBytes",
    "SecretExposed",
    "SplitBinding",
    "VaultInvalid",
    "VaultLocked",
    "blake2b_256",
    "check_possession",
    "check_shard_key",
    "claim_hash",
    "label_leaf",
    "merkle_proof",
    "merkle_root",
    "merkle_verify",
    "open_frame",
    "read_vault",
    "seal_frame",
    "seal_key",
    "shallow_json",
    "shard_key_commitment",
    "write_vault",
]
