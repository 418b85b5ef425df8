"""Governance pauses a duty of rounds: their clock stands still, and nobody is punished for what nobody could do."""

from __future__ import annotations

import pytest

from offchain.chain import calls
from offchain.chain.calls import Call
from offchain.chain.cli_round import describe
from offchain.chain.errors import CallFiltered, TooLate
from offchain.chain.types import Missed, State

from ._referendum import pass_referendum
from ._round import Drive
from ._scene import AUTHOR, STEWARD, VALIDATORS, Scene

pytestmark = pytest.mark.ours("a referendum changes the chain for everybody")

VOTERS = (AUTHOR, STEWARD, *VALIDATORS)
"""The emergency track asks for more than a tenth of all tokens."""


def switch(scene: Scene, name: str, pallet: str, call: str) -> None:
    """Pauses or unpauses a call by a referendum on the emergency track."""
    argument = "full_name" if name == "pause" else "ident"
    names = tuple("0x" + part.encode().hex() for part in (pallet, call))
    assert pass_referendum(scene, "Emergency", Call("TxPause", name, {argument: names}), VOTERS) is None


def blameless(scene: Scene) -> bool:
    """Whether no validator has missed anything and the steward is not at fault."""
    validators = scene.client.evaluation.validators().values()
    faults = scene.client.datasets.get(scene.dataset).faults
    return not any(each.misses or each.absences for each in validators) and not faults


def test_round_ends_with_nobody_punished_when_each_duty_is_paused_past_its_deadline(drive: Drive) -> None:
    scene, reader = drive.scene, drive.scene.client.evaluation
    members = drive.draw()
    stages = [
        ("Evaluation", "accept", drive.accept),
        ("Datasets", "release_key", drive.release),
        ("Evaluation", "commit", drive.commit),
        ("Evaluation", "reveal", drive.reveal),
    ]
    for pallet, call, work in stages:
        before, deadline, stopped = drive.state, drive.round.deadline, reader.stopped_blocks()
        switch(scene, "pause", pallet, call)
        assert reader.paused_duties() == {f"{pallet}.{call}"}
        scene.run_to(deadline + 10)
        with pytest.raises(CallFiltered) as caught:
            work(members[0])
        assert caught.value.code == 108
        scene.send(STEWARD, calls.evaluation.advance(drive.id))
        assert drive.state is before
        shown = describe(scene.client, drive.id)
        assert shown.paused == [f"{pallet}.{call}"]
        assert shown.left_blocks > 0
        switch(scene, "unpause", pallet, call)
        assert describe(scene.client, drive.id).paused == []
        assert reader.paused_duties() == frozenset()
        assert drive.round.deadline == deadline + reader.stopped_blocks() - stopped
        assert drive.why.until == drive.round.deadline > scene.height
        work()
        assert drive.state is not before
    assert drive.state is State.SETTLED
    assert blameless(scene)
    assert all(drive.owed(who) for who in members)


def test_member_is_late_when_its_window_has_passed_on_the_clock_that_stood_still(drive: Drive) -> None:
    scene = drive.scene
    late, *others = drive.draw()
    switch(scene, "pause", "Evaluation", "reveal")
    switch(scene, "unpause", "Evaluation", "reveal")
    drive.accept(*others)
    assert drive.round.deadline > scene.height
    scene.run_to(drive.round.deadline)
    with pytest.raises(TooLate):
        drive.accept(late)
    drive.advance()
    assert isinstance(drive.member(late).progress, Missed)


def test_bond_unlocks_later_by_the_blocks_in_which_the_clock_stood_still(scene: Scene) -> None:
    who = VALIDATORS[0]
    reader = scene.client.evaluation
    entry = reader.validator(scene.address(who))
    assert entry is not None
    scene.send(who, calls.evaluation.unbond(entry.bond))

    def unlocks_at() -> int:
        entry = reader.validator(scene.address(who))
        assert entry is not None
        assert reader.validators()[scene.address(who)] == entry
        return entry.unlocking[0].at

    before, stopped = unlocks_at(), reader.stopped_blocks()
    switch(scene, "pause", "Evaluation", "advance")
    scene.run_to(scene.height + 5)
    switch(scene, "unpause", "Evaluation", "advance")
    assert reader.stopped_blocks() > stopped + 5
    assert unlocks_at() == before + reader.stopped_blocks() - stopped


def test_open_rounds_are_those_that_have_not_ended(drive: Drive) -> None:
    reader = drive.scene.client.evaluation
    assert reader.open_rounds() == {drive.id: drive.round}
    drive.to_revealing()
    assert reader.open_rounds() == {drive.id: drive.round}
    drive.reveal()
    assert reader.open_rounds() == {}
