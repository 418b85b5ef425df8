"""Commands for votes, delegations and what they lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from governance._cards import LockLine, lock_line
from governance._errors import NoTrackLeft
from governance._referenda import ongoing
from governance._tracks import Track, periods, track_of, tracks
from governance._votes import (
    Choice,
    Conviction,
    Vote,
    busy_tracks,
    delegate,
    locks,
    remove_vote,
    undelegate,
    unlock,
    vote,
    voting_power,
)
from offchain.chain import ChainClient, calls, resolve_address
from offchain.chain.calls import Call
from offchain.chain.deed import Actor, Deed, acts
from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import note, prints, table
from offchain.cli.units import PLANCK_PER_ASY, asy, blocks, parse_asy

__all__ = ["register"]

Index = Annotated[int, typer.Argument(metavar="REFERENDUM", min=0)]
Convict = Annotated[
    str, typer.Option("--conviction", "-c", help="none (0.1 votes a token, no lock), locked1x to locked6x.")
]
Tracks = Annotated[
    list[str], typer.Option("--track", "-t", help="By name; repeat it for several, or `all` that can be.")
]
Part = Annotated[str, typer.Option(metavar="ASY", help="Part of a split vote.")]


@dataclass(frozen=True)
class Released:
    """Locks of an account before it unlocked, and the transaction that did."""

    locks: list[LockLine]
    deed: Deed


def _released(released: Released) -> None:
    table(released.locks)
    note("")
    table(released.deed)


def register(app: typer.Typer) -> None:
    """Hangs the commands into the noun."""
    for name, command in (
        ("vote", cast),
        ("remove-vote", take_back),
        ("delegate", lend),
        ("undelegate", end_loan),
        ("locks", show_locks),
        ("unlock", release),
    ):
        app.command(name)(command)


@prints(Deed)
@acts
def cast(
    actor: Actor,
    index: Index,
    choice: Annotated[Choice, typer.Argument(metavar="aye|nay|abstain|split")],
    amount: Annotated[
        str | None, typer.Argument(metavar="[AMOUNT]", help="In ASY, or `all` but one; not for split.")
    ] = None,
    conviction: Convict = "none",
    aye: Part = "0",
    nay: Part = "0",
    abstain: Part = "0",
) -> Deed:
    """Votes, or changes a vote. Split votes and abstentions have no conviction: 0.1 votes a token."""
    client = actor.client
    status = ongoing(client, index)
    ballot = _ballot(client, actor.address, choice, amount, Conviction.parse(conviction), (aye, nay, abstain))
    track = track_of(client, status.track)
    return actor.act(vote(index, ballot), f"Vote on referendum {index} ({track.name}): {_spelt(client, ballot)}?")


@prints(Deed)
@acts
def take_back(actor: Actor, index: Index, track: Annotated[str | None, typer.Option("--track", "-t")] = None) -> Deed:
    """Takes a vote back. For a referendum that is over, --track names its track."""
    chosen = track_of(actor.client, track).id if track is not None else ongoing(actor.client, index).track
    return actor.act(remove_vote(index, chosen), f"Take the vote on referendum {index} back?")


@prints(Deed)
@acts
def lend(
    actor: Actor,
    to: Annotated[str, typer.Argument(metavar="TO", help="Who is to vote: a key's name or an address.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In ASY, or `all` but one.")],
    track: Tracks,
    conviction: Convict = "none",
) -> Deed:
    """Lets another account vote with your tokens, track by track; without conviction nothing stays locked after."""
    client, strength = actor.client, Conviction.parse(conviction)
    planck, whom = _amount(client, actor.address, amount), resolve_address(to)
    wait = blocks(strength.lock_periods * periods(client).vote_locking)
    chosen = _free(client, actor.address) if _is_all(track) else _named(client, track)
    each = [delegate(one.id, whom, planck, strength) for one in chosen]
    ends = "nothing stays locked after undelegating" if not strength.lock_periods else f"locked {wait} after it ends"
    question = f"Delegate {asy(planck)} ({strength.factor}) to {whom} on {_names(chosen)}; {ends}?"
    return actor.act(_together(each), question)


@prints(Deed)
@acts
def end_loan(actor: Actor, track: Tracks) -> Deed:
    """Ends delegations. What their conviction locks unlocks that much later; no conviction, nothing."""
    client = actor.client
    chosen = _delegated(client, actor.address) if _is_all(track) else _named(client, track)
    return actor.act(_together([undelegate(one.id) for one in chosen]), f"Undelegate on {_names(chosen)}?")


@prints(list[LockLine])
def show_locks(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="A key's name or an address.")],
    node: Node = DEFAULT_NODE,
) -> list[LockLine]:
    """Shows what keeps an account's tokens locked: conviction and unlock date apart."""
    with ChainClient(node) as client:
        block = client.head()
        now = client.header(block).number
        return [lock_line(lock, now) for lock in locks(client, resolve_address(account), at=block)]


