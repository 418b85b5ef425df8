"""Prometheus text of agents: what it holds, that it follows the chain, and that it tells of trouble."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from offchain.chain.types import Accepted, Committed, Drawn, Keyed, RoundState, State
from ray_jobs import SealedEvaluator
from tests.offchain.chain.test_failover import cut_off, heal, stand_still
from tests.offchain.chain.wire import Wire
from tests.validators.scene import VALIDATORS, Quiet, Scene
from validators._errors import AgentError
from validators._health import Health
from validators._log import Log
from validators._member import duty_of
from validators._ray_state import RayState
from validators._watch import STALLED_BLOCKS, ValidatorState, state_of

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scrape(port: int) -> Samples:
    """Every sample that an agent shows, by name and labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(samples: Samples, name: str, **labels: str) -> float | None:
    """One sample."""
    return samples.get((f"assay_{name}", tuple(sorted(labels.items()))))


def shown(health: Health) -> Samples:
    """What an agent would serve."""
    port = health.serve(0)
    try:
        return scrape(port)
    finally:
        health.close()


def everything() -> Health:
    """Metrics that have all been set."""
    health = Health("validator")
    health.head(1)
    health.head(1, 2)
    health.show_money(free=1, owed=1, bond=1)
    health.show_ray(RayState(up=True, warm=0, wanted=1))
    return health


def names(health: Health) -> list[str]:
    """Names of the metrics that are shown."""
    return [family.name for family in health.registry.collect()]


def a_round(state: State, deadline: int) -> Any:
    """As much of a round as metrics look at."""
    return SimpleNamespace(state=RoundState(state), deadline=deadline)


def test_health_says_who_the_agent_is() -> None:
    samples = shown(Health("steward", "5Alice"))
    [labels] = [dict(labels) for name, labels in samples if name == "assay_agent_info"]
    assert (labels["agent"], labels["account"]) == ("steward", "5Alice")
    assert samples["process_open_fds", ()] > 0


def test_health_has_every_series_before_anything_happened() -> None:
    samples = shown(Health("validator", "5Bob"))
    assert of(samples, "actions_total", kind="reveal") == 0
    assert of(samples, "rounds", state="committing") == 0
    assert of(samples, "rpc_failovers_total") == 0
    assert of(samples, "evaluations_total", outcome="failed") == 0


def test_health_shows_no_value_before_it_has_one() -> None:
    late = {"finalized_block", "best_block", "finality_lag_blocks", "balance_asy", "owed_asy", "bond_asy", "ray_up"}
    assert {f"assay_{name}" for name in late} == set(names(everything())) - set(names(Health("validator")))


def test_health_names_units_as_prometheus_does() -> None:
    families = [name for name in names(everything()) if name.startswith("assay_")]
    assert len(families) > 20
    units = ("_seconds", "_bytes", "_blocks", "_block", "_asy")
    counts = (
        "agent_info", "node_reachable", "rpc_failovers", "rounds", "own_rounds", "paused_calls", "misses", "validators",
        "actions", "dataset_faults", "errors", "evaluations", "ray_up", "ray_actors",
    )  # fmt: skip
    assert [name for name in families if not name.endswith(units) and name.removeprefix("assay_") not in counts] == []


def test_health_counts_open_rounds_and_the_latest_that_is_overdue() -> None:
    health = Health("validator")
    health.show_rounds(
        [a_round(State.COMMITTING, 90), a_round(State.COMMITTING, 120), a_round(State.REVEALING, 99)], 100
    )
    samples = shown(health)
    assert of(samples, "rounds", state="committing") == 2
    assert of(samples, "rounds", state="revealing") == 1
    assert of(samples, "round_overdue_blocks") == 10


def test_health_drops_a_duty_when_it_is_done() -> None:
    health = Health("validator")
    health.show_duties(2, {(7, "commit"): 130, (8, "reveal"): 95}, 100)
    first = shown(health)
    health.show_duties(1, {(7, "commit"): 130}, 110)
    second = shown(health)
    assert of(first, "duty_deadline_blocks", round="7", duty="commit") == 30
    assert of(first, "duty_deadline_blocks", round="8", duty="reveal") == -5
    assert of(first, "next_deadline_block") == 95
    assert of(second, "duty_deadline_blocks", round="7", duty="commit") == 20
    assert of(second, "duty_deadline_blocks", round="8", duty="reveal") is None


