"""The chain in process: blocks that follow from each other, history, and foreign blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import zstandard

from offchain.devchain import (
    Block,
    BlockRefused,
    ChainSpec,
    DevChain,
    DevChainError,
    Node,
    Sealing,
    SlotInFuture,
    UnknownBlock,
)
from offchain.devchain._authors import development_authors, verify
from offchain.devchain._block import pre_runtime, seal_of, slot_of, with_seal
from offchain.devchain._clock import SLOT_MS, slot_now
from offchain.devchain._executor_module import plain_wasm
from offchain.devchain._runtime import runtime_of
from offchain.devchain._state import State
from offchain.devchain._trie_codec import blake2_256
from offchain.storage_key import storage_prefix

from .conftest import ASY, Signer, connected

COMPRESSED = bytes.fromhex("52bc537646db8e05")
ALICE = next(iter(development_authors().values()))


def _resealed(block: Block, **changes: Any) -> bytes:
    """The block with another header, sealed by its author again."""
    sealed = seal_of(block.header)
    assert sealed is not None
    header = replace(sealed[0], **changes)
    return replace(block, header=with_seal(header, ALICE.sign(header.hash))).encode()


def test_block_is_sealed_by_the_slots_author_when_made(chain: DevChain) -> None:
    block = chain.seal()
    sealed = seal_of(block.header)
    assert sealed is not None
    assert verify(sealed[1], sealed[0].hash, ALICE.public)
    assert chain.head.hash == blake2_256(block.header.encode())
    assert block.header.parent == chain.genesis_hash


def test_slots_grow_by_one_and_stay_behind_the_clock_when_blocks_come_fast(chain: DevChain) -> None:
    chain.run_to(30)
    slots = [slot_of(chain.block(number).header) for number in range(1, 31)]
    first = slots[0]
    assert first is not None
    assert slots == list(range(first, first + 30))
    assert slot_now() - first > 29 * 24 * 3600 * 1000 // SLOT_MS
    moment = chain.get(storage_prefix("Timestamp", "Now"))
    assert moment is not None
    assert int.from_bytes(moment, "little") == (first + 29) * SLOT_MS


def test_slot_follows_the_clock_when_one_is_chosen(chain: DevChain) -> None:
    chain.clock = chain.head.slot + 1000
    chain.seal()
    assert chain.head.slot == chain.clock


def test_block_is_refused_when_its_slot_lies_ahead(chain: DevChain) -> None:
    chain.clock = slot_now() + 100
    with pytest.raises(SlotInFuture):
        chain.seal()
    assert chain.height == 0


def test_chain_stays_when_told_to_run_back(chain: DevChain) -> None:
    chain.run_to(3)
    assert chain.run_to(3) == chain.block(3)
    with pytest.raises(DevChainError):
        chain.run_to(2)


def test_unknown_blocks_are_told_when_asked_for(chain: DevChain) -> None:
    with pytest.raises(UnknownBlock):
        chain.block(1)
    with pytest.raises(UnknownBlock):
        chain.number_of(bytes(32))


def test_state_is_that_of_each_block_when_read_later(chain: DevChain, signer: Signer) -> None:
    before = signer.free(chain, "//Bob")
    for nonce in range(3):
        chain.submit(signer.transfer(nonce))
        chain.seal()
        chain.seal()
    balances = [signer.free(chain, "//Bob", number) - before for number in range(7)]
    assert balances == [0, ASY, ASY, 2 * ASY, 2 * ASY, 3 * ASY, 3 * ASY]
    nonces = [
        int.from_bytes(chain.read("AccountNonceApi_account_nonce", ALICE.public, number), "little")
        for number in range(7)
    ]
    assert nonces == [0, 1, 1, 2, 2, 3, 3]
    for number in range(7):
        header = chain.block(number).header
        assert State(chain.store.values_at(number)).root == header.state_root


def test_historic_keys_are_those_of_the_block_when_keys_come_and_go(chain: DevChain) -> None:
    chain.run_to(4)
    prefix = storage_prefix("System", "BlockHash")
    for number in range(5):
        state, reader = State(chain.store.values_at(number)), chain.state_at(number)
        assert reader.keys() == state.keys()
        assert reader.keys(prefix) == state.keys(prefix)
        key: bytes | None = b""
        walked = []
        while key is not None:
            key = reader.next_key(key)
            walked += [] if key is None else [key]
        assert walked == state.keys()
        second = state.keys()[1]
        assert reader.keys(b"", second, 3) == state.keys(b"", second, 3)


def test_foreign_blocks_give_the_same_chain_when_imported(chain: DevChain, signer: Signer, spec: ChainSpec) -> None:
    for nonce in range(3):
        chain.submit(signer.transfer(nonce))
        chain.seal()
    with DevChain.fresh(spec) as other:
        for number in range(1, 4):
            other.import_block(chain.block(number).encode())
        assert other.head == chain.head
        assert signer.free(other, "//Bob") == signer.free(chain, "//Bob")
        other.submit(signer.transfer(3))
        assert len(other.seal().extrinsics) == 2


def test_foreign_block_is_refused_when_it_does_not_follow(chain: DevChain, signer: Signer, spec: ChainSpec) -> None:
    chain.submit(signer.transfer(0))
    first = chain.seal()
    second = chain.seal()
    slot = slot_of(first.header)
    assert slot is not None
    stranger = development_authors()[min(set(development_authors()) - {ALICE.public})]
    unsealed = seal_of(first.header)
    assert unsealed is not None
    wrong_seal = replace(first, header=with_seal(unsealed[0], stranger.sign(unsealed[0].hash))).encode()
    refused = {
        "does not follow": second.encode(),
        "not by the slot's author": wrong_seal,
        "no seal": replace(first, header=unsealed[0]).encode(),
        "runtime refused": _resealed(first, state_root=bytes(32)),
        "is not between": _resealed(first, digest=(pre_runtime(slot_now() + 10),)),
        "bytes follow": first.encode() + b"\x00",
        "are no block": first.encode()[:-1],
    }
    with DevChain.fresh(spec) as other:
        for why, encoded in refused.items():
            with pytest.raises(BlockRefused, match=why):
                other.import_block(encoded)
        for encoded in (
            _resealed(first, extrinsics_root=bytes(32)),
            _resealed(replace(first, extrinsics=first.extrinsics[:1])),
            _resealed(first, digest=(pre_runtime(slot - 1 - slot_now() % 7),)),
        ):
            with pytest.raises(BlockRefused):
                other.import_block(encoded)
        assert other.height == 0
        assert other.import_block(first.encode()) == first
        with pytest.raises(BlockRefused, match="is not between"):
            other.import_block(_resealed(second, digest=(pre_runtime(slot),)))


def test_runtime_changes_with_the_next_block_when_an_upgrade_is_applied(spec: ChainSpec) -> None:
    code = spec.state.get(b":code")
    assert code is not None
    # An empty custom section is the least that makes another blob of the same runtime.
    new_code = COMPRESSED + zstandard.compress(plain_wasm(code) + b"\x00\x01\x00")
    state = spec.state.copy()
    state.apply({storage_prefix("System", "AuthorizedUpgrade"): blake2_256(new_code) + b"\x00"})
    with DevChain.fresh(replace(spec, state=state)) as chain:
        versions = []
        chain.listen(lambda added: versions.append(added.new_version))
        with Node(chain, sealing=Sealing.MANUAL) as node, connected(node.ws_url) as interface:
            upgrade = Signer(interface).sign("System", "apply_authorized_upgrade", {"code": "0x" + new_code.hex()})
        chain.submit(upgrade)
        chain.run_to(3)
        assert chain.get(b":code") == new_code
        assert chain.get(b":code", 0) == code
        assert versions == [runtime_of(new_code).version, None, None]
        assert chain.runtime is runtime_of(new_code)
        assert chain.runtime_at(0) is runtime_of(code)
