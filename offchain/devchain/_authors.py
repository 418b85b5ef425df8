"""The keys of the well-known development accounts, which author the embedded chain's blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import sr25519

from offchain.scale import vec

__all__ = ["Author", "development_authors", "verify"]

NAMES: Final = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie")
# Mini secret of the phrase that every Substrate chain uses for development (sp_core::crypto::DEV_PHRASE).
_DEVELOPMENT_SEED: Final = bytes.fromhex("fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e")


@dataclass(frozen=True)
class Author:
    """One development account: ``//Alice`` and the like. Public knowledge, worthless anywhere else."""

    name: str
    public: bytes
    _secret: bytes

    def sign(self, message: bytes) -> bytes:
        """The 64-byte sr25519 signature over ``message``."""
        signature: bytes = sr25519.sign((self.public, self._secret), message)
        return signature

    def __repr__(self) -> str:
        return f"Author({self.name})"


@cache
def development_authors() -> dict[bytes, Author]:
    """The development accounts by public key."""
    public, secret = sr25519.pair_from_seed(_DEVELOPMENT_SEED)
    authors = []
    for name in NAMES:
        junction = vec(name.encode()).ljust(32, b"\0")
        _, child_public, child_secret = sr25519.hard_derive_keypair((junction, public, secret), b"")
        authors.append(Author(name, child_public, child_secret))
    return {author.public: author for author in authors}


def verify(signature: bytes, message: bytes, public: bytes) -> bool:
    """Whether the sr25519 signature over ``message`` is by ``public``."""
    return len(signature) == 64 and bool(sr25519.verify(signature, message, public))
