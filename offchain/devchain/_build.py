"""Making a block, and checking one that somebody else made."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ._authors import development_authors, verify
from ._block import Block, Header, encode_extrinsics, pre_runtime, seal_of, slot_of, with_seal
from ._clock import SLOT_MS, next_slot, slot_now
from ._errors import BlockRefused
from ._executor_errors import HostFunctionError, RuntimeTrap
from ._overlay import Overlay
from ._queue import BestFirst
from ._runtime import Runtime
from ._state import State, StateReader
from ._trie_build import ordered_trie_root

__all__ = ["Built", "build", "execute", "rehearse"]

logger: Final = logging.getLogger("assay.devchain")

_BODY_LIMIT_BYTES: Final = 4 * 1024 * 1024
_MAX_SKIPPED: Final = 8


@dataclass(frozen=True)
class Built:
    """A block that follows from its parent.

    Args:
        block: sealed.
        slot: the slot it claims.
        changes: what it does to the state.
        invalid: hashes of pool transactions that turned out to be invalid.
    """

    block: Block
    slot: int
    changes: dict[bytes, bytes | None]
    invalid: tuple[bytes, ...] = ()


def build(runtime: Runtime, state: State, parent: Header, parent_slot: int, clock: int, pool: BestFirst) -> Built:
    """A sealed block over ``parent`` with what fits of ``pool``; ``state`` stays as it is.

    Raises:
        SlotInFuture: the block's slot has not begun.
        RuntimeTrap: the runtime panics outside of a transaction.
    """
    authorities = runtime.authorities(state)
    authors, disabled = development_authors(), runtime.disabled(state)

    def owned(slot: int) -> bool:
        index = slot % len(authorities)
        return authorities[index] in authors and index not in disabled

    slot = next_slot(parent_slot, clock, owned, len(authorities))
    overlay = Overlay(state)
    header = Header(parent=parent.hash, number=parent.number + 1, digest=(pre_runtime(slot),))
    takes_transactions = runtime.initialize_block(header, overlay)
    extrinsics = []
    for inherent in runtime.inherents(slot, slot * SLOT_MS, overlay):
        refusal = runtime.apply(inherent, overlay)
        if refusal is not None:
            raise BlockRefused("the runtime refused its own inherent", subject=refusal.text)
        extrinsics.append(inherent)
    invalid = _fill(runtime, overlay, pool, extrinsics) if takes_transactions else []
    finished = runtime.finalize_block(overlay)
    _check_roots(runtime, finished, extrinsics, overlay)
    author = authors[authorities[slot % len(authorities)]]
    block = Block(with_seal(finished, author.sign(finished.hash)), tuple(extrinsics))
    return Built(block, slot, overlay.changes(), tuple(invalid))


def execute(runtime: Runtime, state: State, parent: Header, block: Block) -> Built:
    """Checks a foreign block's place, author and effect; ``state`` stays as it is.

    Raises:
        BlockRefused: it does not follow from ``parent``.
    """
    sealed = seal_of(block.header)
    slot = slot_of(block.header)
    subject = f"block {block.header.number}"
    if block.header.parent != parent.hash or block.header.number != parent.number + 1:
        raise BlockRefused("the block does not follow the chain's last block", subject=subject)
    if sealed is None or slot is None:
        raise BlockRefused("the block has no seal or claims no slot", subject=subject)
    header, signature = sealed
    # Genesis claims no slot: whoever made the first block chose when the chain's time begins.
    if slot <= (slot_of(parent) or 0) or slot > slot_now():
        raise BlockRefused("the block's slot is not between its parent's and now", subject=f"slot {slot}")
    authorities = runtime.authorities(state)
    if not verify(signature, header.hash, authorities[slot % len(authorities)]):
        raise BlockRefused("the seal is not by the slot's author", subject=subject)
    overlay = Overlay(state)
    try:
        runtime.execute_block(header, block.extrinsics, overlay)
    except (RuntimeTrap, HostFunctionError) as error:
        raise BlockRefused("the runtime refused the block", subject=subject, hint=error.what) from error
    _check_roots(runtime, header, block.extrinsics, overlay)
    return Built(block, slot, overlay.changes())


def rehearse(runtime: Runtime, state: StateReader, parent: Header, slot: int, extrinsic: bytes) -> bytes:
    """What an extrinsic comes to as first of the next block, not before ``slot``: SCALE ``ApplyExtrinsicResult``."""
    overlay, disabled, authorities = Overlay(state), runtime.disabled(state), len(runtime.authorities(state))
    # At least one may author: the runtime sees to that.
    slot = next(one for one in range(slot, slot + authorities) if one % authorities not in disabled)
    runtime.initialize_block(Header(parent=parent.hash, number=parent.number + 1, digest=(pre_runtime(slot),)), overlay)
    return runtime.call("BlockBuilder_apply_extrinsic", extrinsic, overlay)


def _fill(runtime: Runtime, overlay: Overlay, pool: BestFirst, extrinsics: list[bytes]) -> list[bytes]:
    """Applies pool transactions until the block is full; returns the hashes of the invalid ones."""
    invalid = []
    size, skipped = len(encode_extrinsics(extrinsics)), 0
    for transaction in pool:
        if size + len(transaction.data) > _BODY_LIMIT_BYTES:
            full = True
        else:
            try:
                refusal = runtime.apply(transaction.data, overlay)
            except (RuntimeTrap, HostFunctionError) as error:
                logger.warning("a transaction stopped the runtime and was dropped: %s", error.what)
                invalid.append(transaction.hash)
                pool.skip()
                continue
            if refusal is None:
                extrinsics.append(transaction.data)
                size += len(transaction.data)
                continue
            full = refusal.exhausts_resources
        pool.skip()
        if not full:
            invalid.append(transaction.hash)
        elif skipped == _MAX_SKIPPED:
            break
        else:
            skipped += 1
    return invalid


def _check_roots(runtime: Runtime, header: Header, extrinsics: Sequence[bytes], overlay: Overlay) -> None:
    """The header's roots are those of the block's extrinsics and of the state it leaves."""
    if header.extrinsics_root != ordered_trie_root(extrinsics, runtime.version.extrinsics_layout):
        raise BlockRefused(
            "the extrinsics root is not that of the block's extrinsics", subject=f"block {header.number}"
        )
    if header.state_root != overlay.root():
        raise BlockRefused("the state root is not that of the block's changes", subject=f"block {header.number}")
