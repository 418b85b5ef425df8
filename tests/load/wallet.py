"""Signing a thousand transactions a second: the bytes of one version of the runtime, put together by hand.

The library that users sign with takes milliseconds for one. That these are the same bytes is a test's business
(``tests/load/test_wallet.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import sr25519

from offchain.scale import compact

__all__ = ["MORTAL_BLOCKS", "Facts", "Wallet", "u32", "u128"]

MORTAL_BLOCKS = 64


def u32(value: int) -> bytes:
    return value.to_bytes(4, "little")


def u128(value: int) -> bytes:
    return value.to_bytes(16, "little")


@dataclass(frozen=True)
class Facts:
    """What a signature covers of the chain. A birth of None signs for ever, else for :data:`MORTAL_BLOCKS`."""

    spec_version: int
    transaction_version: int
    genesis: bytes
    birth: tuple[int, bytes] | None = None

    @property
    def era(self) -> bytes:
        """The era as it is sent: the period's power of two and the birth's place in it."""
        if self.birth is None:
            return b"\x00"
        return (MORTAL_BLOCKS.bit_length() - 2 | self.birth[0] % MORTAL_BLOCKS << 4).to_bytes(2, "little")

    @property
    def implied(self) -> bytes:
        """What is signed and not sent; no metadata hash."""
        checkpoint = self.genesis if self.birth is None else self.birth[1]
        return u32(self.spec_version) + u32(self.transaction_version) + self.genesis + checkpoint + b"\x00"


class Wallet:
    """An account of the load. Not for real money.

    Its key, public and private, comes of its name where none is given: so a stage can be set again.
    """

    def __init__(self, name: str, pair: tuple[bytes, bytes] | None = None) -> None:
        self.name = name
        self._pair = pair or sr25519.pair_from_seed(blake2b(f"assay/load/{name}".encode(), digest_size=32).digest())
        self.public = self._pair[0]
        self.nonce = 0

    def sign(self, facts: Facts, call: bytes) -> bytes:
        """The next transaction of the account, with its length in front."""
        extension = facts.era + compact(self.nonce) + compact(0) + b"\x00"
        message = call + extension + facts.implied
        if len(message) > 256:
            message = blake2b(message, digest_size=32).digest()
        signature = sr25519.sign(self._pair, message)
        body = b"\x84\x00" + self.public + b"\x01" + signature + extension + call
        self.nonce += 1
        return compact(len(body)) + body
