"""Signature host functions (``sp_io::crypto``) that need no keystore."""

from __future__ import annotations

from hashlib import blake2b

import ed25519_zebra
import sr25519

from ._host import Host, Kind, fixed, host_function
from ._host_secp256k1 import BadSignature, recover

__all__: list[str] = []

_B, _U32 = Kind.BYTES, Kind.U32


def _blake2_256(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


@host_function("ext_crypto_sr25519_verify_version_2", fixed(64), _B, fixed(32), returns=_U32)
def _sr25519(_host: Host, signature: bytes, message: bytes, public: bytes) -> int:
    try:
        return int(sr25519.verify(signature, message, public))
    except ValueError:
        return 0


@host_function("ext_crypto_ed25519_verify_version_1", fixed(64), _B, fixed(32), returns=_U32)
def _ed25519(_host: Host, signature: bytes, message: bytes, public: bytes) -> int:
    """By the rules of ZIP 215, as the native node; libsodium refuses signatures that these accept."""
    try:
        return int(ed25519_zebra.ed_verify(signature, message, public))
    except ValueError:
        return 0


def _ecdsa_verify(signature: bytes, digest: bytes, public: bytes) -> int:
    try:
        return int(recover(signature, digest).compressed == public)
    except BadSignature:
        return 0


@host_function("ext_crypto_ecdsa_verify_version_2", fixed(65), _B, fixed(33), returns=_U32)
def _ecdsa(_host: Host, signature: bytes, message: bytes, public: bytes) -> int:
    return _ecdsa_verify(signature, _blake2_256(message), public)


@host_function("ext_crypto_ecdsa_verify_prehashed_version_1", fixed(65), fixed(32), fixed(33), returns=_U32)
def _ecdsa_prehashed(_host: Host, signature: bytes, digest: bytes, public: bytes) -> int:
    return _ecdsa_verify(signature, digest, public)


@host_function("ext_crypto_secp256k1_ecdsa_recover_version_2", fixed(65), fixed(32), returns=_B)
def _recover(_host: Host, signature: bytes, digest: bytes) -> bytes:
    """``Result<[u8; 64], EcdsaVerifyError>``."""
    try:
        return b"\x00" + recover(signature, digest).plain
    except BadSignature as bad:
        return bytes((1, bad.variant))


@host_function("ext_crypto_secp256k1_ecdsa_recover_compressed_version_2", fixed(65), fixed(32), returns=_B)
def _recover_compressed(_host: Host, signature: bytes, digest: bytes) -> bytes:
    """``Result<[u8; 33], EcdsaVerifyError>``."""
    try:
        return b"\x00" + recover(signature, digest).compressed
    except BadSignature as bad:
        return bytes((1, bad.variant))
