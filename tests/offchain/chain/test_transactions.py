"""Transactions on the real runtime: done once, and only called done when everything in them was."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from offchain.chain import ChainClient, Signer, TransactionManager, calls, development_signer
from offchain.chain.errors import (
    DeadlineExceeded,
    DispatchFailed,
    IntentConflict,
    NonceTaken,
    TransactionRefused,
)
from offchain.devchain import DevChain, Node

ASY = 10**12
REPOSITORY = Path(__file__).resolve().parents[3]
SignerOf = Callable[[str], Signer]


@pytest.fixture
def signer(client: ChainClient) -> SignerOf:
    return lambda name: development_signer(f"//{name}", client)


def free(client: ChainClient, who: Signer) -> int:
    return client.accounts.get(who.address).free


def test_submit_moves_money_once_when_repeated(manager: TransactionManager, signer: SignerOf) -> None:
    bob, dave = signer("Bob"), signer("Dave")  # Alice makes the blocks and earns their fees
    before, had = free(manager.client, dave), free(manager.client, bob)
    receipt, *again = [manager.submit("pay/1", calls.balances.transfer(dave.address, ASY), bob) for _ in range(3)]
    assert again == [receipt, receipt]
    assert free(manager.client, dave) == before + ASY
    assert free(manager.client, bob) == had - ASY - receipt.fee
    transfer = receipt.event("Balances", "Transfer")
    assert transfer is not None
    assert transfer.fields == {"from": bob.address, "to": dave.address, "amount": ASY}
    assert receipt.block_hash == manager.client.block_hash(receipt.block_number)


def test_estimate_is_the_fee_that_is_paid_and_sends_nothing(manager: TransactionManager, signer: SignerOf) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    call = calls.balances.transfer(dave.address, ASY)
    fee = manager.estimate(call, alice.address)
    assert manager.client.accounts.get(alice.address).nonce == 0
    assert manager.submit("pay/1", call, alice).fee == fee > 0


def test_submit_refuses_an_intent_when_it_was_used_for_something_else(
    manager: TransactionManager, signer: SignerOf
) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    manager.submit("pay/1", calls.balances.transfer(dave.address, ASY), alice)
    with pytest.raises(IntentConflict):
        manager.submit("pay/1", calls.balances.transfer(dave.address, 2 * ASY), alice)
    with pytest.raises(IntentConflict):
        manager.submit("pay/1", calls.balances.transfer(dave.address, ASY), dave)


def test_send_keeps_many_in_flight_when_not_waited_for(manager: TransactionManager, signer: SignerOf) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    before = free(manager.client, dave)
    under_way = [manager.send(f"pay/{i}", calls.balances.transfer(dave.address, ASY), alice) for i in range(8)]
    receipts = [pending.wait(timeout_s=60) for pending in reversed(under_way)]
    assert free(manager.client, dave) == before + 8 * ASY
    assert len({receipt.extrinsic for receipt in receipts}) == 8
    assert [pending.entry.nonce for pending in under_way] == list(range(8))


def test_submit_takes_no_nonce_twice_when_threads_share_an_account(
    manager: TransactionManager, signer: SignerOf
) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    before = free(manager.client, dave)
    failures: list[BaseException] = []

    def pay(name: str) -> None:
        try:
            for index in range(3):
                manager.submit(f"{name}/{index}", calls.balances.transfer(dave.address, ASY), alice)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=pay, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert free(manager.client, dave) == before + 9 * ASY
    assert manager.client.accounts.get(alice.address).nonce == 9


def test_submit_does_a_deed_once_when_threads_submit_the_same_intent(
    manager: TransactionManager, signer: SignerOf
) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    before = free(manager.client, dave)
    receipts = []

    def pay() -> None:
        receipts.append(manager.submit("pay", calls.balances.transfer(dave.address, ASY), alice))

    threads = [threading.Thread(target=pay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 4
    assert all(receipt == receipts[0] for receipt in receipts)
    assert free(manager.client, dave) == before + ASY


def test_failure_is_typed_and_final_when_the_runtime_refuses(manager: TransactionManager, signer: SignerOf) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    call = calls.balances.transfer(dave.address, 10**30)
    for _ in range(2):
        with pytest.raises(DispatchFailed) as caught:
            manager.submit("pay/1", call, alice)
        assert (caught.value.pallet, caught.value.code) in {("Arithmetic", 111), ("Token", 111)}
    assert manager.client.accounts.get(alice.address).nonce == 1
    assert manager.done("pay/1") is None


def test_module_error_carries_its_name_and_docs_when_decoded(manager: TransactionManager, signer: SignerOf) -> None:
    with pytest.raises(DispatchFailed) as caught:
        manager.submit("round/7/accept", calls.evaluation.accept(7, bytes([1] * 32)), signer("Alice"))
    assert (caught.value.pallet, caught.value.name) == ("Evaluation", "UnknownRound")
    assert str(caught.value) == "[111] No such round: Evaluation.UnknownRound"


@pytest.mark.parametrize("batch", [calls.utility.batch, calls.utility.force_batch, calls.utility.batch_all])
def test_batch_is_a_failure_when_an_item_fails(manager: TransactionManager, signer: SignerOf, batch: object) -> None:
    assert callable(batch)
    alice, dave = signer("Alice"), signer("Dave")
    items = [calls.balances.transfer(dave.address, ASY), calls.evaluation.chill()]
    with pytest.raises(DispatchFailed) as caught:
        manager.submit("pay/1", batch(items), alice)
    assert caught.value.pallet == "Evaluation"


def test_batch_succeeds_when_every_item_does(manager: TransactionManager, signer: SignerOf) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    before = free(manager.client, dave)
    manager.submit("pay/1", calls.utility.batch_all([calls.balances.transfer(dave.address, ASY)] * 2), alice)
    assert free(manager.client, dave) == before + 2 * ASY


def test_proxy_is_a_failure_when_the_call_inside_fails(manager: TransactionManager, signer: SignerOf) -> None:
    alice, bob = signer("Alice"), signer("Bob")
    manager.submit("proxy", calls.proxy.add_proxy(bob.address), alice)
    with pytest.raises(DispatchFailed) as caught:
        manager.submit("accept", calls.evaluation.accept(7, bytes([1] * 32)), bob, on_behalf_of=alice.address)
    assert caught.value.name == "UnknownRound"
    with pytest.raises(DispatchFailed) as outside:
        manager.submit("pay", calls.balances.transfer(bob.address, ASY), bob, on_behalf_of=alice.address)
    assert (outside.value.pallet, outside.value.name) == ("System", "CallFiltered")


def test_proxy_is_a_failure_when_nobody_made_one(manager: TransactionManager, signer: SignerOf) -> None:
    with pytest.raises(DispatchFailed) as caught:
        manager.submit("chill", calls.evaluation.chill(), signer("Bob"), on_behalf_of=signer("Alice").address)
    assert (caught.value.pallet, caught.value.name) == ("Proxy", "NotProxy")


def test_refusal_is_typed_and_passes_when_its_cause_is_gone(manager: TransactionManager, signer: SignerOf) -> None:
    from substrateinterface import Keypair

    alice, dave = signer("Alice"), signer("Dave")
    poor = Signer(Keypair.create_from_uri("//Nobody"), "poor")
    call = calls.balances.transfer(dave.address, ASY)
    with pytest.raises(TransactionRefused) as caught:
        manager.submit("pay/1", call, poor)
    assert "Inability to pay" in str(caught.value)
    manager.submit("gift", calls.balances.transfer(poor.address, 10 * ASY), alice)
    receipt = manager.submit("pay/1", call, poor)
    assert receipt.extrinsic == manager.journal.history("pay/1")[0].extrinsic
    assert [entry.state for entry in manager.journal.history("pay/1")] == ["succeeded"]


def test_refused_transaction_does_not_block_those_after_it(manager: TransactionManager, signer: SignerOf) -> None:
    from substrateinterface import Keypair

    alice, dave = signer("Alice"), signer("Dave")
    poor = Signer(Keypair.create_from_uri("//Nobody"), "poor")
    with pytest.raises(TransactionRefused):
        manager.submit("pay/1", calls.balances.transfer(dave.address, ASY), poor)
    manager.submit("gift", calls.balances.transfer(poor.address, 10 * ASY), alice)
    manager.submit("pay/2", calls.balances.transfer(dave.address, 2 * ASY), poor)
    manager.submit("pay/1", calls.balances.transfer(dave.address, ASY), poor)
    assert [entry.state for entry in manager.journal.history("pay/1")] == ["displaced", "succeeded"]


def test_transaction_is_signed_anew_only_when_it_died_unincluded(manual_node: Node, chain: DevChain) -> None:
    with ChainClient(manual_node.ws_url) as client:
        manager = TransactionManager(client)
        alice, dave = development_signer("//Alice", client), development_signer("//Dave", client)
        before = client.accounts.get(dave.address).free
        call = calls.balances.transfer(dave.address, ASY)
        pending = manager.send("pay/1", call, alice)
        chain.pool.drop_invalid([_hash(pending.entry.extrinsic)])
        chain.run_to(63)
        with pytest.raises(DeadlineExceeded):
            manager.submit("pay/1", call, alice, timeout_s=0)
        assert len(manager.journal.history("pay/1")) == 1, "alive, so the same bytes stand"
        chain.pool.drop_invalid([_hash(pending.entry.extrinsic)])
        chain.run_to(64)
        again = manager.send("pay/1", call, alice)
        with pytest.raises(DeadlineExceeded):
            again.wait(timeout_s=0)
        chain.run_to(65)
        assert again.wait(timeout_s=30).block_number == 65
        first, second = manager.journal.history("pay/1")
        assert (first.state, second.state) == ("expired", "succeeded")
        assert first.nonce == second.nonce == 0
        assert client.accounts.get(dave.address).free == before + ASY


def test_nonce_taken_is_typed_when_the_key_is_used_elsewhere(
    manual_node: Node, chain: DevChain, tmp_path: Path
) -> None:
    with ChainClient(manual_node.ws_url) as client:
        here, there = TransactionManager(client), TransactionManager(client, tmp_path / "other.sqlite")
        alice, dave = development_signer("//Alice", client), development_signer("//Dave", client)
        call = calls.balances.transfer(dave.address, ASY)
        pending = here.send("pay/1", call, alice)
        chain.pool.drop_invalid([_hash(pending.entry.extrinsic)])
        other = there.send("pay/2", calls.balances.transfer(dave.address, 2 * ASY), alice)
        chain.seal()
        other.wait(timeout_s=30)
        with pytest.raises(NonceTaken):
            pending.wait(timeout_s=30)
        again = here.send("pay/1", call, alice)
        chain.seal()
        again.wait(timeout_s=30)
        assert [entry.state for entry in here.journal.history("pay/1")] == ["displaced", "succeeded"]


def test_later_transaction_is_not_stuck_when_an_earlier_one_was_journalled_but_never_sent(
    manager: TransactionManager, signer: SignerOf
) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    before = free(manager.client, dave)
    manager.sign("lost", calls.balances.transfer(dave.address, ASY), alice)
    assert manager.open_intents(alice.address) == ("lost",)
    manager.submit("next", calls.balances.transfer(dave.address, 2 * ASY), alice)
    manager.submit("lost", calls.balances.transfer(dave.address, ASY), alice)
    assert free(manager.client, dave) == before + 3 * ASY
    assert [entry.nonce for name in ("lost", "next") for entry in manager.journal.history(name)] == [0, 1]


KILLED = """
import os, signal, sys
from pathlib import Path
from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.chain import transactions
url, stage = sys.argv[1:]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

