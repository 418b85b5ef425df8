"""Stewards who withhold keys, release garbage or meddle; rounds that fail, and who pays for which reason."""

from __future__ import annotations

import secrets

import pytest

from offchain.chain import calls
from offchain.chain.errors import AlreadyDone, DispatchFailed, NotEntitled, OutOfState, TooLate
from offchain.chain.types import DeclineReason, RoundState, State, shard_indices
from offchain.crypto import FrameTampered, KeyInvalid
from offchain.datasets import fetch_shard, open_frames

from ._ledger import Ledger
from ._money import CUT, POOL, STEWARD_BOND, work_each
from ._round import Drive
from ._scene import DEVELOPER, EVALUATION, PRICES, STEWARD, VALIDATORS, Scene

STRANGER = "//Two"
WORK = work_each()


def failed(reason: DeclineReason) -> RoundState:
    return RoundState(State.FAILED, "Declined", reason)


def faults(scene: Scene) -> int:
    return scene.client.datasets.get(scene.dataset).faults


def steward_bond(scene: Scene) -> int:
    return scene.client.datasets.get(scene.dataset).bond


def test_members_are_paid_from_the_bond_when_the_steward_never_releases(drive: Drive) -> None:
    scene = drive.scene
    members = drive.draw()
    drive.accept()
    ledger = Ledger(scene)
    ledger.free(drive.advance(members[0]))
    ledger.move(scene.address(STEWARD), EVALUATION, 3 * WORK)
    ledger.check()
    assert drive.round.state == RoundState(State.FAILED, "KeysWithheld")
    assert {drive.owed(who) for who in members} == {WORK}
    assert drive.owed(STEWARD) == 0
    assert (faults(scene), steward_bond(scene)) == (1, STEWARD_BOND - 3 * WORK)
    assert "Evaluation.RoundFee" not in scene.client.balances.holds(scene.address(DEVELOPER))


def test_data_set_is_suspended_when_its_steward_withholds_keys_three_times(scene: Scene) -> None:
    spec = scene.checkpoint()
    for count in range(1, 4):
        drive = Drive(scene, scene.request(spec))
        drive.draw()
        drive.accept()
        drive.advance()
        assert (faults(scene), scene.client.datasets.get(scene.dataset).suspended) == (count, count == 3)
    request = calls.evaluation.request_evaluation(scene.benchmark, spec.id, 100 * PRICES.evaluate)
    scene.refused(DEVELOPER, request, DispatchFailed, "Evaluation.DatasetUnusable")
    scene.refused(STEWARD, calls.datasets.reinstate(scene.dataset), DispatchFailed, "System.BadOrigin")


def test_all_are_paid_from_the_bond_when_the_steward_releases_to_some(drive: Drive) -> None:
    scene = drive.scene
    first, second, third = drive.draw()
    drive.accept()
    drive.release(first, second)
    assert drive.why.waits_for.members == (scene.address(third),)
    ledger = Ledger(scene)
    drive.advance(third)
    ledger.move(scene.address(STEWARD), EVALUATION, 3 * WORK)
    ledger.check()
    assert drive.round.state == RoundState(State.FAILED, "KeysWithheld")
    assert {drive.owed(who) for who in (first, second, third)} == {WORK}
    assert (drive.owed(STEWARD), faults(scene)) == (0, 1)
    assert scene.client.datasets.exposure(scene.dataset, 0) == (2, 2, 2)
    assert scene.client.datasets.sealed_keys(drive.id, scene.address(first)) is None


def test_release_is_refused_when_it_comes_late(drive: Drive) -> None:
    first, *_ = drive.draw()
    drive.accept()
    drive.scene.pass_deadline(drive.id)
    drive.scene.refused(STEWARD, drive.releasing(first), TooLate, "Evaluation.WindowClosed")


def test_release_is_refused_when_the_member_did_not_accept(drive: Drive) -> None:
    scene = drive.scene
    absent, *others = drive.draw()
    drive.accept(*others)
    drive.scene.refused(STEWARD, drive.releasing(others[0]), OutOfState, "Evaluation.WrongState")
    drive.advance()
    assert drive.round.state == RoundState(State.RELEASING)
    keys = drive.sealed(others[0])
    for nobody in (absent, STRANGER):
        call = calls.datasets.release_key(drive.id, scene.address(nobody), keys)
        scene.refused(STEWARD, call, NotEntitled, "Evaluation.NotDrawn")
    drive.release(*others)
    assert drive.state is State.COMMITTING


