"""Four native nodes, four workers and a steward under a real Prometheus: all is scraped, and faults raise alarms."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator

import pytest

from offchain.chain import ChainClient, development_signer
from offchain.chain.authorship import authorities
from offchain.testnet import Testnet
from tests.validators.prometheus import Prometheus, expressions, metric_names
from validators._status import Overview, overview
from validators._watch import ValidatorState

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(900)]
LONG_S = 400.0


@pytest.fixture(scope="module")
def prometheus(full_testnet: Testnet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus on the configuration that the network laid out, with every target up."""
    if shutil.which("prometheus") is None:
        if os.environ.get("ASSAY_REQUIRE_PROMETHEUS"):
            pytest.fail("prometheus is absent: apt install prometheus")
        pytest.skip("prometheus is absent: apt install prometheus")
    config = full_testnet.folder / "monitoring" / "prometheus.yml"
    with Prometheus.running(tmp_path_factory.mktemp("prometheus"), config=config) as running:
        names = {node.name for node in full_testnet.plan.nodes} | set(full_testnet.plan.agents)
        running.wait(lambda: running.up() == dict.fromkeys(names, True), "every target to be up", seconds=LONG_S)
        yield running


def look(testnet: Testnet, *, node: int = 0) -> Overview:
    """What ``assay status`` shows."""
    others = testnet.endpoints[node:] + testnet.endpoints[:node]
    with ChainClient(others) as client:
        return overview(client, account=None, most_rounds=20, folder=testnet.folder / "validator-1" / "agents")


def test_prometheus_tells_of_every_node_and_agent_what_the_chain_says(
    full_testnet: Testnet, prometheus: Prometheus
) -> None:
    with ChainClient(full_testnet.endpoints) as client:
        height = client.finalized().number
        prometheus.wait(
            lambda: min(prometheus.query('substrate_block_height{status="finalized"}').values()) >= height,
            "every node to finalize this block",
        )
        prometheus.wait(
            lambda: min(prometheus.query("assay_finalized_block").values()) >= height, "every agent to work it through"
        )
        free = client.accounts.get(development_signer(full_testnet.plan.account("validator-1"), client).address).free
    assert len(prometheus.query('substrate_block_height{status="best"}')) == 4
    assert len(prometheus.query("assay_finalized_block")) == 5
    assert prometheus.value('assay_balance_asy{name="validator-1"}') == pytest.approx(free / 10**12, rel=1e-3)
    assert prometheus.value('assay_ray_up{name="validator-1"}') == 1
    assert prometheus.value('assay_validators{name="steward",state="alive"}') == 4


def test_dashboard_asks_for_metrics_that_nodes_and_agents_have(prometheus: Prometheus) -> None:
    asked = set().union(*(metric_names(each) for found in expressions().values() for each in found))
    only_in_rounds = {"assay_duty_deadline_blocks", "assay_errors_total"}
    prometheus.wait(lambda: asked - only_in_rounds <= prometheus.names(), f"{asked - prometheus.names()}")
    for found in expressions().values():
        for each in found:
            prometheus.query(each)


def test_status_shows_every_authority_and_validator_of_a_native_network(full_testnet: Testnet) -> None:
    until = time.monotonic() + 120
    while any(each.state == "silent" for each in look(full_testnet).authorities):
        assert time.monotonic() < until
        time.sleep(3)
    found = look(full_testnet)
    assert len(found.authorities) == 4
    assert all(each.last_block is not None for each in found.authorities)
    assert found.chain.peers == 3
    assert not found.chain.finality_stalled
    assert [each.state for each in found.validators] == [ValidatorState.ALIVE] * 4
    assert [(agent.name.split("-")[0], agent.running) for agent in found.agents] == [("validator", True)]


def test_alarm_is_raised_when_a_worker_is_killed_and_ends_when_it_is_back(
    full_testnet: Testnet, prometheus: Prometheus
) -> None:
    full_testnet.kill("validator-4")
    try:
        prometheus.wait_for(("ValidatorSilent", "validator-4"), seconds=LONG_S)
        assert [name for alert, name in prometheus.firing() if alert == "ValidatorSilent"] == ["validator-4"]
    finally:
        full_testnet.restart("validator-4")
    prometheus.wait_for_end(("ValidatorSilent", "validator-4"), seconds=LONG_S)


def test_alarms_are_raised_when_half_of_the_nodes_are_down_and_workers_go_on_when_they_are_back(
    full_testnet: Testnet, prometheus: Prometheus
) -> None:
    down = ("charlie", "dave")
    before = prometheus.value('assay_rpc_failovers_total{name="validator-3"}') or 0
    for name in down:
        full_testnet.kill(name)
    try:
        lag = {("FinalityLag", name) for name in ("alice", "bob", "validator-1", "steward")}
        prometheus.wait_for(*lag, *(("NodeDown", name) for name in down), seconds=LONG_S)
        found = look(full_testnet)
        assert found.chain.finality_stalled
        assert sorted(each.state for each in found.authorities) == ["alive", "alive", "silent", "silent"]
        assert prometheus.value('assay_rpc_failovers_total{name="validator-3"}') > before  # type: ignore[operator]
        assert prometheus.value('assay_node_reachable{name="validator-3"}') == 1
        stood_at = found.chain.finalized
    finally:
        for name in down:
            full_testnet.restart(name)
    prometheus.wait_for_end(*lag, *(("NodeDown", name) for name in down), seconds=LONG_S)
    prometheus.wait(
        lambda: min(prometheus.query("assay_finalized_block").values()) > stood_at,
        "every agent to go on",
        seconds=LONG_S,
    )


def test_authors_of_a_native_network_are_those_of_its_slots(full_testnet: Testnet) -> None:
    with ChainClient(full_testnet.endpoints) as client:
        found = authorities(client)
        known = {development_signer(uri, client).address for uri in ("//Alice", "//Bob", "//Charlie", "//Dave")}
    assert {each.account for each in found} == known
