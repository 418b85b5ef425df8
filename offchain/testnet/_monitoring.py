"""Where Prometheus finds a network: its configuration, the alert rules, and the targets of this network."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ._plan import Plan

__all__ = ["TEMPLATES", "lay_out_monitoring", "monitor"]

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "local-testnet" / "monitoring"
FILES: Final = ("prometheus.yml", "alerts.yml", "dashboard.json")


def monitor(plan: Plan) -> Path:
    """Lays out what Prometheus needs for a network, in ``monitoring`` of its directory.

    Returns:
        The configuration: ``prometheus --config.file=...``.
    """
    return lay_out_monitoring(
        plan.folder / "monitoring",
        nodes={node.name: f"{node.address}:{node.metrics_port}" for node in plan.nodes},
        validators={name: f"127.0.0.1:{plan.agent_ports[name]}" for name in plan.workers},
        stewards={name: f"127.0.0.1:{port}" for name, port in plan.agent_ports.items() if name not in plan.workers},
    )


def lay_out_monitoring(
    folder: Path, *, nodes: Mapping[str, str], validators: Mapping[str, str], stewards: Mapping[str, str]
) -> Path:
    """Copies the configuration and the rules into a folder, and writes the targets: ``HOST:PORT`` by name.

    Returns:
        The configuration.
    """
    (folder / "targets").mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(TEMPLATES / name, folder / name)
    for kind, targets in {"nodes": nodes, "validators": validators, "stewards": stewards}.items():
        found = [{"targets": [address], "labels": {"name": name}} for name, address in targets.items()]
        (folder / "targets" / f"{kind}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return folder / "prometheus.yml"
