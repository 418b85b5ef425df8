"""Every request ends: with a result, a typed error, or at its deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from offchain.chain._transport import Connection, ConnectionLost
from offchain.chain.errors import DeadlineExceeded, NodeUnreachable, RpcError
from offchain.devchain import Node
from tests.offchain.chain.wire import Cut, Wire

Connect = Callable[..., Connection]


def test_call_returns_the_result_when_the_node_answers(node: Node, connect: Connect) -> None:
    assert connect(node.ws_url).call("system_chain", []) == "Assay Development"


def test_call_raises_the_nodes_error_when_it_refuses(node: Node, connect: Connect) -> None:
    with pytest.raises(RpcError) as caught:
        connect(node.ws_url).call("no_such_method", [])
    assert caught.value.rpc_code == -32601


def test_call_ends_at_its_deadline_when_the_node_is_a_black_hole(wire: Wire, connect: Connect) -> None:
    wire.to_node = lambda _message: None
    connection = connect(wire.url, timeout_s=0.3)
    begun = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        connection.call("system_chain", [])
    assert 0.3 <= time.monotonic() - begun < 5
    assert "system_chain" in str(caught.value)


def test_call_after_a_black_hole_is_not_answered_by_the_late_reply(wire: Wire, connect: Connect) -> None:
    held: list[dict[str, Any]] = []

    def hold(message: dict[str, Any]) -> Any:
        if message["method"] == "system_name" and not held:
            held.append(message)
            return None
        return message

    wire.to_node = hold
    connection = connect(wire.url, timeout_s=0.3)
    with pytest.raises(DeadlineExceeded):
        connection.call("system_name", [])
    assert connection.call("system_chain", []) == "Assay Development"
    assert wire.connections == 2


def test_call_reconnects_when_the_connection_is_cut(wire: Wire, connect: Connect) -> None:
    connection = connect(wire.url)
    assert connection.call("system_chain", []) == "Assay Development"
    cuts = [1, 2]

    def cut_twice(message: dict[str, Any]) -> Any:
        if cuts:
            cuts.pop()
            raise Cut
        return message

    wire.to_node = cut_twice
    assert connection.call("system_chain", []) == "Assay Development"
    assert wire.connections == 3


def test_call_says_that_the_node_is_unreachable_when_nobody_listens(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(NodeUnreachable) as caught:
        connect(f"ws://127.0.0.1:{port}", timeout_s=0.5).call("system_chain", [])
    assert time.monotonic() - begun < 5
    assert "is the node running?" in str(caught.value)


def test_call_ends_at_its_deadline_when_the_server_never_speaks_websocket(connect: Connect) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises((NodeUnreachable, DeadlineExceeded)):
            connect(f"ws://127.0.0.1:{mute.getsockname()[1]}", timeout_s=0.5).call("system_chain", [])


def test_subscription_says_nothing_when_the_node_is_silent(manual_wire: Wire, connect: Connect) -> None:
    connection = connect(manual_wire.url)
    heads = connection.subscribe("chain_subscribeNewHeads", [], "chain_unsubscribeNewHeads")
    assert heads.next(2) is not None
    assert heads.next(0.1) is None


def test_subscription_keeps_what_came_while_other_calls_were_made(manual_node: Node, connect: Connect) -> None:
    connection = connect(manual_node.ws_url)
    heads = connection.subscribe("chain_subscribeNewHeads", [], "chain_unsubscribeNewHeads")
    first = heads.next(2)
    for _ in range(3):
        connection.call("engine_createBlock", [True, True])
    numbers = [int(heads.next(2)["number"], 16) for _ in range(3)]
    assert first is not None
    assert numbers == [1, 2, 3]


def test_subscription_ends_when_the_connection_is_cut(manual_wire: Wire, connect: Connect) -> None:
    connection = connect(manual_wire.url)
    heads = connection.subscribe("chain_subscribeNewHeads", [], "chain_unsubscribeNewHeads")
    heads.next(2)

    def cut(_message: dict[str, Any]) -> Any:
        raise Cut

    manual_wire.to_node = cut
    threading.Timer(0.2, lambda: setattr(manual_wire, "to_node", lambda message: message)).start()
    connection.call("system_chain", [])
    with pytest.raises(ConnectionLost):
        heads.next(1)
    heads.close()
