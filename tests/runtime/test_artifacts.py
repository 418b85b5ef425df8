"""The committed artifacts belong to the committed sources, and to each other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import zstandard

REPOSITORY = Path(__file__).resolve().parents[2]
BUILDER = REPOSITORY / "runtime-specs" / "build"
ARTIFACTS = REPOSITORY / "runtime-specs" / "artifacts"
WASM = ARTIFACTS / "runtime.compact.compressed.wasm"


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=32).hexdigest()


def builder(code: str) -> str:
    """What a few lines print that run beside the builder's modules."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=BUILDER, capture_output=True, text=True, check=True, timeout=120).stdout.strip()


@pytest.fixture(scope="module")
def stamp() -> dict[str, str]:
    read: dict[str, str] = json.loads((ARTIFACTS / "stamp.json").read_bytes())
    return read


def test_stamp_names_the_sources_when_nothing_changed_since_the_build(stamp: dict[str, str]) -> None:
    now = builder("from sources import source_hash; print(source_hash())")
    assert stamp["sources"] == now, "the runtime's sources changed: run `make runtime` and commit the artifacts"


def test_source_hash_changes_when_a_pallet_changes_and_not_when_its_tests_do(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    for name in ("Cargo.toml", "Cargo.lock", "pallets/x/src/lib.rs", "pallets/x/src/tests/a.rs", "runtime/src/lib.rs"):
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(name)
    code = f"from pathlib import Path; from sources import source_hash; print(source_hash(Path({str(workspace)!r})))"
    before = builder(code)
    (workspace / "pallets/x/src/tests/a.rs").write_text("changed")
    assert builder(code) == before
    (workspace / "pallets/x/src/lib.rs").write_text("changed")
    assert builder(code) != before


def test_wasm_is_the_stamped_one_when_read_back(stamp: dict[str, str]) -> None:
    compressed = WASM.read_bytes()
    assert digest(compressed) == stamp["wasm"]
    plain = zstandard.ZstdDecompressor().stream_reader(compressed[8:]).read()
    assert plain[:4] == b"\0asm"
    assert digest(plain) == stamp["plain_wasm"]
    assert bytes.fromhex(stamp["metadata_hash"]) in plain, "the Wasm carries the digest of its metadata"


def test_metadata_is_the_wasms_own_when_asked_of_it() -> None:
    from offchain.devchain._executor import Executor
    from offchain.devchain._overlay import Overlay
    from offchain.devchain._state import State
    from offchain.scale import decode_vec

    executor = Executor(WASM.read_bytes())
    for version, name in ((14, "metadata.scale"), (15, "metadata_v15.scale")):
        answer = executor.call("Metadata_metadata_at_version", version.to_bytes(4, "little"), Overlay(State()))
        assert decode_vec(answer, 1)[0] == (ARTIFACTS / name).read_bytes(), name


@pytest.mark.parametrize(
    ("file", "preset", "authorities"),
    [("chain-spec-dev.json", "development", 1), ("chain-spec-local.json", "local_testnet", 4)],
)
def test_chain_spec_holds_the_presets_genesis_when_read_as_a_node_does(
    file: str, preset: str, authorities: int
) -> None:
    from offchain.devchain._executor import Executor
    from offchain.devchain._genesis import from_chain_spec, genesis_state
    from offchain.storage_key import storage_prefix

    spec: dict[str, Any] = json.loads((ARTIFACTS / file).read_bytes())
    state = from_chain_spec(spec)
    assert state.get(b":code") == WASM.read_bytes()
    assert state.root == genesis_state(Executor(WASM.read_bytes()), preset).root
    assert spec["properties"] == {"ss58Format": 42, "tokenDecimals": 12, "tokenSymbol": "ASY"}
    kept = state.get(storage_prefix("Aura", "Authorities"))
    assert kept is not None
    assert len(kept) == 1 + 32 * authorities


@pytest.mark.timeout(3_700)
def test_rebuild_gives_the_same_bytes_when_the_stamped_toolchain_is_here(stamp: dict[str, str], tmp_path: Path) -> None:
    if not os.environ.get("ASSAY_REBUILD"):
        pytest.skip("set ASSAY_REBUILD=1 to build the Wasm again and compare its bytes (minutes)")
    code = "from toolchain import find_toolchain; print(find_toolchain().name)"
    here = builder(code)
    if here != stamp["toolchain"]:
        pytest.skip(f"the artifacts were built with {stamp['toolchain']}, and here is {here}")
    command = [sys.executable, str(BUILDER / "build.py"), "--out", str(tmp_path), "--fresh"]
    subprocess.run(command, check=True, timeout=3_600)
    for file in sorted(ARTIFACTS.glob("*.*")):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
