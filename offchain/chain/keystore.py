"""Encrypted keys on disk, in the format of polkadot.js: any of its tools opens ours, and ours theirs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from substrateinterface import Keypair

from offchain.chain._files import home, write_new
from offchain.chain._polkadot_js import ENCODING, decrypt, encrypt
from offchain.chain._runtime import SS58_PREFIX
from offchain.chain.errors import KeyExists, KeyFileUnfit, KeyNotFound, WrongPassphrase
from offchain.chain.signer import Signer, account_bytes

__all__ = ["KeyStore", "StoredKey"]

MAX_KEY_FILE = 64 * 1024
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SHORTEST_PASSPHRASE = 8


@dataclass(frozen=True)
class StoredKey:
    """A key on disk."""

    name: str
    address: str
    path: Path


class KeyStore:
    """The keys of one folder, one ``NAME.json`` each, readable by their owner only.

    Args:
        folder: the folder; ``$ASSAY_HOME/keys`` by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home() / "keys"

    def list(self) -> tuple[StoredKey, ...]:
        """Every key, by name. Files that are none are passed over."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                found.append(StoredKey(path.stem, str(_read(path)["address"]), path))
            except KeyFileUnfit:
                continue
        return tuple(found)

    def find(self, name_or_address: str) -> StoredKey:
        """The key of that name or address."""
        for key in self.list():
            if name_or_address in {key.name, key.address}:
                return key
        raise KeyNotFound(
            "no such key", subject=name_or_address, hint=f"assay account list shows those in {self.folder}"
        )

    def open(self, name_or_address: str, passphrase: str) -> Signer:
        """Decrypts a key.

        Raises:
            KeyNotFound: there is none of that name or address.
            WrongPassphrase: the passphrase does not open it.
        """
        key = self.find(name_or_address)
        return Signer(_decrypt(_read(key.path), passphrase, str(key.path)), key.name)

    def create(self, name: str, passphrase: str) -> tuple[Signer, str]:
        """Makes a key and returns its signer with the 12 words that can make it again."""
        words = str(Keypair.generate_mnemonic(12))
        return self.import_secret(name, words, passphrase), words

    def import_secret(self, name: str, secret: str, passphrase: str) -> Signer:
        """Stores the key of a mnemonic, of a secret URI (``words//path``), or of a seed of 32 bytes as hex."""
        try:
            if re.fullmatch(r"0x[0-9a-fA-F]{64}", secret.strip()):
                pair = Keypair.create_from_seed(secret.strip(), ss58_format=SS58_PREFIX)
            else:
                pair = Keypair.create_from_uri(" ".join(secret.split()), ss58_format=SS58_PREFIX)
        except (ValueError, NotImplementedError, AttributeError, TypeError):
            raise KeyFileUnfit("not a mnemonic, a secret URI or a seed", hint="12 or 24 English words") from None
        return self._store(name, pair, passphrase)

    def import_json(self, document: str, passphrase: str, name: str | None = None) -> Signer:
        """Stores a key that polkadot.js exported, under its own name unless another is given."""
        exported = _parse(document, "the export")
        own_name = str(exported.get("meta", {}).get("name", "") or "imported")
        pair = _decrypt(exported, passphrase, own_name)
        return self._store(
            name or re.sub(r"[^A-Za-z0-9._-]+", "-", own_name).strip("-.") or "imported", pair, passphrase
        )

    def export(self, name_or_address: str) -> str:
        """The encrypted document, as polkadot.js imports it."""
        return self.find(name_or_address).path.read_text(encoding="utf-8")

    def _store(self, name: str, pair: Any, passphrase: str) -> Signer:
        if not NAME.fullmatch(name):
            raise KeyFileUnfit("a key's name has letters, digits, dots, dashes and underscores", subject=name)
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise WrongPassphrase(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters")
        for key in self.list():
            if key.address == pair.ss58_address:
                raise KeyExists("this key is stored already", subject=key.name)
        address = str(pair.ss58_address)
        document = json.dumps(encrypt(pair.public_key, pair.private_key, passphrase, address=address, name=name))
        try:
            write_new(self.folder / f"{name}.json", document.encode())
        except FileExistsError:
            raise KeyExists("a key of that name exists", subject=name) from None
        return Signer(pair, name)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_KEY_FILE:
            raise KeyFileUnfit("the file is too large for a key", subject=str(path))
        return _parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileUnfit("the file cannot be read", subject=str(path)) from error


def _parse(document: str, source: str) -> dict[str, Any]:
    try:
        found = json.loads(document)
        fits = isinstance(found["encoded"], str) and isinstance(found["address"], str) and found["encoding"] == ENCODING
    except (ValueError, KeyError, TypeError):
        fits = False
    if not fits:
        raise KeyFileUnfit("not an encrypted sr25519 key of polkadot.js, version 3", subject=source)
    return dict(found)


def _decrypt(document: dict[str, Any], passphrase: str, source: str) -> Any:
    public_key, secret_key = decrypt(document, passphrase, source)
    if account_bytes(document["address"]) != public_key:
        raise KeyFileUnfit("the secret in the file is not that of its address", subject=source)
    return Keypair(public_key=public_key, private_key=secret_key, ss58_format=SS58_PREFIX)
