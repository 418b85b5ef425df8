"""Models, sealed claims and checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from offchain.chain._typed import Address, Text
from offchain.chain.types.datasets import Licence

__all__ = ["Checkpoint", "CheckpointSpec", "CheckpointStatus", "Claim", "Model"]


class CheckpointStatus(Enum):
    """Where a checkpoint stands."""

    SUBMITTED = "Submitted"
    SCORED = "Scored"
    AVAILABLE = "Available"
    DEPRECATED = "Deprecated"


@dataclass(frozen=True)
class CheckpointSpec:
    """What a developer publishes when opening a claim. ``cid`` and ``card_cid`` are CIDs of 36 bytes."""

    id: bytes
    cid: bytes
    size_bytes: int
    architecture: Text
    card_cid: bytes
    card_hash: bytes
    operating_point_ppm: int
    parent: bytes | None


@dataclass(frozen=True)
class Model:
    """A registered model; contributors share in its fees, in parts per million."""

    owner: Address
    name: Text
    licence: Licence
    contributors: tuple[tuple[Address, int], ...]
    usage_price: int
    checkpoints: int
    deposit: int


@dataclass(frozen=True)
class Claim:
    """A sealed claim."""

    claimed_at: int
    deposit: int


@dataclass(frozen=True)
class Checkpoint:
    """A submitted checkpoint."""

    model: int
    owner: Address
    claimed_at: int
    opened_at: int
    locked: bool
    status: CheckpointStatus
    spec: CheckpointSpec
    uses: int
    deposit: int
