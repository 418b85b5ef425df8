"""Both hosts, one truth: what the embedded chain made the native node executes to the same states, and the reverse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from offchain.chain import ChainClient
from offchain.devchain import ChainSpec, DevChain, default_spec
from offchain.devchain._export import import_blocks, read_blocks
from offchain.devchain.cli import app
from offchain.testnet import Testnet
from tests.e2e._native import sealing_node
from tests.e2e._scene import Packed
from tests.e2e._stages import live_scene, open_scene, prepare, scene_at

from ._chain_files import block_of, command, headers, observer, spec_of
from ._story import BLOCKS, FRAME, calls_in, tell
from .conftest import ARTIFACTS

pytestmark = [pytest.mark.network, pytest.mark.timeout(1200)]

DEV_SPEC = ARTIFACTS / "chain-spec-dev.json"
WASM = ARTIFACTS / "runtime.compact.compressed.wasm"
ARCHIVE = ("--state-pruning=archive", "--blocks-pruning=archive")
OURS = ("Datasets", "Models", "Evaluation", "Equivocation")


def test_native_node_reaches_the_same_states_when_it_imports_what_the_embedded_chain_exports(
    native_node: Path,
    packed: Packed,
    tmp_path: Path,
) -> None:
    folder, file, base = tmp_path / "chain", tmp_path / "blocks", tmp_path / "native"
    with DevChain(default_spec(), folder):
        pass
    with open_scene(packed, tmp_path, chain_folder=folder) as scene:
        tell(scene)
        told = calls_in(scene.client, BLOCKS)
        assert every_call_of_ours(scene.client) | FRAME <= told
    result = CliRunner().invoke(app, ["export", str(file), "--data", str(folder), "--json"])
    assert json.loads(result.stdout)["blocks"] == BLOCKS
    command("import-blocks", "--binary", "--chain", DEV_SPEC, "--base-path", base, *ARCHIVE, file)
    with DevChain(None, folder) as chain, observer(DEV_SPEC, base, *ARCHIVE) as client:
        native = headers(client, 0, BLOCKS)
        for number in range(BLOCKS + 1):
            header = chain.block(number).header
            assert native[number]["hash"] == "0x" + header.hash.hex(), f"block {number}"
            assert native[number]["stateRoot"] == "0x" + header.state_root.hex(), f"block {number}"
    extrinsics = sum(len(block.extrinsics) for block in read_blocks(file.read_bytes()))
    print(
        f"\nembedded to native: {BLOCKS} blocks, {extrinsics} extrinsics, {len(told)} kinds of calls, same state roots"
    )


def test_embedded_chain_reaches_the_same_states_when_a_native_node_sealed_the_blocks(
    native_node: Path,
    packed: Packed,
    tmp_path: Path,
) -> None:
    folder, file = tmp_path / "native", tmp_path / "blocks"
    with sealing_node(folder) as url, scene_at(url, packed, tmp_path) as scene:
        tell(scene)
        assert every_call_of_ours(scene.client) <= calls_in(scene.client, BLOCKS)
    command(
        *("export-blocks", "--binary", "--from=1", f"--to={BLOCKS}", "--chain", DEV_SPEC),
        *("--base-path", folder / "data", "--state-pruning=archive", file),
    )
    with DevChain(default_spec()) as chain, file.open("rb") as stream:
        assert import_blocks(chain, stream) == BLOCKS
        extrinsics = sum(len(chain.block(number).extrinsics) for number in range(1, BLOCKS + 1))
    print(f"\nsealed natively to embedded: {BLOCKS} blocks, {extrinsics} extrinsics, same state roots")


def test_embedded_chain_reaches_the_same_states_when_four_authorities_made_the_blocks(
    testnet: Testnet,
    packed: Packed,
    tmp_path: Path,
) -> None:
    (url, *_) = testnet.endpoints
    with live_scene(url, packed, tmp_path, funder="//Alice") as scene:
        prepare(scene)
        last = scene.client.finalized().number
        with DevChain(ChainSpec.load(ARTIFACTS / "chain-spec-local.json")) as chain:
            assert chain.genesis_hash == scene.client.genesis
            authors = set()
            for number in range(1, last + 1):
                block = block_of(scene.client, number)
                chain.import_block(block.encode())  # refused unless it leads to the header's state root
                authors.add(chain.head.slot % 4)
            extrinsics = sum(len(chain.block(number).extrinsics) for number in range(1, last + 1))
    assert authors == {0, 1, 2, 3}
    assert extrinsics > last
    print(f"\nnetwork of four to embedded: {last} blocks, {extrinsics} extrinsics, same state roots")


@pytest.mark.parametrize("name", ["dev", "local"])
def test_genesis_is_the_same_when_each_host_makes_it_of_the_runtimes_preset(
    native_node: Path, name: str, tmp_path: Path
) -> None:
    plain = json.loads(command("export-chain-spec", "--chain", name))["genesis"]["runtimeGenesis"]["code"]
    if bytes.fromhex(plain[2:]) != WASM.read_bytes():
        pytest.skip("the node that ASSAY_NODE_BINARY names embeds another runtime than the artifacts")
    native = spec_of(name, tmp_path / "spec.json")
    assert native == json.loads((ARTIFACTS / f"chain-spec-{name}.json").read_bytes())
    spec = ChainSpec.load(tmp_path / "spec.json")
    with observer(tmp_path / "spec.json", tmp_path / "base") as client:
        (genesis,) = headers(client, 0, 0).values()
    assert genesis["stateRoot"] == "0x" + spec.state.root.hex()


def every_call_of_ours(client: ChainClient) -> set[str]:
    """Names of the calls of our pallets that people make, as the metadata have them."""
    client.interface.for_signing()
    pallets = {pallet.name: pallet for pallet in client.interface.metadata.pallets}
    return {f"{name}.{call.name}" for name in OURS for call in pallets[name].calls}
