"""Data sets and their versions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from offchain.chain._typed import Address, Text

__all__ = [
    "Admission",
    "ClassCount",
    "Dataset",
    "DatasetVersion",
    "Description",
    "Licence",
    "Modality",
    "Prices",
    "Shard",
    "UsageCounts",
    "Use",
    "VersionSpec",
    "shard_indices",
]


class Modality(Enum):
    """How images were made."""

    XRAY = "Xray"
    CT = "Ct"
    MRI = "Mri"
    ULTRASOUND = "Ultrasound"
    PATHOLOGY = "Pathology"
    DERMATOLOGY = "Dermatology"
    OPHTHALMOLOGY = "Ophthalmology"
    OTHER_MEDICAL = "OtherMedical"
    INDUSTRIAL = "Industrial"
    OTHER = "Other"


class Admission(Enum):
    """Who may sit on committees."""

    BONDED = "Bonded"
    ACCREDITED = "Accredited"


class Use(Enum):
    """A kind of use of a data set."""

    EVALUATE = "Evaluate"
    TRAIN = "Train"
    INFER = "Infer"


@dataclass(frozen=True)
class Licence:
    """Terms of use: an SPDX identifier, or the blake2b-256 of a text. Exactly one of them."""

    spdx: str | None = None
    text_hash: bytes | None = None

    @classmethod
    def from_scale(cls, value: Any) -> Licence:
        """From the library's value of the enum."""
        if "Spdx" in value:
            return cls(spdx=bytes.fromhex(value["Spdx"][2:]).decode())
        return cls(text_hash=bytes.fromhex(value["TextHash"][2:]))

    def to_scale(self) -> dict[str, str]:
        """The library's value of the enum."""
        if (self.spdx is None) == (self.text_hash is None):
            raise ValueError("a licence is either an SPDX identifier or the hash of a text")
        if self.spdx is not None:
            return {"Spdx": "0x" + self.spdx.encode().hex()}
        return {"TextHash": "0x" + (self.text_hash or b"").hex()}

    def __str__(self) -> str:
        return self.spdx or f"text 0x{(self.text_hash or b'').hex()}"


@dataclass(frozen=True)
class Prices:
    """Price of one use, in planck."""

    evaluate: int
    train: int
    infer: int


@dataclass(frozen=True)
class ClassCount:
    """Samples and groups of one class."""

    samples: int
    groups: int


@dataclass(frozen=True)
class Shard:
    """One shard of a held-out split."""

    ciphertext_root: bytes
    key_commitment: bytes
    frames: int
    samples: int


@dataclass(frozen=True)
class VersionSpec:
    """What a steward publishes as a version. ``manifest`` and ``public_split`` are CIDs of 36 bytes."""

    manifest: bytes
    public_split: bytes
    label_root: bytes
    frame_bytes: int
    public_counts: tuple[ClassCount, ...]
    held_out_counts: tuple[ClassCount, ...]
    held_out_groups: int
    shards: tuple[Shard, ...]


@dataclass(frozen=True)
class Description:
    """What a data set is, fixed when it is registered."""

    name: Text
    modality: Modality
    task: Text
    classes: tuple[Text, ...]
    licence: Licence


@dataclass(frozen=True)
class Dataset:
    """A registered data set."""

    steward: Address
    description: Description
    prices: Prices
    admission: Admission
    versions: int
    faults: int
    suspended: bool
    deposit: int
    bond: int


@dataclass(frozen=True)
class DatasetVersion:
    """A published version. ``retired_shards`` is a set of shards as bits."""

    spec: VersionSpec
    retired: bool
    retired_shards: int
    deposit: int


@dataclass(frozen=True)
class UsageCounts:
    """How often a data set was used."""

    evaluations: int
    trainings: int
    inferences: int
    releases: int


def shard_indices(shards: int) -> tuple[int, ...]:
    """The shards of a set, ascending: bit ``i`` stands for shard ``i``."""
    return tuple(index for index in range(64) if shards >> index & 1)
