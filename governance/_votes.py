"""Votes, delegations, and the tokens that they lock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from governance._errors import NothingToUnlock
from governance._referenda import Ended, Ongoing, Outcome, Referendum, referenda
from governance._tracks import Track, periods, tracks
from offchain.chain import ChainClient, calls
from offchain.chain.calls import Call
from offchain.chain.types import Address
from offchain.cli.errors import MalformedValue

__all__ = [
    "Choice",
    "Conviction",
    "Lock",
    "Vote",
    "busy_tracks",
    "delegate",
    "locks",
    "remove_vote",
    "undelegate",
    "unlock",
    "vote",
    "voting_power",
]


class Conviction(Enum):
    """How long the voter is ready to leave its tokens locked, for votes that count more."""

    NONE = "None"
    LOCKED1X = "Locked1x"
    LOCKED2X = "Locked2x"
    LOCKED3X = "Locked3x"
    LOCKED4X = "Locked4x"
    LOCKED5X = "Locked5x"
    LOCKED6X = "Locked6x"

    @property
    def _step(self) -> int:
        return list(Conviction).index(self)

    @property
    def lock_periods(self) -> int:
        """For how many locking periods the tokens of a winner stay locked: 0, 1, 2, 4, 8, 16, 32."""
        return 2 ** (self._step - 1) if self._step else 0

    @property
    def factor(self) -> str:
        """What a token counts: ``0.1x``, ``1x`` to ``6x``."""
        return f"{self._step}x" if self._step else "0.1x"

    def votes(self, balance: int) -> int:
        """What a balance in planck counts."""
        return balance * self._step if self._step else balance // 10

    @classmethod
    def parse(cls, text: str) -> Conviction:
        """From ``none``, ``0.1x``, ``1x``, ``locked3x``.

        Raises:
            MalformedValue: for anything else.
        """
        plain = text.strip().lower().removeprefix("locked")
        for one in cls:
            if plain in {one.value.lower().removeprefix("locked"), one.factor}:
                return one
        names = ", ".join(["none (0.1x)", *(f"locked{step}x" for step in range(1, 7))])
        raise MalformedValue("no such conviction", subject=text, hint=names)


class Choice(Enum):
    """Which way a vote goes."""

    AYE = "aye"
    NAY = "nay"
    ABSTAIN = "abstain"
    SPLIT = "split"


@dataclass(frozen=True)
class Vote:
    """A vote, in planck. Only a whole aye or nay has conviction: abstentions and split votes count 0.1 a token."""

    aye: int = 0
    nay: int = 0
    abstain: int = 0
    conviction: Conviction | None = None

    @property
    def choice(self) -> Choice:
        """Which way it goes."""
        if self.conviction is not None:
            return Choice.AYE if self.aye else Choice.NAY
        return Choice.ABSTAIN if self.abstain and not self.aye and not self.nay else Choice.SPLIT

    @property
    def balance(self) -> int:
        """All tokens in it, in planck."""
        return self.aye + self.nay + self.abstain

    @classmethod
    def whole(cls, *, aye: bool, balance: int, conviction: Conviction) -> Vote:
        """All tokens one way."""
        return cls(aye=balance if aye else 0, nay=0 if aye else balance, conviction=conviction)

    def to_scale(self) -> dict[str, Any]:
        """What the SCALE library takes."""
        if self.conviction is not None:
            direction = {"aye": self.choice is Choice.AYE, "conviction": self.conviction.value}
            return {"Standard": {"vote": direction, "balance": self.balance}}
        if self.abstain:
            return {"SplitAbstain": {"aye": self.aye, "nay": self.nay, "abstain": self.abstain}}
        return {"Split": {"aye": self.aye, "nay": self.nay}}

    @classmethod
    def from_scale(cls, value: Any) -> Vote:
        """From the library's value of ``AccountVote``."""
        kind, fields = next(iter(value.items()))
        if kind != "Standard":
            return cls(aye=fields["aye"], nay=fields["nay"], abstain=fields.get("abstain", 0))
        direction = fields["vote"]
        aye, conviction = direction["aye"], Conviction(direction["conviction"])
        return cls.whole(aye=bool(aye), balance=fields["balance"], conviction=conviction)


@dataclass(frozen=True)
class Lock:
    """Tokens that one vote, one delegation or earlier ones of a track keep locked.

    Locks lie over each other: of all locks of an account, the largest counts.

    Attributes:
        why: ``vote``, ``delegation`` or ``earlier``.
        referendum: whose vote it is.
        conviction: with which it was cast: not the same as ``unlocks_at``.
        amount: in planck.
        unlocks_at: the block from which it can be released; None where that is not decided yet.
        waits_for: what has to happen first, where that is not the passing of time.
    """

    track: str
    track_id: int
    why: str
    referendum: int | None
    conviction: Conviction | None
    amount: int
    unlocks_at: int | None
    waits_for: str

    def is_free(self, now: int) -> bool:
        """Whether it can be released now."""
        return self.unlocks_at is not None and now >= self.unlocks_at


