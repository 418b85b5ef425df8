"""What the demo found: printed by ``--json``, drawn by the report. Scores in ppm, money in planck, times in blocks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

__all__ = ["DemoFacts", "LeaderboardLine", "MemberFacts", "Roc", "RoundFacts", "Step", "TimelineEvent"]


@dataclass(frozen=True, slots=True)
class Roc:
    """A receiver operating characteristic and where it was measured."""

    split: str
    points: list[tuple[float, float]]
    """(false positive rate, true positive rate), from (0, 0) to (1, 1)."""
    auroc_ppm: int
    images: int
    groups: int


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One member of a committee."""

    name: str
    account: str
    seats: int
    status: str
    score_ppm: int | None
    """Main metric as revealed, rounded to the benchmark's precision; None without a reveal."""
    agreed: bool
    reward_planck: int


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something the chain said of a round."""

    block: int
    event: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """One round, from the request to its end."""

    round: int
    model: str
    checkpoint: str
    state: str
    score_ppm: int | None
    lower_ppm: int | None
    upper_ppm: int | None
    tolerance_ppm: int
    members: list[MemberFacts]
    timeline: list[TimelineEvent]


@dataclass(frozen=True, slots=True)
class LeaderboardLine:
    """One line of the leaderboard."""

    rank: str
    model: str
    checkpoint: str
    score_ppm: int
    lower_ppm: int
    upper_ppm: int
    images: int
    seats_agreed: int
    seats_accepted: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the demo and its wall time."""

    name: str
    seconds: float


@dataclass(slots=True)
class DemoFacts:
    """All of it."""

    synthetic: bool
    source: str
    task: str
    main_metric: str
    threshold_ppm: int
    public_images: int
    public_groups: int
    held_out_images: int
    held_out_groups: int
    shards: int
    exposure: list[int] = field(default_factory=list)
    """Accounts that ever held the key of each shard."""
    refused: list[dict[str, str]] = field(default_factory=list)
    """What the chain refused: ``{"what", "error"}``."""
    rounds: list[RoundFacts] = field(default_factory=list)
    leaderboard: list[LeaderboardLine] = field(default_factory=list)
    roc: Roc | None = None
    steps: list[Step] = field(default_factory=list)
    blocks: int = 0
    report: str = ""

    def as_json(self) -> dict[str, object]:
        """The facts as plain dictionaries and lists."""
        return asdict(self)
