"""The demo's path, from genesis to paid rewards, with every balance and hold of every account after each step."""

from __future__ import annotations

import pytest

from offchain.chain import calls
from offchain.chain.errors import DispatchFailed
from offchain.chain.types import CheckpointStatus, RoundState, State, Waiting, WaitsFor, shard_indices
from offchain.datasets import open_shard

from ._ledger import Ledger, split_by_shares
from ._money import CLAIM, COMPUTE, CUT, EXISTENTIAL, ITEM, MILLI, POOL, STEWARD_BOND, USAGE_PRICE
from ._round import HONEST, LIE, Drive
from ._scene import (
    BOND,
    DEVELOPER,
    EVALUATION,
    MODELS,
    PRICES,
    SPARES,
    STEWARD,
    TREASURY,
    VALIDATORS,
    Scene,
)

SEATS = 7
EACH, DUST = divmod(POOL, SEATS)
USER, DESIGNER, TRAINER = SPARES
SHARES = [(DEVELOPER, 333_333), (DESIGNER, 333_333), (TRAINER, 333_334)]


def test_every_balance_adds_up_when_a_checkpoint_goes_from_claim_to_reward(fresh: Scene) -> None:
    scene, ledger = fresh, Ledger(fresh)
    steward, developer = scene.address(STEWARD), scene.address(DEVELOPER)

    # The steward's data set
    ledger.paid(scene.register_dataset())
    ledger.hold(steward, "Datasets.Deposit", ITEM + MILLI * scene.stored_bytes("Datasets", "Datasets", scene.dataset))
    ledger.hold(steward, "Datasets.StewardBond", STEWARD_BOND)
    ledger.check()
    ledger.paid(scene.publish())
    ledger.hold(steward, "Datasets.Deposit", MILLI * scene.stored_bytes("Datasets", "Versions", scene.dataset, 0))
    ledger.check()

    # Validators, and a benchmark of seven seats, of which nobody holds more than two
    ledger.paid(scene.register_validators())
    for name in VALIDATORS:
        ledger.hold(scene.address(name), "Evaluation.Bond", BOND)
        ledger.hold(steward, "Datasets.Deposit", MILLI * (4 + 32 + 16))
    ledger.paid(scene.create_benchmark(seats=SEATS))
    around_the_spec = 32 + 16 + 1 + 1 + 4
    benchmark_deposit = ITEM + MILLI * (
        scene.stored_bytes("Evaluation", "Benchmarks", scene.benchmark) - around_the_spec
    )
    ledger.hold(steward, "Evaluation.BenchmarkDeposit", benchmark_deposit)
    ledger.check()

    # The developer's model and checkpoint
    ledger.paid(scene.register_model(contributors=SHARES))
    ledger.hold(developer, "Models.Deposit", ITEM + MILLI * scene.stored_bytes("Models", "Models", scene.models[0]))
    ledger.check()
    spec = scene.checkpoint()
    salt, sealing_fee = scene.claim(DEVELOPER, spec), scene.fee_of_last_deed()
    ledger.fee(developer, sealing_fee)
    ledger.hold(developer, "Models.Claim", CLAIM)
    ledger.check()
    scene.run_to(scene.height + 4)
    ledger.paid(scene.send(DEVELOPER, calls.models.open_claim(scene.models[0], salt.reveal(), spec)))
    ledger.hold(developer, "Models.Claim", -CLAIM)
    ledger.hold(developer, "Models.Deposit", MILLI * scene.stored_bytes("Models", "Checkpoints", spec.id))
    ledger.check()

    # The request holds the fee and the steward's price
    quote = scene.client.evaluation.quote(scene.benchmark, spec.size_bytes)
    assert (quote.compute, quote.treasury_cut, quote.per_seat) == (COMPUTE, CUT, EACH)
    assert (quote.steward, quote.total, quote.subsidy) == (PRICES.evaluate, COMPUTE + PRICES.evaluate, 0)
    drive = Drive(scene, scene.request(spec))
    ledger.fee(developer, scene.fee_of_last_deed())
    ledger.hold(developer, "Evaluation.RoundFee", COMPUTE + PRICES.evaluate)
    ledger.check()

    # The round: whoever does its duty pays nothing
    drive.draw()
    seats = drive.seats
    assert sorted(seats.values()) == [1, 2, 2, 2]
    liar = next(name for name, count in seats.items() if count == 2)
    ledger.free(drive.accept())
    ledger.free(drive.release())
    ledger.free(drive.commit(liars=[liar]))
    ledger.check()
    ledger.free(drive.reveal())

    # The verdict: escrow leaves the developer, and everything owed is a claimable
    assert drive.state is State.SETTLED
    rewards = {name: EACH * count for name, count in seats.items() if name != liar}
    owed = CUT + DUST + PRICES.evaluate + sum(rewards.values())
    ledger.move(developer, EVALUATION, owed)
    ledger.hold(developer, "Evaluation.RoundFee", -(COMPUTE + PRICES.evaluate))
    ledger.check()
    assert COMPUTE + PRICES.evaluate - owed == 2 * EACH
    claimable = scene.client.evaluation.claimable
    assert {name: drive.owed(name) for name in seats} == {**rewards, liar: 0}
    assert claimable(steward) == PRICES.evaluate
    assert scene.treasury_is_owed(CUT + DUST)
    assert scene.pallet_has(EVALUATION, EXISTENTIAL + owed)
    assert {name: getattr(drive.member(name).progress, "agrees") for name in seats} == {  # noqa: B009
        name: name != liar for name in seats
    }

    # Anybody may have everyone paid, and a second claim pays nothing
    for beneficiary in [*(scene.address(name) for name in seats), steward, TREASURY]:
        ledger.move(EVALUATION, beneficiary, claimable(beneficiary))
        for _ in range(2):
            ledger.paid(scene.send(USER, calls.evaluation.claim_rewards(beneficiary)))
            ledger.check()
    assert scene.pallet_has(EVALUATION, EXISTENTIAL)

    # The result and the model
    (line,) = scene.client.evaluation.leaderboard(scene.benchmark)
    assert (line.checkpoint, line.model, line.owner, line.round) == (spec.id, scene.models[0], developer, drive.id)
    assert (line.scores, line.lower_ppm, line.upper_ppm) == (HONEST, HONEST[0] - 50_000, HONEST[0] + 50_000)
    assert (line.samples, line.seats_agreed, line.seats_accepted) == (20, SEATS - 2, SEATS)
    assert scene.client.models.checkpoint(spec.id).status is CheckpointStatus.AVAILABLE

    # Usage fees, split without dust
    ledger.paid(scene.send(USER, calls.models.pay_usage(spec.id, 3, USAGE_PRICE)))
    ledger.move(scene.address(USER), MODELS, 3 * USAGE_PRICE)
    ledger.check()
    parts = split_by_shares(3 * USAGE_PRICE, [share for _, share in SHARES])
    assert sum(parts) == 3 * USAGE_PRICE
    for (name, _), part in zip(SHARES, parts, strict=True):
        assert scene.client.models.claimable(scene.address(name)) == part
        ledger.move(MODELS, scene.address(name), part)
        for _ in range(2):
            ledger.paid(scene.send(USER, calls.models.claim_fees(scene.address(name))))
            ledger.check()
    assert scene.pallet_has(MODELS, EXISTENTIAL)

    # What can be given back is given back
    ledger.paid(scene.send(STEWARD, calls.evaluation.retire_benchmark(scene.benchmark)))
    ledger.hold(steward, "Evaluation.BenchmarkDeposit", -benchmark_deposit)
    ledger.paid(scene.send(STEWARD, calls.datasets.revoke_accreditation(scene.dataset, scene.address(VALIDATORS[0]))))
    ledger.hold(steward, "Datasets.Deposit", -MILLI * (4 + 32 + 16))
    ledger.check()


