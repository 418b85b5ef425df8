"""An extension of supervisord: ends a process with SIGKILL and does not start it again until it is asked to.

Its own ``signalProcess`` leaves the process to be restarted at once; its own ``stopProcess`` asks politely. It is named
in the configuration as ``supervisor.rpcinterface_factory`` and runs within supervisord.
"""

from __future__ import annotations

import signal
from typing import Any

from supervisor.rpcinterface import Faults, RPCError, isRunning

__all__ = ["KillInterface", "make_interface"]


class KillInterface:
    """What XML-RPC clients see as ``assay.*``."""

    def __init__(self, supervisord: Any) -> None:
        self._supervisord = supervisord

    def kill(self, name: str) -> bool:
        """Sends SIGKILL to a running process, and keeps it down.

        Args:
            name: of the program.
        """
        group = self._supervisord.process_groups.get(name)
        process = None if group is None else group.processes.get(name)
        if process is None:
            raise RPCError(Faults.BAD_NAME, name)
        if not isRunning(process):
            raise RPCError(Faults.NOT_RUNNING, name)
        process.administrative_stop = True
        trouble = process.kill(signal.SIGKILL)
        if trouble is not None:
            raise RPCError(Faults.FAILED, trouble)
        return True


def make_interface(supervisord: Any, **_settings: Any) -> KillInterface:
    """Called by supervisord with itself."""
    return KillInterface(supervisord)
