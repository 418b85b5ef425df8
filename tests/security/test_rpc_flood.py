"""The embedded chain's port under attack: whatever one client sends, others are served and nothing fails inside."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import websocket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offchain.chain import ChainClient
from offchain.devchain import DevChain, Node, Sealing, WireLimits

INTERNAL_ERROR = -32603
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def served() -> Iterator[Node]:
    limits = WireLimits(message_bytes=64 * 1024, connections=12)
    with DevChain.fresh() as chain, Node(chain, sealing=Sealing.MANUAL, limits=limits) as node:
        yield node


@pytest.fixture(scope="module")
def methods(served: Node) -> list[str]:
    answer: dict[str, Any] = json.loads(post(served, b'{"jsonrpc":"2.0","id":1,"method":"rpc_methods"}')[1])
    return list(answer["result"]["methods"])


@pytest.fixture(autouse=True)
def others_are_served(served: Node) -> Iterator[None]:
    """After each attack, a client that never heard of it reads the chain."""
    yield
    with ChainClient(served.ws_url, timeout_s=20) as client:
        assert client.node().chain
        assert client.finalized().number == served.chain.height


def post(node: Node, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=20)
    try:
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def codes(answer: bytes) -> set[int]:
    replies = json.loads(answer) if answer else []
    return {
        reply["error"]["code"] for reply in (replies if isinstance(replies, list) else [replies]) if "error" in reply
    }


@MANY
@given(body=st.binary(max_size=200) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_nothing_fails_inside_when_a_message_is_garbage(served: Node, body: bytes) -> None:
    status, answer = post(served, body)
    assert status in {200, 204}
    assert INTERNAL_ERROR not in codes(answer)


@MANY
@given(data=st.data())
def test_nothing_fails_inside_when_parameters_are_garbage(
    served: Node, methods: list[str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([name for name in methods if name != "engine_createBlock"]))
    hexes = st.binary(max_size=40).map(lambda raw: "0x" + raw.hex())
    params = data.draw(st.lists(hexes | ANYTHING | st.lists(hexes, max_size=3), max_size=4))
    request = {"jsonrpc": "2.0", "id": 1, "method": name, "params": params}
    status, answer = post(served, json.dumps(request).encode())
    assert status in {200, 204}
    assert INTERNAL_ERROR not in codes(answer), (name, params)


def test_connection_ends_when_a_websocket_message_is_too_large(served: Node) -> None:
    client = websocket.create_connection(served.ws_url, timeout=20)
    try:
        client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x" * 70_000}))
        opcode, data = client.recv_data()
        assert opcode == websocket.ABNF.OPCODE_CLOSE
        assert int.from_bytes(data[:2], "big") == 1009
    finally:
        client.shutdown()
    assert post(served, b" " * 65_537)[0] == 413


def test_others_are_served_when_one_client_holds_all_other_connections(served: Node) -> None:
    with ExitStack() as stack:
        for _ in range(11):
            held = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=20))
            held.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000\r\n")  # and never ends
        assert post(served, b'{"jsonrpc":"2.0","id":1,"method":"system_chain"}')[0] == 200


def test_subscriptions_are_refused_past_the_limit_and_given_back_when_the_client_leaves(served: Node) -> None:
    client = websocket.create_connection(served.ws_url, timeout=60)
    try:
        batch = [
            {"jsonrpc": "2.0", "id": number, "method": "chain_subscribeNewHeads", "params": []} for number in range(400)
        ]
        refused = 0
        for _ in range(3):
            client.send(json.dumps(batch))
            replies = next(message for message in map(json.loads, iter(client.recv, "")) if isinstance(message, list))
            refused += sum("error" in reply for reply in replies)
        assert refused == 3 * 400 - 1024
    finally:
        client.shutdown()


def test_block_is_sealed_when_a_subscriber_does_not_listen(served: Node) -> None:
    client = websocket.create_connection(served.ws_url, timeout=20)
    try:
        client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "chain_subscribeNewHeads", "params": []}))
        height = served.chain.height
        served.chain.run_to(height + 20)
    finally:
        client.shutdown()