with ChainClient(url) as client:
    manager = TransactionManager(client)
    alice, dave = development_signer("//Alice", client), development_signer("//Dave", client)
    if stage == "journalled":
        transactions.Pending.broadcast = die
    elif stage == "sent":
        transactions.Pending.wait = die
    elif stage == "found":
        manager.journal.conclude = die
    elif stage == "concluded":
        conclude = manager.journal.conclude
        manager.journal.conclude = lambda *a, **k: (conclude(*a, **k), die())
    manager.submit("pay/1", calls.balances.transfer(dave.address, 10**12), alice)
"""


@pytest.mark.parametrize("stage", ["journalled", "sent", "found", "concluded"])
def test_deed_is_done_once_when_the_process_is_killed(
    manager: TransactionManager, signer: SignerOf, node: Node, stage: str
) -> None:
    alice, dave = signer("Alice"), signer("Dave")
    before = free(manager.client, dave)
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), node.ws_url, stage],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    (entry,) = manager.journal.history("pay/1")
    receipt = manager.submit("pay/1", calls.balances.transfer(dave.address, ASY), alice, timeout_s=30)
    assert receipt.extrinsic == entry.extrinsic
    assert free(manager.client, dave) == before + ASY
    assert manager.client.accounts.get(alice.address).nonce == 1
    assert len(manager.journal.history("pay/1")) == 1


def test_journal_is_for_its_owner_only(manager: TransactionManager) -> None:
    assert manager.journal.path.stat().st_mode & 0o777 == 0o600


def _hash(extrinsic: str) -> bytes:
    from hashlib import blake2b

    return blake2b(bytes.fromhex(extrinsic[2:]), digest_size=32).digest()
