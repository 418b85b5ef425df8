"""What the commands print, as records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance._arithmetic import ONE
from governance._describe import call_text, value_text
from governance._errors import CallUnreadable, PreimageMissing
from governance._referenda import BoundedCall, Ended, Referendum, call_bytes, call_of
from governance._simulate import Simulation
from governance._standing import Standing
from governance._tracks import MAY, Origin, Track
from governance._votes import Lock
from offchain.chain import ChainClient
from offchain.cli.units import Block, Blocks, Planck, Ppm, asy

__all__ = [
    "LockLine",
    "Passed",
    "ReferendumLine",
    "Report",
    "StandingCard",
    "TrackLine",
    "card",
    "line",
    "lock_line",
    "passed",
    "proposal_text",
    "report",
    "track_line",
]


@dataclass(frozen=True)
class TrackLine:
    """A track. Both curves run over the time in which it decides."""

    id: int
    track: str
    may: str
    decision_deposit_planck: Planck
    prepare: Blocks
    decide: Blocks
    confirm: Blocks
    enact: Blocks
    approval: str
    support: str
    at_once: int


@dataclass(frozen=True)
class ReferendumLine:
    """A referendum, in a list. ``ends`` is a forecast while it runs: what happens if nobody votes any more."""

    referendum: int
    track: str
    state: str
    approval_ppm: Ppm | None
    support_ppm: Ppm | None
    ends: str
    at: Block | None
    what: str


@dataclass(frozen=True)
class StandingCard:
    """How a referendum stands: what it has and needs now, what it lacks, and what happens if nobody votes any more."""

    referendum: int
    track: str
    what: str
    state: str
    now: Block
    submitted: Block
    decision_deposit: str
    decided_since: Block | None
    decision_passed_ppm: Ppm
    ayes_planck: Planck
    nays_planck: Planck
    approval_ppm: Ppm
    approval_needed_now_ppm: Ppm
    ayes_missing_now_planck: Planck | None
    support_tokens_planck: Planck
    support_ppm: Ppm
    support_needed_now_ppm: Ppm
    support_missing_now_planck: Planck
    passes_now: bool
    ends: str
    passing_from: Block | None
    ends_at: Block | None
    ends_in: Blocks | None
    enacted_at: Block | None
    enacted_in: Blocks | None
    proposal: str


@dataclass(frozen=True)
class Passed:
    """A referendum that is over, with the deposits that nobody has taken back yet."""

    referendum: int
    outcome: str
    at: Block
    submission_deposit: str
    decision_deposit: str


@dataclass(frozen=True)
class LockLine:
    """What a vote, a delegation or an earlier one keeps locked. The largest lock of an account counts, not the sum."""

    track: str
    why: str
    referendum: int | None
    amount_planck: Planck
    conviction: str
    counts: str
    unlocks_at: Block | None
    unlocks_in: Blocks | None
    waits_for: str


@dataclass(frozen=True)
class Report:
    """What a call would do, tried on a fork of the state after block ``at``."""

    at: Block
    call: str
    in_the_name_of: str
    succeeds: bool
    refused: str | None
    events: list[str]
    changes: list[dict[str, Any]]
    blocks: int
    version_before: int
    version_after: int


def track_line(track: Track) -> TrackLine:
    """A line of the table of tracks."""
    return TrackLine(
        id=track.id,
        track=track.name,
        may=MAY[track.origin],
        decision_deposit_planck=Planck(track.decision_deposit),
        prepare=Blocks(track.prepare_period),
        decide=Blocks(track.decision_period),
        confirm=Blocks(track.confirm_period),
        enact=Blocks(track.min_enactment_period),
        approval=str(track.min_approval),
        support=str(track.min_support),
        at_once=track.max_deciding,
    )


def line(client: ChainClient, index: int, found: Referendum, standing: Standing | None, block: str) -> ReferendumLine:
    """A line of the list of referenda; ``standing`` is given where it is not over."""
    if isinstance(found, Ended):
        return ReferendumLine(
            index, "-", found.outcome.value.lower(), None, None, found.outcome.value.lower(), Block(found.at), "-"
        )
    assert standing is not None, "an ongoing referendum has a standing"
    return ReferendumLine(
        referendum=index,
        track=standing.track.name,
        state=_state(standing),
        approval_ppm=_ppm(standing.approval),
        support_ppm=_ppm(standing.support),
        ends=standing.forecast.end.value,
        at=_block(standing.forecast.at),
        what=proposal_text(client, found.proposal, block),
    )


def card(client: ChainClient, standing: Standing, block: str) -> StandingCard:
    """Everything about a referendum that runs."""
    status, ahead = standing.status, standing.forecast
    held = status.decision_deposit
    return StandingCard(
        referendum=standing.index,
        track=standing.track.name,
        what=proposal_text(client, status.proposal, block),
        state=_state(standing),
        now=Block(standing.now),
        submitted=Block(status.submitted),
        decision_deposit="missing: assay governance deposit place" if held is None else f"placed by {held.who}",
        decided_since=_block(None if status.deciding is None else status.deciding.since),
        decision_passed_ppm=_ppm(standing.share),
        ayes_planck=Planck(status.tally.ayes),
        nays_planck=Planck(status.tally.nays),
        approval_ppm=_ppm(standing.approval),
        approval_needed_now_ppm=_ppm(standing.approval_needed),
        ayes_missing_now_planck=None if standing.ayes_missing is None else Planck(standing.ayes_missing),
        support_tokens_planck=Planck(status.tally.support),
        support_ppm=_ppm(standing.support),
        support_needed_now_ppm=_ppm(standing.support_needed),
        support_missing_now_planck=Planck(standing.support_missing),
        passes_now=standing.is_passing,
        ends=ahead.end.value,
        passing_from=_block(ahead.confirming_from),
        ends_at=_block(ahead.at),
        ends_in=_left(ahead.at, standing.now),
        enacted_at=_block(standing.enacted_at),
        enacted_in=_left(standing.enacted_at, standing.now),
        proposal="0x" + status.proposal.hash.hex(),
    )


def passed(index: int, found: Ended) -> Passed:
    """A referendum that is over."""
    return Passed(
        index,
        found.outcome.value.lower(),
        Block(found.at),
        _held(found.submission_deposit),
        _held(found.decision_deposit),
    )


def lock_line(lock: Lock, now: int) -> LockLine:
    """A line of the table of locks: the conviction and the unlock date apart."""
    conviction = lock.conviction
    return LockLine(
        track=lock.track,
        why=lock.why,
        referendum=lock.referendum,
        amount_planck=Planck(lock.amount),
        conviction="-" if conviction is None else conviction.value.lower(),
        counts="-" if conviction is None else conviction.factor,
        unlocks_at=_block(lock.unlocks_at),
        unlocks_in=None if lock.unlocks_at is None else Blocks(max(lock.unlocks_at - now, 0)),
        waits_for="free now" if lock.is_free(now) else lock.waits_for or "-",
    )


def report(found: Simulation, call: str, origin: Origin) -> Report:
    """What a simulation found."""
    return Report(
        at=Block(found.at),
        call=call,
        in_the_name_of=origin.value,
        succeeds=found.refused is None,
        refused=found.refused,
        events=[f"{event}: {value_text(event.fields)}" for event in found.events],
        changes=[{"storage": one.entry, "before": one.before, "after": one.after} for one in found.changes],
        blocks=found.blocks,
        version_before=found.version_before,
        version_after=found.version_after,
    )


def proposal_text(client: ChainClient, proposal: BoundedCall, block: str) -> str:
    """The proposed call in words, or why it cannot be told."""
    try:
        return call_text(call_of(client, call_bytes(client, proposal, at=block), at=block))
    except PreimageMissing:
        return f"a call of {proposal.length} bytes that nobody has deposited"
    except CallUnreadable:
        return "bytes that are no call of this runtime"


def _state(standing: Standing) -> str:
    status = standing.status
    if status.deciding is not None:
        return "deciding" if status.deciding.confirming is None else "confirming"
    if status.in_queue:
        return "queued"
    return "preparing" if status.decision_deposit is not None else "waiting for its decision deposit"


def _held(deposit: Any) -> str:
    return "-" if deposit is None else f"{asy(deposit.amount)} of {deposit.who}"


def _ppm(perbill: int) -> Ppm:
    return Ppm(perbill * 1_000_000 // ONE)


def _block(number: int | None) -> Block | None:
    return None if number is None else Block(number)


def _left(number: int | None, now: int) -> Blocks | None:
    return None if number is None else Blocks(max(number - now, 0))
