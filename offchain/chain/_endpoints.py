"""The nodes a client may talk to: which one it uses, which it gave up, and what every one of them must agree on.

All connections of a client share one :class:`Endpoints`. A node is left when it refuses connections or lets a request
run into its deadline; the next in the list takes over, and stays until it fails in turn. A node is let in only where it
has the chain's genesis and has finalized the last block that the client saw finalized: so a height that was read once
means the same block on every node that is asked later, and nobody steps back to an older state.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from offchain.chain.errors import MalformedEndpoint, WrongChain

__all__ = ["Endpoints", "Mark", "urls_of"]


@dataclass(frozen=True)
class Mark:
    """A finalized block: its height and its hash."""

    number: int
    hash: str


class Endpoints:
    """A list of nodes of one chain; threads may share it.

    Args:
        urls: their WebSockets, the preferred one first.
        genesis: hash of block 0 as ``0x`` hex; the first node that answers decides where nobody says.

    Raises:
        MalformedEndpoint: no address, or one that is no WebSocket's.
    """

    def __init__(self, urls: str | Iterable[str], *, genesis: str | None = None) -> None:
        self.urls = urls_of(urls)
        self.failovers = 0
        self.on_failover: Callable[[str, str, str], None] | None = None
        """Told ``(from, to, why)`` on the thread that met the failure."""
        self._genesis = genesis
        self._mark: Mark | None = None
        self._barred: dict[str, WrongChain] = {}
        self._current = self.urls[0]
        self._lock = threading.RLock()

    @property
    def current(self) -> str:
        """The node that a new connection goes to."""
        return self._current

    @property
    def several(self) -> bool:
        """Whether there is another node to go to."""
        return len(self.urls) - len(self._barred) > 1

    @property
    def any_left(self) -> bool:
        """Whether a node is left that is not known to be of another chain."""
        return len(self._barred) < len(self.urls)

    @property
    def barred(self) -> frozenset[str]:
        """Nodes that turned out to be of another chain."""
        return frozenset(self._barred)

    @property
    def mark(self) -> Mark | None:
        """The highest block that was seen finalized."""
        return self._mark

    @property
    def genesis(self) -> str | None:
        """The chain's genesis, once it is known."""
        return self._genesis

    def leave(self, url: str, why: str) -> None:
        """Goes on to the next node, unless another thread did so first or there is none."""
        with self._lock:
            usable = [each for each in self.urls if each not in self._barred or each == url]
            if self._current != url or len(usable) < 2:
                return
            self._move(usable[(usable.index(url) + 1) % len(usable)], why)

    def prefer(self, url: str, why: str) -> None:
        """Goes to a node that is better, of those in the list."""
        with self._lock:
            if url != self._current:
                self._move(url, why)

    def seen(self, number: int, block_hash: str) -> None:
        """A block was seen finalized."""
        with self._lock:
            if self._mark is None or number > self._mark.number:
                self._mark = Mark(number, block_hash)

    def admit(self, url: str, genesis: str) -> None:
        """Takes a node's genesis.

        Raises:
            WrongChain: another chain's; the node is not asked again while there is another.
        """
        with self._lock:
            if self._genesis is None:
                self._genesis = genesis
            if genesis != self._genesis:
                self.bar(url, f"the node's genesis is {genesis}", f"expected {self._genesis}")

    def bar(self, url: str, what: str, hint: str) -> None:
        """Takes a node out of the list of those to go on to.

        Raises:
            WrongChain: always.
        """
        with self._lock:
            self._barred[url] = WrongChain(what, subject=url, hint=hint)
            raise self._barred[url]

    def _move(self, url: str, why: str) -> None:
        left, self._current = self._current, url
        self.failovers += 1
        if self.on_failover is not None:
            self.on_failover(left, url, why)


def urls_of(urls: str | Iterable[str]) -> tuple[str, ...]:
    """Addresses from what a person or the environment gives: one, or several with commas or spaces between them.

    Raises:
        MalformedEndpoint: none, or one that does not begin with ``ws://`` or ``wss://``.
    """
    given: Sequence[str] = [urls] if isinstance(urls, str) else list(urls)
    found = tuple(dict.fromkeys(url for each in given for url in each.replace(",", " ").split()))
    for url in found:
        if not url.startswith(("ws://", "wss://")):
            raise MalformedEndpoint("not a node's WebSocket", subject=url, hint="write ws://HOST:PORT")
    if not found:
        raise MalformedEndpoint("no node is named", hint="give --node ws://HOST:PORT, or set ASSAY_NODE")
    return found
