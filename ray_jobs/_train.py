"""`assay train`: the baseline trainer as a task on Ray. Public images only: they may pass through Ray in plain."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from offchain.dicom import read_image
from offchain.models import ModelCard, Normalisation, Preprocessing, architecture, prepare
from offchain.models import checkpoint_id as id_of

from ._cluster import connect
from ._errors import ActorDied, JobFailed, OutOfMemory, SplitUnusable
from ._fit import Epoch, Recipe, Trained, fit
from ._split import PublicSplit

__all__ = ["TrainedModel", "TrainingRequest", "train"]

_PLAIN = 1_000_000


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """What to train.

    Attributes:
        name: what people call the model.
        architecture: an id of the allowlist.
        side: height and width of the input.
        channels: 1 for grey, 3 for RGB.
        epochs: passes over the samples.
        seed: decides everything that is random.
        licence: SPDX identifier of the weights' licence.
        threads: of the CPU; all of this machine's when None.
    """

    name: str
    architecture: str = "small_cnn"
    side: int = 64
    channels: int = 1
    epochs: int = 30
    seed: int = 0
    licence: str = "CC-BY-4.0"
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A checkpoint and its card, ready to submit.

    Attributes:
        checkpoint: canonical safetensors.
        checkpoint_id: its blake2b-256.
        card: how to feed it.
        trained_on: samples trained on.
        held_back: samples held back to choose the operating point.
        held_back_auroc_ppm: AUROC on those; None where there were none.
    """

    checkpoint: bytes
    checkpoint_id: bytes
    card: ModelCard
    trained_on: int
    held_back: int
    held_back_auroc_ppm: int | None


def train(
    split: PublicSplit,
    request: TrainingRequest,
    *,
    address: str | None = None,
    progress: Callable[[int, int, float], None] | None = None,
) -> TrainedModel:
    """Trains on a public split.

    Args:
        split: the images.
        request: what to train.
        address: of Ray; see `connect`.
        progress: told after each epoch: epochs done, epochs in all, loss.

    Raises:
        SplitUnusable: fewer than two samples of a class.
        ArchitectureUnknown: not on the allowlist, or not for this input.
        ImageError: an image cannot be read.
        RayUnavailable, ActorDied, OutOfMemory, JobFailed: this machine is at fault.
    """
    preprocessing = Preprocessing(request.side, request.channels, "stretch")
    plain = Normalisation((0,) * request.channels, (_PLAIN,) * request.channels)
    _card(split, request, preprocessing, plain, _PLAIN // 2, 0).canonical()  # what the card refuses, before the work
    labels = np.array([sample.label for sample in split.samples], dtype=np.int64)
    counts = np.bincount(labels, minlength=len(split.classes))
    if counts.min() < 2:
        raise SplitUnusable(
            "a class has fewer than two images to train on", subject=split.classes[int(counts.argmin())]
        )
    inputs = np.stack([prepare(read_image(s.image, name=s.name).pixels, preprocessing, plain) for s in split.samples])
    threads = request.threads or os.cpu_count() or 1
    recipe = Recipe(architecture(request.architecture).id, len(split.classes), request.seed, request.epochs, threads)
    trained = None
    for item in _on_ray(inputs, labels, [sample.group for sample in split.samples], recipe, address):
        if isinstance(item, Trained):
            trained = item
        elif progress is not None:
            progress(item.number, request.epochs, item.loss)
    if trained is None:
        raise JobFailed("training ended without a result")
    card = _card(split, request, preprocessing, trained.normalisation, trained.operating_point_ppm, trained.trained_on)
    return TrainedModel(
        trained.checkpoint,
        id_of(trained.checkpoint),
        card,
        trained.trained_on,
        trained.held_back,
        trained.held_back_auroc_ppm,
    )


def _on_ray(
    inputs: NDArray[np.float32], labels: NDArray[np.int64], groups: list[str], recipe: Recipe, address: str | None
) -> Iterator[Epoch | Trained]:
    connect(address)
    import ray
    from ray import exceptions

    gpus = ray.cluster_resources().get("GPU", 0.0)
    cpus = min(float(recipe.threads), ray.cluster_resources().get("CPU", 1.0))
    task: Any = ray.remote(fit).options(num_cpus=cpus, num_gpus=min(gpus, 1.0), num_returns="streaming", max_retries=0)
    items = task.remote(inputs, labels, groups, recipe)
    try:
        for reference in items:
            yield ray.get(reference)
    except exceptions.OutOfMemoryError:
        raise OutOfMemory("Ray ended the training because memory ran out", hint="train a smaller model") from None
    except exceptions.RayTaskError as error:
        raise JobFailed(f"training failed with {type(error.cause).__name__}: {error.cause}") from None
    except exceptions.RayError:
        raise ActorDied("the training's process died", hint="see `assay doctor` for memory") from None
    finally:
        ray.cancel(items, force=True)


def _card(
    split: PublicSplit,
    request: TrainingRequest,
    preprocessing: Preprocessing,
    normalisation: Normalisation,
    operating_point_ppm: int,
    trained_on: int,
) -> ModelCard:
    drawn = "SYNTHETIC images drawn by a program" if split.synthetic else "images"
    return ModelCard(
        name=request.name,
        architecture=request.architecture,
        classes=split.classes,
        preprocessing=preprocessing,
        normalisation=normalisation,
        operating_point_ppm=operating_point_ppm,
        intended_use=f"A baseline for the task {split.task}, for research only: not a medical device.",
        training_data=f"{trained_on} {drawn} of the public split of {split.task}; seed {request.seed}.",
        licence=request.licence,
    )
