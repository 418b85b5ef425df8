"""HTTP/1.1 and WebSocket on one loopback port.

HTTP is the little that JSON-RPC needs: POST with a length, keep-alive, and the upgrade; the WebSocket side is the
``websockets`` library's protocol without its own server, which cannot take POST.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from ._jsonrpc import Dispatcher
from ._session import Session

__all__ = ["Connections", "WireLimits"]

logger: Final = logging.getLogger("assay.devchain.rpc")
_protocol_logger: Final = logging.getLogger("assay.devchain.websocket")
_protocol_logger.setLevel(logging.WARNING)  # it tells of every connection

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ORIGINS: Final = _LOOPBACK | {"polkadot.js.org"}
_REASONS: Final = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    503: "Service Unavailable",
}


@dataclass(frozen=True)
class WireLimits:
    """What one client may ask of the server."""

    message_bytes: int = 15 * 1024 * 1024
    connections: int = 100
    in_flight: int = 64
    unsent_bytes: int = 64 * 1024 * 1024
    idle_s: float = 60.0
    head_bytes: int = 16 * 1024


@dataclass(frozen=True)
class _Head:
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def keeps_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"


class Connections:
    """Serves every connection of one server."""

    def __init__(self, dispatcher: Dispatcher, limits: WireLimits = WireLimits()) -> None:
        self._dispatcher = dispatcher
        self._limits = limits
        self._open: dict[asyncio.StreamWriter, asyncio.Event] = {}

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection to its end."""
        done = self._open[writer] = asyncio.Event()
        try:
            if len(self._open) > self._limits.connections:
                await _respond(writer, 503, b"too many connections", keep=False)
            else:
                await self._serve(reader, writer)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            logger.debug("a connection ended early", exc_info=True)
        finally:
            del self._open[writer]
            writer.close()
            done.set()

    async def close(self) -> None:
        """Ends all connections."""
        ending = list(self._open.items())
        for writer, _ in ending:
            writer.transport.abort()
        for _, done in ending:
            await done.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await self._head(reader)
            if head is None:
                await _respond(writer, 400, b"malformed request", keep=False)
                return
            if not _is_local(head):
                await _respond(writer, 403, b"host or origin is not local", keep=False)
                return
            if head.headers.get("upgrade", "").lower() == "websocket":
                await self._websocket(head, reader, writer)
                return
            if not await self._http(head, reader, writer) or not head.keeps_alive:
                return

    async def _head(self, reader: asyncio.StreamReader) -> _Head | None:
        async with asyncio.timeout(self._limits.idle_s):
            raw = await reader.readuntil(b"\r\n\r\n")
        lines = raw.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        headers = {}
        for line in lines[1:-2]:
            name, colon, value = line.partition(":")
            if not colon or "\n" in line or "\r" in line:
                return None
            headers[name.strip().lower()] = value.strip()
        return _Head(parts[0], parts[1], headers, raw) if len(parts) == 3 else None

    async def _http(self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answers one plain request; False when the connection must end."""
        origin = head.headers.get("origin")
        if head.method == "OPTIONS":
            await _respond(writer, 204, b"", origin=origin)
            return True
        if head.method == "GET" and head.path == "/health":
            message: bytes | None = b'{"jsonrpc":"2.0","id":0,"method":"system_health","params":[]}'
        elif head.method != "POST":
            await _respond(writer, 405, b"POST a JSON-RPC request, or open a WebSocket", keep=False)
            return False
        else:
            message = await self._body(head, reader, writer)
        if message is None:
            return False
        answer, _ = await self._dispatcher.answer(message, Session(None))
        await _respond(writer, 200 if answer else 204, answer or b"", origin=origin, keep=head.keeps_alive)
        return True

    async def _body(self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        # A browser sends other types to other origins without asking first; this one it must ask for.
        if head.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            await _respond(writer, 415, b"the content type must be application/json", keep=False)
            return None
        length = head.headers.get("content-length", "")
        if not length.isdecimal():
            await _respond(writer, 411, b"a content length is required", keep=False)
            return None
        if int(length) > self._limits.message_bytes:
            await _respond(writer, 413, b"the request is too large", keep=False)
            return None
        async with asyncio.timeout(self._limits.idle_s):
            return await reader.readexactly(int(length))

    async def _websocket(self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = ServerProtocol(max_size=self._limits.message_bytes, logger=_protocol_logger)
        protocol.receive_data(head.raw)
        events = protocol.events_received()
        if not events or not isinstance(events[0], Request):
            await _respond(writer, 400, b"malformed upgrade", keep=False)
            return
        protocol.send_response(protocol.accept(events[0]))
        await WebSocket(protocol, reader, writer, self._dispatcher, self._limits).run()


class WebSocket:
    """One WebSocket: requests are answered concurrently, up to a number in flight."""

    def __init__(
        self,
        protocol: ServerProtocol,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        dispatcher: Dispatcher,
        limits: WireLimits,
    ) -> None:
        self._protocol = protocol
        self._reader = reader
        self._writer = writer
        self._dispatcher = dispatcher
        self._limits = limits
        self._session = Session(self._send)
        self._slots = asyncio.Semaphore(limits.in_flight)
        self._tasks: set[asyncio.Task[None]] = set()
        self._parts: list[bytes] = []

    async def run(self) -> None:
        """Until either side closes."""
        self._flush()
        try:
            while self._protocol.state is not State.CLOSED:
                data = await self._reader.read(65536)
                if data:
                    self._protocol.receive_data(data)
                else:
                    self._protocol.receive_eof()
                for event in self._protocol.events_received():
                    if isinstance(event, Frame):
                        await self._frame(event)
                self._flush()
                await self._writer.drain()
                if not data:
                    return
        finally:
            self._session.close()
            for task in self._tasks:
                task.cancel()

    async def _frame(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return
        self._parts.append(bytes(frame.data))
        if not frame.fin:
            return
        message, self._parts = b"".join(self._parts), []
        await self._slots.acquire()
        task = asyncio.create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._slots.release()

    async def _answer(self, message: bytes) -> None:
        answer, opened = await self._dispatcher.answer(message, self._session)
        if answer is not None:
            self._send(answer)
        for subscription in opened:
            subscription.activate()

    def _send(self, message: bytes) -> None:
        if self._protocol.state is not State.OPEN:
            return
        self._protocol.send_text(message)
        self._flush()
        if self._writer.transport.get_write_buffer_size() > self._limits.unsent_bytes:
            logger.warning("a client does not read its notifications; its connection is closed")
            self._writer.transport.abort()

    def _flush(self) -> None:
        for chunk in self._protocol.data_to_send():
            if chunk:
                self._writer.write(chunk)
            elif self._writer.can_write_eof():
                with contextlib.suppress(OSError):  # the peer may have gone without a word
                    self._writer.write_eof()


def _is_local(head: _Head) -> bool:
    """Whether host and origin are this machine's: a page that a name rebinds to loopback is not."""
    if urlsplit("//" + head.headers.get("host", "")).hostname not in _LOOPBACK:
        return False
    origin = head.headers.get("origin")
    return origin is None or urlsplit(origin).hostname in _ORIGINS


async def _respond(
    writer: asyncio.StreamWriter, status: int, body: bytes, *, origin: str | None = None, keep: bool = True
) -> None:
    kind = "application/json" if status == 200 else "text/plain"
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}", f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
    if origin is not None:
        lines += [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Headers: content-type"]
        lines += ["Access-Control-Allow-Methods: POST", "Vary: Origin"]
    lines.append("Connection: keep-alive" if keep else "Connection: close")
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    await writer.drain()
