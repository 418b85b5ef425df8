"""The embedded node: a chain, the thread that works on it, and a JSON-RPC server in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Final

from ._chain import DevChain
from ._deadlines import Deadlines
from ._errors import ServerFailed
from ._hub import Hub
from ._jsonrpc import Dispatcher, Handler
from ._rpc_author import author_methods
from ._rpc_chain import chain_methods
from ._rpc_context import Context
from ._rpc_state import state_methods
from ._rpc_system import system_methods
from ._wire import Connections, WireLimits
from ._worker import ChainWorker, Sealing

__all__ = ["Node"]

logger: Final = logging.getLogger("assay.devchain.rpc")

_LOOPBACK: Final = "127.0.0.1"


class Node:
    """Serves a chain on loopback. A context manager: it works from ``start`` to ``stop``, and leaves the chain open.

    Args:
        chain: what to serve.
        sealing: when blocks are made.
        block_time_s: seconds between blocks that come by time.
        port: TCP port, 0 for a free one.
        limits: what clients may ask for.
    """

    def __init__(
        self,
        chain: DevChain,
        *,
        sealing: Sealing = Sealing.INSTANT,
        block_time_s: float = 0.5,
        port: int = 0,
        limits: WireLimits = WireLimits(),
    ) -> None:
        self.chain = chain
        self.port = port
        self._limits = limits
        self._worker = ChainWorker(chain, sealing, block_time_s, Deadlines())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._started = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._serve, name="devchain-rpc", daemon=True)

    @property
    def ws_url(self) -> str:
        """Where WebSocket clients connect."""
        return f"ws://{_LOOPBACK}:{self.port}"

    @property
    def http_url(self) -> str:
        """Where HTTP clients post."""
        return f"http://{_LOOPBACK}:{self.port}"

    def __enter__(self) -> Node:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serves and seals from now on; ServerFailed when the port cannot be had."""
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            hint = "choose another port, or 0 for a free one"
            raise ServerFailed(f"the server cannot listen: {self._failure}", subject=f"port {self.port}", hint=hint)
        self._worker.start()

    def stop(self) -> None:
        """Ends all connections and both threads. A second call does nothing."""
        self._worker.stop()
        if self._loop is not None and self._end is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end.set)
        if self._thread.is_alive():
            self._thread.join()

    def _serve(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:
            logger.exception("the server ended")
            self._failure = error
        finally:
            self._started.set()

    async def _main(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        hub = Hub(self.chain, self._loop)
        connections = Connections(Dispatcher(self._methods(hub)), self._limits)
        try:
            server = await asyncio.start_server(connections.accept, _LOOPBACK, self.port, limit=self._limits.head_bytes)
        except OSError as error:
            self._failure = error
            hub.close()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._end.wait()
        server.close()
        await connections.close()
        hub.close()

    def _methods(self, hub: Hub) -> dict[str, Handler]:
        context = Context(self.chain, self._worker, hub)
        methods = {
            **chain_methods(context),
            **state_methods(context),
            **author_methods(context),
            **system_methods(context),
        }
        names = sorted([*methods, "rpc_methods"])
        methods["rpc_methods"] = lambda _session: {"methods": names}
        return methods
