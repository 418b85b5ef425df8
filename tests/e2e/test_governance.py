"""What only a referendum may do, and what not even a referendum may."""

from __future__ import annotations

import pytest

from offchain.chain import calls
from offchain.chain.errors import DispatchFailed
from offchain.chain.types import State

from ._money import COMPUTE, CUT, MILLI, POOL, work_each
from ._referendum import pass_referendum, set_parameter
from ._round import Drive
from ._scene import ASY, DEVELOPER, LIMITS, STEWARD, TREASURY, Scene

pytestmark = pytest.mark.ours("a referendum changes the chain for everybody")


def test_fee_follows_a_referendum_and_open_rounds_keep_theirs(drive: Drive) -> None:
    scene = drive.scene
    assert pass_referendum(scene, "Parameters", set_parameter("BaseFee", 20 * ASY)) is None
    assert scene.client.evaluation.quote(scene.benchmark, 1).compute == COMPUTE + 10 * ASY
    assert drive.round.terms.fee == COMPUTE
    assert drive.round.terms.economics.base_fee == 10 * ASY


@pytest.mark.parametrize(("name", "value"), [("BaseFee", 10_001 * ASY), ("TreasuryCutPpm", 500_001), ("MinBond", 0)])
def test_parameter_is_refused_when_a_referendum_sets_it_out_of_bounds(scene: Scene, name: str, value: int) -> None:
    before = scene.client.evaluation.quote(scene.benchmark, 1)
    error = pass_referendum(scene, "Parameters", set_parameter(name, value))
    assert error["Module"]["index"] == 0  # of the system pallet, whose filter refused the call
    assert scene.client.evaluation.quote(scene.benchmark, 1) == before


def test_parameter_is_refused_when_the_referendum_is_on_another_track(scene: Scene) -> None:
    assert pass_referendum(scene, "Benchmarks", set_parameter("BaseFee", 20 * ASY)) == "BadOrigin"
    assert scene.client.evaluation.quote(scene.benchmark, 1).compute == COMPUTE


def test_subsidy_is_minted_once_and_never_above_what_the_treasury_has_of_the_round(scene: Scene) -> None:
    assert pass_referendum(scene, "Benchmarks", calls.evaluation.set_verified(scene.benchmark, verified=True)) is None
    assert pass_referendum(scene, "Parameters", set_parameter("SubsidyYearlyCap", 1_000 * ASY)) is None
    assert pass_referendum(scene, "Parameters", set_parameter("SubsidyPerRound", 1_000 * ASY)) is None
    assert scene.client.evaluation.quote(scene.benchmark, 1).subsidy == CUT
    drive = Drive(scene, scene.request(scene.checkpoint()))
    members = drive.to_revealing()
    issuance = scene.books().total()
    drive.reveal()
    assert drive.state is State.SETTLED
    subsidy_each = CUT // 3
    assert {drive.owed(who) for who in members} == {POOL // 3 + subsidy_each}
    assert scene.books().total() == issuance + 3 * subsidy_each
    assert scene.client.evaluation.claimable(TREASURY) == CUT + POOL % 3


def test_suspended_data_set_is_reinstated_once_its_bond_is_whole(scene: Scene) -> None:
    spec = scene.checkpoint()
    for _ in range(3):
        drive = Drive(scene, scene.request(spec))
        drive.draw()
        drive.accept()
        drive.advance()
    lost = 9 * work_each()
    assert scene.client.datasets.get(scene.dataset).suspended
    reinstating = calls.datasets.reinstate(scene.dataset)
    assert pass_referendum(scene, "Benchmarks", reinstating)["Module"]["index"] == 40  # Datasets.BondTooLow
    scene.send(STEWARD, calls.datasets.top_up_bond(scene.dataset, lost))
    assert pass_referendum(scene, "Benchmarks", reinstating) is None
    dataset = scene.client.datasets.get(scene.dataset)
    assert (dataset.suspended, dataset.faults, dataset.bond) == (False, 0, 50 * ASY)
    assert scene.request(spec) == 3


def test_governance_may_accredit_and_revoke_beside_the_steward(scene: Scene) -> None:
    stranger = scene.address("//Two")
    assert pass_referendum(scene, "Benchmarks", calls.datasets.accredit(scene.dataset, stranger)) is None
    assert stranger in scene.client.datasets.accredited(scene.dataset)
    before = scene.client.balances.holds(scene.address(STEWARD))
    assert pass_referendum(scene, "Benchmarks", calls.datasets.revoke_accreditation(scene.dataset, stranger)) is None
    assert stranger not in scene.client.datasets.accredited(scene.dataset)
    assert scene.client.balances.holds(scene.address(STEWARD)) == before


def test_bond_limit_of_a_referendum_binds_newcomers_and_draws(scene: Scene) -> None:
    assert pass_referendum(scene, "Parameters", set_parameter("MinBond", 2_000 * ASY)) is None
    drive = Drive(scene, scene.request(scene.checkpoint()))
    drive.pass_draw()
    assert str(drive.round.state) == "Failed (NoCommittee)"
    assert scene.client.balances.holds(scene.address(DEVELOPER)).get("Evaluation.RoundFee", 0) == 0
    call = calls.evaluation.register_validator(LIMITS, b"\x97" * 48, b"\x98" * 96, 1_999 * ASY + 999 * MILLI)
    scene.refused("//Two", call, DispatchFailed, "Evaluation.BondBelowMinimum")
