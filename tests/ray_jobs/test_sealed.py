"""Sealed evaluation on a real local Ray."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from offchain.crypto import KeyInvalid, SecretBytes
from offchain.datasets import ShardCorrupt
from offchain.models import CheckpointMismatch, build, encode, weights_of
from offchain.store import BlockMissing, open_store
from ray_jobs import (
    ActorDied,
    JobOverdue,
    OutOfMemory,
    RayUnavailable,
    SealedEvaluator,
    connect,
    evaluate,
)
from ray_jobs._pool import ActorPool, Deadline

from .conftest import Sealed

pytestmark = pytest.mark.ray


@pytest.fixture(scope="module")
def evaluator(local_ray: str) -> Iterator[SealedEvaluator]:
    with SealedEvaluator(actors=2, cpus_per_actor=0.5) as warm:
        yield warm


@pytest.mark.parametrize("actors", [1, 2, 4])
def test_evaluate_gives_the_same_bytes_from_any_number_of_actors(local_ray: str, sealed: Sealed, actors: int) -> None:
    job = sealed.job
    alone = evaluate(job.checkpoint, job.card, sealed.samples, metrics=job.metrics, seed=job.seed)
    seen: list[tuple[int, int]] = []
    with SealedEvaluator(actors=actors, cpus_per_actor=0.5) as evaluator:
        shared = evaluator.evaluate(job, progress=lambda *step: seen.append(step))
    np.testing.assert_array_equal(shared.scores, alone.scores)
    np.testing.assert_array_equal(shared.indices, alone.indices)
    assert shared.report == alone.report
    assert (shared.prediction_root, shared.env_digest) == (alone.prediction_root, alone.env_digest)
    assert seen[-1] == (len(sealed.samples), len(sealed.samples))


def test_evaluate_takes_only_the_rounds_shards(evaluator: SealedEvaluator, sealed: Sealed) -> None:
    job = replace(sealed.job, shards=(1, 6), keys=(sealed.job.keys[1], sealed.job.keys[6]))
    wanted = [*job.manifest.indices(1), *job.manifest.indices(6)]
    assert evaluator.evaluate(job).indices.tolist() == wanted


def test_evaluate_refuses_when_a_key_is_not_the_committed_one(evaluator: SealedEvaluator, sealed: Sealed) -> None:
    with pytest.raises(KeyInvalid):
        evaluator.evaluate(replace(sealed.job, keys=(SecretBytes.random(), *sealed.job.keys[1:])))


def test_evaluate_raises_the_workers_error_when_ciphertext_was_swapped(
    evaluator: SealedEvaluator, sealed: Sealed
) -> None:
    manifest = sealed.job.manifest
    entry = replace(manifest.ciphertext[2], object=manifest.ciphertext[3].object)
    swapped = replace(manifest, ciphertext=(*manifest.ciphertext[:2], entry, *manifest.ciphertext[3:]))
    with pytest.raises(ShardCorrupt, match="shard 2"):
        evaluator.evaluate(replace(sealed.job, manifest=swapped))
    assert evaluator.evaluate(sealed.job).report.samples == len(sealed.samples)


def test_evaluate_raises_the_models_error_when_the_checkpoint_does_not_fit(
    evaluator: SealedEvaluator, sealed: Sealed
) -> None:
    with pytest.raises(CheckpointMismatch):
        evaluator.evaluate(replace(sealed.job, checkpoint=encode(weights_of(build("small_cnn", 1, 2)))))


def test_evaluate_goes_on_with_another_actor_when_one_is_killed_idle_or_at_work(local_ray: str, sealed: Sealed) -> None:
    alone = evaluate(
        sealed.job.checkpoint, sealed.job.card, sealed.samples, metrics=sealed.job.metrics, seed=sealed.job.seed
    )
    others, killed = set(workers()), []

    def kill_once(_done: int, _total: int) -> None:
        if len(killed) < 2:
            kill_mine()

    def kill_mine() -> None:
        (mine,) = set(workers()) - others
        os.kill(mine, 9)
        killed.append(mine)
        while mine in workers():
            time.sleep(0.01)

    with SealedEvaluator(actors=1, cpus_per_actor=0.5) as evaluator:
        evaluator.warm()
        kill_mine()
        shared = evaluator.evaluate(sealed.job, progress=kill_once)
    assert len(set(killed)) == 2
    assert shared.prediction_root == alone.prediction_root


def workers() -> list[int]:
    """Process ids of the evaluation actors of this Ray."""
    alive = [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]
    return [process.pid for process in alive if "ray::EvaluationWorker" in title(process)]


def title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it ended meanwhile
        return ""


def test_evaluate_gives_up_and_ends_its_actors_when_the_deadline_passes(local_ray: str, sealed: Sealed) -> None:
    before = set(workers())
    with SealedEvaluator(actors=1, cpus_per_actor=0.25) as evaluator:
        evaluator.warm()
        (worker,) = set(workers()) - before
        with pytest.raises(JobOverdue):
            evaluator.evaluate(sealed.job, deadline_s=0.01)
        ended = time.monotonic() + 20
        while worker in workers() and time.monotonic() < ended:
            time.sleep(0.05)
        assert worker not in workers()
        assert evaluator.evaluate(sealed.job).report.samples == len(sealed.samples)


def test_evaluate_says_out_of_memory_when_the_cap_is_reached(local_ray: str, sealed: Sealed) -> None:
    card = replace(
        sealed.job.card, architecture="densenet121", preprocessing=replace(sealed.job.card.preprocessing, side=512)
    )
    heavy = replace(sealed.job, checkpoint=encode(weights_of(build("densenet121", 1, 2))), card=card)
    with SealedEvaluator(actors=1, cpus_per_actor=0.5, memory_cap_bytes=512 * 2**20) as evaluator:
        with pytest.raises(OutOfMemory):
            evaluator.evaluate(heavy)
        assert evaluator.evaluate(sealed.job).report.samples == len(sealed.samples)


def test_workers_cannot_be_dumped(evaluator: SealedEvaluator) -> None:
    evaluator.warm()
    assert workers()
    for pid in workers():
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert next(line for line in limits.splitlines() if "core file" in line).split()[4:6] == ["0", "0"]


def test_plain_samples_are_nowhere_in_rays_files_or_object_store(
    evaluator: SealedEvaluator, sealed: Sealed, local_ray: str
) -> None:
    import ray

    evaluator.evaluate(sealed.job)
    witness = ray.put(np.frombuffer(sealed.job.checkpoint, dtype=np.uint8).copy())
    shared = object_store_bytes()
    assert sealed.job.checkpoint[1000:1064] in shared  # the search finds what is there
    session = Path(ray._private.worker._global_node.get_session_dir_path())
    files = [path.read_bytes() for path in session.rglob("*") if path.is_file()]
    assert files
    for sample in sealed.samples[::10]:
        middle = len(sample.image) // 2
        for needle in (sample.image[middle : middle + 24], sample.salt):
            assert not any(needle in hay for hay in (shared, *files))
    del witness


def object_store_bytes() -> bytes:
    """All that lies in Ray's shared memory, by the raylet's open files."""
    raylets = [child for child in psutil.Process().children(recursive=True) if child.name() == "raylet"]
    handles = [handle for raylet in raylets for handle in Path(f"/proc/{raylet.pid}/fd").iterdir()]
    return b"".join(handle.read_bytes() for handle in handles if "/dev/shm/plasma" in str(handle.readlink()))


def test_connect_raises_when_nobody_answers() -> None:
    code = (
        "from ray_jobs import connect, RayUnavailable\n"
        "for address in ('127.0.0.1:1', 'ray://127.0.0.1:1'):\n"
        "    try: connect(address)\n"
        "    except RayUnavailable as error: print(error.code, error.subject)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines() == ["601 127.0.0.1:1", "601 ray://127.0.0.1:1"]


def test_connect_changes_nothing_when_connected(local_ray: str) -> None:
    assert connect() == local_ray
    assert local_ray.startswith("127.0.0.1:")


def test_ray_listens_on_loopback_only(local_ray: str) -> None:
    listening = {
        connection.laddr.ip
        for process in [psutil.Process(), *psutil.Process().children(recursive=True)]
        for connection in process.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}


def test_evaluator_refuses_when_ray_has_no_room_for_one_actor(local_ray: str) -> None:
    with pytest.raises(RayUnavailable):
        SealedEvaluator(cpus_per_actor=1000)


class Fragile:
    """Dies when it is told to."""

    def work(self, unit: int) -> int:
        if unit == 13:
            os._exit(1)
        return unit * unit


@pytest.fixture
def fragile(local_ray: str) -> Iterator[ActorPool[int]]:
    import ray

    pool: ActorPool[int] = ActorPool(lambda: ray.remote(Fragile).options(num_cpus=0.1).remote(), 2)
    yield pool
    pool.close()


def test_pool_does_each_unit_once(fragile: ActorPool[int]) -> None:
    results: dict[int, Any] = {}
    fragile.run(range(10), set_up=lambda a: a.work.remote, take=results.__setitem__, deadline=Deadline(60))
    assert results == {unit: unit * unit for unit in range(10)}


def test_pool_gives_up_when_a_unit_outlives_every_actor(fragile: ActorPool[int]) -> None:
    results: dict[int, Any] = {}
    with pytest.raises(ActorDied):
        fragile.run([1, 13], set_up=lambda a: a.work.remote, take=results.__setitem__, deadline=Deadline(60))


def test_store_url_is_the_workers_way_to_the_ciphertext(
    evaluator: SealedEvaluator, sealed: Sealed, tmp_path: Path
) -> None:
    empty = f"file://{tmp_path}/empty"
    open_store(empty)
    with pytest.raises(BlockMissing):
        evaluator.evaluate(replace(sealed.job, store_url=empty))
