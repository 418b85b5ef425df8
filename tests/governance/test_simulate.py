"""Simulations: what they show is what then happens, and nothing of it happens before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import wasmtime

from governance import (
    PARAMETERS,
    Change,
    Origin,
    Proposal,
    SimulationFailed,
    SimulationOverdue,
    _forked,
    change_parameters,
    pause,
    prepare,
    raw,
    simulate,
    spend,
)
from governance._parameters import parameter_call
from offchain.chain import calls
from offchain.chain.calls import Call
from offchain.chain.errors import Undecodable
from offchain.chain.inspection import encode_call
from offchain.cli.units import asy
from offchain.devchain import DevChain, InvalidRuntime

from .conftest import ASY, Assay, House

EVERYTHING = change_parameters(tuple(Change(one, one.greatest) for one in PARAMETERS.values()))
"""Longer than a referendum holds: it becomes a preimage."""


def _storage(chain: DevChain) -> dict[bytes, bytes | None]:
    return {key: chain.get(key) for key in chain.store.keys(b"", None, None, chain.height)}


@pytest.mark.parametrize(
    "proposal",
    [EVERYTHING, change_parameters((Change(PARAMETERS["BaseFee"], 11 * ASY),)), pause((("Treasury", "payout"),))],
    ids=["preimage", "inline", "pause"],
)
def test_simulation_shows_what_the_referendum_then_does(house: House, proposal: Proposal) -> None:
    before = _storage(house.chain)
    prepared = prepare(house.client, proposal)
    told = simulate(house.client, prepared.encoded, proposal.origin)
    assert told.refused is None
    assert _storage(house.chain) == before
    index = house.propose(proposal)
    again = simulate(house.client, prepared.encoded, proposal.origin)
    assert [str(event) for event in again.events] == [str(event) for event in told.events]
    house.pass_(index)
    happened = [event for event in house.client.events(house.client.head()) if event.extrinsic is None]
    for event in told.events:
        if str(event) != "Scheduler.Dispatched":
            assert (str(event), event.fields) in [(str(one), one.fields) for one in happened]
    at = {change.entry: change.after for change in told.changes}
    assert at
    kept = simulate(house.client, encode_call(house.client, calls.system.remark(b"")), Origin.ROOT)
    assert kept.changes == ()
    repeated = simulate(house.client, prepared.encoded, proposal.origin)
    if proposal.origin is Origin.EMERGENCY:
        assert repeated.refused is not None
        assert "IsPaused" in repeated.refused
    else:
        assert repeated.changes == ()  # the values are in force already


def test_simulation_leaves_no_trace_of_a_preimage_of_its_own(house: House) -> None:
    told = simulate(house.client, prepare(house.client, EVERYTHING).encoded, Origin.PARAMETERS)
    assert len(told.changes) == len(PARAMETERS)
    assert not [change for change in told.changes if "Preimage" in change.entry]
    house.propose(EVERYTHING)
    noted = simulate(house.client, prepare(house.client, EVERYTHING).encoded, Origin.PARAMETERS)
    assert [change.entry for change in noted.changes] == [change.entry for change in told.changes]


def _setting(origin: Origin, value: int) -> Proposal:
    return raw(origin, parameter_call((Change(PARAMETERS["MinBond"], value),)))


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        (_setting(Origin.BENCHMARKS, ASY), "BadOrigin"),
        (_setting(Origin.PARAMETERS, 1), "CallFiltered"),
        (_setting(Origin.ROOT, ASY), "BadOrigin"),
        (spend(100_001 * ASY, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"), "InsufficientPermission"),
        (raw(Origin.ROOT, calls.utility.batch([Call("Referenda", "kill", {"index": 9})])), "NotOngoing"),
    ],
)
def test_simulation_tells_why_the_runtime_would_refuse(house: House, proposal: Proposal, why: str) -> None:
    told = simulate(house.client, prepare(house.client, proposal).encoded, proposal.origin)
    assert told.refused is not None
    assert why in told.refused
    assert told.changes == ()


def test_call_that_the_runtime_lacks_is_told_before_anything(house: House) -> None:
    with pytest.raises(Undecodable, match="does not fit"):
        prepare(house.client, raw(Origin.ROOT, Call("System", "fill_nothing", {})))


def test_simulation_counts_money_that_moves(house: House) -> None:
    """Both sides of a payment, before and after, with names."""
    force = Call(
        "Balances",
        "force_transfer",
        {"source": house.bob.address, "dest": house.alice.address, "value": 5 * ASY},
    )
    told = simulate(house.client, encode_call(house.client, force), Origin.ROOT)
    moved = {
        change.entry: change.after["data"]["free"] - change.before["data"]["free"]
        for change in told.changes
        if change.entry.startswith("System.Account")
    }
    assert moved == {
        f"System.Account[{house.alice.address}]": 5 * ASY,
        f"System.Account[{house.bob.address}]": -5 * ASY,
    }


def test_simulate_command_shows_a_referendum_and_a_call(
    house: House, assay: Assay, capsys: pytest.CaptureFixture[str]
) -> None:
    index = house.propose(EVERYTHING)
    shown = assay("simulate", str(index))
    assert (shown["succeeds"], shown["blocks"], len(shown["changes"])) == (True, 1, len(PARAMETERS))
    remark = "0x" + encode_call(house.client, calls.system.remark(b"hello")).hex()
    shown = assay("simulate", "--call", remark, "--track", "root")
    assert (shown["call"], shown["in_the_name_of"]) == ("System.remark(remark='hello')", "Root")
    for words in ((), ("0", "--call", remark), ("--call", remark)):
        assert assay("simulate", *words, status=2)["code"] == 800
    assert assay("simulate", "--call", "0xff", "--track", "root", status=21)["code"] == 1113
    assert assay("simulate", "--call", remark, "--track", "nowhere", status=21)["code"] == 1103
    assert assay("simulate", "7", status=21)["code"] == 1104


def test_simulation_ends_at_its_deadline_when_the_node_is_slow(house: House) -> None:
    call = encode_call(house.client, calls.system.remark(b""))
    with pytest.raises(SimulationOverdue):
        simulate(house.client, call, Origin.ROOT, timeout_s=0.01)


def test_runtime_that_loops_for_ever_is_stopped(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a stranger proposes: its version call never returns."""
    monkeypatch.setattr(_forked, "_GRACE_S", 1.0)
    wat = """(module (import "env" "memory" (memory 20)) (global (export "__heap_base") i32 (i32.const 65536))
      (func (export "Core_version") (param i32 i32) (result i64) (loop $l (br $l)) (i64.const 0)))"""
    looping = tmp_path / "looping.wasm"
    looping.write_bytes(wasmtime.wat2wasm(wat))
    with pytest.raises(SimulationOverdue, match="stopped"):
        _forked.version_of(looping, timeout_s=3.0)


