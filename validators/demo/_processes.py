"""The demo's agents as processes: started, watched, and gone when the demo ends, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from validators._errors import AgentError

__all__ = ["Processes"]

_GRACE_S = 10.0


class Processes:
    """Child processes in sessions of their own, so that Ctrl-C reaches them through us, in order."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        """Start ``python -m validators.demo._actor`` with these arguments; its output goes to a log file."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with (self._logs / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "validators.demo._actor", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
            )

    def check(self) -> None:
        """Raises AgentError where one ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                log = self._logs / f"{name}.log"
                lines = log.read_text(errors="replace").strip().splitlines()
                raise AgentError(
                    f"{name} ended with status {process.returncode}: {lines[-1] if lines else 'no output'}",
                    subject=str(log),
                    hint="read its log",
                )

    def stop(self) -> None:
        """Ask all to end; kill what has not after ten seconds."""
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=_GRACE_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=_GRACE_S)
        self._running.clear()
