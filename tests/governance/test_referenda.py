"""Whole referenda of each kind, as people type them, on the embedded chain at the pace Dev."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from governance import Conviction, Vote, parameters, referendum, vote
from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.chain.errors import DispatchFailed
from offchain.chain.inspection import encode_call
from offchain.chain.types import BenchmarkSpec, Description, Licence, Metric, Modality, Prices, Text
from offchain.chain.workflows import version_spec
from offchain.cli import run
from offchain.crypto import SecretBytes
from offchain.datasets import pack, plan_pack, read_labels, split_rows, synthesise
from offchain.devchain import ChainSpec, DevChain, Node
from offchain.store import EmbeddedStore

from .conftest import ASY, Assay, House

ARTIFACTS = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts"
CURRENT = ARTIFACTS / "runtime.compact.compressed.wasm"
RELEASES = ARTIFACTS / "releases"
TREASURY = "5EYCAe5ijiYfyeZ2JJCGq56LmPyNRAKzpG4QkoQkkQNB5e6Z"


def _passed(house: House, assay: Assay, made: dict[str, Any], track: str) -> int:
    """Votes a proposal through by commands; returns its number, once its call was dispatched."""
    index = made["referendum"]
    assert (made["done"], made["track"], made["would"]["succeeds"]) == (True, track, True)
    assert assay("show", str(index))["track"] == track
    for who in ("//Alice", "//Bob"):
        voted = assay("vote", str(index), "aye", "9000000", "--conviction", "locked1x", "-a", who, "--yes")
        assert voted["done"]
    told = assay("show", str(index))
    assert told["ends"] == "approved"
    house.chain.run_to(max(told["enacted_at"], house.chain.height))
    shown = assay("show", str(index))
    assert (shown["outcome"], shown["at"]) == ("approved", told["ends_at"])
    return int(index)


def test_parameters_change_by_a_sheet(house: House, assay: Assay, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.toml"
    sheet.write_text('[economics]\nWorkDonePpm = "30 %"\nBaseFee = "12.5 ASY"\nMissSlashPpm = 2000\n')
    tried = assay("propose", "parameters", str(sheet), "-a", "//Alice", "--dry-run")
    assert (tried["done"], tried["referendum"]) == (False, None)
    assert assay("list") == []
    made = assay("propose", "parameters", str(sheet), "-a", "//Alice", "--yes")
    assert made["call_hash"] == tried["call_hash"]
    (line,) = assay("list")
    assert (line["track"], line["state"]) == ("parameters", "preparing")
    assert "BaseFee = 12.5 ASY" in line["what"]
    index = _passed(house, assay, made, "parameters")
    now = {line["parameter"]: line["now"] for line in assay("parameters")}
    assert (now["WorkDonePpm"], now["BaseFee"], now["MissSlashPpm"]) == ("30 %", "12.5 ASY", "0.2 %")
    assert parameters(house.client)["BaseFee"] == 12_500_000_000_000
    before = house.client.accounts.get(house.alice.address)
    refunded = assay("deposit", "refund", str(index), "-a", "//Bob", "--yes")
    assert refunded["done"]
    after = house.client.accounts.get(house.alice.address)
    assert before.reserved - after.reserved == 210 * ASY
    assert assay("deposit", "refund", str(index), "-a", "//Bob", "--yes", status=21)["code"] == 1112
    assert assay("list") == []
    assert [line["state"] for line in assay("list", "--all")] == ["approved"]
    reset = tmp_path / "reset.toml"
    reset.write_text('[economics]\nBaseFee = "default"\n')
    _passed(house, assay, assay("propose", "parameters", str(reset), "-a", "//Alice", "--yes"), "parameters")
    assert parameters(house.client)["BaseFee"] == 10 * ASY


def test_treasury_spend_is_approved_and_paid(house: House, assay: Assay) -> None:
    payee = development_signer("//Charlie", house.client).address
    house.send(calls.balances.transfer(TREASURY, 5_000 * ASY))
    made = assay("propose", "spend", "1,250.5", "//Charlie", "-a", "//Alice", "--yes")
    _passed(house, assay, made, "treasury")
    (spend,) = assay("spends")
    assert (spend["amount_planck"], spend["beneficiary"], spend["status"]) == ("1250500000000000", payee, "Pending")
    before = house.client.accounts.get(payee).free
    assert assay("payout", "0", "-a", "//Bob", "--yes")["done"]
    assert house.client.accounts.get(payee).free - before == 1_250_500_000_000_000
    assert assay("payout", "7", "-a", "//Bob", "--yes", status=11)["code"] == 105


def test_spend_over_the_tracks_limit_is_told_before_it_is_proposed(house: House, assay: Assay) -> None:
    refused = assay("propose", "spend", "100001", "//Bob", "-a", "//Alice", "--yes", status=21)
    assert (refused["code"], "InsufficientPermission" in refused["subject"]) == (1108, True)
    assert assay("list") == []
    made = assay("propose", "spend", "100001", "//Bob", "--track", "root", "-a", "//Alice", "--yes")
    assert (made["track"], made["would"]["succeeds"]) == ("root", True)
    assert assay("propose", "spend", "1", "//Bob", "--track", "emergency", "-a", "//Alice", status=18)["code"] == 801


@pytest.fixture
def benchmark(house: House, tmp_path: Path) -> int:
    """A benchmark of Alice's on a small data set."""
    synthesise(tmp_path / "images", patients=24, side=32, seed=3)
    table = read_labels(tmp_path / "images")
    plan = plan_pack(table, split_rows(table, held_out=0.5, seed=3), seed=3, shards=2)
    store, passphrase = EmbeddedStore(tmp_path / "store"), SecretBytes(b"a passphrase")
    packed = pack(plan, store, seed=3, keyfile=tmp_path / "keys", passphrase=passphrase, log2_cost=12)
    description = Description(
        name=Text("Chests"),
        modality=Modality.XRAY,
        task=Text(packed.task),
        classes=tuple(map(Text, packed.classes)),
        licence=Licence(spdx="CC0-1.0"),
    )
    house.send(calls.datasets.register(description, Prices(ASY, ASY, ASY)))
    house.send(calls.datasets.publish_version(0, version_spec(packed.version_spec)))
    spec = BenchmarkSpec(
        name=Text("Opacity"),
        dataset=0,
        version=0,
        metrics=(Metric.AUROC,),
        main=0,
        tolerance_ppm=10_000,
        threshold_ppm=700_000,
        precision_ppm=5_000,
        seats=3,
    )
    house.send(calls.evaluation.create_benchmark(spec))
    return 0


