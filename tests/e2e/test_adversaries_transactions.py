"""Transactions that do too much: hot keys, parameters out of bounds, replays, duties done twice."""

from __future__ import annotations

from typing import Any

import pytest

from offchain.chain import calls
from offchain.chain.calls import Call
from offchain.chain.calls.proxy import ProxyType
from offchain.chain.errors import CallFiltered, DispatchFailed, IntentConflict, RpcError, TransactionRefused
from offchain.chain.types import Accepted, DeclineReason, State
from offchain.crypto import OneTimeKey

from ._ledger import Ledger
from ._round import Drive
from ._scene import ASY, DEVELOPER, SPARES, STEWARD, VALIDATORS, Scene

HOT = SPARES[0]
STRANGER = SPARES[1]
STALE = "0x010003"
"""``Err(TransactionValidityError::Invalid(InvalidTransaction::Stale))``."""


def base_fee(amount: int) -> Call:
    """Sets the base fee; its bounds are a thousandth and ten thousand ASY."""
    return Call("Parameters", "set_parameter", {"key_value": {"Economics": {"BaseFee": (None, amount)}}})


@pytest.mark.parametrize(
    ("amount", "error"), [(20_000 * ASY, "System.CallFiltered"), (0, "System.CallFiltered"), (ASY, "System.BadOrigin")]
)
def test_parameter_is_refused_when_out_of_bounds_or_not_by_governance(scene: Scene, amount: int, error: str) -> None:
    call = base_fee(amount)
    kind = CallFiltered if error == "System.CallFiltered" else DispatchFailed
    scene.refused(STRANGER, call, kind, error)
    for batch in (calls.utility.batch, calls.utility.batch_all, calls.utility.force_batch):
        scene.refused(STRANGER, batch([call]), kind, error)


def test_parameter_is_refused_when_set_through_a_proxy(scene: Scene) -> None:
    scene.send(STRANGER, calls.proxy.add_proxy(scene.address(HOT), ProxyType.ANY))
    through = calls.proxy.proxy(scene.address(STRANGER), base_fee(20_000 * ASY), None)
    scene.refused(HOT, through, CallFiltered, "System.CallFiltered")
    nested = calls.proxy.proxy(scene.address(STRANGER), calls.utility.batch([base_fee(20_000 * ASY)]), None)
    with pytest.raises(DispatchFailed) as caught:
        scene.send(HOT, nested)
    assert (caught.value.pallet, caught.value.name) == ("System", "CallFiltered")
    assert scene.client.evaluation.quote(scene.benchmark, 1).compute < 20 * ASY


def test_hot_key_does_duties_and_moves_no_money(drive: Drive) -> None:
    scene = drive.scene
    who, *others = drive.draw()
    scene.send(who, calls.proxy.add_proxy(scene.address(HOT)))
    key = drive.keys[who] = OneTimeKey()
    scene.send(HOT, calls.evaluation.accept(drive.id, key.public), on_behalf_of=who)
    assert drive.member(who).progress == Accepted(key.public)
    for call in (
        calls.balances.transfer(scene.address(HOT), ASY),
        calls.evaluation.unbond(ASY),
        calls.evaluation.chill(),
        calls.proxy.add_proxy(scene.address(HOT), ProxyType.ANY),
        calls.utility.batch([calls.balances.transfer(scene.address(HOT), ASY)]),
        calls.utility.batch([calls.evaluation.advance(drive.id), calls.evaluation.unbond(ASY)]),
    ):
        scene.refused(HOT, call, CallFiltered, "System.CallFiltered", on_behalf_of=who)
    drive.accept(*others)
    drive.release()
    scene.send(HOT, drive.committing(who), on_behalf_of=who)
    drive.commit(*others)
    scene.send(HOT, drive.revealing(who), on_behalf_of=who)
    drive.reveal(*others)
    assert drive.state is State.SETTLED
    owed, before = drive.owed(who), scene.books()[scene.address(who)]
    scene.send(HOT, calls.evaluation.claim_rewards(scene.address(who)), on_behalf_of=who)
    assert scene.books()[scene.address(who)] == before + owed


def test_stewards_hot_key_releases_keys(drive: Drive) -> None:
    scene = drive.scene
    scene.send(STEWARD, calls.proxy.add_proxy(scene.address(HOT)))
    members = drive.draw()
    drive.accept()
    for who in members:
        scene.send(HOT, drive.releasing(who), on_behalf_of=STEWARD)
    assert drive.state is State.COMMITTING
    assert len(drive.open_keys(members[0])) == 3


def test_stranger_is_refused_when_it_acts_as_a_hot_key(drive: Drive) -> None:
    who, *_ = drive.draw()
    call = calls.evaluation.accept(drive.id, OneTimeKey().public)
    drive.scene.refused(HOT, call, DispatchFailed, "Proxy.NotProxy", on_behalf_of=who)


