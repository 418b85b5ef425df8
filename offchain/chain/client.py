"""The client: reads what the chain holds, at finalized blocks, as dataclasses."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from offchain.chain._endpoints import Endpoints
from offchain.chain._events import Event, parse_events
from offchain.chain._interface import Interface
from offchain.chain._pallets import Accounts, Balances, Datasets, Evaluation, Models
from offchain.chain._runtime import RuntimeCache, runtime_api
from offchain.chain._transport import Connection
from offchain.chain._typed import decode
from offchain.chain.errors import ChainError, DeadlineExceeded, NotOnChain, WrongChain

__all__ = ["BlockRef", "ChainClient", "NodeState"]

DEFAULT_NODE = "ws://127.0.0.1:9944"
SURVEY_S = 5.0
"""How long one node may take to say where it is, when all are asked."""

_RUNTIMES = RuntimeCache()


@dataclass(frozen=True)
class BlockRef:
    """A block: its height, its hash and its parent's, as ``0x`` hex."""

    number: int
    hash: str
    parent: str


@dataclass(frozen=True)
class NodeState:
    """What a node says of itself."""

    chain: str
    name: str
    version: str
    peers: int
    is_syncing: bool


class ChainClient:
    """Talks to one node at a time, of one or several. Threads may share a client: each gets a connection of its own.

    Reads are of the finalized head unless a block is named. Every call ends within ``timeout_s``, reconnecting as
    often as it takes; a node that is silent or gone is left for the next one, and a node is used only where it has
    finalized what was seen finalized before.

    Args:
        nodes: WebSockets of the nodes, the preferred one first; commas may separate them.
        timeout_s: deadline of a call.
        genesis: hash of block 0 of the chain that is meant, as ``0x`` hex; none takes whichever is there.
        spec_version: the only version of the runtime to read and sign for; by default each as it comes, whose metadata
            is fetched where it is met first.

    Raises:
        MalformedEndpoint: not an address.
        WrongChain: on first use, where the node is of another chain.
        RuntimeUpgraded: whenever the chain runs another version than ``spec_version``.
    """

    def __init__(
        self,
        nodes: str | Iterable[str] = DEFAULT_NODE,
        *,
        timeout_s: float = 30.0,
        genesis: str | None = None,
        spec_version: int | None = None,
    ) -> None:
        self.endpoints = Endpoints(nodes, genesis=genesis)
        self._spec_version = spec_version
        self.timeout_s = timeout_s
        self._local = threading.local()
        self._opened: list[Connection] = []
        self.datasets = Datasets(self)
        self.models = Models(self)
        self.evaluation = Evaluation(self)
        self.accounts = Accounts(self)
        self.balances = Balances(self)

    def __enter__(self) -> ChainClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections of every thread. Call it when no thread uses the client any more."""
        for connection in self._opened:
            connection.close()

    @property
    def url(self) -> str:
        """The node in use."""
        return self.endpoints.current

    @property
    def interface(self) -> Interface:
        """The connection and codec of the calling thread."""
        found: Interface | None = getattr(self._local, "interface", None)
        if found is None:
            connection = Connection(self.endpoints, timeout_s=self.timeout_s)
            found = Interface(connection, _RUNTIMES, self._spec_version)
            self._opened.append(connection)
            self._local.interface = found
        return found

    @property
    def connection(self) -> Connection:
        """The connection of the calling thread, for requests that have no wrapper."""
        return self.interface.connection

    @property
    def genesis(self) -> bytes:
        """Hash of the chain's block 0."""
        return bytes.fromhex(self.interface.genesis[2:])

    def node(self) -> NodeState:
        """What the node says of itself."""
        health = self.connection.call("system_health", [])
        return NodeState(
            chain=self.connection.call("system_chain", []),
            name=self.connection.call("system_name", []),
            version=self.connection.call("system_version", []),
            peers=int(health["peers"]),
            is_syncing=bool(health["isSyncing"]),
        )

    def is_development(self) -> bool:
        """Whether the node calls its chain one for development or local tests, whose keys are public."""
        return self.connection.call("system_chainType", []) in ("Development", "Local")

    # Nodes

    def survey(self, *, timeout_s: float = SURVEY_S) -> dict[str, int | ChainError]:
        """The finalized height of each node, or why it cannot be used. For a look at them all, not for every day.

        Args:
            timeout_s: how long each may take.
        """
        found: dict[str, int | ChainError] = {}
        genesis = self.interface.genesis
        for url in self.endpoints.urls:
            with Connection(Endpoints(url, genesis=genesis), timeout_s=timeout_s) as connection:
                try:
                    head = connection.call("chain_getFinalizedHead", [])
                    found[url] = int(connection.call("chain_getHeader", [head])["number"], 16)
                except ChainError as error:
                    found[url] = error
        return found

    def check_nodes(self) -> dict[str, int | ChainError]:
        """Surveys the nodes and refuses a list in which one is of another chain; those that are away may come back.

        Raises:
            WrongChain: a node has another genesis.
        """
        found = self.survey()
        for state in found.values():
            if isinstance(state, WrongChain):
                raise state
        return found

    def overtake(self, height: int) -> str | None:
        """Goes to the node that has finalized most, where that is more than ``height``; its address, if there is one.

        For a finalized head that stands still: it may be this node that is cut off, and not the chain that stopped.
        """
        known = self.endpoints.barred
        heights = {url: at for url, at in self.survey().items() if isinstance(at, int) and url not in known}
        best = max(heights, key=lambda url: heights[url], default=self.url)
        if best == self.url or heights[best] <= height:
            return None
        self.endpoints.prefer(best, f"it has finalized block {heights[best]}, the other {height}")
        self.connection.close()
        return best

    # Blocks

    def finalized(self) -> BlockRef:
        """The finalized head."""
        told = str(self.connection.call("chain_getFinalizedHead", []))
        try:
            head = self.header(told)
        except NotOnChain:  # another node took over between the two requests, and is not as far
            head = self.header(str(self.connection.call("chain_getFinalizedHead", [])))
        self.endpoints.seen(head.number, head.hash)
        return head

    def best(self) -> BlockRef:
        """The head of the best chain, which may still change."""
        return self.header(str(self.connection.call("chain_getBlockHash", [])))

    def height(self) -> int:
        """The height of the best chain."""
        return int(self.connection.call("chain_getHeader", [])["number"], 16)

    def header(self, block_hash: str) -> BlockRef:
        """A block by its hash."""
        header = self.connection.call("chain_getHeader", [block_hash])
        if header is None:
            raise NotOnChain("the node has no such block", subject=block_hash)
        return BlockRef(int(header["number"], 16), block_hash, header["parentHash"])

    def block_hash(self, number: int) -> str:
        """Hash of a block of the best chain."""
        found = self.connection.call("chain_getBlockHash", [number])
        if found is None:
            raise NotOnChain("the node has no such block", subject=str(number))
        return str(found)

    def blocks(
        self, start: int | None = None, *, poll_s: float = 0.5, idle_s: float | None = None
    ) -> Iterator[BlockRef]:
        """Every finalized block from ``start`` on, in order, for ever; by default from the next one on.

        A caller that keeps the height it has dealt with resumes at the one after it.

        Args:
            start: height of the first block.
            poll_s: how often to ask for a new finalized head.
            idle_s: raise :class:`DeadlineExceeded` when no block was finalized for so long.
        """
        following = self.finalized().number + 1 if start is None else start
        since = time.monotonic()
        while True:
            head = self.finalized()
            while following <= head.number:
                yield head if following == head.number else self.header(self.block_hash(following))
                following += 1
                since = time.monotonic()
            if idle_s is not None and time.monotonic() - since > idle_s:
                raise DeadlineExceeded("no block was finalized", subject=self.url, hint=f"waited {idle_s:.0f} s")
            time.sleep(poll_s)

    def wait_for_block(self, number: int, *, timeout_s: float) -> BlockRef:
        """The finalized head, once it has reached a height."""
        deadline = time.monotonic() + timeout_s
        while (head := self.finalized()).number < number:
            if time.monotonic() >= deadline:
                raise DeadlineExceeded(f"block {number} was not finalized in time", subject=self.url)
            time.sleep(0.2)
        return head

    def extrinsics(self, block_hash: str) -> tuple[str, ...]:
        """The transactions of a block, encoded, as ``0x`` hex."""
        block = self.connection.call("chain_getBlock", [block_hash])
        if block is None:
            raise NotOnChain("the node has no such block", subject=block_hash)
        return tuple(block["block"]["extrinsics"])

    def events(self, block_hash: str) -> tuple[Event, ...]:
        """Everything that happened in a block, in order."""
        return parse_events(self.interface.read("System", "Events", [], block_hash))

    # State

    def read(self, kind: Any, pallet: str, item: str, *params: Any, at: str | None = None) -> Any:
        """A storage value as ``kind``, a dataclass or ``Optional`` of one.

        Args:
            kind: its type; ``typing.Any`` for plain values.
            pallet: the pallet's name.
            item: the storage item's name.
            params: keys of a map.
            at: hash of the block; the finalized head by default.
        """
        return decode(kind, self.interface.read(pallet, item, _keys(params), at or self.head()))

    def read_map(
        self, key: Any, kind: Any, pallet: str, item: str, *params: Any, at: str | None = None
    ) -> dict[Any, Any]:
        """Every entry of a map, or of the part of it that begins with ``params``."""
        entries = self.interface.read_map(pallet, item, _keys(params), at or self.head())
        return {decode(key, found): decode(kind, value) for found, value in entries}

    def read_many(self, kind: Any, pallet: str, item: str, keys: Iterable[Any], *, at: str | None = None) -> list[Any]:
        """The values under these keys of a map with one key, in their order."""
        found = self.interface.read_many(pallet, item, _keys(tuple(keys)), at or self.head())
        return [decode(kind, value) for value in found]

    def keeps(self, pallet: str, item: str, *, at: str | None = None) -> bool:
        """Whether the runtime of a block has such a storage item: an older one may not."""
        return self.interface.keeps(pallet, item, at or self.head())

    def storage_version(self, pallet: str, *, at: str | None = None) -> int:
        """Which version of a pallet's storage a block has; migrations move it when they are through."""
        return self.interface.storage_version(pallet, at or self.head())

    def ask(self, kind: Any, api: str, method: str, *params: Any, at: str | None = None) -> Any:
        """The answer of a runtime API."""
        block = at or self.head()
        runtime = self.interface.at(block)
        described = runtime_api().get(api, {}).get("methods", {}).get(method)
        if described is None:
            raise NotOnChain("this version knows no such runtime API", subject=f"{api}.{method}")
        pairs = zip(described["params"], _keys(params), strict=True)
        data = b"".join(runtime.encode(parameter["type"], value) for parameter, value in pairs)
        answer = self.connection.call("state_call", [f"{api}_{method}", "0x" + data.hex(), block])
        return decode(kind, runtime.decode(described["type"], answer))

    def head(self) -> str:
        """Hash of the finalized head."""
        return str(self.connection.call("chain_getFinalizedHead", []))


def _keys(params: tuple[Any, ...]) -> list[Any]:
    return ["0x" + param.hex() if isinstance(param, bytes) else param for param in params]
