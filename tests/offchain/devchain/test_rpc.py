"""JSON-RPC as a protocol, and what the server refuses: on raw HTTP and WebSocket connections."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import websocket

from offchain.devchain import DevChain, Node, Sealing, ServerFailed, WireLimits
from offchain.devchain._session import MAX_SUBSCRIPTIONS

from .conftest import eventually


def _request(method: str, *params: object, identifier: object = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, "method": method, "params": list(params)}


def _post(node: Node, body: bytes, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=20)
    try:
        connection.request("POST", "/", body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _call(node: Node, method: str, *params: object) -> Any:
    status, body = _post(node, json.dumps(_request(method, *params)).encode())
    assert status == 200
    return json.loads(body)


@contextmanager
def _socket(node: Node, **options: Any) -> Iterator[websocket.WebSocket]:
    client = websocket.create_connection(node.ws_url, timeout=20, **options)
    try:
        yield client
    finally:
        client.shutdown()


@pytest.fixture
def limited(chain: DevChain) -> Iterator[Node]:
    limits = WireLimits(message_bytes=10_000, connections=2)
    with Node(chain, sealing=Sealing.MANUAL, limits=limits) as served:
        yield served


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff\xfe", -32700),
        (b"[" * 100_000, -32700),
        (b"1", -32600),
        (b"[]", -32600),
        (b"{}", -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"system_chain"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":7}', -32600),
        (b'{"jsonrpc":"2.0","id":{},"method":"system_chain"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_chain","params":7}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_chain","params":{"a":1}}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_chain","params":[1]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":[]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":["2a"]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":["0x2"]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":["x"]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[-1]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_accountNextIndex","params":["5Grwva"]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"no_such"}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_subscribeNewHeads"}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"author_submitAndWatchExtrinsic","params":["0x04"]}', -32601),
    ],
)
def test_standard_error_is_answered_when_a_request_is_wrong(node: Node, body: bytes, code: int) -> None:
    status, answer = _post(node, body)
    assert status == 200
    assert json.loads(answer)["error"]["code"] == code


def test_identifier_comes_back_when_a_request_has_one(node: Node) -> None:
    for identifier in (7, "seven", None):
        status, answer = _post(node, json.dumps(_request("system_chain", identifier=identifier)).encode())
        assert (status, json.loads(answer)["id"]) == (200, identifier)


def test_nothing_is_answered_when_a_request_is_a_notification(node: Node) -> None:
    assert _post(node, b'{"jsonrpc":"2.0","method":"system_chain"}') == (204, b"")
    assert _post(node, b'[{"jsonrpc":"2.0","method":"system_chain"}]') == (204, b"")


def test_batch_is_answered_in_order_when_some_fail(node: Node) -> None:
    batch = [_request("system_chain", identifier=1), 5, _request("no_such", identifier=2)]
    batch.append({"jsonrpc": "2.0", "method": "system_chain"})
    _, answer = _post(node, json.dumps(batch).encode())
    replies = json.loads(answer)
    assert [reply["id"] for reply in replies] == [1, None, 2]
    assert [reply.get("error", {}).get("code") for reply in replies] == [None, -32600, -32601]


def test_batch_is_refused_when_it_is_too_long(node: Node) -> None:
    _, answer = _post(node, json.dumps([_request("system_chain")] * 513).encode())
    assert json.loads(answer)["error"]["code"] == -32600


def test_trailing_nulls_are_left_out_when_a_method_takes_less(node: Node) -> None:
    assert _call(node, "system_chain", None)["result"] == node.chain.name


def test_http_is_refused_when_it_is_not_json_rpc_from_this_machine(node: Node) -> None:
    body = json.dumps(_request("system_chain")).encode()
    assert _post(node, body, **{"Content-Type": "text/plain"})[0] == 415
    assert _post(node, body, Host="evil.example")[0] == 403
    assert _post(node, body, Origin="https://evil.example")[0] == 403
    assert _post(node, body, Origin="https://polkadot.js.org")[0] == 200
    assert _post(node, body, Origin="http://localhost:3000")[0] == 200
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=20)
    for method, path, status in (("GET", "/health", 200), ("OPTIONS", "/", 204), ("GET", "/", 405)):
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    connection.close()


def test_http_head_is_refused_when_malformed(node: Node) -> None:
    for head, status in ((b"nonsense\r\n\r\n", b"400"), (b"POST / HTTP/1.1\r\nno colon\r\n\r\n", b"400")):
        with socket.create_connection(("127.0.0.1", node.port), timeout=20) as raw:
            raw.sendall(head)
            assert raw.recv(100).split(b" ")[1] == status
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\r\n"
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as raw:
        raw.sendall(head)
        assert raw.recv(100).split(b" ")[1] == b"411"
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 40_000)
        assert raw.recv(100) == b""


def test_message_is_refused_when_too_large(limited: Node) -> None:
    body = json.dumps(_request("state_getStorage", "0x" + "00" * 6000)).encode()
    assert _post(limited, body)[0] == 413
    with _socket(limited) as client:
        client.send(body)
        opcode, frame = client.recv_data()
        assert (opcode, int.from_bytes(frame[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1009)
    assert _call(limited, "system_chain")["result"] == limited.chain.name


def test_connection_is_refused_when_there_are_too_many(limited: Node) -> None:
    with _socket(limited), _socket(limited), socket.create_connection(("127.0.0.1", limited.port), timeout=20) as third:
        assert third.recv(100).split(b" ")[1] == b"503"

    def is_free_again() -> bool:
        try:
            return _post(limited, b"{}")[0] == 200
        except (ConnectionError, http.client.HTTPException):
            return False

    eventually(is_free_again)


def test_websocket_is_refused_when_its_origin_is_another_site(node: Node) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"), _socket(node, origin="http://evil.example"):
        pass


def test_subscription_is_refused_when_a_connection_has_too_many(node: Node) -> None:
    subscribe = json.dumps([_request("state_subscribeStorage", [])] * 512)
    with _socket(node) as client:
        opened = []
        for _ in range(MAX_SUBSCRIPTIONS // 512):
            client.send(subscribe)
            while True:
                answer = json.loads(client.recv())
                if isinstance(answer, list):
                    opened += [reply["result"] for reply in answer]
                    break
        assert len(set(opened)) == MAX_SUBSCRIPTIONS

        def ask(method: str, *params: object) -> Any:
            client.send(json.dumps(_request(method, *params)))
            while True:
                answer = json.loads(client.recv())
                if "id" in answer:
                    return answer

        assert ask("chain_subscribeNewHeads")["error"]["code"] == -32006
        assert ask("state_unsubscribeStorage", opened[0])["result"] is True
        assert ask("state_unsubscribeStorage", opened[0])["result"] is False
        assert "result" in ask("chain_subscribeNewHeads")


def test_message_is_read_when_it_comes_in_fragments(node: Node) -> None:
    text = json.dumps(_request("system_chain")).encode()
    with _socket(node) as client:
        client.send_frame(websocket.ABNF.create_frame(text[:10], websocket.ABNF.OPCODE_TEXT, 0))
        client.ping("are you there")
        client.send_frame(websocket.ABNF.create_frame(text[10:], websocket.ABNF.OPCODE_CONT, 1))
        assert json.loads(client.recv())["result"] == node.chain.name


def test_node_does_not_start_when_its_port_is_taken(node: Node, chain: DevChain) -> None:
    with pytest.raises(ServerFailed, match="cannot listen"):
        Node(chain, port=node.port).start()


def test_listeners_are_gone_when_the_node_has_stopped(chain: DevChain) -> None:
    with Node(chain, sealing=Sealing.MANUAL) as node:
        with _socket(node) as client:
            client.send(json.dumps(_request("chain_subscribeNewHeads")))
            json.loads(client.recv())
        served = node.port
    node.stop()
    chain.seal()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", served, timeout=5).request("GET", "/health")
