"""What one member of one round does next.

The chain says what has happened; the journal says what the chain must not know yet. This module holds no state.
"""

from __future__ import annotations

from enum import Enum

from offchain.chain.types import (
    Accepted,
    Committed,
    Declined,
    Drawn,
    Keyed,
    Member,
    Missed,
    Revealed,
    Round,
    State,
)
from validators._journal import Stage

__all__ = ["Step", "duty_of", "next_step", "stage_on_chain"]


class Step(Enum):
    """What to do next."""

    WAIT = "wait"
    """Others have to act, or blocks to pass."""
    CHECK = "check"
    """Fetch, hash and load the checkpoint."""
    ACCEPT = "accept"
    EVALUATE = "evaluate"
    """The keys are there: score the checkpoint."""
    COMMIT = "commit"
    REVEAL = "reveal"
    DECLINE = "decline"
    EXCUSE = "excuse"
    """The journal lost the one-time secret, so the keys cannot be opened: decline for want of resources."""
    CLOSE = "close"
    """Nothing is left to do in the round but to claim what is owed, once it has ended."""


def stage_on_chain(stage: Stage, member: Member) -> Stage:
    """The journal's stage, brought forward to what the finalized chain shows."""
    match member.progress:
        case Accepted() | Keyed() if stage is Stage.CHECKED:
            return Stage.ACCEPTED
        case Committed() if stage is Stage.EVALUATED:
            return Stage.COMMITTED
        case Revealed() if stage in {Stage.EVALUATED, Stage.COMMITTED}:
            return Stage.REVEALED
        case _:
            return stage


def duty_of(round_: Round, member: Member) -> str | None:
    """What a member owes the round before its deadline, by the call that does it."""
    match round_.state.state, member.progress:
        case State.ACCEPTING, Drawn():
            return "accept"
        case State.COMMITTING, Keyed():
            return "commit"
        case State.REVEALING, Committed():
            return "reveal"
        case _:
            return None


def next_step(stage: Stage, round_: Round, member: Member, height: int) -> Step:
    """The next step at finalized ``height``; the next block must lie within the window for a call to be worth sending.

    Args:
        stage: of the journal, brought forward by :func:`stage_on_chain`.
        round_: the round.
        member: this account's part in it.
        height: of the finalized head.
    """
    state, in_window = round_.state, height < round_.deadline
    if state.is_final or stage is Stage.DONE:
        return Step.CLOSE
    match member.progress:
        case Drawn() if state.state is State.ACCEPTING and in_window:
            return _BEFORE_ACCEPT.get(stage, Step.WAIT)
        case Keyed():
            step = _WITH_KEYS.get(stage, Step.WAIT)
            ready = step is Step.EVALUATE or (state.state is State.COMMITTING and in_window)
            return step if ready else Step.WAIT
        case Committed() if state.state is State.REVEALING and in_window:
            return Step.REVEAL if stage is Stage.COMMITTED else Step.WAIT
        case Declined() | Missed():
            return Step.CLOSE
        case _:
            return Step.WAIT


_BEFORE_ACCEPT = {
    Stage.DRAWN: Step.CHECK,
    Stage.CHECKED: Step.ACCEPT,
    Stage.ACCEPTED: Step.ACCEPT,
    Stage.DECLINING: Step.DECLINE,
}

_WITH_KEYS = {
    Stage.DRAWN: Step.EXCUSE,
    Stage.ACCEPTED: Step.EVALUATE,
    Stage.EVALUATED: Step.COMMIT,
    Stage.COMMITTED: Step.COMMIT,
    Stage.DECLINING: Step.DECLINE,
}