def test_why_names_state_actor_and_deadline_at_every_step(drive: Drive) -> None:
    scene, steward = drive.scene, drive.scene.address(STEWARD)

    def stands(state: State, waiting: Waiting) -> None:
        why = drive.why
        assert (why.state, why.waits_for) == (RoundState(state), waiting)
        assert why.until == drive.round.deadline
        assert why.draw_is_biasable_by_authors
        assert not why.widened

    def members(*names: str) -> Waiting:
        return Waiting(WaitsFor.MEMBERS, tuple(scene.address(name) for name in names))

    if scene.ground.is_ours:  # elsewhere it may be over before anybody looks
        stands(State.REQUESTED, Waiting(WaitsFor.BLOCKS))
    first, second, third = drive.draw()
    stands(State.ACCEPTING, members(first, second, third))
    drive.accept(second)
    stands(State.ACCEPTING, members(first, third))
    drive.accept(first, third)
    stands(State.RELEASING, Waiting(WaitsFor.STEWARD, members(first, second, third).members, steward))
    drive.release(first)
    stands(State.RELEASING, Waiting(WaitsFor.STEWARD, members(second, third).members, steward))
    drive.release(second, third)
    stands(State.COMMITTING, members(first, second, third))
    drive.commit(first)
    stands(State.COMMITTING, members(second, third))
    drive.commit(second, third)
    stands(State.REVEALING, members(first, second, third))
    drive.reveal(third)
    stands(State.REVEALING, members(first, second))
    drive.reveal(first, second)
    stands(State.SETTLED, Waiting(WaitsFor.NOBODY))