def test_file_that_is_no_runtime_is_told_by_its_own_error(tmp_path: Path) -> None:
    junk = tmp_path / "junk.wasm"
    junk.write_bytes(b"not wasm")
    with pytest.raises(InvalidRuntime):
        _forked.version_of(junk)
    with pytest.raises(SimulationFailed, match="cannot be read"):
        _forked.version_of(tmp_path / "none")


def test_referendum_whose_call_nobody_deposited_is_shown_and_cannot_be_simulated(house: House, assay: Assay) -> None:
    prepared = prepare(house.client, EVERYTHING)
    submit = prepared.submission.args["calls"][1]
    receipt = house.send(submit)
    event = receipt.event("Referenda", "Submitted")
    assert event is not None
    index = int(event.fields["index"])
    assert "nobody has deposited" in assay("show", str(index))["what"]
    assert assay("simulate", str(index), status=21)["code"] == 1106
    noted = assay("preimage", "note", "0x" + prepared.encoded.hex(), "-a", "//Bob", "--yes")
    assert noted["done"]
    assert "BaseFee = 10,000 ASY" in assay("show", str(index))["what"]
    assert assay("simulate", str(index))["succeeds"]


def test_preimages_are_noted_listed_shown_and_taken_back(house: House, assay: Assay, tmp_path: Path) -> None:
    data = prepare(house.client, EVERYTHING).encoded
    file = tmp_path / "call.scale"
    file.write_bytes(data)
    assert assay("preimage", "list") == []
    free = house.client.accounts.get(house.bob.address).reserved
    asked = assay("preimage", "note", f"@{file}", "-a", "//Bob", status=18)["subject"]
    tried = assay("preimage", "note", f"@{file}", "-a", "//Bob", "--dry-run")
    noted = assay("preimage", "note", f"@{file}", "-a", "//Bob", "--yes")
    (line,) = assay("preimage", "list")
    assert (line["length"], line["depositor"], line["requests"]) == (len(data), house.bob.address, 0)
    held = house.client.accounts.get(house.bob.address).reserved - free
    assert line["deposit_planck"] == noted["preimage_deposit_planck"] == tried["preimage_deposit_planck"] == str(held)
    assert f"{asy(held)} go on hold" in asked
    assert line["hash"] == noted["hash"]
    refused = assay("preimage", "note", f"@{file}", "-a", "//Bob", "--yes", status=21)
    assert (refused["code"], "AlreadyNoted" in refused["subject"]) == (1108, True)
    shown: dict[str, Any] = assay("preimage", "show", line["hash"])
    assert shown == line
    assert "set BaseFee = 10,000 ASY; set FeePerMb" in shown["call"]
    refused = assay("preimage", "unnote", line["hash"], "-a", "//Alice", "--yes", status=11)
    assert "NotAuthorized" in refused["subject"]
    assay("preimage", "unnote", line["hash"], "-a", "//Bob", "--yes")
    assert house.client.accounts.get(house.bob.address).reserved == free
    assert assay("preimage", "show", line["hash"], status=21)["code"] == 1106
    for words, code in ((("0x12",), 801), (("zz",), 801), (("@/nowhere",), 801)):
        assert assay("preimage", "show", *words, status=18)["code"] == code
    assert assay("preimage", "note", "0xffff", "-a", "//Bob", "--yes", status=21)["code"] == 1113


def test_preimage_that_a_referendum_needs_is_taken_back_only_when_the_person_insists(
    house: House, assay: Assay
) -> None:
    index = house.propose(EVERYTHING)
    (line,) = assay("preimage", "list")
    refused = assay("preimage", "unnote", line["hash"], "-a", "//Alice", "--yes", status=21)
    assert (refused["code"], refused["subject"]) == (1116, f"referendum {index}")
    assert "BaseFee = 10,000 ASY" in assay("show", str(index))["what"]
    assert assay("preimage", "unnote", line["hash"], "-a", "//Alice", "--yes", "--anyway")["done"]
    assert "nobody has deposited" in assay("show", str(index))["what"]


def test_preimage_of_a_referendum_that_is_over_is_taken_back(house: House, assay: Assay) -> None:
    house.pass_(house.propose(EVERYTHING))
    (line,) = assay("preimage", "list")
    assert assay("preimage", "unnote", line["hash"], "-a", "//Alice", "--yes")["done"]
