"""Evaluation as a pure function: the same checkpoint, card and samples give the same scores and the same root."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from offchain.crypto import merkle_root
from offchain.dicom import read_image
from offchain.metrics import Metric, Report, Reveal, measure
from offchain.models import ModelCard, prepare

from ._environment import Environment, environment_digest, this_environment
from ._predict import BATCH, Predictor

__all__ = ["Evaluation", "Progress", "Sample", "evaluate", "prediction_leaf", "prepared", "settle"]

Progress = Callable[[int, int], None]
"""Called with the samples done and the samples in all."""


class Sample(Protocol):
    """One labelled image; `offchain.datasets.HeldOutSample` is one, `PublicSample` another."""

    @property
    def index(self) -> int:
        """Position in the whole split, counted through its shards."""

    @property
    def label(self) -> int:
        """Index of its class."""

    @property
    def group(self) -> Hashable:
        """Patient or block."""

    @property
    def image(self) -> bytes:
        """The file's bytes."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out of an evaluation.

    Attributes:
        report: each metric with its interval, and the counts.
        prediction_root: Merkle root over `prediction_leaf` of every sample, in canonical order.
        env_digest: digest of the environments that predicted.
        environments: those environments.
        indices: position of each sample in the split, ascending.
        labels: class of each sample.
        scores: samples x classes, 0..1023.
    """

    report: Report
    prediction_root: bytes
    env_digest: bytes
    environments: tuple[Environment, ...]
    indices: NDArray[np.int64]
    labels: NDArray[np.int64]
    scores: NDArray[np.uint16]

    def reveal(self, main: int, precision_ppm: int) -> Reveal:
        """Scores and main interval as the chain takes them; ``main`` is the index of the main metric."""
        return self.report.reveal(main, precision_ppm)


def evaluate(
    checkpoint: bytes,
    card: ModelCard,
    samples: Sequence[Sample],
    *,
    metrics: Sequence[Metric],
    seed: bytes,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluates a checkpoint in this process.

    Args:
        checkpoint: canonical safetensors.
        card: how to feed it.
        samples: in canonical order, which is by index.
        metrics: what to compute.
        seed: bytes that decide the bootstrap's draws: the round's hash.
        progress: told after each batch.

    Raises:
        ModelError: the checkpoint is refused, does not fit the card, or gives values that are not numbers.
        ImageError: a sample's image cannot be read.
        MetricError: a metric has no value on these samples.
        OutOfMemory: a batch does not fit.
    """
    predictor = Predictor(checkpoint, card)
    parts = [np.zeros((0, len(card.classes)), dtype=np.uint16)]
    for start in range(0, len(samples), BATCH):
        parts.append(predictor.scores(prepared(samples[start : start + BATCH], card)))
        if progress is not None:
            progress(start + len(parts[-1]), len(samples))
    return settle(
        np.array([sample.index for sample in samples], dtype=np.int64),
        np.array([sample.label for sample in samples], dtype=np.int64),
        np.concatenate(parts),
        [sample.group for sample in samples],
        {this_environment()},
        card=card,
        metrics=metrics,
        seed=seed,
    )


def prepared(samples: Iterable[Sample], card: ModelCard) -> Iterator[NDArray[np.float32]]:
    """Model inputs, decoded one at a time. Errors name a sample by its index: a file's name may identify a patient."""
    for sample in samples:
        image = read_image(sample.image, name=f"sample {sample.index}")
        yield prepare(image.pixels, card.preprocessing, card.normalisation)


def settle(
    indices: NDArray[np.int64],
    labels: NDArray[np.int64],
    scores: NDArray[np.uint16],
    groups: Sequence[Hashable],
    environments: set[Environment],
    *,
    card: ModelCard,
    metrics: Sequence[Metric],
    seed: bytes,
) -> Evaluation:
    """Scores, intervals and prediction root of predictions in canonical order."""
    report = measure(labels, scores, groups, metrics=metrics, operating_point_ppm=card.operating_point_ppm, seed=seed)
    leaves = (prediction_leaf(int(index), row) for index, row in zip(indices, scores, strict=True))
    return Evaluation(
        report,
        merkle_root(leaves),
        environment_digest(environments),
        tuple(sorted(environments)),
        indices,
        labels,
        scores,
    )


def prediction_leaf(index: int, scores: NDArray[np.uint16]) -> bytes:
    """Leaf data of one prediction: domain, position in the split (u32), each class score (u16), little endian."""
    return b"assay/prediction/1" + index.to_bytes(4, "little") + scores.astype("<u2").tobytes()
