"""Recovery of the public key from an ECDSA signature over secp256k1 (SEC 1, section 4.1.6)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

# py_ecc raises the limit so far that hostile JSON, read anywhere in the process, overflows the C stack.
_LIMIT: Final = sys.getrecursionlimit()

from py_ecc.secp256k1.secp256k1 import (  # noqa: E402
    G,
    N,
    P,
    from_jacobian,
    inv,
    jacobian_add,
    jacobian_multiply,
    to_jacobian,
)

sys.setrecursionlimit(_LIMIT)

__all__ = ["BadSignature", "PublicKey", "recover"]

BAD_RS: Final = 0
BAD_V: Final = 1
BAD_SIGNATURE: Final = 2


class BadSignature(Exception):
    """No key can be recovered; ``variant`` is the index in ``sp_io::EcdsaVerifyError``."""

    def __init__(self, variant: int) -> None:
        super().__init__(variant)
        self.variant = variant


@dataclass(frozen=True)
class PublicKey:
    x: int
    y: int

    @property
    def plain(self) -> bytes:
        """64 bytes: x and y."""
        return self.x.to_bytes(32, "big") + self.y.to_bytes(32, "big")

    @property
    def compressed(self) -> bytes:
        """33 bytes: the parity of y, and x."""
        return bytes((2 + self.y % 2,)) + self.x.to_bytes(32, "big")


def recover(signature: bytes, digest: bytes) -> PublicKey:
    """The key that made the 65-byte ``signature`` (r, s, v; v as 0 to 3 or 27 to 30) over the 32-byte ``digest``."""
    r = int.from_bytes(signature[:32], "big")
    s = int.from_bytes(signature[32:64], "big")
    v = signature[64] - 27 if signature[64] > 26 else signature[64]
    if v > 3:
        raise BadSignature(BAD_V)
    if r >= N or s >= N:
        raise BadSignature(BAD_RS)
    x = r + N if v & 2 else r
    if r == 0 or s == 0 or x >= P:
        raise BadSignature(BAD_SIGNATURE)
    square = (pow(x, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        raise BadSignature(BAD_SIGNATURE)
    if y % 2 != v & 1:
        y = P - y
    inverse = inv(r, N)
    message = int.from_bytes(digest, "big")
    point = jacobian_add(
        jacobian_multiply(to_jacobian(G), -message * inverse % N),
        jacobian_multiply(to_jacobian((x, y)), s * inverse % N),
    )
    if point[2] == 0 or point[1] == 0:
        raise BadSignature(BAD_SIGNATURE)
    return PublicKey(*from_jacobian(point))
