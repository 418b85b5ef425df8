"""The baseline trainer: a plain supervised loop, seeded, so that a newcomer has something to submit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from offchain.metrics import LEVELS, Metric, measure, quantise
from offchain.models import Normalisation, build, encode, weights_of

from ._predict import deterministic

if TYPE_CHECKING:
    import torch
    from torch import nn

__all__ = ["Epoch", "Recipe", "Trained", "fit", "hold_back", "operating_point"]

_PPM = 1_000_000
_MIN_GROUPS = 10
_SHARE_HELD_BACK = 0.2
_BATCH = 16
_PEAK_RATE = 3e-3


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes:
        architecture: an id of the allowlist.
        classes: number of classes.
        seed: decides initial weights, order and augmentation.
        epochs: passes over the samples.
        threads: of the CPU.
    """

    architecture: str
    classes: int
    seed: int
    epochs: int
    threads: int


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass is done; the mean loss of its samples."""

    number: int
    loss: float


@dataclass(frozen=True, slots=True)
class Trained:
    """What came out.

    Attributes:
        checkpoint: canonical safetensors.
        normalisation: fitted to the samples trained on.
        operating_point_ppm: best balanced accuracy on the samples held back; a half where none were.
        trained_on: samples trained on.
        held_back: samples held back to choose the operating point.
        held_back_auroc_ppm: AUROC on those; None where there were none, or more than two classes.
    """

    checkpoint: bytes
    normalisation: Normalisation
    operating_point_ppm: int
    trained_on: int
    held_back: int
    held_back_auroc_ppm: int | None


def fit(
    inputs: NDArray[np.float32], labels: NDArray[np.int64], groups: Sequence[str], recipe: Recipe
) -> Iterator[Epoch | Trained]:
    """Trains, and tells of each epoch; the last item is the result. The same for the same
    seed on the same CPU; on a GPU some gradients have no deterministic kernel.

    Args:
        inputs: samples x channels x side x side, within 0..1.
        labels: class of each.
        groups: patient or block of each; none is on both sides of what is held back.
        recipe: how.
    """
    import torch

    with deterministic(recipe.threads, strict=False), torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        yield from _fit(inputs, labels, groups, recipe)


def _fit(
    inputs: NDArray[np.float32], labels: NDArray[np.int64], groups: Sequence[str], recipe: Recipe
) -> Iterator[Epoch | Trained]:
    import torch

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    back = hold_back(labels, groups, recipe.seed)
    mean, deviation = inputs[~back].mean(axis=(0, 2, 3)), inputs[~back].std(axis=(0, 2, 3))
    normalisation = Normalisation(_ppm(mean), tuple(max(value, 1000) for value in _ppm(deviation)))
    module = build(recipe.architecture, inputs.shape[1], recipe.classes).to(device)
    samples = torch.from_numpy(_normal(inputs, normalisation)).to(device)
    targets = torch.from_numpy(labels).to(device)
    chosen = torch.from_numpy(np.flatnonzero(~back)).to(device)
    yield from _epochs(module, samples[chosen], targets[chosen], recipe)
    module.eval()
    point, auroc = _PPM // 2, None
    if back.any() and recipe.classes == 2:
        scores = _scores(module, samples[torch.from_numpy(back).to(device)])
        point = operating_point(labels[back], scores[:, 1])
        report = measure(
            labels[back], scores, range(len(scores)), metrics=[Metric.AUROC], operating_point_ppm=point, seed=b""
        )
        auroc = report.scores[0].value_ppm
    checkpoint = encode(weights_of(module))
    yield Trained(checkpoint, normalisation, point, int((~back).sum()), int(back.sum()), auroc)


def hold_back(labels: NDArray[np.int64], groups: Sequence[str], seed: int) -> NDArray[np.bool_]:
    """Which samples to hold back: a fifth of each class's groups; none where a class has fewer than ten."""
    rng = np.random.default_rng(seed)
    names = np.array(groups)
    first_class: dict[str, int] = {}
    for group, label in zip(groups, labels.tolist(), strict=True):
        first_class.setdefault(group, label)
    back = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels).tolist():
        members = sorted(group for group, first in first_class.items() if first == label)
        if len(members) < _MIN_GROUPS:
            return np.zeros(len(labels), dtype=bool)
        picked = rng.permutation(members)[: round(_SHARE_HELD_BACK * len(members))]
        back |= np.isin(names, picked)
    return back


def operating_point(labels: NDArray[np.int64], scores: NDArray[np.uint16]) -> int:
    """The threshold with the best balanced accuracy, in ppm; among equals the one nearest to a half."""
    levels = np.arange(1, LEVELS)
    positive, negative = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    found = len(positive) - np.searchsorted(positive, levels)
    spared = np.searchsorted(negative, levels)
    gain = found * len(negative) + spared * len(positive)
    best = levels[gain == gain.max()]
    level = int(best[np.abs(best - LEVELS // 2).argmin()])
    return level * _PPM // (LEVELS - 1)


def _epochs(module: nn.Module, samples: torch.Tensor, targets: torch.Tensor, recipe: Recipe) -> Iterator[Epoch]:
    import torch
    from torch.nn import functional

    generator = torch.Generator().manual_seed(recipe.seed)
    optimizer = torch.optim.AdamW(module.parameters(), lr=_PEAK_RATE, weight_decay=0.05)
    count = len(targets)
    steps = recipe.epochs * -(-count // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=_PEAK_RATE, total_steps=max(steps, 2))
    weight = torch.bincount(targets, minlength=recipe.classes).clamp(min=1).float()
    module.train()
    for number in range(1, recipe.epochs + 1):
        total = 0.0
        order = torch.randperm(count, generator=generator)
        for batch in order.tensor_split(-(-count // _BATCH)):
            optimizer.zero_grad()
            logits = module(_augmented(samples[batch.to(samples.device)], generator))
            loss = functional.cross_entropy(
                logits, targets[batch.to(targets.device)], weight=count / recipe.classes / weight
            )
            torch.autograd.backward(loss)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(batch)
        yield Epoch(number, total / count)


def _scores(module: nn.Module, samples: torch.Tensor) -> NDArray[np.uint16]:
    import torch

    with torch.inference_mode():
        starts = range(0, len(samples), _BATCH)
        parts = [module(samples[at : at + _BATCH]).double().softmax(dim=1) for at in starts]
    return quantise(torch.cat(parts).cpu().numpy())


def _augmented(batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Each image moved by up to a sixteenth of its side, with contrast and brightness changed by up to a tenth."""
    import torch
    from torch.nn import functional

    side = batch.shape[-1]
    reach = side // 16
    padded = functional.pad(batch, (reach,) * 4)
    moves = torch.randint(0, 2 * reach + 1, (len(batch), 2), generator=generator).tolist()
    moved = torch.stack([image[:, y : y + side, x : x + side] for image, (y, x) in zip(padded, moves, strict=True)])
    change = (torch.rand(2, len(batch), 1, 1, 1, generator=generator) * 0.2 - 0.1).to(batch.device)
    return moved * (1 + change[0]) + change[1]


def _ppm(values: NDArray[np.float32]) -> tuple[int, ...]:
    return tuple(round(float(value) * _PPM) for value in values)


def _normal(inputs: NDArray[np.float32], normalisation: Normalisation) -> NDArray[np.float32]:
    """As `offchain.models.prepare` does it, for a whole stack."""
    mean, deviation = (
        (np.array(part, dtype=np.float32) / np.float32(_PPM))[None, :, None, None]
        for part in (normalisation.mean_ppm, normalisation.deviation_ppm)
    )
    return np.ascontiguousarray((inputs - mean) / deviation)
