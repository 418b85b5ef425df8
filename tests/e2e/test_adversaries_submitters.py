"""Developers and thieves: stolen claims, copied checkpoints, fees that do not reach, friends on the committee."""

from __future__ import annotations

from dataclasses import replace

import pytest

from offchain.chain import calls
from offchain.chain.calls.proxy import ProxyType
from offchain.chain.errors import AlreadyDone, DispatchFailed, NotEntitled, TooEarly, TooLate, TransactionRefused
from offchain.chain.types import CheckpointStatus, Metric, RoundState, State
from offchain.crypto import claim_hash
from offchain.models import CheckpointNotCanonical, checkpoint_id, encode, pack, read_canonical

from ._ledger import Ledger
from ._money import CLAIM, COMPUTE, CUT, POOL
from ._round import Drive
from ._scene import ASY, DEVELOPER, EVALUATION, PRICES, SPARES, STEWARD, VALIDATORS, Scene

THIEF = SPARES[0]


def requesting(scene: Scene, max_fee: int) -> calls.Call:
    return calls.evaluation.request_evaluation(scene.benchmark, scene.checkpoint().id, max_fee)


# Stolen claims


def test_copied_claim_opens_nothing_when_the_thief_sees_the_opening(scene: Scene) -> None:
    scene.register_model(THIEF)
    spec = scene.checkpoint(1)
    salt = scene.claim(DEVELOPER, spec)
    copied = claim_hash(spec.id, scene.signer(DEVELOPER).public_key, salt.reveal())
    scene.send(THIEF, calls.models.claim(copied))
    scene.run_to(scene.height + 5)
    opening = calls.models.open_claim(scene.models[1], salt.reveal(), spec)
    scene.refused(THIEF, opening, DispatchFailed, "Models.UnknownClaim")
    scene.send(DEVELOPER, calls.models.open_claim(scene.models[0], salt.reveal(), spec))
    assert scene.client.models.checkpoint(spec.id).owner == scene.address(DEVELOPER)


def test_thiefs_own_claim_is_refused_when_the_checkpoint_was_opened_before(scene: Scene) -> None:
    scene.register_model(THIEF)
    spec = scene.checkpoint()
    salt = scene.claim(THIEF, spec)
    scene.run_to(scene.height + 5)
    opening = calls.models.open_claim(scene.models[1], salt.reveal(), spec)
    scene.refused(THIEF, opening, AlreadyDone, "Models.AlreadySubmitted")


@pytest.mark.ours("it acts between a request and its draw, three blocks later")
def test_earlier_claim_takes_the_checkpoint_over_and_the_thiefs_round_fails_at_no_cost(scene: Scene) -> None:
    scene.register_model(THIEF)
    spec = scene.checkpoint(1)
    salt = scene.claim(DEVELOPER, spec)
    scene.submit_checkpoint(spec, who=THIEF, model=1)
    assert scene.client.models.checkpoint(spec.id).owner == scene.address(THIEF)
    ledger = Ledger(scene)
    receipt = scene.send(
        THIEF, calls.evaluation.request_evaluation(scene.benchmark, spec.id, COMPUTE + PRICES.evaluate)
    )
    ledger.paid(receipt)
    ledger.paid(scene.send(DEVELOPER, calls.models.open_claim(scene.models[0], salt.reveal(), spec)))
    requested = receipt.event("Evaluation", "EvaluationRequested")
    assert requested is not None
    drive = Drive(scene, int(requested.fields["round"]))
    drive.pass_draw()
    assert drive.round.state == RoundState(State.FAILED, "ClaimTakenOver")
    assert drive.members == []
    assert scene.client.balances.holds(scene.address(THIEF)) == {
        "Models.Deposit": scene.client.models.get(scene.models[1]).deposit
    }
    ledger.check()
    checkpoint = scene.client.models.checkpoint(spec.id)
    assert (checkpoint.owner, checkpoint.model) == (scene.address(DEVELOPER), scene.models[0])
    assert Drive(scene, scene.request(spec)).draw()


@pytest.mark.ours("it acts in the very block of the draw")
def test_earlier_claim_is_refused_when_the_draw_is_known(scene: Scene) -> None:
    scene.register_model(THIEF)
    spec = scene.checkpoint(1)
    salt = scene.claim(DEVELOPER, spec)
    scene.submit_checkpoint(spec, who=THIEF, model=1)
    drive = Drive(scene, scene.request(spec, who=THIEF))
    opening = calls.models.open_claim(scene.models[0], salt.reveal(), spec)
    scene.pass_deadline(drive.id)
    assert not scene.client.models.checkpoint(spec.id).locked
    with pytest.raises(AlreadyDone, match="submitted already"):
        scene.send(DEVELOPER, opening)  # in the first block whose author can know the draw
    assert drive.state is State.ACCEPTING
    assert scene.client.models.checkpoint(spec.id).locked
    assert scene.client.models.checkpoint(spec.id).owner == scene.address(THIEF)