def test_release_is_refused_when_repeated_or_by_a_stranger_or_with_keys_too_many_or_few(drive: Drive) -> None:
    scene = drive.scene
    first, second, _ = drive.draw()
    drive.accept()
    scene.refused(STRANGER, drive.releasing(first), NotEntitled, "Datasets.NotSteward")
    drive.release(first)
    scene.refused(STEWARD, drive.releasing(first), AlreadyDone, "Datasets.AlreadyReleased")
    keys = drive.sealed(second)
    for number in (keys[:-1], [*keys, keys[0]], []):
        call = calls.datasets.release_key(drive.id, scene.address(second), number)
        scene.refused(STEWARD, call, DispatchFailed, "Datasets.WrongKeyCount")


def test_steward_pays_when_it_releases_garbage_and_two_thirds_decline(drive: Drive) -> None:
    scene = drive.scene
    first, second, third = drive.draw()
    drive.accept()
    garbage = [secrets.token_bytes(80) for _ in range(3)]
    swapped = drive.sealed(third)[::-1]
    for who, keys in ((first, garbage), (second, swapped), (third, drive.sealed(third))):
        scene.send(STEWARD, calls.datasets.release_key(drive.id, scene.address(who), keys))
    for who in (first, second):
        with pytest.raises(KeyInvalid):
            drive.open_keys(who)
    assert len(drive.open_keys(third)) == 3
    drive.decline(DeclineReason.KEY_INVALID, first)
    assert drive.state is State.COMMITTING
    ledger = Ledger(scene)
    ledger.free(drive.decline(DeclineReason.KEY_INVALID, second))
    ledger.move(scene.address(STEWARD), EVALUATION, 3 * WORK)
    ledger.check()
    assert drive.round.state == failed(DeclineReason.KEY_INVALID)
    assert {drive.owed(who) for who in (first, second, third)} == {WORK}
    assert (drive.owed(STEWARD), faults(scene)) == (0, 1)


def test_round_goes_on_when_one_member_meets_a_tampered_frame(drive: Drive) -> None:
    scene, packed = drive.scene, drive.scene.packed
    unlucky, *others = drive.to_committing()
    shard = shard_indices(drive.round.terms.shards)[0]
    frames = fetch_shard(packed.store, packed.manifest, shard)
    torn = [bytes([frames[0][0] ^ 1]) + frames[0][1:], *frames[1:]]
    with pytest.raises(FrameTampered):
        list(open_frames(packed.manifest, shard, torn, drive.open_keys(unlucky)[0]))
    drive.decline(DeclineReason.DATA_CORRUPT, unlucky)
    drive.commit(*others)
    ledger = Ledger(scene)
    drive.reveal(*others)
    each, dust = divmod(POOL, 3)
    ledger.move(scene.address(DEVELOPER), EVALUATION, CUT + dust + 2 * each + PRICES.evaluate)
    ledger.check()
    assert drive.state is State.SETTLED
    assert {who: drive.owed(who) for who in drive.members} == {unlucky: 0, **dict.fromkeys(others, each)}
    assert faults(scene) == 0


@pytest.mark.parametrize(
    "reason", [DeclineReason.CHECKPOINT_UNAVAILABLE, DeclineReason.HASH_MISMATCH, DeclineReason.UNLOADABLE]
)
def test_requester_pays_when_two_thirds_decline_the_checkpoint(drive: Drive, reason: DeclineReason) -> None:
    scene = drive.scene
    first, second, third = drive.draw()
    drive.accept(third)
    ledger = Ledger(scene)
    ledger.free(drive.decline(reason, first, second))
    cut = 3 * WORK // 10
    ledger.move(scene.address(DEVELOPER), EVALUATION, 3 * WORK + cut)
    ledger.check()
    assert drive.round.state == failed(reason)
    assert {drive.owed(who) for who in (first, second, third)} == {WORK}
    assert (drive.owed(STEWARD), faults(scene), steward_bond(scene)) == (0, 0, STEWARD_BOND)
    assert scene.treasury_is_owed(cut)


def test_steward_pays_when_two_thirds_decline_corrupt_data(drive: Drive) -> None:
    scene = drive.scene
    first, second, third = drive.to_committing()
    ledger = Ledger(scene)
    ledger.free(drive.decline(DeclineReason.DATA_CORRUPT, first, second))
    ledger.move(scene.address(STEWARD), EVALUATION, 3 * WORK)
    ledger.check()
    assert drive.round.state == failed(DeclineReason.DATA_CORRUPT)
    assert {drive.owed(who) for who in (first, second, third)} == {WORK}
    assert (drive.owed(STEWARD), faults(scene)) == (0, 1)


