"""What the runtime's APIs answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from offchain.chain._typed import Address
from offchain.chain.types.evaluation import RoundState

__all__ = ["FeeQuote", "LeaderboardEntry", "Waiting", "WaitsFor", "Why"]


class WaitsFor(Enum):
    """Whom a round waits for."""

    NOBODY = "Nobody"
    BLOCKS = "Blocks"
    ANYONE = "Anyone"
    MEMBERS = "Members"
    STEWARD = "Steward"


@dataclass(frozen=True)
class Waiting:
    """Whom a round waits for, by name: the members who owe it something, or who wait for the steward's keys."""

    on: WaitsFor
    members: tuple[Address, ...] = ()
    steward: Address | None = None

    @classmethod
    def from_scale(cls, value: Any) -> Waiting:
        """From the library's value of the enum."""
        if isinstance(value, str):
            return cls(WaitsFor(value))
        if "Steward" in value:
            return cls(WaitsFor.STEWARD, tuple(value["Steward"]["members"]), value["Steward"]["steward"])
        return cls(WaitsFor.MEMBERS, tuple(value["Members"]))


@dataclass(frozen=True)
class Why:
    """What a round waits for, from whom, until which block."""

    state: RoundState
    waits_for: Waiting
    until: int
    widened: bool
    draw_is_biasable_by_authors: bool


@dataclass(frozen=True)
class LeaderboardEntry:
    """A line of a leaderboard."""

    checkpoint: bytes
    model: int
    owner: Address
    round: int
    scores: tuple[int, ...]
    lower_ppm: int
    upper_ppm: int
    samples: int
    seats_agreed: int
    seats_accepted: int
    settled_at: int


@dataclass(frozen=True)
class FeeQuote:
    """What an evaluation would cost now, in planck."""

    compute: int
    treasury_cut: int
    steward: int
    total: int
    per_seat: int
    subsidy: int
