"""Finding and ending every process of a network, its supervisor and their children included.

Each carries the network's directory in its environment (:data:`MARK`), so that none is missed when a supervisor was
killed, and none of anybody else's is touched.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import psutil

from ._programs import MARK

__all__ = ["end", "is_gone", "processes_of"]

_GRACE_S = 5.0


def processes_of(folder: Path) -> list[psutil.Process]:
    """Processes of this user that belong to the network, other than the one that asks."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.environ().get(MARK) == str(folder):
                found.append(process)
    return found


def end(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Asks processes to end, kills those that have not after five seconds, and returns what is left of them."""
    left = processes
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                ask(process)
        _, left = psutil.wait_procs(left, timeout=_GRACE_S)
        left = [process for process in left if not is_gone(process)]
    return left


def is_gone(process: psutil.Process) -> bool:
    """Whether it has ended; its entry in the process table may be left, for a parent that never reads it."""
    try:
        return not process.is_running() or bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
