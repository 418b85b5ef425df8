"""Benchmarks, validators, rounds and their members."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from offchain.chain._typed import Address, Text
from offchain.chain.types.datasets import Admission

__all__ = [
    "Accepted",
    "Benchmark",
    "BenchmarkSpec",
    "Committed",
    "DeclineReason",
    "Declined",
    "Drawn",
    "Economics",
    "Keyed",
    "Limits",
    "Member",
    "Metric",
    "Missed",
    "Outcome",
    "Progress",
    "Reveal",
    "Revealed",
    "Round",
    "RoundState",
    "Stage",
    "State",
    "Tally",
    "Terms",
    "Unlocking",
    "Validator",
    "Windows",
]


class Metric(Enum):
    """A measure of a model."""

    ACCURACY = "Accuracy"
    BALANCED_ACCURACY = "BalancedAccuracy"
    SENSITIVITY = "Sensitivity"
    SPECIFICITY = "Specificity"
    AUROC = "Auroc"
    AVERAGE_PRECISION = "AveragePrecision"
    CALIBRATION_ERROR = "CalibrationError"


class DeclineReason(Enum):
    """Why a member cannot do its work."""

    CHECKPOINT_UNAVAILABLE = "CheckpointUnavailable"
    HASH_MISMATCH = "HashMismatch"
    UNLOADABLE = "Unloadable"
    KEY_INVALID = "KeyInvalid"
    DATA_CORRUPT = "DataCorrupt"
    RESOURCES = "Resources"


class State(Enum):
    """Where a round stands."""

    REQUESTED = "Requested"
    ACCEPTING = "Accepting"
    RELEASING = "Releasing"
    COMMITTING = "Committing"
    REVEALING = "Revealing"
    SETTLED = "Settled"
    INCONCLUSIVE = "Inconclusive"
    FAILED = "Failed"
    EXPIRED = "Expired"

    @property
    def is_final(self) -> bool:
        """Whether the round has ended."""
        return self in {State.SETTLED, State.INCONCLUSIVE, State.FAILED, State.EXPIRED}

    @property
    def is_duty(self) -> bool:
        """Whether somebody has a duty until the deadline, so that it moves on while duties are halted."""
        return self in {State.ACCEPTING, State.RELEASING, State.COMMITTING, State.REVEALING}


@dataclass(frozen=True)
class RoundState:
    """Where a round stands and, of a failed one, why: ``NoCommittee``, ``KeysWithheld`` or ``Declined``."""

    state: State
    reason: str | None = None
    declined: DeclineReason | None = None

    @property
    def is_final(self) -> bool:
        """Whether the round has ended."""
        return self.state.is_final

    @classmethod
    def from_scale(cls, value: Any) -> RoundState:
        """From the library's value of the enum."""
        if isinstance(value, str):
            return cls(State(value))
        reason = value["Failed"]
        if isinstance(reason, str):
            return cls(State.FAILED, reason)
        return cls(State.FAILED, "Declined", DeclineReason(reason["Declined"]))

    def __str__(self) -> str:
        why = f"{self.reason}: {self.declined.value}" if self.declined else self.reason
        return f"{self.state.value} ({why})" if why else self.state.value


@dataclass(frozen=True)
class BenchmarkSpec:
    """What a benchmark's creator fixes. ``main`` is the index of the main metric."""

    name: Text
    dataset: int
    version: int
    metrics: tuple[Metric, ...]
    main: int
    tolerance_ppm: int
    threshold_ppm: int
    precision_ppm: int
    seats: int


@dataclass(frozen=True)
class Benchmark:
    """A benchmark."""

    owner: Address
    deposit: int
    spec: BenchmarkSpec
    verified: bool
    retired: bool
    rounds: int


@dataclass(frozen=True)
class Limits:
    """What a validator is ready to take on: size of checkpoints in MiB, rounds at a time."""

    max_checkpoint_mb: int
    max_concurrent: int


@dataclass(frozen=True)
class Unlocking:
    """A part of a bond on its way out, and the first block in which it can be withdrawn."""

    amount: int
    at: int


