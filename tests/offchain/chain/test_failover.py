"""A node that is silent, gone, behind or of another chain is left for the next; nothing is skipped or done twice."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.chain._endpoints import Endpoints, urls_of
from offchain.chain._transport import ANSWER_S, OPEN_S, Connection
from offchain.chain.errors import DeadlineExceeded, MalformedEndpoint, NodeUnreachable, WrongChain
from offchain.devchain import ChainSpec, DevChain, Node, Sealing
from offchain.devchain.testing import fresh_chain
from tests.offchain.chain.wire import Cut, Wire

ASY = 10**12
WATCH = "author_submitAndWatchExtrinsic"
ARTIFACTS = Path(__file__).resolve().parents[3] / "runtime-specs" / "artifacts"
Connect = Callable[..., Connection]


@pytest.fixture
def black_hole() -> Iterator[str]:
    """A port that takes connections, and bytes, and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield f"ws://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """A port at which nobody listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return f"ws://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def wires(manual_node: Node) -> Iterator[tuple[Wire, Wire]]:
    """Two ways to one chain: two nodes that agree, as far as a client can tell."""
    with Wire(manual_node.ws_url) as first, Wire(manual_node.ws_url) as second:
        yield first, second


@contextmanager
def other_chain() -> Iterator[str]:
    """A node of another chain."""
    spec = ChainSpec.load(ARTIFACTS / "chain-spec-local.json")
    with fresh_chain(spec) as chain, Node(chain, sealing=Sealing.MANUAL) as served:
        yield served.ws_url


def silence(wire: Wire) -> None:
    """The node behind the wire takes requests, and pings, and answers nothing."""
    wire.to_node = lambda _message: None
    wire.to_client = lambda _message: None


def heal(wire: Wire) -> None:
    """The wire forwards again."""
    wire.to_node = wire.to_client = lambda message: message


def stand_still(wire: Wire, block: str) -> None:
    """The node behind the wire goes on saying that this block is the finalized head."""
    asked: set[Any] = set()

    def note(message: dict[str, Any]) -> dict[str, Any]:
        if message["method"] == "chain_getFinalizedHead":
            asked.add(message["id"])
        return message

    def lie(message: dict[str, Any]) -> dict[str, Any]:
        return {**message, "result": block} if message.get("id") in asked else message

    wire.to_node, wire.to_client = note, lie


@pytest.mark.parametrize("given", ["ws://a:1,ws://b:2", "ws://a:1 ws://b:2", ["ws://a:1", "ws://b:2,ws://a:1"]])
def test_urls_are_the_same_however_they_are_given(given: Any) -> None:
    assert urls_of(given) == ("ws://a:1", "ws://b:2")


@pytest.mark.parametrize("given", ["", [], ",", "http://a:1", "ws://a:1,/usr/bin/assay-node"])
def test_urls_are_refused_when_one_is_none(given: Any) -> None:
    with pytest.raises(MalformedEndpoint):
        urls_of(given)


def test_call_is_answered_by_the_next_node_when_the_first_refuses_connections(
    node: Node, nobody: str, connect: Connect
) -> None:
    connection = connect([nobody, node.ws_url])
    assert connection.call("system_chain", []) == "Assay Development"
    assert connection.url == node.ws_url
    assert connection.endpoints.failovers == 1


def test_call_is_answered_by_the_next_node_when_the_first_is_a_black_hole(
    node: Node, black_hole: str, connect: Connect
) -> None:
    connection = connect([black_hole, node.ws_url])
    begun = time.monotonic()
    assert connection.call("system_chain", []) == "Assay Development"
    assert time.monotonic() - begun < 30
    assert connection.endpoints.current == node.ws_url


def test_call_is_answered_by_the_next_node_when_the_first_falls_silent(
    wires: tuple[Wire, Wire], connect: Connect
) -> None:
    connection = connect([wire.url for wire in wires])
    assert connection.call("system_chain", []) == "Assay Development"
    silence(wires[0])
    begun = time.monotonic()
    assert connection.call("system_name", []) == "Assay embedded chain"
    assert time.monotonic() - begun < 30
    assert wires[1].called("system_name") == [[]]


def test_call_ends_at_its_deadline_when_every_node_is_a_black_hole(black_hole: str, connect: Connect) -> None:
    connection = connect([black_hole, black_hole.replace("127.0.0.1", "localhost")], timeout_s=3)
    with pytest.raises((DeadlineExceeded, NodeUnreachable)):
        connection.call("system_chain", [])


