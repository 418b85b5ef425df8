"""Evaluation on Ray: what a production worker is given as its ``evaluate``."""

from __future__ import annotations

from ray_jobs import SealedEvaluator
from validators._ray_state import RayState
from validators._work import EvaluationJob, Finding

__all__ = ["RayEvaluation"]


class RayEvaluation:
    """Scores checkpoints on actors that stay warm from round to round.

    Make it on the main thread, before signal handlers are set: Ray sets its own when it is imported.

    Args:
        address: of Ray; ``RAY_ADDRESS``, or a Ray of our own, without it.
        actors: how many; one for each GPU or CPU without it.
        cpus_per_actor: a fraction where several validators share few CPUs.
    """

    def __init__(self, address: str | None = None, *, actors: int | None = None, cpus_per_actor: float = 1.0) -> None:
        self._evaluator = SealedEvaluator(address, actors=actors, cpus_per_actor=cpus_per_actor)

    def __call__(self, job: EvaluationJob) -> Finding:
        """Evaluate; see :meth:`ray_jobs.SealedEvaluator.evaluate` for what it raises."""
        found = self._evaluator.evaluate(job.sealed, deadline_s=job.deadline_s)
        reveal = found.reveal(job.terms.main, job.terms.precision_ppm)
        return Finding(reveal.scores_ppm, reveal.lower_ppm, reveal.upper_ppm, found.prediction_root, found.env_digest)

    def state(self) -> RayState:
        """How Ray is: whether its control store takes connections, and the actors."""
        return RayState(self._evaluator.is_reachable(), *self._evaluator.actors)

    def close(self) -> None:
        """End the actors."""
        self._evaluator.close()
