"""What raw bytes of a chain mean: calls, constants, storage keys and values, events, by the runtime's own metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from substrateinterface.storage import StorageKey
from substrateinterface.utils.hasher import xxh128

from offchain.chain._events import Event, dispatch_failure, inner_error, parse_events
from offchain.chain._interface import keys_behind
from offchain.chain._runtime import Runtime
from offchain.chain._typed import plain
from offchain.chain.calls import Call
from offchain.chain.client import ChainClient
from offchain.chain.errors import DispatchFailed, NotOnChain, Undecodable

__all__ = ["Decoder", "StorageEntry", "encode_argument", "encode_call", "plain_key", "storage_key"]


@dataclass(frozen=True)
class StorageEntry:
    """A storage key by name: ``System.Account`` of one account."""

    pallet: str
    item: str
    keys: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.pallet}.{self.item}" + (f"[{', '.join(map(str, self.keys))}]" if self.keys else "")


def encode_call(client: ChainClient, call: Call) -> bytes:
    """A call in SCALE, for the runtime that executes the next block.

    Raises:
        Undecodable: the runtime has no such call, or it takes other arguments.
    """
    client.interface.for_signing()
    return bytes(client.interface.compose(call.pallet, call.name, call.encoded_args()).data.data)


def encode_argument(client: ChainClient, pallet: str, call: str, argument: str, value: Any) -> bytes:
    """A value in SCALE, as the argument of a call that has that name."""
    runtime = client.interface.for_signing()
    found = _pallet(runtime, pallet)
    for function in found.calls or ():
        for known in function.value["fields"] if function.value["name"] == call else ():
            if known["name"] == argument:
                return runtime.encode(f"scale_info::{known['type']}", value)
    raise NotOnChain("the chain's runtime has no such call", subject=f"{pallet}.{call}({argument})")


def plain_key(pallet: str, item: str) -> bytes:
    """The key of a value that is no map, of a pallet that the runtime in force need not have."""
    return bytes(xxh128(pallet.encode()) + xxh128(item.encode()))


def storage_key(client: ChainClient, pallet: str, item: str, *params: Any) -> bytes:
    """The key of a storage value, as the runtime that executes the next block keeps it."""
    runtime = client.interface.for_signing()
    for known in _pallet(runtime, pallet).storage or ():
        if known.value["name"] == item:
            key = StorageKey.create_from_storage_function(pallet, item, list(params), runtime.config, runtime.metadata)
            return bytes.fromhex(key.to_hex()[2:])
    raise NotOnChain("the chain's runtime keeps no such thing", subject=f"{pallet}.{item}")


class Decoder:
    """Reads bytes by the metadata of one runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._names: dict[bytes, tuple[str, Any]] | None = None

    @classmethod
    def at(cls, client: ChainClient, block: str | None = None) -> Decoder:
        """By the runtime that wrote a block's state, the finalized head's by default."""
        return cls(client.interface.at(block or client.head()))

    @classmethod
    def of(cls, client: ChainClient, spec_version: int, metadata: bytes) -> Decoder:
        """By metadata that no block holds yet: that of a proposed upgrade."""
        return cls(Runtime.of(client.interface.genesis, spec_version, "0x" + metadata.hex()))

    def call(self, data: bytes) -> Call:
        """The call that the bytes encode, with decoded arguments.

        Raises:
            Undecodable: they are no call of this runtime, or something follows it.
        """
        try:
            value = self.runtime.decode("Call", data)
        except Exception as error:
            raise Undecodable(
                "the bytes are no call of the chain's runtime", subject="0x" + data.hex()[:64], hint=str(error)[:200]
            ) from error
        return _call(value)

    def constant(self, pallet: str, name: str) -> Any:
        """The value of a pallet's constant."""
        for known in _pallet(self.runtime, pallet).constants or ():
            if known.value["name"] == name:
                return plain(self.runtime.decode(f"scale_info::{known.value['type']}", bytes(known.constant_value)))
        raise NotOnChain("the chain's runtime has no such constant", subject=f"{pallet}.{name}")

    def events(self, data: bytes) -> tuple[Event, ...]:
        """Events from the bytes of ``System.Events``."""
        for known in _pallet(self.runtime, "System").storage:
            if known.value["name"] == "Events":
                return parse_events(self.runtime.decode(known.get_value_type_string(), data))
        raise NotOnChain("the chain's runtime keeps no events")

    def failure(self, events: tuple[Event, ...]) -> DispatchFailed | None:
        """Why a call that caused these events did not do all that it was meant to, where that is so."""
        for event in events:
            error = inner_error(event)
            if error is not None:
                return dispatch_failure(error, self.runtime)
        return None

    def entry(self, key: bytes) -> StorageEntry | None:
        """The name of a storage key; None where the runtime's metadata does not know it."""
        found = self._functions().get(key[:32])
        if found is None:
            return None
        pallet, function = found
        hashers, types = function.get_param_hashers(), function.get_params_type_string()
        if not types:
            return StorageEntry(pallet, function.value["name"], ()) if len(key) == 32 else None
        try:
            keys = keys_behind(self.runtime, key[32:], hashers, types)
        except Exception:
            return None
        return StorageEntry(pallet, function.value["name"], tuple(plain(one) for one in keys))

    def value(self, key: bytes, data: bytes | None) -> Any:
        """A stored value, decoded; the bytes themselves where that is not possible, None where there is none."""
        found = self._functions().get(key[:32])
        if data is None or found is None:
            return data
        try:
            return plain(self.runtime.decode(found[1].get_value_type_string(), data))
        except Exception:
            return data

    def _functions(self) -> dict[bytes, tuple[str, Any]]:
        if self._names is None:
            self._names = {}
            for pallet in self.runtime.metadata.pallets:
                if pallet.storage:
                    prefix = xxh128(pallet.value["storage"]["prefix"].encode())
                    for one in pallet.storage:
                        key = bytes(prefix + xxh128(one.value["name"].encode()))
                        self._names[key] = pallet.value["name"], one
        return self._names


def _call(value: Any) -> Call:
    arguments = {one["name"]: _argument(one["value"]) for one in value["call_args"]}
    return Call(value["call_module"], value["call_function"], arguments)


def _argument(value: Any) -> Any:
    if isinstance(value, dict) and {"call_module", "call_function", "call_args"} <= set(value):
        return _call(value)
    if isinstance(value, dict):
        return {key: _argument(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_argument(inner) for inner in value)
    return plain(value)


def _pallet(runtime: Runtime, name: str) -> Any:
    for pallet in runtime.metadata.pallets:
        if pallet.value["name"] == name:
            return pallet
    raise NotOnChain("the chain's runtime has no such pallet", subject=name)
