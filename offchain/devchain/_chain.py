"""The embedded chain: the real runtime, one block after the other, in this process."""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from ._block import Block, Header, slot_of
from ._build import Built, build, execute, rehearse
from ._clock import genesis_slot
from ._errors import BlockRefused, DatabaseCorrupt, DevChainError, SpecUnreadable, UnknownBlock
from ._executor_errors import HostFunctionError, RuntimeTrap
from ._pool import Limits, Pool, Watcher
from ._pool_errors import VerificationFailed
from ._runtime import CODE_KEY, Runtime, RuntimeVersion, runtime_of
from ._spec import ChainSpec, default_spec
from ._state import State, StateReader
from ._store import HistoricState, Store
from ._trie_codec import EMPTY_ROOT
from ._validity import Refusal, Validity

__all__ = ["BlockAdded", "DevChain", "Head"]

_MAX_BLOCK_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True)
class Head:
    """The chain's last block."""

    header: Header
    slot: int

    @property
    def number(self) -> int:
        """Its height."""
        return self.header.number

    @property
    def hash(self) -> bytes:
        """Its hash."""
        return self.header.hash


@dataclass(frozen=True)
class BlockAdded:
    """What listeners hear: a block, its state changes, and the version of the new runtime if it brought one."""

    block: Block
    changes: dict[bytes, bytes | None]
    new_version: RuntimeVersion | None


Listener = Callable[[BlockAdded], None]