@pytest.mark.ours("it waits for a thousand blocks")
def test_claim_is_refused_when_opened_too_early_or_too_late(scene: Scene) -> None:
    spec = scene.checkpoint(1)
    salt = scene.claim(DEVELOPER, spec)
    claimed_at = scene.height
    opening = calls.models.open_claim(scene.models[0], salt.reveal(), spec)
    sealed = claim_hash(spec.id, scene.signer(DEVELOPER).public_key, salt.reveal())
    scene.run_to(claimed_at + 3)
    scene.refused(DEVELOPER, opening, TooEarly, "Models.ClaimTooFresh")
    dropping = calls.models.drop_claim(scene.address(DEVELOPER), sealed)
    scene.run_to(claimed_at + 998)
    scene.refused(THIEF, dropping, TooEarly, "Models.ClaimNotExpired")
    scene.refused(DEVELOPER, opening, TooLate, "Models.ClaimExpired")
    ledger = Ledger(scene)
    held = scene.client.balances.holds(scene.address(DEVELOPER))
    ledger.paid(scene.send(THIEF, dropping))
    ledger.check()
    assert scene.client.balances.holds(scene.address(DEVELOPER)).get("Models.Claim", 0) == held["Models.Claim"] - CLAIM


def test_claim_is_refused_when_opened_for_anothers_model_or_with_another_salt(scene: Scene) -> None:
    scene.register_model(THIEF)
    spec = scene.checkpoint(1)
    salt = scene.claim(DEVELOPER, spec)
    scene.run_to(scene.height + 5)
    foreign = calls.models.open_claim(scene.models[1], salt.reveal(), spec)
    scene.refused(DEVELOPER, foreign, NotEntitled, "Models.NotOwner")
    guessed = calls.models.open_claim(scene.models[0], bytes(32), spec)
    scene.refused(DEVELOPER, guessed, DispatchFailed, "Models.UnknownClaim")
    other = calls.models.open_claim(scene.models[0], salt.reveal(), replace(spec, id=scene.checkpoint(2).id))
    scene.refused(DEVELOPER, other, DispatchFailed, "Models.UnknownClaim")


# The same checkpoint again


def test_copy_with_changed_metadata_is_the_same_checkpoint_and_refused(scene: Scene) -> None:
    canonical = encode(scene.weights())
    length = int.from_bytes(canonical[:8], "little")
    header = canonical[8 : 8 + length].rstrip()
    header = b'{"__metadata__":{"author":"me"},' + header[1:]
    renamed = len(header).to_bytes(8, "little") + header + canonical[8 + length :]
    with pytest.raises(CheckpointNotCanonical):
        read_canonical(renamed)
    assert checkpoint_id(pack(renamed)) == scene.checkpoint().id
    scene.register_model(THIEF)
    salt = scene.claim(THIEF, scene.checkpoint())
    scene.run_to(scene.height + 5)
    opening = calls.models.open_claim(scene.models[1], salt.reveal(), scene.checkpoint())
    scene.refused(THIEF, opening, AlreadyDone, "Models.AlreadySubmitted")


def test_second_request_is_refused_while_a_round_is_open_and_once_it_is_settled(scene: Scene) -> None:
    spec = scene.checkpoint()
    drive = Drive(scene, scene.request(spec))
    again = requesting(scene, COMPUTE + PRICES.evaluate)
    scene.refused(DEVELOPER, again, AlreadyDone, "Evaluation.AlreadyRequested")
    drive.to_revealing()
    drive.reveal()
    assert drive.state is State.SETTLED
    scene.refused(DEVELOPER, again, AlreadyDone, "Evaluation.AlreadyRequested")


def test_request_is_refused_when_the_checkpoint_is_anothers_or_withdrawn_or_unknown(scene: Scene) -> None:
    fee = COMPUTE + PRICES.evaluate
    scene.refused(THIEF, requesting(scene, fee), NotEntitled, "Evaluation.NotCheckpointOwner")
    unknown = calls.evaluation.request_evaluation(scene.benchmark, scene.checkpoint(9).id, fee)
    scene.refused(DEVELOPER, unknown, DispatchFailed, "Evaluation.UnknownCheckpoint")
    scene.send(DEVELOPER, calls.models.deprecate(scene.checkpoint().id))
    scene.refused(DEVELOPER, requesting(scene, fee), DispatchFailed, "Evaluation.CheckpointDeprecated")


