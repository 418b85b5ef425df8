"""The thread in which the chain works: clients' jobs in order, and blocks when they are due."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from enum import StrEnum
from typing import Final, TypeVar

from ._chain import DevChain
from ._errors import ServerFailed, SlotInFuture

__all__ = ["ChainWorker", "Sealing"]

logger: Final = logging.getLogger("assay.devchain")

_T = TypeVar("_T")

_LONGEST_DEFERRAL_S: Final = 1.0
_RETRY_S: Final = 1.0


class Sealing(StrEnum):
    """When a block is made."""

    INSTANT = "instant"
    INTERVAL = "interval"
    MANUAL = "manual"


class ChainWorker:
    """Runs jobs on a chain, one at a time, and seals.

    ``instant`` seals as soon as a transaction is ready and no job waits; while a round or a claim waits for blocks it
    also seals an empty one every ``block_time_s``, so that nobody has to send transactions for time to pass.
    ``interval`` seals every ``block_time_s``; ``manual`` only when asked to.

    Args:
        chain: what to work on; others may still use it, it locks itself.
        sealing: when to seal.
        block_time_s: seconds between the blocks that come by time.
        next_deadline: the next block something waits for, or None; asked after each block.
    """

    def __init__(
        self,
        chain: DevChain,
        sealing: Sealing,
        block_time_s: float,
        next_deadline: Callable[[DevChain], int | None],
    ) -> None:
        self._chain = chain
        self._sealing = sealing
        self._block_time_s = block_time_s
        self._next_deadline = next_deadline
        self._deferral_s = _LONGEST_DEFERRAL_S if sealing is Sealing.INSTANT else 0.0
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="devchain", daemon=True)
        self._last_seal = time.monotonic()
        self._not_before = 0.0
        self._ready_since: float | None = None
        self._deadline: tuple[int, int | None] | None = None
        self._stopping = False
        self._gate = threading.Lock()
        self._endings: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begins to work."""
        self._endings = [self._chain.on_submit(self._wake), self._chain.listen(lambda _added: self._wake())]
        self._thread.start()

    def stop(self) -> None:
        """Finishes the job at hand, refuses the others, and returns when the thread has ended."""
        with self._gate:
            self._stopping = True
            self._jobs.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join()
        while self._endings:
            self._endings.pop()()

    def do(self, job: Callable[[], _T]) -> Future[_T]:
        """Runs ``job`` after those before it."""
        future: Future[_T] = Future()

        def run() -> None:
            if self._stopping:
                future.set_exception(_stopped())
            elif future.set_running_or_notify_cancel():
                try:
                    future.set_result(job())
                except BaseException as error:
                    future.set_exception(error)

        with self._gate:
            if self._stopping:
                future.set_exception(_stopped())
            else:
                self._jobs.put(run)
        return future

    def _wake(self) -> None:
        """Something happened on the chain in another thread: there may be a block to make."""
        if threading.current_thread() is not self._thread:
            self._jobs.put(lambda: None)

    def _run(self) -> None:
        while not self._stopping:
            job = self._take(self._due())
            if job is None:
                self._seal()
            else:
                job()
        while not self._jobs.empty():
            self._jobs.get()()

    def _take(self, due: float | None) -> Callable[[], None] | None:
        """The next job, or None when a block is due before one comes."""
        if due is None:
            return self._jobs.get()
        wait_s = due - time.monotonic()
        if wait_s < -self._deferral_s:
            return None
        try:
            return self._jobs.get(timeout=max(0.0, wait_s))
        except queue.Empty:
            return None

    def _due(self) -> float | None:
        """When the next block is due, by the monotonic clock, or None where only a job can bring one."""
        due: float | None = None
        if self._sealing is Sealing.INTERVAL:
            due = self._last_seal + self._block_time_s
        elif self._sealing is Sealing.INSTANT:
            if self._chain.pool.ready:
                self._ready_since = due = self._ready_since or time.monotonic()
            elif self._awaits_blocks():
                due = self._last_seal + self._block_time_s
        return None if due is None else max(due, self._not_before)

    def _awaits_blocks(self) -> bool:
        height = self._chain.height
        if self._deadline is None or self._deadline[0] != height:
            self._deadline = height, self._next_deadline(self._chain)
        deadline = self._deadline[1]
        return deadline is not None and deadline > height

    def _seal(self) -> None:
        now = time.monotonic()
        # Ticks keep their rhythm unless the machine fell behind by more than one.
        self._last_seal = max(self._last_seal + self._block_time_s, now - self._block_time_s)
        if self._sealing is Sealing.INSTANT:
            self._last_seal = now
        self._ready_since = None
        try:
            self._chain.seal()
        except SlotInFuture as error:
            logger.warning("no block now: %s", error)
            self._not_before = now + _RETRY_S
        except Exception:
            logger.exception("no block could be sealed; trying again in %s s", _RETRY_S)
            self._not_before = now + _RETRY_S


def _stopped() -> ServerFailed:
    return ServerFailed("the chain has stopped", hint="start it again")
