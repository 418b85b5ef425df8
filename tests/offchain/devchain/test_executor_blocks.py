"""Real blocks of the real runtime: a reused instance against a fresh one for every call, and against re-execution."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from substrateinterface import Keypair, SubstrateInterface

from offchain.devchain._executor import Executor
from offchain.devchain._executor_errors import HostFunctionError, RuntimeTrap
from offchain.devchain._genesis import genesis_state
from offchain.devchain._overlay import Overlay
from offchain.devchain._runtime import RuntimeVersion
from offchain.devchain._state import State
from offchain.devchain._trie_build import ordered_trie_root, trie_root
from offchain.devchain._trie_codec import blake2_256
from offchain.scale import compact, decode_compact, decode_vec, vec

ARTIFACT = Path(__file__).resolve().parents[3] / "runtime-specs" / "artifacts" / "runtime.compact.compressed.wasm"
WASM = Path(os.environ.get("ASSAY_RUNTIME_WASM", ARTIFACT))
FIRST_SLOT = 500_000_000
EXTRINSICS_LAYOUT = 0
"""Of a runtime whose ``system_version`` is 1 (``sp_version::RuntimeVersion::extrinsics_root_state_version``)."""

pytestmark = pytest.mark.skipif(not WASM.is_file(), reason=f"no runtime at {WASM}: `make runtime` builds it")


@dataclass
class Chain:
    """The least that makes blocks: what the embedded chain does around the runtime, in thirty lines."""

    executor: Executor
    state: State
    hashes: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        genesis = bytes(32) + compact(0) + self.state.root + trie_root({}) + compact(0)
        self.hashes.append(blake2_256(genesis))

    def seal(self, extrinsics: list[bytes]) -> tuple[bytes, list[bytes], list[bytes]]:
        """Applies ``extrinsics``; returns the header, those that the block holds, and the results of all."""
        number, slot = len(self.hashes), FIRST_SLOT + len(self.hashes)
        digest = compact(1) + b"\x06aura" + vec(slot.to_bytes(8, "little"))
        overlay = Overlay(self.state)
        self.executor.call("Core_initialize_block", self.hashes[-1] + compact(number) + bytes(64) + digest, overlay)
        moment = vec((slot * 3000).to_bytes(8, "little"))
        inherents = compact(2) + b"timstap0" + moment + b"auraslot" + vec(slot.to_bytes(8, "little"))
        encoded = self.executor.call("BlockBuilder_inherent_extrinsics", inherents, overlay)
        count, offset = decode_compact(encoded)
        assert count == 1
        first = encoded[offset:]
        results = [self._applied(one, overlay) for one in (first, *extrinsics)]
        header = self.executor.call("BlockBuilder_finalize_block", b"", overlay)
        body = [one for one, result in zip((first, *extrinsics), results, strict=True) if result[0] == 0]
        self.state.apply(overlay.changes())
        self.hashes.append(blake2_256(header))
        return header, body, results

    def _applied(self, extrinsic: bytes, overlay: Overlay) -> bytes:
        """The result of the extrinsic, or the panic when it cannot even be decoded."""
        try:
            return self.executor.call("BlockBuilder_apply_extrinsic", extrinsic, overlay)
        except RuntimeTrap as trap:
            return b"\xff" + trap.what.encode()


class Offline(SubstrateInterface):  # type: ignore[misc]
    """Composes and signs extrinsics for a chain that no node serves."""

    def __init__(self, chain: Chain) -> None:
        metadata = chain.executor.call("Metadata_metadata", b"", Overlay(chain.state))
        version = RuntimeVersion.decode(chain.executor.call("Core_version", b"", Overlay(chain.state)))
        self._answers: dict[str, Any] = {
            "rpc_methods": {"methods": []},
            "state_getMetadata": "0x" + decode_vec(metadata)[0].hex(),
            "state_getRuntimeVersion": version.as_json(),
            "chain_getBlockHash": "0x" + chain.hashes[0].hex(),
            "chain_getHead": "0x" + chain.hashes[0].hex(),
            "chain_getHeader": {"number": "0x0", "parentHash": "0x" + bytes(32).hex()},
            "system_properties": {"ss58Format": 42, "tokenDecimals": 12, "tokenSymbol": "ASY"},
        }
        super().__init__(url="http://127.0.0.1:1", auto_discover=False)

    def rpc_request(self, method: str, params: list[Any], result_handler: object = None) -> dict[str, Any]:
        answer = self._answers[method.replace("chain_getRuntimeVersion", "state_getRuntimeVersion")]
        return {"jsonrpc": "2.0", "result": answer, "id": 1}


@dataclass
class Genesis:
    executor: Executor
    fresh: Executor
    state: State
    offline: Offline

    def signed(self, what: str, amount: int, nonce: int) -> bytes:
        """An extrinsic of Alice's."""
        bob = Keypair.create_from_uri("//Bob").ss58_address
        stranger = Keypair.create_from_uri(f"//{amount}").ss58_address
        all_or_none = [
            self.offline.compose_call("Balances", "transfer_keep_alive", {"dest": to, "value": value})
            for to, value in ((stranger, 10**12), (bob, 10**30))
        ]
        pallet, function, arguments = {
            "transfer": ("Balances", "transfer_keep_alive", {"dest": bob, "value": amount}),
            "create": ("Balances", "transfer_keep_alive", {"dest": stranger, "value": 10**12 + amount}),
            "fail": ("Balances", "transfer_keep_alive", {"dest": bob, "value": 10**30}),
            "remark": ("System", "remark_with_event", {"remark": "0x" + "ab" * amount}),
            "undone": ("Utility", "batch_all", {"calls": all_or_none}),
        }[what]
        call = self.offline.compose_call(pallet, function, arguments)
        key = Keypair.create_from_uri("//Alice")
        return bytes(self.offline.create_signed_extrinsic(call, key, nonce=nonce).data.data)


