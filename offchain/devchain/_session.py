"""One client's connection, as the JSON-RPC methods see it: what it subscribed to, and how to reach it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any, Final

__all__ = ["MAX_SUBSCRIPTIONS", "Session", "Subscription", "TooManySubscriptions"]

MAX_SUBSCRIPTIONS: Final = 1024


class TooManySubscriptions(Exception):
    """The connection has as many subscriptions as one may have."""


class Subscription:
    """A stream of notifications. What is sent before ``activate`` waits, so that it follows the answer with the id."""

    def __init__(self, session: Session, method: str) -> None:
        self.identifier = secrets.token_urlsafe(12)
        self._session = session
        self._method = method
        self._early: list[Any] | None = []
        self._on_close: Callable[[], object] | None = None

    def on_close(self, action: Callable[[], object]) -> None:
        """What to do when the client ends the subscription or goes away."""
        self._on_close = action

    def send(self, result: object) -> None:
        """One notification."""
        if self._early is not None:
            self._early.append(result)
            return
        params = {"subscription": self.identifier, "result": result}
        message = {"jsonrpc": "2.0", "method": self._method, "params": params}
        self._session.send(json.dumps(message, separators=(",", ":")).encode())

    def activate(self) -> None:
        """The client knows the id: what waited is sent now, the rest at once."""
        early, self._early = self._early, None
        for result in early or ():
            self.send(result)

    def close(self) -> None:
        """Stops the source. A second call does nothing."""
        action, self._on_close = self._on_close, None
        if action is not None:
            action()


class Session:
    """A connection that can be notified, or a single HTTP request, which cannot.

    Args:
        send: writes one message to the client; None where there is nothing to write to later.
    """

    def __init__(self, send: Callable[[bytes], None] | None) -> None:
        self._send = send
        self._subscriptions: dict[str, Subscription] = {}

    @property
    def is_persistent(self) -> bool:
        """Whether subscriptions make sense."""
        return self._send is not None

    def send(self, message: bytes) -> None:
        """Writes a message; dropped after the connection's end."""
        if self._send is not None:
            self._send(message)

    def subscribe(self, method: str) -> Subscription:
        """Opens a subscription whose notifications carry ``method``; TooManySubscriptions past the limit."""
        if len(self._subscriptions) >= MAX_SUBSCRIPTIONS:
            raise TooManySubscriptions
        subscription = Subscription(self, method)
        self._subscriptions[subscription.identifier] = subscription
        return subscription

    def unsubscribe(self, identifier: str) -> bool:
        """Ends a subscription; False when there is none."""
        subscription = self._subscriptions.pop(identifier, None)
        if subscription is None:
            return False
        subscription.close()
        return True

    def close(self) -> None:
        """Ends all subscriptions."""
        self._send = None
        for identifier in list(self._subscriptions):
            self.unsubscribe(identifier)
