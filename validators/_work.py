"""The heavy half of a member's work: is the checkpoint what the chain says, and what does it score?

Everything here runs off the main thread, speaks to the store and to Ray, and never to the chain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from offchain.chain.types import CheckpointSpec, Dataset, DatasetVersion, DeclineReason, Limits, Terms, shard_indices
from offchain.crypto import CryptoError, KeyInvalid, OneTimeKey, SecretBytes, blake2b_256
from offchain.datasets import DatasetError, HeldOutManifest, read_manifest
from offchain.dicom import ImageError
from offchain.metrics import Metric, MetricError
from offchain.models import ModelCard, ModelError, OutputInvalid, load, read_card
from offchain.store import Cid, CidInvalid, ObjectTooLarge, Store, StoreError, StoreUnreachable, open_store
from ray_jobs import JobError, SealedJob
from validators._errors import BytesDiffer, CardMismatch, CheckpointLost, OverLimits

__all__ = [
    "Evaluate",
    "EvaluationJob",
    "Finding",
    "Subject",
    "check_checkpoint",
    "evaluation_job",
    "reason_after_keys",
    "reason_before_keys",
]

MIB = 1 << 20
MAX_CARD_BYTES = 64 << 10
ATTEMPTS = 3
PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Subject:
    """What a round is about, as the chain describes it; nothing in it is secret.

    Attributes:
        round: the round's id.
        terms: what its request pinned.
        checkpoint: the checkpoint's entry.
        dataset: the data set.
        version: the data set's version.
        seed: 32 bytes, the same for every member, that decide the bootstrap's draws.
    """

    round: int
    terms: Terms
    checkpoint: CheckpointSpec
    dataset: Dataset
    version: DatasetVersion
    seed: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """What an evaluation found, rounded as the chain takes it; scores and bounds in ppm, hashes of 32 bytes."""

    scores: tuple[int, ...]
    lower_ppm: int
    upper_ppm: int
    prediction_root: bytes
    env_digest: bytes


@dataclass(frozen=True, slots=True)
class EvaluationJob:
    """One evaluation, ready to run.

    Attributes:
        round: the round's id.
        terms: what its request pinned: metrics, main metric and precision are used.
        sealed: checkpoint, card, shards and their keys.
        deadline_s: seconds until the result is worth nothing.
    """

    round: int
    terms: Terms
    sealed: SealedJob
    deadline_s: float


Evaluate = Callable[[EvaluationJob], Finding]
"""Scores a checkpoint. A worker takes it as an argument: Ray in production, in-process in small tests."""


def check_checkpoint(store: Store, subject: Subject, limits: Limits, *, deadline_s: float) -> None:
    """Fetch, hash and load a checkpoint and its card, and let it answer once.

    Raises:
        AssayError: why the round is to be declined; :func:`reason_before_keys` says how.
    """
    if subject.terms.checkpoint_bytes > limits.max_checkpoint_mb * MIB:
        raise OverLimits("the checkpoint is larger than this validator takes on", subject=f"round {subject.round}")
    data, card = _patiently(lambda: _fetch(store, subject, deadline_s))
    _load_check(data, card)


def evaluation_job(
    store_url: str, subject: Subject, *, secret: bytes, sealed_keys: Sequence[bytes], deadline_s: float
) -> EvaluationJob:
    """Everything that an evaluation needs, fetched, opened and held against the chain.

    Args:
        store_url: where blocks lie.
        subject: what the round is about.
        secret: the one-time X25519 secret, 32 bytes.
        sealed_keys: the keys that the steward released, in ascending shard order.
        deadline_s: seconds until the result is worth nothing.

    Raises:
        AssayError: why the round is to be declined; :func:`reason_after_keys` says how.
    """
    store = open_store(store_url)
    shards = shard_indices(subject.terms.shards)
    commitments = [subject.version.spec.shards[shard].key_commitment for shard in shards]
    keys = OneTimeKey(SecretBytes(secret)).open_all(sealed_keys, commitments)
    manifest = _patiently(lambda: _manifest(store, subject, deadline_s))
    try:
        data, card = _patiently(lambda: _fetch(store, subject, deadline_s))
    except StoreUnreachable:
        raise
    except (StoreError, BytesDiffer) as error:
        raise CheckpointLost("the checkpoint cannot be fetched again", subject=error.subject) from error
    sealed = SealedJob(
        checkpoint=data,
        card=card,
        store_url=store_url,
        manifest=manifest,
        shards=shards,
        keys=keys,
        metrics=tuple(Metric(metric.value) for metric in subject.terms.metrics),
        seed=subject.seed,
    )
    return EvaluationJob(subject.round, subject.terms, sealed, deadline_s)


def reason_before_keys(error: Exception) -> DeclineReason:
    """What to tell the chain when the check ended with this error; all that nobody else is to blame for is ours."""
    match error:
        case BytesDiffer() | ObjectTooLarge():
            return DeclineReason.HASH_MISMATCH
        case ModelError() | CardMismatch():
            return DeclineReason.UNLOADABLE
        case StoreUnreachable():
            return DeclineReason.RESOURCES
        case StoreError():
            return DeclineReason.CHECKPOINT_UNAVAILABLE
        case _:
            return DeclineReason.RESOURCES


def reason_after_keys(error: Exception) -> DeclineReason:
    """What to tell the chain when the evaluation ended with this error."""
    match error:
        case KeyInvalid():
            return DeclineReason.KEY_INVALID
        case StoreUnreachable() | JobError() | ModelError():
            return DeclineReason.RESOURCES
        case DatasetError() | CryptoError() | ImageError() | MetricError() | StoreError():
            return DeclineReason.DATA_CORRUPT
        case _:
            return DeclineReason.RESOURCES


def _fetch(store: Store, subject: Subject, deadline_s: float) -> tuple[bytes, ModelCard]:
    """The checkpoint and its card, both of the hashes that the chain names."""
    spec = subject.checkpoint
    try:
        cid, card_cid = Cid.from_binary(spec.cid), Cid.from_binary(spec.card_cid)
    except CidInvalid as error:
        raise BytesDiffer("the chain names no object that a store could hold", subject=error.subject) from error
    text = store.get(card_cid, max_bytes=MAX_CARD_BYTES, deadline_s=deadline_s)
    if blake2b_256(text) != spec.card_hash:
        raise BytesDiffer("the model card is not the one that the chain names", subject=f"round {subject.round}")
    data = store.get(cid, max_bytes=spec.size_bytes, deadline_s=deadline_s)
    if len(data) != spec.size_bytes or blake2b_256(data) != spec.id:
        raise BytesDiffer("the checkpoint's bytes are not those of its id", subject=f"0x{spec.id.hex()}")
    card = read_card(text, canonical=True)
    claimed = (card.architecture, card.operating_point_ppm, card.classes)
    if claimed != (spec.architecture, spec.operating_point_ppm, subject.dataset.description.classes):
        raise CardMismatch(
            "the model card's architecture, operating point or classes are not those on chain",
            subject=f"0x{spec.id.hex()}",
        )
    return data, card


def _load_check(data: bytes, card: ModelCard) -> None:
    """Load the weights and let the model answer to one empty image."""
    import torch

    channels, side = card.preprocessing.channels, card.preprocessing.side
    module = load(data, card.architecture, channels=channels, classes=len(card.classes))
    with torch.inference_mode():
        answer = module(torch.zeros(1, channels, side, side))
    if not bool(torch.isfinite(answer).all()):
        raise OutputInvalid("the model gives values that are not numbers")


def _manifest(store: Store, subject: Subject, deadline_s: float) -> HeldOutManifest:
    spec = subject.version.spec
    described: dict[str, Any] = {
        "label_root": spec.label_root,
        "frame_bytes": spec.frame_bytes,
        "shards": [
            {
                "ciphertext_root": shard.ciphertext_root,
                "key_commitment": shard.key_commitment,
                "frames": shard.frames,
                "samples": shard.samples,
            }
            for shard in spec.shards
        ],
    }
    return read_manifest(store, Cid.from_binary(spec.manifest), spec=described, deadline_s=min(deadline_s, 60.0))


def _patiently(fetch: Callable[[], Any]) -> Any:
    """A few tries: what a peer does not hold yet, it may hold in a moment."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return fetch()
        except ObjectTooLarge:
            raise
        except StoreError:
            if attempt == ATTEMPTS:
                raise
        time.sleep(PAUSE_S * attempt)
    raise AssertionError("the last attempt returns or raises")
