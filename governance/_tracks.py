"""The tracks of a chain: what each may do, what it costs, how long it takes, what it takes to pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from governance._curves import Curve, decode_curve
from governance._errors import TrackUnknown
from offchain.chain import ChainClient
from offchain.chain.inspection import Decoder

__all__ = ["MAY", "Origin", "Periods", "Track", "periods", "track_of", "tracks"]


class Origin(Enum):
    """In whose name a referendum's call is dispatched; it decides the track."""

    ROOT = "Root"
    PARAMETERS = "Parameters"
    TREASURER = "Treasurer"
    BENCHMARKS = "Benchmarks"
    EMERGENCY = "Emergency"

    @property
    def track(self) -> str:
        """The name of its track."""
        return "treasury" if self is Origin.TREASURER else self.value.lower()

    def to_scale(self) -> dict[str, str]:
        """What the SCALE library takes."""
        return {"system": "Root"} if self is Origin.ROOT else {"Origins": self.value}

    @classmethod
    def from_scale(cls, value: Any) -> Origin:
        """From the library's value of the runtime's origin."""
        return cls(next(iter(value.values())))


MAY = {
    Origin.ROOT: "anything no other track may, runtime upgrades among it",
    Origin.PARAMETERS: "set economic constants within their bounds",
    Origin.TREASURER: "spend from the treasury up to a limit",
    Origin.BENCHMARKS: "verify benchmarks, accredit validators, reinstate data sets",
    Origin.EMERGENCY: "pause the calls of a fixed list, cancel referenda",
}


@dataclass(frozen=True)
class Track:
    """A track. Periods in blocks, the deposit in planck; both curves run over the decision period."""

    id: int
    name: str
    max_deciding: int
    decision_deposit: int
    prepare_period: int
    decision_period: int
    confirm_period: int
    min_enactment_period: int
    min_approval: Curve
    min_support: Curve

    @property
    def origin(self) -> Origin:
        """Whose calls it decides."""
        return next(origin for origin in Origin if origin.track == self.name)

    @classmethod
    def from_scale(cls, value: Any) -> Track:
        """From the library's value of an entry of the constant ``Referenda.Tracks``."""
        number, info = value
        return cls(
            id=int(number),
            name=str(info["name"]).rstrip("\0"),
            max_deciding=info["max_deciding"],
            decision_deposit=info["decision_deposit"],
            prepare_period=info["prepare_period"],
            decision_period=info["decision_period"],
            confirm_period=info["confirm_period"],
            min_enactment_period=info["min_enactment_period"],
            min_approval=decode_curve(info["min_approval"]),
            min_support=decode_curve(info["min_support"]),
        )


@dataclass(frozen=True)
class Periods:
    """What holds on every track: blocks, deposits in planck, and how many referenda may wait for others."""

    vote_locking: int
    undeciding_timeout: int
    submission_deposit: int
    payout: int
    max_queued: int


def tracks(client: ChainClient, *, at: str | None = None) -> tuple[Track, ...]:
    """Every track, by its number."""
    found = Decoder.at(client, at).constant("Referenda", "Tracks")
    return tuple(sorted((Track.from_scale(value) for value in found), key=lambda track: track.id))


def track_of(client: ChainClient, name: str | int | Origin, *, at: str | None = None) -> Track:
    """A track by its name or number, or that of an origin.

    Raises:
        TrackUnknown: there is none.
    """
    known = tracks(client, at=at)
    wanted = name.track if isinstance(name, Origin) else str(name).strip().lower()
    for track in known:
        if wanted in {track.name, str(track.id)}:
            return track
    raise TrackUnknown(
        "the chain has no such track", subject=str(wanted), hint=", ".join(f"{one.id} {one.name}" for one in known)
    )


def periods(client: ChainClient, *, at: str | None = None) -> Periods:
    """What holds on every track."""
    decoder = Decoder.at(client, at)
    return Periods(
        vote_locking=int(decoder.constant("ConvictionVoting", "VoteLockingPeriod")),
        undeciding_timeout=int(decoder.constant("Referenda", "UndecidingTimeout")),
        submission_deposit=int(decoder.constant("Referenda", "SubmissionDeposit")),
        payout=int(decoder.constant("Treasury", "PayoutPeriod")),
        max_queued=int(decoder.constant("Referenda", "MaxQueued")),
    )
