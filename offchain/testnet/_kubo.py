"""Two Kubo peers in a private network on loopback: publishers and odd workers use one, even workers the other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from ._errors import SetUpFailed
from ._plan import Plan
from ._programs import Program
from ._secret_file import write_secret

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

    Args:
        plan: of a network whose secrets are made.

    Raises:
        SetUpFailed: Kubo does not make one.
    """
    for name in plan.store_ports:
        repository = plan.folder / name / "repo"
        if not repository.is_dir():
            _initialise(str(plan.wishes.ipfs), repository)
        write_secret(repository / "swarm.key", f"/key/swarm/psk/1.0.0/\n/base16/\n{plan.swarm_key.read_text()}\n")
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
        write_secret(plan.folder / name / "repo" / "config", json.dumps(found, indent=2))


def _config(plan: Plan, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((plan.folder / name / "repo" / "config").read_text(encoding="utf-8"))
    return found


def _initialise(ipfs: str, repository: Path) -> None:
    """Makes a repository, which is there whole or not at all."""
    part = repository.with_name("repo.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        done = subprocess.run(
            (ipfs, "init", "--profile=test", "--empty-repo"),
            env={**os.environ, **_SETTINGS, "IPFS_PATH": str(part)},
            capture_output=True,
            text=True,
            timeout=_INIT_S,
        )
    except subprocess.TimeoutExpired:
        raise SetUpFailed(f"Kubo makes no repository within {_INIT_S:.0f} s", subject=ipfs) from None
    except OSError as error:
        raise SetUpFailed(f"Kubo cannot be run: {error.strerror}", subject=ipfs) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise SetUpFailed(f"Kubo makes no repository: {lines[-1] if lines else 'it says nothing'}", subject=ipfs)
    part.rename(repository)
