"""A validator's BLS12-381 key: made, proven and checked as draft-irtf-cfrg-bls-signature's proof of possession."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass
from typing import Any

from offchain.crypto._errors import PossessionInvalid
from offchain.crypto._secrets import SecretBytes

__all__ = ["BLS_PROOF_BYTES", "BLS_PUBLIC_BYTES", "BlsKey", "check_possession"]

BLS_PUBLIC_BYTES = 48
BLS_PROOF_BYTES = 96
GROUP_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001


@dataclass(frozen=True, slots=True)
class BlsKey:
    """A secret scalar (32 bytes, big endian) with its public key (48 bytes in G1) and proof (96 bytes in G2)."""

    secret: SecretBytes
    public: bytes
    proof: bytes

    @classmethod
    def generate(cls) -> BlsKey:
        """A fresh key, by the standard's KeyGen over 32 random bytes; about half a second."""
        scheme = _scheme()
        scalar = int(scheme.KeyGen(secrets.token_bytes(32)))
        return cls(
            SecretBytes(scalar.to_bytes(32, "big")), bytes(scheme.SkToPk(scalar)), bytes(scheme.PopProve(scalar))
        )

    @classmethod
    def restore(cls, secret: SecretBytes) -> BlsKey:
        """The key of a stored scalar. Raises PossessionInvalid for one outside the group's order."""
        scheme = _scheme()
        scalar = int.from_bytes(secret.reveal(), "big")
        if len(secret) != 32 or not 0 < scalar < GROUP_ORDER:
            raise PossessionInvalid("the stored BLS secret is no scalar of BLS12-381")
        return cls(secret, bytes(scheme.SkToPk(scalar)), bytes(scheme.PopProve(scalar)))


def check_possession(public: bytes, proof: bytes) -> None:
    """Raise PossessionInvalid unless ``proof`` shows knowledge of the secret of ``public``; about a second."""
    if len(public) != BLS_PUBLIC_BYTES or len(proof) != BLS_PROOF_BYTES or not _scheme().PopVerify(public, proof):
        raise PossessionInvalid("the BLS key comes without a valid proof of possession", subject=public.hex())


def _scheme() -> Any:
    """py_ecc's scheme, loaded when needed and without its side effect.

    Its import raises the interpreter's recursion limit so far that hostile, deeply nested JSON overflows the C stack
    and kills the process instead of raising RecursionError.
    """
    limit = sys.getrecursionlimit()
    try:
        from py_ecc.bls import G2ProofOfPossession
    finally:
        sys.setrecursionlimit(limit)
    return G2ProofOfPossession