@prints(Released, view=_released)
@acts
def release(actor: Actor) -> Released:
    """Removes the votes that keep nothing locked any more, and unlocks what is free."""
    client = actor.client
    block = client.head()
    call, now = unlock(client, actor.address, at=block), client.header(block).number
    lines = [lock_line(lock, now) for lock in locks(client, actor.address, at=block)]
    return Released(lines, actor.act(call, "Unlock everything that is free?"))


def _ballot(
    client: ChainClient,
    account: str,
    choice: Choice,
    amount: str | None,
    conviction: Conviction,
    parts: tuple[str, str, str],
) -> Vote:
    split = [int(parse_asy(part)) for part in parts]
    if choice is Choice.SPLIT:
        if amount is not None or not any(split) or conviction is not Conviction.NONE:
            raise MalformedValue(
                "a split vote is given by its parts, without conviction", hint="split --aye 5 --nay 3 --abstain 1"
            )
        return Vote(aye=split[0], nay=split[1], abstain=split[2])
    if amount is None or any(split):
        raise MalformedValue("how much to vote with?", subject=choice.value, hint=f"{choice.value} 100")
    planck = _amount(client, account, amount)
    if choice is Choice.ABSTAIN:
        if conviction is not Conviction.NONE:
            raise MalformedValue("an abstention has no conviction", subject=conviction.value)
        return Vote(abstain=planck)
    return Vote.whole(aye=choice is Choice.AYE, balance=planck, conviction=conviction)


def _spelt(client: ChainClient, ballot: Vote) -> str:
    if ballot.conviction is None:
        parts = {"aye": ballot.aye, "nay": ballot.nay, "abstain": ballot.abstain}
        return ", ".join(f"{name} {asy(amount)}" for name, amount in parts.items() if amount) + " at 0.1x"
    strength = ballot.conviction
    lock = strength.lock_periods * periods(client).vote_locking
    after = f"locked {blocks(lock)} after its end if that side wins" if lock else "nothing stays locked after its end"
    votes = asy(strength.votes(ballot.balance)).removesuffix(" ASY")
    return f"{ballot.choice.value} with {asy(ballot.balance)} at {strength.factor}, {votes} votes; {after}"


def _amount(client: ChainClient, account: str, text: str) -> int:
    """An amount as it is typed; ``all`` leaves one token, from which this and later fees are paid."""
    if text.strip().lower() == "all":
        return max(voting_power(client, account) - PLANCK_PER_ASY, 0)
    return int(parse_asy(text))


def _is_all(names: list[str]) -> bool:
    return [name.strip().lower() for name in names] == ["all"]


def _named(client: ChainClient, names: list[str]) -> list[Track]:
    return [track_of(client, name) for name in names]


def _names(chosen: list[Track]) -> str:
    return ", ".join(track.name for track in chosen)


def _delegated(client: ChainClient, account: str) -> list[Track]:
    """The tracks on which an account has delegated."""
    busy = busy_tracks(client, account)
    found = [track for track in tracks(client) if busy.get(track.id)]
    if not found:
        raise NoTrackLeft("the account has delegated on no track", subject=account)
    return found


def _free(client: ChainClient, account: str) -> list[Track]:
    """The tracks on which an account can delegate; says which it leaves out."""
    busy = busy_tracks(client, account)
    known = tracks(client)
    taken = ", ".join(
        f"{track.name} ({'delegated already' if busy[track.id] else 'has votes'})"
        for track in known
        if track.id in busy
    )
    if len(busy) == len(known):
        hint = "assay governance undelegate, remove-vote"
        raise NoTrackLeft("the account votes or has delegated on every track", subject=taken, hint=hint)
    if taken:
        note(f"left as they are: {taken}")
    return [track for track in known if track.id not in busy]


def _together(each: list[Call]) -> Call:
    return each[0] if len(each) == 1 else calls.utility.batch_all(each)
