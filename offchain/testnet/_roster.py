"""The programs of a network, from its plan."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from ._errors import TestnetError
from ._kubo import kubo_programs
from ._plan import NodePlan, Plan
from ._programs import MARK, Program

__all__ = ["AGENT_RANK", "programs", "tool"]

_NODE_RANK: Final = 100
_HELPER_RANK: Final = 200
AGENT_RANK: Final = 300
_RAY_STORE_BYTES: Final = 256 * 2**20
_RAY_SETTINGS: Final = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    # Ray binds to every interface; told that it cannot form clusters here, it binds to the loopback one alone.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
}
_RAY_CPUS: Final = 2
_CPUS_PER_ACTOR: Final = 0.25
"""Of Ray's CPUs: a committee of four evaluates at once on any machine."""


def programs(plan: Plan) -> list[Program]:
    """Every program of the network, nodes first; agents wait until the chain is prepared for them."""
    found = [_node(plan, node) for node in plan.nodes]
    if plan.agents:
        found += [_ray(plan), *kubo_programs(plan, _HELPER_RANK), *(_agent(plan, name) for name in plan.agents)]
    return [_as_wished(plan, program) for program in found]


def tool(name: str) -> str:
    """The path of a command that was installed with us.

    Raises:
        TestnetError: it was not.
    """
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        raise TestnetError("a command of the installation is absent", subject=name, hint="install anew: make setup")
    return found


def _node(plan: Plan, node: NodePlan) -> Program:
    folder = plan.folder / node.name
    everywhere = (
        ()
        if node.is_local
        else ("--unsafe-rpc-external", "--rpc-methods=unsafe", "--rpc-cors=all", "--prometheus-external")
    )
    others = [f"{other.listen}/p2p/{other.peer_id}" for other in plan.nodes if other.name != node.name]
    return Program(
        name=node.name,
        command=(
            str(plan.binary),
            f"--chain={plan.wishes.chain}",
            f"--base-path={folder / 'data'}",
            f"--{node.name}",
            "--validator",
            f"--node-key={node.key}",
            f"--listen-addr={node.listen}",
            f"--rpc-port={node.rpc_port}",
            f"--prometheus-port={node.metrics_port}",
            *everywhere,
            "--no-mdns",
            "--allow-private-ip",
            "--no-telemetry",
            *(f"--bootnodes={address}" for address in others),
            *plan.wishes.node_arguments,
        ),
        folder=folder,
        rank=_NODE_RANK,
        patience_s=20,
    )


def _ray(plan: Plan) -> Program:
    """One Ray for all workers: one for each would take a gibibyte more and seconds of two cores."""
    folder = plan.folder / "ray"
    return Program(
        name="ray",
        command=(
            sys.executable,
            "-m",
            "offchain.testnet.ray_head",
            "start",
            "--head",
            "--block",
            f"--port={plan.ray_port}",
            "--node-ip-address=127.0.0.1",
            f"--num-cpus={_RAY_CPUS}",
            "--include-dashboard=false",
            "--disable-usage-stats",
            f"--object-store-memory={_RAY_STORE_BYTES}",
            f"--temp-dir={plan.ray_folder}",
            '--system-config={"automatic_object_spilling_enabled":false}',
        ),
        folder=folder,
        environment={**_RAY_SETTINGS, "RAY_AUTH_TOKEN_PATH": str(plan.ray_token)},
        rank=_HELPER_RANK,
        patience_s=20,
    )


def _agent(plan: Plan, name: str) -> Program:
    folder = plan.folder / name
    kind = "steward" if name == "steward" else "validator"
    special: tuple[str, ...] = (f"--keys={plan.folder / 'steward' / 'keys.json'}",)
    environment = {"ASSAY_HOME": str(folder), "ASSAY_PASSPHRASE_FILE": str(plan.passphrase)}
    if kind == "validator":
        special = (
            f"--store={plan.store_of(name)}",
            f"--ray=127.0.0.1:{plan.ray_port}",
            "--actors=1",
            f"--cpus-per-actor={_CPUS_PER_ACTOR}",
        )
        environment |= {**_RAY_SETTINGS, "RAY_AUTH_TOKEN_PATH": str(plan.ray_token)}
    return Program(
        name=name,
        command=(
            tool("assay"),
            kind,
            "run",
            f"--account={plan.account(name)}",
            f"--node={plan.node_of(name)}",
            f"--metrics-port={plan.agent_ports[name]}",
            *special,
        ),
        folder=folder,
        environment=environment,
        starts_alone=False,
        rank=AGENT_RANK,
        patience_s=20,
    )


def _as_wished(plan: Plan, program: Program) -> Program:
    wishes = plan.wishes
    return Program(
        name=program.name,
        command=(*wishes.prefix.get(program.name, ()), *program.command, *wishes.extra.get(program.name, ())),
        folder=program.folder,
        environment={**program.environment, **wishes.environment.get(program.name, {}), MARK: str(plan.folder)},
        starts_alone=program.starts_alone,
        rank=program.rank,
        patience_s=program.patience_s,
    )
