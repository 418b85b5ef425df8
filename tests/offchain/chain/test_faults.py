"""Whatever the pool says and the wire does: the same bytes, one transfer, an end in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.chain.errors import DeadlineExceeded, OutcomeUnknown, WrongChain
from offchain.devchain import DevChain
from tests.offchain.chain.wire import Cut, Wire, discarding

ASY = 10**12
UPDATE = "author_extrinsicUpdate"
WATCH = "author_submitAndWatchExtrinsic"


class Scene:
    """A manager on a bad wire to a chain that seals when told to."""

    def __init__(self, client: ChainClient, wire: Wire, chain: DevChain) -> None:
        self.client, self.wire, self.chain = client, wire, chain
        self.manager = TransactionManager(client)
        self.alice = development_signer("//Alice", client)
        self.dave = development_signer("//Dave", client)
        self.had = client.accounts.get(self.dave.address).free
        self.call = calls.balances.transfer(self.dave.address, ASY)

    def pay_and_seal(self, *, after_s: float = 0.3, timeout_s: float = 30.0) -> None:
        """Pays once, with one block made meanwhile, and checks that it was once and with the same bytes."""
        sealing = threading.Thread(target=self._seal_what_arrives, args=(after_s, timeout_s))
        sealing.start()
        self.manager.submit("pay", self.call, self.alice, timeout_s=timeout_s)
        sealing.join()
        self.check()

    def _seal_what_arrives(self, after_s: float, timeout_s: float) -> None:
        until = time.monotonic() + timeout_s
        while not len(self.chain.pool) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(after_s)
        self.chain.seal()

    def check(self) -> None:
        assert self.client.accounts.get(self.dave.address).free == self.had + ASY
        sent = {params[0] for method in (WATCH, "author_submitExtrinsic") for params in self.wire.called(method)}
        assert len(sent) == 1
        assert [entry.state for entry in self.manager.journal.history("pay")] == ["succeeded"]


@pytest.fixture
def scene(manual_wire: Wire, chain: DevChain) -> Iterator[Scene]:
    with ChainClient(manual_wire.url, timeout_s=5) as client:
        yield Scene(client, manual_wire, chain)


def says(status: Any) -> Any:
    """A rule that puts a status in the place of the first one."""
    left = [status]

    def rule(message: dict[str, Any]) -> Any:
        if message.get("method") == UPDATE and left:
            message["params"]["result"] = left.pop()
        return message

    return rule


@pytest.mark.parametrize(
    "status",
    [
        "invalid",
        "dropped",
        {"usurped": "0x" + "11" * 32},
        {"finalityTimeout": "0x" + "22" * 32},
        {"finalized": "0x" + "33" * 32},
        {"retracted": "0x" + "44" * 32},
        {"somethingNew": None},
        "future",
    ],
    ids=str,
)
def test_submit_ends_with_what_the_finalized_chain_holds_when_the_pool_says_otherwise(
    scene: Scene, status: Any
) -> None:
    scene.wire.to_client = says(status)
    scene.pay_and_seal()


def test_submit_ends_when_the_pool_falls_silent(scene: Scene) -> None:
    scene.wire.to_client = lambda message: None if message.get("method") == UPDATE else message
    scene.pay_and_seal()


def test_submit_ends_when_the_connection_is_cut_before_the_transaction_arrives(scene: Scene) -> None:
    cuts = [1, 2]

    def cut(message: dict[str, Any]) -> Any:
        if message["method"] == WATCH and cuts:
            cuts.pop()
            raise Cut
        return message

    scene.wire.to_node = cut
    scene.pay_and_seal(after_s=1.0)
    assert scene.wire.connections == 3


def test_submit_ends_when_the_connection_is_cut_after_the_transaction_arrived(scene: Scene) -> None:
    cuts = [1]

    def cut(message: dict[str, Any]) -> Any:
        if message.get("method") == UPDATE and cuts:
            cuts.pop()
            raise Cut
        return message

    scene.wire.to_client = cut
    scene.pay_and_seal(after_s=1.0)
    assert scene.wire.connections == 2


def test_submit_keeps_its_deadline_when_the_node_never_finalizes(scene: Scene) -> None:
    begun = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        scene.manager.submit("pay", scene.call, scene.alice, timeout_s=1)
    assert time.monotonic() - begun < 10
    assert "submit the same intent to resume" in str(caught.value)
    scene.pay_and_seal()


def test_submit_resumes_the_same_bytes_when_submissions_fell_into_a_black_hole(scene: Scene) -> None:
    scene.client.connection.timeout_s = 0.3
    scene.wire.to_node = lambda message: None if message["method"] == WATCH else message
    with pytest.raises(DeadlineExceeded):
        scene.manager.submit("pay", scene.call, scene.alice, timeout_s=1)
    scene.wire.to_node = lambda message: message
    scene.client.connection.timeout_s = 5
    scene.pay_and_seal()


def test_outcome_is_unknown_for_good_when_the_node_keeps_the_block_s_state_no_more(scene: Scene) -> None:
    scene.manager.send("pay", scene.call, scene.alice)
    scene.chain.seal()
    block_hash = scene.client.head()
    scene.chain.seal()
    discarding(scene.wire, block_hash)
    for _ in range(2):
        with pytest.raises(OutcomeUnknown) as caught:
            scene.manager.submit("pay", scene.call, scene.alice, timeout_s=5)
        assert caught.value.subject == "pay"
    assert scene.manager.open_intents() == ()
    scene.chain.seal()
    pending = scene.manager.send("pay again", scene.call, scene.alice)
    scene.chain.seal()
    assert pending.wait(timeout_s=5).block_number == scene.chain.height
    assert scene.client.accounts.get(scene.dave.address).free == scene.had + 2 * ASY


def test_client_refuses_a_node_when_it_is_of_another_chain(wire: Wire) -> None:
    with ChainClient(wire.url, genesis="0x" + "00" * 32) as client, pytest.raises(WrongChain):
        client.finalized()
