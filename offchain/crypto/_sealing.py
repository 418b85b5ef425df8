"""Shard keys on their way: sealed to one-time X25519 keys, held against their commitments on arrival."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from nacl.exceptions import CryptoError as NaclError
from nacl.public import PrivateKey, PublicKey, SealedBox

from offchain.crypto._commitments import shard_key_commitment
from offchain.crypto._errors import KeyInvalid
from offchain.crypto._secrets import SecretBytes

__all__ = ["KEY_BYTES", "SEALED_KEY_BYTES", "OneTimeKey", "check_shard_key", "seal_key"]

KEY_BYTES = 32
SEALED_KEY_BYTES = 80


class OneTimeKey:
    """An X25519 keypair for one round, or for one actor; nothing old opens once it is wiped.

    Args:
        secret: 32 bytes, for a key that comes back from a journal; a fresh one without it.
    """

    def __init__(self, secret: SecretBytes | None = None) -> None:
        self._secret = SecretBytes.random(KEY_BYTES) if secret is None else secret
        if len(self._secret) != KEY_BYTES:
            raise KeyInvalid(f"an X25519 secret has {KEY_BYTES} bytes, not {len(self._secret)}")
        self.public: bytes = bytes(PrivateKey(self._secret.reveal()).public_key)

    @property
    def secret(self) -> SecretBytes:
        """The 32 secret bytes, for a journal that must survive a restart."""
        return self._secret

    def open(self, sealed: bytes, commitment: bytes | None = None) -> SecretBytes:
        """The 32-byte key in a libsodium sealed box.

        Args:
            sealed: 80 bytes.
            commitment: what the chain stores of the key; checked when given.

        Raises KeyInvalid when the box is not for this key, was changed, or holds another key.
        """
        if len(sealed) != SEALED_KEY_BYTES:
            raise KeyInvalid(f"a sealed key has {SEALED_KEY_BYTES} bytes, not {len(sealed)}")
        try:
            key = SecretBytes(SealedBox(PrivateKey(self._secret.reveal())).decrypt(sealed))
        except NaclError:
            raise KeyInvalid("the sealed key does not open with this one-time key") from None
        if commitment is not None:
            check_shard_key(key, commitment)
        return key

    def open_all(self, sealed: Sequence[bytes], commitments: Sequence[bytes]) -> list[SecretBytes]:
        """The keys of several shards, each against its commitment; KeyInvalid names the first bad one."""
        if len(sealed) != len(commitments):
            raise KeyInvalid(f"{len(sealed)} sealed keys came for {len(commitments)} shards")
        keys = []
        for at, (box, commitment) in enumerate(zip(sealed, commitments, strict=True)):
            try:
                keys.append(self.open(box, commitment))
            except KeyInvalid as error:
                raise KeyInvalid(error.what, subject=f"sealed key {at}", hint=error.hint) from None
        return keys

    def wipe(self) -> None:
        """Forget the secret half."""
        self._secret.wipe()

    def __repr__(self) -> str:
        return f"OneTimeKey(public={self.public.hex()})"


def seal_key(key: SecretBytes, public: bytes) -> bytes:
    """``key`` in a libsodium sealed box of 80 bytes that only the owner of X25519 key ``public`` opens."""
    if len(key) != KEY_BYTES:
        raise KeyInvalid(f"a shard key has {KEY_BYTES} bytes, not {len(key)}")
    if len(public) != KEY_BYTES:
        raise KeyInvalid(f"an X25519 public key has {KEY_BYTES} bytes, not {len(public)}")
    try:
        return bytes(SealedBox(PublicKey(public)).encrypt(key.reveal()))
    except NaclError:
        raise KeyInvalid("nothing can be sealed to this X25519 key", subject=public.hex()) from None


def check_shard_key(key: SecretBytes, commitment: bytes) -> None:
    """Raise KeyInvalid unless ``key`` is the one its steward committed to on chain."""
    if len(key) != KEY_BYTES or not hmac.compare_digest(shard_key_commitment(key.reveal()), commitment):
        raise KeyInvalid(
            "the key does not fit its commitment on chain",
            hint="decline the round with KeyInvalid: the steward released a wrong key",
        )