@dataclass(frozen=True)
class Validator:
    """A bonded validator."""

    bond: int
    unlocking: tuple[Unlocking, ...]
    limits: Limits
    bls_key: bytes
    bls_proof: bytes
    active: bool
    open_rounds: int
    misses: int
    absences: int

    def later(self, blocks: int) -> Validator:
        """The same with its bonds unlocking so many blocks later."""
        unlocking = tuple(replace(part, at=part.at + blocks) for part in self.unlocking)
        return replace(self, unlocking=unlocking) if blocks and unlocking else self


@dataclass(frozen=True)
class Economics:
    """Economic constants, amounts in planck."""

    base_fee: int
    fee_per_mb: int
    fee_per_1000_samples: int
    treasury_cut_ppm: int
    subsidy_per_round: int
    subsidy_yearly_cap: int
    min_bond: int
    miss_slash_ppm: int
    miss_slash_cap_ppm: int
    work_done_ppm: int
    item_deposit: int
    byte_deposit: int
    claim_deposit: int
    steward_bond: int


@dataclass(frozen=True)
class Windows:
    """Periods of rounds, in blocks; shares per megabyte in millionths of a block."""

    draw_delay: int
    accept: int
    accept_per_mb_ppm: int
    release: int
    commit: int
    commit_per_1000_samples: int
    commit_per_mb_ppm: int
    reveal: int
    unbonding: int
    year: int


@dataclass(frozen=True)
class Terms:
    """What a request pinned."""

    benchmark: int
    checkpoint: bytes
    checkpoint_bytes: int
    requester: Address
    dataset: int
    version: int
    steward: Address
    price: int
    fee: int
    shards: int
    data_bytes: int
    samples: int
    metrics: tuple[Metric, ...]
    main: int
    tolerance_ppm: int
    threshold_ppm: int
    precision_ppm: int
    seats: int
    admission: Admission
    verified: bool
    economics: Economics
    windows: Windows


@dataclass(frozen=True)
class Tally:
    """Seats counted in the pass under way; ``declined`` by reason, in the order of :class:`DeclineReason`."""

    drawn: int
    accepted: int
    keyed: int
    committed: int
    revealed: int
    declined: tuple[int, ...]


@dataclass(frozen=True)
class Round:
    """One evaluation of one checkpoint on one benchmark. ``deadline`` is the last block of the current window."""

    terms: Terms
    state: RoundState
    requested_at: int
    armed_at: int
    deadline: int
    widened: bool
    keys_released: bool
    drawn: int
    accepted: int
    tally: Tally

    def later(self, blocks: int) -> Round:
        """The same with its deadline so many blocks later, if somebody has a duty until then."""
        return replace(self, deadline=self.deadline + blocks) if blocks and self.state.state.is_duty else self


class Stage(Enum):
    """A stage at which a member was missing."""

    ANSWER = "Answer"
    COMMIT = "Commit"
    REVEAL = "Reveal"


@dataclass(frozen=True)
class Reveal:
    """A member's opened commitment."""

    scores: tuple[int, ...]
    lower_ppm: int
    upper_ppm: int
    prediction_root: bytes
    env_digest: bytes
    salt: bytes


@dataclass(frozen=True)
class Drawn:
    """The member was drawn."""


@dataclass(frozen=True)
class Accepted:
    """It accepted, with its one-time X25519 key."""

    key: bytes


@dataclass(frozen=True)
class Keyed:
    """It has its shard keys, sealed to this key."""

    key: bytes


@dataclass(frozen=True)
class Committed:
    """It committed."""

    commitment: bytes


@dataclass(frozen=True)
class Revealed:
    """It revealed; ``agrees`` is none while there is no verdict."""

    reveal: Reveal
    agrees: bool | None


@dataclass(frozen=True)
class Declined:
    """It declined."""

    reason: DeclineReason


@dataclass(frozen=True)
class Missed:
    """It was missing."""

    stage: Stage


Progress = Drawn | Accepted | Keyed | Committed | Revealed | Declined | Missed


@dataclass(frozen=True)
class Member:
    """An account's part in a round."""

    seats: int
    widened: bool
    progress: Progress


@dataclass(frozen=True)
class Outcome:
    """A checkpoint's result on a benchmark."""

    round: int
    scores: tuple[int, ...]
    lower_ppm: int
    upper_ppm: int
    samples: int
    seats_agreed: int
    seats_accepted: int
    settled_at: int