def test_health_shows_the_age_of_the_finalized_head_when_it_is_asked() -> None:
    health = Health("validator")
    health.head(5)
    time.sleep(0.2)
    assert (of(shown(health), "finalized_block_age_seconds") or 0) >= 0.2
    health.head(6)
    assert (of(shown(health), "finalized_block_age_seconds") or 9) < 0.2


def test_health_shows_lag_and_never_less_than_none() -> None:
    health = Health("validator")
    health.head(100, 103)
    assert of(shown(health), "finality_lag_blocks") == 3
    health.head(104, 103)
    assert of(shown(health), "finality_lag_blocks") == 0


def test_health_shows_money_in_asy() -> None:
    health = Health("validator")
    health.show_money(free=12_500_000_000_000, owed=0, bond=None)
    samples = shown(health)
    assert (of(samples, "balance_asy"), of(samples, "owed_asy"), of(samples, "bond_asy")) == (12.5, 0, None)


def test_health_counts_a_journal_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"x" * 10)
    (tmp_path / "j-wal").write_bytes(b"x" * 5)
    health = Health("validator")
    health.show_journals({"agent": tmp_path / "j", "transactions": tmp_path / "none"})
    samples = shown(health)
    assert of(samples, "journal_size_bytes", journal="agent") == 15
    assert of(samples, "journal_size_bytes", journal="transactions") == 0


def test_health_refuses_a_port_when_it_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(AgentError):
        Health("validator").serve(taken.getsockname()[1])


def test_ray_is_not_reachable_when_its_control_store_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        evaluator = SealedEvaluator.__new__(SealedEvaluator)
        evaluator._control = f"127.0.0.1:{server.getsockname()[1]}"
        assert evaluator.is_reachable()
    assert not evaluator.is_reachable()


def test_validator_is_silent_when_it_let_a_duty_pass(scene: Scene) -> None:
    entry = scene.client.evaluation.validator(scene.signer(VALIDATORS[0]).address)
    assert entry is not None
    assert state_of(entry) is ValidatorState.ALIVE
    assert state_of(replace(entry, misses=1)) is ValidatorState.SILENT
    assert state_of(replace(entry, absences=1)) is ValidatorState.SILENT
    assert state_of(replace(entry, absences=3, active=False)) is ValidatorState.CHILLED


@pytest.mark.parametrize(
    ("state", "progress", "duty"),
    [
        (State.ACCEPTING, Drawn(), "accept"),
        (State.ACCEPTING, Accepted(b""), None),
        (State.RELEASING, Accepted(b""), None),
        (State.COMMITTING, Keyed(b""), "commit"),
        (State.COMMITTING, Committed(b""), None),
        (State.REVEALING, Committed(b""), "reveal"),
        (State.SETTLED, Committed(b""), None),
    ],
)
def test_member_owes_what_its_part_in_the_round_asks(state: State, progress: Any, duty: str | None) -> None:
    assert duty_of(a_round(state, 1), SimpleNamespace(progress=progress)) == duty  # type: ignore[arg-type]


