"""Two Kubo peers in a private network on loopback: publishers and odd workers use one, even workers the other."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from pathlib import Path
from typing import Any, Final

from ._errors import SetUpFailed
from ._plan import Plan
from ._programs import Program

__all__ = ["kubo_programs", "prepare_kubo"]

_INIT_S: Final = 30.0
_SETTINGS: Final = {
    # Speak to peers with our key only, to none by way of others, and tell nobody.
    "LIBP2P_FORCE_PNET": "1",
    "LIBP2P_TCP_MUX": "false",
    "IPFS_TELEMETRY": "off",
}


def kubo_programs(plan: Plan, rank: int) -> list[Program]:
    """A daemon for each peer; none where the network has no Kubo."""
    return [
        Program(
            name=name,
            command=(str(plan.wishes.ipfs), "daemon", "--migrate=false"),
            folder=plan.folder / name,
            environment={**_SETTINGS, "IPFS_PATH": str(plan.folder / name / "repo")},
            rank=rank,
        )
        for name in plan.store_ports
    ]


def prepare_kubo(plan: Plan) -> None:
    """Makes the peers' repositories, or gives those of an earlier run their new ports.

    Raises:
        SetUpFailed: Kubo does not make one.
    """
    key = f"/key/swarm/psk/1.0.0/\n/base16/\n{secrets.token_hex(32)}\n"
    for name in plan.store_ports:
        repository = plan.folder / name / "repo"
        if not (repository / "config").is_file():
            repository.mkdir(parents=True, exist_ok=True)
            _initialise(str(plan.wishes.ipfs), repository)
            _write_secret(repository / "swarm.key", key)
    identities = {name: _config(plan, name)["Identity"]["PeerID"] for name in plan.store_ports}
    for name, (rpc, gateway, swarm) in plan.store_ports.items():
        found = _config(plan, name)
        found["Addresses"] |= {
            "API": f"/ip4/127.0.0.1/tcp/{rpc}",
            "Gateway": f"/ip4/127.0.0.1/tcp/{gateway}",
            "Swarm": [f"/ip4/127.0.0.1/tcp/{swarm}"],
        }
        found["Peering"] = {
            "Peers": [
                {"ID": identities[other], "Addrs": [f"/ip4/127.0.0.1/tcp/{ports[2]}"]}
                for other, ports in plan.store_ports.items()
                if other != name
            ]
        }
        found |= {"Bootstrap": [], "AutoConf": {"Enabled": False}, "AutoTLS": {"Enabled": False}}
        found["Routing"] = {"Type": "none"}
        found["Provide"] = {"Enabled": False}
        found["Discovery"] = {"MDNS": {"Enabled": False}}
        found.setdefault("Swarm", {}).update({"RelayClient": {"Enabled": False}, "RelayService": {"Enabled": False}})
        (plan.folder / name / "repo" / "config").write_text(json.dumps(found, indent=2), encoding="utf-8")


def _config(plan: Plan, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((plan.folder / name / "repo" / "config").read_text(encoding="utf-8"))
    return found


def _initialise(ipfs: str, repository: Path) -> None:
    done = subprocess.run(
        (ipfs, "init", "--profile=test", "--empty-repo"),
        env={**os.environ, **_SETTINGS, "IPFS_PATH": str(repository)},
        capture_output=True,
        text=True,
        timeout=_INIT_S,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise SetUpFailed(f"Kubo makes no repository: {lines[-1] if lines else 'it says nothing'}", subject=ipfs)


def _write_secret(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
