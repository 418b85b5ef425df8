"""A wallet that checks metadata can sign: the runtime carries the digest of its own metadata."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path

import pytest

from offchain.devchain import DevChain, PoolRefusal, development_authors

REPOSITORY = Path(__file__).resolve().parents[2]
STAMP = REPOSITORY / "runtime-specs" / "artifacts" / "stamp.json"
CALLS = REPOSITORY / "tests" / "fixtures" / "vectors" / "calls.json"

SPEC_VERSION = (2).to_bytes(4, "little")
TRANSACTION_VERSION = (1).to_bytes(4, "little")
IMMORTAL, NONCE, TIP, CHECKED = b"\0", b"\0", b"\0", b"\1"


def signed_remark(genesis: bytes, metadata_hash: bytes) -> bytes:
    """Alice's first transaction, an immortal remark, with the metadata's digest under the signature."""
    public = bytes.fromhex("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d")
    call = bytes(json.loads(CALLS.read_bytes())["System::remark"]) + b"\x10mine"
    extra = IMMORTAL + NONCE + TIP + CHECKED
    implied = SPEC_VERSION + TRANSACTION_VERSION + genesis + genesis + b"\1" + metadata_hash
    message = call + extra + implied
    signature = development_authors()[public].sign(
        message if len(message) <= 256 else blake2b(message, digest_size=32).digest()
    )
    body = b"\x84\x00" + public + b"\x01" + signature + extra + call
    return (len(body) << 2 | 1).to_bytes(2, "little") + body


def test_transaction_is_included_when_signed_over_the_stamped_digest() -> None:
    digest = bytes.fromhex(json.loads(STAMP.read_bytes())["metadata_hash"])
    with DevChain.fresh() as chain:
        transaction = signed_remark(chain.genesis_hash, digest)
        chain.submit(transaction)
        assert transaction in chain.seal().extrinsics


def test_transaction_is_refused_when_signed_over_another_digest() -> None:
    with DevChain.fresh() as chain, pytest.raises(PoolRefusal, match=r"(?i)proof|signature"):
        chain.submit(signed_remark(chain.genesis_hash, bytes(32)))
