"""``assay validator``, ``assay steward`` and ``assay doctor`` as they are typed, against a real chain."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from offchain.chain import calls
from offchain.chain.types import Revealed, State
from offchain.cli import run
from offchain.crypto import SecretBytes, check_possession
from ray_jobs import JobOverdue
from tests.validators.scene import STEWARD, VALIDATORS, Scene
from validators import EvaluationJob, Finding
from validators._bls_file import bls_key

Assay = Callable[..., Any]
NEWCOMER = "//Alice"


@pytest.fixture
def assay(scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Assay:
    """Runs a command against the scene's node and returns its JSON, held against the schema, or its error."""
    monkeypatch.setenv("ASSAY_PASSPHRASE", "correct horse battery")
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ASSAY_NODE", scene.node.ws_url)

    def invoke(*argv: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert run([*argv, "--json"]) == status, capsys.readouterr().err
        shown = capsys.readouterr()
        document = json.loads(shown.out if status == 0 else shown.err.splitlines()[-1])
        if status == 0:
            assert run(["schema", *argv[:2]]) == 0
            jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out)).validate(document)
        return document

    return invoke


def test_validator_registers_changes_and_leaves(assay: Assay, scene: Scene, tmp_path: Path) -> None:
    tried = assay("validator", "register", "-a", NEWCOMER, "--bond", "500", "--dry-run")
    assert (tried["done"], scene.client.evaluation.validator(scene.signer(NEWCOMER).address)) == (False, None)
    assay("validator", "register", "-a", NEWCOMER, "--bond", "500", "--max-concurrent", "2", "--yes")
    try:
        address = scene.signer(NEWCOMER).address
        entry = scene.client.evaluation.validator(address)
        assert entry is not None
        check_possession(entry.bls_key, entry.bls_proof)
        stored = bls_key(tmp_path / "home" / "agents", address, SecretBytes(b"correct horse battery"))
        assert stored.public == entry.bls_key
        assay("validator", "bond", "100", "-a", NEWCOMER, "--yes")
        assay("validator", "unbond", "50", "-a", NEWCOMER, "--yes")
        shown = assay("validator", "status", NEWCOMER)
        assert (shown["active"], shown["bond_planck"], shown["max_concurrent"]) == (True, str(550 * 10**12), 2)
        assert [part["amount_planck"] for part in shown["unlocking"]] == [str(50 * 10**12)]
        assert assay("validator", "withdraw", "-a", NEWCOMER, status=11)["error"] == "TooEarly"
    finally:
        assay("validator", "chill", "-a", NEWCOMER)
    assert not assay("validator", "status", NEWCOMER)["active"]
    assay("validator", "activate", "-a", NEWCOMER, "--max-checkpoint-mb", "64")
    assay("validator", "chill", "-a", NEWCOMER)
    assert assay("validator", "status", NEWCOMER)["max_checkpoint_mb"] == 64


def test_validator_status_is_refused_when_the_account_is_none(assay: Assay) -> None:
    assert assay("validator", "status", "//Ferdie", status=17)["code"] == 709


def test_validator_estimate_never_exceeds_a_third_of_the_seats(assay: Assay) -> None:
    small = assay("validator", "estimate", "0", "--bond", "100")
    large = assay("validator", "estimate", "0", "--bond", "1000000")
    most = large["most_seats_an_account_may_hold"]
    assert large["share_of_seats_expected_ppm"] == 1_000_000 * most // large["seats"]
    assert small["share_of_seats_expected_ppm"] < large["share_of_seats_expected_ppm"]
    assert int(large["reward_expected_planck"]) == int(large["reward_per_seat_planck"])


def test_steward_status_shows_data_sets_and_what_is_owed(assay: Assay, scene: Scene) -> None:
    shown = assay("steward", "status", STEWARD)
    assert [line["name"] for line in shown["datasets"]] == ["Synthetic"]
    assert shown["owed_planck"] == str(scene.client.evaluation.claimable(scene.signer(STEWARD).address))
    assay("steward", "claim", "-a", STEWARD)
    assert assay("steward", "status", STEWARD)["owed_planck"] == "0"


def test_doctor_says_what_the_machine_has(assay: Assay) -> None:
    checks = {check["name"]: check["verdict"] for check in assay("doctor")}
    assert checks["python"] == "ok"
    assert checks["determinism"] == "ok"