def test_why_names_anyone_when_a_window_has_passed(drive: Drive) -> None:
    drive.draw()
    drive.scene.run_to(drive.round.deadline + 1)
    assert (drive.why.state, drive.why.waits_for) == (RoundState(State.ACCEPTING), Waiting(WaitsFor.ANYONE))


def test_members_read_the_held_out_split_when_keys_were_released_and_exposure_counts_them(drive: Drive) -> None:
    scene, packed = drive.scene, drive.scene.packed
    members = drive.draw()
    drive.accept()
    assert scene.client.datasets.exposure(scene.dataset, 0) == (0, 0, 0)
    drive.release(members[0])
    assert scene.client.datasets.exposure(scene.dataset, 0) == (1, 1, 1)
    drive.release(*members[1:])
    assert scene.client.datasets.exposure(scene.dataset, 0) == (3, 3, 3)
    usage = scene.client.datasets.usage(scene.dataset)
    assert (usage.evaluations, usage.releases) == (1, 3)

    shards = list(shard_indices(drive.round.terms.shards))
    assert shards == [0, 1, 2]
    for who in members:
        samples = [
            sample
            for shard, key in zip(shards, drive.open_keys(who), strict=True)
            for sample in open_shard(packed.store, packed.manifest, shard, key)
        ]
        assert [sample.label for sample in samples] == [each.label for each in packed.keys.labels]

    drive.commit(members[0])
    assert scene.client.datasets.sealed_keys(drive.id, scene.address(members[0])) is None
    assert scene.client.datasets.sealed_keys(drive.id, scene.address(members[1])) is not None


def test_missed_reveal_is_slashed_and_its_reward_goes_back(drive: Drive) -> None:
    scene = drive.scene
    absent, *others = drive.to_revealing()
    ledger = Ledger(scene)
    ledger.free(drive.reveal(*others))
    scene.pass_deadline(drive.id)
    ledger.free(scene.send(others[0], calls.evaluation.advance(drive.id)))
    slash = BOND // 1_000
    each, dust = divmod(POOL, 3)
    ledger.move(scene.address(absent), EVALUATION, slash)
    ledger.move(scene.address(DEVELOPER), EVALUATION, CUT + dust + PRICES.evaluate + 2 * each)
    ledger.holds = {
        scene.address(absent): {"Evaluation.Bond": BOND - slash},
        scene.address(others[0]): {"Evaluation.Bond": BOND},
    }
    ledger.check()
    assert drive.state is State.SETTLED
    assert {name: drive.owed(name) for name in drive.members} == {absent: 0, **dict.fromkeys(others, each)}
    assert scene.treasury_is_owed(CUT + dust + slash)
    validator = scene.client.evaluation.validator(scene.address(absent))
    assert validator is not None
    assert (validator.bond, validator.misses, validator.active) == (BOND - slash, 1, True)


def test_checkpoint_is_scored_but_unusable_when_the_interval_is_below_the_threshold(scene: Scene) -> None:
    scene.create_benchmark(threshold_ppm=860_000)
    spec = scene.checkpoint()
    drive = Drive(scene, scene.request(spec, benchmark=1))
    drive.to_revealing()
    drive.reveal()
    assert scene.client.models.checkpoint(spec.id).status is CheckpointStatus.SCORED
    call = calls.models.pay_usage(spec.id, 1, USAGE_PRICE)
    scene.refused(USER, call, DispatchFailed, "Models.NotAvailable")


def test_ties_and_order_of_a_leaderboard_when_several_checkpoints_are_scored(scene: Scene) -> None:
    specs = [scene.checkpoint(seed) for seed in range(3)]
    for spec in specs[1:]:
        scene.submit_checkpoint(spec)
    for spec, scores in zip(specs, (HONEST, LIE, HONEST), strict=True):
        drive = Drive(scene, scene.request(spec))
        members = drive.to_revealing(liars=VALIDATORS if scores is LIE else ())
        drive.reveal()
        assert len(members) == 3
        assert drive.state is State.SETTLED
    board = scene.client.evaluation.leaderboard(scene.benchmark)
    assert [line.checkpoint for line in board] == [specs[1].id, specs[0].id, specs[2].id]
    assert [line.scores for line in board] == [LIE, HONEST, HONEST]
    assert scene.client.evaluation.leaderboard(scene.benchmark, offset=1, limit=1) == board[1:2]


@pytest.mark.parametrize("uses", [0, 5])
def test_usage_is_refused_when_it_is_none_or_too_dear(scene: Scene, uses: int) -> None:
    spec = scene.checkpoint()
    drive = Drive(scene, scene.request(spec))
    drive.to_revealing()
    drive.reveal()
    error = "Models.NoUses" if not uses else "Models.PriceAboveLimit"
    scene.refused(USER, calls.models.pay_usage(spec.id, uses, USAGE_PRICE - bool(uses)), DispatchFailed, error)