@pytest.fixture(scope="module")
def genesis() -> Genesis:
    wasm = WASM.read_bytes()
    executor = Executor(wasm)
    state = genesis_state(executor, "development")
    return Genesis(executor, Executor(wasm, reuse=False), state, Offline(Chain(executor, state)))


SPOILT = 50, 105
"""Bytes of a signed extrinsic: in its signature (refused), and its pallet (there is none: the runtime panics)."""

CALLS = st.tuples(st.sampled_from(["transfer", "create", "fail", "remark", "undone"]), st.integers(1, 300))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CALLS, max_size=4), min_size=1, max_size=5), st.sampled_from([None, *SPOILT]))
def test_blocks_are_equal_when_the_instance_is_reused_or_fresh_or_the_block_is_executed_again(
    genesis: Genesis, blocks: list[list[tuple[str, int]]], spoilt: int | None
) -> None:
    reused = Chain(genesis.executor, genesis.state.copy())
    fresh = Chain(genesis.fresh, genesis.state.copy())
    nonce = 0
    for calls in blocks:
        extrinsics = [genesis.signed(what, amount, nonce + index) for index, (what, amount) in enumerate(calls)]
        nonce += len(extrinsics)
        if extrinsics and spoilt is not None:
            extrinsics.insert(
                0, extrinsics[0][:spoilt] + bytes([extrinsics[0][spoilt] ^ 1]) + extrinsics[0][spoilt + 1 :]
            )
        parent = reused.state.copy()
        header, body, results = reused.seal(extrinsics)
        assert fresh.seal(extrinsics) == (header, body, results)
        assert len(body) == 1 + len(calls)
        assert reused.state.items() == fresh.state.items()
        assert reused.state.root == fresh.state.root == trie_root(reused.state.items())
        assert reused.state.root in header
        assert ordered_trie_root(body, EXTRINSICS_LAYOUT) in header
        overlay = Overlay(parent)
        genesis.fresh.call("Core_execute_block", header + compact(len(body)) + b"".join(body), overlay)
        assert overlay.root() == reused.state.root


def test_block_is_refused_when_its_header_claims_another_state_root(genesis: Genesis) -> None:
    chain = Chain(genesis.executor, genesis.state.copy())
    header, body, _ = chain.seal([genesis.signed("transfer", 5, 0)])
    forged = header.replace(chain.state.root, bytes(32))
    overlay = Overlay(genesis.state)
    with pytest.raises(RuntimeTrap, match="panicked"):
        genesis.executor.call("Core_execute_block", forged + compact(len(body)) + b"".join(body), overlay)
    assert overlay.changes() == {}
    genesis.executor.call("Core_execute_block", header + compact(len(body)) + b"".join(body), overlay)
    assert overlay.root() == chain.state.root


def test_block_is_made_alike_when_the_state_is_large(genesis: Genesis) -> None:
    state = genesis.state.copy()
    state.apply({blake2_256(index.to_bytes(4, "little")): bytes(index % 80) for index in range(10_000)})
    chain = Chain(genesis.executor, state)
    for _ in range(3):
        chain.seal([])
    assert chain.state.root == trie_root(chain.state.items())


def test_call_reads_a_view_when_it_has_no_trie_but_cannot_ask_for_its_root(genesis: Genesis) -> None:
    class View:
        """A historic view, as the chain's database gives them."""

        get = genesis.state.get
        next_key = genesis.state.next_key
        keys = genesis.state.keys

    account = Keypair.create_from_uri("//Alice").public_key
    assert genesis.executor.call("AccountNonceApi_account_nonce", account, Overlay(View())) == bytes(4)
    digest = compact(1) + b"\x06aura" + vec(FIRST_SLOT.to_bytes(8, "little"))
    overlay = Overlay(View())
    genesis.executor.call("Core_initialize_block", bytes(32) + compact(1) + bytes(64) + digest, overlay)
    moment = vec((FIRST_SLOT * 3000).to_bytes(8, "little"))
    inherents = compact(2) + b"timstap0" + moment + b"auraslot" + vec(FIRST_SLOT.to_bytes(8, "little"))
    encoded = genesis.executor.call("BlockBuilder_inherent_extrinsics", inherents, overlay)
    genesis.executor.call("BlockBuilder_apply_extrinsic", encoded[1:], overlay)
    with pytest.raises(HostFunctionError, match="without a trie"):
        genesis.executor.call("BlockBuilder_finalize_block", b"", overlay)
