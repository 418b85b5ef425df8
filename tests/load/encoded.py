"""Calls of the load, as bytes. ``tests/load/test_wallet.py`` holds them against the library's."""

from __future__ import annotations

from collections.abc import Iterable

from offchain.chain.types import CheckpointSpec, Reveal
from offchain.scale import compact

from .wallet import u32, u128

__all__ = [
    "accept",
    "accredit",
    "batch",
    "claim",
    "commit",
    "open_claim",
    "release_key",
    "request",
    "reveal",
    "revoke",
    "transfer",
    "vote",
]


def transfer(to: bytes, amount: int) -> bytes:
    return b"\x07\x03\x00" + to + compact(amount)


def batch(calls: Iterable[bytes]) -> bytes:
    """All of them or none."""
    every = list(calls)
    return b"\x0a\x02" + compact(len(every)) + b"".join(every)


def vote(referendum: int, *, aye: bool, amount: int) -> bytes:
    """At conviction 1x."""
    return b"\x17\x00" + compact(referendum) + b"\x00" + bytes([1 | 128 * aye]) + u128(amount)


def accredit(dataset: int, validator: bytes) -> bytes:
    return b"\x28\x03" + u32(dataset) + validator


def revoke(dataset: int, validator: bytes) -> bytes:
    return b"\x28\x04" + u32(dataset) + validator


def release_key(round_id: int, member: bytes, sealed: Iterable[bytes]) -> bytes:
    keys = list(sealed)
    return b"\x28\x05" + u32(round_id) + member + compact(len(keys)) + b"".join(keys)


def claim(sealed: bytes) -> bytes:
    return b"\x29\x01" + sealed


def open_claim(model: int, salt: bytes, spec: CheckpointSpec) -> bytes:
    """Of a checkpoint without a parent."""
    architecture = spec.architecture.encode()
    parts = (spec.id, spec.cid, u32(spec.size_bytes), compact(len(architecture)), architecture, spec.card_cid)
    return b"\x29\x02" + u32(model) + salt + b"".join(parts) + spec.card_hash + u32(spec.operating_point_ppm) + b"\x00"


def request(benchmark: int, checkpoint: bytes, max_fee: int) -> bytes:
    return b"\x2a\x09" + u32(benchmark) + checkpoint + compact(max_fee)


def accept(round_id: int, key: bytes) -> bytes:
    return b"\x2a\x0a" + u32(round_id) + key


def commit(round_id: int, commitment: bytes) -> bytes:
    return b"\x2a\x0c" + u32(round_id) + commitment


def reveal(round_id: int, opening: Reveal) -> bytes:
    scores = compact(len(opening.scores)) + b"".join(map(u32, opening.scores))
    bounds = u32(opening.lower_ppm) + u32(opening.upper_ppm)
    return b"\x2a\x0d" + u32(round_id) + scores + bounds + opening.prediction_root + opening.env_digest + opening.salt
