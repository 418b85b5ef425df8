"""Structured logs: one JSON object a line on stderr.

Only named scalars are written, so no object with a secret is ever formatted.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import TextIO

__all__ = ["Log"]

Field = str | int | float | bool | None


class Log:
    """Writes ``{"at": .., "agent": .., "event": .., fields}`` lines.

    Args:
        agent: who writes, such as ``validator 5Grw..``.
        stream: where to; stderr unless told.
    """

    def __init__(self, agent: str, stream: TextIO | None = None) -> None:
        self._agent = agent
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()

    def __call__(self, event: str, **fields: Field) -> None:
        """Write one line. Only scalars are taken: a structure could carry a secret."""
        line = json.dumps({"at": round(time.time(), 3), "agent": self._agent, "event": event, **fields})
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()
