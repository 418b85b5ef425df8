"""JSON-RPC 2.0 over one WebSocket, with a deadline on everything, going on to another node where one fails.

A connection belongs to one thread. Every request we make may be repeated without harm (reads, and submissions of the
same bytes), so a request whose connection breaks is sent again on a new one until its deadline, and one that a node
lets run into :data:`ANSWER_S` is put to the next node of the list.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

import websocket

from offchain.chain._endpoints import Endpoints
from offchain.chain.errors import DeadlineExceeded, NodeUnreachable, RpcError, WrongChain

__all__ = ["Connection", "ConnectionLost", "Subscription"]

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
FIRST_CONNECTION_S = 4.0
"""How long to try to reach a node that was never reached: it is probably not there."""
ANSWER_S = 10.0
"""How long to wait for the answer of a node while there is another to ask."""
OPEN_S = 5.0
"""How long to wait for a node to open a connection while there is another."""
MAX_BUFFERED = 4_096
"""Notifications kept for a subscription nobody reads; the oldest go first."""


class ConnectionLost(NodeUnreachable):
    """The connection broke: a subscription on it says nothing more."""

    was_open: bool = True


class NoAnswer(DeadlineExceeded):
    """A node was silent for as long as it was given."""


class _Socket(websocket.WebSocket):  # type: ignore[misc]
    """A WebSocket whose deadline holds for a whole message: the library begins anew with each byte that trickles in."""

    until = float("inf")

    def _recv(self, bufsize: int) -> Any:
        if self.until < float("inf"):
            self.settimeout(max(self.until - time.monotonic(), 0.001))
        return super()._recv(bufsize)


class Connection:
    """One WebSocket to a node of a list, opened when first used and again whenever it broke.

    Args:
        nodes: ``ws://`` or ``wss://`` addresses, or what the connections of a client share.
        timeout_s: how long a request may take, connecting included, where the caller does not say.
    """

    def __init__(self, nodes: str | Iterable[str] | Endpoints, *, timeout_s: float = 30.0) -> None:
        self.endpoints = nodes if isinstance(nodes, Endpoints) else Endpoints(nodes)
        self.url = self.endpoints.current
        self.timeout_s = timeout_s
        self._socket: _Socket | None = None
        self._was_open = False
        self._ids = itertools.count(1)
        self._notices: dict[str, deque[Any]] = {}

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, method: str, params: list[Any], *, timeout_s: float | None = None) -> Any:
        """The result of one request.

        Raises:
            RpcError: the node answered with an error.
            DeadlineExceeded: no node answered in time.
            NodeUnreachable: no node could be reached in time.
            WrongChain: every node is of another chain.
        """
        begun = time.monotonic()
        deadline = begun + (self.timeout_s if timeout_s is None else timeout_s)
        broke, pauses = 0, backoff()
        while True:
            try:
                return self._exchange(method, params, self._until(ANSWER_S, deadline))
            except NoAnswer as silent:
                self.endpoints.leave(self.url, silent.what)
                if time.monotonic() >= deadline:
                    raise DeadlineExceeded(silent.what, subject=f"{method} at {self.url}") from silent
            except WrongChain as wrong:
                if not self.endpoints.any_left:
                    raise
                self.endpoints.leave(self.url, wrong.what)
            except ConnectionLost as lost:
                broke += 1
                if not lost.was_open or broke > 1:  # a connection may just have been idle for long
                    self.endpoints.leave(self.url, lost.what)
                pause = 0.0 if broke < len(self.endpoints.urls) else next(pauses)
                patience = deadline if self._was_open else min(deadline, begun + FIRST_CONNECTION_S)
                if broke >= len(self.endpoints.urls) and time.monotonic() + pause >= patience:
                    hint = lost.hint or "is the node running?"
                    raise NodeUnreachable(lost.what, subject=", ".join(self.endpoints.urls), hint=hint) from lost
                time.sleep(pause)

    def subscribe(self, method: str, params: list[Any], unsubscribe: str) -> Subscription:
        """Subscribes; what the node says is read from the answer."""
        return Subscription(self, str(self.call(method, params)), unsubscribe)

    def close(self) -> None:
        """Closes the socket. The connection opens another when it is used again."""
        if self._socket is not None:
            with contextlib.suppress(OSError, websocket.WebSocketException):
                self._socket.close(timeout=1)
            self._socket.shutdown()  # close() leaves the socket open where the node said goodbye first
            self._socket = None
            self._notices.clear()

    def _exchange(self, method: str, params: list[Any], deadline: float) -> Any:
        request = next(self._ids)
        self._send({"jsonrpc": "2.0", "id": request, "method": method, "params": params}, deadline)
        while True:
            message = self._receive(deadline)
            if message is None:
                self.close()  # so that a late reply meets nobody
                raise NoAnswer("the node did not answer in time", subject=f"{method} at {self.url}")
            if message.get("id") == request:
                if "error" in message:
                    raise RpcError.of(method, message["error"])
                return message.get("result")
            self._file(message)

    def _file(self, message: dict[str, Any]) -> None:
        """Keeps a notification for its subscription, which may not know its own id yet."""
        params = message.get("params")
        if isinstance(params, dict) and "subscription" in params:
            queue = self._notices.setdefault(str(params["subscription"]), deque(maxlen=MAX_BUFFERED))
            queue.append(params.get("result"))

    def _send(self, message: dict[str, Any], deadline: float) -> None:
        socket = self._open(deadline)
        try:
            socket.settimeout(max(deadline - time.monotonic(), 0.001))
            socket.send(json.dumps(message))
        except (OSError, websocket.WebSocketException) as error:
            self.close()
            raise ConnectionLost(f"the connection broke ({_reason(error)})", subject=self.url) from error

    def _receive(self, deadline: float) -> dict[str, Any] | None:
        """The next message, or nothing when the deadline passes first."""
        if self._socket is None:
            raise ConnectionLost("the connection is closed", subject=self.url)
        try:
            self._socket.until = deadline
            text = self._socket.recv()
            message = json.loads(text) if text else None
        except websocket.WebSocketTimeoutException:
            return None
        except (OSError, websocket.WebSocketException, ValueError) as error:
            self.close()
            raise ConnectionLost(f"the connection broke ({_reason(error)})", subject=self.url) from error
        if not isinstance(message, dict):
            self.close()
            raise ConnectionLost("the node hung up", subject=self.url)
        return message

    def _open(self, deadline: float) -> _Socket:
        if self._socket is None:
            self.url = self.endpoints.current
            until = self._until(OPEN_S, deadline)
            timeout = max(until - time.monotonic(), 0.001)
            try:
                self._socket = websocket.create_connection(
                    self.url, timeout=timeout, skip_utf8_validation=True, class_=_Socket
                )
            except (OSError, ValueError, websocket.WebSocketException) as error:
                lost = ConnectionLost(f"no connection ({_reason(error)})", subject=self.url)
                lost.was_open = False
                raise lost from error
            try:
                self._meet(deadline)
            except BaseException:
                self.close()
                raise
            self._was_open = True
        return self._socket

    def _meet(self, deadline: float) -> None:
        """Holds a node against what is known of the chain, before it is asked anything else."""
        endpoints, until = self.endpoints, self._until(ANSWER_S, deadline)
        endpoints.admit(self.url, str(self._exchange("chain_getBlockHash", [0], until)))
        mark = endpoints.mark
        if mark is None:
            return
        head = self._exchange("chain_getHeader", [self._exchange("chain_getFinalizedHead", [], until)], until)
        height = int(head["number"], 16)
        found = None if height < mark.number else self._exchange("chain_getBlockHash", [mark.number], until)
        if found is None:  # it lags behind, or synced by a warp and has not filled the gap yet
            behind = ConnectionLost(
                f"the node has finalized block {height} only, or lacks blocks before it",
                subject=self.url,
                hint=f"block {mark.number} was seen finalized",
            )
            behind.was_open = False
            raise behind
        if found != mark.hash:
            endpoints.bar(self.url, f"the node's block {mark.number} is {found}", f"{mark.hash} was finalized before")

    def _until(self, seconds: float, deadline: float) -> float:
        """When to give this node up: at the deadline where there is no other."""
        return min(deadline, time.monotonic() + seconds) if self.endpoints.several else deadline


class Subscription:
    """What a node tells about one thing, in order. Ends with the connection it was made on."""

    def __init__(self, connection: Connection, name: str, unsubscribe: str) -> None:
        self._connection = connection
        self._socket = connection._socket
        self._name = name
        self._unsubscribe = unsubscribe

    def next(self, timeout_s: float) -> Any | None:
        """The next notification, or nothing where the node is silent for so long.

        Raises:
            ConnectionLost: the connection broke since; subscribe anew.
        """
        deadline = time.monotonic() + timeout_s
        connection = self._connection
        while True:
            if connection._socket is not self._socket:
                raise ConnectionLost("the connection broke", subject=connection.url)
            waiting = connection._notices.get(self._name)
            if waiting:
                return waiting.popleft()
            message = connection._receive(deadline)
            if message is None:
                return None
            connection._file(message)

    def close(self) -> None:
        """Unsubscribes, where the connection still stands."""
        connection = self._connection
        if connection._socket is self._socket and self._socket is not None:
            with contextlib.suppress(RpcError, DeadlineExceeded, NodeUnreachable):
                connection.call(self._unsubscribe, [self._name], timeout_s=5.0)
            connection._notices.pop(self._name, None)


def backoff() -> Any:
    """Pauses in seconds, doubling up to a limit, each with full jitter so that clients do not return in step."""
    for attempt in itertools.count():
        yield random.uniform(FIRST_PAUSE_S / 2, min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S))


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