def test_benchmark_is_verified_and_retired(house: House, assay: Assay, benchmark: int) -> None:
    made = assay("propose", "benchmark", str(benchmark), "-a", "//Alice", "--yes")
    assert "verified" in made["title"]
    _passed(house, assay, made, "benchmarks")
    assert house.client.evaluation.benchmark(benchmark).verified
    made = assay("propose", "benchmark", str(benchmark), "--revoke", "-a", "//Alice", "--yes")
    _passed(house, assay, made, "benchmarks")
    assert not house.client.evaluation.benchmark(benchmark).verified
    _passed(
        house, assay, assay("propose", "benchmark", str(benchmark), "--retire", "-a", "//Alice", "--yes"), "benchmarks"
    )
    assert house.client.evaluation.benchmarks() == {}  # one without rounds leaves nothing behind
    assert assay("propose", "benchmark", "9", "-a", "//Alice", "--yes", status=11)["code"] == 105


def test_emergency_pauses_and_unpauses(house: House, assay: Assay) -> None:
    name = "Balances.transfer_all"
    made = assay("propose", "pause", name, "-a", "//Alice", "--yes")
    _passed(house, assay, made, "emergency")
    pay = calls.balances.transfer_all(house.bob.address, keep_alive=True)
    charlie = development_signer("//Charlie", house.client)
    with pytest.raises(DispatchFailed, match="filter"):
        house.send(pay, charlie)
    _passed(house, assay, assay("propose", "unpause", name, "-a", "//Alice", "--yes"), "emergency")
    house.send(pay, charlie)