@pytest.mark.parametrize("keyed", [False, True])
def test_nobody_is_paid_for_work_when_two_thirds_lack_resources(drive: Drive, keyed: bool) -> None:
    scene = drive.scene
    first, second, _ = drive.to_committing() if keyed else drive.draw()
    ledger = Ledger(scene)
    ledger.free(drive.decline(DeclineReason.RESOURCES, first, second))
    ledger.move(scene.address(DEVELOPER), EVALUATION, PRICES.evaluate if keyed else 0)
    ledger.check()
    assert drive.round.state == failed(DeclineReason.RESOURCES)
    assert {drive.owed(who) for who in drive.members} == {0}
    assert (drive.owed(STEWARD), faults(scene)) == (PRICES.evaluate if keyed else 0, 0)


def test_round_goes_on_when_declines_have_different_reasons(scene: Scene) -> None:
    scene.create_benchmark(seats=7)
    drive = Drive(scene, scene.request(scene.checkpoint(), benchmark=1))
    drive.draw()
    two = [who for who, seats in drive.seats.items() if seats == 2]
    single = next(who for who, seats in drive.seats.items() if seats == 1)
    drive.decline(DeclineReason.UNLOADABLE, two[0])
    drive.decline(DeclineReason.RESOURCES, single)
    drive.accept(*two[1:])
    assert drive.round.state == RoundState(State.RELEASING)
    drive.release()
    drive.commit()
    drive.reveal()
    assert drive.state is State.SETTLED
    each = POOL // 7
    assert {who: drive.owed(who) for who in drive.members} == {
        two[0]: 0,
        single: 0,
        two[1]: 2 * each,
        two[2]: 2 * each,
    }
    assert {drive.member(who).progress.reason for who in (two[0], single)} == {  # type: ignore[union-attr]
        DeclineReason.UNLOADABLE,
        DeclineReason.RESOURCES,
    }


def test_decline_is_refused_when_the_reason_does_not_fit_the_state(drive: Drive) -> None:
    first, *_ = drive.draw()
    for reason in (DeclineReason.KEY_INVALID, DeclineReason.DATA_CORRUPT):
        call = calls.evaluation.decline(drive.id, reason)
        drive.scene.refused(first, call, DispatchFailed, "Evaluation.ReasonOutOfPlace")
    drive.accept()
    drive.release()
    for reason in (DeclineReason.HASH_MISMATCH, DeclineReason.UNLOADABLE, DeclineReason.CHECKPOINT_UNAVAILABLE):
        call = calls.evaluation.decline(drive.id, reason)
        drive.scene.refused(first, call, DispatchFailed, "Evaluation.ReasonOutOfPlace")
    drive.commit(first)
    late = calls.evaluation.decline(drive.id, DeclineReason.RESOURCES)
    drive.scene.refused(first, late, NotEntitled, "Evaluation.NotDrawn")


def test_data_set_is_changed_by_its_steward_only(scene: Scene) -> None:
    for call in (
        calls.datasets.set_prices(scene.dataset, PRICES),
        calls.datasets.retire_version(scene.dataset, 0),
        calls.datasets.retire_shard(scene.dataset, 0, 0),
        calls.datasets.top_up_bond(scene.dataset, 1),
        calls.datasets.revoke_accreditation(scene.dataset, scene.address(VALIDATORS[0])),
    ):
        scene.refused(STRANGER, call, NotEntitled, "Datasets.NotSteward")


def test_round_runs_on_the_shards_that_are_left_when_one_is_retired(scene: Scene) -> None:
    scene.send(STEWARD, calls.datasets.retire_shard(scene.dataset, 0, 1))
    drive = Drive(scene, scene.request(scene.checkpoint()))
    assert list(shard_indices(drive.round.terms.shards)) == [0, 2]
    drive.to_revealing()
    drive.reveal()
    assert drive.state is State.SETTLED
    assert scene.client.datasets.exposure(scene.dataset, 0) == (3, 0, 3)


def test_open_round_settles_when_its_version_is_retired_meanwhile(drive: Drive) -> None:
    scene = drive.scene
    scene.send(STEWARD, calls.datasets.retire_version(scene.dataset, 0))
    drive.to_revealing()
    drive.reveal()
    assert (drive.state, drive.owed(STEWARD)) == (State.SETTLED, PRICES.evaluate)
    scene.submit_checkpoint(scene.checkpoint(1))
    request = calls.evaluation.request_evaluation(scene.benchmark, scene.checkpoint(1).id, 100 * PRICES.evaluate)
    scene.refused(DEVELOPER, request, DispatchFailed, "Evaluation.DatasetUnusable")