def vote(index: int, cast: Vote) -> Call:
    """Votes on a referendum, or changes the vote."""
    return Call("ConvictionVoting", "vote", {"poll_index": index, "vote": cast})


def remove_vote(index: int, track: int) -> Call:
    """Takes a vote back; while the referendum runs at once, later if it keeps nothing locked."""
    return Call("ConvictionVoting", "remove_vote", {"class": track, "index": index})


def delegate(track: int, to: str, balance: int, conviction: Conviction) -> Call:
    """Lets another account vote with a balance on one track."""
    args = {"class": track, "to": to, "conviction": conviction, "balance": balance}
    return Call("ConvictionVoting", "delegate", args)


def undelegate(track: int) -> Call:
    """Takes that back; the lock of the conviction begins now."""
    return Call("ConvictionVoting", "undelegate", {"class": track})


def busy_tracks(client: ChainClient, account: str, *, at: str | None = None) -> dict[int, bool]:
    """The tracks on which an account votes or has delegated, by number, and whether it is a delegation."""
    entries = client.interface.read_map("ConvictionVoting", "VotingFor", [account], at or client.head())
    found = {}
    for number, value in entries:
        kind, fields = next(iter(value.items()))
        if kind == "Delegating" or fields["votes"]:
            found[int(number)] = kind == "Delegating"
    return found


def locks(client: ChainClient, account: str, *, at: str | None = None) -> tuple[Lock, ...]:
    """What keeps tokens of an account locked, vote by vote."""
    block = at or client.head()
    known, period = referenda(client, at=block), periods(client, at=block).vote_locking
    by_track = {track.id: track for track in tracks(client, at=block)}
    found: list[Lock] = []
    for number, value in client.interface.read_map("ConvictionVoting", "VotingFor", [account], block):
        kind, fields = next(iter(value.items()))
        track = by_track[int(number)]
        if kind == "Delegating":
            conviction = Conviction(fields["conviction"])
            wait = f"undelegating, then {conviction.lock_periods * period} blocks"
            found.append(Lock(track.name, track.id, "delegation", None, conviction, fields["balance"], None, wait))
        else:
            for index, cast in fields["votes"]:
                found.append(_of_vote(track, int(index), Vote.from_scale(cast), known.get(int(index)), period))
        until, amount = fields["prior"]
        if amount:
            found.append(Lock(track.name, track.id, "earlier", None, None, amount, until, ""))
    for number, amount in client.interface.read("ConvictionVoting", "ClassLocksFor", [account], block) or ():
        needed = max((lock.amount for lock in found if lock.track_id == number), default=0)
        if amount > needed:  # the chain lets go of the rest once somebody says `unlock`
            found.append(Lock(by_track[number].name, number, "earlier", None, None, amount, 0, ""))
    return tuple(sorted(found, key=lambda lock: (lock.track_id, lock.referendum or 0)))


def unlock(client: ChainClient, account: str, *, at: str | None = None) -> Call:
    """Removes every vote that keeps nothing locked, and releases what is free on each track.

    Raises:
        NothingToUnlock: no lock of the account can be released yet.
    """
    block = at or client.head()
    now, held = client.header(block).number, locks(client, account, at=block)
    free = [lock for lock in held if lock.is_free(now)]
    if not free:
        first = min((lock.unlocks_at for lock in held if lock.unlocks_at is not None), default=None)
        hint = "assay governance locks shows what waits for what"
        subject = f"{account}, block {now}" if first is None else f"{account}: the first at block {first}, now {now}"
        raise NothingToUnlock("no lock can be released yet", subject=subject, hint=hint)
    removals = [remove_vote(lock.referendum, lock.track_id) for lock in free if lock.referendum is not None]
    releases = [
        Call("ConvictionVoting", "unlock", {"class": track, "target": account})
        for track in sorted({lock.track_id for lock in free})
    ]
    return calls.utility.batch_all([*removals, *releases])


def _of_vote(track: Track, index: int, cast: Vote, on: Referendum | None, period: int) -> Lock:
    """What a vote keeps locked: a winner's conviction counts from the referendum's end, everybody else is free."""
    at: int | None
    if isinstance(on, Ongoing):
        at, wait = None, "the referendum's end, or taking the vote back"
    elif isinstance(on, Ended) and cast.conviction is not None and _won(cast, on):
        at, wait = on.at + cast.conviction.lock_periods * period, ""
    else:
        at, wait = (on.at if on is not None else 0), ""
    return Lock(track.name, track.id, "vote", index, cast.conviction or Conviction.NONE, cast.balance, at, wait)


def _won(cast: Vote, on: Ended) -> bool:
    if on.outcome is Outcome.APPROVED:
        return cast.choice is Choice.AYE
    return on.outcome is Outcome.REJECTED and cast.choice is Choice.NAY


def voting_power(client: ChainClient, account: str, *, at: str | None = None) -> int:
    """What an account may vote with, in planck: everything it has, bonds and deposits on hold among it, once."""
    return client.accounts.get(Address(account), at=at).total
