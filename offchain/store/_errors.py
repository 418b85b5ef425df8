"""What can go wrong with content-addressed blocks and objects.

::

    StoreError (200)
    ├── CidInvalid (201)         text or bytes that are no CIDv1 with raw codec and sha2-256
    ├── BlockMissing (202)       the store does not hold the block
    ├── BlockCorrupt (203)       bytes that do not hash to their id
    ├── BlockTooLarge (204)      a block over 1 MiB
    ├── ManifestInvalid (205)    a block that is no object manifest, or one whose sizes lie
    ├── ObjectTooLarge (206)     an object over the caller's cap
    ├── DeadlinePassed (207)     the transfer took longer than the caller allowed
    ├── StoreFull (208)          the store's own cap is reached
    ├── StoreUnreachable (209)   the disk or the daemon does not answer
    └── StoreAddressInvalid (210) an address that `open_store` does not understand
"""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = [
    "BlockCorrupt",
    "BlockMissing",
    "BlockTooLarge",
    "CidInvalid",
    "DeadlinePassed",
    "ManifestInvalid",
    "ObjectTooLarge",
    "StoreAddressInvalid",
    "StoreError",
    "StoreFull",
    "StoreUnreachable",
]


class StoreError(AssayError):
    """Root of this room's errors."""

    code: ClassVar[int] = 200


class CidInvalid(StoreError):
    """Not a CIDv1 with raw codec and sha2-256."""

    code: ClassVar[int] = 201


class BlockMissing(StoreError):
    """The store does not hold the block."""

    code: ClassVar[int] = 202


class BlockCorrupt(StoreError):
    """The bytes found do not hash to their id."""

    code: ClassVar[int] = 203


class BlockTooLarge(StoreError):
    """A block of more than 1 MiB."""

    code: ClassVar[int] = 204


class ManifestInvalid(StoreError):
    """A block is no object manifest, or its sizes do not fit what it lists."""

    code: ClassVar[int] = 205


class ObjectTooLarge(StoreError):
    """An object is larger than the caller allows."""

    code: ClassVar[int] = 206


class DeadlinePassed(StoreError):
    """A transfer took longer than the caller allows."""

    code: ClassVar[int] = 207


class StoreFull(StoreError):
    """The store's own size cap is reached."""

    code: ClassVar[int] = 208


class StoreUnreachable(StoreError):
    """The disk or the daemon behind the store does not answer as it should."""

    code: ClassVar[int] = 209


class StoreAddressInvalid(StoreError):
    """The address names no kind of store."""

    code: ClassVar[int] = 210
