"""What can go wrong between us and a chain.

::

    ChainError 100
    ├── NodeUnreachable 101        nobody answers at the address
    ├── DeadlineExceeded 102       an answer did not come in time
    ├── RpcError 103               the node refused a request
    ├── WrongChain 104             not the chain the journal or the caller means
    ├── NotOnChain 105             no such round, benchmark, account ...
    ├── Undecodable 106            the chain's types are not those this version knows
    ├── RuntimeUpgraded 109        the chain runs another version than the one that is meant
    ├── MalformedEndpoint 107      not the address of a node
    ├── HeaderUnfit 130            not the sealed header that is meant
    ├── TransactionError 110
    │   ├── DispatchFailed 111     included, and refused by the runtime
    │   │   ├── AlreadyDone 112
    │   │   ├── TooLate 113
    │   │   ├── TooEarly 114
    │   │   ├── NotEntitled 115
    │   │   ├── OutOfState 119         the round has moved on, or is not there yet
    │   │   └── CallFiltered 108       the call is paused, or out of bounds
    │   ├── TransactionRefused 116 refused by the pool
    │   ├── IntentConflict 117     the intent was used for another call
    │   ├── NonceTaken 118         another transaction of the account was included instead
    │   └── OutcomeUnknown 127     final for so long that no node says what became of it
    └── KeyStoreError 120
        ├── KeyNotFound 121
        ├── WrongPassphrase 122
        ├── KeyExists 123
        ├── DevelopmentKeyRefused 124
        ├── KeyFileUnfit 125
        └── BackupUnfit 126
"""

from __future__ import annotations

from typing import Any, ClassVar

from offchain.errors import AssayError

__all__ = [
    "AlreadyDone",
    "BackupUnfit",
    "CallFiltered",
    "ChainError",
    "DeadlineExceeded",
    "DevelopmentKeyRefused",
    "DispatchFailed",
    "HeaderUnfit",
    "IntentConflict",
    "KeyExists",
    "KeyFileUnfit",
    "KeyNotFound",
    "KeyStoreError",
    "MalformedEndpoint",
    "NodeUnreachable",
    "NonceTaken",
    "NotEntitled",
    "NotOnChain",
    "OutOfState",
    "OutcomeUnknown",
    "RpcError",
    "RuntimeUpgraded",
    "TooEarly",
    "TooLate",
    "TransactionError",
    "TransactionRefused",
    "Undecodable",
    "WrongChain",
    "WrongPassphrase",
]


class ChainError(AssayError):
    """Any trouble with a chain."""

    code: ClassVar[int] = 100


class NodeUnreachable(ChainError):
    """Nobody answers at the address."""

    code = 101


class DeadlineExceeded(ChainError):
    """An answer, or the end of a transaction, did not come in time."""

    code = 102


class RpcError(ChainError):
    """The node refused a request."""

    code = 103
    rpc_code: int = 0
    data: str = ""

    @property
    def is_of_discarded_state(self) -> bool:
        """Whether the node keeps the state of that block no more: 256 blocks by default."""
        return "already discarded" in f"{self.what} {self.data}"

    @classmethod
    def of(cls, method: str, reply: dict[str, Any]) -> RpcError:
        """The error member of a JSON-RPC reply."""
        data = reply.get("data")
        text = f"{reply.get('message', 'no message')}{f': {data}' if data else ''}"
        error = cls(" ".join(text.split())[:500], subject=method)
        error.rpc_code = int(reply.get("code", 0))
        error.data = str(data or "")
        return error


class WrongChain(ChainError):
    """Not the chain that was meant: another genesis, or another block finalized at a height that was read before."""

    code = 104


class NotOnChain(ChainError):
    """The chain holds no such thing."""

    code = 105


class Undecodable(ChainError):
    """The chain's types are not those this version of Assay knows."""

    code = 106


class MalformedEndpoint(ChainError):
    """Not the address of a node."""

    code = 107


class RuntimeUpgraded(ChainError):
    """The chain runs another version of its runtime than the one that was meant: it was upgraded."""

    code = 109


