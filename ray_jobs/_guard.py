"""What keeps plain samples inside a worker's memory, and that memory within its cap."""

from __future__ import annotations

import ctypes
import resource
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["forbid_dumps", "forbid_dumps_of_children", "is_dumpable", "memory_capped"]

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4


def forbid_dumps_of_children() -> None:
    """No core files from this process or those it starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_dumps() -> None:
    """No core dumps, not even through a pipe, and no attaching by other processes of the same user (prctl(2))."""
    forbid_dumps_of_children()
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def is_dumpable() -> bool:
    """Whether the kernel would dump this process."""
    return bool(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0))


@contextmanager
def memory_capped(more_bytes: int | None) -> Iterator[None]:
    """Lets this process take so many bytes more than it has now; no cap for None.

    The kernel's limit on private writable memory (RLIMIT_DATA): an allocation past it fails, and nothing is killed.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (soft if more_bytes is None else _data_bytes() + more_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a pseudo-file
        return int(statm.read().split()[5]) * resource.getpagesize()
