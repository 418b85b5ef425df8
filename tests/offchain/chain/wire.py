"""A WebSocket between client and node that forwards everything, until a test makes it lose, change or cut messages."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

Rule = Callable[[dict[str, Any]], Any]
"""Sees a message; returns it, another one, None to lose it, or raises :class:`Cut` to break the connection."""


class Cut(Exception):
    """Break the connection here."""


class Wire:
    """Forwards between clients and one node.

    ``to_node`` and ``to_client`` see every message on its way. ``requests`` lists the methods that clients called.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.to_node: Rule = lambda message: message
        self.to_client: Rule = lambda message: message
        self.requests: list[tuple[str, Any]] = []
        self.connections = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def called(self, method: str) -> list[Any]:
        """Parameters of each call of a method, in order."""
        return [params for name, params in self.requests if name == method]

    def __enter__(self) -> Wire:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._end is not None
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        application = web.Application()
        application.router.add_get("/", self._accept)
        runner = web.AppRunner(application, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._end.wait()
        await runner.cleanup()

    async def _accept(self, request: web.Request) -> web.WebSocketResponse:
        self.connections += 1
        client = web.WebSocketResponse(max_msg_size=0)
        await client.prepare(request)
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(self.target.replace("ws://", "http://"), max_msg_size=0) as node,
        ):
            tasks = [
                asyncio.create_task(self._pump(client, node, self._note)),
                asyncio.create_task(self._pump(node, client, self._answer)),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await client.close()
        return client

    def _note(self, message: dict[str, Any]) -> Any:
        self.requests.append((message["method"], message["params"]))
        return self.to_node(message)

    def _answer(self, message: dict[str, Any]) -> Any:
        return self.to_client(message)

    @staticmethod
    async def _pump(source: Any, sink: Any, rule: Rule) -> None:
        async for frame in source:
            try:
                message = rule(json.loads(frame.data))
            except Cut:
                return
            if message is not None:
                await sink.send_str(json.dumps(message))


def discarding(wire: Wire, block_hash: str) -> None:
    """Has the node answer as one that no longer keeps the state of a block."""
    asked: set[int] = set()

    def to_node(message: dict[str, Any]) -> Any:
        if block_hash in message["params"] and message["method"].startswith("state_"):
            asked.add(message["id"])
        return message

    def to_client(message: dict[str, Any]) -> Any:
        if message.get("id") not in asked:
            return message
        what = f"Client error: UnknownBlock: State already discarded for {block_hash}"
        return {"jsonrpc": "2.0", "id": message["id"], "error": {"code": 4003, "message": what}}

    wire.to_node, wire.to_client = to_node, to_client
