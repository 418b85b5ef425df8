"""What `assay evaluate` and `assay train` print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from offchain.cli.units import Ppm
from offchain.metrics import Metric

from ._environment import Environment

__all__ = ["EvaluationRecord", "ScoreLine", "TrainingRecord"]


@dataclass(frozen=True)
class ScoreLine:
    """One metric with its 95 % interval."""

    metric: Metric
    value_ppm: Ppm
    lower_ppm: Ppm
    upper_ppm: Ppm
    interval: str


@dataclass(frozen=True)
class EvaluationRecord:
    """A checkpoint's scores on a public split."""

    checkpoint: bytes
    task: str
    synthetic: bool
    samples: int
    groups: int
    class_samples: dict[str, int]
    class_groups: dict[str, int]
    scores: list[ScoreLine]
    prediction_root: bytes
    env_digest: bytes
    environments: list[Environment]


@dataclass(frozen=True)
class TrainingRecord:
    """A model that was trained, and the files it lies in."""

    checkpoint: bytes
    checkpoint_file: Path
    card_file: Path
    card_hash: bytes
    task: str
    synthetic: bool
    trained_on: int
    held_back: int
    held_back_auroc_ppm: Ppm | None
    operating_point_ppm: Ppm
    seconds: float
