"""Running an agent as a command: signals end it cleanly."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from validators._agent import Agent

__all__ = ["agents_folder", "default_store", "run_until_told"]


def agents_folder() -> Path:
    """Where locks and journals lie: ``$ASSAY_HOME/agents``, which backups include."""
    return _home() / "agents"


def default_store() -> str:
    """Address of the store that is used when none is named."""
    return (_home() / "store").resolve().as_uri()


def run_until_told(agent: Agent) -> None:
    """Runs an agent until SIGTERM or SIGINT. Call it on the main thread, after Ray was imported if it will be."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        agent.run(stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _home() -> Path:
    return Path(os.environ.get("ASSAY_HOME") or Path.home() / ".assay")
