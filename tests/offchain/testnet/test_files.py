"""The zombienet and compose files: well formed, of keys that the tools know, and the supervised network's picture."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from offchain.testnet import AUTHORITIES, NodeBinaryAbsent, compose, fixed_plan, node_binary, zombienet
from offchain.testnet._roster import programs

FOLDER = Path(__file__).resolve().parents[3] / "local-testnet"
AGENTS = ("validator-1", "validator-2", "validator-3", "validator-4", "steward")
NODE_KEYS = {"name", "validator", "rpc_port", "p2p_port", "prometheus_port", "args"}
"""Of a node in zombienet-sdk's network specification, those that we use."""
SERVICE_KEYS = {
    *("image", "build", "command", "network_mode", "restart", "volumes", "init", "depends_on"),
    *("environment", "working_dir", "ipc", "pid"),
}
"""Of a service in the Compose Specification, those that we use."""


@pytest.fixture
def network() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "zombienet.toml").read_text())


@pytest.fixture
def composition() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "docker-compose.yml").read_text())
    return found


def test_files_are_those_that_the_plan_gives() -> None:
    plan = fixed_plan()
    again = "run `python local-testnet/write.py`"
    assert (FOLDER / "zombienet.toml").read_text() == zombienet(plan), again
    assert (FOLDER / "docker-compose.yml").read_text() == compose(plan), again


def test_zombienet_has_the_networks_nodes_and_processes(network: dict[str, Any]) -> None:
    plan = fixed_plan()
    assert set(network) == {"settings", "relaychain", "custom_processes"}
    nodes = network["relaychain"]["nodes"]
    assert [node["name"] for node in nodes] == list(AUTHORITIES)
    for node, planned in zip(nodes, plan.nodes, strict=True):
        assert set(node) == NODE_KEYS
        ports = (node["p2p_port"], node["rpc_port"], node["prometheus_port"])
        assert ports == (planned.p2p_port, planned.rpc_port, planned.metrics_port)
        assert node["args"][0] == f"--{node['name']}"
    processes = {process["name"]: process for process in network["custom_processes"]}
    assert list(processes) == ["prepare", "ray", *AGENTS]
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{0,62}", name) for name in processes)
    for process in processes.values():
        assert set(process) <= {"name", "command", "args", "env"}
        assert all(set(pair) == {"name", "value"} for pair in process.get("env", []))
    for program in programs(plan)[len(plan.nodes) :]:
        script = processes[program.name]["args"][1]
        assert all(argument in script for argument in program.command[1:] if '"' not in argument)
    assert (FOLDER / network["relaychain"]["chain_spec_path"]).resolve().is_file()


def test_zombienets_own_scripts_are_shell(network: dict[str, Any]) -> None:
    for process in network["custom_processes"]:
        assert process["command"] == "sh"
        subprocess.run(("sh", "-n", "-c", process["args"][1]), check=True)


def test_composition_has_the_networks_services(composition: dict[str, Any]) -> None:
    plan = fixed_plan()
    services = composition["services"]
    assert list(services) == [*AUTHORITIES, "prepare", "ray", *AGENTS]
    volumes = set(composition["volumes"])
    for service in services.values():
        assert set(service) <= SERVICE_KEYS
        assert service["network_mode"] == "host"
        assert (FOLDER / service["build"]["context"] / service["build"]["dockerfile"]).resolve().is_file()
        assert set(service.get("depends_on", {})) <= set(services)
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in volumes or source.startswith("/tmp/assay-") or (FOLDER / source).resolve().is_file()
    for program in programs(plan):
        command = services[program.name]["command"]
        wanted = [argument.replace("chain-spec.json", "/chain-spec.json") for argument in program.command[1:]]
        assert command[-len(wanted) :] == wanted


def test_nothing_listens_beyond_loopback(composition: dict[str, Any]) -> None:
    text = (FOLDER / "docker-compose.yml").read_text()
    assert "0.0.0.0" not in text
    assert "external" not in text
    assert not [service for service in composition["services"].values() if "ports" in service]


def test_ports_of_the_fixed_plan_are_all_different() -> None:
    plan = fixed_plan()
    ports = [port for node in plan.nodes for port in (node.p2p_port, node.rpc_port, node.metrics_port)]
    ports += [*plan.agent_ports.values(), plan.ray_port or 0]
    assert len(set(ports)) == len(ports) == 4 * 3 + 5 + 1


@pytest.mark.network
def test_node_knows_every_flag_that_we_give_it() -> None:
    try:
        binary = node_binary()
    except NodeBinaryAbsent as absent:
        pytest.skip(str(absent))
    said = subprocess.run((str(binary), "--help"), capture_output=True, text=True, check=True, timeout=30).stdout
    known = set(re.findall(r"--[a-z0-9-]+", said))
    plan = fixed_plan()
    given = {argument.split("=")[0] for program in programs(plan)[:4] for argument in program.command[1:]}
    managed = {"--name", "--rpc-cors", "--rpc-methods", "--prometheus-external", "--node-key", "--bootnodes"}
    assert (given | managed) - known == set()
