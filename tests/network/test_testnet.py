"""The supervised network itself: what it starts, what it refuses, what survives a kill, and what is left of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from offchain.chain import ChainClient
from offchain.testnet import AlreadyUp, NotUp, ProcessEnded, ProcessNotRunning, Testnet, UnknownProcess, Wishes
from offchain.testnet._processes import processes_of

from .conftest import ARTIFACTS, MakeTestnet
from .observe import eventually, finalized, heads, same_chain

pytestmark = [pytest.mark.network, pytest.mark.timeout(1200)]

ALONE = ARTIFACTS / "chain-spec-dev.json"
"""One authority, so that one node finalizes."""


def listening(pids: set[int]) -> set[tuple[str, int]]:
    """Addresses on which processes listen."""
    return {
        (found.laddr.ip, found.laddr.port)
        for found in psutil.net_connections("inet")
        if found.status == psutil.CONN_LISTEN and found.pid in pids
    }


def test_nodes_know_each_other_by_the_identities_of_the_plan(testnet: Testnet) -> None:
    for node in testnet.plan.nodes:
        with ChainClient(node.websocket) as client:
            assert client.connection.call("system_localPeerId", []) == node.peer_id
            eventually("three peers", lambda c=client: c.node().peers == 3)


def test_everything_listens_on_loopback_at_the_planned_ports(testnet: Testnet) -> None:
    found = listening({process.pid for process in processes_of(testnet.folder)})
    assert {address for address, _ in found} <= {"127.0.0.1", "::1"}
    for node in testnet.plan.nodes:
        assert {node.rpc_port, node.p2p_port, node.metrics_port} <= {port for _, port in found}


def test_all_nodes_finalize_the_same_chain(testnet: Testnet) -> None:
    height = finalized(testnet, "alice") + 3
    eventually("the same finalized block", lambda: same_chain(testnet, height), within_s=120)


def test_killed_node_stays_away_and_catches_up_when_it_is_restarted(testnet: Testnet) -> None:
    testnet.kill("bob")
    try:
        height = finalized(testnet, "alice")
        eventually("finality without it", lambda: finalized(testnet, "alice") >= height + 3, within_s=120)
        line = next(line for line in testnet.status() if line.name == "bob")
        assert (line.state, line.pid, line.finalized) == ("STOPPED", None, None)
        with pytest.raises(ProcessNotRunning):
            testnet.kill("bob")
    finally:
        testnet.restart("bob")
    eventually("it keeps up", lambda: heads(testnet, "bob")[1] >= finalized(testnet, "alice") - 2, within_s=120)


def test_crashed_node_comes_back_by_itself(testnet: Testnet) -> None:
    before = testnet.pid("charlie")
    os.kill(before, signal.SIGKILL)
    eventually("another process", lambda: testnet.pid("charlie") != before)
    eventually("it keeps up", lambda: finalized(testnet, "charlie") >= finalized(testnet, "alice") - 2, within_s=120)


def test_network_is_refused_when_it_is_up_and_names_when_they_are_unknown(testnet: Testnet) -> None:
    with pytest.raises(AlreadyUp):
        Testnet.up(testnet.folder, validators=0)
    for deed in (testnet.kill, testnet.restart, testnet.pid, testnet.log):
        with pytest.raises(UnknownProcess):
            deed("mallory")


def test_nothing_is_left_when_it_is_down_and_the_chain_goes_on_when_it_is_up_again(make_testnet: MakeTestnet) -> None:
    network = make_testnet(nodes=1, chain=ALONE)
    with ChainClient(network.endpoints[0]) as client:
        genesis, height, first = client.genesis, client.finalized().number, client.block_hash(1)
    pids = {process.pid for process in processes_of(network.folder)}
    ports = {port for _, port in listening(pids)}
    network.down()
    assert processes_of(network.folder) == []
    assert not any(psutil.pid_exists(pid) for pid in pids if not is_zombie(pid))
    assert not [path for path in network.folder.rglob("*") if path.is_socket() or path.name == "supervisord.pid"]
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    with pytest.raises(NotUp):
        network.status()
    network.down()

    Testnet.up(network.folder, nodes=1, validators=0)
    with ChainClient(network.endpoints[0]) as client:
        assert (client.genesis, client.block_hash(1)) == (genesis, first)
        assert client.finalized().number >= height
    network.down(purge=True)
    assert not network.folder.exists()


def is_zombie(pid: int) -> bool:
    """Whether only its entry in the process table is left."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_commands_start_show_hurt_heal_and_end_a_network(native_node: Path, tmp_path: Path) -> None:
    folder = tmp_path / "net"

    def assay(*words: str, status: int = 0) -> dict[str, object]:
        command = (str(Path(sys.executable).parent / "assay"), "testnet", *words, f"--dir={folder}")
        environment = {**os.environ, "ASSAY_NODE_BINARY": str(native_node)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout) if status == 0 and "--json" in words else {"said": done.stdout + done.stderr}

    try:
        up = assay("up", "--nodes=1", "--validators=0", f"--chain={ALONE}", "--json")
        assert [(line["name"], line["state"]) for line in up["processes"]] == [("alice", "RUNNING")]  # type: ignore[attr-defined]
        assert "[1202]" in str(assay("up", status=22)["said"])
        assert assay("kill", "alice", "--json") == {"name": "alice", "state": "killed"}
        assert "[1210]" in str(assay("kill", "alice", status=22)["said"])
        assert assay("restart", "alice", "--json") == {"name": "alice", "state": "running"}
        assert "Imported" in str(assay("logs", "alice", "--lines=400")["said"])
        assert assay("status", "--json")["folder"] == str(folder)
    finally:
        assert assay("down", "--purge", "--json") == {"name": str(folder), "state": "purged"}
    assert "[1203]" in str(assay("status", status=22)["said"])


def test_nothing_is_left_when_it_does_not_start(native_node: Path, tmp_path: Path) -> None:
    network = Testnet(tmp_path / "net")
    wishes = Wishes(extra={"alice": ("--no-such-flag",)})
    with pytest.raises(ProcessEnded, match="alice ends whenever it is started"):
        Testnet.up(network.folder, nodes=1, validators=0, chain=str(ALONE), wishes=wishes)
    assert not network.is_up
    assert processes_of(network.folder) == []