class Command:
    """An agent's command in a process of its own; its log lines are kept."""

    def __init__(self, home: Path, node: str, *argv: str) -> None:
        environment = {**os.environ, "ASSAY_PASSPHRASE": "correct horse battery", "ASSAY_HOME": str(home)}
        command = [sys.executable, "-m", "tests.validators.assay", *argv, "--node", node, "--metrics-port", "0"]
        self.lines: list[str] = []
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            sys.stdout.write(line)
            self.lines.append(line)

    def has(self, event: str) -> bool:
        """Whether it logged an event; fails where the process has ended."""
        assert self.process.poll() is None
        return any(f'"event": "{event}"' in line for line in self.lines)

    def actions(self, kind: str) -> float:
        """How many transactions of a kind its Prometheus endpoint tells of."""
        port = next(json.loads(line)["port"] for line in self.lines if '"metrics"' in line)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            found = re.search(rf'_actions_total{{kind="{kind}"}} ([0-9.]+)', answer.read().decode())
        return 0.0 if found is None else float(found[1])

    def end(self, number: signal.Signals) -> int:
        """Sends a signal and returns the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=120)
        self._reader.join(timeout=30)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return status


def test_steward_agent_runs_as_a_command_and_ends_when_told(
    scene: Scene, seed: int, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS]
    argv = ["steward", "run", "-a", STEWARD, "--keys", str(scene.packed.keyfile)]
    agent = Command(tmp_path / "home", scene.node.ws_url, *argv)
    try:
        with scene.running(*workers):
            round_ = scene.submit(*scene.checkpoint(seed))
            assert scene.wait_for_end(round_).state.state is State.SETTLED
            scene.wait(lambda: agent.actions("release") == len(VALIDATORS), "the agent to see its releases")
    finally:
        assert agent.end(signal.SIGINT) == 0
    assert '"stopped"' in agent.lines[-1]


@pytest.mark.ray
def test_worker_runs_as_a_command_with_a_hot_key_on_ray_and_ends_when_told(
    scene: Scene, seed: int, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    cold, hot = VALIDATORS[0], VALIDATORS[0] + "//stash"
    address = scene.signer(cold).address
    scene.do(cold, calls.proxy.add_proxy(scene.signer(hot).address))
    argv = ["validator", "run", "-a", hot, "--on-behalf-of", address, "--store", scene.store_url, "--actors", "1"]
    worker = Command(tmp_path / "home", scene.node.ws_url, *argv)
    others = [scene.worker(uri, folders(uri)) for uri in VALIDATORS[1:]]
    try:
        scene.wait(lambda: worker.has("started"), "the worker to start")
        with scene.running(*others, scene.steward(folders("steward"))):
            round_ = scene.submit(*scene.checkpoint(seed))
            assert scene.wait_for_end(round_).state.state is State.SETTLED
            scene.wait(lambda: worker.has("round.done"), "the worker to be done")
        assert [worker.actions(kind) for kind in ("accept", "commit", "reveal", "claim")] == [1, 1, 1, 1]
    finally:
        status = worker.end(signal.SIGTERM)
        scene.do(cold, calls.proxy.remove_proxy(scene.signer(hot).address))
    assert status == 0
    member = scene.client.evaluation.member(round_, address)
    assert member is not None
    assert isinstance(member.progress, Revealed)
    assert member.progress.agrees
    assert scene.claimed(cold)


@pytest.mark.ray
def test_worker_ends_when_told_while_it_evaluates(
    scene: Scene, seed: int, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    argv = ["validator", "run", "-a", VALIDATORS[0], "--store", scene.store_url, "--actors", "1"]
    worker = Command(tmp_path / "home", scene.node.ws_url, *argv)
    enough = threading.Event()

    def tarry(job: EvaluationJob) -> Finding:
        """Declining at once could end the round before the worker begins."""
        enough.wait(120)
        raise JobOverdue("this member does not evaluate", subject=f"round {job.round}")

    others = [scene.worker(uri, folders(uri), evaluate=tarry) for uri in VALIDATORS[1:]]
    try:
        scene.wait(lambda: worker.has("started"), "the worker to start")
        with scene.running(*others, scene.steward(folders("steward"))):
            try:
                scene.submit(*scene.checkpoint(seed, "densenet121", 256))
                scene.wait(lambda: worker.has("round.evaluating"), "the evaluation to begin")
            finally:
                enough.set()
    finally:
        status = worker.end(signal.SIGTERM)
    assert status == 0
    assert not any('"round.evaluated"' in line for line in worker.lines)
    own = [line for line in worker.lines if line.startswith("{")]  # Ray writes lines of its own between them
    assert '"stopped"' in own[-1]
