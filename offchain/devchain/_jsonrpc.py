"""JSON-RPC 2.0: messages in, answers out; single calls, notifications and batches."""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from offchain.errors import AssayError

from ._errors import UnknownBlock
from ._executor_errors import HostFunctionError, RuntimeTrap, UnknownRuntimeMethod
from ._pool_errors import PoolRefusal
from ._session import Session, Subscription

__all__ = ["Dispatcher", "Handler", "RpcError", "block_number", "hex_bytes"]

logger: Final = logging.getLogger("assay.devchain.rpc")

Handler = Callable[..., Any]
_MAX_BATCH: Final = 512
_MAX_BRACKETS: Final = 5_000
_PARSE_ERROR: Final = -32700
_INVALID_REQUEST: Final = -32600
_METHOD_NOT_FOUND: Final = -32601
_INVALID_PARAMS: Final = -32602
_INTERNAL_ERROR: Final = -32603
_SERVER_ERROR: Final = -32000
_CLIENT_ERROR: Final = 4003


class RpcError(Exception):
    """An error object: ``code``, ``message`` and optional ``data``."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    @classmethod
    def invalid_params(cls, why: str) -> RpcError:
        """-32602."""
        return cls(_INVALID_PARAMS, "Invalid params", why)

    def as_json(self) -> dict[str, Any]:
        """The ``error`` member of an answer."""
        shown: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            shown["data"] = self.data
        return shown


class Dispatcher:
    """Answers messages by a table of methods. Each handler gets the session and the call's parameters."""

    def __init__(self, methods: Mapping[str, Handler]) -> None:
        self._methods = dict(methods)
        self._signatures = {name: inspect.signature(handler) for name, handler in self._methods.items()}

    async def answer(self, message: bytes, session: Session) -> tuple[bytes | None, list[Subscription]]:
        """The answer's text, or None where none is due, and the subscriptions to activate once it is sent."""
        opened: list[Subscription] = []
        try:
            request = _decoded(message)
        except (ValueError, RecursionError):
            return _encode(_failed(None, RpcError(_PARSE_ERROR, "Parse error"))), opened
        if not isinstance(request, list):
            reply = await self._one(request, session, opened)
            return None if reply is None else _encode(reply), opened
        if not request or len(request) > _MAX_BATCH:
            why = f"a batch holds 1 to {_MAX_BATCH} requests"
            return _encode(_failed(None, RpcError(_INVALID_REQUEST, "Invalid request", why))), opened
        replies = [await self._one(one, session, opened) for one in request]
        due = [reply for reply in replies if reply is not None]
        return _encode(due) if due else None, opened

    async def _one(self, request: object, session: Session, opened: list[Subscription]) -> dict[str, Any] | None:
        identifier = request.get("id") if isinstance(request, dict) else None
        try:
            name, params = _parsed(request)
            result = await self._call(name, params, session)
        except RpcError as error:
            reply = _failed(identifier, error)
        except AssayError as error:
            reply = _failed(identifier, _translated(error))
        except Exception:
            logger.exception("a JSON-RPC method failed")
            reply = _failed(identifier, RpcError(_INTERNAL_ERROR, "Internal error"))
        else:
            if isinstance(result, Subscription):
                opened.append(result)
                result = result.identifier
            reply = {"jsonrpc": "2.0", "id": identifier, "result": result}
        if isinstance(request, dict) and "id" not in request and reply.get("error", {}).get("code") != _INVALID_REQUEST:
            return None
        return reply

    async def _call(self, name: str, params: list[Any], session: Session) -> Any:
        handler = self._methods.get(name)
        if handler is None:
            raise RpcError(_METHOD_NOT_FOUND, "Method not found", name)
        signature = self._signatures[name]
        try:
            bound = signature.bind(session, *_trimmed(params, signature))
        except TypeError as error:
            raise RpcError.invalid_params(str(error)) from error
        result = handler(*bound.args)
        return await result if isinstance(result, Awaitable) else result


def hex_bytes(value: object) -> bytes:
    """A parameter such as ``0x2a``; RpcError when it is none."""
    if not isinstance(value, str) or not value.startswith("0x"):
        raise RpcError.invalid_params("expected a string of hexadecimal digits that begins with 0x")
    try:
        return bytes.fromhex(value[2:])
    except ValueError:
        raise RpcError.invalid_params("expected an even number of hexadecimal digits") from None


def block_number(value: object) -> int:
    """A block number, as a JSON number or hexadecimal string; RpcError when it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32:
        return value
    if isinstance(value, str) and value.startswith("0x") and len(value) <= 10:
        try:
            return int(value, 16)
        except ValueError:
            pass
    raise RpcError.invalid_params("expected a block number")


def _decoded(message: bytes) -> Any:
    # Some libraries raise the recursion limit so far that deep nesting overflows the C stack instead of raising.
    if message.count(b"[") + message.count(b"{") > _MAX_BRACKETS:
        raise ValueError("too many lists and objects")
    return json.loads(message)


def _parsed(request: object) -> tuple[str, list[Any]]:
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        raise RpcError(_INVALID_REQUEST, "Invalid request")
    name, params = request.get("method"), request.get("params")
    identifier = request.get("id")
    plain = identifier is None or (isinstance(identifier, str | int) and not isinstance(identifier, bool))
    if not isinstance(name, str) or not plain:
        raise RpcError(_INVALID_REQUEST, "Invalid request")
    if params is None:
        params = []
    if isinstance(params, dict):
        raise RpcError.invalid_params("parameters are given by position")
    if not isinstance(params, list):
        raise RpcError(_INVALID_REQUEST, "Invalid request")
    return name, params


def _trimmed(params: list[Any], signature: inspect.Signature) -> list[Any]:
    """Without the trailing nulls by which clients leave out parameters the method does not have."""
    most = len(signature.parameters) - 1
    while len(params) > most and params[-1] is None:
        params = params[:-1]
    return params


def _translated(error: AssayError) -> RpcError:
    if isinstance(error, PoolRefusal):
        return RpcError(error.rpc_code, error.what, error.data)
    if isinstance(error, UnknownBlock):
        return RpcError(_CLIENT_ERROR, f"Client error: UnknownBlock: {error.what}", error.subject)
    if isinstance(error, (RuntimeTrap, HostFunctionError, UnknownRuntimeMethod)):
        return RpcError(_CLIENT_ERROR, f"Client error: Execution failed: {error.what}", error.subject)
    return RpcError(_SERVER_ERROR, error.what, error.as_json())


def _failed(identifier: object, error: RpcError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, "error": error.as_json()}


def _encode(reply: object) -> bytes:
    return json.dumps(reply, separators=(",", ":")).encode()
