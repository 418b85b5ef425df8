"""The root of every error Assay raises on purpose.

Each component owns a block of one hundred codes; a code never changes its meaning:

====  =========================
 100  chain: nodes, transactions, keys
 200  store
 300  crypto
 400  models
 500  images and data sets
 600  evaluation on Ray
 700  agents: validator, steward
 800  command line
 900  embedded chain
1000  metrics
1100  governance
1200  local network
====  =========================
"""

from __future__ import annotations

from typing import ClassVar

__all__ = ["AssayError"]


class AssayError(Exception):
    """Something a person can act on.

    Args:
        what: what happened, as one sentence without a trailing stop.
        subject: what it happened to: a path, an address, a round.
        hint: what to do next.
    """

    code: ClassVar[int] = 0

    def __init__(self, what: str, *, subject: str | None = None, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.subject = subject
        self.hint = hint

    @property
    def exit_status(self) -> int:
        """Status a command exits with: 10 and the number of the component's block."""
        return 10 + self.code // 100

    def as_json(self) -> dict[str, str | int | None]:
        """The error as the object that ``--json`` prints."""
        return {
            "error": type(self).__name__,
            "code": self.code,
            "what": self.what,
            "subject": self.subject,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        text = f"[{self.code}] {self.what}"
        if self.subject:
            text += f": {self.subject}"
        if self.hint:
            text += f" ({self.hint})"
        return text

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.subject, self.hint)


def _rebuild(kind: type[AssayError], what: str, subject: str | None, hint: str) -> AssayError:
    return kind(what, subject=subject, hint=hint)
