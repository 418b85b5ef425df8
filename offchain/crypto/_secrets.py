"""Bytes that do not show themselves."""

from __future__ import annotations

import hmac
import secrets
from typing import NoReturn

from offchain.crypto._errors import SecretExposed

__all__ = ["SecretBytes"]


class SecretBytes:
    """Key material kept out of logs, tracebacks, copies and pickles; `reveal` is the one way to the bytes.

    The bytes lie in one mutable buffer, which `wipe` overwrites. Copies made by `reveal` are the caller's, and
    Python cannot promise that none lingers in freed memory.
    """

    __slots__ = ("_buffer",)

    def __init__(self, value: bytes | bytearray) -> None:
        self._buffer = bytearray(value)

    @classmethod
    def random(cls, size: int = 32) -> SecretBytes:
        """``size`` bytes from the system's generator."""
        return cls(secrets.token_bytes(size))

    def reveal(self) -> bytes:
        """The bytes. Raises SecretExposed after `wipe`."""
        if not self._buffer:
            raise SecretExposed("the secret was wiped and cannot be read again")
        return bytes(self._buffer)

    def wipe(self) -> None:
        """Overwrite the bytes and forget them."""
        for at in range(len(self._buffer)):
            self._buffer[at] = 0
        self._buffer = bytearray()

    def __len__(self) -> int:
        return len(self._buffer)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretBytes) and hmac.compare_digest(self._buffer, other._buffer)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "SecretBytes(hidden)"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise SecretExposed("a secret is neither copied nor pickled", hint="re-seal it to the receiver's key instead")
