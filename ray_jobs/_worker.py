"""The actor: it alone sees plain samples, in its memory, for the time of one unit of work."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from offchain.crypto import OneTimeKey
from offchain.datasets import HeldOutManifest, HeldOutSample, fetch_shard, open_frames
from offchain.errors import AssayError
from offchain.models import read_card
from offchain.store import open_store

from ._environment import this_environment
from ._evaluation import prepared
from ._guard import forbid_dumps, memory_capped
from ._predict import BATCH, Predictor
from ._wire import Predictions, failure, seal_reply

__all__ = ["EvaluationWorker", "Piece", "PublicPart", "Unit", "plan"]


@dataclass(frozen=True, slots=True)
class PublicPart:
    """What every worker of a job is told; nothing in it is secret."""

    card: bytes
    store_url: str
    manifest: bytes
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples ``first`` up to ``last`` of one shard, counted within it."""

    shard: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Unit:
    """Whole batches of the round's samples in canonical order; only the last unit may end in a part of one."""

    pieces: tuple[Piece, ...]

    @property
    def samples(self) -> int:
        """How many samples."""
        return sum(piece.last - piece.first for piece in self.pieces)


def plan(samples: dict[int, int], actors: int) -> list[Unit]:
    """Cuts the round's samples into units, about four for each actor; batches stay the same however they are cut.

    Args:
        samples: number of samples of each shard, by the shard's index, in ascending order.
        actors: how many share the work.
    """
    total = sum(samples.values())
    step = BATCH * max(1, math.ceil(total / BATCH / (4 * actors)))
    units = []
    for start in range(0, total, step):
        pieces, at = [], 0
        for shard, count in samples.items():
            first, last = max(start - at, 0), min(start + step - at, count)
            if first < last:
                pieces.append(Piece(shard, first, last))
            at += count
        units.append(Unit(tuple(pieces)))
    return units


class EvaluationWorker:
    """Predicts on units of a sealed split. Its methods raise nothing: a traceback could quote a sample.

    Args:
        memory_cap_bytes: memory it may take beyond what it has once torch is loaded.
    """

    def __init__(self, memory_cap_bytes: int | None = None) -> None:
        forbid_dumps()
        self._environment = this_environment()
        self._cap = memory_cap_bytes
        self._key = OneTimeKey()

    def ready(self) -> bool:
        """Answers once torch is loaded."""
        return True

    def prepare(self, checkpoint: bytes, public: PublicPart) -> bytes | AssayError:
        """Loads the checkpoint and forgets the last job.

        Returns:
            The X25519 key that the job's shard keys are sealed to, whose secret half never leaves this process; or
            what went wrong.
        """
        self._key.wipe()
        try:
            with memory_capped(self._cap):
                self._predictor = Predictor(checkpoint, read_card(public.card, canonical=True))
            self._store = open_store(public.store_url)
            self._manifest = HeldOutManifest.decode(public.manifest)
            self._deadline_s = public.deadline_s
            self._fetched: tuple[int, list[bytes]] | None = None
        except Exception as error:  # told, not raised
            return failure(error)
        self._key = OneTimeKey()
        return self._key.public

    def predict(self, unit: Unit, sealed_keys: list[bytes], reply_to: bytes) -> bytes:
        """The sealed `Predictions` of a unit, or the sealed error.

        Args:
            unit: which samples.
            sealed_keys: the key of each piece's shard, sealed to this worker.
            reply_to: X25519 key of the driver.
        """
        try:
            with memory_capped(self._cap):
                reply: Predictions | AssayError = self._predict(unit, sealed_keys)
        except Exception as error:  # told, not raised
            reply = failure(error)
        return seal_reply(reply, reply_to)

    def _predict(self, unit: Unit, sealed_keys: list[bytes]) -> Predictions:
        facts: list[tuple[int, int, int]] = []

        def noted() -> Iterator[HeldOutSample]:
            for piece, sealed_key in zip(unit.pieces, sealed_keys, strict=True):
                for sample in self._samples(piece, sealed_key):
                    facts.append((sample.index, sample.label, sample.group))
                    yield sample

        scores = self._predictor.scores(prepared(noted(), self._predictor.card))
        indices, labels, groups = np.array(facts, dtype=np.int64).reshape(-1, 3).T
        return Predictions(indices, labels, groups, scores, self._environment)

    def _samples(self, piece: Piece, sealed_key: bytes) -> Iterator[HeldOutSample]:
        header = self._manifest.shards[piece.shard]
        key = self._key.open(sealed_key, header.key_commitment)
        try:
            samples = open_frames(self._manifest, piece.shard, self._ciphertext(piece.shard), key)
            # Whoever has a shard's last sample reads on to its end: only there is the shard known to be whole.
            yield from islice(samples, piece.first, None if piece.last == header.samples else piece.last)
        finally:
            key.wipe()

    def _ciphertext(self, shard: int) -> list[bytes]:
        if self._fetched is None or self._fetched[0] != shard:
            self._fetched = None
            self._fetched = shard, fetch_shard(self._store, self._manifest, shard, deadline_s=self._deadline_s)
        return self._fetched[1]