def test_worker_shows_what_it_did_when_a_round_has_ended(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    stream = Quiet()
    ray = RayState(up=True, warm=1, wanted=2)
    first = scene.worker(
        VALIDATORS[0], folders("first"), log=Log("first", stream), metrics_port=0, ray_state=lambda: ray
    )
    others = [scene.worker(uri, folders(uri)) for uri in VALIDATORS[1:]]
    steward = scene.steward(folders("steward"))
    with scene.running(first, *others, steward):
        round_ = scene.submit(*scene.checkpoint(seed))
        scene.wait_for_end(round_)
        port = next(json.loads(line)["port"] for line in stream.lines if '"metrics"' in line)
        scene.wait(lambda: of(scrape(port), "actions_total", kind="claim") == 1, "the claim to be counted")
        samples = scrape(port)
        bond = scene.client.evaluation.validator(first.account)
    for kind in ("accept", "commit", "reveal"):
        assert of(samples, "actions_total", kind=kind) == 1
    assert of(samples, "evaluations_total", outcome="scored") == 1
    assert of(samples, "evaluation_seconds_count") == 1
    assert of(samples, "node_reachable") == 1
    assert of(samples, "rounds", state="settled") is None
    assert (of(samples, "finalized_block") or 0) > 0
    assert (of(samples, "last_turn_timestamp_seconds") or 0) > time.time() - 60
    assert bond is not None
    assert of(samples, "bond_asy") == bond.bond / 10**12
    assert (of(samples, "balance_asy") or 0) > 0
    assert of(samples, "validators", state="alive") == 3
    assert (of(samples, "journal_size_bytes", journal="agent") or 0) > 0
    assert (of(samples, "ray_up"), of(samples, "ray_actors", state="wanted")) == (1, 2)
    assert not [name for name, _ in samples if name == "assay_duty_deadline_blocks"]


def test_worker_acts_on_finalized_state_only_and_says_so_when_finality_stands_still(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    stream = Quiet()
    uri = VALIDATORS[0]
    with Wire(scene.node.ws_url) as wire:
        worker = scene.worker(uri, folders(uri), log=Log(uri, stream), url=wire.url, metrics_port=0)
        others = [scene.worker(other, folders(other)) for other in VALIDATORS[1:]]
        with scene.running(worker, *others, scene.steward(folders("steward"))):
            scene.wait(lambda: any('"started"' in line for line in stream.lines), "the worker to start")
            frozen = scene.client.finalized()
            stand_still(wire, frozen.hash)
            round_ = scene.submit(*scene.checkpoint(seed))
            scene.chain.run_to(max(scene.chain.height, frozen.number + STALLED_BLOCKS))
            scene.wait(lambda: any('"finality.stalled"' in line for line in stream.lines), "the worker to notice")
            port = next(json.loads(line)["port"] for line in stream.lines if '"metrics"' in line)
            during = scrape(port)
            sent = wire.called("author_submitAndWatchExtrinsic")
            heal(wire)
            ended = scene.wait_for_end(round_)
            scene.wait(lambda: any('"finality.resumed"' in line for line in stream.lines), "the worker to go on")
    assert sent == []
    assert (of(during, "finality_lag_blocks") or 0) >= STALLED_BLOCKS
    assert of(during, "finalized_block") == frozen.number
    assert ended.state.is_final


def test_worker_earns_its_reward_when_its_nodes_fail_in_turns(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    stream, uri = Quiet(), VALIDATORS[0]
    with Wire(scene.node.ws_url) as left, Wire(scene.node.ws_url) as right:
        both = [left.url, right.url]
        worker = scene.worker(uri, folders(uri), log=Log(uri, stream), url=both, metrics_port=0)
        others = [scene.worker(other, folders(other)) for other in VALIDATORS[1:]]
        with scene.running(worker, *others, scene.steward(folders("steward"))):
            round_ = scene.submit(*scene.checkpoint(seed))
            scene.wait(lambda: any('"round.accepted"' in line for line in stream.lines), "the worker to accept")
            cut_off(left)
            scene.wait(lambda: any('"round.committed"' in line for line in stream.lines), "the worker to commit")
            heal(left)
            cut_off(right)
            assert scene.wait_for_end(round_).state.state is State.SETTLED
            scene.wait(lambda: scene.claimed(uri), "the claim")
            port = next(json.loads(line)["port"] for line in stream.lines if '"metrics"' in line)
            samples = scrape(port)
    moves = [json.loads(line) for line in stream.lines if '"node.failover"' in line]
    assert [(each["left"], each["taken"]) for each in moves[:2]] == [(both[0], both[1]), (both[1], both[0])]
    assert of(samples, "rpc_failovers_total") == len(moves)
    for name in ("Accepted", "Committed", "Revealed"):
        assert [event["member"] for event in scene.events(round_, name)].count(worker.account) == 1
