"""Referenda as the chain holds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from typing import Any

from governance._errors import CallUnreadable, PreimageMissing, ReferendumOver, ReferendumUnknown
from offchain.chain import ChainClient
from offchain.chain.calls import Call
from offchain.chain.errors import Undecodable
from offchain.chain.inspection import Decoder
from offchain.chain.types import Address

__all__ = [
    "BoundedCall",
    "Deciding",
    "Deposit",
    "Ended",
    "Ongoing",
    "Outcome",
    "Referendum",
    "Tally",
    "call_bytes",
    "call_of",
    "ongoing",
    "referenda",
    "referendum",
]


@dataclass(frozen=True)
class Deposit:
    """Money kept while a referendum runs, in planck."""

    who: Address
    amount: int


@dataclass(frozen=True)
class Tally:
    """``ayes`` and ``nays`` count conviction; ``support`` is the tokens behind ayes and abstentions. In planck."""

    ayes: int
    nays: int
    support: int


@dataclass(frozen=True)
class Deciding:
    """Since which block it is decided; ``confirming`` is the block at which it passes if it keeps passing."""

    since: int
    confirming: int | None


@dataclass(frozen=True)
class BoundedCall:
    """The proposed call: its hash and length, and its bytes where the referendum itself holds them."""

    hash: bytes
    length: int
    inline: bytes | None

    @classmethod
    def of(cls, encoded: bytes, *, inline: bool) -> BoundedCall:
        """The reference to a call."""
        digest = blake2b(encoded, digest_size=32).digest()
        return cls(digest, len(encoded), encoded if inline else None)

    def to_scale(self) -> dict[str, Any]:
        """What the SCALE library takes."""
        if self.inline is not None:
            return {"Inline": "0x" + self.inline.hex()}
        return {"Lookup": {"hash": "0x" + self.hash.hex(), "len": self.length}}

    @classmethod
    def from_scale(cls, value: Any) -> BoundedCall:
        """From the library's value of ``Bounded``."""
        kind, payload = next(iter(value.items()))
        if kind == "Inline":
            return cls.of(bytes.fromhex(payload[2:]), inline=True)
        return cls(bytes.fromhex(payload["hash"][2:]), int(payload.get("len", 0)), None)


@dataclass(frozen=True)
class Ongoing:
    """A referendum that is not over.

    ``alarm`` is the block at which the chain looks at it next, if it does, and ``alarm_place`` where in that block's
    agenda. A queued one keeps its last alarm after it went off.
    """

    track: int
    origin: Any
    proposal: BoundedCall
    enactment: str
    submitted: int
    submission_deposit: Deposit
    decision_deposit: Deposit | None
    deciding: Deciding | None
    tally: Tally
    in_queue: bool
    alarm: int | None
    alarm_place: int

    @classmethod
    def from_scale(cls, value: Any) -> Ongoing:
        """From the library's value of ``ReferendumStatus``."""
        kind, number = next(iter(value["enactment"].items()))
        deciding, alarm = value["deciding"], value["alarm"]
        return cls(
            track=value["track"],
            origin=value["origin"],
            proposal=BoundedCall.from_scale(value["proposal"]),
            enactment=f"{'at block' if kind == 'At' else 'after'} {number}",
            submitted=value["submitted"],
            submission_deposit=Deposit(**value["submission_deposit"]),
            decision_deposit=_deposit(value["decision_deposit"]),
            deciding=None if deciding is None else Deciding(deciding["since"], deciding["confirming"]),
            tally=Tally(**{name: value["tally"][name] for name in ("ayes", "nays", "support")}),
            in_queue=value["in_queue"],
            alarm=None if alarm is None else alarm[0],
            alarm_place=0 if alarm is None else alarm[1][1],
        )

    def enacted(self, approved_at: int, least: int) -> int:
        """The block at which the call is dispatched, once it was approved; ``least`` is the track's period."""
        kind, number = self.enactment.rsplit(" ", 1)
        wanted = int(number) if kind == "at block" else approved_at + int(number)
        return max(wanted, approved_at + max(least, 1))


class Outcome(Enum):
    """How a referendum ended."""

    APPROVED = "Approved"
    REJECTED = "Rejected"
    CANCELLED = "Cancelled"
    TIMED_OUT = "TimedOut"
    KILLED = "Killed"


@dataclass(frozen=True)
class Ended:
    """A referendum that is over, with the deposits that nobody has taken back yet."""

    outcome: Outcome
    at: int
    submission_deposit: Deposit | None
    decision_deposit: Deposit | None


Referendum = Ongoing | Ended


def referenda(client: ChainClient, *, at: str | None = None) -> dict[int, Referendum]:
    """Every referendum by its number."""
    entries = client.interface.read_map("Referenda", "ReferendumInfoFor", [], at or client.head())
    return {int(index): _decode(value) for index, value in sorted(entries, key=lambda entry: int(entry[0]))}


def referendum(client: ChainClient, index: int, *, at: str | None = None) -> Referendum:
    """A referendum.

    Raises:
        ReferendumUnknown: there is none of that number.
    """
    found = client.interface.read("Referenda", "ReferendumInfoFor", [index], at or client.head())
    if found is None:
        raise ReferendumUnknown("there is no such referendum", subject=str(index), hint="assay governance list")
    return _decode(found)


def ongoing(client: ChainClient, index: int, *, at: str | None = None) -> Ongoing:
    """A referendum that is not over.

    Raises:
        ReferendumUnknown: there is none of that number.
        ReferendumOver: it has ended.
    """
    found = referendum(client, index, at=at)
    if isinstance(found, Ended):
        raise ReferendumOver("the referendum is over", subject=f"{index}, {found.outcome.value} at block {found.at}")
    return found


def call_bytes(client: ChainClient, proposal: BoundedCall, *, at: str | None = None) -> bytes:
    """The proposed call, from the referendum or from its preimage.

    Raises:
        PreimageMissing: nobody has deposited it.
    """
    if proposal.inline is not None:
        return proposal.inline
    found = client.read(
        bytes | None, "Preimage", "PreimageFor", ("0x" + proposal.hash.hex(), proposal.length), at=at or client.head()
    )
    if found is None:
        raise PreimageMissing(
            "the chain knows only the hash of the call",
            subject="0x" + proposal.hash.hex(),
            hint="whoever has the call deposits it: assay governance preimage note",
        )
    return bytes(found)


def call_of(client: ChainClient, data: bytes, *, at: str | None = None) -> Call:
    """A call that the bytes encode.

    Raises:
        CallUnreadable: they are no call of the chain's runtime.
    """
    try:
        return Decoder.at(client, at).call(data)
    except Undecodable as error:
        raise CallUnreadable(error.what, subject=error.subject, hint=error.hint) from error


def _decode(value: Any) -> Referendum:
    kind, payload = next(iter(value.items()))
    if kind == "Ongoing":
        return Ongoing.from_scale(payload)
    if kind == "Killed":
        return Ended(Outcome.KILLED, int(payload), None, None)
    ended, submission, decision = payload
    return Ended(Outcome(kind), int(ended), _deposit(submission), _deposit(decision))


def _deposit(value: Any) -> Deposit | None:
    return None if value is None else Deposit(value["who"], value["amount"])
