"""Prometheus, alerts and dashboard against agents that are processes on the embedded chain, and hurt in earnest."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import calls
from offchain.chain.types import State
from offchain.testnet import free_ports
from offchain.testnet._monitoring import TEMPLATES
from tests.offchain.chain.test_failover import heal, stand_still
from tests.offchain.chain.wire import Wire
from tests.validators.killable import spawn
from tests.validators.prometheus import RULES, Prometheus, expressions, metric_names, panels
from tests.validators.scene import ASY, STEWARD, VALIDATORS, Scene
from tests.validators.test_metrics import everything

NATIVE = {"substrate_block_height", "substrate_sub_libp2p_peers_count", "substrate_ready_transactions_number", "up"}
"""Metrics that no agent shows; tests/network/test_watching.py holds them against native nodes."""


def _require(tool: str) -> None:
    if shutil.which(tool) is None:
        message = f"{tool} is absent: apt install prometheus"
        if os.environ.get("ASSAY_REQUIRE_PROMETHEUS"):
            pytest.fail(message)
        pytest.skip(message)


def _promtool(*argv: str, cwd: Path = TEMPLATES) -> str:
    _require("promtool")
    done = subprocess.run(["promtool", *argv], cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _shown() -> set[str]:
    """Names of all samples that agents can show."""
    families = everything().registry.collect()
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    return {family.name + suffix for family in families for suffix in suffixes.get(family.type, ("",))}


def test_rules_are_good() -> None:
    _promtool("check", "rules", "alerts.yml")


def test_rules_fire_when_they_should_and_only_then() -> None:
    _promtool("test", "rules", "alerts_test.yml")


def test_every_alert_has_a_test() -> None:
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text())
    tested = set(re.findall(r"alertname: (\w+)", (TEMPLATES / "alerts_test.yml").read_text()))
    assert len(alerts) >= 10
    assert set(alerts) == tested


def test_configuration_is_good() -> None:
    _promtool("check", "config", "prometheus.yml")


def test_rules_name_metrics_that_exist() -> None:
    expressions_of_rules = re.sub(r"(summary|action): .*", "", RULES.read_text())
    assert metric_names(expressions_of_rules) - NATIVE <= _shown()


def test_dashboard_asks_for_metrics_that_exist() -> None:
    asked = set().union(*(metric_names(each) for found in expressions().values() for each in found))
    assert len(asked) > 20
    assert asked - NATIVE <= _shown()


def test_dashboard_is_one_that_grafana_takes(tmp_path: Path) -> None:
    described = json.loads((TEMPLATES / "dashboard.json").read_text())
    assert described["schemaVersion"] >= 36
    assert described["uid"]
    assert {each["name"] for each in described["templating"]["list"]} == {"datasource", "name"}
    ids = [panel["id"] for panel in described["panels"]]
    assert len(ids) == len(set(ids))
    boxes = [panel["gridPos"] for panel in described["panels"]]
    assert all(box["x"] >= 0 and box["x"] + box["w"] <= 24 and box["h"] > 0 for box in boxes)
    for one, other in itertools.combinations(boxes, 2):
        apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert apart or below, (one, other)
    for panel in panels():
        assert panel["title"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]) > 0


def test_dashboards_expressions_are_ones_that_prometheus_takes(tmp_path: Path) -> None:
    rules = [
        {"record": f"panel:{number}_{place}", "expr": each}
        for number, found in enumerate(expressions().values())
        for place, each in enumerate(found)
    ]
    (tmp_path / "panels.yml").write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    _promtool("check", "rules", "panels.yml", cwd=tmp_path)


@dataclass
class Watched:
    """Four agents as processes, each with the wire that it hangs on, and the Prometheus that watches them."""

    scene: Scene
    prometheus: Prometheus
    wires: dict[str, Wire]
    processes: dict[str, Any]


AGENTS = {"well": VALIDATORS[0], "victim": VALIDATORS[1], "poor": "//Poor", "keys": STEWARD}


@pytest.fixture(scope="module")
def watched(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """The agents and their Prometheus, all of them up."""
    _require("prometheus")
    folder = tmp_path_factory.mktemp("watched")
    scene.do(STEWARD, calls.balances.transfer(scene.signer(AGENTS["poor"]).address, 5 * ASY))
    ports = dict(zip(AGENTS, free_ports(len(AGENTS)), strict=True))
    with ExitStack() as stack:
        wires = {name: stack.enter_context(Wire(scene.node.ws_url)) for name in AGENTS}
        processes = {
            name: stack.enter_context(_agent(scene, name, wires[name].url, folder, ports[name])) for name in AGENTS
        }
        addresses = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        stewards = {"keys": addresses.pop("keys")}
        prometheus = stack.enter_context(
            Prometheus.running(folder / "prometheus", validators=addresses, stewards=stewards)
        )
        prometheus.wait(lambda: prometheus.up() == dict.fromkeys(AGENTS, True), "every target to be up")
        yield Watched(scene, prometheus, wires, processes)


@contextmanager
def _agent(scene: Scene, name: str, url: str, folder: Path, port: int) -> Iterator[Any]:
    kind = "steward" if name == "keys" else "validator"
    process = spawn(
        agent=kind,
        url=url,
        uri=AGENTS[name],
        folder=str(folder / name),
        store=scene.store_url,
        keyfile=str(scene.packed.keyfile),
        metrics_port=str(port),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(120)


def test_prometheus_tells_what_the_chain_holds(watched: Watched) -> None:
    prometheus, scene = watched.prometheus, watched.scene
    prometheus.wait(lambda: len(prometheus.query("assay_balance_asy > 0")) == len(AGENTS), "every agent's first report")
    well = scene.signer(AGENTS["well"]).address
    assert prometheus.value('assay_balance_asy{name="well"}') == scene.client.accounts.get(well).free / ASY
    entry = scene.client.evaluation.validator(well)
    assert entry is not None
    assert prometheus.value('assay_bond_asy{name="well"}') == entry.bond / ASY
    assert prometheus.value('assay_validators{name="keys",state="alive"}') == len(VALIDATORS)
    height = scene.client.finalized().number
    prometheus.wait(lambda: prometheus.value('assay_finalized_block{name="keys"}') == height, "the finalized head")
    [labels] = [dict(each) for each in prometheus.query('assay_agent_info{name="well"}')]
    assert labels["account"] == well


def test_dashboard_finds_what_it_asks_for(watched: Watched) -> None:
    prometheus = watched.prometheus
    wanted = {name for found in expressions().values() for each in found for name in metric_names(each)} - NATIVE
    not_here = {"assay_ray_up", "assay_ray_actors", "assay_duty_deadline_blocks", "assay_errors_total"}
    prometheus.wait(lambda: wanted - not_here <= prometheus.names(), "every series")
    for found in expressions().values():
        for each in found:
            prometheus.query(each)


@pytest.mark.slow
def test_alerts_fire_when_agents_and_chain_are_hurt_and_end_when_they_are_well(watched: Watched, seed: int) -> None:
    prometheus, scene, wires = watched.prometheus, watched.scene, watched.wires
    poor = scene.signer(AGENTS["poor"])
    faults = {
        ("ValidatorSilent", "victim"),
        ("LowBalance", "poor"),
        ("RoundStuck", "keys"),
        ("FinalityLag", "well"),
    }
    assert not faults & prometheus.firing()
    watched.processes["victim"].kill()
    scene.do(AGENTS["poor"], calls.balances.transfer(scene.signer(STEWARD).address, 9 * ASY // 2))
    for name in ("poor", "keys"):
        _lose_transactions(wires[name])
    stand_still(wires["well"], scene.client.finalized().hash)
    round_ = scene.submit(*scene.checkpoint(seed))
    while scene.client.evaluation.round(round_).state.state is State.REQUESTED:
        scene.chain.run_to(scene.chain.height + 1)
    scene.chain.run_to(scene.client.evaluation.round(round_).deadline + 40)
    prometheus.wait_for(*faults)
    assert not {name for alert, name in prometheus.firing() if alert == "RayDown"}
    assert scene.client.accounts.get(poor.address).free < ASY
    for wire in wires.values():
        heal(wire)
    scene.do(STEWARD, calls.balances.transfer(poor.address, 5 * ASY))
    prometheus.wait_for_end(*faults - {("ValidatorSilent", "victim")})
    assert ("ValidatorSilent", "victim") in prometheus.firing()


def _lose_transactions(wire: Wire) -> None:
    """The node behind the wire answers everything and loses what is submitted."""
    wire.to_node = lambda message: None if message["method"].startswith("author_submit") else message
