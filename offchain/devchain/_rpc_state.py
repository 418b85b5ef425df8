"""``state_*``."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from ._jsonrpc import Handler, RpcError, hex_bytes
from ._rpc_context import Context, subscription_of, unsubscribe
from ._runtime import RuntimeVersion
from ._session import Session, Subscription
from ._trie_codec import blake2_256

__all__ = ["state_methods"]

_MAX_PAGE: Final = 1000
_MAX_KEYS: Final = 10_000
_STATE_ERROR: Final = 4000


class _State:
    """The handlers; ``at`` is a block's hash, or null for the last block."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._chain = context.chain

    async def call(self, _session: Session, name: object, argument: object, at: object = None) -> str:
        if not isinstance(name, str):
            raise RpcError.invalid_params("the method is a string")
        data, number = hex_bytes(argument), self._context.number(at)
        return "0x" + (await self._context.work(lambda: self._chain.read(name, data, number))).hex()

    def get_storage(self, _session: Session, key: object, at: object = None) -> str | None:
        return _shown(self._value(key, at))

    def get_hash(self, _session: Session, key: object, at: object = None) -> str | None:
        value = self._value(key, at)
        return None if value is None else _shown(blake2_256(value))

    def get_size(self, _session: Session, key: object, at: object = None) -> int | None:
        value = self._value(key, at)
        return None if value is None else len(value)

    async def get_keys(self, _session: Session, prefix: object, at: object = None) -> list[str]:
        first, number = hex_bytes(prefix), self._context.number(at)
        keys = await asyncio.to_thread(self._chain.store.keys, first, None, None, number)
        return ["0x" + key.hex() for key in keys]

    async def get_pairs(self, _session: Session, prefix: object, at: object = None) -> list[list[str | None]]:
        first, number = hex_bytes(prefix), self._context.number(at)

        def read() -> list[list[str | None]]:
            keys = self._chain.store.keys(first, None, None, number)
            return [["0x" + key.hex(), _shown(self._chain.get(key, number))] for key in keys]

        return await asyncio.to_thread(read)

    def get_keys_paged(
        self, _session: Session, prefix: object, count: object, start_key: object = None, at: object = None
    ) -> list[str]:
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise RpcError.invalid_params("the count is a number")
        if count > _MAX_PAGE:
            raise RpcError(_STATE_ERROR + 2, f"count exceeds maximum value. value: {count}, max: {_MAX_PAGE}")
        start = None if start_key is None else hex_bytes(start_key)
        first = b"" if prefix is None else hex_bytes(prefix)
        keys = self._chain.store.keys(first, start, count, self._context.number(at))
        return ["0x" + key.hex() for key in keys]

    async def query_at(self, _session: Session, keys: object, at: object = None) -> list[dict[str, Any]]:
        wanted, number = _keys(keys), self._context.number(at)
        return await asyncio.to_thread(self._history, wanted, number, number)

    async def query(self, _session: Session, keys: object, begin: object, end: object = None) -> list[dict[str, Any]]:
        wanted, first, last = _keys(keys), self._context.number(begin), self._context.number(end)
        if last < first:
            raise RpcError(_STATE_ERROR + 1, "Cannot resolve a block range: the first block comes after the last")
        return await asyncio.to_thread(self._history, wanted, first, last)

    def _history(self, keys: list[bytes], first: int, last: int) -> list[dict[str, Any]]:
        """Values at the first block, then what changed in each block up to the last."""
        by_block: dict[int, list[list[str | None]]] = {first: []}
        for key in keys:
            value = self._chain.get(key, first)
            by_block[first].append(["0x" + key.hex(), _shown(value)])
            for number, newer in self._chain.store.versions(key, first + 1, last):
                if newer != value:
                    by_block.setdefault(number, []).append(["0x" + key.hex(), _shown(newer)])
                    value = newer
        return [
            {"block": _shown(self._chain.store.hash_at(number)), "changes": by_block[number]}
            for number in sorted(by_block)
        ]

    async def metadata(self, _session: Session, at: object = None) -> str:
        number = self._context.number(at)
        return "0x" + (await self._context.work(lambda: self._chain.metadata_at(number))).hex()

    async def version(self, _session: Session, at: object = None) -> dict[str, Any]:
        number = self._context.number(at)
        version: RuntimeVersion = await self._context.work(lambda: self._chain.runtime_at(number).version)
        return version.as_json()

    def subscribe_storage(self, session: Session, keys: object = None) -> Subscription:
        return self._context.hub.storage(session, "state_storage", None if keys is None else _keys(keys))

    async def read_proof(self, _session: Session, keys: object, at: object = None) -> dict[str, Any]:
        wanted, number = _keys(keys), self._context.number(at)
        nodes = await self._context.work(lambda: self._chain.prove(wanted, number))
        return {"at": _shown(self._chain.store.hash_at(number)), "proof": ["0x" + node.hex() for node in nodes]}

    def _value(self, key: object, block: object) -> bytes | None:
        return self._chain.get(hex_bytes(key), self._context.number(block))


def state_methods(context: Context) -> dict[str, Handler]:
    """The methods by name."""
    state = _State(context)
    subscribe_version = subscription_of(lambda session: context.hub.versions(session, "state_runtimeVersion"))
    return {
        **dict.fromkeys(("state_call", "state_callAt"), state.call),
        **dict.fromkeys(("state_getStorage", "state_getStorageAt"), state.get_storage),
        **dict.fromkeys(("state_getStorageHash", "state_getStorageHashAt"), state.get_hash),
        **dict.fromkeys(("state_getStorageSize", "state_getStorageSizeAt"), state.get_size),
        "state_getKeys": state.get_keys,
        "state_getPairs": state.get_pairs,
        **dict.fromkeys(("state_getKeysPaged", "state_getKeysPagedAt"), state.get_keys_paged),
        "state_queryStorage": state.query,
        "state_queryStorageAt": state.query_at,
        "state_getMetadata": state.metadata,
        **dict.fromkeys(("state_getRuntimeVersion", "chain_getRuntimeVersion"), state.version),
        "state_getReadProof": state.read_proof,
        "state_subscribeStorage": subscription_of(state.subscribe_storage),
        "state_unsubscribeStorage": unsubscribe,
        **dict.fromkeys(("state_subscribeRuntimeVersion", "chain_subscribeRuntimeVersion"), subscribe_version),
        **dict.fromkeys(("state_unsubscribeRuntimeVersion", "chain_unsubscribeRuntimeVersion"), unsubscribe),
    }


def _keys(keys: object) -> list[bytes]:
    if not isinstance(keys, list) or len(keys) > _MAX_KEYS:
        raise RpcError.invalid_params(f"the keys are a list of up to {_MAX_KEYS}")
    return [hex_bytes(key) for key in keys]


def _shown(value: bytes | None) -> str | None:
    return None if value is None else "0x" + value.hex()