@pytest.fixture
def trickle() -> Iterator[str]:
    """A server that answers each request with a message that never ends, a byte at a time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_trickle, args=(server,))
        thread.start()
        yield f"ws://127.0.0.1:{server.getsockname()[1]}"
    thread.join(10)


def _trickle(server: socket.socket) -> None:
    magic = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    with contextlib.suppress(OSError):
        peer, _ = server.accept()
        head = peer.recv(65_536)
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", head)
        assert key is not None
        accept = base64.b64encode(hashlib.sha1(key[1] + magic).digest())
        answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        peer.sendall(answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        peer.sendall(b"\x81\x7e\xff\xff")  # a text of 65,535 bytes
        with peer:
            while True:
                peer.sendall(b" ")
                time.sleep(0.1)


def test_call_ends_at_its_deadline_when_the_answer_trickles_in(trickle: str, connect: Connect) -> None:
    begun = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        connect(trickle, timeout_s=1).call("system_chain", [])
    assert time.monotonic() - begun < 5


def test_the_patience_with_one_node_leaves_time_for_another() -> None:
    assert OPEN_S + ANSWER_S < 30


def test_call_comes_back_to_the_first_node_when_the_second_fails_too(
    wires: tuple[Wire, Wire], connect: Connect
) -> None:
    connection = connect([wire.url for wire in wires])

    def cut(_message: dict[str, Any]) -> Any:
        raise Cut

    wires[0].to_node = cut
    assert connection.call("system_chain", []) == "Assay Development"
    heal(wires[0])
    wires[1].to_node = cut
    assert connection.call("system_chain", []) == "Assay Development"
    assert connection.url == wires[0].url


def test_listener_hears_of_a_failover_once_when_threads_meet_it_together(
    wires: tuple[Wire, Wire], connect: Connect
) -> None:
    shared = Endpoints([wire.url for wire in wires])
    heard: list[tuple[str, str, str]] = []
    shared.on_failover = lambda *told: heard.append(told)
    ready = [connect(shared) for _ in range(3)]
    for connection in ready:
        connection.call("system_chain", [])

    def cut(_message: dict[str, Any]) -> Any:
        raise Cut

    wires[0].to_node = cut
    threads = [threading.Thread(target=connection.call, args=("system_chain", [])) for connection in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [(left, taken) for left, taken, _ in heard] == [(wires[0].url, wires[1].url)]
    assert {connection.url for connection in ready} == {wires[1].url}


def test_client_refuses_a_list_when_one_node_is_of_another_chain(node: Node) -> None:
    with (
        other_chain() as foreign,
        ChainClient([node.ws_url, foreign]) as client,
        pytest.raises(WrongChain) as caught,
    ):
        client.check_nodes()
    assert foreign in str(caught.value)


def test_client_checks_a_list_when_a_node_is_away(node: Node, nobody: str) -> None:
    with ChainClient([node.ws_url, nobody]) as client:
        found = client.check_nodes()
    assert found[node.ws_url] == 0
    assert isinstance(found[nobody], NodeUnreachable)


def test_client_never_goes_on_to_another_chain_when_its_node_is_lost(wires: tuple[Wire, Wire]) -> None:
    first, second = wires
    with other_chain() as foreign, ChainClient([first.url, foreign, second.url]) as client:
        genesis = client.genesis
        assert client.finalized().number == 0
        silence(first)
        assert client.finalized().number == 0
        assert client.url == second.url
        assert client.genesis == genesis


def test_client_says_that_the_chain_is_wrong_when_every_node_is_of_another() -> None:
    with (
        other_chain() as foreign,
        ChainClient([foreign], genesis="0x" + "00" * 32) as client,
        pytest.raises(WrongChain),
    ):
        client.finalized()


def test_client_waits_for_a_node_when_it_is_behind_what_was_finalized(
    wires: tuple[Wire, Wire], chain: DevChain
) -> None:
    first, second = wires
    with ChainClient([first.url, second.url], timeout_s=6) as client:
        behind = client.finalized()
        chain.seal()
        assert client.finalized().number == 1
        stand_still(second, behind.hash)
        silence(first)
        with pytest.raises((NodeUnreachable, DeadlineExceeded)):
            client.finalized()
        heal(second)
        assert client.finalized().number == 1


def answer_block_hash(wire: Wire, number: int, block: str | None) -> None:
    """The node behind the wire gives another hash, or none, for a height."""
    asked: set[Any] = set()

    def note(message: dict[str, Any]) -> dict[str, Any]:
        if (message["method"], message["params"]) == ("chain_getBlockHash", [number]):
            asked.add(message["id"])
        return message

    def lie(message: dict[str, Any]) -> dict[str, Any]:
        return {**message, "result": block} if message.get("id") in asked else message

    wire.to_node, wire.to_client = note, lie


def test_client_never_uses_a_node_that_finalized_another_block(wires: tuple[Wire, Wire], chain: DevChain) -> None:
    first, second = wires
    with ChainClient([first.url, second.url], timeout_s=6) as client:
        chain.seal()
        seen = client.finalized()
        answer_block_hash(second, 1, "0x" + "77" * 32)
        cut_off(first)
        with pytest.raises(NodeUnreachable):
            client.finalized()
        heal(first)
        assert client.finalized() == seen
        assert client.url == first.url


def test_client_waits_for_a_node_when_it_has_not_filled_its_gap(wires: tuple[Wire, Wire], chain: DevChain) -> None:
    first, second = wires
    with ChainClient([first.url, second.url], timeout_s=3) as client:
        chain.seal()
        seen = client.finalized()
        answer_block_hash(second, 1, None)
        cut_off(first)
        with pytest.raises((NodeUnreachable, DeadlineExceeded)):
            client.finalized()
        heal(second)
        assert client.finalized() == seen
        assert client.url == second.url


def test_client_goes_to_the_node_that_is_ahead_when_its_own_stands_still(
    wires: tuple[Wire, Wire], chain: DevChain
) -> None:
    first, second = wires
    with ChainClient([first.url, second.url]) as client:
        stand_still(first, client.finalized().hash)
        chain.seal()
        chain.seal()
        assert client.finalized().number == 0
        assert client.overtake(0) == second.url
        assert client.finalized().number == 2
        assert client.overtake(2) is None


def test_client_does_not_go_again_to_a_node_of_another_chain_that_is_ahead(
    wires: tuple[Wire, Wire], chain: DevChain
) -> None:
    first, second = wires
    with ChainClient([first.url, second.url]) as client:
        stand_still(first, client.finalized().hash)
        chain.seal()
        with contextlib.suppress(WrongChain):
            client.endpoints.bar(second.url, "another chain", "")
        assert client.overtake(0) is None
        assert client.url == first.url


def test_follower_sees_every_block_once_when_nodes_fail_one_after_the_other(
    wires: tuple[Wire, Wire], chain: DevChain
) -> None:
    seen: list[int] = []
    with ChainClient([wire.url for wire in wires], timeout_s=30) as client:
        following = client.blocks(1, poll_s=0.02)
        for number in range(1, 13):
            chain.seal()
            if number % 3 == 0:
                lost = wires[(number // 3) % 2]
                (silence if number == 6 else cut_off)(lost)
                heal(wires[(number // 3 + 1) % 2])
            block = next(following)
            seen.append(block.number)
            assert block.hash == "0x" + chain.head.hash.hex()
        assert client.endpoints.failovers >= 3
    assert seen == list(range(1, 13))


def cut_off(wire: Wire) -> None:
    """The node behind the wire breaks every connection."""

    def cut(_message: dict[str, Any]) -> Any:
        raise Cut

    wire.to_node = cut


@pytest.mark.parametrize("failure", [silence, cut_off])
def test_transaction_is_rebroadcast_as_the_same_bytes_when_its_node_is_lost(
    wires: tuple[Wire, Wire], chain: DevChain, failure: Callable[[Wire], None]
) -> None:
    first, second = wires
    with ChainClient([first.url, second.url]) as client:
        manager = TransactionManager(client)
        alice, dave = development_signer("//Alice", client), development_signer("//Dave", client)
        had = client.accounts.get(dave.address).free
        pending = manager.send("pay", calls.balances.transfer(dave.address, ASY), alice)
        sent = first.called(WATCH)
        failure(first)
        sealer = threading.Thread(target=seal_once, args=(second, chain))
        sealer.start()
        receipt = pending.wait(timeout_s=60)
        sealer.join(60)
        assert second.called(WATCH)[:1] == sent
        assert {params[0] for wire in wires for params in wire.called(WATCH)} == {receipt.extrinsic}
        assert client.accounts.get(dave.address).free == had + ASY
        assert [entry.attempt for entry in manager.journal.history("pay")] == [1]


def seal_once(wire: Wire, chain: DevChain) -> None:
    """Makes a block once the transaction came by this wire."""
    until = time.monotonic() + 60
    while not wire.called(WATCH) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.2)
    chain.seal()


def test_two_threads_of_a_client_use_a_connection_each_when_they_fail_over(wires: tuple[Wire, Wire]) -> None:
    heights: list[int] = []
    with ChainClient([wire.url for wire in wires]) as client:
        client.finalized()
        cut_off(wires[0])
        threads = [threading.Thread(target=lambda: heights.append(client.finalized().number)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert heights == [0, 0, 0, 0]
    assert client.endpoints.failovers == 1
