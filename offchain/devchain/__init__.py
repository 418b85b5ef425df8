"""The embedded chain: Assay's runtime under a host of our own, with blocks, a pool and JSON-RPC, in one process.

>>> with DevChain.fresh() as chain, Node(chain) as node:
...     print(node.ws_url)
"""

from __future__ import annotations

from ._authors import Author, development_authors
from ._block import Block, Header
from ._chain import BlockAdded, DevChain, Head
from ._errors import (
    BlockRefused,
    DatabaseCorrupt,
    DatabaseInUse,
    DevChainError,
    ServerFailed,
    SlotInFuture,
    SpecUnreadable,
    UnknownBlock,
)
from ._executor_errors import GenesisError, HostFunctionError, InvalidRuntime, RuntimeTrap, UnknownRuntimeMethod
from ._fork import Fork
from ._node import Node
from ._pool import Limits, Status
from ._pool_errors import PoolRefusal
from ._runtime import RuntimeVersion, runtime_version
from ._spec import ChainSpec, default_spec
from ._state import StateReader
from ._wire import WireLimits
from ._worker import Sealing

__all__ = [
    "Author",
    "Block",
    "BlockAdded",
    "BlockRefused",
    "ChainSpec",
    "DatabaseCorrupt",
    "DatabaseInUse",
    "DevChain",
    "DevChainError",
    "Fork",
    "GenesisError",
    "Head",
    "Header",
    "HostFunctionError",
    "InvalidRuntime",
    "Limits",
    "Node",
    "PoolRefusal",
    "RuntimeTrap",
    "RuntimeVersion",
    "Sealing",
    "ServerFailed",
    "SlotInFuture",
    "SpecUnreadable",
    "StateReader",
    "Status",
    "UnknownBlock",
    "UnknownRuntimeMethod",
    "WireLimits",
    "default_spec",
    "development_authors",
    "runtime_version",
]
