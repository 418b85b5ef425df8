"""A lane for heavy jobs: one at a time, off the thread that speaks to the chain."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Finished", "Lane"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finished(Generic[T]):
    """What became of a job: its value, or the error that it ended with."""

    value: T | None
    error: Exception | None


class Lane(Generic[T]):
    """Runs jobs in the order in which they were started, each known by a round.

    The thread does not keep the process alive: a job that was cut short by its end is started anew after it.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._waiting: queue.SimpleQueue[tuple[int, Callable[[], T]]] = queue.SimpleQueue()
        self._known: dict[int, Finished[T] | None] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def take(self, round_: int, prepare: Callable[[], Callable[[], T]]) -> Finished[T] | None:
        """What became of a round's job, once it has ended; it is begun where it was not.

        Args:
            round_: whose job it is.
            prepare: makes the job, on the calling thread.
        """
        with self._lock:
            if round_ in self._known:
                return self._known[round_]
        job = prepare()
        with self._lock:
            self._known[round_] = None
            self._waiting.put((round_, job))
            if not self._thread.is_alive():
                self._thread.start()
        return None

    def forget(self, round_: int) -> None:
        """Drops a round: its job is not begun, and what became of it is not kept."""
        with self._lock:
            self._known.pop(round_, None)

    def _run(self) -> None:
        while True:
            round_, job = self._waiting.get()
            with self._lock:
                wanted = round_ in self._known
            if not wanted:
                continue
            try:
                finished = Finished(job(), None)
            except Exception as error:  # told to the thread that decides
                finished = Finished(None, error)
            with self._lock:
                if round_ in self._known:
                    self._known[round_] = finished
