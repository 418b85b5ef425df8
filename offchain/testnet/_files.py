"""The same network as files of other tools: zombienet's SDK, and docker compose.

Both are written from a plan's programs, so that names, ports and flags are those of the supervised network. Sources:
the network specification in zombienet-sdk's book, and the Compose Specification.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any, Final

from ._plan import AUTHORITIES, NodePlan, Plan, Wishes
from ._programs import MARK, Program
from ._roster import AGENT_RANK, programs

__all__ = ["FOLDER", "compose", "fixed_plan", "zombienet"]

FOLDER: Final = Path("/tmp/assay-testnet")  # noqa: S108 - the owner's own, and named in what is written
_SPEC: Final = "../runtime-specs/artifacts/chain-spec-local.json"
_RPC, _P2P, _NODE_METRICS, _AGENT_METRICS, _RAY = 9944, 30333, 9715, 9615, 6379
_MANAGED: Final = ("--chain=", "--base-path=", "--node-key=", "--listen-addr=", "--rpc-port=", "--prometheus-port=")
"""What zombienet says to every node itself, as it does ``--validator``, ``--bootnodes`` and ``--no-telemetry``."""
_MANAGED_FLAGS: Final = ("--validator", "--no-telemetry")


def fixed_plan(folder: Path = FOLDER) -> Plan:
    """A network of four nodes and four workers on ports that do not change."""
    workers = [f"validator-{number}" for number in range(1, 5)]
    return Plan(
        folder=folder,
        binary=Path("assay-node"),
        wishes=Wishes(chain="chain-spec.json"),
        nodes=tuple(
            NodePlan(name, "127.0.0.1", _P2P + place, _RPC + place, _NODE_METRICS + place)
            for place, name in enumerate(AUTHORITIES)
        ),
        agent_ports={name: _AGENT_METRICS + place for place, name in enumerate((*workers, "steward"))},
        ray_port=_RAY,
        store_ports={},
    )


def zombienet(plan: Plan) -> str:
    """A network definition for ``zombie-cli spawn`` with the native provider.

    Zombienet starts agents beside the nodes, in no order: each waits for a file that is there when the chain is ready.
    """
    ready = plan.folder / "ready"
    lines = [
        _head(
            "#", "zombie-cli spawn local-testnet/zombienet.toml --provider native", "assay-node, assay and ray on PATH"
        ),
        "[settings]",
        "timeout = 600",
        f"base_dir = {_toml(str(plan.folder / 'zombienet'))}",
        "",
        "[relaychain]",
        'chain = "assay_local_testnet"',
        f"chain_spec_path = {_toml(_SPEC)}",
        'default_command = "assay-node"',
    ]
    everything = programs(plan)
    for node, program in zip(plan.nodes, everything, strict=False):
        arguments = [
            each
            for each in program.command[1:]
            if not each.startswith((*_MANAGED, "--bootnodes=")) and each not in _MANAGED_FLAGS
        ]
        lines += [
            "",
            "[[relaychain.nodes]]",
            f"name = {_toml(node.name)}",
            "validator = true",
            f"rpc_port = {node.rpc_port}",
            f"p2p_port = {node.p2p_port}",
            f"prometheus_port = {node.metrics_port}",
            f"args = {_toml(arguments)}",
        ]
    prepare = f"{shlex.join(_prepare(plan))} && touch {shlex.quote(str(ready))}"
    lines += _process("prepare", f"rm -f {shlex.quote(str(ready))}; {prepare}", {})
    for program in everything[len(plan.nodes) :]:
        waiting = f"until test -f {shlex.quote(str(ready))}; do sleep 1; done"
        inside = f"cd {shlex.quote(str(program.folder))}; exec {shlex.join(_plain(program))}"
        lines += _process(program.name, f"{waiting}; {inside}", _environment(program))
    return "\n".join(lines) + "\n"


def compose(plan: Plan) -> str:
    """A Compose file. Containers share the host's network, so that everything stays on its loopback interface."""
    everything = programs(plan)
    services: dict[str, Any] = {}
    for program in everything[: len(plan.nodes)]:
        services[program.name] = {
            "image": "assay-node:local",
            "build": {"context": "..", "dockerfile": "local-testnet/node.Dockerfile"},
            "command": [each.replace("chain-spec.json", "/chain-spec.json") for each in program.command[1:]],
            "network_mode": "host",
            "restart": "on-failure",
            "volumes": [f"{program.name}:{program.folder}", f"{_SPEC}:/chain-spec.json:ro"],
        }
    agent = {
        "image": "assay:local",
        "build": {"context": "..", "dockerfile": "local-testnet/assay.Dockerfile"},
        "network_mode": "host",
        "init": True,
        "volumes": [f"agents:{plan.folder}"],
    }
    services["prepare"] = {
        **agent,
        "command": list(_prepare(plan)),
        "depends_on": {node.name: {"condition": "service_started"} for node in plan.nodes},
    }
    for program in everything[len(plan.nodes) :]:
        needs = {"prepare": {"condition": "service_completed_successfully"}}
        if program.rank == AGENT_RANK:
            needs["ray"] = {"condition": "service_started"}
        services[program.name] = {
            **agent,
            "command": list(_plain(program)),
            "working_dir": str(program.folder),
            "environment": _environment(program),
            "restart": "on-failure",
            "depends_on": needs,
        }
    workers = {name: service for name, service in services.items() if name.startswith("validator-") or name == "ray"}
    for service in workers.values():  # Ray's object store lies in shared memory, for which workers and Ray must agree
        service |= {
            "ipc": "host",
            "pid": "host",
            "volumes": [*service["volumes"], f"{plan.ray_folder}:{plan.ray_folder}"],
        }
    document = {
        "name": "assay-testnet",
        "services": services,
        "volumes": {**{node.name: {} for node in plan.nodes}, "agents": {}},
    }
    head = _head("#", "docker compose -f local-testnet/docker-compose.yml up --build", "docker compose 2.20 on Linux")
    return f"{head}\n{_yaml(document)}"


