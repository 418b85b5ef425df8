"""What an authority does that lies: another block of a slot, under its seal."""

from __future__ import annotations

from dataclasses import replace

from substrateinterface import Keypair, KeypairType

from offchain.chain.sealed import SealedHeader
from offchain.devchain import Author, development_authors

__all__ = ["address", "author", "sealed", "session_keys", "twin"]

SEAL = 5
"""The kind of digest item that a seal is."""


def address(name: str) -> str:
    """The account of a well-known name."""
    return str(Keypair.create_from_uri(f"//{name}", ss58_format=42).ss58_address)


def author(name: str) -> Author:
    """The Aura key of a well-known name."""
    return next(one for one in development_authors().values() if one.name == name)


def session_keys(name: str, owner: str) -> tuple[bytes, bytes]:
    """The session keys of a name, and the proof that the owner holds them."""
    aura = Keypair.create_from_uri(f"//{name}")
    grandpa = Keypair.create_from_seed(name.encode().ljust(32, b"\0"), crypto_type=KeypairType.ED25519)
    statement = b"POP_" + Keypair.create_from_uri(f"//{owner}").public_key
    return aura.public_key + grandpa.public_key, aura.sign(statement) + grandpa.sign(statement)


def sealed(name: str, header: SealedHeader) -> SealedHeader:
    """The header under the seal of a name."""
    bare = replace(header, logs=tuple(log for log in header.logs if log[0] != SEAL))
    signature = author(name).sign(bytes.fromhex(bare.hash[2:]))
    return replace(bare, logs=(*bare.logs, b"\x05aura\x01\x01" + signature))


def twin(name: str, header: SealedHeader) -> SealedHeader:
    """Another block of the same slot, sealed by a name."""
    return sealed(name, replace(header, extrinsics_root=bytes(31) + b"\x01"))