class HeaderUnfit(ChainError):
    """Not a header, or not one of those that make a report."""

    code = 130


class TransactionError(ChainError):
    """A transaction did not do what it was sent for."""

    code = 110


class DispatchFailed(TransactionError):
    """A transaction, or a call within it, was included in a block and refused by the runtime.

    ``pallet`` and ``name`` identify the error: ``("Evaluation", "WindowClosed")``.
    """

    code = 111
    pallet: str = ""
    name: str = ""
    docs: str = ""

    @classmethod
    def of(cls, pallet: str, name: str, docs: str = "") -> DispatchFailed:
        """The error of the subclass that stands for its name, where callers branch on it."""
        kind = _BY_NAME.get(name, cls) if pallet in _OUR_PALLETS else cls
        if (pallet, name) == ("System", "CallFiltered"):
            kind = CallFiltered
        error = kind(docs.rstrip(".") or f"the chain refused: {name}", subject=f"{pallet}.{name}")
        error.pallet, error.name, error.docs = pallet, name, docs
        return error


class AlreadyDone(DispatchFailed):
    """What was asked for is already so."""

    code = 112


class TooLate(DispatchFailed):
    """The window is shut, or the round has ended."""

    code = 113


class TooEarly(DispatchFailed):
    """The window is not open yet."""

    code = 114


class NotEntitled(DispatchFailed):
    """The account may not do this."""

    code = 115


class OutOfState(DispatchFailed):
    """The round is not in the state for this: it has moved on, or is not there yet."""

    code = 119


class CallFiltered(DispatchFailed):
    """The chain lets nobody make the call now: governance paused it, or it sets a parameter out of its bounds."""

    code = 108


class TransactionRefused(TransactionError):
    """The node's pool does not take the transaction: no money, a bad signature, a call that is switched off."""

    code = 116


class IntentConflict(TransactionError):
    """An intent names one deed for ever, and was used for another call."""

    code = 117


class NonceTaken(TransactionError):
    """Another transaction of the account was included with this one's nonce, so that this one never will be."""

    code = 118


class OutcomeUnknown(TransactionError):
    """The transaction is in a finalized block so old that no node we know tells what became of it there."""

    code = 127


class KeyStoreError(ChainError):
    """Trouble with key files."""

    code = 120


class KeyNotFound(KeyStoreError):
    """No key of that name or address."""

    code = 121


class WrongPassphrase(KeyStoreError):
    """The passphrase does not open the key or the archive."""

    code = 122


class KeyExists(KeyStoreError):
    """A key of that name exists, and nothing overwrites a key."""

    code = 123


class DevelopmentKeyRefused(KeyStoreError):
    """The secrets of ``//Alice`` and the like are public: they sign for development chains only."""

    code = 124


class KeyFileUnfit(KeyStoreError):
    """Not an encrypted key in the format of polkadot.js."""

    code = 125


class BackupUnfit(KeyStoreError):
    """Not a backup, a damaged one, or one that would overwrite something."""

    code = 126


_OUR_PALLETS = {"Datasets", "Models", "Evaluation"}
_BY_NAME: dict[str, type[DispatchFailed]] = {
    **dict.fromkeys(
        (
            "AlreadyAccredited",
            "AlreadyClaimed",
            "AlreadyDeprecated",
            "AlreadyRegistered",
            "AlreadyReleased",
            "AlreadyRequested",
            "AlreadyRetired",
            "AlreadySubmitted",
        ),
        AlreadyDone,
    ),
    **dict.fromkeys(("ClaimExpired", "WindowClosed"), TooLate),
    **dict.fromkeys(("ClaimNotExpired", "ClaimTooFresh", "NothingUnlocked"), TooEarly),
    **dict.fromkeys(
        (
            "NotAccredited",
            "NotActive",
            "NotBenchmarkOwner",
            "NotCheckpointOwner",
            "NotDrawn",
            "NotOwner",
            "NotSteward",
            "NotValidator",
        ),
        NotEntitled,
    ),
    "WrongState": OutOfState,
}
