"""The worker daemon and the steward's key agent.

Names load when they are used: an agent needs the chain's client and numpy, `assay doctor` does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from validators._errors import AgentError
    from validators._log import Log
    from validators._ray_evaluation import RayEvaluation
    from validators._steward import StewardAgent
    from validators._work import Evaluate, EvaluationJob, Finding
    from validators._worker import Worker

__all__ = [
    "AgentError",
    "Evaluate",
    "EvaluationJob",
    "Finding",
    "Log",
    "RayEvaluation",
    "StewardAgent",
    "Worker",
]

_HOMES = {
    "AgentError": "_errors",
    "Evaluate": "_work",
    "EvaluationJob": "_work",
    "Finding": "_work",
    "Log": "_log",
    "RayEvaluation": "_ray_evaluation",
    "StewardAgent": "_steward",
    "Worker": "_worker",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
