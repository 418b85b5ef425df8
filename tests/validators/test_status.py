"""``assay status``: what it reads from a chain with rounds, validators and faults, and how it draws it."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from offchain.chain import ChainClient
from offchain.chain.authorship import authorities, slot_of
from offchain.chain.types import State
from offchain.cli import run
from tests.offchain.chain.test_failover import cut_off, heal, stand_still
from tests.offchain.chain.wire import Wire
from tests.validators.scene import ASY, VALIDATORS, Scene
from validators._status import AuthorityLine, LocalAgent, Overview, overview
from validators._status_view import draw
from validators._watch import STALLED_BLOCKS, ValidatorState

Look = Callable[..., Overview]


@pytest.fixture
def look(scene: Scene, tmp_path: Path) -> Look:
    """The overview of the scene's chain."""

    def looking(client: ChainClient | None = None, *, account: str | None = None, most_rounds: int = 20) -> Overview:
        return overview(client or scene.client, account=account, most_rounds=most_rounds, folder=tmp_path)

    return looking


def text_of(found: Overview) -> str:
    """What a person reads."""
    console = Console(file=io.StringIO(), width=140, highlight=False)
    console.print(draw(found))
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_overview_shows_whom_a_round_waits_for_and_until_when(scene: Scene, seed: int, look: Look) -> None:
    round_ = scene.submit(*scene.checkpoint(seed))
    while scene.client.evaluation.round(round_).state.state is State.REQUESTED:
        scene.chain.run_to(scene.chain.height + 1)
    found = look()
    [line] = [each for each in found.rounds if each.round == round_]
    members = set(scene.client.evaluation.members(round_))
    assert found.rounds_by_state["Accepting"] == 1
    assert line.until == scene.client.evaluation.round(round_).deadline
    assert line.left_blocks == line.until - found.chain.finalized
    assert all(member in line.next_actor for member in members)
    assert {each.account for each in found.validators if round_ in each.owes_rounds} == members
    told = text_of(found)
    assert "1 accepting" in told
    assert f"{line.until:,}" in told
    scene.chain.run_to(line.until + 3)
    late = look()
    assert [each.left_blocks for each in late.rounds if each.round == round_] == [-3]
    assert "3 blocks (9 s) late" in text_of(late)
    assert look(most_rounds=0).rounds == []


