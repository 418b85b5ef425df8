"""Headers and blocks as ``sp_runtime::generic`` encodes them, and as JSON-RPC shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from offchain.scale import compact, decode_compact, decode_vec, vec

from ._trie_codec import blake2_256

__all__ = [
    "AURA",
    "Block",
    "Header",
    "decode_extrinsics",
    "encode_extrinsics",
    "extrinsic_length",
    "pre_runtime",
    "seal_of",
    "slot_of",
    "with_seal",
]

AURA: Final = b"aura"
_SEAL: Final = 5
_PRE_RUNTIME: Final = 6
_ENGINE_ITEMS: Final = frozenset({4, _SEAL, _PRE_RUNTIME})
_OTHER: Final = 0
_ENVIRONMENT_UPDATED: Final = 8


@dataclass(frozen=True)
class Header:
    """A block's header.

    Args:
        parent: hash of the parent's header.
        number: height; genesis is 0.
        state_root: trie root after the block.
        extrinsics_root: ordered trie root of the extrinsics.
        digest: the encoded log items.
    """

    parent: bytes
    number: int
    state_root: bytes = bytes(32)
    extrinsics_root: bytes = bytes(32)
    digest: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """SCALE."""
        parts = [self.parent, compact(self.number), self.state_root, self.extrinsics_root, compact(len(self.digest))]
        return b"".join([*parts, *self.digest])

    @cached_property
    def hash(self) -> bytes:
        """blake2b-256 of the encoded header: the block's hash when the header is sealed."""
        return blake2_256(self.encode())

    @classmethod
    def decode(cls, data: bytes, offset: int = 0) -> tuple[Header, int]:
        """The header at ``offset`` and the offset after it; ValueError when malformed."""
        number, middle = decode_compact(data, offset + 32)
        count, position = decode_compact(data, middle + 64)
        digest = []
        for _ in range(count):
            end = _digest_item_end(data, position)
            digest.append(data[position:end])
            position = end
        header = cls(
            parent=data[offset : offset + 32],
            number=number,
            state_root=data[middle : middle + 32],
            extrinsics_root=data[middle + 32 : middle + 64],
            digest=tuple(digest),
        )
        return header, position

    def as_json(self) -> dict[str, Any]:
        """The header as ``chain_getHeader`` shows it."""
        return {
            "parentHash": "0x" + self.parent.hex(),
            "number": hex(self.number),
            "stateRoot": "0x" + self.state_root.hex(),
            "extrinsicsRoot": "0x" + self.extrinsics_root.hex(),
            "digest": {"logs": ["0x" + item.hex() for item in self.digest]},
        }


@dataclass(frozen=True)
class Block:
    """A sealed header and its extrinsics, each with its length prefix."""

    header: Header
    extrinsics: tuple[bytes, ...]

    def encode(self) -> bytes:
        """SCALE."""
        return self.header.encode() + encode_extrinsics(self.extrinsics)

    @classmethod
    def decode(cls, data: bytes, offset: int = 0) -> tuple[Block, int]:
        """The block at ``offset`` and the offset after it; ValueError when malformed."""
        header, position = Header.decode(data, offset)
        extrinsics, end = decode_extrinsics(data, position)
        return cls(header, extrinsics), end


def encode_extrinsics(extrinsics: Sequence[bytes]) -> bytes:
    """The body of a block."""
    return compact(len(extrinsics)) + b"".join(extrinsics)


def decode_extrinsics(data: bytes, offset: int = 0) -> tuple[tuple[bytes, ...], int]:
    """The body at ``offset``, each extrinsic with its length prefix, and the offset after it."""
    count, position = decode_compact(data, offset)
    extrinsics = []
    for _ in range(count):
        end = decode_vec(data, position)[1]
        extrinsics.append(data[position:end])
        position = end
    return tuple(extrinsics), position


def extrinsic_length(data: bytes) -> int:
    """Bytes the first extrinsic in ``data`` takes with its prefix; ValueError when cut off."""
    return decode_vec(data)[1]


def pre_runtime(slot: int) -> bytes:
    """The digest item by which an author claims ``slot``."""
    return bytes([_PRE_RUNTIME]) + AURA + vec(slot.to_bytes(8, "little"))


def slot_of(header: Header) -> int | None:
    """The slot the header claims, or None where there is no such digest."""
    for item in header.digest:
        if item[0] == _PRE_RUNTIME and item[1:5] == AURA:
            return int.from_bytes(decode_vec(item, 5)[0], "little")
    return None


def with_seal(header: Header, signature: bytes) -> Header:
    """The header with the author's signature over its hash as the last digest item."""
    return replace(header, digest=(*header.digest, bytes([_SEAL]) + AURA + vec(signature)))


def seal_of(header: Header) -> tuple[Header, bytes] | None:
    """The header without its seal, and the signature; None where the last item is no aura seal."""
    if not header.digest or header.digest[-1][:5] != bytes([_SEAL]) + AURA:
        return None
    return replace(header, digest=header.digest[:-1]), decode_vec(header.digest[-1], 5)[0]


def _digest_item_end(data: bytes, offset: int) -> int:
    if offset >= len(data):
        raise ValueError("a digest is cut off")
    kind = data[offset]
    if kind in _ENGINE_ITEMS:
        return decode_vec(data, offset + 5)[1]
    if kind == _OTHER:
        return decode_vec(data, offset + 1)[1]
    if kind == _ENVIRONMENT_UPDATED:
        return offset + 1
    raise ValueError(f"digest item of unknown kind {kind}")
