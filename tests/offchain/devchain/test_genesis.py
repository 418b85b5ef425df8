"""Genesis from the runtime's presets, and chain specs there and back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from offchain.devchain._executor import Executor
from offchain.devchain._executor_errors import GenesisError
from offchain.devchain._genesis import (
    CODE_KEY,
    chain_spec,
    from_chain_spec,
    genesis_config,
    genesis_state,
    preset_names,
)
from offchain.devchain._state import State

ARTIFACT = Path(__file__).resolve().parents[3] / "runtime-specs" / "artifacts" / "runtime.compact.compressed.wasm"
WASM = Path(os.environ.get("ASSAY_RUNTIME_WASM", ARTIFACT))

needs_runtime = pytest.mark.skipif(not WASM.is_file(), reason=f"no runtime at {WASM}: `make runtime` builds it")


@pytest.fixture(scope="module")
def executor() -> Executor:
    return Executor(WASM.read_bytes())


@needs_runtime
def test_state_holds_the_code_and_the_accounts_when_built_from_a_preset(executor: Executor) -> None:
    state = genesis_state(executor, "development")
    assert state.get(CODE_KEY) == executor.code
    system_accounts = bytes.fromhex("26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9")
    balances = genesis_config(executor, "development")["balances"]["balances"]
    assert 0 < len(balances) <= len(state.keys(system_accounts))
    assert genesis_state(executor, "development").root == state.root
    assert genesis_state(executor, "local_testnet").root != state.root


@needs_runtime
def test_presets_are_named_when_one_is_asked_for_that_does_not_exist(executor: Executor) -> None:
    assert {"development", "local_testnet"} <= set(preset_names(executor))
    with pytest.raises(GenesisError, match="development, local_testnet"):
        genesis_state(executor, "nowhere")


@needs_runtime
def test_spec_gives_the_same_state_when_written_and_read_again(executor: Executor) -> None:
    state = genesis_state(executor, "development")
    spec = chain_spec("Assay Development", "assay_dev", state, properties={"tokenSymbol": "ASY", "tokenDecimals": 12})
    again = from_chain_spec(json.loads(json.dumps(spec)))
    assert again.items() == state.items()
    assert again.root == state.root
    assert spec["chainType"] == "Development"
    assert list(spec["genesis"]["raw"]["top"]) == sorted(spec["genesis"]["raw"]["top"])


def spec_with(raw: Any) -> dict[str, Any]:
    return {**chain_spec("n", "i", State({b"k": b"v"})), "genesis": raw}


@pytest.mark.parametrize(
    ("genesis", "reason"),
    [
        ({}, "not raw"),
        ({"runtimeGenesis": {}}, "not raw"),
        ({"raw": {"top": []}}, "not raw"),
        ({"raw": {"top": {}, "childrenDefault": {"0x01": {}}}}, "child storage"),
        ({"raw": {"top": {"0x0g": "0x"}, "childrenDefault": {}}}, "not hexadecimal"),
    ],
)
def test_spec_is_refused_when_it_holds_no_plain_raw_state(genesis: dict[str, Any], reason: str) -> None:
    with pytest.raises(GenesisError, match=reason):
        from_chain_spec(spec_with(genesis))