def test_emergency_pauses_all_duties_of_rounds(house: House, assay: Assay) -> None:
    made = assay("propose", "pause", "duties", "-a", "//Alice", "--yes")
    assert made["title"].count("Evaluation.") == 5
    _passed(house, assay, made, "emergency")
    paused = house.client.interface.read_map("TxPause", "PausedCalls", [], house.client.head())
    assert len(paused) == 6


@pytest.mark.parametrize("name", ["System.remark", "ConvictionVoting.vote", "Referenda.submit"])
def test_emergency_cannot_pause_governance(house: House, assay: Assay, name: str) -> None:
    refused = assay("propose", "pause", name, "-a", "//Alice", "--yes", status=21)
    assert (refused["code"], "TxPause.Unpausable" in refused["subject"]) == (1108, True)


def test_referendum_is_cancelled_and_its_deposits_come_back(house: House, assay: Assay) -> None:
    remark = "0x" + _encoded(house, calls.system.remark(b"unwanted")).hex()
    victim = assay("propose", "call", remark, "--track", "root", "--no-deposit", "-a", "//Bob", "--yes")["referendum"]
    shown = assay("show", str(victim))
    assert shown["state"] == "waiting for its decision deposit"
    made = assay("propose", "cancel", str(victim), "-a", "//Alice", "--yes")
    assert assay("deposit", "place", str(victim), "-a", "//Bob", "--yes")["done"]
    assert assay("deposit", "place", str(victim), "-a", "//Bob", "--yes", status=21)["code"] == 1105
    index = made["referendum"]
    for who in ("//Alice", "//Bob"):
        assay("vote", str(index), "aye", "9000000", "-a", who, "--yes", "-c", "2x")
    house.chain.run_to(assay("show", str(index))["enacted_at"])
    assert assay("show", str(victim))["outcome"] == "cancelled"
    before = house.client.accounts.get(house.bob.address).reserved
    assay("deposit", "refund", str(victim), "-a", "//Alice", "--yes")
    assert before - house.client.accounts.get(house.bob.address).reserved == 1_010 * ASY


def test_referendum_is_killed_and_its_deposits_are_slashed(house: House, assay: Assay) -> None:
    remark = "0x" + _encoded(house, calls.system.remark(b"spam")).hex()
    proposing = ("propose", "call", remark, "--track", "benchmarks", "--no-deposit", "-a", "//Bob", "--yes")
    victim = assay(*proposing)["referendum"]
    made = assay("propose", "kill", str(victim), "-a", "//Alice", "--yes")
    for who in ("//Alice", "//Bob"):
        assay("vote", str(made["referendum"]), "aye", "9900000", "-a", who, "--yes")
    told = assay("show", str(made["referendum"]))
    house.chain.run_to(told["enacted_at"] - 3)
    assay("deposit", "place", str(victim), "-a", "//Bob", "--yes")
    pot = house.client.accounts.get(TREASURY).free
    house.chain.run_to(told["enacted_at"])
    assert assay("show", str(victim))["outcome"] == "killed"
    assert house.client.accounts.get(TREASURY).free - pot == 110 * ASY
    refused = assay("deposit", "refund", str(victim), "-a", "//Bob", "--yes", status=21)
    assert (refused["code"], "killed" in refused["hint"]) == (1112, True)


@pytest.fixture
def old_house() -> Iterator[tuple[House, Node]]:
    """Alice and Bob on a chain of the last released runtime."""
    wasm = max(RELEASES.glob("assay-*.wasm")).read_bytes()
    with (
        DevChain.fresh(ChainSpec.from_runtime(wasm, "development")) as chain,
        Node(chain, block_time_s=0.05) as node,
        ChainClient(node.ws_url) as client,
    ):
        signers = [development_signer(name, client) for name in ("//Alice", "//Bob")]
        yield House(chain, client, TransactionManager(client), *signers), node


