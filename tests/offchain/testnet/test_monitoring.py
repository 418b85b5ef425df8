"""What Prometheus needs for a network is laid out with it."""

from __future__ import annotations

import json
from pathlib import Path

from offchain.testnet import Plan, Wishes
from offchain.testnet._monitoring import TEMPLATES, monitor


def test_network_has_a_target_for_every_node_and_agent(tmp_path: Path) -> None:
    plan = Plan.lay_out(tmp_path, Path("/nowhere"), Wishes(nodes=4, validators=2, addresses={"bob": "10.0.0.2"}))
    config = monitor(plan)
    assert config.read_text() == (TEMPLATES / "prometheus.yml").read_text()
    assert (config.parent / "alerts.yml").is_file()
    found = {
        path.stem: {each["labels"]["name"]: each["targets"] for each in json.loads(path.read_text())}
        for path in (config.parent / "targets").iterdir()
    }
    assert found["nodes"]["alice"] == [f"127.0.0.1:{plan.nodes[0].metrics_port}"]
    assert found["nodes"]["bob"] == [f"10.0.0.2:{plan.nodes[1].metrics_port}"]
    assert set(found["validators"]) == {"validator-1", "validator-2"}
    assert found["stewards"] == {"steward": [f"127.0.0.1:{plan.agent_ports['steward']}"]}


def test_laying_out_again_replaces_the_targets(tmp_path: Path) -> None:
    monitor(Plan.lay_out(tmp_path, Path("/nowhere"), Wishes(nodes=2, validators=0)))
    config = monitor(Plan.lay_out(tmp_path, Path("/nowhere"), Wishes(nodes=1, validators=0)))
    assert len(json.loads((config.parent / "targets" / "nodes.json").read_text())) == 1
