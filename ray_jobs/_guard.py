"""What keeps plain samples inside a worker's memory, and that memory within its cap."""

from __future__ import annotations

import ctypes
import resource

__all__ = ["cap_memory", "forbid_dumps", "forbid_dumps_of_children", "is_dumpable"]

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


def cap_memory(more_bytes: int | None) -> None:
    """Lets this process take so many bytes more than it has now; None lifts the cap.

    The kernel's limit on private writable memory (RLIMIT_DATA): an allocation past it fails, and nothing is killed.
    """
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = hard if more_bytes is None else _data_bytes() + more_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _data_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a pseudo-file
        return int(statm.read().split()[5]) * resource.getpagesize()