def test_runtime_is_upgraded_from_the_last_release(
    old_house: tuple[House, Node], capsys: pytest.CaptureFixture[str]
) -> None:
    house, node = old_house

    def assay(*argv: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert run(["governance", *argv, "--node", node.ws_url, "--json"]) == status, capsys.readouterr().err
        shown = capsys.readouterr()
        return json.loads(shown.out if status == 0 else shown.err.splitlines()[-1])

    assert assay("apply-upgrade", str(CURRENT), "-a", "//Bob", "--yes", status=21)["code"] == 1107
    made = assay("propose", "upgrade", str(CURRENT), "-a", "//Alice", "--yes")
    would = made["would"]
    before, after = would["version_before"], would["version_after"]
    assert after > before
    assert any(change["storage"] == ":code" for change in would["changes"])
    assert any("System.CodeUpdated" in event for event in would["events"])
    assert any(change["storage"] == "System.LastRuntimeUpgrade" for change in would["changes"])
    index = made["referendum"]
    for who in ("//Alice", "//Bob"):
        assay("vote", str(index), "aye", "9900000", "-a", who, "--yes", "-c", "3x")
    again = assay("simulate", str(index), "--wasm", str(CURRENT))
    assert (again["succeeds"], again["version_after"]) == (True, after)
    house.chain.run_to(assay("show", str(index))["enacted_at"])
    other = max(RELEASES.glob("assay-*.wasm"))
    assert assay("apply-upgrade", str(other), "-a", "//Bob", "--yes", status=21)["code"] == 1107
    applied = assay("apply-upgrade", str(CURRENT), "-a", "//Bob", "--yes")
    assert (applied["done"], applied["fee_planck"]) == (True, "0")
    house.chain.run_to(house.chain.height + would["blocks"])
    assert house.chain.runtime.version.spec_version == after
    assert assay("propose", "upgrade", str(CURRENT), "-a", "//Alice", "--yes", status=21)["code"] == 1107
    assert assay("tracks")[0]["track"] == "root"  # read by the new metadata
    house.send(vote(_next(house, assay), Vote.whole(aye=True, balance=ASY, conviction=Conviction.NONE)))


def _next(house: House, assay: Any) -> int:
    remark = "0x" + _encoded(house, calls.system.remark(b"after")).hex()
    return int(assay("propose", "call", remark, "--track", "root", "-a", "//Alice", "--yes")["referendum"])


def test_upgrade_is_refused_when_the_file_is_no_later_runtime(house: House, assay: Assay, tmp_path: Path) -> None:
    junk = tmp_path / "junk.wasm"
    junk.write_bytes(b"\0asm\x01\0\0\0")
    for path, reason in (
        (CURRENT, "not a later version"),
        (junk, "cannot be run"),
        (tmp_path / "none", "cannot be run"),
    ):
        refused = assay("propose", "upgrade", str(path), "-a", "//Alice", "--yes", status=21)
        assert refused["code"] == 1107
        assert reason in refused["what"]
    assert assay("list") == []


def _encoded(house: House, call: Any) -> bytes:
    return encode_call(house.client, call)


def test_referendum_that_nobody_supports_is_rejected_and_keeps_the_submission_deposit(
    house: House, assay: Assay
) -> None:
    remark = "0x" + _encoded(house, calls.system.remark(b"dull")).hex()
    index = assay("propose", "call", remark, "--track", "benchmarks", "-a", "//Alice", "--yes")["referendum"]
    assay("vote", str(index), "nay", "10", "-a", "//Bob", "--yes")
    house.end(index)
    shown = assay("show", str(index))
    assert shown["outcome"] == "rejected"
    assay("deposit", "refund", str(index), "-a", "//Bob", "--yes")
    assert "10 ASY" in assay("show", str(index))["submission_deposit"]
    refused = assay("deposit", "refund", str(index), "-a", "//Bob", "--yes", status=21)
    assert (refused["code"], "approved or cancelled" in refused["hint"]) == (1112, True)
    assert referendum(house.client, index) is not None
