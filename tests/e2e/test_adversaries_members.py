"""Members of a committee that copy, lie, come late, or do not come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from offchain.chain import calls
from offchain.chain.errors import AlreadyDone, DispatchFailed, NotEntitled, OutOfState, TooEarly, TooLate
from offchain.chain.types import Committed, Limits, Missed, Revealed, RoundState, Stage, State, Validator
from offchain.crypto import KeyInvalid, OneTimeKey

from ._ledger import Ledger
from ._money import COMPUTE, CUT, POOL
from ._round import HONEST, LIE, Drive, opening
from ._scene import ASY, BOND, DEVELOPER, EVALUATION, LIMITS, PRICES, SPARES, STEWARD, VALIDATORS, Scene

EACH, DUST = divmod(POOL, 3)


def validator(drive: Drive, who: str) -> Validator:
    found = drive.scene.client.evaluation.validator(drive.scene.address(who))
    assert found is not None
    return found


def absent_one(drive: Drive) -> str:
    """The one of the four validators that was not drawn."""
    (outsider,) = set(VALIDATORS) - set(drive.members)
    return outsider


def test_commit_is_refused_when_the_account_was_not_drawn(drive: Drive) -> None:
    drive.to_committing()
    for outsider in (absent_one(drive), STEWARD, DEVELOPER):
        drive.scene.refused(outsider, drive.committing(outsider), NotEntitled, "Evaluation.NotDrawn")


def test_reveal_is_refused_when_the_commitment_was_made_for_another_account(drive: Drive) -> None:
    confused, *others = drive.to_committing()
    reveal = drive.reveals[confused] = opening()
    drive.scene.send(confused, calls.evaluation.commit(drive.id, drive.digest(others[0], reveal)))
    drive.commit(*others)
    drive.scene.refused(confused, drive.revealing(confused), DispatchFailed, "Evaluation.CommitmentMismatch")


def test_copied_commit_cannot_be_revealed_and_is_slashed_like_a_missed_reveal(drive: Drive) -> None:
    honest, copier, third = drive.to_committing()
    drive.commit(honest)
    seen = drive.member(honest).progress
    assert isinstance(seen, Committed)
    drive.scene.send(copier, calls.evaluation.commit(drive.id, seen.commitment))
    drive.commit(third)
    drive.reveal(honest)
    shown = drive.member(honest).progress
    assert isinstance(shown, Revealed)
    copy = calls.evaluation.reveal(drive.id, shown.reveal)
    drive.scene.refused(copier, copy, DispatchFailed, "Evaluation.CommitmentMismatch")
    drive.reveal(third)
    drive.advance()
    assert drive.member(copier).progress == Missed(Stage.REVEAL)
    assert validator(drive, copier).bond == BOND - BOND // 1_000
    assert (drive.state, drive.owed(copier), drive.owed(honest)) == (State.SETTLED, 0, EACH)


@pytest.mark.parametrize("field", ["salt", "scores", "prediction_root", "env_digest", "upper_ppm"])
def test_reveal_is_refused_when_one_field_is_anothers(drive: Drive, field: str) -> None:
    who, other, _ = drive.to_revealing()
    foreign = replace(opening((905_000, 880_000, 920_000)), upper_ppm=960_000, env_digest=bytes(32))
    values = {"salt": drive.reveals[other].salt}
    false = replace(drive.reveals[who], **{field: values.get(field, getattr(foreign, field))})
    call = calls.evaluation.reveal(drive.id, false)
    drive.scene.refused(who, call, DispatchFailed, "Evaluation.CommitmentMismatch")
    drive.reveal()
    assert drive.state is State.SETTLED


def test_reveal_is_refused_when_the_commit_window_is_open(drive: Drive) -> None:
    first, *_ = drive.to_committing()
    drive.commit(first)
    drive.scene.refused(first, drive.revealing(first), OutOfState, "Evaluation.WrongState")


def test_commit_is_refused_when_it_would_replace_another(drive: Drive) -> None:
    first, *_ = drive.to_committing()
    drive.commit(first)
    second_thoughts = calls.evaluation.commit(drive.id, drive.digest(first, opening(LIE)))
    drive.scene.refused(first, second_thoughts, NotEntitled, "Evaluation.NotDrawn")


def test_reveal_is_refused_when_the_window_has_passed(drive: Drive) -> None:
    late, *others = drive.to_revealing()
    drive.reveal(*others)
    drive.scene.pass_deadline(drive.id)
    drive.scene.refused(late, drive.revealing(late), TooLate, "Evaluation.WindowClosed")
    drive.advance()
    drive.scene.refused(late, drive.revealing(late), OutOfState, "Evaluation.WrongState")


def test_commit_is_refused_when_the_window_has_passed(drive: Drive) -> None:
    late, *others = drive.to_committing()
    drive.commit(*others)
    drive.scene.pass_deadline(drive.id)
    drive.scene.refused(late, drive.committing(late), TooLate, "Evaluation.WindowClosed")


def test_accept_is_refused_when_late_or_repeated_or_with_an_empty_key(drive: Drive) -> None:
    first, second, _ = drive.draw()
    drive.scene.refused(first, calls.evaluation.accept(drive.id, bytes(32)), DispatchFailed, "Evaluation.KeyZero")
    drive.accept(first)
    again = calls.evaluation.accept(drive.id, OneTimeKey().public)
    drive.scene.refused(first, again, NotEntitled, "Evaluation.NotDrawn")
    drive.scene.pass_deadline(drive.id)
    drive.scene.refused(second, drive.accepting(second), TooLate, "Evaluation.WindowClosed")


@pytest.mark.parametrize(
    ("reveal", "error"),
    [
        (opening((900_001, 880_000, 920_000)), "Evaluation.ScoreUnrounded"),
        (opening((1_005_000, 880_000, 920_000)), "Evaluation.ScoreUnrounded"),
        (opening((900_000, 880_000)), "Evaluation.ScoreCountMismatch"),
        (replace(opening(), lower_ppm=905_000), "Evaluation.IntervalMismatch"),
    ],
)
def test_reveal_is_refused_when_scores_are_out_of_form(drive: Drive, reveal: object, error: str) -> None:
    first, *others = drive.to_committing()
    drive.reveals[first] = reveal  # type: ignore[assignment]
    drive.commit(first, *others)
    drive.scene.refused(first, drive.revealing(first), DispatchFailed, error)


@pytest.mark.parametrize(
    "key", [b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xed" + b"\xff" * 31], ids=["1", "p-1", "p"]
)
def test_accept_is_refused_when_nothing_can_be_sealed_to_the_key(drive: Drive, key: bytes) -> None:
    first, *_ = drive.draw()
    drive.scene.refused(first, calls.evaluation.accept(drive.id, key), DispatchFailed, "Evaluation.KeyWeak")
    with pytest.raises(KeyInvalid):
        drive.scene.packed.keys.release([0], key)


def test_miss_is_slashed_when_the_whole_bond_is_on_its_way_out(drive: Drive) -> None:
    runaway, *others = drive.to_committing()
    drive.scene.send(runaway, calls.evaluation.unbond(BOND))
    assert (validator(drive, runaway).bond, validator(drive, runaway).active) == (0, False)
    drive.scene.refused(runaway, calls.evaluation.withdraw_unbonded(), TooEarly, "Evaluation.NothingUnlocked")
    drive.commit(*others)
    drive.advance()
    (unlocking,) = validator(drive, runaway).unlocking
    assert unlocking.amount == BOND - BOND // 1_000
    assert unlocking.at > drive.scene.height + 1_000


def test_bond_is_refused_when_below_the_least_or_more_than_there_is(scene: Scene) -> None:
    keys = b"\x97" * 48, b"\x98" * 96
    newcomer, (validator_, *_) = SPARES[0], VALIDATORS
    for limits, bond, error in (
        (LIMITS, 100 * ASY - 1, "Evaluation.BondBelowMinimum"),
        (Limits(0, 1), BOND, "Evaluation.LimitsTooLow"),
        (LIMITS, 20_000_000 * ASY, "Token.FundsUnavailable"),
    ):
        scene.refused(newcomer, calls.evaluation.register_validator(limits, *keys, bond), DispatchFailed, error)
    scene.refused(
        validator_,
        calls.evaluation.register_validator(LIMITS, *keys, BOND),
        AlreadyDone,
        "Evaluation.AlreadyRegistered",
    )
    scene.refused(newcomer, calls.evaluation.chill(), NotEntitled, "Evaluation.NotValidator")
    scene.refused(validator_, calls.evaluation.unbond(BOND + 1), DispatchFailed, "Evaluation.NotEnoughBond")


def test_accept_without_commit_is_slashed_like_a_missed_reveal(drive: Drive) -> None:
    idle, *others = drive.to_committing()
    drive.commit(*others)
    ledger = Ledger(drive.scene)
    drive.advance()
    ledger.move(drive.scene.address(idle), EVALUATION, BOND // 1_000)
    ledger.check()
    assert drive.state is State.REVEALING
    assert drive.member(idle).progress == Missed(Stage.COMMIT)
    assert (validator(drive, idle).bond, validator(drive, idle).misses) == (BOND - BOND // 1_000, 1)
    assert drive.scene.client.datasets.sealed_keys(drive.id, drive.scene.address(idle)) is None
    drive.reveal()
    assert (drive.state, drive.owed(idle)) == (State.SETTLED, 0)


def test_second_miss_in_a_row_costs_twice_as_much_and_chills(scene: Scene) -> None:
    scene.send(VALIDATORS[3], calls.evaluation.chill())
    scene.submit_checkpoint(scene.checkpoint(1))
    idle, bond = VALIDATORS[0], BOND
    for nth, seed in enumerate((0, 1), 1):
        drive = Drive(scene, scene.request(scene.checkpoint(seed)))
        others = [who for who in drive.to_committing() if who != idle]
        drive.commit(*others)
        drive.advance()
        bond -= nth * bond // 1_000
        assert (validator(drive, idle).bond, validator(drive, idle).misses) == (bond, nth)
        drive.reveal()
        assert drive.state is State.SETTLED
    assert not validator(drive, idle).active
    assert scene.address(idle) not in scene.client.evaluation.active()
    scene.submit_checkpoint(scene.checkpoint(2))
    scene.send(VALIDATORS[3], calls.evaluation.activate(validator(drive, idle).limits))
    assert idle not in Drive(scene, scene.request(scene.checkpoint(2))).draw()


def test_misses_are_forgotten_when_a_member_reveals(scene: Scene) -> None:
    scene.send(VALIDATORS[3], calls.evaluation.chill())
    idle = VALIDATORS[0]
    for seed, misses in enumerate((1, 0, 1)):
        spec = scene.checkpoint(seed)
        if seed:
            scene.submit_checkpoint(spec)
        drive = Drive(scene, scene.request(spec))
        members = drive.to_revealing()
        drive.reveal(*(who for who in members if not (misses and who == idle)))
        if misses:
            drive.advance()
        assert drive.state is State.SETTLED
        assert (validator(drive, idle).misses, validator(drive, idle).active) == (misses, True)


def test_liar_is_unpaid_and_not_slashed(drive: Drive) -> None:
    liar, *honest = drive.to_committing()
    drive.commit(liars=[liar])
    ledger = Ledger(drive.scene)
    ledger.free(drive.reveal())
    ledger.move(drive.scene.address(DEVELOPER), EVALUATION, CUT + DUST + PRICES.evaluate + 2 * EACH)
    ledger.check()
    assert drive.state is State.SETTLED
    assert (validator(drive, liar).bond, validator(drive, liar).misses) == (BOND, 0)
    assert {who: drive.owed(who) for who in drive.members} == {liar: 0, **dict.fromkeys(honest, EACH)}
    outcome = drive.scene.client.evaluation.result(drive.scene.benchmark, drive.round.terms.checkpoint)
    assert outcome is not None
    assert outcome.scores == HONEST


def test_absence_costs_nothing_and_widens_the_committee(scene: Scene) -> None:
    scene.register_validators(SPARES)
    drive = Drive(scene, scene.request(scene.checkpoint()))
    first = drive.draw()
    ledger = Ledger(scene)
    ledger.free(drive.advance())
    ledger.check()
    assert (drive.state, drive.round.widened) == (State.REQUESTED, True)
    assert {drive.member(who).progress for who in first} == {Missed(Stage.ANSWER)}
    assert {validator(drive, who).bond for who in first} == {BOND}
    second = set(drive.draw()) - set(first)
    assert len(second) == 3
    drive.advance()
    assert drive.state is State.EXPIRED
    assert COMPUTE + PRICES.evaluate not in scene.client.balances.holds(scene.address(DEVELOPER)).values()
    ledger.check()


def test_round_is_inconclusive_when_a_widened_committee_still_disagrees(scene: Scene) -> None:
    scene.register_validators(SPARES)
    drive = Drive(scene, scene.request(scene.checkpoint()))
    ledger = Ledger(scene)
    levels = iter(range(700_000, 1_000_000, 50_000))
    first = drive.to_committing()
    for who in first:
        drive.reveals[who] = opening((next(levels), 880_000, 920_000))
    drive.commit(*first)
    drive.reveal(*first)
    assert (drive.state, drive.round.widened) == (State.REQUESTED, True)
    assert {validator(drive, who).open_rounds for who in first} == {0}
    second = [who for who in drive.draw() if who not in first]
    assert len(second) == 3
    drive.accept(*second)
    drive.release(*second)
    for who in second:
        drive.reveals[who] = opening((next(levels), 880_000, 920_000))
    drive.commit(*second)
    drive.reveal(*second)
    assert drive.state is State.INCONCLUSIVE
    work = POOL // 6 // 4
    assert {drive.owed(who) for who in (*first, *second)} == {work}
    assert {validator(drive, who).bond for who in (*first, *second)} == {BOND}
    ledger.move(scene.address(DEVELOPER), EVALUATION, 6 * work + 6 * work // 10 + PRICES.evaluate)
    ledger.check()
    assert scene.treasury_is_owed(6 * work // 10)
    assert scene.client.evaluation.result(scene.benchmark, drive.round.terms.checkpoint) is None
    assert scene.request(scene.checkpoint()) > drive.id


def test_widened_committee_settles_when_two_thirds_agree(scene: Scene) -> None:
    scene.register_validators(SPARES)
    drive = Drive(scene, scene.request(scene.checkpoint()))
    first = drive.to_committing()
    for who, score in zip(first, (700_000, 800_000, 900_000), strict=True):
        drive.reveals[who] = opening((score, 880_000, 920_000))
    drive.commit(*first)
    drive.reveal(*first)
    second = [who for who in drive.draw() if who not in first]
    drive.accept(*second)
    drive.release(*second)
    drive.commit(*second)
    drive.reveal(*second)
    assert drive.state is State.SETTLED
    each = POOL // 6
    agreeing = {first[2], *second}
    assert {who: drive.owed(who) for who in drive.members} == {
        who: each if who in agreeing else 0 for who in drive.members
    }


@pytest.mark.ours("it acts in the very last block of a window")
def test_window_is_open_in_its_last_block_and_shut_in_the_next(drive: Drive) -> None:
    first, second, third = drive.draw()
    drive.scene.run_to(drive.round.deadline - 1)
    drive.accept(first, second)
    assert drive.scene.height == drive.round.deadline
    drive.scene.refused(third, drive.accepting(third), TooLate, "Evaluation.WindowClosed")
    drive.advance()
    assert drive.round.state == RoundState(State.RELEASING)
    assert drive.round.deadline == drive.scene.height + drive.round.terms.windows.release
