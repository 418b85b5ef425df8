"""The table of what a member does next, for every pair of what the journal and what the chain may say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from offchain.chain.types import (
    Accepted,
    Committed,
    Declined,
    DeclineReason,
    Drawn,
    Keyed,
    Member,
    Missed,
    Progress,
    Reveal,
    Revealed,
    Round,
    RoundState,
    State,
)
from offchain.chain.types import Stage as Missing
from validators._journal import Stage
from validators._member import Step, next_step, stage_on_chain

KEY, COMMITMENT = b"k" * 32, b"c" * 32
REVEALED = Revealed(Reveal((1,), 0, 2, KEY, KEY, KEY), None)


def _member(progress: Progress) -> Member:
    return Member(seats=1, widened=False, progress=progress)


def _round(state: State, deadline: int = 100) -> Round:
    return cast("Round", SimpleNamespace(state=RoundState(state), deadline=deadline))


@pytest.mark.parametrize(
    ("stage", "progress", "state", "step"),
    [
        (Stage.DRAWN, Drawn(), State.ACCEPTING, Step.CHECK),
        (Stage.CHECKED, Drawn(), State.ACCEPTING, Step.ACCEPT),
        (Stage.DECLINING, Drawn(), State.ACCEPTING, Step.DECLINE),
        (Stage.ACCEPTED, Accepted(KEY), State.ACCEPTING, Step.WAIT),
        (Stage.ACCEPTED, Accepted(KEY), State.RELEASING, Step.WAIT),
        (Stage.ACCEPTED, Keyed(KEY), State.RELEASING, Step.EVALUATE),
        (Stage.EVALUATED, Keyed(KEY), State.RELEASING, Step.WAIT),
        (Stage.EVALUATED, Keyed(KEY), State.COMMITTING, Step.COMMIT),
        (Stage.DECLINING, Keyed(KEY), State.RELEASING, Step.WAIT),
        (Stage.DECLINING, Keyed(KEY), State.COMMITTING, Step.DECLINE),
        (Stage.DRAWN, Keyed(KEY), State.COMMITTING, Step.EXCUSE),
        (Stage.COMMITTED, Committed(COMMITMENT), State.COMMITTING, Step.WAIT),
        (Stage.COMMITTED, Committed(COMMITMENT), State.REVEALING, Step.REVEAL),
        (Stage.DRAWN, Committed(COMMITMENT), State.REVEALING, Step.WAIT),
        (Stage.REVEALED, REVEALED, State.REVEALING, Step.WAIT),
        (Stage.REVEALED, REVEALED, State.ACCEPTING, Step.WAIT),
        (Stage.REVEALED, REVEALED, State.SETTLED, Step.CLOSE),
        (Stage.COMMITTED, Missed(Missing.REVEAL), State.REQUESTED, Step.CLOSE),
        (Stage.DECLINING, Declined(DeclineReason.RESOURCES), State.COMMITTING, Step.CLOSE),
        (Stage.ACCEPTED, Accepted(KEY), State.FAILED, Step.CLOSE),
    ],
)
def test_member_takes_the_next_step_when_the_window_is_open(
    stage: Stage, progress: Progress, state: State, step: Step
) -> None:
    assert next_step(stage, _round(state), _member(progress), height=50) is step


@pytest.mark.parametrize("stage", [each for each in Stage if each is not Stage.DONE])
@pytest.mark.parametrize("progress", [Drawn(), Keyed(KEY), Committed(COMMITMENT)])
@pytest.mark.parametrize("state", [State.ACCEPTING, State.COMMITTING, State.REVEALING])
def test_member_sends_nothing_when_no_block_of_the_window_is_left(
    stage: Stage, progress: Progress, state: State
) -> None:
    step = next_step(stage, _round(state, deadline=50), _member(progress), height=50)
    assert step in {Step.WAIT, Step.EVALUATE}


@pytest.mark.parametrize(
    ("stage", "progress", "found"),
    [
        (Stage.CHECKED, Accepted(KEY), Stage.ACCEPTED),
        (Stage.CHECKED, Keyed(KEY), Stage.ACCEPTED),
        (Stage.EVALUATED, Committed(COMMITMENT), Stage.COMMITTED),
        (Stage.EVALUATED, REVEALED, Stage.REVEALED),
        (Stage.COMMITTED, REVEALED, Stage.REVEALED),
        (Stage.CHECKED, Drawn(), Stage.CHECKED),
        (Stage.EVALUATED, Keyed(KEY), Stage.EVALUATED),
    ],
)
def test_stage_follows_the_chain_when_a_transaction_is_final(stage: Stage, progress: Any, found: Stage) -> None:
    assert stage_on_chain(stage, _member(progress)) is found
