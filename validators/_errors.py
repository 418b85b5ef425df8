"""Errors of the agents: codes 700 to 799."""

from __future__ import annotations

from offchain.errors import AssayError

__all__ = ["AgentError", "AlreadyRunning", "CommitmentChanged", "JournalUnreadable"]


class AgentError(AssayError):
    """An agent cannot go on."""

    code = 700


class AlreadyRunning(AgentError):
    """Another process on this machine acts for the same account."""

    code = 701


class JournalUnreadable(AgentError):
    """The journal is damaged or belongs to another account or chain."""

    code = 702


class CommitmentChanged(AgentError):
    """Something asked for a second, different commitment in one round."""

    code = 703
