"""Actors that share units of work: one unit each at a time, the next when it is done, another actor when one dies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from ._errors import ActorDied, JobFailed, JobOverdue, OutOfMemory, RayUnavailable

__all__ = ["ActorPool", "Deadline"]

UnitT = TypeVar("UnitT")
_RETRIES = 2
_START_S = 180.0


class Deadline:
    """A point in time, or none."""

    def __init__(self, seconds: float | None) -> None:
        self._until = None if seconds is None else time.monotonic() + seconds

    def left_s(self, at_most: float) -> float:
        """Seconds left, no more than ``at_most``.

        Raises:
            JobOverdue: none is left.
        """
        if self._until is None:
            return at_most
        left = self._until - time.monotonic()
        if left <= 0:
            raise overdue()
        return min(left, at_most)


def overdue() -> JobOverdue:
    """The error of a job whose time is up."""
    return JobOverdue("the job did not end within its deadline", hint="allow more time, or more actors")


class ActorPool(Generic[UnitT]):
    """A fixed number of actors, made when first needed and kept warm between jobs.

    Args:
        make: starts an actor and returns its handle.
        size: how many.
    """

    def __init__(self, make: Callable[[], Any], size: int) -> None:
        self._make = make
        self._actors: list[Any] = []
        self.size = size

    def warm(self, greet: Callable[[Any], Any], deadline: Deadline) -> None:
        """Starts what is missing and waits until each has answered ``greet``.

        Raises:
            RayUnavailable: there is no room for the actors.
            ActorDied: an actor died while it started.
        """
        missing = [self._make() for _ in range(self.size - len(self._actors))]
        self._actors += missing
        for actor in missing:
            self._get(greet(actor), deadline)

    def close(self) -> None:
        """Ends the actors, and with them all they know."""
        import ray

        for actor in self._actors:
            ray.kill(actor)
        self._actors.clear()

    def run(
        self,
        units: Sequence[UnitT],
        *,
        set_up: Callable[[Any], Callable[[UnitT], Any]],
        take: Callable[[UnitT, Any], None],
        deadline: Deadline,
    ) -> None:
        """Has each unit done once.

        Args:
            units: the work.
            set_up: readies an actor for the job; returns what submits a unit to it.
            take: called with each unit and its result, in the order of completion.
            deadline: when to give up.

        Raises:
            JobOverdue: the deadline passed.
            ActorDied: a unit outlived more actors than are replaced.
            OutOfMemory: Ray killed workers for memory more often than they are replaced.
            AssayError: what ``set_up`` or ``take`` raise.
        """
        try:
            self._run(deque((unit, 0) for unit in units), set_up, take, deadline)
        except BaseException:
            self.close()  # whatever still runs must not go on with samples that nobody waits for
            raise

    def _run(
        self,
        waiting: deque[tuple[UnitT, int]],
        set_up: Callable[[Any], Callable[[UnitT], Any]],
        take: Callable[[UnitT, Any], None],
        deadline: Deadline,
    ) -> None:
        import ray

        while len(self._actors) < self.size:
            self._actors.append(self._make())
        ready = deque((actor, set_up(actor)) for actor in self._actors[: max(1, len(waiting))])
        running: dict[Any, tuple[Any, Callable[[UnitT], Any], UnitT, int]] = {}
        while waiting or running:
            while waiting and ready:
                actor, submit = ready.popleft()
                unit, deaths = waiting.popleft()
                running[submit(unit)] = actor, submit, unit, deaths
            done, _ = ray.wait(list(running), timeout=deadline.left_s(1.0))
            for reference in done:
                actor, submit, unit, deaths = running.pop(reference)
                try:
                    result = self._get(reference, deadline)
                except (ActorDied, OutOfMemory):
                    if deaths == _RETRIES:
                        raise
                    waiting.appendleft((unit, deaths + 1))
                    fresh = self._replace(actor)
                    ready.append((fresh, set_up(fresh)))
                else:
                    take(unit, result)
                    ready.append((actor, submit))

    def _replace(self, dead: Any) -> Any:
        import ray

        ray.kill(dead)
        self._actors.remove(dead)
        self._actors.append(self._make())
        return self._actors[-1]

    def ask(self, reference: Any, deadline: Deadline) -> Any:
        """The answer to a call, with Ray's failures as our errors."""
        return self._get(reference, deadline)

    @staticmethod
    def _get(reference: Any, deadline: Deadline) -> Any:
        import ray
        from ray import exceptions

        patience_s = deadline.left_s(_START_S)
        try:
            return ray.get(reference, timeout=patience_s)
        except exceptions.GetTimeoutError:
            if patience_s < _START_S:
                raise overdue() from None
            raise RayUnavailable(
                "no worker answers: Ray has no room for it", hint="free CPUs or GPUs, or ask for fewer actors"
            ) from None
        except exceptions.OutOfMemoryError:
            raise OutOfMemory("Ray ended a worker because memory ran out", hint="use fewer actors") from None
        except exceptions.RayTaskError as error:
            raise JobFailed(f"a worker failed with {type(error.cause).__name__}") from None
        except exceptions.RayError:
            raise ActorDied("a worker process died", hint="see `assay doctor` for memory") from None
