"""Sends at a steady rate to all nodes, watches one of them, and judges what became of it."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from offchain.chain import ChainClient
from offchain.chain._events import parse_events
from offchain.chain.authorship import slot_of
from offchain.storage_key import storage_prefix

from .stage import Stage
from .traffic import Sent, Traffic
from .wallet import Facts

__all__ = ["Verdict", "load"]

CALL_S = 30.0
RESEND_BLOCKS = 10
"""Blocks after which a transaction that no block holds is sent again, as the same bytes."""
DRAIN_S = 120.0
FAILED = "System.ExtrinsicFailed"
EVENTS = "0x" + storage_prefix("System", "Events").hex()


@dataclass(frozen=True)
class Verdict:
    """What became of a load. Lags are in blocks, latencies in seconds from sending to the first block that held it."""

    asked_per_s: float
    sent_per_s: float
    seconds: float
    sent: Counter[str]
    finalized: int
    lost: int
    doubled: int
    failed: int
    refused: Counter[str]
    resent: int
    blocks: int
    slots: int
    missed_slots: int
    lag_p50: float
    lag_p99: float
    latency_p50_s: float
    latency_p99_s: float
    fullest_block: int

    @property
    def missed_share(self) -> float:
        """Share of the slots in which no block of the final chain was made."""
        return self.missed_slots / max(1, self.slots)

    def as_json(self) -> dict[str, Any]:
        plain = {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}
        return {**plain, "missed_share": self.missed_share}


class Rpc:
    """One WebSocket: requests with a deadline, and subscriptions as queues."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._queues: dict[str, asyncio.Queue[Any]] = {}
        self._reader = asyncio.create_task(self._read())

    async def call(self, method: str, *params: Any) -> Any:
        request = next(self._ids)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[request] = answer
        try:
            await self._socket.send(json.dumps({"jsonrpc": "2.0", "id": request, "method": method, "params": params}))
            return await asyncio.wait_for(answer, CALL_S)
        finally:
            del self._waiting[request]

    async def subscribe(self, method: str) -> asyncio.Queue[Any]:
        return self._queues.setdefault(str(await self.call(method)), asyncio.Queue())

    async def close(self) -> None:
        self._reader.cancel()
        await self._socket.close()

    async def _read(self) -> None:
        async for message in self._socket:
            answer = json.loads(message)
            if "params" in answer:
                queue = self._queues.setdefault(str(answer["params"]["subscription"]), asyncio.Queue())
                queue.put_nowait(answer["params"]["result"])
                continue
            waiting = self._waiting.get(answer["id"])
            if waiting is None or waiting.done():
                continue  # it came too late
            if "error" in answer:
                error = answer["error"]
                waiting.set_exception(Refused(f"{error['code']} {error['message']}"))
            else:
                waiting.set_result(answer["result"])


class Refused(Exception):
    """A node's answer to a request that it does not carry out."""


@dataclass
class Watch:
    """What the watched node has shown."""

    best: int = 0
    birth: tuple[int, bytes] = (0, b"")
    under_way: dict[str, Sent] = field(default_factory=dict)
    everything: dict[str, Sent] = field(default_factory=dict)
    seen_at: dict[str, float] = field(default_factory=dict)
    final: Counter[str] = field(default_factory=Counter)
    lags: list[int] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    """Of each block, encoded: a node keeps the state of the last 256 only, and decoding them takes time."""
    sizes: list[int] = field(default_factory=list)
    finalized: int = 0
    resent: int = 0


def load(endpoints: Sequence[str], stage: Stage, *, loads: Iterable[tuple[float, float]]) -> Iterator[Verdict]:
    """Loads the network at each rate for so many seconds, waits until all of it is final, and judges each."""
    with ChainClient(endpoints[0]) as client:
        traffic = Traffic(stage, client.genesis)
        for per_s, seconds in loads:
            watch, took = asyncio.run(_load(endpoints, traffic, per_s, seconds))
            yield _judge(watch, per_s, took, _failed(client, watch.events))


def _failed(client: ChainClient, blocks: Sequence[str]) -> int:
    """How many transactions failed, by the encoded events of blocks."""
    runtime = client.interface.at(client.head())
    events = client.interface.metadata.get_metadata_pallet("System").get_storage_function("Events")
    decoded = (parse_events(runtime.decode(events.get_value_type_string(), data)) for data in blocks)
    return sum(str(event) == FAILED for block in decoded for event in block)


