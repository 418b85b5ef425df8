"""``assay chain``: run, status, export, build-spec."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from offchain.devchain import Block, ChainSpec, DatabaseInUse, DevChain
from offchain.devchain.cli import app

REPOSITORY = Path(__file__).parents[3]
UP = "import sys; from offchain.devchain.cli import app; app(sys.argv[1:])"


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    arguments = ["up", "--data", str(tmp_path), "--port", "0", "--block-time", "0.05", "--json"]
    child = subprocess.Popen(
        [sys.executable, "-c", UP, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    assert child.stdout is not None
    yield child, json.loads(child.stdout.readline())
    child.kill()
    child.communicate()


def test_chain_runs_and_can_be_asked_until_it_is_told_to_stop(
    started: tuple[subprocess.Popen[str], dict[str, object]], tmp_path: Path
) -> None:
    child, running = started
    runner = CliRunner()
    status = json.loads(runner.invoke(app, ["status", "--node", str(running["websocket"]), "--json"]).stdout)
    assert status["genesis"] == running["genesis"]
    assert status["chain"] == running["chain"]
    assert status["finalized"] >= running["height"]
    taken = runner.invoke(app, ["up", "--data", str(tmp_path), "--port", "0"])
    assert isinstance(taken.exception, DatabaseInUse)
    child.send_signal(signal.SIGTERM)
    _, told = child.communicate(timeout=30)
    assert child.returncode == 0
    assert "stopped at block" in told
    with DevChain(None, tmp_path) as chain:
        assert chain.height >= status["height"]


def test_blocks_are_exported_in_the_form_of_a_native_node(tmp_path: Path, spec: ChainSpec) -> None:
    with DevChain(spec, tmp_path / "chain") as chain:
        chain.run_to(5)
        blocks = [chain.block(number) for number in range(1, 6)]
    target = tmp_path / "blocks"
    arguments = ["export", str(target), "--data", str(tmp_path / "chain"), "--from", "2", "--json"]
    told = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert told == {"file": str(target), "blocks": 4}
    data = target.read_bytes()
    assert int.from_bytes(data[:8], "little") == 4
    offset, read = 8, []
    while offset < len(data):
        block, offset = Block.decode(data, offset)
        assert data[offset] == 0
        offset += 1
        read.append(block)
    assert read == blocks[1:]


def test_spec_gives_the_same_genesis_when_written_and_loaded(tmp_path: Path, spec: ChainSpec) -> None:
    target = tmp_path / "spec.json"
    result = CliRunner().invoke(app, ["build-spec", str(target), "--json"])
    assert json.loads(result.stdout)["keys"] == len(spec.state)
    loaded = ChainSpec.load(target)
    assert loaded.state.root == spec.state.root
    with DevChain.fresh(loaded) as chain:
        chain.run_to(2)
        assert chain.chain_type == "Development"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["up", "--ephemeral", "--data", "here"], "MalformedValue"),
        (["up", "--ephemeral", "--spec", "nowhere.json"], "SpecUnreadable"),
        (["build-spec", "spec.json", "--wasm", "nowhere.wasm"], "SpecUnreadable"),
        (["status", "--node", "ftp://here"], "MalformedValue"),
        (["status", "--node", "ws://127.0.0.1:1"], "NodeSilent"),
    ],
)
def test_command_fails_with_a_typed_error_when_it_cannot_be_done(
    arguments: list[str], error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert type(CliRunner().invoke(app, arguments).exception).__name__ == error


def test_export_is_refused_when_there_are_no_such_blocks(tmp_path: Path, spec: ChainSpec) -> None:
    with DevChain(spec, tmp_path / "chain") as chain:
        chain.seal()
    arguments = ["export", str(tmp_path / "blocks"), "--data", str(tmp_path / "chain"), "--to", "9"]
    assert type(CliRunner().invoke(app, arguments).exception).__name__ == "UnknownBlock"
