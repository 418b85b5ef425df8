"""Agents with several nodes: one of another chain, one that is away, one that is cut off from the rest."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from offchain.chain.errors import WrongChain
from offchain.chain.types import State
from tests.offchain.chain.test_failover import other_chain, silence, stand_still
from tests.offchain.chain.wire import Wire
from tests.validators.scene import VALIDATORS, Quiet, Scene
from validators import _watch
from validators._log import Log


def told(stream: Quiet, event: str) -> list[dict[str, object]]:
    """The lines of an event."""
    return [line for line in map(json.loads, stream.lines) if line["event"] == event]


def test_worker_refuses_to_start_when_one_of_its_nodes_is_of_another_chain(
    scene: Scene, folders: Callable[[str], Path]
) -> None:
    with other_chain() as foreign:
        worker = scene.worker(VALIDATORS[0], folders("worker"), url=[scene.node.ws_url, foreign])
        with worker.client, pytest.raises(WrongChain) as caught:
            worker.run(threading.Event())
    assert foreign in str(caught.value)


def test_worker_starts_when_a_node_is_away_and_says_so(scene: Scene, folders: Callable[[str], Path]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = f"ws://127.0.0.1:{unused.getsockname()[1]}"
    stream = Quiet()
    worker = scene.worker(VALIDATORS[0], folders("worker"), url=[scene.node.ws_url, away], log=Log("w", stream))
    with scene.running(worker):
        scene.wait(lambda: bool(told(stream, "started")), "the worker to start")
    assert [(line["node"], line["code"]) for line in told(stream, "node.away")] == [(away, 101)]


def test_worker_starts_with_the_second_node_when_the_first_is_a_black_hole(
    scene: Scene, folders: Callable[[str], Path]
) -> None:
    stream = Quiet()
    with Wire(scene.node.ws_url) as wire:
        silence(wire)
        worker = scene.worker(VALIDATORS[0], folders("worker"), url=[wire.url, scene.node.ws_url], log=Log("w", stream))
        with scene.running(worker):
            scene.wait(lambda: bool(told(stream, "started")), "the worker to start")
    assert [line["taken"] for line in told(stream, "node.failover")] == [scene.node.ws_url]


def test_worker_goes_to_the_node_that_is_further_when_its_own_is_cut_off_from_the_rest(
    scene: Scene, seed: int, folders: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_watch, "STANDSTILL_S", 2.0)
    stream, uri = Quiet(), VALIDATORS[0]
    with Wire(scene.node.ws_url) as cut_off:
        url = [cut_off.url, scene.node.ws_url]
        worker = scene.worker(uri, folders(uri), url=url, log=Log(uri, stream))
        others = [scene.worker(other, folders(other)) for other in VALIDATORS[1:]]
        with scene.running(worker, *others, scene.steward(folders("steward"))):
            scene.wait(lambda: bool(told(stream, "started")), "the worker to start")
            stand_still(cut_off, scene.client.finalized().hash)
            round_ = scene.submit(*scene.checkpoint(seed))
            assert scene.wait_for_end(round_).state.state is State.SETTLED
            scene.wait(lambda: scene.claimed(uri), "the claim")
    assert told(stream, "node.behind")[0]["taken"] == scene.node.ws_url
