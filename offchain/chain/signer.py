"""Who signs: a key pair that never shows its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from substrateinterface import Keypair

from offchain.chain._runtime import SS58_PREFIX
from offchain.chain.errors import DevelopmentKeyRefused, KeyFileUnfit

if TYPE_CHECKING:
    from offchain.chain.client import ChainClient

__all__ = ["DEVELOPMENT_NAMES", "Signer", "account_bytes", "address_of", "development_signer"]

DEVELOPMENT_NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie")


class _Chain(Protocol):
    def is_development(self) -> bool: ...


class Signer:
    """An sr25519 key pair that can sign.

    Attributes:
        address: the account as SS58 text.
        name: what its owner calls it.
    """

    def __init__(self, pair: Any, name: str) -> None:
        self._pair = pair
        self.name = name
        self.address: str = pair.ss58_address

    @property
    def public_key(self) -> bytes:
        """The account's 32 bytes."""
        return bytes(self._pair.public_key)

    @property
    def pair(self) -> Any:
        """The pair, for the library that builds extrinsics."""
        return self._pair

    def sign(self, message: bytes) -> bytes:
        """An sr25519 signature of 64 bytes."""
        return bytes(self._pair.sign(message))

    def __repr__(self) -> str:
        return f"Signer({self.name}, {self.address})"

    def __reduce__(self) -> Any:
        raise TypeError("a signer does not leave its process")


def development_signer(uri: str, chain: ChainClient | _Chain) -> Signer:
    """The signer of a well-known secret such as ``//Alice``.

    Raises:
        DevelopmentKeyRefused: the chain is not one for development: there, everybody holds this key.
    """
    if not chain.is_development():
        raise DevelopmentKeyRefused(
            "everybody knows the secret of this key", subject=uri, hint="make a key of your own: assay account new"
        )
    if not uri.startswith("//"):
        raise KeyFileUnfit("a development key is written //Name", subject=uri)
    return Signer(Keypair.create_from_uri(uri, ss58_format=SS58_PREFIX), uri)


def address_of(public_key: bytes) -> str:
    """The SS58 text of an account's 32 bytes."""
    return str(Keypair(public_key=public_key, ss58_format=SS58_PREFIX).ss58_address)


def account_bytes(address: str) -> bytes:
    """The 32 bytes of an account given as SS58 text, of whichever network.

    Raises:
        KeyFileUnfit: the text is no address.
    """
    try:
        return bytes(Keypair(ss58_address=address).public_key)
    except (ValueError, TypeError, IndexError) as error:
        raise KeyFileUnfit("not an account's address", subject=address) from error
