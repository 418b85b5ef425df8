"""Why the pool refuses a transaction; ``rpc_code`` and ``data`` are what a Substrate node answers."""

from __future__ import annotations

from typing import ClassVar

from ._errors import DevChainError

__all__ = [
    "AlreadyImported",
    "BadFormat",
    "ImmediatelyDropped",
    "InvalidTransaction",
    "NoTags",
    "PoolRefusal",
    "PriorityTooLow",
    "TemporarilyBanned",
    "UnknownValidity",
    "VerificationFailed",
]


class PoolRefusal(DevChainError):
    """The root of the refusals.

    Args:
        what: the message of the JSON-RPC error.
        data: its ``data``.
    """

    code: ClassVar[int] = 920
    rpc_code: ClassVar[int] = 1040

    def __init__(self, what: str, data: str | None = None, *, subject: str | None = None, hint: str = "") -> None:
        super().__init__(what, subject=subject or data, hint=hint)
        self.data = data


class BadFormat(PoolRefusal):
    """The bytes are no extrinsic."""

    code: ClassVar[int] = 921
    rpc_code: ClassVar[int] = 1001


class VerificationFailed(PoolRefusal):
    """The runtime stops when it is asked about the bytes: they are no extrinsic of its."""

    code: ClassVar[int] = 929
    rpc_code: ClassVar[int] = 1002


class InvalidTransaction(PoolRefusal):
    """The runtime calls the transaction invalid."""

    code: ClassVar[int] = 922
    rpc_code: ClassVar[int] = 1010


class UnknownValidity(PoolRefusal):
    """The runtime cannot tell whether the transaction is valid."""

    code: ClassVar[int] = 923
    rpc_code: ClassVar[int] = 1011


class TemporarilyBanned(PoolRefusal):
    """The same bytes were included, expired or found invalid a short while ago."""

    code: ClassVar[int] = 924
    rpc_code: ClassVar[int] = 1012


class AlreadyImported(PoolRefusal):
    """The same bytes are in the pool."""

    code: ClassVar[int] = 925
    rpc_code: ClassVar[int] = 1013


class PriorityTooLow(PoolRefusal):
    """Another transaction with the same nonce has the same priority or more."""

    code: ClassVar[int] = 926
    rpc_code: ClassVar[int] = 1014


class ImmediatelyDropped(PoolRefusal):
    """The pool is full of better transactions."""

    code: ClassVar[int] = 927
    rpc_code: ClassVar[int] = 1016


class NoTags(PoolRefusal):
    """The transaction provides no tags, so the pool cannot identify it."""

    code: ClassVar[int] = 928
    rpc_code: ClassVar[int] = 1019