def test_advance_changes_nothing_and_costs_a_fee_when_no_window_has_passed(drive: Drive) -> None:
    scene = drive.scene
    drive.draw()
    protocol, ledger = scene.protocol(), Ledger(scene)
    early = scene.send(STRANGER, calls.evaluation.advance(drive.id))
    assert scene.protocol() == protocol
    assert early.fee > 0
    ledger.paid(early)
    ledger.check()
    ledger.free(drive.advance(STRANGER))
    protocol = scene.protocol()
    again = scene.send(STRANGER, calls.evaluation.advance(drive.id))
    assert scene.protocol() == protocol
    ledger.paid(again)
    ledger.check()


def test_advance_is_free_for_the_first_when_two_race(drive: Drive) -> None:
    drive.draw()
    drive.scene.pass_deadline(drive.id)
    call = calls.evaluation.advance(drive.id)
    fees = [receipt.fee for receipt in drive.scene.send_all([(STRANGER, call), (HOT, call)])]
    assert sorted(map(bool, fees)) == [False, True]


def test_duties_leave_balances_unchanged(drive: Drive) -> None:
    scene = drive.scene
    first, second, third = drive.draw()
    ledger = Ledger(scene)
    ledger.free(drive.accept())
    ledger.free(drive.release())
    ledger.free(drive.decline(DeclineReason.RESOURCES, third))
    ledger.free(drive.commit(first, second))
    ledger.free(drive.reveal(first))
    ledger.check()


def test_duty_costs_a_fee_when_it_is_refused(drive: Drive) -> None:
    scene = drive.scene
    first, *_ = drive.draw()
    drive.accept(first)
    before = scene.books()[scene.address(first)]
    with pytest.raises(DispatchFailed):
        scene.send(first, calls.evaluation.accept(drive.id, OneTimeKey().public))
    assert 0 < scene.fee_of_last_deed() == before - scene.books()[scene.address(first)]


def signed(scene: Scene, who: str, call: Call) -> str:
    """Signed and journalled, not sent."""
    return scene.manager.sign("unsent", call, scene.signer(who)).extrinsic


def submit(scene: Scene, extrinsic: str) -> Any:
    return scene.client.connection.call("author_submitExtrinsic", [extrinsic])


def test_replayed_transaction_is_refused_by_pool_and_runtime(scene: Scene) -> None:
    receipt = scene.send(STRANGER, calls.balances.transfer(scene.address(STEWARD), ASY))
    before = scene.books()
    with pytest.raises(RpcError) as caught:
        submit(scene, receipt.extrinsic)
    assert caught.value.rpc_code == 1012
    assert scene.client.connection.call("system_dryRun", [receipt.extrinsic]) == STALE
    scene.seal()
    assert scene.books() == before


def test_transaction_is_refused_when_its_era_has_passed(scene: Scene) -> None:
    extrinsic = signed(scene, STRANGER, calls.balances.transfer(scene.address(STEWARD), ASY))
    scene.run_to(scene.height + 64)
    before = scene.books()
    with pytest.raises(RpcError) as caught:
        submit(scene, extrinsic)
    assert caught.value.rpc_code == 1010
    scene.seal()
    assert scene.books() == before


def test_transaction_is_refused_when_one_bit_was_changed(scene: Scene) -> None:
    extrinsic = bytearray.fromhex(signed(scene, STRANGER, calls.balances.transfer(scene.address(STEWARD), ASY))[2:])
    extrinsic[-1] ^= 1
    with pytest.raises(RpcError) as caught:
        submit(scene, "0x" + extrinsic.hex())
    assert caught.value.rpc_code == 1010


def test_deed_is_done_once_when_it_is_sent_twice(scene: Scene) -> None:
    call = calls.balances.transfer(scene.address(STEWARD), ASY)
    first = scene.manager.send("once", call, scene.signer(STRANGER))
    second = scene.manager.send("once", call, scene.signer(STRANGER))
    scene.seal()
    assert first.wait(timeout_s=20) == second.wait(timeout_s=20)
    assert scene.client.accounts.get(scene.address(STRANGER)).nonce == 1
    other = calls.balances.transfer(scene.address(STEWARD), 2 * ASY)
    with pytest.raises(IntentConflict):
        scene.manager.send("once", other, scene.signer(STRANGER))


def test_benchmark_is_verified_by_governance_only(scene: Scene) -> None:
    for who in (STEWARD, DEVELOPER, VALIDATORS[0]):
        scene.refused(
            who, calls.evaluation.set_verified(scene.benchmark, verified=True), DispatchFailed, "System.BadOrigin"
        )


def test_duty_is_refused_by_the_pool_when_the_account_could_not_pay_a_refusal(drive: Drive) -> None:
    scene = drive.scene
    first, *_ = drive.draw()
    scene.send(first, calls.balances.transfer_all(scene.address(STEWARD), keep_alive=False))
    with pytest.raises(TransactionRefused):
        scene.send(first, drive.accepting(first))


def test_hot_key_pays_for_duties_done_through_a_proxy(drive: Drive) -> None:
    scene = drive.scene
    who, *_ = drive.draw()
    scene.send(who, calls.proxy.add_proxy(scene.address(HOT)))
    ledger = Ledger(scene)
    receipt = scene.send(HOT, drive.accepting(who), on_behalf_of=who)
    assert receipt.fee > 0
    ledger.paid(receipt)
    ledger.check()
