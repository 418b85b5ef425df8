"""What is asked of nodes and agents over HTTP, and what is made of an answer that is none."""

from __future__ import annotations

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
