"""Actors that share units of work: one unit each at a time, the next when it is done, another actor when one dies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ._errors import ActorDied, JobError, JobFailed, JobOverdue, OutOfMemory, RayUnavailable

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


@dataclass(frozen=True, slots=True)
class _Running(Generic[UnitT]):
    """A unit that an actor works on; ``deaths`` counts the actors that it outlived."""

    actor: Any
    submit: Callable[[UnitT], Any]
    unit: UnitT
    deaths: int


class ActorPool(Generic[UnitT]):
    """A fixed number of actors, made when first needed and kept warm between jobs.

    Args:
        make: starts an actor and returns its handle.
        size: how many.
    """

    def __init__(self, make: Callable[[], Any], size: int) -> None:
        self._make = make
        self._actors: list[Any] = []
        self._running: dict[Any, _Running[UnitT]] = {}
        self.size = size

    @property
    def alive(self) -> int:
        """How many actors there are."""
        return len(self._actors)

    def warm(self, greet: Callable[[Any], Any], deadline: Deadline) -> None:
        """Starts what is missing and waits until each has answered ``greet``.

        Raises:
            RayUnavailable: there is no room for the actors.
            ActorDied: an actor died while it started.
        """
        missing = [self._make() for _ in range(self.size - len(self._actors))]
        self._actors += missing
        for actor in missing:
            self.ask(greet(actor), deadline)

    def close(self) -> None:
        """Ends the actors, and with them all they know."""
        import ray

        for actor in self._actors:
            ray.kill(actor)
        self._actors.clear()
        self._running.clear()

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
        except BaseException as error:
            # What still runs must not go on with samples that nobody waits for; what failed must not be asked again.
            if self._running or isinstance(error, JobError):
                self.close()
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
        ready = deque(self._readied(actor, set_up) for actor in self._actors[: len(waiting)])
        while waiting or self._running:
            while waiting and ready:
                actor, submit = ready.popleft()
                unit, deaths = waiting.popleft()
                self._running[submit(unit)] = _Running(actor, submit, unit, deaths)
            done, _ = ray.wait(list(self._running), timeout=deadline.left_s(1.0))
            for reference in done:
                task = self._running.pop(reference)
                try:
                    result = self.ask(reference, deadline)
                except (ActorDied, OutOfMemory):
                    fresh = self._replace(task.actor)
                    if task.deaths == _RETRIES:
                        raise
                    waiting.appendleft((task.unit, task.deaths + 1))
                    ready.append((fresh, set_up(fresh)))
                else:
                    take(task.unit, result)
                    ready.append((task.actor, task.submit))

    def _readied(
        self, actor: Any, set_up: Callable[[Any], Callable[[UnitT], Any]]
    ) -> tuple[Any, Callable[[UnitT], Any]]:
        """An actor with its way to submit; another one where it died since the last job."""
        try:
            return actor, set_up(actor)
        except ActorDied:
            fresh = self._replace(actor)
            return fresh, set_up(fresh)

    def _replace(self, dead: Any) -> Any:
        import ray

        ray.kill(dead)
        self._actors.remove(dead)
        self._actors.append(self._make())
        return self._actors[-1]

    @staticmethod
    def ask(reference: Any, deadline: Deadline) -> Any:
        """The answer to a call, with Ray's failures as our errors."""
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