# Fees


def test_request_is_refused_when_the_account_cannot_hold_the_fee(scene: Scene) -> None:
    developer = scene.client.accounts.get(scene.address(DEVELOPER))
    scene.send(DEVELOPER, calls.balances.transfer(scene.address(STEWARD), developer.free - COMPUTE))
    call = requesting(scene, COMPUTE + PRICES.evaluate)
    scene.refused(DEVELOPER, call, DispatchFailed, "Token.FundsUnavailable")


def test_pool_refuses_when_the_account_cannot_pay_the_transaction(scene: Scene) -> None:
    scene.send(THIEF, calls.balances.transfer_all(scene.address(STEWARD), keep_alive=True))
    before = scene.books()
    with pytest.raises(TransactionRefused, match="fees"):
        scene.send(THIEF, requesting(scene, COMPUTE + PRICES.evaluate))
    scene.seal()
    assert scene.books() == before


def test_request_is_refused_when_the_fee_is_above_the_callers_limit(scene: Scene) -> None:
    call = requesting(scene, COMPUTE + PRICES.evaluate - 1)
    scene.refused(DEVELOPER, call, DispatchFailed, "Evaluation.FeeAboveMax")


def test_limit_protects_when_the_price_is_raised_before_the_request(scene: Scene) -> None:
    quote = scene.client.evaluation.quote(scene.benchmark, scene.checkpoint().size_bytes)
    scene.send(STEWARD, calls.datasets.set_prices(scene.dataset, replace(PRICES, evaluate=100 * ASY)))
    scene.refused(DEVELOPER, requesting(scene, quote.total), DispatchFailed, "Evaluation.FeeAboveMax")


def test_price_is_pinned_when_it_is_raised_after_the_request(drive: Drive) -> None:
    scene = drive.scene
    scene.send(STEWARD, calls.datasets.set_prices(scene.dataset, replace(PRICES, evaluate=100 * ASY)))
    drive.to_revealing()
    ledger = Ledger(scene)
    drive.reveal()
    each, dust = divmod(POOL, 3)
    ledger.move(scene.address(DEVELOPER), EVALUATION, CUT + dust + 3 * each + PRICES.evaluate)
    ledger.check()
    assert drive.owed(STEWARD) == PRICES.evaluate


def test_price_cannot_overflow_when_it_is_the_greatest_number(scene: Scene) -> None:
    greatest = (1 << 128) - 1
    scene.send(STEWARD, calls.datasets.set_prices(scene.dataset, replace(PRICES, evaluate=greatest)))
    assert scene.client.evaluation.quote(scene.benchmark, 1).total == greatest
    call = requesting(scene, 1 << 100)
    scene.refused(DEVELOPER, call, DispatchFailed, "Evaluation.FeeAboveMax")
    scene.refused(DEVELOPER, requesting(scene, greatest), DispatchFailed, "Token.FundsUnavailable")


def test_usage_fee_cannot_overflow_when_the_price_is_the_greatest_number(drive: Drive) -> None:
    scene, greatest = drive.scene, (1 << 128) - 1
    drive.to_revealing()
    drive.reveal()
    scene.send(DEVELOPER, calls.models.set_terms(scene.models[0], greatest))
    twice = calls.models.pay_usage(scene.checkpoint().id, 2, greatest)
    scene.refused(THIEF, twice, DispatchFailed, "Models.FeeTooLarge")


# Friends on the committee


def add_proxy(scene: Scene, of: str, delegate: str) -> None:
    scene.send(of, calls.proxy.add_proxy(scene.address(delegate), ProxyType.CANCEL_PROXY))


def is_delegate(scene: Scene, party: str, friend: str) -> None:
    add_proxy(scene, party, friend)


def is_principal(scene: Scene, party: str, friend: str) -> None:
    add_proxy(scene, friend, party)


def shares_a_delegate(scene: Scene, party: str, friend: str) -> None:
    for account in (party, friend):
        if scene.address(SPARES[2]) not in scene.delegates(account):
            add_proxy(scene, account, SPARES[2])


