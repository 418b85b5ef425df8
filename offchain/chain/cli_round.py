"""Rounds: where one stands, whom it waits for, until when."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated

import typer

from offchain.chain.client import ChainClient
from offchain.chain.types import Accepted, Committed, Declined, Drawn, Keyed, Member, Missed, Revealed, Round, WaitsFor
from offchain.chain.types.views import Waiting
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import note, prints, table
from offchain.cli.units import Block, Blocks, Planck, Ppm, blocks, percent

__all__ = ["MemberLine", "RoundDetail", "RoundLine", "app", "describe", "waits_for", "watch_round"]

app = typer.Typer(no_args_is_help=True)

_BIAS = "authors of the blocks after the request can bias the draw, until the chain has a randomness of its own"
_TODO = {
    "Accepting": "to fetch the checkpoint and accept",
    "Releasing": "to release the shard keys",
    "Committing": "to evaluate and commit",
    "Revealing": "to reveal",
}


@dataclass(frozen=True)
class RoundLine:
    """A round in a list."""

    round: int
    benchmark: int
    checkpoint: bytes
    state: str
    until: Block
    fee_planck: Planck


@dataclass(frozen=True)
class MemberLine:
    """A member of a committee."""

    account: str
    seats: int
    status: str
    score_ppm: Ppm | None
    agreed: bool | None


@dataclass(frozen=True)
class RoundDetail:
    """A round: what it waits for, from whom, until when, and what it found.

    While governance has ``paused`` a duty, no deadline of a duty comes nearer.
    """

    round: int
    benchmark: int
    checkpoint: bytes
    requester: str
    state: str
    waits_for: str
    until: Block
    left_blocks: Blocks
    paused: list[str]
    head: Block
    widened: bool
    fee_planck: Planck
    steward_price_planck: Planck
    score_ppm: Ppm | None
    lower_ppm: Ppm | None
    upper_ppm: Ppm | None
    members: list[MemberLine]
    caveat: str


def describe(client: ChainClient, round_id: int) -> RoundDetail:
    """Everything the chain says about a round at the finalized head."""
    head = client.finalized()
    found = client.evaluation.round(round_id, at=head.hash)
    why = client.evaluation.why(round_id, at=head.hash)
    outcome = client.evaluation.result(found.terms.benchmark, found.terms.checkpoint, at=head.hash)
    if outcome is not None and outcome.round != round_id:
        outcome = None
    members = client.evaluation.members(round_id, at=head.hash)
    return RoundDetail(
        round=round_id,
        benchmark=found.terms.benchmark,
        checkpoint=found.terms.checkpoint,
        requester=found.terms.requester,
        state=str(found.state),
        waits_for=waits_for(why.waits_for, found),
        until=Block(why.until),
        left_blocks=Blocks(0 if found.state.is_final else max(why.until - head.number, 0)),
        paused=sorted(client.evaluation.paused_duties(at=head.hash)) if found.state.state.is_duty else [],
        head=Block(head.number),
        widened=why.widened,
        fee_planck=Planck(found.terms.fee),
        steward_price_planck=Planck(found.terms.price),
        score_ppm=None if outcome is None else Ppm(outcome.scores[found.terms.main]),
        lower_ppm=None if outcome is None else Ppm(outcome.lower_ppm),
        upper_ppm=None if outcome is None else Ppm(outcome.upper_ppm),
        members=[_member(account, member, found) for account, member in sorted(members.items())],
        caveat=_BIAS if why.draw_is_biasable_by_authors else "",
    )


def watch_round(client: ChainClient, round_id: int, *, timeout_s: float, poll_s: float = 0.5) -> RoundDetail:
    """Follows a round to its end, telling each change on standard error; what it is at the deadline otherwise."""
    deadline = time.monotonic() + timeout_s
    last = ""
    while True:
        detail = describe(client, round_id)
        if detail.state != last:
            note(f"round {round_id}: {detail.state}, waits for {detail.waits_for}, {blocks(detail.left_blocks)} left")
            last = detail.state
        if detail.waits_for == "nobody" or time.monotonic() >= deadline:
            return detail
        time.sleep(poll_s)


def waits_for(waiting: Waiting, found: Round) -> str:
    """Whom a round waits for and what they have to do, in words."""
    todo = _TODO.get(found.state.state.value, "")
    match waiting.on:
        case WaitsFor.NOBODY:
            return "nobody"
        case WaitsFor.BLOCKS:
            return "the blocks whose hashes feed the draw"
        case WaitsFor.ANYONE:
            return "anyone to call advance (free of fees)"
        case WaitsFor.MEMBERS:
            return f"{', '.join(waiting.members)} {todo}"
        case WaitsFor.STEWARD:
            return f"the steward {waiting.steward} {todo} to {', '.join(waiting.members)}"


def _member(account: str, member: Member, found: Round) -> MemberLine:
    score: Ppm | None = None
    agreed: bool | None = None
    match member.progress:
        case Drawn():
            status = "drawn"
        case Accepted():
            status = "accepted"
        case Keyed():
            status = "has keys"
        case Committed():
            status = "committed"
        case Revealed(reveal, agreed):
            status, score = "revealed", Ppm(reveal.scores[found.terms.main])
        case Declined(reason):
            status = f"declined: {reason.value}"
        case Missed(stage):
            status = f"missed: {stage.value}"
    return MemberLine(account, member.seats, status, score, agreed)


def _show(detail: RoundDetail) -> None:
    minutes = f"{blocks(detail.left_blocks)} left at head {detail.head:,}"
    lines = [
        ("state", detail.state + (" (widened)" if detail.widened else "")),
        ("waits for", detail.waits_for),
        ("until", f"block {detail.until:,}" + ("" if detail.waits_for == "nobody" else f", {minutes}")),
        *([("paused", f"{', '.join(detail.paused)}: the deadline moves on with each block")] if detail.paused else []),
        ("benchmark", str(detail.benchmark)),
        ("checkpoint", "0x" + detail.checkpoint.hex()),
        ("requester", detail.requester),
    ]
    if detail.score_ppm is not None and detail.lower_ppm is not None and detail.upper_ppm is not None:
        interval = f"{percent(detail.lower_ppm)} to {percent(detail.upper_ppm)}"
        lines.append(("verdict", f"{percent(detail.score_ppm)}, 95 % interval {interval}"))
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        typer.echo(f"{name:<{width}}  {text}")
    if detail.members:
        typer.echo("")
        table(detail.members)
    if detail.caveat:
        note(f"note: {detail.caveat}")


@app.command()
@prints(RoundDetail, view=_show)
def show(
    round_id: Annotated[int, typer.Argument(metavar="ROUND", min=0)],
    node: Node = DEFAULT_NODE,
) -> RoundDetail:
    """Show what a round waits for, from whom, until when."""
    with ChainClient(node) as client:
        return describe(client, round_id)


@app.command()
@prints(RoundDetail, view=_show)
def watch(
    round_id: Annotated[int, typer.Argument(metavar="ROUND", min=0)],
    timeout_s: Annotated[float, typer.Option("--timeout", help="Stop watching after so many seconds.")] = 3_600.0,
    node: Node = DEFAULT_NODE,
) -> RoundDetail:
    """Follow a round to its end."""
    with ChainClient(node) as client:
        return watch_round(client, round_id, timeout_s=timeout_s)


@app.command("list")
@prints(list[RoundLine])
def list_(
    only_open: Annotated[bool, typer.Option("--open", help="Only rounds that have not ended.")] = False,
    node: Node = DEFAULT_NODE,
) -> list[RoundLine]:
    """List rounds, the newest first."""
    with ChainClient(node) as client:
        rounds = client.evaluation.rounds()
    return [
        RoundLine(
            round=number,
            benchmark=found.terms.benchmark,
            checkpoint=found.terms.checkpoint,
            state=str(found.state),
            until=Block(found.deadline),
            fee_planck=Planck(found.terms.fee + found.terms.price),
        )
        for number, found in sorted(rounds.items(), reverse=True)
        if not (only_open and found.state.is_final)
    ]
