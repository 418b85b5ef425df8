"""Evaluation and training on Ray: pure job functions and the thin layer that shards them over actors."""

from ._cluster import connect, disconnect
from ._environment import Environment, environment_digest, this_environment
from ._errors import ActorDied, JobError, JobFailed, JobOverdue, OutOfMemory, RayUnavailable, SplitUnusable
from ._evaluation import Evaluation, Progress, Sample, evaluate, prediction_leaf
from ._predict import BATCH
from ._sealed import SealedEvaluator, SealedJob
from ._split import PublicSplit, read_split
from ._train import TrainedModel, TrainingRequest, train

__all__ = [
    "BATCH",
    "ActorDied",
    "Environment",
    "Evaluation",
    "JobError",
    "JobFailed",
    "JobOverdue",
    "OutOfMemory",
    "Progress",
    "PublicSplit",
    "RayUnavailable",
    "Sample",
    "SealedEvaluator",
    "SealedJob",
    "SplitUnusable",
    "TrainedModel",
    "TrainingRequest",
    "connect",
    "disconnect",
    "environment_digest",
    "evaluate",
    "prediction_leaf",
    "read_split",
    "this_environment",
    "train",
]
