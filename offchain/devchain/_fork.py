"""A fork: blocks on top of somebody else's state, to see what they would do. Nothing is signed, sent or kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

from offchain.scale import decode_compact

from ._block import Header, pre_runtime
from ._clock import SLOT_MS
from ._errors import BlockRefused, DevChainError
from ._executor_errors import RuntimeTrap
from ._overlay import Overlay
from ._runtime import CODE_KEY, Runtime, RuntimeVersion, runtime_of
from ._state import StateReader
from ._validity import Refusal

__all__ = ["Fork"]

_CURRENT_SLOT: Final = bytes.fromhex("57f8dc2f5ab09467896f47300f04243806155b3cd9a8c9e5e9a23fd5dc13a5ed")
"""``Aura.CurrentSlot``."""


class Fork:
    """Blocks after a given one, each with the inherents and the extrinsics it is told to hold.

    Authors are not asked to sign, and state roots are stand-ins: a fork reads only the keys that it needs, so that
    nobody knows the root of all of them. The runtime writes them into headers and looks at them nowhere else.

    Args:
        base: the state after the block that is forked from; only read.
        number: height of that block.
        block: its hash.
    """

    def __init__(self, base: StateReader, number: int, block: bytes) -> None:
        self._overlay = Overlay(_Unrooted(base))
        self._base = base
        self.number = number
        self.hash = block

    @property
    def runtime(self) -> Runtime:
        """The runtime of the next block."""
        return runtime_of(self.get(CODE_KEY) or b"")

    @property
    def version(self) -> RuntimeVersion:
        """Its version."""
        return self.runtime.version

    def get(self, key: bytes) -> bytes | None:
        """A storage value now."""
        return self._overlay.get(key)

    def set(self, key: bytes, value: bytes | None) -> None:
        """Writes storage as no block could; None removes the key."""
        self._overlay.set(key, value)

    def metadata(self) -> bytes:
        """Metadata of version 14 of the runtime of the next block, without a length prefix."""
        return self.runtime.metadata(_View(self._overlay))

    def changes(self) -> dict[bytes, bytes | None]:
        """What differs from the base now; None is a removed key."""
        return {key: value for key, value in self._overlay.changes().items() if value != self._base.get(key)}

    def seal(self, extrinsics: Sequence[bytes] = ()) -> tuple[Refusal | None, ...]:
        """Makes a block; returns what became of each extrinsic: a refusal, or None where it was included.

        Raises:
            RuntimeTrap: the runtime panics outside of an extrinsic.
        """
        runtime, slot = self.runtime, int.from_bytes(self.get(_CURRENT_SLOT) or bytes(8), "little")
        authorities = decode_compact(runtime.read("AuraApi_authorities", b"", _View(self._overlay)))[0]
        for following in range(slot + 1, slot + 1 + authorities):
            self._overlay.start()
            try:
                outcomes = self._seal(runtime, following, extrinsics)
            except RuntimeTrap:
                self._overlay.rollback()
                if following == slot + authorities:  # the turn of a disabled author is skipped, as a chain skips it
                    raise
            except BaseException:
                self._overlay.rollback()
                raise
            else:
                self._overlay.commit()
                return outcomes
        raise DevChainError("the chain has no authorities, so nobody could make a block")

    def _seal(self, runtime: Runtime, slot: int, extrinsics: Sequence[bytes]) -> tuple[Refusal | None, ...]:
        overlay = self._overlay
        header = Header(parent=self.hash, number=self.number + 1, digest=(pre_runtime(slot),))
        takes_transactions = runtime.initialize_block(header, overlay)
        for inherent in runtime.inherents(slot, slot * SLOT_MS, overlay):
            refusal = runtime.apply(inherent, overlay)
            if refusal is not None:
                raise BlockRefused("the runtime refused its own inherent", subject=refusal.text)
        if extrinsics and not takes_transactions:
            raise BlockRefused("the block takes no transactions while a migration is under way")
        outcomes = tuple(runtime.apply(extrinsic, overlay) for extrinsic in extrinsics)
        self.number, self.hash = header.number, runtime.finalize_block(overlay).hash
        return outcomes


class _Unrooted:
    """A state whose root nobody knows: a digest of the changes stands in for it."""

    def __init__(self, state: StateReader) -> None:
        self.get = state.get
        self.next_key = state.next_key
        self.keys = state.keys

    def root_after(self, changes: Mapping[bytes, bytes | None]) -> bytes:
        digest = blake2b(digest_size=32)
        for key in sorted(changes):
            digest.update(key + b"=" + (changes[key] or b""))
        return digest.digest()


class _View:
    """An overlay as a state to read."""

    def __init__(self, overlay: Overlay) -> None:
        self.get = overlay.get
        self.next_key = overlay.next_key

    def keys(self, prefix: bytes = b"", start: bytes | None = None, limit: int | None = None) -> list[bytes]:
        found: list[bytes] = []
        key: bytes | None = prefix if start is None else max(start, prefix)
        if start is None and prefix and self.get(prefix) is not None:
            found.append(prefix)
        while (limit is None or len(found) < limit) and (key := self.next_key(key or b"")) is not None:
            if not key.startswith(prefix):
                break
            found.append(key)
        return found
