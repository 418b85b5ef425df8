"""Evaluation of a sealed split: ciphertext and sealed keys pass through Ray, plain samples never do."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import numpy as np
from nacl.public import PrivateKey

from offchain.crypto import SecretBytes, check_shard_key, seal_key
from offchain.datasets import HeldOutManifest
from offchain.errors import AssayError
from offchain.metrics import Metric
from offchain.models import ModelCard

from ._cluster import connect
from ._errors import OutOfMemory, RayUnavailable
from ._evaluation import Evaluation, Progress, settle
from ._pool import ActorPool, Deadline
from ._wire import Predictions, open_reply
from ._worker import EvaluationWorker, PublicPart, Unit, plan

__all__ = ["SealedEvaluator", "SealedJob"]


@dataclass(frozen=True, slots=True)
class SealedJob:
    """All that a committee member needs to evaluate a round.

    Attributes:
        checkpoint: canonical safetensors.
        card: how to feed it.
        store_url: where workers fetch ciphertext, as for `offchain.store.open_store`.
        manifest: of the held-out split, already held against the chain.
        shards: indices of the round's shards, ascending.
        keys: their keys, in that order.
        metrics: the benchmark's metrics, in its order.
        seed: the round's hash.
    """

    checkpoint: bytes
    card: ModelCard
    store_url: str
    manifest: HeldOutManifest
    shards: tuple[int, ...]
    keys: Sequence[SecretBytes] = field(repr=False)
    metrics: tuple[Metric, ...]
    seed: bytes


class SealedEvaluator:
    """Actors on Ray that evaluate sealed splits; kept warm from job to job.

    Args:
        address: of Ray; see `connect`.
        actors: how many; by default one for each GPU, or for each CPU where there is none.
        cpus_per_actor: what each takes of Ray's CPUs; a fraction where several validators share few.
        gpus_per_actor: what each takes of Ray's GPUs, where there are any.
        memory_cap_bytes: memory that each may take beyond what it has once torch is loaded.
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        actors: int | None = None,
        cpus_per_actor: float = 1.0,
        gpus_per_actor: float = 1.0,
        memory_cap_bytes: int | None = 8 * 2**30,
    ) -> None:
        self._control = connect(address)
        import ray

        resources = ray.cluster_resources()
        gpus = resources.get("GPU", 0.0)
        if actors is None:
            actors = int(gpus / gpus_per_actor if gpus else resources.get("CPU", 1.0) / cpus_per_actor)
        if actors < 1:
            raise RayUnavailable("Ray has no CPU or GPU for a single actor", subject=address)
        remote = ray.remote(EvaluationWorker).options(
            num_cpus=cpus_per_actor, num_gpus=gpus_per_actor if gpus else 0, max_restarts=0
        )
        self._pool: ActorPool[Unit] = ActorPool(lambda: remote.remote(memory_cap_bytes), actors)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def actors(self) -> tuple[int, int]:
        """How many actors are warm, and how many there may be."""
        return self._pool.alive, self._pool.size

    def is_reachable(self) -> bool:
        """Whether Ray's control store takes connections: within a second, where Ray itself tries for a minute."""
        host, _, port = self._control.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=1.0).close()
        except OSError:
            return False
        return True

    def warm(self, *, deadline_s: float | None = None) -> None:
        """Starts the actors and waits until torch is loaded in each: seconds that a round need not wait for."""
        self._pool.warm(lambda actor: actor.ready.remote(), Deadline(deadline_s))

    def close(self) -> None:
        """Ends the actors."""
        self._pool.close()

    def evaluate(
        self, job: SealedJob, *, progress: Progress | None = None, deadline_s: float | None = None
    ) -> Evaluation:
        """Evaluates; the same bytes come out of any number of actors.

        Args:
            job: what to evaluate on what.
            progress: told after each unit of work.
            deadline_s: seconds until the job is given up and its actors are ended.

        Raises:
            KeyInvalid: a key does not fit its commitment.
            ShardCorrupt, FrameTampered, FrameMalformed, LabelMismatch, ImageError: the split is at fault.
            StoreError: ciphertext cannot be fetched.
            ModelError: the checkpoint or its card is at fault.
            MetricError: a metric has no value on these shards.
            OutOfMemory, ActorDied, JobOverdue, RayUnavailable, JobFailed: this machine is at fault.
        """
        for shard, key in zip(job.shards, job.keys, strict=True):
            check_shard_key(key, job.manifest.shards[shard].key_commitment)
        samples = {shard: job.manifest.shards[shard].samples for shard in job.shards}
        found: dict[Unit, Predictions] = {}
        reply_key = PrivateKey.generate()
        total, done = sum(samples.values()), 0

        def take(unit: Unit, sealed: bytes) -> None:
            nonlocal done
            found[unit] = open_reply(sealed, reply_key)
            done += unit.samples
            if progress is not None:
                progress(done, total)

        deadline = Deadline(deadline_s)
        units = plan(samples, self._pool.size)
        self._pool.run(units, set_up=self._set_up(job, reply_key, deadline), take=take, deadline=deadline)
        parts = [found[unit] for unit in units]
        return settle(
            np.concatenate([part.indices for part in parts]),
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.groups for part in parts]).tolist(),
            {part.environment for part in parts},
            card=job.card,
            metrics=job.metrics,
            seed=job.seed,
        )

    def _set_up(
        self, job: SealedJob, reply_key: PrivateKey, deadline: Deadline
    ) -> Callable[[Any], Callable[[Unit], Any]]:
        import ray

        try:
            checkpoint = ray.put(job.checkpoint)
        except ray.exceptions.RayError:
            raise OutOfMemory(
                "the checkpoint does not fit Ray's object store", hint="start Ray with a larger object store"
            ) from None
        public = PublicPart(job.card.canonical(), job.store_url, job.manifest.encode(), deadline.left_s(3600.0))
        reply_to = bytes(reply_key.public_key)
        keys = dict(zip(job.shards, job.keys, strict=True))

        def set_up(actor: Any) -> Callable[[Unit], Any]:
            own = self._pool.ask(actor.prepare.remote(checkpoint, public), deadline)
            if isinstance(own, AssayError):
                raise own

            def submit(unit: Unit) -> Any:
                return actor.predict.remote(unit, [seal_key(keys[piece.shard], own) for piece in unit.pieces], reply_to)

            return submit

        return set_up
