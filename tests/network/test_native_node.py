"""The native node's own commands: keys, blocks in files, revert, purge; sealing by hand; and how a fifth node joins."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.devchain import DevChain, default_spec
from offchain.devchain.cli import app
from offchain.testnet import Testnet

from ._chain_files import block_of, command, headers, observer
from .conftest import ARTIFACTS, LOCAL_SPEC
from .observe import eventually

pytestmark = [pytest.mark.network, pytest.mark.timeout(900)]

DEV_SPEC = ARTIFACTS / "chain-spec-dev.json"
ALICE = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
DAY_SLOTS = 24 * 3600 // 3


@pytest.fixture
def imported(native_node: Path, tmp_path: Path) -> Path:
    """A native database with twenty blocks of an embedded chain, none of them final."""
    with DevChain(default_spec(), tmp_path / "chain") as chain:
        chain.run_to(20)
    file = tmp_path / "blocks"
    CliRunner().invoke(app, ["export", str(file), "--data", str(tmp_path / "chain")])
    command("import-blocks", "--binary", "--chain", DEV_SPEC, "--base-path", tmp_path / "native", file)
    return tmp_path / "native"


def chain_info(base: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads(command("chain-info", "--chain", DEV_SPEC, "--base-path", base))
    return told


def test_database_is_checked_exported_reverted_and_purged(imported: Path, tmp_path: Path) -> None:
    chain = ("--chain", str(DEV_SPEC), "--base-path", str(imported))
    assert chain_info(imported)["best_number"] == 20
    assert "Completed" in command("check-block", *chain, "7")
    top = json.loads(command("export-state", *chain, "20"))["genesis"]["raw"]["top"]
    with DevChain(None, tmp_path / "chain") as embedded:
        state = embedded.store.values_at(20)
    assert top == {"0x" + key.hex(): "0x" + value.hex() for key, value in state.items()}
    command("revert", *chain, "5")
    assert chain_info(imported)["best_number"] == 15
    command("purge-chain", *chain, "-y")
    assert chain_info(imported)["best_number"] == 0


def test_block_is_refused_when_its_seal_is_not_the_slots_authors(
    native_node: Path, imported: Path, tmp_path: Path
) -> None:
    file = tmp_path / "blocks"
    data = bytearray(file.read_bytes())
    seal = data.index(b"\x05aura")
    data[seal + 40] ^= 1
    file.write_bytes(data)
    base = tmp_path / "forged"
    importing = ["import-blocks", "--binary", "--chain", DEV_SPEC, "--base-path", base, file]
    done = subprocess.run([native_node, *importing], capture_output=True, text=True, timeout=240)
    assert done.returncode != 0
    assert "bad signature" in done.stderr.lower()
    assert chain_info(base)["best_number"] == 0


def test_node_makes_and_finalizes_blocks_with_keys_of_its_keystore(native_node: Path, tmp_path: Path) -> None:
    base = tmp_path / "base"
    for scheme, kind in (("sr25519", "aura"), ("ed25519", "gran")):
        insert = ("key", "insert", "--chain", str(DEV_SPEC), "--base-path", str(base))
        command(*insert, "--scheme", scheme, "--key-type", kind, "--suri", "//Alice")
    stored = sorted(path.name for path in (base / "chains" / "assay_dev" / "keystore").iterdir())
    assert [name[:8] for name in stored] == [b"aura".hex(), b"gran".hex()]
    assert stored[0] == b"aura".hex() + ALICE
    with observer(DEV_SPEC, base, "--validator", "--force-authoring") as client:
        eventually("a finalized block", lambda: client.finalized().number >= 2, within_s=120)


def test_key_is_made_and_shown(native_node: Path) -> None:
    made = json.loads(command("key", "generate", "--scheme", "sr25519", "--output-type", "json"))
    shown = json.loads(command("key", "inspect", "--scheme", "sr25519", "--output-type", "json", made["secretPhrase"]))
    assert shown["publicKey"] == made["publicKey"]
    assert json.loads(command("key", "inspect", "--output-type", "json", "//Alice"))["publicKey"] == "0x" + ALICE


def test_transaction_is_sealed_at_once_when_the_node_seals_instantly(native_node: Path, tmp_path: Path) -> None:
    with observer(DEV_SPEC, tmp_path / "base", "--alice", "--sealing=instant") as client:
        manager = TransactionManager(client, tmp_path / "journal.sqlite")
        alice = development_signer("//Alice", client)
        for number in (1, 2):
            receipt = manager.submit(f"remark {number}", calls.system.remark(b"now"), alice)
            assert receipt.block_number == number
        assert client.finalized().number == 2
        with DevChain(default_spec()) as chain:
            for number in (1, 2):
                chain.import_block(block_of(client, number).encode())
            # Time begins a month ago, so that a chain may be sealed faster than the clock runs.
            assert chain.head.slot < chain_slot_now() - 29 * DAY_SLOTS


def chain_slot_now() -> int:
    from offchain.devchain._clock import slot_now

    return slot_now()


def test_blocks_come_by_themselves_when_the_node_seals_by_a_timer(native_node: Path, tmp_path: Path) -> None:
    with observer(DEV_SPEC, tmp_path / "base", "--alice", "--sealing=50") as client:
        eventually("twenty blocks", lambda: client.finalized().number >= 20, within_s=120)


@pytest.mark.parametrize("sealing", ["", "0", "-1", "3s", "Manual"])
def test_sealing_is_refused_when_it_is_neither_a_word_nor_milliseconds(native_node: Path, sealing: str) -> None:
    done = subprocess.run([native_node, "--dev", f"--sealing={sealing}"], capture_output=True, text=True, timeout=240)
    assert done.returncode == 2
    assert "manual, instant" in done.stderr


def test_live_chain_is_a_template_that_no_node_runs(native_node: Path, tmp_path: Path) -> None:
    template = json.loads(command("export-chain-spec", "--chain", "live"))
    assert template["chainType"] == "Live"
    assert template["properties"] == {"ss58Format": 42, "tokenDecimals": 12, "tokenSymbol": "ASY"}
    started = [native_node, "--chain", "live", "--base-path", tmp_path, "--no-telemetry", "--sealing=instant"]
    done = subprocess.run(started, capture_output=True, text=True, timeout=240)
    assert done.returncode != 0


def test_fifth_node_joins_by_warp_sync(testnet: Testnet, tmp_path: Path) -> None:
    plan = testnet.plan.nodes
    peers = [f"{node.listen}/p2p/{node.peer_id}" for node in plan]
    with ChainClient(testnet.endpoints[0]) as client:
        eventually("a few finalized blocks", lambda: client.finalized().number >= 6, within_s=240)
        target = client.finalized().number
        known = headers(client, target, target)[target]
    base = tmp_path / "fifth"
    with observer(LOCAL_SPEC, base, "--sync=warp", "--bootnodes", *peers) as fifth:
        eventually("the fifth node to know the head", lambda: fifth.finalized().number >= target, within_s=240)
        eventually("the blocks behind it", lambda: headers(fifth, target, target)[target] == known, within_s=240)
    log = (tmp_path / "fifth.log").read_text(errors="replace")
    assert "Warp sync is complete" in log
