"""From what a person types to an address or a signer: the one place where commands turn names into keys."""

from __future__ import annotations

from pathlib import Path

from substrateinterface import Keypair

from offchain.chain._runtime import SS58_PREFIX
from offchain.chain.client import ChainClient
from offchain.chain.errors import KeyFileUnfit, KeyNotFound
from offchain.chain.keystore import KeyStore
from offchain.chain.passphrase import read_passphrase
from offchain.chain.signer import Signer, account_bytes, address_of, development_signer

__all__ = ["open_signer", "resolve_address"]


def resolve_address(text: str) -> str:
    """The address of a key's name, an address of any network, or a development name such as ``//Alice``."""
    if text.startswith("//"):
        return str(Keypair.create_from_uri(text, ss58_format=SS58_PREFIX).ss58_address)
    try:
        return KeyStore().find(text).address
    except KeyNotFound:
        try:
            return address_of(account_bytes(text))
        except KeyFileUnfit:
            raise KeyNotFound(
                "neither a key's name nor an address", subject=text, hint="assay account list shows the keys"
            ) from None


def open_signer(text: str, client: ChainClient, *, passphrase_file: Path | None = None) -> Signer:
    """The signer of a key's name or address, or of ``//Alice`` and the like on a development chain.

    Raises:
        KeyNotFound: no key of that name or address is on this machine.
        WrongPassphrase: the passphrase does not open it.
        DevelopmentKeyRefused: a well-known secret, and not a development chain.
    """
    if text.startswith("//"):
        return development_signer(text, client)
    store = KeyStore()
    key = store.find(text)
    return store.open(key.name, read_passphrase(f"the key {key.name}", file=passphrase_file))
