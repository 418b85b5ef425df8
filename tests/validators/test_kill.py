"""Agents that are killed with SIGKILL at every point do each deed once, and get their reward."""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from offchain.chain.types import Revealed, State
from tests.validators.killable import end, spawn
from tests.validators.scene import STEWARD, VALIDATORS, Scene
from validators._errors import AlreadyRunning

POINTS = (
    "drawn",
    "checked",
    "sent:accept",
    "accepted",
    "evaluated",
    "sent:commit",
    "committed",
    "sent:reveal",
    "revealed",
    "sent:claim",
    "done",
)


def _row(path: Path, round_: int) -> tuple[str, bytes]:
    """Stage and one-time secret of a round in a journal."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = database.execute("SELECT stage, secret FROM rounds WHERE round = ?", (round_,)).fetchone()
    finally:
        database.close()
    return row or ("", b"")


def _is_on_disk(secret: bytes, folder: Path) -> bool:
    return any(secret in file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_worker_does_each_deed_once_when_it_is_killed_at_every_stage(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    victim = VALIDATORS[0]
    address, folder = scene.signer(victim).address, folders("victim")
    options = {"agent": "validator", "url": scene.node.ws_url, "uri": victim, "folder": str(folder)}
    options["store"] = scene.store_url
    others = [scene.worker(uri, folders(uri)) for uri in VALIDATORS[1:]]
    journal = folder / f"validator-{address}.sqlite"
    secret = b""
    since = scene.client.finalized().number
    with scene.running(*others, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        for point in POINTS:
            process = spawn(**options, point=point)
            assert process.wait(timeout=240) == -signal.SIGKILL, point
            if point == "evaluated":
                secret = _row(journal, round_)[1]
                assert len(secret) == 32
                assert _is_on_disk(secret, folder)
            if point == "committed":
                assert not _is_on_disk(secret, folder)
        last = spawn(**options, point="")
        scene.wait(lambda: _row(journal, round_)[0] == "done", "the journal to be done")
        assert end(last, folder) == 0
    assert scene.client.evaluation.round(round_).state.state is State.SETTLED
    for name in ("Accepted", "Committed", "Revealed"):
        assert [event["member"] for event in scene.events(round_, name)].count(address) == 1
    member = scene.client.evaluation.member(round_, address)
    assert member is not None
    assert isinstance(member.progress, Revealed)
    assert member.progress.agrees
    assert scene.claimed(victim)
    assert scene.claims(victim, since) == 1


def test_steward_releases_once_and_only_to_acceptors_when_it_is_killed(
    scene: Scene, seed: int, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    absent = VALIDATORS[2]
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS[:2]]
    workers.append(scene.worker(absent, folders(absent), store_url=f"file://{tmp_path / 'empty'}"))
    options = {"agent": "steward", "url": scene.node.ws_url, "uri": STEWARD, "folder": str(folders("steward"))}
    options["keyfile"] = str(scene.packed.keyfile)
    with scene.running(*workers):
        round_ = scene.submit(*scene.checkpoint(seed))
        for point in ("kept", "sent:release", "kept"):
            assert spawn(**options, point=point).wait(timeout=240) == -signal.SIGKILL, point
        last = spawn(**options, point="")
        ended = scene.wait_for_end(round_)
        assert end(last, folders("steward")) == 0
    assert ended.state.state is State.SETTLED
    acceptors = [scene.signer(uri).address for uri in VALIDATORS[:2]]
    assert sorted(event["member"] for event in scene.events(round_, "KeyReleased")) == sorted(acceptors)
    assert [event["member"] for event in scene.events(round_, "Declined")] == [scene.signer(absent).address]


def test_worker_refuses_to_start_when_another_process_has_its_key(scene: Scene, folders: Callable[[str], Path]) -> None:
    uri, folder = VALIDATORS[0], folders("shared")
    first = spawn(
        agent="validator",
        url=scene.node.ws_url,
        uri=uri,
        folder=str(folder),
        store=scene.store_url,
        point="",
    )
    try:
        address = scene.signer(uri).address
        scene.wait((folder / f"validator-{address}.sqlite").exists, "the first process")
        second = scene.worker(uri, folder)
        with pytest.raises(AlreadyRunning, match=str(first.pid)):
            second.run(threading.Event())
        second.client.close()
    finally:
        assert end(first, folder) == 0
