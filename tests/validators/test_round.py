"""A round from draw to reward, by three workers and the steward's key agent on the real runtime."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from offchain.chain.types import Missed, Revealed, RoundState, State
from offchain.chain.types import Stage as Missing
from ray_jobs import ActorDied, RayUnavailable
from tests.offchain.chain.wire import Cut, Wire
from tests.validators.scene import VALIDATORS, Quiet, Scene, evaluate_here, lie
from validators import _worker
from validators._log import Log
from validators._work import EvaluationJob, Finding


def test_worker_is_paid_when_it_scores_honestly(scene: Scene, seed: int, folders: Callable[[str], Path]) -> None:
    before = {uri: scene.client.accounts.get(scene.signer(uri).address).total for uri in VALIDATORS}
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS]
    with scene.running(*workers, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        ended = scene.wait_for_end(round_)
        assert ended.state.state is State.SETTLED
        for uri in VALIDATORS:
            scene.wait(lambda uri=uri: scene.claimed(uri), f"the claim of {uri}")  # type: ignore[misc]
    members = scene.client.evaluation.members(round_)
    assert all(isinstance(each.progress, Revealed) and each.progress.agrees for each in members.values())
    for uri in VALIDATORS:
        assert scene.client.accounts.get(scene.signer(uri).address).total > before[uri]


def test_worker_is_not_paid_when_it_lies(scene: Scene, seed: int, folders: Callable[[str], Path]) -> None:
    liar = VALIDATORS[0]
    workers = [scene.worker(liar, folders(liar), evaluate=lie)]
    workers += [scene.worker(uri, folders(uri)) for uri in VALIDATORS[1:]]
    with scene.running(*workers, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        assert scene.wait_for_end(round_).state.state is State.SETTLED
        credited = {event["who"] for event in scene.events(round_, "Credited") if event["reason"] == "Reward"}
    assert credited == {scene.signer(uri).address for uri in VALIDATORS[1:]}
    member = scene.client.evaluation.member(round_, scene.signer(liar).address)
    assert member is not None
    assert isinstance(member.progress, Revealed)
    assert member.progress.agrees is False


def test_twin_of_a_worker_takes_nothing_from_it(scene: Scene, seed: int, folders: Callable[[str], Path]) -> None:
    """Two processes with one key, as on two machines: only one of them can open the round's keys."""
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS]
    twin = scene.worker(VALIDATORS[0], folders("twin"))
    with scene.running(twin, *workers, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        assert scene.wait_for_end(round_).state.state is State.SETTLED
    account = scene.signer(VALIDATORS[0]).address
    for deed in ("Committed", "Revealed"):
        assert [event["member"] for event in scene.events(round_, deed)].count(account) == 1
    assert not scene.events(round_, "Declined")
    assert not scene.events(round_, "Missed")


def test_worker_evaluates_again_when_what_it_evaluates_on_died(
    scene: Scene, seed: int, folders: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_worker, "PAUSE_S", 0.2)
    deaths = iter((ActorDied("a worker process died"), RayUnavailable("Ray does not answer")))

    def evaluate(job: EvaluationJob) -> Finding:
        for death in deaths:
            raise death
        return evaluate_here(job)

    workers = [scene.worker(VALIDATORS[0], folders("first"), evaluate=evaluate)]
    workers += [scene.worker(uri, folders(uri)) for uri in VALIDATORS[1:]]
    with scene.running(*workers, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        assert scene.wait_for_end(round_).state.state is State.SETTLED
    assert not scene.events(round_, "Declined")
    assert next(deaths, None) is None


def test_worker_logs_what_it_does_and_no_secret(scene: Scene, seed: int, folders: Callable[[str], Path]) -> None:
    stream = Quiet()
    first = scene.worker(VALIDATORS[0], folders("first"), log=Log("first", stream), metrics_port=0)
    others = [scene.worker(uri, folders(uri)) for uri in VALIDATORS[1:]]
    with scene.running(first, *others, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        scene.wait_for_end(round_)
        scene.wait(lambda: any('"round.done"' in line for line in stream.lines), "the worker to be done")
        assert first.health.last_block._value.get() > 0
    events = [json.loads(line)["event"] for line in stream.lines]
    wanted = ["round.drawn", "round.checked", "round.accepted", "round.evaluated", "round.committed", "round.revealed"]
    assert [event for event in events if event in wanted] == wanted
    revealed = scene.client.evaluation.member(round_, scene.signer(VALIDATORS[0]).address)
    assert revealed is not None
    assert isinstance(revealed.progress, Revealed)
    assert revealed.progress.reveal.salt.hex() not in "".join(stream.lines)


def test_worker_moves_a_round_on_when_a_member_is_absent(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS[:2]]
    with scene.running(*workers, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        scene.wait(lambda: scene.client.evaluation.round(round_).accepted == 2, "two to accept")
        scene.chain.run_to(scene.client.evaluation.round(round_).deadline)
        assert scene.wait_for_end(round_).state.state is State.SETTLED
    absent = scene.client.evaluation.member(round_, scene.signer(VALIDATORS[2]).address)
    assert absent is not None
    assert absent.progress == Missed(Missing.ANSWER)


def test_worker_ends_a_round_when_the_steward_withholds_its_keys(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    before = scene.client.datasets.get(0).faults
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS]
    with scene.running(*workers):
        round_ = scene.submit(*scene.checkpoint(seed))
        scene.wait(lambda: scene.client.evaluation.round(round_).state.state is State.RELEASING, "all to accept")
        scene.chain.run_to(scene.client.evaluation.round(round_).deadline)
        assert scene.wait_for_end(round_).state == RoundState(State.FAILED, "KeysWithheld")
    assert scene.client.datasets.get(0).faults == before + 1


def test_worker_does_each_deed_once_when_its_connection_is_cut_again_and_again(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    uri = VALIDATORS[0]
    counts = {"node": 0, "client": 0}

    def every(side: str, number: int, mishap: Callable[[], None]) -> Callable[[dict[str, Any]], Any]:
        def rule(message: dict[str, Any]) -> dict[str, Any] | None:
            counts[side] += 1
            if counts[side] % number:
                return message
            mishap()
            return None

        return rule

    def cut() -> None:
        raise Cut

    with Wire(scene.node.ws_url) as wire:
        wire.to_node, wire.to_client = every("node", 41, cut), every("client", 97, lambda: None)
        worker = scene.worker(uri, folders(uri), url=wire.url, timeout_s=1.0)
        others = [scene.worker(other, folders(other)) for other in VALIDATORS[1:]]
        with scene.running(worker, *others, scene.steward(folders("steward"))):
            round_ = scene.submit(*scene.checkpoint(seed))
            assert scene.wait_for_end(round_).state.state is State.SETTLED
            scene.wait(lambda: scene.claimed(uri), "the claim")
        assert wire.connections > 3
    address = scene.signer(uri).address
    for name in ("Accepted", "Committed", "Revealed"):
        assert [event["member"] for event in scene.events(round_, name)].count(address) == 1
