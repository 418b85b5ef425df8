"""The encrypted key of polkadot.js, version "3": scrypt, and XSalsa20-Poly1305 around a PKCS#8 structure.

Layout of what is encrypted: a header, the secret in its ed25519 form (64 bytes), a divider, the public key (32 bytes);
before the ciphertext stand the salt (32 bytes), scrypt's N, p and r (4 bytes each, little endian) and the nonce (24).
Written here because the library refuses the costlier scrypt parameters that polkadot.js writes by now.
Source: polkadot-js/common, packages/keyring/src/pair and packages/util-crypto/src/{json,scrypt}.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import time
from typing import Any

import nacl.exceptions
import nacl.secret
import sr25519

from offchain.chain.errors import KeyFileUnfit, WrongPassphrase

__all__ = ["decrypt", "encrypt"]

HEADER = bytes((48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32))
DIVIDER = bytes((161, 35, 3, 33, 0))
SALT, PARAMETERS, NONCE, SECRET, PUBLIC = 32, 12, 24, 64, 32
COST = (1 << 17, 1, 8)
"""N, p and r of what we write: what polkadot.js writes now."""
ALLOWED_COSTS = {(1 << 13, 10, 8), (1 << 14, 5, 8), (1 << 15, 3, 8), (1 << 15, 1, 8), (1 << 16, 2, 8), COST}
"""What polkadot.js accepts: a file cannot ask for a computation without end."""
ENCODING = {"content": ["pkcs8", "sr25519"], "type": ["scrypt", "xsalsa20-poly1305"], "version": "3"}


def encrypt(public_key: bytes, secret_key: bytes, passphrase: str, *, address: str, name: str) -> dict[str, Any]:
    """The document of an sr25519 pair."""
    message = HEADER + sr25519.convert_secret_key_to_ed25519(secret_key) + DIVIDER + public_key
    salt = os.urandom(SALT)
    sealed = nacl.secret.SecretBox(_key(passphrase, salt, COST)).encrypt(message)
    cost = b"".join(number.to_bytes(4, "little") for number in COST)
    return {
        "encoded": base64.b64encode(salt + cost + bytes(sealed)).decode(),
        "encoding": ENCODING,
        "address": address,
        "meta": {"name": name, "tags": [], "whenCreated": int(time.time() * 1_000)},
    }


def decrypt(document: dict[str, Any], passphrase: str, source: str) -> tuple[bytes, bytes]:
    """Public and secret key of a document.

    Raises:
        KeyFileUnfit: the document is not what :data:`ENCODING` says, or holds another key than it claims.
        WrongPassphrase: the passphrase does not open it.
    """
    try:
        encoded = base64.b64decode(document["encoded"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyFileUnfit("the encrypted part is not base64", subject=source) from error
    salt, numbers, rest = encoded[:SALT], encoded[SALT : SALT + PARAMETERS], encoded[SALT + PARAMETERS :]
    cost = tuple(int.from_bytes(numbers[at : at + 4], "little") for at in (0, 4, 8))
    if len(rest) < NONCE or cost not in ALLOWED_COSTS:
        raise KeyFileUnfit("the encrypted part is cut short or asks for an unknown scrypt", subject=source)
    try:
        message = nacl.secret.SecretBox(_key(passphrase, salt, cost)).decrypt(rest)
    except nacl.exceptions.CryptoError:
        raise WrongPassphrase("the passphrase does not open this key", subject=source) from None
    secret, tail = message[len(HEADER) : len(HEADER) + SECRET], message[len(HEADER) + SECRET :]
    if not message.startswith(HEADER) or not tail.startswith(DIVIDER) or len(tail) != len(DIVIDER) + PUBLIC:
        raise KeyFileUnfit("the file holds no sr25519 key", subject=source)
    public_key, secret_key = sr25519.pair_from_ed25519_secret_key(secret)
    if public_key != tail[len(DIVIDER) :]:
        raise KeyFileUnfit("the secret in the file is not that of its public key", subject=source)
    return public_key, secret_key


def _key(passphrase: str, salt: bytes, cost: tuple[int, ...]) -> bytes:
    n, p, r = cost
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, dklen=32, maxmem=1 << 28)