class DevChain:
    """A chain of sealed, final blocks with a transaction pool. Safe for use by several threads.

    Args:
        spec: the chain; may be None where ``folder`` holds one already.
        folder: where it lives; None forgets it on ``close``.
        limits: of the pool.

    Raises:
        DatabaseInUse: another process has the folder open.
        DatabaseCorrupt: the stored state does not belong to the last block.
        SpecUnreadable: the folder holds another chain than ``spec``, or no chain and no spec is given.
    """

    def __init__(self, spec: ChainSpec | None, folder: Path | None = None, limits: Limits = Limits()) -> None:
        self.lock = threading.RLock()
        self.clock = 0
        self.store = Store(folder)
        try:
            if self.store.height() is None:
                self._state = self._begin(spec)
            else:
                self._state = self._resume(spec)
            self._runtime = runtime_of(self._state.get(CODE_KEY) or b"")
            self._upgrades = [number for number, _ in self.store.versions(CODE_KEY, 0, self.store.height() or 0)]
            self._metadata: dict[int, bytes] = {}
            self._meta = self.store.meta()
            self._head = self._stored_head()
        except BaseException:
            self.store.close()
            raise
        self.pool = Pool(self._validate, limits)
        self._listeners: list[Listener] = []
        self._wakers: list[Callable[[], None]] = []

    @classmethod
    def fresh(cls, spec: ChainSpec | None = None) -> DevChain:
        """A chain at genesis that lives in memory: the development chain unless ``spec`` says otherwise."""
        return cls(spec or default_spec())

    def __enter__(self) -> DevChain:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the store. What was sealed is kept, the pool is not."""
        with self.lock:
            self.store.close()

    @property
    def head(self) -> Head:
        """The last block, which is also the last finalized one."""
        return self._head

    @property
    def height(self) -> int:
        """Number of the last block."""
        return self._head.number

    @property
    def runtime(self) -> Runtime:
        """The runtime of the next block."""
        return self._runtime

    @property
    def genesis_hash(self) -> bytes:
        """Hash of block 0."""
        return bytes.fromhex(self._meta["genesis"])

    @property
    def name(self) -> str:
        """The chain's name for people."""
        return self._meta["name"]

    @property
    def chain_type(self) -> str:
        """``Development``, ``Local`` or ``Live``."""
        return self._meta["chain_type"]

    @property
    def properties(self) -> dict[str, Any]:
        """Token and address format, for user interfaces."""
        properties: dict[str, Any] = json.loads(self._meta["properties"])
        return properties

    def submit(self, extrinsic: bytes, watcher: Watcher | None = None) -> bytes:
        """Puts a signed extrinsic, with its length prefix, into the pool; returns its hash. PoolRefusal if refused."""
        with self.lock:
            transaction = self.pool.submit(extrinsic, self.height, watcher)
        for wake in tuple(self._wakers):
            wake()
        return transaction

    def seal(self) -> Block:
        """Seals one block with what is ready. SlotInFuture when the chain has caught up with the wall clock."""
        with self.lock:
            head = self._head
            built = build(self._runtime, self._state, head.header, head.slot, self.clock, self.pool.best())
            self._add(built)
            return built.block

    def run_to(self, block: int) -> Block:
        """Seals until the chain is at the height, and returns its last block."""
        with self.lock:
            if block < self.height:
                raise DevChainError(f"the chain is past block {block}", subject=f"block {self.height}")
            while self.height < block:
                self.seal()
            return self.block(block)

    def import_block(self, encoded: bytes) -> Block:
        """Executes and adds a SCALE-encoded sealed block that somebody else made; BlockRefused if it does not fit."""
        if len(encoded) > _MAX_BLOCK_BYTES:
            raise BlockRefused("the block is too large", subject=f"{len(encoded)} bytes")
        try:
            block, end = Block.decode(encoded)
        except ValueError as error:
            raise BlockRefused(f"the bytes are no block: {error}") from error
        if end != len(encoded):
            raise BlockRefused(f"{len(encoded) - end} bytes follow the block")
        with self.lock:
            self._add(execute(self._runtime, self._state, self._head.header, block), foreign=True)
        return block

    def read(self, method: str, argument: bytes, number: int | None = None) -> bytes:
        """Answer of a runtime method over the state after a block, the last one by default; changes nothing."""
        with self.lock:
            if number is None or number == self.height:
                return self._runtime.read(method, argument, self._state)
            return self.runtime_at(number).read(method, argument, self.state_at(number))

    def dry_run(self, extrinsic: bytes, number: int | None = None) -> bytes:
        """What an extrinsic would come to after a block, the last by default: a SCALE ``ApplyExtrinsicResult``."""
        with self.lock:
            height = self.height if number is None else number
            parent = self.block(height).header
            slot = (slot_of(parent) or int(self._meta["genesis_slot"])) + 1
            return rehearse(self.runtime_at(height), self.state_at(height), parent, slot, extrinsic)

    def prove(self, keys: Sequence[bytes], number: int | None = None) -> list[bytes]:
        """Encoded trie nodes by which anybody can check the keys' values against a block's state root."""
        with self.lock:
            if number is None or number == self.height:
                return self._state.prove(keys)
            return State(self.store.values_at(number)).prove(keys)

    def get(self, key: bytes, number: int | None = None) -> bytes | None:
        """A storage value after a block, the last one by default."""
        return self.store.value(key, self.height if number is None else number)

    def state_at(self, number: int) -> StateReader:
        """The state after a block, for reading."""
        return HistoricState(self.store, number)

    def runtime_at(self, number: int) -> Runtime:
        """The runtime in the state after a block."""
        since = self._upgraded(number)
        return self._runtime if since == self._upgrades[-1] else runtime_of(self.store.value(CODE_KEY, since) or b"")

    def metadata_at(self, number: int) -> bytes:
        """The metadata of that runtime in the state that brought it: its periods are those of this chain's pace."""
        since = self._upgraded(number)
        with self.lock:
            if since not in self._metadata:
                self._metadata[since] = self.runtime_at(number).metadata(self.state_at(since))
            return self._metadata[since]

    def block(self, number: int) -> Block:
        """The block at a height; UnknownBlock above the last one."""
        block = self.store.block(number)
        if block is None:
            raise UnknownBlock("the chain has no such block yet", subject=f"block {number}")
        return block

    def number_of(self, block: bytes) -> int:
        """The height of the block with a hash; UnknownBlock when there is none."""
        return self.store.number_of(block)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls ``listener`` after each block, in the thread that added it; returns what ends that."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def on_submit(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Calls ``wake`` after each transaction the pool takes, in the submitting thread; returns what ends that."""
        self._wakers.append(wake)
        return partial(self._wakers.remove, wake)

    def _upgraded(self, number: int) -> int:
        """The last block up to a height that brought a runtime."""
        return self._upgrades[bisect_right(self._upgrades, number) - 1]

    def _validate(self, extrinsic: bytes) -> Validity | Refusal:
        try:
            return self._runtime.validate(extrinsic, self._head.hash, self._state)
        except (RuntimeTrap, HostFunctionError) as error:
            raise VerificationFailed(f"Verification Error: {error.what}") from error

    def _add(self, built: Built, *, foreign: bool = False) -> None:
        """Keeps a block: on disk first, so that what anybody hears of is durable."""
        block = built.block
        self.store.append(block, built.changes)
        self._state.apply(built.changes)
        self._head = Head(block.header, built.slot)
        new_runtime = CODE_KEY in built.changes
        if new_runtime:
            self._runtime = runtime_of(self._state.get(CODE_KEY) or b"")
            self._upgrades.append(self.height)
        self.pool.drop_invalid(built.invalid)
        self.pool.included(block.header.hash, self.height, block.extrinsics)
        if foreign or new_runtime:
            self.pool.revalidate(self.height)
        added = BlockAdded(block, built.changes, self._runtime.version if new_runtime else None)
        for listener in tuple(self._listeners):
            listener(added)

    def _begin(self, spec: ChainSpec | None) -> State:
        if spec is None:
            raise SpecUnreadable("the folder holds no chain yet", hint="give a chain spec")
        state = spec.state.copy()
        genesis = Header(parent=bytes(32), number=0, state_root=state.root, extrinsics_root=EMPTY_ROOT)
        meta = {
            "name": spec.name,
            "id": spec.identifier,
            "chain_type": spec.chain_type,
            "properties": json.dumps(dict(spec.properties)),
            "genesis": genesis.hash.hex(),
            "genesis_slot": str(genesis_slot()),
        }
        self.store.write_genesis(Block(genesis, ()), state.items(), meta)
        return state

    def _resume(self, spec: ChainSpec | None) -> State:
        height = self.store.height() or 0
        genesis, last = self.store.header(0), self.store.header(height)
        if genesis is None or last is None:
            raise DatabaseCorrupt("a block is missing", hint="delete the chain's folder to begin anew")
        if spec is not None and genesis.state_root != spec.state.root:
            hint = "use another folder, or delete this one to begin anew"
            raise SpecUnreadable("the folder holds a chain of another genesis", subject=spec.name, hint=hint)
        state = State(self.store.values_at(height))
        if state.root != last.state_root:
            hint = "delete the chain's folder to begin anew"
            raise DatabaseCorrupt("the stored state is not the last block's", subject=f"block {height}", hint=hint)
        return state

    def _stored_head(self) -> Head:
        header = self.store.header(self.store.height() or 0)
        if header is None:
            raise DatabaseCorrupt("the last block is missing")
        slot = slot_of(header)
        return Head(header, int(self._meta["genesis_slot"]) if slot is None else slot)