@pytest.mark.parametrize("relate", [is_delegate, is_principal, shares_a_delegate])
@pytest.mark.parametrize("party", [DEVELOPER, STEWARD])
def test_friends_of_submitter_or_steward_are_never_drawn(scene: Scene, relate: object, party: str) -> None:
    assert callable(relate)
    friend, second, *others = VALIDATORS
    relate(scene, party, friend)
    drive = Drive(scene, scene.request(scene.checkpoint()))
    assert set(drive.draw()) == {second, *others}
    scene.submit_checkpoint(scene.checkpoint(1))
    relate(scene, party, second)
    ledger = Ledger(scene)
    alone = Drive(scene, scene.request(scene.checkpoint(1)))
    ledger.fee(scene.address(DEVELOPER), scene.fee_of_last_deed())
    alone.pass_draw()
    assert alone.round.state == RoundState(State.FAILED, "NoCommittee")
    ledger.check()


def test_submitter_is_never_drawn_when_it_validates_itself(scene: Scene) -> None:
    scene.register_validators([DEVELOPER])
    for name in VALIDATORS[:2]:
        scene.send(name, calls.evaluation.chill())
    drive = Drive(scene, scene.request(scene.checkpoint()))
    drive.pass_draw()
    assert drive.round.state == RoundState(State.FAILED, "NoCommittee")
    assert drive.members == []


def test_unaccredited_validator_is_never_drawn_when_the_data_asks_for_accreditation(scene: Scene) -> None:
    outsider, second, *others = VALIDATORS
    scene.send(STEWARD, calls.datasets.revoke_accreditation(scene.dataset, scene.address(outsider)))
    assert set(Drive(scene, scene.request(scene.checkpoint())).draw()) == {second, *others}
    scene.submit_checkpoint(scene.checkpoint(1))
    scene.send(STEWARD, calls.datasets.revoke_accreditation(scene.dataset, scene.address(second)))
    drive = Drive(scene, scene.request(scene.checkpoint(1)))
    drive.pass_draw()
    assert drive.round.state == RoundState(State.FAILED, "NoCommittee")


def test_accreditation_is_refused_when_a_stranger_gives_it(scene: Scene) -> None:
    call = calls.datasets.accredit(scene.dataset, scene.address(THIEF))
    scene.refused(THIEF, call, NotEntitled, "Datasets.NotSteward")


def test_benchmark_is_retired_by_its_owner_only_and_takes_no_more_requests(scene: Scene) -> None:
    scene.refused(
        THIEF, calls.evaluation.retire_benchmark(scene.benchmark), NotEntitled, "Evaluation.NotBenchmarkOwner"
    )
    scene.submit_checkpoint(scene.checkpoint(1))
    drive = Drive(scene, scene.request(scene.checkpoint()))
    scene.send(STEWARD, calls.evaluation.retire_benchmark(scene.benchmark))
    request = calls.evaluation.request_evaluation(scene.benchmark, scene.checkpoint(1).id, 100 * ASY)
    scene.refused(DEVELOPER, request, DispatchFailed, "Evaluation.BenchmarkIsRetired")
    drive.to_revealing()
    drive.reveal()
    assert drive.state is State.SETTLED


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seats": 2}, "SeatsOutOfRange"),
        ({"seats": 22}, "SeatsOutOfRange"),
        ({"precision_ppm": 4_999}, "PrecisionOutOfRange"),
        ({"tolerance_ppm": 4_999}, "ToleranceOutOfRange"),
        ({"main": 1, "tolerance_ppm": 199_999}, "ToleranceBelowTwoSamples"),
        ({"main": 3}, "MainMetricMissing"),
        ({"metrics": (Metric.CALIBRATION_ERROR,)}, "MainMetricUnranked"),
        ({"metrics": (Metric.AUROC, Metric.AUROC)}, "MetricRepeated"),
        ({"threshold_ppm": 1_000_001}, "ThresholdOutOfRange"),
        ({"version": 1}, "DatasetUnusable"),
    ],
)
def test_benchmark_is_refused_when_it_would_measure_nothing_or_too_finely(
    scene: Scene, changes: dict[str, object], error: str
) -> None:
    spec = replace(scene.client.evaluation.benchmark(scene.benchmark).spec, **changes)  # type: ignore[arg-type]
    call = calls.evaluation.create_benchmark(spec)
    scene.refused(THIEF, call, DispatchFailed, f"Evaluation.{error}")


def test_checkpoint_is_deprecated_by_its_owner_only(scene: Scene) -> None:
    call = calls.models.deprecate(scene.checkpoint().id)
    scene.refused(THIEF, call, NotEntitled, "Models.NotOwner")
    scene.send(DEVELOPER, call)
    assert scene.client.models.checkpoint(scene.checkpoint().id).status is CheckpointStatus.DEPRECATED
    scene.refused(DEVELOPER, call, AlreadyDone, "Models.AlreadyDeprecated")
