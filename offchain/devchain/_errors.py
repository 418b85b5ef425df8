"""What can go wrong on the embedded chain, besides the runtime itself (``_executor_errors``).

::

    AssayError
    └── DevChainError                900
        ├── BlockRefused             901
        ├── SlotInFuture             902
        ├── DatabaseInUse            903
        ├── DatabaseCorrupt          904
        ├── SpecUnreadable           905
        ├── UnknownBlock             906
        ├── ServerFailed             907
        ├── NodeSilent               908
        └── PoolRefusal              920 ... one class for each of the node's own refusals
"""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = [
    "BlockRefused",
    "DatabaseCorrupt",
    "DatabaseInUse",
    "DevChainError",
    "NodeSilent",
    "ServerFailed",
    "SlotInFuture",
    "SpecUnreadable",
    "UnknownBlock",
]


class DevChainError(AssayError):
    """The root of the embedded chain's own errors."""

    code: ClassVar[int] = 900


class BlockRefused(DevChainError):
    """A foreign block does not follow from its parent."""

    code: ClassVar[int] = 901


class SlotInFuture(DevChainError):
    """The next block's slot has not begun: the chain has caught up with the wall clock."""

    code: ClassVar[int] = 902


class DatabaseInUse(DevChainError):
    """Another process has the chain's folder open."""

    code: ClassVar[int] = 903


class DatabaseCorrupt(DevChainError):
    """The stored state does not have the root that the last block's header says."""

    code: ClassVar[int] = 904


class SpecUnreadable(DevChainError):
    """A chain spec or runtime that cannot be read, or that belongs to another chain than the folder."""

    code: ClassVar[int] = 905


class UnknownBlock(DevChainError):
    """No block of this chain has the hash or number."""

    code: ClassVar[int] = 906


class ServerFailed(DevChainError):
    """The node could not start, or has stopped."""

    code: ClassVar[int] = 907


class NodeSilent(DevChainError):
    """A node gives no answer to a question about its chain."""

    code: ClassVar[int] = 908
