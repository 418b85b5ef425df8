"""The real substrate-interface against the embedded node, over WebSocket and HTTP; subscriptions on a raw socket."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import websocket
from substrateinterface import Keypair
from substrateinterface.exceptions import SubstrateRequestException

from offchain.devchain import DevChain, Node, Sealing
from offchain.storage_key import storage_prefix

from .conftest import ASY, Signer, connected, eventually

ALICE, BOB = Keypair.create_from_uri("//Alice"), Keypair.create_from_uri("//Bob")


@pytest.mark.parametrize("scheme", ["ws", "http"])
def test_interface_reads_and_writes_when_connected(node: Node, scheme: str) -> None:
    with connected(node.ws_url if scheme == "ws" else node.http_url) as interface:
        assert interface.chain == node.chain.name
        assert interface.token_symbol == "ASY"
        before = interface.query("System", "Account", [BOB.ss58_address])["data"]["free"].value
        call = interface.compose_call("Balances", "transfer_keep_alive", {"dest": BOB.ss58_address, "value": ASY})
        fee = interface.get_payment_info(call, ALICE)["partialFee"]
        assert fee > 0
        extrinsic = interface.create_signed_extrinsic(call, ALICE, era={"period": 64})
        if scheme == "ws":
            receipt = interface.submit_extrinsic(extrinsic, wait_for_inclusion=True)
            assert receipt.is_success
            assert receipt.block_hash == "0x" + node.chain.head.hash.hex()
            assert "Transfer" in [event.value["event_id"] for event in receipt.triggered_events]
        else:
            interface.submit_extrinsic(extrinsic)
            eventually(lambda: node.chain.height == 1)
        assert interface.query("System", "Account", [BOB.ss58_address])["data"]["free"].value == before + ASY
        block = interface.get_block(block_number=1)
        assert block["extrinsics"][1].value["call"]["call_function"] == "transfer_keep_alive"
        assert interface.get_account_nonce(ALICE.ss58_address) == 1
        assert BOB.ss58_address in [
            account.value for account, _ in interface.query_map("System", "Account", page_size=2)
        ]
        genesis = interface.get_block_hash(0)
        assert interface.query("System", "Account", [BOB.ss58_address], genesis)["data"]["free"].value == before
        with pytest.raises(SubstrateRequestException, match="1012"):
            interface.submit_extrinsic(extrinsic)
        with pytest.raises(SubstrateRequestException, match="Method not found"):
            interface.rpc_request("no_such", [])


def test_interface_waits_for_finality_when_told_to(node: Node) -> None:
    with connected(node.ws_url) as interface:
        call = interface.compose_call("System", "remark_with_event", {"remark": b"hello"})
        receipt = interface.submit_extrinsic(interface.create_signed_extrinsic(call, BOB), wait_for_finalization=True)
        assert receipt.is_success
        assert receipt.finalized


def test_interface_hears_of_blocks_and_storage_when_subscribed(chain: DevChain, signer: Signer) -> None:
    with Node(chain, sealing=Sealing.INTERVAL, block_time_s=0.05) as node, connected(node.ws_url) as interface:
        heads: list[int] = []

        def on_head(message: Any, update: int, _subscription: str) -> int | None:
            heads.append(message["header"]["number"])
            return update if update == 3 else None

        assert interface.subscribe_block_headers(on_head) == 3
        assert heads == list(range(heads[0], heads[0] + 4))
        balances: list[int] = []

        def on_balance(account: Any, update: int, _subscription: str) -> int | None:
            balances.append(account["data"]["free"].value)
            if update == 0:
                chain.submit(signer.transfer(0))
            return update if update == 1 else None

        interface.query("System", "Account", [BOB.ss58_address], subscription_handler=on_balance)
        assert balances == [balances[0], balances[0] + ASY]


class Socket:
    """A WebSocket that keeps notifications apart from answers."""

    def __init__(self, node: Node) -> None:
        self._socket = websocket.create_connection(node.ws_url, timeout=20)
        self.seen: list[tuple[str, str, Any]] = []

    def __enter__(self) -> Socket:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def ask(self, method: str, *params: object) -> Any:
        self._socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}))
        while True:
            message = self._next()
            if message is not None:
                return message.get("result", message.get("error"))

    def until(self, subscription: str, count: int) -> list[Any]:
        """The first results of a subscription, once there are as many."""
        while len(found := [result for one, _, result in self.seen if one == subscription]) < count:
            assert self._next() is None
        return found

    def _next(self) -> dict[str, Any] | None:
        message: dict[str, Any] = json.loads(self._socket.recv())
        if "id" in message:
            return message
        parameters = message["params"]
        self.seen.append((parameters["subscription"], message["method"], parameters["result"]))
        return None


@pytest.mark.parametrize(
    ("subscribe", "notification"),
    [
        ("chain_subscribeNewHeads", "chain_newHead"),
        ("chain_subscribeNewHead", "chain_newHead"),
        ("chain_subscribeAllHeads", "chain_allHead"),
        ("chain_subscribeFinalizedHeads", "chain_finalizedHead"),
    ],
)
def test_every_head_is_told_once_when_subscribed(chain: DevChain, subscribe: str, notification: str) -> None:
    with Node(chain, sealing=Sealing.MANUAL) as node, Socket(node) as socket:
        subscription = socket.ask(subscribe)
        chain.run_to(5)
        heads = socket.until(subscription, 6)
        assert [int(head["number"], 16) for head in heads] == list(range(6))
        assert {method for _, method, _ in socket.seen} == {notification}
        assert socket.ask(subscribe.replace("_sub", "_unsub"), subscription) is True
        chain.run_to(7)
        assert socket.ask("system_syncState")["currentBlock"] == 7
        assert len(socket.until(subscription, 6)) == 6


def test_storage_is_told_when_it_changes_only(chain: DevChain) -> None:
    number, missing = "0x" + storage_prefix("System", "Number").hex(), "0x2a"
    with Node(chain, sealing=Sealing.MANUAL) as node, Socket(node) as socket:
        subscription = socket.ask("state_subscribeStorage", [number, missing, "0x3a636f6465"])
        everything = socket.ask("state_subscribeStorage")
        chain.run_to(2)
        first, *later = socket.until(subscription, 3)
        assert len(first["changes"]) == 3
        assert dict(first["changes"])[missing] is None
        assert [change["changes"] for change in later] == [[[number, "0x01000000"]], [[number, "0x02000000"]]]
        assert [change["block"] for change in later] == ["0x" + chain.block(at).header.hash.hex() for at in (1, 2)]
        assert all(number in dict(change["changes"]) for change in socket.until(everything, 2))


def test_version_is_told_at_once_when_subscribed(node: Node) -> None:
    with Socket(node) as socket:
        subscription = socket.ask("state_subscribeRuntimeVersion")
        assert socket.until(subscription, 1) == [node.chain.runtime.version.as_json()]
        assert socket.ask("state_unsubscribeRuntimeVersion", subscription) is True


def test_every_status_is_told_when_a_transaction_is_watched(chain: DevChain, signer: Signer) -> None:
    with Node(chain, sealing=Sealing.MANUAL) as node, Socket(node) as socket:
        late = socket.ask("author_submitAndWatchExtrinsic", "0x" + signer.transfer(1).hex())
        early = socket.ask("author_submitAndWatchExtrinsic", "0x" + signer.transfer(0).hex())
        assert socket.until(late, 2) == ["future", "ready"]
        better = signer.transfer(0, value=7, tip=ASY)
        winner = socket.ask("author_submitAndWatchExtrinsic", "0x" + better.hex())
        usurped = socket.until(early, 2)
        assert usurped[0] == "ready"
        assert list(usurped[1]) == ["usurped"]
        head = "0x" + chain.seal().header.hash.hex()
        assert socket.until(winner, 3) == ["ready", {"inBlock": head}, {"finalized": head}]
        assert socket.until(late, 4)[2:] == [{"inBlock": head}, {"finalized": head}]
        assert {method for _, method, _ in socket.seen} == {"author_extrinsicUpdate"}
        refused = socket.ask("author_submitAndWatchExtrinsic", "0x" + better.hex())
        assert refused["code"] == 1012


def test_pool_forgets_the_watcher_when_the_connection_ends(chain: DevChain, signer: Signer) -> None:
    with Node(chain, sealing=Sealing.MANUAL) as node:
        with Socket(node) as socket:
            subscription = socket.ask("author_submitAndWatchExtrinsic", "0x" + signer.transfer(0).hex())
            socket.until(subscription, 1)
        eventually(lambda: not any(chain.pool._watchers.values()))
        assert len(chain.seal().extrinsics) == 2


def test_requests_are_answered_while_blocks_are_made_when_the_chain_is_busy(chain: DevChain, signer: Signer) -> None:
    for nonce in range(150):
        chain.submit(signer.transfer(nonce))
    with Node(chain, sealing=Sealing.MANUAL) as node, Socket(node) as busy, Socket(node) as other:
        busy._socket.send(
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": "engine_createBlock", "params": [True, True]})
        )
        answered_at_height = []
        while not answered_at_height or answered_at_height[-1] == 0:
            answered_at_height.append(other.ask("system_syncState")["currentBlock"])
            time.sleep(0)
        assert answered_at_height.count(0) > 1
        assert len(chain.block(1).extrinsics) == 151
