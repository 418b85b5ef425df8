"""The small parts of agents: lanes, turns, intents, health, and what a black hole of a node does to a loop."""

from __future__ import annotations

import io
import json
import socket
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from offchain.chain import ChainClient
from offchain.chain.types import State
from tests.validators.scene import VALIDATORS, Quiet, Scene, evaluate_here
from validators import Worker
from validators._advance import STANDSTILL_S, Advancer
from validators._background import Lane
from validators._log import Log
from validators._outbox import kind_of
from validators._releases import Releases
from validators._stagger import BLOCKS_PER_RANK, blocks_to_wait

ACCOUNTS = [
    "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
    "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
    "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y",
    "5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy",
]


def test_turns_are_all_different_when_accounts_advance_one_round() -> None:
    turns = {account: blocks_to_wait(account, 7, 120, ACCOUNTS) for account in ACCOUNTS}
    assert sorted(turns.values()) == [BLOCKS_PER_RANK * rank for rank in range(len(ACCOUNTS))]
    orders = {
        tuple(sorted(ACCOUNTS, key=lambda who: blocks_to_wait(who, number, 120, ACCOUNTS))) for number in range(32)
    }
    assert len(orders) > 1


def test_lane_tells_a_value_and_an_error_and_runs_a_job_once() -> None:
    lane: Lane[int] = Lane("test")
    runs, go = [], threading.Event()

    def job() -> int:
        go.wait(60)
        runs.append(1)
        return 5

    def broken() -> int:
        raise ValueError("no")

    assert lane.take(1, lambda: job) is None
    assert lane.take(1, lambda: job) is None
    assert lane.take(2, lambda: broken) is None
    go.set()
    while (finished := lane.take(2, lambda: broken)) is None:
        go.wait(0.01)
    done = lane.take(1, lambda: job)
    assert done is not None
    assert (done.value, done.error, len(runs)) == (5, None, 1)
    assert isinstance(finished.error, ValueError)


def test_lane_does_not_begin_a_job_when_its_round_was_forgotten() -> None:
    lane: Lane[int] = Lane("test")
    go, runs = threading.Event(), []
    lane.take(1, lambda: lambda: int(go.wait(60)))
    lane.take(2, lambda: lambda: runs.append(2) or 2)  # type: ignore[func-returns-value]
    lane.forget(2)
    lane.take(3, lambda: lambda: 3)
    go.set()
    while lane.take(3, lambda: lambda: 3) is None:
        go.wait(0.01)
    assert runs == []


def test_intent_tells_its_kind() -> None:
    assert kind_of("round/7/commit") == "commit"
    assert kind_of("round/7/advance/120") == "advance"
    assert kind_of(f"round/7/{ACCOUNTS[0]}/release") == "release"


def test_releases_keep_the_first_boxes_when_others_are_made(tmp_path: Path) -> None:
    path = tmp_path / "releases.sqlite"
    first, second = [b"a" * 80, b"b" * 80], [b"c" * 80, b"d" * 80]
    releases = Releases(path, account=ACCOUNTS[0], genesis="0x00")
    assert releases.find(1, ACCOUNTS[1]) is None
    assert releases.keep(1, ACCOUNTS[1], first) == first
    assert releases.keep(1, ACCOUNTS[1], second) == first
    releases.close()
    again = Releases(path, account=ACCOUNTS[0], genesis="0x00")
    assert again.find(1, ACCOUNTS[1]) == first
    again.close()


def test_worker_goes_on_trying_and_ends_when_told_while_the_node_is_a_black_hole(scene: Scene, tmp_path: Path) -> None:
    stream, stop = Quiet(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as hole:
        client = ChainClient(f"ws://127.0.0.1:{hole.getsockname()[1]}", timeout_s=0.5)
        log = Log("worker", stream)
        worker = Worker(
            client, scene.signer(VALIDATORS[0]), scene.store_url, evaluate_here, folder=tmp_path, log=log, poll_s=0.05
        )
        thread = threading.Thread(target=worker.run, args=(stop,), daemon=True)
        thread.start()
        while sum("node.trouble" in line for line in stream.lines) < 3:
            assert thread.is_alive()
            stop.wait(0.05)
        stop.set()
        thread.join(timeout=60)
        assert not thread.is_alive()
        client.close()
    assert json.loads(stream.lines[-1])["event"] == "stopped"


def test_advancer_acts_on_a_chain_that_stands_still_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    now = 0.0
    monkeypatch.setattr("validators._advance.time.monotonic", lambda: now)
    client = SimpleNamespace(evaluation=SimpleNamespace(active=lambda: ACCOUNTS))
    outbox = SimpleNamespace(send=lambda intent, _call, own_name: sent.append(intent))
    round_: Any = SimpleNamespace(deadline=120, state=SimpleNamespace(state=State.ACCEPTING))
    last = max(ACCOUNTS, key=lambda who: blocks_to_wait(who, 7, 120, ACCOUNTS))
    advancer = Advancer(cast("Any", client), cast("Any", outbox), last, Log("test", io.StringIO()))
    advancer.tend({7: round_}, 119)
    advancer.tend({7: round_}, 120)
    assert sent == []
    now = blocks_to_wait(last, 7, 120, ACCOUNTS) * STANDSTILL_S
    advancer.tend({7: round_}, 120)
    assert sent == ["round/7/advance/120"]
