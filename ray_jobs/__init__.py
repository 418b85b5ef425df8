"""Evaluation and training on Ray: pure job functions and the thin layer that shards them over actors."""

from ._cluster import connect, disconnect
from ._environment import Environment, environment_digest, this_environment
from ._errors import ActorDied, JobError, JobFailed, JobOverdue, OutOfMemory, RayUnavailable, SplitUnusable
from ._evaluation import Evaluation, Progress, Sample, evaluate, prediction_leaf
from ._predict import BATCH
from ._sealed import SealedEvaluator, SealedJob

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
    "RayUnavailable",
    "Sample",
    "SealedEvaluator",
    "SealedJob",
    "SplitUnusable",
    "connect",
    "disconnect",
    "environment_digest",
    "evaluate",
    "prediction_leaf",
    "this_environment",
]
