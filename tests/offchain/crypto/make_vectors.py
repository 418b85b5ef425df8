"""Writes ``tests/fixtures/vectors/crypto.json`` from a plain second reading of the specification.

Nothing here is imported from `offchain.crypto`: the vectors are an independent witness for both implementations.
Run it from the root of the repository: ``python tests/offchain/crypto/make_vectors.py``.
"""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[2] / "fixtures" / "vectors" / "crypto.json"


def h(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).digest()


def filler(name: str, size: int = 32) -> bytes:
    """Bytes that look random and are the same in every run."""
    return hashlib.shake_256(name.encode()).digest(size)


def tree(hashes: list[bytes], index: int) -> tuple[bytes, list[bytes]]:
    """Top of the tree over ``hashes`` and the proof of one of them, by recursion on pairs."""
    if len(hashes) == 1:
        return hashes[0], []
    pairs = [hashes[at : at + 2] for at in range(0, len(hashes), 2)]
    above = [h(b"\x01" + pair[0] + pair[1]) if len(pair) == 2 else pair[0] for pair in pairs]
    own = pairs[index // 2]
    top, proof = tree(above, index // 2)
    return top, ([own[1 - index % 2]] if len(own) == 2 else []) + proof


def merkle(count: int) -> dict[str, Any]:
    leaves = [filler(f"leaf {count} {index}", (index * 7) % 50) for index in range(count)]
    hashes = [h(b"\x00" + leaf) for leaf in leaves]
    proofs = [tree(hashes, index)[1] for index in range(count)]
    top = tree(hashes, 0)[0] if count else b""
    return {
        "leaves": [leaf.hex() for leaf in leaves],
        "root": h(b"\x02" + struct.pack("<Q", count) + top).hex(),
        "proofs": [[sibling.hex() for sibling in proof] for proof in proofs],
    }


def shard_key(name: str) -> dict[str, Any]:
    key = filler(name)
    return {"key": key.hex(), "commitment": h(b"assay/shard-key/1" + key).hex()}


def claim(name: str) -> dict[str, Any]:
    checkpoint, account, salt = (filler(f"{name} {part}") for part in ("checkpoint", "account", "salt"))
    return {
        "checkpoint": checkpoint.hex(),
        "account": account.hex(),
        "salt": salt.hex(),
        "hash": h(b"assay/claim/1" + checkpoint + account + salt).hex(),
    }


def label(index: int, value: int) -> dict[str, Any]:
    salt = filler(f"label salt {index}")
    leaf = h(b"assay/label/1" + salt + struct.pack("<IB", index, value))
    return {"salt": salt.hex(), "index": index, "label": value, "leaf": leaf.hex()}


def scores(number: int, values: list[int]) -> dict[str, Any]:
    hashes = {
        name: filler(f"{name} {number}")
        for name in ("genesis", "checkpoint", "env_digest", "prediction_root", "salt", "account")
    }
    lower, upper = (values[0] - 30_000, values[0] + 20_000) if values else (0, 1_000_000)
    data = b"assay/commit/1" + hashes["genesis"] + struct.pack("<I", number) + hashes["checkpoint"]
    data += struct.pack("<II", number + 1, number + 2) + hashes["env_digest"] + struct.pack("<I", len(values))
    data += struct.pack(f"<{len(values)}I", *values) + struct.pack("<II", lower, upper)
    data += hashes["prediction_root"] + hashes["salt"] + hashes["account"]
    return {
        **{name: value.hex() for name, value in hashes.items()},
        "round": number,
        "dataset": number + 1,
        "version": number + 2,
        "scores": values,
        "lower": lower,
        "upper": upper,
        "hash": h(data).hex(),
    }


def vectors() -> dict[str, Any]:
    return {
        "merkle": [merkle(count) for count in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 33)],
        "shard_key": [{"key": "00" * 32, "commitment": h(b"assay/shard-key/1" + bytes(32)).hex()}]
        + [shard_key(name) for name in ("first", "second")],
        "claim": [claim(name) for name in ("one", "two")],
        "label": [label(index, value) for index, value in ((0, 0), (1, 1), (65_536, 7), (4_294_967_295, 15))],
        "scores": [
            scores(number, values)
            for number, values in ((0, []), (7, [912_345]), (4_294_967_293, [900_000, 1_000_000, 30_000, 0]))
        ],
    }


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(vectors(), indent=1) + "\n")
