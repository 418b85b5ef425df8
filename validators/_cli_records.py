"""What the commands of this room print."""

from __future__ import annotations

from dataclasses import dataclass

from offchain.cli.units import Block, Planck, Ppm

__all__ = ["DatasetLine", "Estimate", "RoundLine", "Status", "StewardStatus", "UnlockingLine"]


@dataclass(frozen=True)
class UnlockingLine:
    """A part of the bond on its way out."""

    amount_planck: Planck
    withdrawable_at: Block


@dataclass(frozen=True)
class RoundLine:
    """An open round and this account's part in it."""

    round: int
    state: str
    part: str
    seats: int
    until: Block


@dataclass(frozen=True)
class Status:
    """A validator at a finalized block."""

    account: str
    at: Block
    active: bool
    bond_planck: Planck
    unlocking: list[UnlockingLine]
    max_checkpoint_mb: int
    max_concurrent: int
    misses: int
    absences: int
    owed_planck: Planck
    free_planck: Planck
    rounds: list[RoundLine]


@dataclass(frozen=True)
class Estimate:
    """What a round on a benchmark would bring with a bond."""

    benchmark: int
    seats: int
    most_seats_an_account_may_hold: int
    reward_per_seat_planck: Planck
    subsidy_per_round_planck: Planck
    bond_planck: Planck
    bond_of_others_planck: Planck
    others: int
    share_of_seats_expected_ppm: Ppm
    reward_expected_planck: Planck
    fee_of_claiming_planck: Planck


@dataclass(frozen=True)
class DatasetLine:
    """A data set of a steward."""

    dataset: int
    name: str
    versions: int
    evaluations: int
    releases: int
    faults: int
    suspended: bool
    bond_planck: Planck


@dataclass(frozen=True)
class StewardStatus:
    """A steward at a finalized block."""

    account: str
    at: Block
    owed_planck: Planck
    datasets: list[DatasetLine]
    rounds_waiting_for_keys: list[int]
