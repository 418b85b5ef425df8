"""Ctrl-C that cannot get lost.

Python drops an exception that a signal raises inside a callback from C, such as a destructor's or an import hook's:
so the wish to end is remembered, and looked at between steps.
"""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Interrupt"]


class Interrupt:
    """While entered, Ctrl-C raises KeyboardInterrupt where it strikes and, if that got lost, at the next check."""

    def __init__(self) -> None:
        self._wanted = False
        self._before: Any = None

    def __enter__(self) -> Interrupt:
        self._before = signal.signal(signal.SIGINT, self._strike)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def check(self) -> None:
        """Raises KeyboardInterrupt where Ctrl-C was pressed before."""
        if self._wanted:
            raise KeyboardInterrupt

    def _strike(self, _number: int, _frame: FrameType | None) -> None:
        self._wanted = True
        raise KeyboardInterrupt
