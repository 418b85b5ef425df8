"""substrate-interface on a connection of ours: deadlines, finalized blocks, one shared runtime per version."""

from __future__ import annotations

from typing import Any, cast

from scalecodec.base import ScaleBytes
from substrateinterface import SubstrateInterface
from substrateinterface.storage import StorageKey

from offchain.chain._runtime import SS58_PREFIX, Runtime, RuntimeCache
from offchain.chain._transport import Connection
from offchain.chain.errors import NotOnChain, RuntimeUpgraded, Undecodable
from offchain.scale import decode_compact
from offchain.storage_key import storage_prefix

__all__ = ["Interface"]

PAGE = 512
LAST_UPGRADE = "0x26aa394eea5630e07c48ae0c9558cef7" + "f9cce9c888469bb1a0dceaa129672ef8"
"""Storage key of ``System.LastRuntimeUpgrade``: which runtime last executed a block."""


class Interface(SubstrateInterface):  # type: ignore[misc]
    """The library's encoder, decoder and extrinsic builder, bound to one connection and so to one thread.

    Args:
        connection: to the node.
        runtimes: shared by all connections.
        spec_version: the only version of the runtime to speak to, if not whichever is there.
    """

    def __init__(self, connection: Connection, runtimes: RuntimeCache, spec_version: int | None = None) -> None:
        super().__init__(websocket=connection, auto_discover=False, ss58_format=SS58_PREFIX)
        self.connection = connection
        self._runtimes = runtimes
        self._meant = spec_version
        self._genesis: str | None = None
        self._read_at: str | None = None
        self.runtime: Runtime | None = None

    @property
    def genesis(self) -> str:
        """Hash of the chain's block 0."""
        if self._genesis is None:
            known = self.connection.endpoints.genesis
            self._genesis = known or cast("str", self.connection.call("chain_getBlockHash", [0]))
        return self._genesis

    def rpc_request(self, method: str, params: Any, result_handler: Any = None) -> dict[str, Any]:
        """What the library calls for every request."""
        if result_handler is not None:
            raise NotImplementedError("subscribe through the connection")
        if method == "chain_getBlockHash" and params == [0]:
            return {"jsonrpc": "2.0", "id": 0, "result": self.genesis}
        return {"jsonrpc": "2.0", "id": 0, "result": self.connection.call(method, list(params or []))}

    def init_runtime(self, block_hash: str | None = None, block_id: int | None = None) -> None:  # noqa: ARG002
        """Keeps the runtime that :meth:`at` or :meth:`for_signing` chose; the library asks before every step."""
        if self.runtime is None:
            self.for_signing()

    def at(self, block_hash: str) -> Runtime:
        """Selects the runtime that wrote a block's state and events.

        That is not the one in the block's state where the block itself upgraded the runtime.
        """
        if self.runtime is None or self._read_at != block_hash:
            wrote = self.connection.call("state_getStorage", [LAST_UPGRADE, block_hash])
            source = block_hash
            if wrote is None:
                spec_version = int(self._version(block_hash)["specVersion"])
            else:
                spec_version, _ = decode_compact(bytes.fromhex(wrote[2:]))
                if int(self._version(block_hash)["specVersion"]) != spec_version:
                    source = self.connection.call("chain_getHeader", [block_hash])["parentHash"]
            self._select(spec_version, source)
            self._read_at = block_hash
        return cast("Runtime", self.runtime)

    def for_signing(self) -> Runtime:
        """Selects the runtime that will execute the next block."""
        version = self._version(None)
        self._select(int(version["specVersion"]), None)
        self.transaction_version = int(version["transactionVersion"])
        self._read_at = None
        return cast("Runtime", self.runtime)

    def read(self, pallet: str, item: str, params: list[Any], block_hash: str) -> Any:
        """A storage value as the library decodes it; nothing where an optional value is absent."""
        self.at(block_hash)
        key = self._key(pallet, item, params)
        found = self.connection.call("state_getStorage", [key.to_hex(), block_hash])
        if found is None and key.metadata_storage_function.value["modifier"] == "Optional":
            return None
        try:
            return key.decode_scale_value(None if found is None else ScaleBytes(found)).value
        except Exception as error:
            raise Undecodable("a stored value cannot be decoded", subject=f"{pallet}.{item}") from error

    def read_map(self, pallet: str, item: str, params: list[Any], block_hash: str) -> list[tuple[Any, Any]]:
        """Every entry of a map, or of the part of it that begins with ``params``: its remaining keys and its value."""
        runtime = self.at(block_hash)
        prefix_key = self._key(pallet, item, params)
        prefix, function = prefix_key.to_hex(), prefix_key.metadata_storage_function
        hashers = function.get_param_hashers()[len(params) :]
        types = function.get_params_type_string()[len(params) :]
        value_type = function.get_value_type_string()
        entries: list[tuple[Any, Any]] = []
        start = prefix
        while keys := self.connection.call("state_getKeysPaged", [prefix, PAGE, start, block_hash]):
            for changes in self.connection.call("state_queryStorageAt", [keys, block_hash]):
                for key, value in changes["changes"]:
                    if value is not None:
                        data = bytes.fromhex(key[len(prefix) :])
                        parts = keys_behind(runtime, data, hashers, types)
                        entry_key = parts[0] if len(parts) == 1 else tuple(parts)
                        entries.append((entry_key, runtime.decode(value_type, value)))
            start = keys[-1]
            if len(keys) < PAGE:
                break
        return entries

    def read_many(self, pallet: str, item: str, keys: list[Any], block_hash: str) -> list[Any]:
        """The values under these keys of a map with one key, in their order; nothing where one is absent."""
        runtime = self.at(block_hash)
        where = [self._key(pallet, item, [key]).to_hex() for key in keys]
        kind = self._key(pallet, item, []).metadata_storage_function.get_value_type_string()
        found: dict[str, str | None] = {}
        for start in range(0, len(where), PAGE):
            page = where[start : start + PAGE]
            for changes in self.connection.call("state_queryStorageAt", [page, block_hash]):
                found.update(changes["changes"])
        values = (found.get(key) for key in where)
        return [None if value is None else runtime.decode(kind, value) for value in values]

    def keeps(self, pallet: str, item: str, block_hash: str) -> bool:
        """Whether the runtime of a block has such a storage item at all."""
        self.at(block_hash)
        found = self.metadata.get_metadata_pallet(pallet)
        return found is not None and found.get_storage_function(item) is not None

    def storage_version(self, pallet: str, block_hash: str) -> int:
        """Which version of a pallet's storage a block has; migrations move it when they are through."""
        key = "0x" + storage_prefix(pallet, ":__STORAGE_VERSION__:").hex()
        found = self.connection.call("state_getStorage", [key, block_hash])
        return 0 if found is None else int.from_bytes(bytes.fromhex(found[2:]), "little")

    def compose(self, pallet: str, name: str, args: dict[str, Any]) -> Any:
        """A call, encoded for the runtime that is selected.

        Raises:
            Undecodable: the runtime has no such call, or it takes other arguments.
        """
        self.init_runtime()
        try:
            return self.compose_call(pallet, name, args)
        except Exception as error:
            raise Undecodable(
                "the call does not fit the chain's runtime", subject=f"{pallet}.{name}", hint=str(error)[:200]
            ) from error

    def _key(self, pallet: str, item: str, params: list[Any]) -> Any:
        try:
            return StorageKey.create_from_storage_function(pallet, item, params, self.runtime_config, self.metadata)
        except Exception as error:
            raise NotOnChain("the chain's runtime keeps no such thing", subject=f"{pallet}.{item}") from error

    def _version(self, block_hash: str | None) -> dict[str, Any]:
        params = [] if block_hash is None else [block_hash]
        return cast("dict[str, Any]", self.connection.call("state_getRuntimeVersion", params))

    def version_after(self, block_hash: str) -> int:
        """Version of the runtime that executes what follows a block."""
        return int(self._version(block_hash)["specVersion"])

    def _select(self, spec_version: int, source: str | None) -> None:
        if self._meant not in (None, spec_version):
            raise RuntimeUpgraded(
                f"the chain runs version {spec_version} of its runtime, not version {self._meant}",
                subject=self.connection.endpoints.current,
                hint="check that what you mean to do still means the same, then name the new version",
            )
        if self.runtime is None or self.runtime.spec_version != spec_version:
            params = [] if source is None else [source]
            runtime = self._runtimes.get(
                self.genesis, spec_version, lambda: self.connection.call("state_getMetadata", params)
            )
            self.runtime, self.runtime_config, self.metadata = runtime, runtime.config, runtime.metadata
            self.runtime_version = spec_version


def keys_behind(runtime: Runtime, data: bytes, hashers: list[str], types: list[str]) -> list[Any]:
    """The keys behind their hashes in a map's key; KeyError for a hash that does not hold its key."""
    found = []
    for hasher, kind in zip(hashers, types, strict=True):
        data = data[_HASH_LENGTH[hasher] :]
        scale = runtime.config.create_scale_object(kind, data=ScaleBytes(data), metadata=runtime.metadata)
        found.append(scale.decode(check_remaining=False))
        data = data[scale.data.offset :]
    return found


_HASH_LENGTH = {"Blake2_128Concat": 16, "Twox64Concat": 8, "Identity": 0}