def _head(mark: str, command: str, needs: str) -> str:
    return "\n".join(
        f"{mark} {line}".rstrip()
        for line in (
            "The local network of `assay testnet up`: four nodes, four validator workers, a steward.",
            "NOT RUN by our tests: they hold that it reads well and agrees with the supervised network.",
            "Written by `python local-testnet/write.py`: do not edit.",
            "",
            f"Needs {needs}.",
            f"  {command}",
            "",
        )
    )


def _prepare(plan: Plan) -> tuple[str, ...]:
    return ("assay", "testnet", "prepare", f"--dir={plan.folder}", f"--node={plan.nodes[0].websocket}")


def _plain(program: Program) -> tuple[str, ...]:
    return (Path(program.command[0]).name, *program.command[1:])


def _environment(program: Program) -> dict[str, str]:
    return {name: value for name, value in sorted(program.environment.items()) if name != MARK}


def _process(name: str, script: str, environment: dict[str, str]) -> list[str]:
    pairs = ", ".join(f"{{ name = {_toml(key)}, value = {_toml(value)} }}" for key, value in environment.items())
    return [
        "",
        "[[custom_processes]]",
        f"name = {_toml(name)}",
        'command = "sh"',
        f"args = {_toml(['-c', script])}",
        *([f"env = [{pairs}]"] if environment else []),
    ]


def _toml(value: Any) -> str:
    """Strings and lists of strings: what JSON writes of them, TOML reads."""
    return json.dumps(value, ensure_ascii=False)


def _yaml(value: Any, depth: int = 0) -> str:
    """Maps in block form; whatever lies in them as JSON, which YAML reads."""
    pad = "  " * depth
    lines = []
    for name, inner in value.items():
        if isinstance(inner, dict) and inner and depth < 3:
            lines.append(f"{pad}{name}:\n{_yaml(inner, depth + 1)}")
        elif isinstance(inner, list) and len(inner) > 1:
            lines.append(f"{pad}{name}:\n" + "".join(f"{pad}  - {json.dumps(each)}\n" for each in inner))
        else:
            lines.append(f"{pad}{name}: {json.dumps(inner)}\n")
    return "".join(lines)
