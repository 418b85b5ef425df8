"""What is asked of nodes and agents over HTTP, and what is made of an answer that is none."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from offchain.testnet import _look as look


@pytest.mark.parametrize(
    ("websocket", "url"),
    [("ws://127.0.0.1:9944", "http://127.0.0.1:9944"), ("wss://ws.example/rpc", "https://ws.example/rpc")],
)
def test_node_is_asked_over_http_as_secure_as_its_websocket(
    monkeypatch: pytest.MonkeyPatch, websocket: str, url: str
) -> None:
    asked = set()

    def ask(url: str, _method: str, *_params: object) -> object:
        asked.add(url)
        return {"number": "0x7", "peers": 3}

    monkeypatch.setattr(look, "_ask", ask)
    assert look.heads_of(websocket) == look.Heads(best=7, finalized=7, peers=3)
    assert asked == {url}


@pytest.fixture
def breaking(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of somebody who says what the test wants, and ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with contextlib.suppress(OSError), server.accept()[0] as caller:
                caller.recv(65_536)
                caller.sendall(request.param)

        thread = threading.Thread(target=answer)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join()


@pytest.mark.parametrize(
    "breaking",
    [b"", b"SSH-2.0\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"],
    ids=["silence", "no HTTP", "half an answer"],
    indirect=True,
)
@pytest.mark.parametrize("who", ["node", "agent"])
def test_nothing_is_known_when_the_answer_is_broken_off(breaking: int, who: str) -> None:
    found = look.heads_of(f"ws://127.0.0.1:{breaking}") if who == "node" else look.last_block_of(breaking)
    assert found is None
