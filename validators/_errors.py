"""Errors of the agents; codes 700 to 799.

::

    AgentError (700)               an agent cannot go on
    ├── AlreadyRunning (701)       another process acts for the account
    ├── JournalUnreadable (702)    a damaged journal, or one of another account or chain
    ├── CommitmentChanged (703)    a second, different commitment in one round
    ├── BytesDiffer (704)          a checkpoint or card whose bytes are not those of its id
    ├── CardMismatch (705)         a card that is not for this checkpoint or this data
    ├── OverLimits (706)           a checkpoint larger than the validator's declared limit
    ├── CheckpointLost (707)       a checkpoint that was there for the check and is gone now
    ├── KeysUnfit (708)            a steward's key file that belongs to no version of its data sets
    ├── NotRegistered (709)        the account is no validator, or no steward
    └── Unfit (710)                `assay doctor` found something that keeps this machine from its work
"""

from __future__ import annotations

from offchain.errors import AssayError

__all__ = [
    "AgentError",
    "AlreadyRunning",
    "BytesDiffer",
    "CardMismatch",
    "CheckpointLost",
    "CommitmentChanged",
    "JournalUnreadable",
    "KeysUnfit",
    "NotRegistered",
    "OverLimits",
    "Unfit",
]


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


class BytesDiffer(AgentError):
    """The bytes of a checkpoint or its card are not those that the chain names."""

    code = 704


class CardMismatch(AgentError):
    """The model card is not for this checkpoint, or not for this data."""

    code = 705


class OverLimits(AgentError):
    """The checkpoint is larger than the validator declared to take on."""

    code = 706


class CheckpointLost(AgentError):
    """The checkpoint was there for the check, and cannot be fetched again."""

    code = 707


class KeysUnfit(AgentError):
    """A steward's key file belongs to no version of its data sets."""

    code = 708


class NotRegistered(AgentError):
    """The account is no validator, or no steward."""

    code = 709


class Unfit(AgentError):
    """The machine is not fit for a validator's work."""

    code = 710
