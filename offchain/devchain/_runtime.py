"""The runtime's own API, as the chain uses it: bytes in, decoded values out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from offchain.scale import compact, decode_compact, decode_vec, vec
from offchain.storage_key import storage_prefix

from ._block import Header, decode_extrinsics, encode_extrinsics
from ._executor import Executor
from ._overlay import Overlay
from ._state import StateReader
from ._validity import Refusal, Validity, decode_apply_result, decode_validity

__all__ = ["CODE_KEY", "Runtime", "RuntimeVersion", "runtime_of", "runtime_version"]

CODE_KEY: Final = b":code"
_DISABLED: Final = storage_prefix("Session", "DisabledValidators")
_LOCAL_SOURCE: Final = b"\x01"
_INHERENTS_ONLY: Final = 1


@dataclass(frozen=True)
class RuntimeVersion:
    """``sp_version::RuntimeVersion``; ``apis`` maps each API's id to its version."""

    spec_name: str
    impl_name: str
    authoring_version: int
    spec_version: int
    impl_version: int
    apis: tuple[tuple[bytes, int], ...]
    transaction_version: int
    system_version: int

    @property
    def extrinsics_layout(self) -> int:
        """Trie layout of extrinsics roots: 0 before system version 2."""
        return int(self.system_version >= 2)

    def as_json(self) -> dict[str, Any]:
        """The version as ``state_getRuntimeVersion`` shows it."""
        return {
            "specName": self.spec_name,
            "implName": self.impl_name,
            "authoringVersion": self.authoring_version,
            "specVersion": self.spec_version,
            "implVersion": self.impl_version,
            "apis": [["0x" + name.hex(), version] for name, version in self.apis],
            "transactionVersion": self.transaction_version,
            "systemVersion": self.system_version,
            "stateVersion": self.system_version,
        }

    @classmethod
    def decode(cls, data: bytes) -> RuntimeVersion:
        """From SCALE."""
        spec_name, offset = decode_vec(data)
        impl_name, offset = decode_vec(data, offset)
        authoring, spec, implementation = (_u32(data, offset + 4 * index) for index in range(3))
        count, offset = decode_compact(data, offset + 12)
        apis = tuple((data[at : at + 8], _u32(data, at + 8)) for at in range(offset, offset + 12 * count, 12))
        offset += 12 * count
        return cls(
            spec_name=spec_name.decode(),
            impl_name=impl_name.decode(),
            authoring_version=authoring,
            spec_version=spec,
            impl_version=implementation,
            apis=apis,
            transaction_version=_u32(data, offset),
            system_version=data[offset + 4],
        )


class Runtime:
    """One runtime's API. States are only read, unless a method takes an overlay."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.version = RuntimeVersion.decode(self.call("Core_version", b"", Overlay(_Empty())))

    def call(self, method: str, argument: bytes, overlay: Overlay) -> bytes:
        """Any method; see ``Executor.call``."""
        return self.executor.call(method, argument, overlay)

    def read(self, method: str, argument: bytes, state: StateReader) -> bytes:
        """Any method, over a state that stays as it is."""
        return self.executor.call(method, argument, Overlay(state))

    def metadata(self, state: StateReader) -> bytes:
        """The metadata of version 14, without a length prefix. Constants that depend on the state are those of it."""
        return decode_vec(self.read("Metadata_metadata", b"", state))[0]

    def validate(self, extrinsic: bytes, head: bytes, state: StateReader) -> Validity | Refusal:
        """Whether a transaction may enter the pool of a chain whose last block is ``head``."""
        argument = _LOCAL_SOURCE + extrinsic + head
        return decode_validity(self.read("TaggedTransactionQueue_validate_transaction", argument, state))

    def initialize_block(self, header: Header, overlay: Overlay) -> bool:
        """Begins a block; False when the runtime takes nothing but inherents this time."""
        mode = self.call("Core_initialize_block", header.encode(), overlay)
        return mode[:1] != bytes([_INHERENTS_ONLY])

    def inherents(self, slot: int, time_ms: int, overlay: Overlay) -> tuple[bytes, ...]:
        """The extrinsics that every block begins with."""
        moments = ((b"timstap0", time_ms), (b"auraslot", slot))
        data = compact(len(moments)) + b"".join(name + vec(value.to_bytes(8, "little")) for name, value in moments)
        overlay.start()
        try:
            return decode_extrinsics(self.call("BlockBuilder_inherent_extrinsics", data, overlay))[0]
        finally:
            overlay.rollback()

    def apply(self, extrinsic: bytes, overlay: Overlay) -> Refusal | None:
        """Applies an extrinsic; what a refused one did is undone."""
        overlay.start()
        kept = False
        try:
            refusal = decode_apply_result(self.call("BlockBuilder_apply_extrinsic", extrinsic, overlay))
            kept = refusal is None
        finally:
            if kept:
                overlay.commit()
            else:
                overlay.rollback()
        return refusal

    def finalize_block(self, overlay: Overlay) -> Header:
        """Ends a block: its header, not yet sealed."""
        return Header.decode(self.call("BlockBuilder_finalize_block", b"", overlay))[0]

    def execute_block(self, header: Header, extrinsics: tuple[bytes, ...], overlay: Overlay) -> None:
        """Executes a whole block; RuntimeTrap when it does not follow from the state."""
        self.call("Core_execute_block", header.encode() + encode_extrinsics(extrinsics), overlay)

    def authorities(self, state: StateReader) -> list[bytes]:
        """Public keys of the block authors, whose turns follow the slots."""
        data = self.read("AuraApi_authorities", b"", state)
        count, offset = decode_compact(data)
        return [data[offset + 32 * index : offset + 32 * (index + 1)] for index in range(count)]

    def disabled(self, state: StateReader) -> frozenset[int]:
        """Block authors, by their index, who may author nothing until the session ends: they were caught lying."""
        data = state.get(_DISABLED)
        if data is None:
            return frozenset()
        count, offset = decode_compact(data)
        # Pairs of an index and a severity in parts per billion, 4 bytes each.
        starts = range(offset, offset + 8 * count, 8)
        return frozenset(int.from_bytes(data[start : start + 4], "little") for start in starts)

    def nonce(self, account: bytes, state: StateReader) -> int:
        """Nonce of the account's next transaction."""
        return int.from_bytes(self.read("AccountNonceApi_account_nonce", account, state), "little")


@lru_cache(maxsize=4)
def runtime_of(code: bytes) -> Runtime:
    """The runtime of a code blob; one for all chains of this process."""
    return Runtime(Executor(code))


def runtime_version(code: bytes) -> RuntimeVersion:
    """What a runtime says of itself; InvalidRuntime or RuntimeTrap when it is none."""
    return Runtime(Executor(code)).version


class _Empty:
    """A state without keys."""

    def get(self, _key: bytes) -> bytes | None:
        return None

    def next_key(self, _key: bytes) -> bytes | None:
        return None

    def keys(self, _prefix: bytes = b"", _start: bytes | None = None, _limit: int | None = None) -> list[bytes]:
        return []


def _u32(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 4], "little")
