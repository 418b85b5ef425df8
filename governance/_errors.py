"""What can go wrong in governance.

::

    GovernanceError 1100
    ├── SheetInvalid 1101          a parameter sheet that cannot be read
    ├── OutOfBounds 1102           a parameter outside of what the runtime takes
    ├── TrackUnknown 1103          no track of that name or number
    ├── ReferendumUnknown 1104     no referendum has that number
    ├── ReferendumOver 1105        it takes no votes and no deposit any more
    ├── PreimageMissing 1106       the chain knows only the hash of the call
    ├── UpgradeRefused 1107        a Wasm file that must not be proposed
    ├── ProposalWouldFail 1108     tried on a fork, the call is refused
    ├── SimulationFailed 1109      the fork could not be run
    ├── SimulationOverdue 1110     the fork took longer than it may
    ├── NothingToUnlock 1111       no vote or delegation can be released yet
    ├── DepositNotRefundable 1112  not yet, not ever, or paid back already
    ├── CallUnreadable 1113        the bytes are no call of this runtime
    ├── MeansShort 1114            the account cannot pay what a proposal costs
    ├── DecisionDepositDue 1115    submitted, and its decision deposit is not placed
    ├── PreimageNeeded 1116        a referendum that runs would lose its call
    └── NoTrackLeft 1117           `all` names no track: nothing delegated, or none free to delegate
"""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = [
    "CallUnreadable",
    "DecisionDepositDue",
    "DepositNotRefundable",
    "GovernanceError",
    "MeansShort",
    "NoTrackLeft",
    "NothingToUnlock",
    "OutOfBounds",
    "PreimageMissing",
    "PreimageNeeded",
    "ProposalWouldFail",
    "ReferendumOver",
    "ReferendumUnknown",
    "SheetInvalid",
    "SimulationFailed",
    "SimulationOverdue",
    "TrackUnknown",
    "UpgradeRefused",
]


class GovernanceError(AssayError):
    """Root of this room's errors."""

    code: ClassVar[int] = 1100


class SheetInvalid(GovernanceError):
    """A parameter sheet that cannot be read, or names what is no parameter."""

    code = 1101


class OutOfBounds(GovernanceError):
    """A parameter is set outside of the bounds that the runtime holds it to."""

    code = 1102


class TrackUnknown(GovernanceError):
    """The chain has no track of that name or number."""

    code = 1103


class ReferendumUnknown(GovernanceError):
    """No referendum has that number."""

    code = 1104


class ReferendumOver(GovernanceError):
    """The referendum has ended: it takes no votes and no deposit any more."""

    code = 1105


class PreimageMissing(GovernanceError):
    """The chain knows the hash of a call, and nobody has deposited the call itself."""

    code = 1106


class UpgradeRefused(GovernanceError):
    """A Wasm file that must not be proposed: no runtime, another chain's, or not a later version."""

    code = 1107


class ProposalWouldFail(GovernanceError):
    """The call was tried on a fork of the current state, and the runtime refused it."""

    code = 1108


class SimulationFailed(GovernanceError):
    """The fork of the chain could not be run."""

    code = 1109


class SimulationOverdue(GovernanceError):
    """The fork of the chain took longer than it may."""

    code = 1110


class NothingToUnlock(GovernanceError):
    """No vote or delegation of the account can be released yet."""

    code = 1111


class DepositNotRefundable(GovernanceError):
    """The deposit is not to be had: not yet, not ever, or it was paid back already."""

    code = 1112


class CallUnreadable(GovernanceError):
    """The bytes are no call of the chain's runtime."""

    code = 1113


class MeansShort(GovernanceError):
    """The account cannot pay the deposits and fees of what it would propose."""

    code = 1114


class DecisionDepositDue(GovernanceError):
    """The referendum was submitted, and its decision deposit is not placed."""

    code = 1115


class PreimageNeeded(GovernanceError):
    """A referendum that runs would lose its call: the chain dispatches nothing where the preimage is gone."""

    code = 1116


class NoTrackLeft(GovernanceError):
    """``all`` tracks are none: the account has delegated on none, or votes or has delegated on every one."""

    code = 1117
