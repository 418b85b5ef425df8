"""The demo's three submissions: a trained model, an untrained one, and a copy that hides behind metadata."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from offchain.metrics import Metric
from offchain.models import ModelCard, build, encode, pack, weights_of
from ray_jobs import Sample, evaluate
from validators.demo._facts import Roc

__all__ = ["Candidate", "disguised_copy", "roc_of", "untrained"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A checkpoint to submit, in canonical form, and its card."""

    name: str
    checkpoint: bytes
    card: ModelCard


def untrained(like: ModelCard, seed: int) -> Candidate:
    """Freshly initialised weights of the same architecture."""
    import torch

    torch.manual_seed(seed)
    module = build(like.architecture, like.preprocessing.channels, len(like.classes))
    card = replace(like, name="untrained", training_data="None: freshly initialised weights.")
    return Candidate("untrained", encode(weights_of(module)), card)


def disguised_copy(original: Candidate) -> Candidate:
    """The same weights under another name, in a file with metadata: another file, but the same canonical form."""
    size = int.from_bytes(original.checkpoint[:8], "little")
    header = json.loads(original.checkpoint[8 : 8 + size])
    disguised = json.dumps({"__metadata__": {"author": "not me"}, **header}).encode()
    file = len(disguised).to_bytes(8, "little") + disguised + original.checkpoint[8 + size :]
    if file == original.checkpoint:
        raise AssertionError("the disguise changed nothing")
    return Candidate("copycat", pack(file), replace(original.card, name="copycat"))


def roc_of(candidate: Candidate, samples: tuple[Sample, ...], split: str) -> Roc:
    """The ROC curve of a binary model on public samples, one point per distinct score (Fawcett 2006, algorithm 1)."""
    done = evaluate(candidate.checkpoint, candidate.card, samples, metrics=[Metric.AUROC], seed=bytes(32))
    ranked = sorted(zip(done.scores[:, 1].tolist(), done.labels.tolist(), strict=True), reverse=True)
    positives = sum(label == 1 for _, label in ranked)
    negatives = len(ranked) - positives
    points, true, false = [(0.0, 0.0)], 0, 0
    for place, (score, label) in enumerate(ranked):
        true, false = true + (label == 1), false + (label != 1)
        if place + 1 == len(ranked) or ranked[place + 1][0] != score:
            points.append((false / negatives, true / positives))
    report = done.report
    return Roc(split, points, report.scores[0].value_ppm, report.samples, report.groups)
