"""Plans: ports nobody has, names and keys that agree, and what is written is read back."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from offchain.testnet import DirectoryUnfit, NotUp, Plan, Testnet, TestnetError, UnknownProcess, Wishes, free_ports
from offchain.testnet._roster import programs


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan.lay_out(tmp_path, Path("/bin/assay-node"), Wishes(ipfs="/bin/ipfs"))


def test_plan_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    wishes = Wishes(
        chain="spec.json",
        node_arguments=("--state-pruning=archive",),
        extra={"bob": ("-lfoo=debug",)},
        prefix={"alice": ("faketime", "-f", "+5m")},
        addresses={"dave": "10.0.0.4"},
        worker_nodes={"steward": "ws://127.0.0.1:1"},
        environment={"ray": {"A": "b"}},
        ipfs="/bin/ipfs",
    )
    plan = Plan.lay_out(tmp_path, Path("/bin/assay-node"), wishes)
    plan.save()
    assert Plan.load(tmp_path) == plan


def test_plan_is_refused_when_it_is_another_versions(tmp_path: Path) -> None:
    (tmp_path / "testnet.json").write_text(json.dumps({"wishes": {}}))
    with pytest.raises(DirectoryUnfit):
        Plan.load(tmp_path)


def test_ports_are_free_and_all_different(plan: Plan) -> None:
    ports = [port for node in plan.nodes for port in (node.p2p_port, node.rpc_port, node.metrics_port)]
    ports += [*plan.agent_ports.values(), plan.ray_port or 0]
    ports += [port for three in plan.store_ports.values() for port in three]
    assert len(set(ports)) == len(ports) == 12 + 5 + 1 + 6
    for port in free_ports(3):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", port))


def test_nodes_are_given_the_identities_of_all_others(plan: Plan) -> None:
    commands = {program.name: program.command for program in programs(plan)}
    for node in plan.nodes:
        others = {f"--bootnodes={other.listen}/p2p/{other.peer_id}" for other in plan.nodes if other != node}
        assert others == {argument for argument in commands[node.name] if argument.startswith("--bootnodes=")}
        assert f"--node-key={node.key}" in commands[node.name]
    assert len({node.peer_id for node in plan.nodes}) == 4


def test_peer_identity_has_libp2ps_form() -> None:
    from nacl.signing import SigningKey

    from offchain.testnet._plan import peer_id_of

    assert peer_id_of(SigningKey(b"\x01" * 32)).startswith("12D3KooW")
    assert len(peer_id_of(SigningKey(b"\x01" * 32))) == 52


def test_workers_have_accounts_and_preferred_nodes_of_their_own(plan: Plan) -> None:
    accounts = [plan.account(name) for name in plan.agents]
    assert accounts == ["//Bob", "//Charlie", "//Dave", "//Eve", "//Alice"]
    preferred = [plan.node_of(name).split(",")[0] for name in plan.workers]
    assert preferred == [node.websocket for node in plan.nodes]
    assert {frozenset(plan.node_of(name).split(",")) for name in plan.agents} == {
        frozenset(node.websocket for node in plan.nodes)
    }


def test_agents_share_a_folder_when_there_is_no_kubo(tmp_path: Path) -> None:
    plan = Plan.lay_out(tmp_path, Path("/bin/assay-node"), Wishes())
    assert {plan.store_of(name) for name in plan.agents} == {(tmp_path / "store").as_uri()}


def test_wishes_change_a_command(tmp_path: Path) -> None:
    wishes = Wishes(prefix={"bob": ("nice",)}, extra={"bob": ("--x",)}, node_arguments=("--y",), validators=0)
    by_name = {program.name: program.command for program in programs(Plan.lay_out(tmp_path, Path("/n"), wishes))}
    assert set(by_name) == {"alice", "bob", "charlie", "dave"}
    assert by_name["bob"][:2] == ("nice", "/n")
    assert by_name["bob"][-2:] == ("--y", "--x")
    assert by_name["alice"][0] == "/n"
    assert by_name["alice"][-1] == "--y"


def test_rpc_is_open_to_others_only_when_a_node_has_an_address_of_its_own(tmp_path: Path) -> None:
    wishes = Wishes(addresses={"bob": "10.9.0.2"}, validators=0)
    by_name = {program.name: program.command for program in programs(Plan.lay_out(tmp_path, Path("/n"), wishes))}
    assert "--unsafe-rpc-external" in by_name["bob"]
    assert not [argument for argument in by_name["alice"] if "external" in argument]


def test_commands_are_refused_when_there_is_no_network(tmp_path: Path) -> None:
    network = Testnet(tmp_path)
    assert not network.is_up
    for deed in (
        network.status,
        lambda: network.endpoints,
        lambda: network.kill("bob"),
        lambda: network.restart("bob"),
    ):
        with pytest.raises(NotUp):
            deed()
    network.down()


def test_network_is_refused_when_it_has_too_many_nodes(tmp_path: Path) -> None:
    with pytest.raises(TestnetError):
        Testnet.up(tmp_path / "net", nodes=5)


def test_unknown_log_is_refused(plan: Plan) -> None:
    plan.save()
    with pytest.raises(UnknownProcess):
        Testnet(plan.folder).log("mallory")
