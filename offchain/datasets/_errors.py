"""What can go wrong with labels, splits, packing and opening; codes 500 to 519 of the block for images and data sets.

::

    DatasetError (500)
    ├── LabelsInvalid (501)       a labels file that cannot be used, and why
    ├── SplitImpossible (502)     a split that would measure nothing, and why
    ├── ImageRejected (503)       an image that must not be packed as it is
    ├── ManifestRefused (504)     a held-out manifest that breaks the format or differs from the chain
    ├── ShardCorrupt (505)        ciphertext that is not what the chain says
    ├── PublicSplitRefused (506)  a public split that breaks the format
    └── StewardKeysInvalid (507)  a key file that holds no steward's keys
"""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = [
    "DatasetError",
    "ImageRejected",
    "LabelsInvalid",
    "ManifestRefused",
    "PublicSplitRefused",
    "ShardCorrupt",
    "SplitImpossible",
    "StewardKeysInvalid",
]


class DatasetError(AssayError):
    """Root of this room's errors."""

    code: ClassVar[int] = 500


class LabelsInvalid(DatasetError):
    """The labels file cannot be used."""

    code: ClassVar[int] = 501


class SplitImpossible(DatasetError):
    """A side of the split would lack a class, or have too few groups, or share images with the other."""

    code: ClassVar[int] = 502


class ImageRejected(DatasetError):
    """An image that must not be packed as it is."""

    code: ClassVar[int] = 503


class ManifestRefused(DatasetError):
    """The manifest of a held-out split breaks the format, or differs from what the chain says."""

    code: ClassVar[int] = 504


class ShardCorrupt(DatasetError):
    """A shard's ciphertext is not what the chain says."""

    code: ClassVar[int] = 505


class PublicSplitRefused(DatasetError):
    """A public split breaks the format."""

    code: ClassVar[int] = 506


class StewardKeysInvalid(DatasetError):
    """A key file opens, but holds no steward's keys."""

    code: ClassVar[int] = 507