def test_overview_shows_a_validator_as_silent_when_it_let_a_duty_pass(
    scene: Scene, seed: int, look: Look, folders: Callable[[str], Path]
) -> None:
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS[:2]]
    with scene.running(*workers, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        scene.wait(lambda: scene.client.evaluation.round(round_).accepted == 2, "two to accept")
        scene.chain.run_to(scene.client.evaluation.round(round_).deadline)
        scene.wait_for_end(round_)
    states = {each.account: each.state for each in look().validators}
    assert states[scene.signer(VALIDATORS[2]).address] in {ValidatorState.SILENT, ValidatorState.CHILLED}
    assert states[scene.signer(VALIDATORS[0]).address] is ValidatorState.ALIVE


def test_overview_shows_the_account_that_is_asked_for(scene: Scene, look: Look) -> None:
    account = scene.signer(VALIDATORS[0]).address
    mine = look(account=account).account
    assert mine is not None
    balance = scene.client.accounts.get(account)
    assert (mine.free_planck, mine.spendable_planck) == (balance.free, balance.spendable)
    assert mine.bond_planck == 1_000 * ASY
    assert "1,000 ASY" in text_of(look(account=account))


def test_overview_says_that_finality_stands_still_and_that_it_goes_on(scene: Scene, look: Look) -> None:
    with Wire(scene.node.ws_url) as wire, ChainClient(wire.url) as client:
        assert not look(client).chain.finality_stalled
        frozen = client.finalized()
        stand_still(wire, frozen.hash)
        scene.chain.run_to(frozen.number + STALLED_BLOCKS + 2)
        found = look(client)
        assert found.chain.finality_stalled
        assert found.chain.lag_blocks >= STALLED_BLOCKS
        assert "FINALITY STANDS STILL" in text_of(found)
        heal(wire)
        assert not look(client).chain.finality_stalled


def test_overview_comes_from_another_node_when_the_first_is_lost(scene: Scene, look: Look) -> None:
    with Wire(scene.node.ws_url) as wire, ChainClient([wire.url, scene.node.ws_url]) as client:
        assert look(client).chain.node == wire.url
        cut_off(wire)
        found = look(client)
        assert (found.chain.node, found.chain.failovers) == (scene.node.ws_url, 1)
        assert "1 other node given up" in text_of(found)


def test_overview_tells_agents_that_run_from_those_that_were_killed(scene: Scene, look: Look, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    (tmp_path / "validator-5A.lock").write_text(str(os.getpid()))
    (tmp_path / "validator-5B.lock").write_text(str(gone.pid))
    (tmp_path / "validator-5C.lock").write_text("")
    (tmp_path / "validator-5D.lock").write_text(str(os.getpid()))
    os.utime(tmp_path / "validator-5D.lock", (1, 1))
    assert look().agents == [
        LocalAgent("validator-5A", os.getpid(), running=True),
        LocalAgent("validator-5B", gone.pid, running=False),
        LocalAgent("validator-5C", None, running=False),
        LocalAgent("validator-5D", os.getpid(), running=False),
    ]


def test_authors_are_read_from_the_slots_of_headers(scene: Scene) -> None:
    scene.chain.run_to(scene.chain.height + 3)
    [author] = authorities(scene.client)
    assert author.last_block == scene.chain.height
    assert (author.slots_since, author.is_silent) == (0, False)
    assert author.made > 1


def test_author_is_silent_when_its_turns_passed() -> None:
    found = authorities(_Headers(authors=4, silent={2}))  # type: ignore[arg-type]
    assert [each.is_silent for each in found] == [False, False, True, False]
    assert found[2].last_block is None
    assert [each.made for each in found] == [11, 11, 0, 10]


def test_author_is_not_credited_with_blocks_of_a_session_with_others() -> None:
    found = authorities(_Headers(authors=4, silent={2}, since=194))  # type: ignore[arg-type]
    assert sum(each.made for each in found) == 200 - 194
    assert found[2].last_block is None
    assert not any(each.is_silent for each in found), "too early to say"
    assert not any(each.made for each in authorities(_Headers(authors=4, silent=set(), since=200)))  # type: ignore[arg-type]


class _Headers:
    """As much of a client as authorship asks: blocks 1 to 200, and slots that silent authors leave empty.

    The authorities are in force after block ``since``; before it there were others.
    """

    def __init__(self, *, authors: int, silent: set[int], since: int = 0) -> None:
        self.since = since
        self.slots = [slot for slot in range(8, 1000) if slot % authors not in silent][:200]
        self.authors = authors
        self.connection = self

    def read(self, *_: Any, at: int, **__: Any) -> tuple[str, ...]:
        return ("another",) if at < self.since else tuple(f"author {number}" for number in range(self.authors))

    def call(self, method: str, params: list[Any]) -> Any:
        if method == "chain_getBlockHash":
            return params[0]
        number = params[0] if params else len(self.slots)
        slot = self.slots[number - 1].to_bytes(8, "little").hex()
        return {"number": hex(number), "parentHash": number - 1, "digest": {"logs": [f"0x066175726120{slot}"]}}


def test_header_without_a_slot_has_none() -> None:
    assert slot_of({"digest": {"logs": ["0x0566726e6b08"]}}) is None
    assert slot_of(None) is None


def test_view_shows_an_author_that_is_silent(look: Look) -> None:
    found = replace(look(), authorities=[AuthorityLine("5Author", None, 24, "silent")])
    [line] = [line for line in text_of(found).splitlines() if "5Author" in line]
    assert line.split() == ["5Author", "-", "24", "silent"]


def test_view_names_the_duties_that_governance_has_paused(look: Look) -> None:
    found = look()
    assert found.paused_calls == []
    told = text_of(replace(found, paused_calls=["Evaluation.reveal"]))
    assert "Paused by governance, and the rounds' clock with them: Evaluation.reveal" in told


def test_status_prints_the_document_that_its_schema_promises(
    scene: Scene, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))
    argv = ["status", "--node", scene.node.ws_url, "-a", VALIDATORS[0], "--json"]
    assert run(argv) == 0
    document = json.loads(capsys.readouterr().out)
    assert run(["schema", "status"]) == 0
    jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out)).validate(document)
    assert document["chain"]["name"] == "Assay Development"
    assert document["account"]["account"] == scene.signer(VALIDATORS[0]).address


def test_status_draws_for_people(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--node", scene.node.ws_url]) == 0
    told = capsys.readouterr().out
    for part in ("Assay Development", "best", "finalized", "Authorities", "Open rounds", "Validators"):
        assert part in told


def test_status_says_that_no_node_answers(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert run(["status", "--node", f"ws://127.0.0.1:{port}"]) == 11
    assert "is the node running?" in capsys.readouterr().err


def test_status_goes_on_until_it_is_interrupted(scene: Scene) -> None:
    command = [sys.executable, "-m", "tests.validators.assay", "status", "--watch", "--every", "0.2", "--json"]
    listening = ["env", "--default-signal=INT"]  # tests that run in the background hand down that it be ignored
    process = subprocess.Popen([*listening, *command, "--node", scene.node.ws_url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    scene.chain.run_to(scene.chain.height + 5)
    until = time.monotonic() + 60
    while json.loads(process.stdout.readline())["chain"]["best"] < first["chain"]["best"] + 5:
        assert time.monotonic() < until
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    process.stdout.close()