async def _load(endpoints: Sequence[str], mix: Traffic, per_s: float, seconds: float) -> tuple[Watch, float]:
    nodes = [Rpc(await connect(url, max_size=2**26, ping_interval=None)) for url in endpoints]
    watched = Rpc(await connect(endpoints[0], max_size=2**26, ping_interval=None))
    try:
        genesis = bytes.fromhex((await watched.call("chain_getBlockHash", 0))[2:])
        version = await watched.call("state_getRuntimeVersion")
        watch = Watch()
        followers = [
            asyncio.create_task(_follow_best(watched, watch, mix)),
            asyncio.create_task(_follow_finalized(watched, watch)),
            asyncio.create_task(_look_at_the_lag(watch)),
        ]
        while not watch.birth[1]:
            _raise_of(followers)
            await asyncio.sleep(0.1)
        begun, deeds = time.monotonic(), set[asyncio.Task[None]]()
        resender = asyncio.create_task(_resend(nodes, watch))
        for number in itertools.count():
            now = time.monotonic() - begun
            if now >= seconds:
                break
            _raise_of([*followers, resender])
            if number / per_s > now:
                await asyncio.sleep(number / per_s - now)
            facts = Facts(version["specVersion"], version["transactionVersion"], genesis, watch.birth)
            sent = mix.next(facts)
            sent.sent_at = time.monotonic()
            watch.everything[sent.hash] = watch.under_way[sent.hash] = sent
            deed = asyncio.create_task(_submit(nodes[hash(sent.sender) % len(nodes)], sent))
            deeds.add(deed)
            deed.add_done_callback(deeds.discard)
        took = time.monotonic() - begun
        until = time.monotonic() + DRAIN_S
        while len(watch.final) < len(watch.everything) and time.monotonic() < until:
            _raise_of([*followers, resender])
            await asyncio.sleep(0.5)
        for task in (*followers, resender):
            task.cancel()
        return watch, took
    finally:
        for node in (*nodes, watched):
            await node.close()


async def _submit(node: Rpc, sent: Sent) -> None:
    try:
        await node.call("author_submitExtrinsic", "0x" + sent.extrinsic.hex())
    except Refused as refused:
        sent.refusals.append(str(refused)[:80])
    except TimeoutError:
        sent.refusals.append("no answer in time")


async def _resend(nodes: list[Rpc], watch: Watch) -> None:
    """Sends what no block took for long again, as the same bytes."""
    last: dict[str, int] = {}
    while True:
        await asyncio.sleep(3)
        for hash_, sent in list(watch.under_way.items()):
            if watch.best - last.setdefault(hash_, watch.best) >= RESEND_BLOCKS:
                last[hash_] = watch.best
                watch.resent += 1
                await _submit(nodes[watch.resent % len(nodes)], sent)


async def _follow_best(node: Rpc, watch: Watch, mix: Traffic) -> None:
    heads = await node.subscribe("chain_subscribeNewHeads")
    while True:
        header = await heads.get()
        number = int(header["number"], 16)
        watch.best = max(watch.best, number)
        hash_ = await node.call("chain_getBlockHash", number)
        block = (await node.call("chain_getBlock", hash_))["block"]
        now = time.monotonic()
        for each in map(_hash, block["extrinsics"]):
            if (sent := watch.under_way.pop(each, None)) is not None:
                watch.seen_at[each] = now
                mix.included(sent)


async def _follow_finalized(node: Rpc, watch: Watch) -> None:
    heads = await node.subscribe("chain_subscribeFinalizedHeads")
    while True:
        header = await heads.get()
        height = int(header["number"], 16)
        for number in range(watch.finalized + 1 if watch.finalized else max(1, height), height + 1):
            hash_ = await node.call("chain_getBlockHash", number)
            block = (await node.call("chain_getBlock", hash_))["block"]
            slot = slot_of(block["header"])
            assert slot is not None, f"block {number} claims no slot"
            watch.slots.append(slot)
            watch.sizes.append(len(block["extrinsics"]))
            watch.events.append(await node.call("state_getStorage", EVENTS, hash_))
            watch.final.update(each for each in map(_hash, block["extrinsics"]) if each in watch.everything)
        if height > watch.finalized:
            watch.finalized = height
            watch.birth = (height, bytes.fromhex((await node.call("chain_getBlockHash", height))[2:]))


async def _look_at_the_lag(watch: Watch) -> None:
    """How far finality is behind the best block, once a second: a stall counts for as long as it lasts."""
    while True:
        await asyncio.sleep(1.0)
        if watch.finalized:
            watch.lags.append(watch.best - watch.finalized)


def _judge(watch: Watch, asked: float, took: float, failed: int) -> Verdict:
    refused: Counter[str] = Counter()
    for sent in watch.everything.values():
        refused.update(sent.refusals)
    latencies = sorted(watch.seen_at[hash_] - watch.everything[hash_].sent_at for hash_ in watch.seen_at)
    slots = watch.slots[-1] - watch.slots[0] + 1 if watch.slots else 0
    return Verdict(
        asked_per_s=asked,
        sent_per_s=len(watch.everything) / took,
        seconds=took,
        sent=Counter(sent.kind for sent in watch.everything.values()),
        finalized=len(watch.final),
        lost=len(watch.everything) - len(watch.final),
        doubled=sum(1 for count in watch.final.values() if count > 1),
        failed=failed,
        refused=refused,
        resent=watch.resent,
        blocks=len(watch.slots),
        slots=slots,
        missed_slots=slots - len(watch.slots),
        lag_p50=_quantile(watch.lags, 0.50),
        lag_p99=_quantile(watch.lags, 0.99),
        latency_p50_s=_quantile(latencies, 0.50),
        latency_p99_s=_quantile(latencies, 0.99),
        fullest_block=max(watch.sizes, default=0),
    )


def _quantile(values: list[Any], share: float) -> float:
    """The smallest value that ``share`` of them do not exceed."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))])


def _hash(extrinsic: str) -> str:
    return Sent("", "", bytes.fromhex(extrinsic[2:])).hash


def _raise_of(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        if task.done():
            task.result()
