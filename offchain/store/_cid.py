"""Content ids: CIDv1, raw codec, sha2-256, and nothing else.

Source: multiformats/cid and multiformats/multibase. Binary: version 0x01, codec 0x55 (raw), multihash 0x12 0x20 and the
32-byte digest. Text: ``b`` and the RFC 4648 base32 of that, in lower case, without padding.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from offchain.store._errors import CidInvalid

__all__ = ["CID_BYTES", "Cid"]

CID_BYTES = 36
CID_TEXT_CHARS = 59
PREFIX = bytes((0x01, 0x55, 0x12, 0x20))


@dataclass(frozen=True, slots=True, order=True)
class Cid:
    """The id of one raw block."""

    digest: bytes

    def __post_init__(self) -> None:
        if len(self.digest) != 32:
            raise CidInvalid(f"a sha2-256 digest has 32 bytes, not {len(self.digest)}")

    @classmethod
    def of(cls, block: bytes) -> Cid:
        """The id of these bytes."""
        return cls(hashlib.sha256(block).digest())

    @classmethod
    def from_binary(cls, data: bytes) -> Cid:
        """The id in its 36 bytes, as the chain stores it."""
        if len(data) != CID_BYTES or not data.startswith(PREFIX):
            raise CidInvalid("these bytes are no CIDv1 with raw codec and sha2-256", subject=data[:CID_BYTES].hex())
        return cls(data[len(PREFIX) :])

    @classmethod
    def parse(cls, text: str) -> Cid:
        """The id in its text form ``bafkrei...``, in lower case and without slack."""
        if len(text) == CID_TEXT_CHARS and text.startswith("b") and text == text.lower():
            try:
                cid = cls.from_binary(base64.b32decode(text[1:].upper() + "=" * 6))
            except (binascii.Error, ValueError, CidInvalid):
                cid = None
            # base32 leaves two bits over: only the spelling that we would write is accepted.
            if cid is not None and str(cid) == text:
                return cid
        raise CidInvalid(
            "this is no CIDv1 with raw codec and sha2-256 in base32",
            subject=text[:80],
            hint="ids of objects in Assay begin with bafkrei",
        )

    @property
    def binary(self) -> bytes:
        """The 36 bytes that the chain stores."""
        return PREFIX + self.digest

    def __str__(self) -> str:
        return "b" + base64.b32encode(self.binary).decode("ascii").rstrip("=").lower()
