"""Looking at a network from outside: what its nodes say over JSON-RPC, what its agents say to Prometheus."""

from __future__ import annotations

import contextlib
import http.client
import json
import urllib.request
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Heads", "heads_of", "last_block_of"]

_TIMEOUT_S: Final = 5.0
_NO_ANSWER: Final = (OSError, http.client.HTTPException, ValueError)
"""Nobody listens, somebody ends in mid-answer, or what is said is not understood."""


@dataclass(frozen=True)
class Heads:
    """Where a node stands: heights of its best and its finalized block, and how many peers it has."""

    best: int
    finalized: int
    peers: int


def heads_of(websocket: str) -> Heads | None:
    """Where a node stands; None while it does not answer. JSON-RPC is served over HTTP on the same port."""
    url = "http" + websocket.removeprefix("ws")
    with contextlib.suppress(*_NO_ANSWER, KeyError, TypeError):
        finalized = _ask(url, "chain_getFinalizedHead")
        return Heads(
            best=int(_ask(url, "chain_getHeader")["number"], 16),
            finalized=int(_ask(url, "chain_getHeader", finalized)["number"], 16),
            peers=int(_ask(url, "system_health")["peers"]),
        )
    return None


def last_block_of(port: int) -> int | None:
    """The last finalized block that an agent has worked through, by its metrics; None while there is none."""
    url = f"http://127.0.0.1:{port}/metrics"
    with contextlib.suppress(*_NO_ANSWER), urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
        for line in answer.read().decode().splitlines():
            name, _, value = line.partition(" ")
            if name == "assay_finalized_block" and float(value) > 0:
                return int(float(value))
    return None


def _ask(url: str, method: str, *params: object) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - http, or https
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
        return json.load(answer)["result"]
